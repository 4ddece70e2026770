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
 */
export type ReduceOp = 'sum' | 'prod' | 'min' | 'max' | 'land' | 'lor' | 'band' | 'bor' | 'bxor';

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

/** An object and where it came from. */
export interface ReceivedObject<T> {
  readonly value: T;
  readonly status: Status;
}

/** Receive from any rank: a value for `source` in {@link Communicator.recv}. */
export const ANY_SOURCE = -1;

/** Receive with any tag: a value for `tag` in {@link Communicator.recv}. */
export const ANY_TAG = -1;

/** How the ranks of a communicator exchange messages. */
export type TransportKind = 'self' | 'mpi' | 'workers';

/**
 * A group of ranks that run the same program and exchange messages.
 *
 * Every method blocks the calling thread until its part is done. **Collective** methods (all but `send`, `recv`,
 * `sendrecv`, `sendObject`, `recvObject`, `abort`, `wtime` and the properties) must be called by every rank of the
 * group, in the same order, with the same element type, root and operation. A rank that throws must be allowed to
 * reach the top level: the runtime then ends the whole job. Catching an error on one rank and carrying on there is the
 * one way left to hang the others.
 *
 * @example Every rank contributes, every rank gets the sum.
 * ```ts
 * const world = getWorld();
 * const sums = Float64Array.of(world.rank, 1);
 * world.allreduce(sums);
 * if (world.rank === 0) console.log(sums); // with 4 ranks: Float64Array(2) [ 6, 4 ]
 * ```
 * @see MPI: A Message-Passing Interface Standard 3.1, chapters 3 (point to point), 5 (collectives), 6 (groups)
 */
export interface Communicator {
  /** The transport. For logs; a program should not branch on it. */
  readonly kind: TransportKind;
  /** This process, 0 … size - 1. */
  readonly rank: number;
  /** Number of ranks in the group, at least 1. */
  readonly size: number;

  /** Returns when every rank has called it. */
  barrier(): void;

  /**
   * Overwrites `buf` on every rank with the contents on `root`.
   * @param buf   the same type and length on every rank
   * @param root  default 0
   * @returns     `buf`
   * @throws {MpiError} `ERR_BUFFER`, `ERR_ROOT`
   */
  bcast<T extends NumericArray>(buf: T, root?: number): T;

  /**
   * Reduces elementwise over all ranks, in place: afterwards `buf[i]` is `op` over every rank's `buf[i]`, with equal
   * bits on all ranks. The order of a floating-point sum is the library's: it may differ between MPI families and
   * between numbers of ranks.
   * @param op  default `'sum'`; integer sums wrap around
   * @returns   `buf`
   * @throws {MpiError} `ERR_BUFFER`, `ERR_OP` for a logical or bitwise operation on floating-point numbers
   */
  allreduce<T extends NumericArray>(buf: T, op?: ReduceOp): T;

  /**
   * As {@link allreduce}, but only `root` receives the result; `buf` of the other ranks keeps its contents.
   * @param root  default 0
   * @returns     `buf`
   */
  reduce<T extends NumericArray>(buf: T, op?: ReduceOp, root?: number): T;

  /**
   * Collects blocks of equal size in rank order on `root`.
   * @param send  the same length on every rank
   * @param recv  on `root` an array of `size · send.length`; not read elsewhere, pass `null`
   * @throws {MpiError} `ERR_BUFFER` when the length or type of `recv` does not fit
   */
  gather<T extends NumericArray>(send: T, recv: T | null, root?: number): void;

  /**
   * Collects blocks of different sizes in rank order on `root`, without gaps.
   * @param send    any length, 0 included
   * @param recv    on `root` an array of at least the sum of `counts`; not read elsewhere, pass `null`
   * @param counts  on `root` the length of every rank's `send`; not read elsewhere, pass `null`
   * @throws {MpiError} `ERR_COUNT`, `ERR_BUFFER`
   */
  gatherv<T extends NumericArray>(send: T, recv: T | null, counts: ArrayLike<number> | null, root?: number): void;

  /**
   * Deals blocks of equal size from `root` to all ranks, in rank order: the reverse of {@link gather}.
   * @param send  on `root` an array of `size · recv.length`; not read elsewhere, pass `null`
   */
  scatter<T extends NumericArray>(send: T | null, recv: T, root?: number): void;

  /**
   * Deals blocks of different sizes from `root` to all ranks, in rank order: the reverse of {@link gatherv}.
   * @param send    on `root` an array of at least the sum of `counts`; not read elsewhere, pass `null`
   * @param counts  on `root` the length of every rank's block; not read elsewhere, pass `null`
   * @param recv    exactly as long as this rank's count
   */
  scatterv<T extends NumericArray>(send: T | null, counts: ArrayLike<number> | null, recv: T, root?: number): void;

  /**
   * As {@link gather}, with the result on every rank.
   * @param recv  `size · send.length` on every rank
   */
  allgather<T extends NumericArray>(send: T, recv: T): void;

  /**
   * As {@link gatherv}, with the result on every rank.
   * @param recv    at least the sum of `counts`
   * @param counts  the length of every rank's `send`, the same on all ranks
   */
  allgatherv<T extends NumericArray>(send: T, recv: T, counts: ArrayLike<number>): void;

  /**
   * Sends `buf` to one rank. May return before the message has arrived, or may wait for the receiver: a program must
   * not rely on either. Two ranks that both `send` first and then `recv` block each other once messages are large;
   * use {@link sendrecv}.
   * @param dest  0 … size - 1
   * @param tag   0 … 32767, default 0
   * @throws {MpiError} `ERR_BUFFER`, `ERR_RANK`, `ERR_TAG`
   */
  send(buf: NumericArray, dest: number, tag?: number): void;

  /**
   * Receives one message into `buf`. Messages from one rank with one tag arrive in the order sent.
   * @param buf     at least as long as the message; elements past the message keep their values
   * @param source  a rank or {@link ANY_SOURCE}, the default
   * @param tag     a tag or {@link ANY_TAG}, the default
   * @throws {MpiError} `ERR_TRUNCATE` when the message is longer than `buf`
   */
  recv(buf: NumericArray, source?: number, tag?: number): Status;

  /**
   * Sends and receives at the same time: the safe way for ranks to exchange buffers, in pairs, rings or halos.
   * @param tag  of both messages, 0 … 32767, default 0
   * @returns    the status of the received message
   * @example Shift around a ring.
   * ```ts
   * const left = (world.rank + world.size - 1) % world.size;
   * const right = (world.rank + 1) % world.size;
   * world.sendrecv(mine, right, fromLeft, left);
   * ```
   */
  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag?: number): Status;

  /**
   * Gives every rank a copy of `root`'s value.
   * @param value  any value the codec takes; read on `root` only
   * @throws {MpiError} `ERR_REMOTE` on every rank when `root` cannot encode the value
   */
  bcastObject<T>(value: T | undefined, root?: number): T;

  /**
   * Collects one value per rank.
   * @returns  on `root` the values in rank order, elsewhere `null`
   * @throws {MpiError} `ERR_REMOTE` on every rank when any rank cannot encode its value
   */
  gatherObject<T>(value: T, root?: number): T[] | null;

  /** As {@link gatherObject}, with the values on every rank. */
  allgatherObject<T>(value: T): T[];

  /**
   * Gives rank r a copy of `values[r]`.
   * @param values  on `root` one value per rank; not read elsewhere, pass `null`
   * @throws {MpiError} `ERR_COUNT` or `ERR_REMOTE` on every rank
   */
  scatterObject<T>(values: readonly T[] | null, root?: number): T;

  /**
   * Folds one value per rank with `combine`, in rank order and along a tree whose shape depends on `size` only: the
   * same bits under every transport. `combine` need not commute; it must associate as far as the program cares.
   * @param combine  gets the value of lower ranks first; may change and return its first argument
   * @returns        the result on `root`, elsewhere `null`
   * @throws {MpiError} `ERR_REMOTE` on every other rank when `combine` throws or a value cannot be encoded
   */
  reduceObject<T>(value: T, combine: (lower: T, higher: T) => T, root?: number): T | null;

  /** As {@link reduceObject}, with a copy of the result on every rank. */
  allreduceObject<T>(value: T, combine: (lower: T, higher: T) => T): T;

  /**
   * Sends a value to one rank, to be received by {@link recvObject}.
   * @throws {MpiError} `ERR_REMOTE` on both sides when the value cannot be encoded
   */
  sendObject(value: unknown, dest: number, tag?: number): void;

  /**
   * Receives a value sent by {@link sendObject}.
   * @param source  a rank or {@link ANY_SOURCE}, the default
   * @param tag     a tag or {@link ANY_TAG}, the default
   * @throws {MpiError} `ERR_TYPE` when the message was sent by `send`, `ERR_REMOTE` when the sender could not encode
   */
  recvObject<T>(source?: number, tag?: number): ReceivedObject<T>;

  /**
   * Divides the group: ranks that pass the same `color` form a new communicator.
   * @param color  an integer 0 … 2^31 - 1, or `null` to be left out
   * @param key    orders the ranks of the new group, ties by old rank; default 0
   * @returns      the new communicator, `null` for a rank left out
   * @example
   * ```ts
   * const half = world.split(world.rank % 2);
   * ```
   */
  split(color: number | null, key?: number): Communicator | null;

  /** The same group with a separate message space, for a library that must not meet the messages of its caller. */
  dup(): Communicator;

  /**
   * Releases a communicator made by {@link split} or {@link dup}. Collective. Later calls on it throw `ERR_COMM`. Not
   * tied to garbage collection, which runs at different times on different ranks; unreleased ones end with the job.
   */
  free(): void;

  /**
   * Ends every process of the job at once. Does not return.
   * @param code    exit code of the job, 1 … 125, default 1
   * @param reason  one line for standard error
   */
  abort(code?: number, reason?: string): never;

  /** Seconds on a monotonic clock. Only differences on one rank mean something. */
  wtime(): number;
}
