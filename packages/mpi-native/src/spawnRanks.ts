/** Ranks on worker threads, started from inside a running program. */
import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { MpiError, shown } from './failures/errors.js';
import { findLauncher } from './launcher.js';
import { checkJobOptions } from './spawn/jobOptions.js';
import { loadProgram } from './spawn/loadProgram.js';
import { type RankMessage, STOP } from './spawn/rankMessages.js';
import type { AnyRankProgram, JobOptions, RankProgram, ResultOf } from './spawn/rankProgram.js';
import { runHere } from './spawn/runHere.js';
import { startWorker } from './spawn/startWorker.js';
import {
  checkRankCount,
  messageOf,
  type RankEvents,
  type RankThread,
  rankCountFor,
  readyToGo,
  supervise,
} from './spawn/supervise.js';
import { SPAWNED_RANK_KEY, type SpawnedRank, sharedJob } from './spawn/workerJob.js';
import { ControlBlock, createSharedJob, SHARED_JOB_KEY, type SharedJob } from './threads/sharedMemory.js';

/** Options of {@link spawnRanks}. */
export interface SpawnOptions<P extends AnyRankProgram = RankProgram> extends JobOptions<P> {
  /**
   * How many ranks, each on a thread of its own: 1 … 512. Default: one for each core; with `data`, one for each 512 KiB in
   * its lists and typed arrays, up to the number of cores. A job that is too small for two runs on the calling thread, since
   * starting a thread takes longer. So does one inside a rank of `mpiexec` or `dml-run`, where the other cores are taken.
   */
  readonly ranks?: number | undefined;
  /** The name of the function in the module. Default `'default'`. */
  readonly name?: string | undefined;
}

const CALL = 'spawnRanks';
const OPTIONS = ['data', 'name', 'onProgress', 'ranks', 'signal', 'stop'];
const MAX_RANKS = 512;

/**
 * Runs a function of a module once per rank, on worker threads of this process, and returns what it returned on rank 0.
 *
 * The program goes on meanwhile, and may start several jobs, one after the other or at once. When a rank fails, all are
 * ended and the promise is rejected; when it is settled, no thread is left.
 * @param module  its address, such as `new URL('./fit.js', import.meta.url)`, or an absolute path
 * @returns       what the function returned on rank 0: plain values, typed arrays, `Map`, `Set`, `Date`
 * @throws {MpiError} `ERR_REMOTE` with the rank and its error as the `cause`, when a rank throws or exits; `ERR_MODULE`
 *   when the module cannot be loaded or has no such function; `ERR_CLONE` for data or a result that would not arrive as it is;
 *   `ERR_ARG` for wrong arguments; the errors of {@link Communicator}; the reason of `signal`
 * @example
 * ```ts fragment
 * // sum.ts, which each rank loads
 * export default ({ comm, data }: RankContext<Float64Array>): number => {
 *   const own = data.filter((_, i) => i % comm.size === comm.rank);
 *   return comm.allreduce(Float64Array.of(own.reduce((a, b) => a + b, 0)))[0]!;
 * };
 * // main.ts
 * const sum = await spawnRanks<typeof import('./sum.js').default>(new URL('./sum.js', import.meta.url), { data: numbers });
 * ```
 */
export async function spawnRanks<P extends AnyRankProgram = RankProgram>(
  module: string | URL,
  options: SpawnOptions<P> = {},
): Promise<ResultOf<P>> {
  const address = addressOf(module);
  checkJobOptions(CALL, options, OPTIONS);
  const { ranks, name = 'default', data, onProgress, signal, stop } = options;
  checkRankCount(CALL, ranks, MAX_RANKS);
  signal?.throwIfAborted();
  const size = ranks ?? rankCountFor(readyToGo(CALL, 'data', data, false), freeCores());
  if (ranks === undefined && size === 1) {
    return (await runHere(CALL, () => loadProgram(address, name), data, { onProgress, signal, stop })) as ResultOf<P>;
  }
  const { value } = readyToGo(CALL, 'data', data, true);
  const job = { call: CALL, size, signal, stop, onProgress };
  const shared = createSharedJob(size);
  new ControlBlock({ ...shared, rank: -1 }, 0, () => process.exit(1)).takeGroup(); // that of all ranks
  const result = await supervise(job, (rank, events) =>
    startRank({ ...shared, rank }, { module: address, name, data: value }, events),
  );
  return result as ResultOf<P>; // the caller has promised the type of the function
}

function startRank(job: SharedJob, spawned: Omit<SpawnedRank, 'port'>, { message, lost }: RankEvents): RankThread {
  const { port1, port2 } = new MessageChannel();
  const worker = startWorker(new URL('./rankThread.js', import.meta.url), {
    name: `rank ${job.rank} of ${job.size}`,
    workerData: { [SHARED_JOB_KEY]: job, [SPAWNED_RANK_KEY]: { ...spawned, port: port2 } },
    transferList: [port2],
  });
  // What a rank has said before its end may still be on its way.
  const hearRest = (): void => {
    for (;;) {
      const received = receiveMessageOnPort(port1);
      if (received === undefined) return;
      message(received.message as RankMessage);
    }
  };
  port1.on('message', message);
  worker.on('error', (error) => {
    hearRest();
    lost(messageOf(error), { cause: error });
  });
  worker.on('exit', (code) => {
    hearRest();
    port1.close();
    lost(`ended with exit code ${code} before its function had returned.`);
  });
  return { end: () => worker.terminate(), stop: () => port1.postMessage(STOP) };
}

function addressOf(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string' && isAbsolute(module)) return pathToFileURL(module).href;
  if (typeof module === 'string' && /^(file|data):/.test(module)) return module;
  throw new MpiError(
    `module must be a URL, such as new URL('./fit.js', import.meta.url), or an absolute path, found ${shown(module)}.`,
    { code: 'ERR_ARG', call: CALL },
  );
}

/** The cores that are not taken by other ranks. */
function freeCores(): number {
  const others = sharedJob()?.size ?? findLauncher(process.env)?.size ?? 1;
  return others > 1 ? 1 : Math.min(availableParallelism(), MAX_RANKS);
}
