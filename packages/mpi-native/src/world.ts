import { isMainThread } from 'node:worker_threads';
import { structuredCloneCodec } from './codec.js';
import type { Codec, Communicator } from './communicator.js';
import { MpiError, shown } from './errors.js';
import { abortJob, closeOrAbort, failJob, installFailureHooks } from './failure.js';
import { findLauncher, isChildOfRank, OWNER_VARIABLE, ownerMark } from './launcher.js';
import { startMpi } from './mpiSession.js';
import { SelfTransport } from './self.js';
import { jobState } from './state.js';
import { sharedJob, startThreads } from './threadSession.js';
import type { Transport } from './transport.js';
import { TransportCommunicator } from './transportCommunicator.js';

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
 * Started by `mpiexec`, the ranks are processes over Open MPI or MPICH; started by `dml-run`, they are worker threads;
 * started by `node`, there is one rank and MPI is not even loaded. The first call starts the transport and is
 * collective; later calls return the same communicator. From then on an uncaught error, an unhandled rejection or a
 * non-zero exit of this process ends the whole job, and a clean end waits for the other ranks.
 *
 * Environment: `DML_MPI`, `DML_MPI_LIB`, `DML_MPI_CHECK`, `DML_MPI_WATCHDOG`, `DML_MPI_FINALIZE_TIMEOUT`,
 * `DML_MPI_MAX_COUNT`; see the package's README.
 * @throws {MpiError} `ERR_NO_MPI`, `ERR_NO_ADDON`, `ERR_LAUNCHER_MISMATCH`, `ERR_MISMATCH` when the ranks differ in
 *   codec or Node version, `ERR_NESTED` in a child process of a rank that asks for MPI
 * @example
 * ```ts
 * const world = getWorld();
 * console.log(`rank ${world.rank} of ${world.size}`);
 * ```
 */
export function getWorld(options: WorldOptions = {}): Communicator {
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
  const transport = startTransport(prefer);
  state.rank = transport.rank;
  state.size = transport.size;
  if (state.session !== null) installFailureHooks(state.session);
  compareRanks(transport, codec);
  state.codecId = codec.id;
  state.world = new TransportCommunicator(transport, { codec, checking: process.env.DML_MPI_CHECK === '1' });
  return state.world;
}

/** Whether {@link getWorld} has started a transport in this thread. */
export function isInitialized(): boolean {
  return jobState().world !== null;
}

/** Whether the transport of this thread has ended. */
export function isFinalized(): boolean {
  const { world, session } = jobState();
  return world !== null && session !== null && !session.active();
}

/**
 * Ends the job's communication before the process ends. Collective: returns when every rank has called it or ended
 * cleanly. Rarely needed, since a clean end of the process does the same. Communicators throw `ERR_FINALIZED` from
 * then on. Without MPI or workers it does nothing.
 */
export function finalize(): void {
  const { session } = jobState();
  if (session?.active()) closeOrAbort(session);
}

/**
 * Runs the program of a rank and ends the job: waits for the other ranks when `main` resolves, and ends every rank at
 * once, with this rank's error on standard error, when it rejects or throws. The recommended entry of a program.
 * @param main  receives {@link getWorld}'s communicator
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
  const world = getWorld(options);
  try {
    await main(world);
  } catch (error) {
    failJob(jobState().session ?? world, error);
  }
  const code = Number(process.exitCode ?? 0);
  const { session } = jobState();
  if (session === null || !session.active()) return;
  if (code !== 0) abortJob(session, code, `ended with exit code ${code}`);
  closeOrAbort(session);
}

function startTransport(prefer: 'auto' | 'mpi' | 'self'): Transport {
  const { env } = process;
  if (prefer === 'self' || env.DML_MPI === 'self') return new SelfTransport();
  const job = sharedJob();
  if (job !== null) {
    const { transport, session } = startThreads(job);
    jobState().session = session;
    return transport;
  }
  const launcher = findLauncher(env);
  if (launcher === null && prefer === 'auto') return new SelfTransport();
  const nested = isChildOfRank(env)
    ? 'this process was started by a rank'
    : isMainThread
      ? null
      : 'this is a worker thread of a rank';
  if (nested !== null) {
    if (prefer === 'auto') return new SelfTransport();
    throw new MpiError(`${nested} and has no rank of its own.`, { code: 'ERR_NESTED', call: 'getWorld' });
  }
  const { transport, session } = startMpi(launcher);
  env[OWNER_VARIABLE] = ownerMark(env);
  jobState().session = session;
  return transport;
}

/** Structured clone bytes belong to a major version of Node, and codecs must be equal: compare once, at start-up. */
function compareRanks(transport: Transport, codec: Codec): void {
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  const views = new Float64Array(2 * transport.size);
  transport.exchange(Float64Array.of(nodeMajor, hashOf(codec.id)), views);
  for (let rank = 0; rank < transport.size; rank++) {
    const theirs = views[2 * rank];
    if (theirs !== views[0]) {
      throw new MpiError(`rank 0 runs Node ${views[0]}, rank ${rank} runs Node ${theirs}. Use one major version.`, {
        code: 'ERR_MISMATCH',
        call: 'getWorld',
      });
    }
    if (views[2 * rank + 1] !== views[1]) {
      throw new MpiError(`ranks 0 and ${rank} pass different codecs; this rank has "${codec.id}".`, {
        code: 'ERR_MISMATCH',
        call: 'getWorld',
      });
    }
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
