/** The function that each rank runs. */
import type { Communicator } from '../contract/communicator.js';

/** What the function of a rank gets. */
export interface RankContext<Data = unknown, Progress = unknown> {
  /** The ranks of this job, and this one's place among them. */
  readonly comm: Communicator;
  /** What the program that started the ranks has given. Its typed arrays are the same memory on all ranks: do not write. */
  readonly data: Data;
  /** Sends a value to `onProgress` of the program that started the ranks. Returns at once. */
  report(value: Progress): void;
  /**
   * Is aborted when the program that started the ranks asks them to come to an end. A rank hears of it when its event loop turns,
   * which it does between two iterations of a fit: `optimizeMpi(rows, algorithm, { comm, signal: stop })`.
   */
  readonly stop: AbortSignal;
}

/**
 * A function that runs once per rank, on a thread of its own. What it returns on rank 0 is the result of the job; on other
 * ranks it is not looked at.
 */
export type RankProgram<Data = unknown, Progress = unknown, Result = unknown> = (
  context: RankContext<Data, Progress>,
) => Result | Promise<Result>;

/** Any of them, to be named as `typeof fit`. */
export type AnyRankProgram = (context: RankContext<never, never>) => unknown;

/** The data that a program takes. */
export type DataOf<P extends AnyRankProgram> = Parameters<P> extends [] ? unknown : Parameters<P>[0]['data'];

/** The values that it reports. */
export type ProgressOf<P extends AnyRankProgram> =
  Parameters<P> extends [] ? never : Parameters<Parameters<P>[0]['report']>[0];

/** What it returns. */
export type ResultOf<P extends AnyRankProgram> = Awaited<ReturnType<P>>;

/** What all ways to start ranks have in common. */
export interface JobOptions<P extends AnyRankProgram> {
  /**
   * For the function, on every rank: plain values, lists, typed arrays, `Map`, `Set`, `Date`. Typed arrays are copied into
   * shared memory once, unless they are there already; the rest is copied for each rank.
   */
  readonly data?: DataOf<P> | undefined;
  /** Called for each value that a rank reports. When it throws, the job ends with this error. */
  readonly onProgress?: ((value: ProgressOf<P>, rank: number) => void) | undefined;
  /** Ends all ranks at once, wherever they are; the promise is rejected with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Asks the function to come to an end, with what it has: `stop` of its context is aborted. A fit then returns its best model. */
  readonly stop?: AbortSignal | undefined;
}
