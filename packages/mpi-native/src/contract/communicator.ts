import type {
  FoundMessage,
  NumericArray,
  ReceivedObject,
  ReduceFunction,
  ReduceOp,
  Request,
  Status,
} from './messages.js';

/** How the ranks of a communicator exchange messages. */
export type TransportKind = 'self' | 'mpi' | 'workers';

/**
 * A group of ranks that run the same program and exchange messages.
 *
 * Every method blocks the calling thread until its part is done, except `iprobe` and those that return a
 * {@link Request}. **Collective** methods (all but messages between two ranks, `abort`, `wtime` and the properties) must
 * be called by every rank of the group, in the same order, with the same element type, root and operation. A rank that
 * throws must be allowed to reach the top level: the runtime then ends the whole job. A rank that catches an error and
 * goes on alone can make the others wait without end.
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
   * bits on all ranks. The library chooses the order of a floating-point sum: it may differ between MPI families and
   * between numbers of ranks.
   * @param op  default `'sum'`; integer sums wrap around. A function is called on this thread, in an order that depends on
   *            the number of ranks only
   * @returns   `buf`
   * @throws {MpiError} `ERR_BUFFER`, `ERR_OP` for a logical or bitwise operation on floating-point numbers, `ERR_REMOTE` on
   *   every rank when a function throws on any
   */
  allreduce<T extends NumericArray>(buf: T, op?: ReduceOp | ReduceFunction<T>): T;
  /**
   * The same from `send` into `recv`, which has the same type and length. `send` keeps its contents.
   * @returns `recv`
   */
  allreduce<T extends NumericArray>(send: T, recv: T, op?: ReduceOp | ReduceFunction<T>): T;

  /**
   * As {@link allreduce}, but only `root` receives the result; `buf` of the other ranks keeps its contents.
   * @param root  default 0
   * @returns     `buf`
   */
  reduce<T extends NumericArray>(buf: T, op?: ReduceOp | ReduceFunction<T>, root?: number): T;
  /**
   * The same from `send` into `recv` of the root; the other ranks pass `null`.
   * @returns `recv`
   */
  reduce<T extends NumericArray, R extends T | null>(
    send: T,
    recv: R,
    op?: ReduceOp | ReduceFunction<T>,
    root?: number,
  ): R;

  /**
   * Reduces over this rank and all lower ones, in place: afterwards `buf[i]` on rank r is `op` over `buf[i]` of ranks
   * 0 … r.
   * @returns `buf`
   */
  scan<T extends NumericArray>(buf: T, op?: ReduceOp | ReduceFunction<T>): T;

  /**
   * As {@link scan} over the lower ranks alone, without this one. On rank 0 `buf` keeps its contents.
   * @returns `buf`
   * @example Where this rank's part begins in a file.
   * ```ts
   * const bytes = 100 + world.rank;
   * const start = world.rank === 0 ? 0 : world.exscan(Float64Array.of(bytes))[0];
   * ```
   */
  exscan<T extends NumericArray>(buf: T, op?: ReduceOp | ReduceFunction<T>): T;

  /**
   * Reduces elementwise over all ranks and gives each rank one block of the result.
   * @param send    as long as all blocks together, on every rank
   * @param recv    this rank's block; must not overlap `send`
   * @param counts  the length of every rank's block, the same on all ranks; `null` for blocks of equal size
   * @returns       `recv`
   * @throws {MpiError} `ERR_COUNT`, `ERR_BUFFER`
   */
  reduceScatter<T extends NumericArray>(
    send: T,
    recv: T,
    counts?: ArrayLike<number> | null,
    op?: ReduceOp | ReduceFunction<T>,
  ): T;

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
   * Every rank sends a block to every rank: block s of `recv` is what rank s has as the block of this rank.
   * @param send  `size` blocks of equal length, the same on every rank
   * @param recv  as long as `send`; must not overlap it
   */
  alltoall<T extends NumericArray>(send: T, recv: T): void;

  /**
   * As {@link alltoall}, with blocks of different sizes, in rank order and without gaps.
   * @param send        at least the sum of `sendCounts`
   * @param sendCounts  the length of the block for each rank
   * @param recv        at least the sum of `recvCounts`; must not overlap `send`
   * @param recvCounts  the length of the block from each rank: what that rank has as its count for this one
   * @throws {MpiError} `ERR_COUNT`, `ERR_BUFFER`
   */
  alltoallv<T extends NumericArray>(
    send: T,
    sendCounts: ArrayLike<number>,
    recv: T,
    recvCounts: ArrayLike<number>,
  ): void;

  /**
   * Sends `buf` to one rank. May return before the message has arrived, or may wait for the receiver: a program must
   * not rely on either. Two ranks that both `send` first and then `recv` block each other once messages are large;
   * use {@link sendrecv} or {@link isend}.
   * @param dest  0 … size - 1, or {@link PROC_NULL}
   * @param tag   0 … 32767, default 0
   * @throws {MpiError} `ERR_BUFFER`, `ERR_RANK`, `ERR_TAG`
   */
  send(buf: NumericArray, dest: number, tag?: number): void;

  /**
   * Receives one message into `buf`. Messages from one rank with one tag arrive in the order sent.
   * @param buf     at least as long as the message; elements past the message keep their values
   * @param source  a rank, {@link ANY_SOURCE}, the default, or {@link PROC_NULL}
   * @param tag     a tag or {@link ANY_TAG}, the default
   * @throws {MpiError} `ERR_TRUNCATE` when the message is longer than `buf`, `ERR_TYPE` when it is not a whole number of
   *   elements: it is lost. `ERR_TYPE` too when it was sent by {@link sendObject}: it waits for {@link recvObject}
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
   * Waits for a message and describes it, without receiving it: for a receiver that does not know the length.
   * @param source  a rank, {@link ANY_SOURCE}, the default, or {@link PROC_NULL}
   * @param tag     a tag or {@link ANY_TAG}, the default
   * @example
   * ```ts
   * const { source, tag, bytes } = world.probe();
   * const message = new Float64Array(bytes / 8);
   * world.recv(message, source, tag);
   * ```
   */
  probe(source?: number, tag?: number): FoundMessage;

  /** As {@link probe}, without waiting: `null` when there is no such message yet. */
  iprobe(source?: number, tag?: number): FoundMessage | null;

  /**
   * Starts a {@link send}. The request is finished when `buf` may be used again.
   * @throws {MpiError} `ERR_BUFFER` also for a resizable buffer: its memory could go away meanwhile
   */
  isend(buf: NumericArray, dest: number, tag?: number): Request<void>;

  /** Starts a {@link recv}. The result is the status. Receives match messages in the order in which they were started. */
  irecv(buf: NumericArray, source?: number, tag?: number): Request<Status>;

  /**
   * Starts an {@link allreduce}, in place. Collective: every rank starts it, in the same order among its collective calls.
   * The result is `buf`.
   * @param op  not a function
   */
  iallreduce<T extends NumericArray>(buf: T, op?: ReduceOp): Request<T>;
  /** The same from `send` into `recv`, which is the result. */
  iallreduce<T extends NumericArray>(send: T, recv: T, op?: ReduceOp): Request<T>;

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
   * @param dest  0 … size - 1, or {@link PROC_NULL}
   * @throws {MpiError} `ERR_REMOTE` on both sides when the value cannot be encoded
   */
  sendObject(value: unknown, dest: number, tag?: number): void;

  /**
   * Receives a value sent by {@link sendObject}. From {@link PROC_NULL} the value is `undefined`.
   * @param source  a rank or {@link ANY_SOURCE}, the default
   * @param tag     a tag or {@link ANY_TAG}, the default
   * @throws {MpiError} `ERR_TYPE` when the message was sent by `send`, and waits for `recv`; `ERR_REMOTE` when the sender
   *   could not encode
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

  /**
   * Divides the group by what its ranks share.
   * @param type  `'host'`: ranks of one host, which can share memory, form a new communicator
   * @param key   orders the ranks of the new group, ties by old rank; default 0
   */
  splitType(type: 'host', key?: number): Communicator;

  /** The same group with a separate message space, for a library that must not meet the messages of its caller. */
  dup(): Communicator;

  /**
   * Releases a communicator made by {@link split}, {@link splitType} or {@link dup}. Collective. Later calls on it throw `ERR_COMM`. Not
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
