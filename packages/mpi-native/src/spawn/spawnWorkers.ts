/** Ranks in the workers of a page. */
import { MpiError, shown } from '../failures/errors.js';
import { ControlBlock, createSharedJob } from '../threads/sharedMemory.js';
import { checkJobOptions } from './jobOptions.js';
import { STOP } from './rankMessages.js';
import { MESSAGE_KEY, type RankTask, type WorkerMessage } from './rankOfWorker.js';
import type { AnyRankProgram, JobOptions, RankProgram, ResultOf } from './rankProgram.js';
import { checkRankCount, type RankEvents, type RankThread, rankCountFor, readyToGo, supervise } from './supervise.js';

/** What `new Worker(…)` of a page makes: the part that is used. */
export interface PageWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

/** What a worker tells its page: the part that is used. */
export interface PageEvent {
  readonly type: string;
  /** Of a message. */
  readonly data?: unknown;
  /** Of an error. */
  readonly message?: string;
  readonly filename?: string;
}

/** Options of {@link spawnRanks}. */
export interface SpawnOptions<P extends AnyRankProgram = RankProgram> extends JobOptions<P> {
  /**
   * How many workers: 1 … 64. Default: one for each core; with `data`, one for each 512 KiB in its lists and typed arrays, up
   * to the number of cores. In a page that is not cross-origin isolated there is one, whatever this says.
   */
  readonly ranks?: number | undefined;
}

const CALL = 'spawnRanks';
const OPTIONS = ['data', 'onProgress', 'ranks', 'signal', 'stop'];
const MAX_RANKS = 64;
// A worker that has not said anything for so long has another module than it should.
const READY_MS = 60_000;

/**
 * Runs a function once per rank, in workers of this page, and returns what it returned on rank 0. The page only awaits: it
 * stays responsive, and may start several jobs.
 *
 * Workers share memory where the page is cross-origin isolated, which is when the server sends the headers
 * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`. Elsewhere there is one worker.
 * @param start  starts a worker whose module ends with `runRank(program)`
 * @returns      what the function returned on rank 0: plain values, typed arrays, `Map`, `Set`, `Date`
 * @throws {MpiError} `ERR_REMOTE` with the rank and its error as the `cause`, when a rank throws; `ERR_MODULE` when a worker
 *   cannot be loaded or does not call `runRank`; `ERR_CLONE` for data or a result that would not arrive as it is; `ERR_ARG` for
 *   wrong arguments; the errors of {@link Communicator}; the reason of `signal`
 * @example
 * ```ts fragment
 * // The bundler sees the address, and makes a file of the worker's module.
 * const start = () => new Worker(new URL('./fit.worker.ts', import.meta.url), { type: 'module' });
 * const bytes = await spawnRanks<typeof fit>(start, { data: { columns, seed: 7 }, onProgress: draw, signal });
 * ```
 */
export async function spawnRanks<P extends AnyRankProgram = RankProgram>(
  start: () => PageWorker,
  options: SpawnOptions<P> = {},
): Promise<ResultOf<P>> {
  if (typeof start !== 'function') {
    throw new MpiError(`start must be a function that makes a worker, found ${shown(start)}.`, {
      code: 'ERR_ARG',
      call: CALL,
    });
  }
  checkJobOptions(CALL, options, OPTIONS);
  const { ranks, data, onProgress, signal, stop } = options;
  checkRankCount(CALL, ranks, MAX_RANKS);
  signal?.throwIfAborted();
  const page = globalThis as Page;
  const isIsolated = page.crossOriginIsolated === true && typeof SharedArrayBuffer === 'function';
  const cores = Math.min(page.navigator?.hardwareConcurrency ?? 1, MAX_RANKS);
  const size = isIsolated ? (ranks ?? rankCountFor(readyToGo(CALL, 'data', data, false), cores)) : 1;
  const { value } = readyToGo(CALL, 'data', data, size > 1);
  const shared = size > 1 ? createSharedJob(size) : null;
  if (shared !== null) new ControlBlock({ ...shared, rank: -1 }, 0, neverStuck).takeGroup(); // that of all ranks
  const result = await supervise({ call: CALL, size, signal, stop, onProgress }, (rank, events) =>
    startRank(start(), { job: shared && { ...shared, rank }, data: value }, events),
  );
  return result as ResultOf<P>; // the caller has promised the type of the function
}

/** What a page knows of itself, and the types of Node do not. */
interface Page {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
}

function neverStuck(): never {
  throw new Error('the page waits for no rank');
}

function startRank(worker: PageWorker, task: RankTask, { message, lost }: RankEvents): RankThread {
  const send = (message: RankTask | typeof STOP): void => worker.postMessage({ [MESSAGE_KEY]: message });
  let isReady = false;
  let isStopping = false;
  const silent = setTimeout(() => {
    lost('the worker has not called runRank: its module must end with runRank(program).', { code: 'ERR_MODULE' });
  }, READY_MS);
  worker.addEventListener('message', ({ data }) => {
    // Messages with this key are those of runRank.
    const heard = (data as { readonly [MESSAGE_KEY]?: WorkerMessage } | null | undefined)?.[MESSAGE_KEY];
    if (heard === undefined) return;
    if (heard.kind !== 'ready') {
      message(heard);
      return;
    }
    clearTimeout(silent);
    isReady = true;
    try {
      send(task);
      if (isStopping) send(STOP);
    } catch (error) {
      lost(`data cannot be sent: ${String(error)}`, { code: 'ERR_CLONE', cause: error });
    }
  });
  worker.addEventListener('error', (event) => {
    const place = event.filename ? ` (${event.filename})` : '';
    lost(`the worker cannot be loaded or run: ${event.message || 'no reason given'}${place}`, { code: 'ERR_MODULE' });
  });
  return {
    end: async () => {
      clearTimeout(silent);
      worker.terminate();
    },
    stop: () => {
      isStopping = true;
      if (isReady) send(STOP);
    },
  };
}
