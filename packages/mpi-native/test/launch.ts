/**
 * Runs a program as a real job: under `mpiexec` of Open MPI or MPICH, under `dml-run`, or alone. Knows nothing of a test
 * framework, so that other packages and the examples can use it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A way to start ranks. */
export type Launcher = 'openmpi' | 'mpich' | 'workers' | 'self';

/** A job to run. */
export interface Job {
  readonly launcher: Launcher;
  /** Default 1. */
  readonly ranks?: number;
  /** The program, an absolute path. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Options of the launcher, in front of the program. */
  readonly launcherArgs?: readonly string[];
  /** A command in front of the launcher, which runs it elsewhere. */
  readonly inside?: readonly string[];
  /** After this the whole process group is killed. Default 60 s. */
  readonly timeoutMs?: number;
  /** Options of the Node that runs `dml-run`. */
  readonly nodeArgs?: readonly string[];
  /** Called with each complete line of standard output as it arrives. */
  readonly onLine?: (line: string, launcher: ChildProcess) => void;
}

/** What became of a job. */
export interface Outcome {
  /** Exit code of the launcher, `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  readonly timedOut: boolean;
  /** Processes of the job that were still there after the launcher had ended; they have been killed. */
  readonly survivors: readonly number[];
  /** Lines of standard output that are JSON objects with a `rank`, in rank order. */
  readonly reports: readonly Report[];
}

/** What one rank printed. */
export type Report = { readonly rank: number } & Readonly<Record<string, unknown>>;

const DML_RUN = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'dml-run.mjs');
const JOB_VARIABLE = 'DML_TEST_JOB';
const DEFAULT_TIMEOUT_MS = 60_000;
const SURVIVOR_GRACE_MS = 3000;
const POLL_MS = 50;

/** Variables of an outer job, which must not leak into the jobs started here. */
const LAUNCHER_VARIABLE = /^(OMPI_COMM|OMPI_MCA|OMPI_UNIVERSE|PMI_|PMIX_|HYDRA_|MPI_LOCAL)/;

/** The command that starts processes of an MPI family, `null` where it is not installed. */
export function findMpiexec(family: 'openmpi' | 'mpich'): string | null {
  const own = `mpiexec.${family}`;
  if (spawnSync(own, ['--version'], { env: launchEnvironment() }).status === 0) return own;
  const { status, stdout } = spawnSync('mpiexec', ['--version'], { encoding: 'utf8', env: launchEnvironment() });
  if (status !== 0) return null;
  const isOpenMpi = /open ?mpi|openrte/i.test(stdout);
  return isOpenMpi === (family === 'openmpi') ? 'mpiexec' : null;
}

/** Why a launcher cannot be used here, `null` when it can. */
export function missing(launcher: Launcher): string | null {
  if (launcher !== 'openmpi' && launcher !== 'mpich') return null;
  return findMpiexec(launcher) === null ? `mpiexec of ${launcher} is not installed` : null;
}

/** Whether `DML_MPI_REQUIRE=openmpi,mpich` demands that this launcher's tests run. */
export function isRequired(launcher: Launcher): boolean {
  return (process.env.DML_MPI_REQUIRE ?? '').split(',').includes(launcher);
}

/** Runs a job to its end. Never rejects because of the job: look at the outcome. */
export async function launch(job: Job): Promise<Outcome> {
  const id = randomUUID();
  const env = { ...launchEnvironment(), [JOB_VARIABLE]: id, ...job.env };
  const [command, ...args] = [...(job.inside ?? []), ...commandOf(job)] as [string, ...string[]];
  const started = performance.now();
  const child = spawn(command, args, { env, cwd: job.cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let unread = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    unread += text;
    const lines = unread.split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) job.onLine?.(line.trim(), child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
    for (const pid of processesOf(id)) kill(pid);
  }, job.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  // A rank that outlives the launcher keeps the pipes open, so `close` alone could be awaited for ever.
  const ended = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      const grace = setTimeout(() => done({ code, signal }), SURVIVOR_GRACE_MS);
      child.on('close', () => {
        clearTimeout(grace);
        done({ code, signal });
      });
    });
  });
  clearTimeout(timer);
  const milliseconds = performance.now() - started;
  const survivors = await survivorsOf(id);
  for (const pid of survivors) kill(pid);
  return { ...ended, stdout, stderr, milliseconds, timedOut, survivors, reports: readReports(stdout) };
}

function commandOf(job: Job): string[] {
  const { launcher, ranks = 1, script, args = [], launcherArgs = [], nodeArgs = [] } = job;
  const program = [script, ...args];
  if (launcher === 'self') return [process.execPath, ...program];
  if (launcher === 'workers') return [process.execPath, ...nodeArgs, DML_RUN, '-n', String(ranks), ...program];
  const mpiexec = findMpiexec(launcher);
  if (mpiexec === null) throw new Error(`launch: mpiexec of ${launcher} is not installed.`);
  const options = launcher === 'openmpi' ? ['--oversubscribe', '-n', String(ranks)] : ['-n', String(ranks)];
  return [mpiexec, ...options, ...launcherArgs, process.execPath, ...program];
}

function launchEnvironment(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !LAUNCHER_VARIABLE.test(name));
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    NODE_OPTIONS: undefined,
    OMPI_ALLOW_RUN_AS_ROOT: '1',
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    DML_MPI: undefined,
    DML_MPI_OWNER: undefined,
    DML_MPI_CHECK: '1',
    DML_MPI_WATCHDOG: '20',
    DML_MPI_FINALIZE_TIMEOUT: '5',
  };
}

/** Processes carry the job's number in their environment, wherever the launcher has put them. */
function processesOf(id: string): number[] {
  const mark = `${JOB_VARIABLE}=${id}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        if (/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}

async function survivorsOf(id: string): Promise<number[]> {
  const until = performance.now() + SURVIVOR_GRACE_MS;
  for (;;) {
    const found = process.platform === 'linux' ? processesOf(id) : [];
    if (found.length === 0 || performance.now() > until) return found;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined) kill(-child.pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ended meanwhile
  }
}

function readReports(stdout: string): Report[] {
  const reports: Report[] = [];
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('{')) continue;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof (value as Report).rank === 'number') reports.push(value as Report);
    } catch {
      // some other output of the program
    }
  }
  return reports.sort((a, b) => a.rank - b.rank);
}
