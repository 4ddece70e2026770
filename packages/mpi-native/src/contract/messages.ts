/** Arrays that travel as raw memory: not serialized, not copied by this package. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Elementwise reductions. The logical (`land`, `lor`) and bitwise (`band`, `bor`, `bxor`) ones need an integer array;
 * logical results are 0 and 1.
 *
 * `minloc` and `maxloc` take pairs: a value, then its location, then the next value. The pair with the smallest (largest)
 * value is kept; among equal values the one with the lowest location. A `NaN` wins over every number.
 */
export type ReduceOp = 'sum' | 'prod' | 'min' | 'max' | 'land' | 'lor' | 'band' | 'bor' | 'bxor' | 'minloc' | 'maxloc';

/**
 * An operation of the program's own, for whole arrays: combines `higher` into `lower`, which holds the values of lower
 * ranks. It must associate; it need not commute. The order of the calls depends on the number of ranks only.
 *
 * @example Keeps the value with the larger magnitude.
 * ```ts
 * const larger = (lower: Float64Array, higher: Float64Array) => {
 *   for (let i = 0; i < lower.length; i++) if (Math.abs(higher[i]!) > Math.abs(lower[i]!)) lower[i] = higher[i]!;
 * };
 * world.allreduce(Float64Array.of(world.rank, -world.rank), larger);
 * ```
 */
export type ReduceFunction<T extends NumericArray> = (lower: T, higher: T) => void;

/**
 * Turns values into bytes and back, for the methods that end in `Object`.
 *
 * The default is Node's structured clone format (`node:v8`), which is exact and runs no code. Every rank must use the
 * same codec; {@link getWorld} compares the `id` on all ranks.
 */
export interface Codec {
  /** Stable name, compared between ranks at start-up. Change it when the bytes change. */
  readonly id: string;
  /** Bytes of `value`. They may be a view on memory of the codec that the next call overwrites. */
  encode(value: unknown): Uint8Array;
  /** The value. `bytes` is valid during the call only: a decoder that keeps views on it must copy. */
  decode(bytes: Uint8Array): unknown;
}

/** What a receive got. */
export interface Status {
  /** Rank of the sender in the communicator. */
  readonly source: number;
  readonly tag: number;
  /** Number of elements received, at most the length of the buffer. */
  readonly count: number;
}

/** A message that has not been received yet. */
export interface FoundMessage {
  /** Rank of the sender in the communicator. */
  readonly source: number;
  readonly tag: number;
  /** Length of its buffer in bytes. `sendObject` announces its value with a message of 25 bytes. */
  readonly bytes: number;
}

/** An object and where it came from. */
export interface ReceivedObject<T> {
  readonly value: T;
  readonly status: Status;
}

/** Receive from any rank: a value for `source` in {@link Communicator.recv}. */
export const ANY_SOURCE = -1;

/** Receive with any tag: a value for `tag` in {@link Communicator.recv}. */
export const ANY_TAG = -1;

/**
 * No rank: a value for `dest` and `source` of every message. Nothing is sent, and a receive returns at once with this
 * source, {@link ANY_TAG} and the count 0. Ranks at the border of a grid then need no code of their own.
 */
export const PROC_NULL = -2;

/**
 * A call that goes on while the program does something else. Its arrays must not be read, changed or transferred before it
 * is finished.
 *
 * @example Two messages at once, and work in between.
 * ```ts
 * const [left, right] = [(world.rank + world.size - 1) % world.size, (world.rank + 1) % world.size];
 * const requests = [world.irecv(fromLeft, left), world.isend(mine, right)];
 * // ... work that needs neither array ...
 * await Promise.all(requests.map((request) => request.promise()));
 * ```
 */
export interface Request<T> {
  /**
   * Whether the call is finished. Does not block.
   * @throws {MpiError} why the call failed; again on every later use of the request
   */
  test(): boolean;
  /** Blocks this thread until the call is finished. Returns its result, also when called again. */
  wait(): T;
  /**
   * Resolves with the result. The event loop of this thread goes on: other asynchronous functions, timers and signals run.
   */
  promise(): Promise<T>;
}
