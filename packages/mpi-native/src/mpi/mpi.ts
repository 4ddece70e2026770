import { kindOf } from '../buffers/arrays.js';
import { type Frame, SLOT, WORD } from '../buffers/frame.js';
import type { NumericArray } from '../contract/messages.js';
import type { NativeGroup, NativeMpi } from '../contract/native.js';
import type { Pending, Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';

const MAX_INT = 2 ** 31 - 1;

/** What every communicator of a process shares. */
export interface MpiPlace {
  readonly native: NativeMpi;
  readonly frame: Frame;
  /** Most elements in one count of an MPI call. */
  maxCount: number;
}

/** Ranks that are processes, connected by an MPI library. */
export class MpiTransport implements Transport {
  readonly kind = 'mpi';
  readonly rank: number;
  readonly size: number;
  readonly status: Float64Array;
  readonly #place: MpiPlace;
  readonly #native: NativeMpi;
  readonly #frame: Frame;
  readonly #words: Float64Array;
  #handle: number;

  constructor(place: MpiPlace, group: NativeGroup) {
    this.#place = place;
    this.#native = place.native;
    this.#frame = place.frame;
    this.#words = place.frame.words;
    this.status = place.frame.status;
    this.#handle = group.handle;
    this.rank = group.rank;
    this.size = group.size;
  }

  barrier(): void {
    this.#words[WORD.group] = this.#handle;
    this.#native.barrier();
  }
  bcast(buf: NumericArray, root: number): void {
    const passed = this.#pass(buf, SLOT.bcast, root, 0);
    this.#native.bcast(passed);
    this.#frame.remember(passed, SLOT.bcast);
  }
  allreduce(buf: NumericArray, op: number): void {
    const passed = this.#pass(buf, SLOT.allreduce, 0, op);
    this.#native.allreduce(passed);
    this.#frame.remember(passed, SLOT.allreduce);
  }
  reduce(buf: NumericArray, op: number, root: number): void {
    const passed = this.#pass(buf, SLOT.reduce, root, op);
    this.#native.reduce(passed);
    this.#frame.remember(passed, SLOT.reduce);
  }
  scan(buf: NumericArray, op: number): void {
    this.#describe(buf, 0, op);
    this.#native.scan(buf);
  }
  exscan(buf: NumericArray, op: number): void {
    this.#describe(buf, 0, op);
    this.#native.exscan(buf);
  }
  reduceScatter(send: NumericArray, recv: NumericArray, counts: Float64Array, op: number): void {
    this.#describe(send, 0, op);
    this.#native.reduceScatter(send, recv, counts);
  }
  gather(send: NumericArray, recv: NumericArray | null, root: number): void {
    this.#describe(send, root);
    this.#native.gather(send, recv);
  }
  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void {
    if (recv !== null) this.#checkReach(counts, recv.length, 'gatherv');
    this.#describe(send, root);
    this.#native.gatherv(send, recv, counts);
  }
  scatter(send: NumericArray | null, recv: NumericArray, root: number): void {
    this.#describe(recv, root);
    this.#native.scatter(send, recv);
  }
  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void {
    if (send !== null) this.#checkReach(counts, send.length, 'scatterv');
    this.#describe(recv, root);
    this.#native.scatterv(send, counts, recv);
  }
  allgather(send: NumericArray, recv: NumericArray): void {
    this.#describe(send, 0);
    this.#native.allgather(send, recv);
  }
  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    this.#checkReach(counts, recv.length, 'allgatherv');
    this.#describe(send, 0);
    this.#native.allgatherv(send, recv, counts);
  }
  alltoall(send: NumericArray, recv: NumericArray): void {
    this.#describe(send, 0);
    this.#native.alltoall(send, recv);
  }
  alltoallv(send: NumericArray, sendCounts: Float64Array, recv: NumericArray, recvCounts: Float64Array): void {
    this.#checkReach(sendCounts, send.length, 'alltoallv');
    this.#checkReach(recvCounts, recv.length, 'alltoallv');
    this.#describe(send, 0);
    this.#native.alltoallv(send, sendCounts, recv, recvCounts);
  }
  send(buf: NumericArray, dest: number, tag: number): void {
    const passed = this.#pass(buf, SLOT.send, dest, 0);
    this.#words[WORD.tag] = tag;
    this.#native.send(passed);
    this.#frame.remember(passed, SLOT.send);
  }
  recv(buf: NumericArray, source: number, tag: number): void {
    const passed = this.#pass(buf, SLOT.recv, 0, 0);
    this.#want(source, tag);
    this.#native.recv(passed);
    this.#frame.remember(passed, SLOT.recv);
  }
  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag: number): void {
    this.#describe(send, dest);
    this.#words[WORD.recvKind] = kindOf(recv);
    this.#want(source, tag);
    this.#native.sendrecv(send, recv);
  }
  probe(source: number, tag: number): void {
    this.#want(source, tag);
    this.#native.probe();
  }
  iprobe(source: number, tag: number): boolean {
    this.#want(source, tag);
    return this.#native.iprobe();
  }
  isend(buf: NumericArray, dest: number, tag: number): Pending {
    this.#describe(buf, dest);
    this.#words[WORD.tag] = tag;
    this.#native.isend(buf);
    return this.#started();
  }
  irecv(buf: NumericArray, source: number, tag: number): Pending {
    this.#describe(buf, 0);
    this.#want(source, tag);
    this.#native.irecv(buf);
    return this.#started();
  }
  iallreduce(buf: NumericArray, op: number): Pending {
    this.#describe(buf, 0, op);
    this.#native.iallreduce(buf);
    return this.#started();
  }
  exchange(send: Float64Array, recv: Float64Array): void {
    this.#describe(send, 0);
    this.#native.exchange(send, recv);
  }
  split(color: number, key: number): Transport | null {
    this.#words[WORD.group] = this.#handle;
    const group = this.#native.split(color, key);
    return group === null ? null : new MpiTransport(this.#place, group);
  }
  splitHost(key: number): Transport {
    this.#words[WORD.group] = this.#handle;
    return new MpiTransport(this.#place, this.#native.splitHost(key));
  }
  dup(): Transport {
    this.#words[WORD.group] = this.#handle;
    return new MpiTransport(this.#place, this.#native.dup());
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

  /** Describes a call on a buffer that the native layer may know. Returns what to pass. */
  #pass(buf: NumericArray, slot: number, rank: number, op: number): NumericArray | null {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.rank] = rank;
    this.#words[WORD.op] = op;
    return this.#frame.pass(buf, slot);
  }

  /** Tells the native layer the communicator, the type of the buffers that are passed, and the root or the receiver. */
  #describe(buf: NumericArray, rank: number, op = 0): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.kind] = kindOf(buf);
    this.#words[WORD.rank] = rank;
    this.#words[WORD.op] = op;
  }

  #want(source: number, tag: number): void {
    this.#words[WORD.group] = this.#handle;
    this.#words[WORD.source] = source;
    this.#words[WORD.tag] = tag;
  }

  #started(): Pending {
    const words = this.#words;
    const native = this.#native;
    const id = words[WORD.request] as number; // the frame has this word
    return {
      test(isPolled) {
        words[WORD.request] = id;
        return native.test(isPolled);
      },
      wait() {
        words[WORD.request] = id;
        native.wait();
      },
    };
  }

  /** Displacements are int: the native layer counts them from element 0, in a long buffer from element `maxCount`. */
  #checkReach(counts: Float64Array | null, length: number, call: string): void {
    const origin = length > this.#place.maxCount ? this.#place.maxCount : 0;
    if (counts === null || length - origin <= MAX_INT) return;
    let start = 0;
    for (let rank = 0; rank < counts.length; rank++) {
      if (start - origin > MAX_INT) {
        throw new MpiError(
          `the block of rank ${rank} starts at element ${start}, beyond what one call can address. Use several calls.`,
          { code: 'ERR_COUNT', call },
        );
      }
      start += counts[rank] as number; // one count for each rank
    }
  }
}
