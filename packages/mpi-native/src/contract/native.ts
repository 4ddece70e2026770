/**
 * What the C++ side offers, call by call. Arguments are checked by the caller; a failed MPI call throws the error that
 * the function given to {@link NativeMpi.init} creates.
 */
import type { NumericArray } from './messages.js';

/** Makes the error for a failed call. */
export type CreateError = (code: string, call: string, rawCode: number, detail: string) => Error;

/** Why {@link NativeMpi.close} gave up, in the order of the native layer's numbers. */
export const CLOSE_REASONS = ['mismatch', 'timed out', 'stuck', 'not received'] as const;

/** A communicator on the native side. */
export interface NativeGroup {
  readonly handle: number;
  readonly rank: number;
  readonly size: number;
}

/** The job after start-up. */
export interface NativeWorld extends NativeGroup {
  readonly family: 'openmpi' | 'mpich';
  /** The library's own version text. */
  readonly library: string;
}

/**
 * The functions of `openmpi.node` and `mpich.node`. Those after `wtime` act on the communicator in the frame; the
 * comment names what else they read from it. Where a buffer is `null` and `known` is set, they use the one they keep.
 */
export interface NativeMpi {
  /** `watchdogSeconds`: 0 for none. */
  init(createError: CreateError, frame: Float64Array, watchdogSeconds: number, isOneHost: boolean): NativeWorld;
  /** `maxCount`: most elements in one count of an MPI call. */
  configure(maxCount: number, watchdogSeconds: number): void;
  /** Limits in seconds, 0 for none. `limitUnseen` holds while ranks on other hosts are awaited. */
  close(limit: number, limitUnseen: number): NativeFailure | null;
  abort(code: number): never;
  active(): boolean;
  /** Whether this rank is the first of its host to ask: the one that prints why the job fails. */
  claimReport(): boolean;
  wtime(): number;
  /** `color` -1 leaves this rank out. */
  split(color: number, key: number): NativeGroup | null;
  splitHost(key: number): NativeGroup;
  dup(): NativeGroup;
  free(): void;
  barrier(): void;
  /** kind, rank */
  bcast(buf: NumericArray | null): void;
  /** kind, op */
  allreduce(buf: NumericArray | null): void;
  /** kind, op, rank */
  reduce(buf: NumericArray | null): void;
  /** kind, op */
  scan(buf: NumericArray): void;
  /** kind, op */
  exscan(buf: NumericArray): void;
  /** kind, op */
  reduceScatter(send: NumericArray, recv: NumericArray, counts: Float64Array): void;
  /** kind */
  exchange(send: Float64Array, recv: Float64Array): void;
  /** kind, rank */
  gather(send: NumericArray, recv: NumericArray | null): void;
  /** kind, rank */
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null): void;
  /** kind, rank */
  scatter(send: NumericArray | null, recv: NumericArray): void;
  /** kind, rank */
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray): void;
  /** kind */
  allgather(send: NumericArray, recv: NumericArray): void;
  /** kind */
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void;
  /** kind */
  alltoall(send: NumericArray, recv: NumericArray): void;
  /** kind */
  alltoallv(send: NumericArray, sendCounts: Float64Array, recv: NumericArray, recvCounts: Float64Array): void;
  /** kind, rank, tag */
  send(buf: NumericArray | null): void;
  /** kind, source, tag; writes source, tag, count */
  recv(buf: NumericArray | null): void;
  /** kind, rank, recvKind, source, tag; writes source, tag, count */
  sendrecv(send: NumericArray, recv: NumericArray): void;
  /** source, tag; writes source, tag, count */
  probe(): void;
  /** source, tag; writes source, tag, count where there is a message */
  iprobe(): boolean;
  /** kind, rank, tag; writes request */
  isend(buf: NumericArray): void;
  /** kind, source, tag; writes request */
  irecv(buf: NumericArray): void;
  /** kind, op; writes request */
  iallreduce(buf: NumericArray): void;
  /** request; a receive that is over writes source, tag, count */
  test(isPolled: boolean): boolean;
  /** request; a receive writes source, tag, count */
  wait(): void;
}

/** What {@link NativeMpi.close} found. */
export interface NativeFailure {
  /** Index into {@link CLOSE_REASONS}. */
  readonly reason: number;
  readonly rank: number;
  readonly call: string;
  readonly ranks: string;
}

/** The functions of `loader.node`. */
export interface NativeLoader {
  /** Opens a library for the whole process and returns its family, or why it could not be opened. */
  open(name: string): LoadedLibrary | { readonly message: string };
}

/** An MPI library that was opened. */
export interface LoadedLibrary {
  readonly family: 'openmpi' | 'mpich';
  readonly path: string;
}
