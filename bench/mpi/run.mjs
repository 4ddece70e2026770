// Messages between two ranks on one host: C, this package and mpi4py, interleaved, minima over all rounds.
// node bench/mpi/run.mjs [rounds]    default 5. Needs the built package, mpiexec and mpicc; mpi4py where installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
// Bytes of a message, and repeats in a batch. Short batches: on a busy machine some of them run undisturbed.
const SIZES = [8, 2000, 1024, 1000, 65_536, 100, 1_048_576, 10].map(String);
const GOAL_SMALL = 1.2; // addon / C at 8 bytes
const GOAL_LARGE = 1.05; // addon / C from 64 KiB
const env = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' };
const scratch = mkdtempSync(join(tmpdir(), 'dml-bench-'));

const run = (command, args) => spawnSync(command, args, { env, encoding: 'utf8', timeout: 300_000 });
const works = (command, args) => run(command, args).status === 0;

const python = ['python3', '/usr/bin/python3'].find((name) => works(name, ['-c', 'import mpi4py']));
console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${rounds} rounds, 2 ranks`);
for (const family of ['openmpi', 'mpich']) {
  const mpiexec = `mpiexec.${family}`;
  const program = join(scratch, family);
  if (!works(mpiexec, ['--version']) || !works(`mpicc.${family}`, ['-O2', '-o', program, join(here, 'messages.c')])) {
    console.log(`\n${family}: skipped, ${mpiexec} or mpicc.${family} is not installed.`);
    continue;
  }
  const contestants = { C: [program], addon: [process.execPath, join(here, 'messages.mjs')] };
  // Debian builds mpi4py for Open MPI.
  if (family === 'openmpi' && python !== undefined) {
    contestants.mpi4py = [python, join(here, 'messages.py')];
  }
  const best = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(contestants)) {
      const { status, stdout, stderr } = run(mpiexec, ['-n', '2', ...command, ...SIZES]);
      if (status !== 0) throw new Error(`${family} ${name} failed:\n${stderr}`);
      for (const [what, microseconds] of Object.entries(JSON.parse(stdout))) {
        best[what] ??= {};
        best[what][name] = Math.min(best[what][name] ?? Number.POSITIVE_INFINITY, microseconds);
      }
    }
  }
  report(family, Object.keys(contestants), best);
}
rmSync(scratch, { recursive: true });

function report(family, names, best) {
  console.log(`\n${family}: microseconds, and ratio to C`);
  console.log(`${'message'.padEnd(20)}${names.map((name) => name.padStart(18)).join('')}`);
  for (const [what, times] of Object.entries(best)) {
    const cells = names.map((name) => {
      if (times[name] === undefined) return ''.padStart(18);
      const ratio = times.C === undefined ? '' : ` ${(times[name] / times.C).toFixed(2)}x`;
      return `${times[name].toFixed(2)}${ratio}`.padStart(18);
    });
    console.log(`${what.padEnd(20)}${cells.join('')}${verdict(what, times)}`);
  }
}

function verdict(what, { C, addon }) {
  const bytes = Number(what.split(' ')[1]);
  const goal = bytes === 8 && /pingPong|allreduce/.test(what) ? GOAL_SMALL : bytes >= 65_536 ? GOAL_LARGE : null;
  if (goal === null || C === undefined) return '';
  return addon / C <= goal ? '   ok' : `   above ${goal}x`;
}
