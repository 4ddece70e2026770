/** `dml-run -n 4 script.js`: runs a script on worker threads that are the ranks of a job. */
import { existsSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { startWorker } from './spawn/startWorker.js';
import { ControlBlock, createSharedJob, PHASE, SHARED_JOB_KEY } from './threads/sharedMemory.js';

const USAGE = `Usage: dml-run [-n ranks] script.js [arguments]

Runs script.js once per rank, on worker threads of one process. getWorld() in the script
gives the communicator of these ranks, as it does under mpiexec. No MPI is needed.

  -n ranks   number of ranks, default: the number of cores
`;
// Runs in each worker before the script.
const BOOTSTRAP = fileURLToPath(new URL('./dmlRunWorker.cjs', import.meta.url));
const EXIT_USAGE = 2;
const EXIT_UNFINISHED = 86;
const MAX_RANKS = 512;

interface Plan {
  readonly size: number;
  readonly script: string;
  readonly args: readonly string[];
}

/** Runs the command line. Ends the process with the exit code of the job. */
export function dmlRun(argv: readonly string[]): void {
  const plan = readArguments(argv);
  if (typeof plan === 'string') {
    const asked = plan === USAGE;
    writeSync(asked ? 1 : 2, asked ? plan : `dml-run: ${plan}\n`);
    process.exit(asked ? 0 : EXIT_USAGE);
  }
  const { size, script, args } = plan;
  const shared = createSharedJob(size);
  const control = new ControlBlock({ ...shared, rank: -1 }, 0, () => process.exit(1));
  control.takeGroup(); // the group of all ranks

  for (let rank = 0; rank < size; rank++) {
    const options = { argv: [...args], workerData: { [SHARED_JOB_KEY]: { ...shared, rank } } };
    const worker = startWorker(script, options, ['--require', BOOTSTRAP]);
    const print = (text: string) => writeSync(2, `[rank ${rank}/${size}] ${text}\n`);
    // A worker that has called getWorld() prints its own error; this is for those that fail before.
    worker.on('error', (error) => {
      if (control.poison() !== 0) process.exit(control.poison());
      print(inspect(error, { colors: false, depth: 3 }));
      control.setPoison(1, rank);
      process.exit(1);
    });
    worker.on('exit', (code) => {
      if (control.poison() !== 0) process.exit(control.poison());
      if (code !== 0) {
        print(`ended with exit code ${code}`);
        process.exit(code);
      }
      if (control.presence(rank).phase === PHASE.closing) return;
      control.setPhase(rank, PHASE.gone);
      for (let other = 0; other < size; other++) {
        if (control.presence(other).phase !== PHASE.running) continue;
        print(`ended without calling getWorld(), while rank ${other} waits for it`);
        process.exit(EXIT_UNFINISHED);
      }
    });
  }
}

function readArguments(argv: readonly string[]): Plan | string {
  let size = Math.min(availableParallelism(), MAX_RANKS);
  let at = 0;
  for (; at < argv.length && argv[at]?.startsWith('-'); at++) {
    const option = argv[at];
    if (option === '-h' || option === '--help') return USAGE;
    if (option !== '-n') return `unknown option "${option}". Try dml-run --help.`;
    at++;
    size = Number(argv[at]);
    if (!Number.isInteger(size) || size < 1 || size > MAX_RANKS) {
      return `-n must be an integer in 1 … ${MAX_RANKS}, found ${JSON.stringify(argv[at] ?? '')}.`;
    }
  }
  const name = argv[at];
  if (name === undefined) return 'no script given. Try dml-run --help.';
  const script = resolve(name);
  if (!existsSync(script)) return `the script ${script} does not exist.`;
  return { size, script, args: argv.slice(at + 1) };
}
