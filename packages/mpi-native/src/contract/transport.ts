import type { TransportKind } from './communicator.js';
import type { NumericArray } from './messages.js';

/** Operations in the order in which the native layer numbers them. */
export const REDUCE_OPS = [
  'sum',
  'prod',
  'min',
  'max',
  'land',
  'lor',
  'band',
  'bor',
  'bxor',
  'minloc',
  'maxloc',
] as const;

/** Operations from here on, up to {@link FIRST_LOCATION_OP}, are logical or bitwise and need integers. */
export const FIRST_INTEGER_OP = 4;

/** Operations from here on work on pairs of a value and its location. */
export const FIRST_LOCATION_OP = 9;

/** A tag in the private message space of a communicator, which no wildcard of the program can match. */
export const PRIVATE_TAG = -2;

/** How a rank that ends the job says why: in words, and with the error if one was thrown. */
export type Tell = (reason: string, thrown?: { readonly error: unknown }) => void;

/** A call that was started. When it is over, {@link Transport.status} describes what a receive got. */
export interface Pending {
  /**
   * Whether it is over.
   * @param isPolled  the event loop asks, and the program does nothing else
   */
  test(isPolled: boolean): boolean;
  /** Returns when it is over. */
  wait(): void;
}

/**
 * What a way of moving bytes must offer. Arguments arrive checked: buffers are numeric arrays of fitting types and
 * lengths, ranks, roots and tags are in range, operations are indices into {@link REDUCE_OPS}, counts are integers, one
 * for each rank.
 */
export interface Transport {
  readonly kind: TransportKind;
  readonly rank: number;
  readonly size: number;
  /** Source, tag and number of elements of the message that was received or found last; a found one counts bytes. */
  readonly status: Float64Array;
  barrier(): void;
  bcast(buf: NumericArray, root: number): void;
  allreduce(buf: NumericArray, op: number): void;
  reduce(buf: NumericArray, op: number, root: number): void;
  scan(buf: NumericArray, op: number): void;
  exscan(buf: NumericArray, op: number): void;
  reduceScatter(send: NumericArray, recv: NumericArray, counts: Float64Array, op: number): void;
  gather(send: NumericArray, recv: NumericArray | null, root: number): void;
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void;
  scatter(send: NumericArray | null, recv: NumericArray, root: number): void;
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void;
  allgather(send: NumericArray, recv: NumericArray): void;
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void;
  alltoall(send: NumericArray, recv: NumericArray): void;
  alltoallv(send: NumericArray, sendCounts: Float64Array, recv: NumericArray, recvCounts: Float64Array): void;
  send(buf: NumericArray, dest: number, tag: number): void;
  recv(buf: NumericArray, source: number, tag: number): void;
  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag: number): void;
  probe(source: number, tag: number): void;
  /** Whether there is such a message. */
  iprobe(source: number, tag: number): boolean;
  isend(buf: NumericArray, dest: number, tag: number): Pending;
  irecv(buf: NumericArray, source: number, tag: number): Pending;
  iallreduce(buf: NumericArray, op: number): Pending;
  /** An allgather of the package itself. Under MPI it cannot pair with a collective call of the program. */
  exchange(send: Float64Array, recv: Float64Array): void;
  /** `color` -1 leaves this rank out. */
  split(color: number, key: number): Transport | null;
  splitHost(key: number): Transport;
  dup(): Transport;
  free(): void;
  /** Hears why this rank ends the job, just before {@link abort}. Without it the reason is printed. */
  readonly tell?: Tell | undefined;
  /** Ends the job. `code` is in 1 … 125. */
  abort(code: number): never;
  wtime(): number;
}
