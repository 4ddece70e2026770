import type { NumericArray, TransportKind } from './communicator.js';

/** Operations in the order in which the native layer numbers them. */
export const REDUCE_OPS = ['sum', 'prod', 'min', 'max', 'land', 'lor', 'band', 'bor', 'bxor'] as const;

/** Operations from here on are logical or bitwise and need integers. */
export const FIRST_INTEGER_OP = 4;

/** A tag in the private message space of a communicator, which no wildcard of the program can match. */
export const PRIVATE_TAG = -2;

/**
 * What a way of moving bytes must offer. Arguments arrive checked: buffers are numeric arrays of fitting types and
 * lengths, ranks, roots and tags are in range, operations are indices into {@link REDUCE_OPS}.
 *
 * `counts` holds integers; `status` receives source, tag and count.
 */
export interface Transport {
  readonly kind: TransportKind;
  readonly rank: number;
  readonly size: number;
  barrier(): void;
  bcast(buf: NumericArray, root: number): void;
  allreduce(buf: NumericArray, op: number): void;
  reduce(buf: NumericArray, op: number, root: number): void;
  gather(send: NumericArray, recv: NumericArray | null, root: number): void;
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void;
  scatter(send: NumericArray | null, recv: NumericArray, root: number): void;
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void;
  allgather(send: NumericArray, recv: NumericArray): void;
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void;
  send(buf: NumericArray, dest: number, tag: number): void;
  recv(buf: NumericArray, source: number, tag: number, status: Float64Array): void;
  sendrecv(
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void;
  /** An allgather of the package itself. Under MPI it cannot pair with a collective call of the program. */
  exchange(send: Float64Array, recv: Float64Array): void;
  /** `color` -1 leaves this rank out. */
  split(color: number, key: number): Transport | null;
  dup(): Transport;
  free(): void;
  /** Ends the job. `code` is in 1 … 125. */
  abort(code: number): never;
  wtime(): number;
}
