/**
 * What the C++ side offers, call by call. Arguments are checked by the caller; a failed MPI call throws the error that
 * the function given to {@link NativeMpi.init} makes of it.
 */
import type { NumericArray } from './communicator.js';
import type { CloseFailure } from './state.js';

/** Makes the error for a failed call. */
export type CreateError = (code: string, call: string, rawCode: number, detail: string) => Error;

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

/** The functions of `openmpi.node` and `mpich.node`. */
export interface NativeMpi {
  /** `maxCount`: longest piece of one MPI call, in elements; `watchdogSeconds`: 0 for none. */
  init(createError: CreateError, maxCount: number, watchdogSeconds: number): NativeWorld;
  /** Limits in seconds, 0 for none. `limitUnseen` holds while ranks on other hosts are awaited. */
  close(limit: number, limitUnseen: number): CloseFailure | null;
  abort(code: number): never;
  active(): boolean;
  wtime(): number;
  split(handle: number, color: number, key: number): NativeGroup | null;
  dup(handle: number): NativeGroup;
  free(handle: number): void;
  barrier(handle: number): void;
  bcast(handle: number, buf: NumericArray, root: number): void;
  allreduce(handle: number, buf: NumericArray, op: number): void;
  reduce(handle: number, buf: NumericArray, op: number, root: number): void;
  exchange(handle: number, send: Float64Array, recv: Float64Array): void;
  gather(handle: number, send: NumericArray, recv: NumericArray | null, root: number): void;
  gatherv(
    handle: number,
    send: NumericArray,
    recv: NumericArray | null,
    counts: Float64Array | null,
    root: number,
  ): void;
  scatter(handle: number, send: NumericArray | null, recv: NumericArray, root: number): void;
  scatterv(
    handle: number,
    send: NumericArray | null,
    counts: Float64Array | null,
    recv: NumericArray,
    root: number,
  ): void;
  allgather(handle: number, send: NumericArray, recv: NumericArray): void;
  allgatherv(handle: number, send: NumericArray, recv: NumericArray, counts: Float64Array): void;
  send(handle: number, buf: NumericArray, dest: number, tag: number): void;
  recv(handle: number, buf: NumericArray, source: number, tag: number, status: Float64Array): void;
  sendrecv(
    handle: number,
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void;
}

/** The functions of `loader.node`. */
export interface NativeLoader {
  /** Opens a library for everyone in this process and tells its family, or says why it could not be opened. */
  open(name: string): LoadedLibrary | { readonly message: string };
}

/** An MPI library that was opened. */
export interface LoadedLibrary {
  readonly family: 'openmpi' | 'mpich';
  readonly path: string;
}
