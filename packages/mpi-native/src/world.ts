import { isMainThread } from 'node:worker_threads';
import { SelfTransport } from './calls/self.js';
import { TransportCommunicator } from './calls/transportCommunicator.js';
import { ownSettings, SETTINGS, sharedSettings } from './checks/settings.js';
import type { Communicator } from './contract/communicator.js';
import type { Codec } from './contract/messages.js';
import type { Transport } from './contract/transport.js';
import { MpiError, shown } from './failures/errors.js';
import { closeOrAbort, failJob, installFailureHooks } from './failures/failure.js';
import { jobState, type Settings, type StartedJob } from './failures/state.js';
import { findLauncher, findSilentLauncher, isChildOfRank, OWNER_VARIABLE, ownerMark } from './launcher.js';
import { startMpi } from './mpi/mpiSession.js';
import { checkJobOptions } from './spawn/jobOptions.js';
import { sharedJob, tellParent } from './spawn/workerJob.js';
import { startThreads } from './threads/threadSession.js';
import { structuredCloneCodec } from './values/codec.js';

/** Options of {@link getWorld}. */
export interface WorldOptions {
  /** For the methods that end in `Object`; the same on every rank. Default: Node's structured clone format. */
  readonly codec?: Codec;
  /**
   * `'auto'`, the default: MPI when a launcher started this process, otherwise one rank. `'mpi'`: MPI even without a
   * launcher. `'self'`: one rank in any case. In a worker of `dml-run`, `'auto'` and `'mpi'` give the workers' ranks.
   */
  readonly prefer?: 'auto' | 'mpi' | 'self';
}

/**
 * The communicator of all ranks of this job.
 *
 * Started by `mpiexec`, the ranks are processes over Open MPI or MPICH; started by `dml-run` or {@link spawnRanks}, they are
 * worker threads; started by `node`, there is one rank and MPI is not even loaded. The first call starts the transport and is
 * collective; later calls return the same communicator. From then on an uncaught error, an unhandled rejection or a
 * non-zero exit of this process ends the whole job, and a clean end waits for the other ranks.
 *
 * Environment: `DML_MPI`, `DML_MPI_LIB`, `DML_MPI_CHECK`, `DML_MPI_WATCHDOG`, `DML_MPI_FINALIZE_TIMEOUT`,
 * `DML_MPI_MAX_COUNT`; see the package's README.
 * @throws {MpiError} `ERR_NO_MPI`, `ERR_NO_ADDON`, `ERR_LAUNCHER_MISMATCH`, `ERR_MISMATCH` when the ranks differ in
 *   codec, Node version or a setting, `ERR_ARG` for an option or a setting that makes no sense, `ERR_NESTED` in a child process of a rank that asks for MPI
 * @example
 * ```ts
 * const world = getWorld();
 * console.log(`rank ${world.rank} of ${world.size}`);
 * ```
 */
export function getWorld(options: WorldOptions = {}): Communicator {
  checkJobOptions('getWorld', options, ['codec', 'prefer']);
  const state = jobState();
  const codec = options.codec ?? structuredCloneCodec;
  if (state.world !== null) {
    if (options.codec !== undefined && options.codec.id !== state.codecId) {
      throw new MpiError(`the codec of this job is "${state.codecId}" since the first call, found "${codec.id}".`, {
        code: 'ERR_ARG',
        call: 'getWorld',
      });
    }
    return state.world;
  }
  const prefer = options.prefer ?? 'auto';
  if (prefer !== 'auto' && prefer !== 'mpi' && prefer !== 'self') {
    throw new MpiError(`prefer must be "auto", "mpi" or "self", found ${shown(prefer)}.`, {
      code: 'ERR_ARG',
      call: 'getWorld',
    });
  }
  const own = ownSettings();
  const started = startJob(prefer, own);
  const transport = started?.transport ?? new SelfTransport();
  state.rank = transport.rank;
  state.size = transport.size;
  if (started !== null) {
    state.session = started.session;
    installFailureHooks(started.session);
  }
  state.settings = compareRanks(transport, codec, own);
  started?.configure(state.settings);
  state.codecId = codec.id;
  state.world = new TransportCommunicator(transport, { codec, checking: state.settings.checking });
  return state.world;
}

/** Whether {@link getWorld} has started a transport in this thread. */
export function isInitialized(): boolean {
  return jobState().world !== null;
}

/** Whether the transport of this thread has ended. */
export function isFinalized(): boolean {
  const { world, session, isOver } = jobState();
  return isOver || (world !== null && session !== null && !session.active());
}

/**
 * Ends the job's communication before the process ends. Collective: returns when every rank has called it or ended
 * cleanly. Rarely needed, since a clean end of the process does the same. Communicators throw `ERR_FINALIZED` from
 * then on. Errors that the event loop has not seen yet, such as lost rejections, are reported after it.
 */
export function finalize(): void {
  const state = jobState();
  if (state.session?.active()) closeOrAbort(state.session);
  state.isOver = state.world !== null;
}

/**
 * Runs the program of a rank, or a part of it: ends every rank at once, with this rank's error on standard error, when
 * `main` rejects or throws. The recommended entry of a program. The job ends when all ranks have reached the end of their
 * programs, and until then each rank waits for the others: after the last part, with an empty event loop.
 * @param main  receives {@link getWorld}'s communicator
 * @throws {MpiError} what {@link getWorld} throws, and `ERR_ARG` unless `main` is a function
 * @example
 * ```ts
 * await runMpi(async (world) => {
 *   const total = world.allreduce(Float64Array.of(world.rank));
 *   if (world.rank === 0) console.log(total[0]);
 * });
 * ```
 */
export async function runMpi(
  main: (world: Communicator) => void | Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  if (typeof main !== 'function') {
    throw new MpiError(`main must be a function, found ${shown(main)}.`, { code: 'ERR_ARG', call: 'runMpi' });
  }
  const world = getWorld(options);
  try {
    await main(world);
  } catch (error) {
    failJob(jobState().session ?? world, error);
  }
}

/** Starts the transport of this process, `null` where it is alone. */
function startJob(prefer: 'auto' | 'mpi' | 'self', own: Float64Array): StartedJob | null {
  const { env } = process;
  if (prefer === 'self' || env.DML_MPI === 'self') return null;
  const watchdogSeconds = Math.max(0, own[SETTINGS.indexOf('DML_MPI_WATCHDOG')] ?? 0);
  const job = sharedJob();
  if (job !== null) return startThreads(job, watchdogSeconds, tellParent());
  const launcher = findLauncher(env);
  if (launcher === null && prefer === 'auto') {
    refuseSilentLauncher(env);
    return null;
  }
  const nested = isChildOfRank(env)
    ? 'this process was started by a rank'
    : isMainThread
      ? null
      : 'this is a worker thread of a rank';
  if (nested !== null) {
    if (prefer === 'auto') return null;
    throw new MpiError(`${nested} and has no rank of its own.`, { code: 'ERR_NESTED', call: 'getWorld' });
  }
  const started = startMpi(launcher, watchdogSeconds);
  env[OWNER_VARIABLE] = ownerMark(env);
  return started;
}

/** @throws {MpiError} where several processes were started and cannot find each other */
function refuseSilentLauncher(env: NodeJS.ProcessEnv): void {
  const launcher = findSilentLauncher(env);
  if (launcher === null) return;
  throw new MpiError(
    `${launcher.name} started several processes (${launcher.evidence}) without PMI, so that each would believe it is alone: ` +
      `${launcher.advice}. If each is to work alone, set DML_MPI=self.`,
    { code: 'ERR_LAUNCHER_MISMATCH', call: 'getWorld' },
  );
}

/** Structured clone bytes belong to a major version of Node, and codecs must be equal: compare once, at start-up. */
function compareRanks(transport: Transport, codec: Codec, own: Float64Array): Settings {
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  const view = Float64Array.of(nodeMajor, hashOf(codec.id), ...own);
  const views = new Float64Array(view.length * transport.size);
  transport.exchange(view, views);
  for (let rank = 0; rank < transport.size; rank++) {
    const [theirs, theirCodec] = views.subarray(view.length * rank);
    if (theirs !== views[0]) {
      throw new MpiError(`rank 0 runs Node ${views[0]}, rank ${rank} runs Node ${theirs}. Use one major version.`, {
        code: 'ERR_MISMATCH',
        call: 'getWorld',
      });
    }
    if (theirCodec !== views[1]) {
      throw new MpiError(`ranks 0 and ${rank} pass different codecs; this rank has "${codec.id}".`, {
        code: 'ERR_MISMATCH',
        call: 'getWorld',
      });
    }
  }
  return sharedSettings(views.filter((_, index) => index % view.length >= view.length - own.length));
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
