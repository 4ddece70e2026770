import type { NumericArray } from './communicator.js';
import type { NativeGroup, NativeMpi } from './native.js';
import type { Transport } from './transport.js';

/** Ranks that are processes, connected by an MPI library. */
export class MpiTransport implements Transport {
  readonly kind = 'mpi';
  readonly rank: number;
  readonly size: number;
  readonly #native: NativeMpi;
  #handle: number;

  constructor(native: NativeMpi, group: NativeGroup) {
    this.#native = native;
    this.#handle = group.handle;
    this.rank = group.rank;
    this.size = group.size;
  }

  barrier(): void {
    this.#native.barrier(this.#handle);
  }
  bcast(buf: NumericArray, root: number): void {
    this.#native.bcast(this.#handle, buf, root);
  }
  allreduce(buf: NumericArray, op: number): void {
    this.#native.allreduce(this.#handle, buf, op);
  }
  reduce(buf: NumericArray, op: number, root: number): void {
    this.#native.reduce(this.#handle, buf, op, root);
  }
  gather(send: NumericArray, recv: NumericArray | null, root: number): void {
    this.#native.gather(this.#handle, send, recv, root);
  }
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void {
    this.#native.gatherv(this.#handle, send, recv, counts, root);
  }
  scatter(send: NumericArray | null, recv: NumericArray, root: number): void {
    this.#native.scatter(this.#handle, send, recv, root);
  }
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void {
    this.#native.scatterv(this.#handle, send, counts, recv, root);
  }
  allgather(send: NumericArray, recv: NumericArray): void {
    this.#native.allgather(this.#handle, send, recv);
  }
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    this.#native.allgatherv(this.#handle, send, recv, counts);
  }
  send(buf: NumericArray, dest: number, tag: number): void {
    this.#native.send(this.#handle, buf, dest, tag);
  }
  recv(buf: NumericArray, source: number, tag: number, status: Float64Array): void {
    this.#native.recv(this.#handle, buf, source, tag, status);
  }
  sendrecv(
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void {
    this.#native.sendrecv(this.#handle, send, dest, recv, source, tag, status);
  }
  exchange(send: Float64Array, recv: Float64Array): void {
    this.#native.exchange(this.#handle, send, recv);
  }
  split(color: number, key: number): Transport | null {
    const group = this.#native.split(this.#handle, color, key);
    return group === null ? null : new MpiTransport(this.#native, group);
  }
  dup(): Transport {
    return new MpiTransport(this.#native, this.#native.dup(this.#handle));
  }
  free(): void {
    this.#native.free(this.#handle);
    this.#handle = -1; // the native side may give the number to another communicator
  }
  abort(code: number): never {
    return this.#native.abort(code);
  }
  wtime(): number {
    return this.#native.wtime();
  }
}
