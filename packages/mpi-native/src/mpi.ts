import { kindOf } from './arrays.js';
import type { NumericArray } from './communicator.js';
import { type Frame, SLOT, WORD } from './frame.js';
import type { NativeGroup, NativeMpi } from './native.js';
import type { Transport } from './transport.js';

/** Ranks that are processes, connected by an MPI library. */
export class MpiTransport implements Transport {
  readonly kind = 'mpi';
  readonly rank: number;
  readonly size: number;
  readonly #native: NativeMpi;
  readonly #frame: Frame;
  readonly #words: Float64Array;
  #handle: number;

  constructor(native: NativeMpi, frame: Frame, group: NativeGroup) {
    this.#native = native;
    this.#frame = frame;
    this.#words = frame.words;
    this.#handle = group.handle;
    this.rank = group.rank;
    this.size = group.size;
  }

  barrier(): void {
    this.#words[WORD.group] = this.#handle;
    this.#native.barrier();
  }
  bcast(buf: NumericArray, root: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.rank] = root;
    const passed = this.#frame.pass(buf, SLOT.bcast);
    this.#native.bcast(passed);
    this.#frame.remember(passed, SLOT.bcast);
  }
  allreduce(buf: NumericArray, op: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.op] = op;
    const passed = this.#frame.pass(buf, SLOT.allreduce);
    this.#native.allreduce(passed);
    this.#frame.remember(passed, SLOT.allreduce);
  }
  reduce(buf: NumericArray, op: number, root: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.rank] = root;
    this.#words[WORD.op] = op;
    const passed = this.#frame.pass(buf, SLOT.reduce);
    this.#native.reduce(passed);
    this.#frame.remember(passed, SLOT.reduce);
  }
  gather(send: NumericArray, recv: NumericArray | null, root: number): void {
    this.#describe(send, root);
    this.#native.gather(send, recv);
  }
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void {
    this.#describe(send, root);
    this.#native.gatherv(send, recv, counts);
  }
  scatter(send: NumericArray | null, recv: NumericArray, root: number): void {
    this.#describe(recv, root);
    this.#native.scatter(send, recv);
  }
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void {
    this.#describe(recv, root);
    this.#native.scatterv(send, counts, recv);
  }
  allgather(send: NumericArray, recv: NumericArray): void {
    this.#describe(send, 0);
    this.#native.allgather(send, recv);
  }
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    this.#describe(send, 0);
    this.#native.allgatherv(send, recv, counts);
  }
  send(buf: NumericArray, dest: number, tag: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.rank] = dest;
    this.#words[WORD.tag] = tag;
    const passed = this.#frame.pass(buf, SLOT.send);
    this.#native.send(passed);
    this.#frame.remember(passed, SLOT.send);
  }
  recv(buf: NumericArray, source: number, tag: number, status: Float64Array): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.source] = source;
    this.#words[WORD.tag] = tag;
    const passed = this.#frame.pass(buf, SLOT.recv);
    this.#native.recv(passed);
    this.#frame.remember(passed, SLOT.recv);
    this.#report(status);
  }
  sendrecv(
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void {
    this.#describe(send, dest);
    this.#words[WORD.recvKind] = kindOf(recv);
    this.#words[WORD.source] = source;
    this.#words[WORD.tag] = tag;
    this.#native.sendrecv(send, recv);
    this.#report(status);
  }
  exchange(send: Float64Array, recv: Float64Array): void {
    this.#describe(send, 0);
    this.#native.exchange(send, recv);
  }
  split(color: number, key: number): Transport | null {
    this.#words[WORD.group] = this.#handle;
    const group = this.#native.split(color, key);
    return group === null ? null : new MpiTransport(this.#native, this.#frame, group);
  }
  dup(): Transport {
    this.#words[WORD.group] = this.#handle;
    return new MpiTransport(this.#native, this.#frame, this.#native.dup());
  }
  free(): void {
    this.#words[WORD.group] = this.#handle;
    this.#native.free();
    this.#handle = -1; // the native side may give the number to another communicator
  }
  abort(code: number): never {
    return this.#native.abort(code);
  }
  wtime(): number {
    return this.#native.wtime();
  }

  /** Tells the native layer the communicator, the type of the buffers that are passed, and the root or the receiver. */
  #describe(buf: NumericArray, rank: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.kind] = kindOf(buf);
    this.#words[WORD.rank] = rank;
  }

  #report(status: Float64Array): void {
    status[0] = this.#words[WORD.source] as number; // the frame has these words
    status[1] = this.#words[WORD.tag] as number;
    status[2] = this.#words[WORD.count] as number;
  }
}
