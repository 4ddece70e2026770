// Messages between two ranks on one host: C, this package and mpi4py, taking turns. See README.md.
// node bench/mpi/run.mjs [rounds]    default 7. Needs the built package, mpiexec and mpicc; mpi4py where installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.argv[2] ?? 7);
// Bytes of a message, and repeats in a batch. Batches are short, so that on a busy machine some run undisturbed.
const SIZES = [8, 300, 1024, 200, 65_536, 20, 1_048_576, 4].map(String);
const GOAL_SMALL = 1.2; // addon / C at 8 bytes
const GOAL_LARGE = 1.05; // addon / C from 64 KiB
// A round counts when C took the same time before and after the others, up to this.
const MAX_DRIFT = 1.1;
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
  const c = { C: [program] };
  const others = { addon: [process.execPath, join(here, 'messages.mjs')] };
  // Debian builds mpi4py for Open MPI.
  if (family === 'openmpi' && python !== undefined) others.mpi4py = [python, join(here, 'messages.py')];
  const measure = ([name, command]) => {
    const { status, stdout, stderr } = run(mpiexec, ['-n', '2', ...command, ...SIZES]);
    if (status !== 0) throw new Error(`${family} ${name} failed:\n${stderr}`);
    return JSON.parse(stdout);
  };
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const before = measure(['C', c.C]);
    const times = Object.fromEntries(Object.entries(others).map((entry) => [entry[0], measure(entry)]));
    results.push({ before, after: measure(['C', c.C]), times });
  }
  report(family, Object.keys(others), results);
}
rmSync(scratch, { recursive: true });

function report(family, names, results) {
  console.log(`\n${family}: microseconds, and median ratio to C of the rounds that count`);
  console.log(`${'message'.padEnd(20)}${['C', ...names].map((name) => name.padStart(16)).join('')}  rounds`);
  for (const what of Object.keys(results[0].times.addon)) {
    const steady = results.filter(({ before, after }) => {
      if (before[what] === undefined) return true; // objects: C has none
      return Math.max(before[what], after[what]) <= MAX_DRIFT * Math.min(before[what], after[what]);
    });
    const reference = ({ before, after }) => (before[what] + after[what]) / 2;
    const ratios = Object.fromEntries(
      names.map((name) => [name, median(steady.map((round) => round.times[name][what] / reference(round)))]),
    );
    const cells = names.map((name) => {
      const time = median(steady.map((round) => round.times[name][what]));
      return `${time.toFixed(2)}${ratios[name] > 0 ? ` ${ratios[name].toFixed(2)}x` : ''}`.padStart(16);
    });
    const c = median(steady.map(reference));
    const first = (c > 0 ? c.toFixed(2) : '').padStart(16);
    console.log(`${what.padEnd(20)}${first}${cells.join('')}${`${steady.length}`.padStart(8)}${verdict(what, ratios)}`);
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

function verdict(what, { addon }) {
  const bytes = Number(what.split(' ')[1]);
  const goal = bytes === 8 && /pingPong|allreduce/.test(what) ? GOAL_SMALL : bytes >= 65_536 ? GOAL_LARGE : null;
  if (goal === null || Number.isNaN(addon)) return '';
  return addon <= goal ? '   ok' : `   above ${goal}x`;
}
