/**
 * Collective calls between ranks that share memory.
 *
 * Each rank owns a slot. A call passes through the slots in rounds: write your own slot, barrier, read the others',
 * barrier. A rank is in one collective call at a time, so one slot serves all groups.
 */
import { bytesOf } from '../buffers/arrays.js';
import { elementsOf, reduceInto } from '../buffers/elementwise.js';
import type { NumericArray } from '../contract/messages.js';
import { MpiError } from '../failures/errors.js';
import { CALLS, type Call, type ControlBlock, type SharedJob, slotBytes } from './sharedMemory.js';

// In front of each slot: the operation, and the number of bytes of its owner.
const SLOT_HEADER = 2;
const SLOT_HEADER_BYTES = 8 * SLOT_HEADER;
// Up to here every rank reduces everything itself, which saves a barrier.
const SMALL_BYTES = 4096;
// Pieces of a reduction do not divide a pair of two 8-byte numbers.
const MAX_UNIT = 16;

/** The slots of a job. */
export interface Slots {
  readonly headers: readonly Float64Array[];
  readonly bodies: readonly Uint8Array[];
}

/** The slots in the memory of the job, as this rank sees them. */
export function slotsOf(job: SharedJob): Slots {
  const bytes = slotBytes(job.size);
  const starts = Array.from({ length: job.size }, (_, rank) => rank * bytes);
  return {
    headers: starts.map((start) => new Float64Array(job.slots, start, SLOT_HEADER)),
    bodies: starts.map((start) => new Uint8Array(job.slots, start + SLOT_HEADER_BYTES, bytes - SLOT_HEADER_BYTES)),
  };
}

/** The ranks of a group, as ranks of the job. */
export interface Group {
  /** Number of its barrier. */
  readonly slot: number;
  readonly id: number;
  readonly members: readonly number[];
}

/** The collective calls of one group. */
export class SlotRounds {
  readonly rank: number;
  readonly size: number;
  readonly #control: ControlBlock;
  readonly #slots: Slots;
  readonly #group: Group;

  constructor(control: ControlBlock, slots: Slots, group: Group, rank: number) {
    this.rank = rank;
    this.size = group.members.length;
    this.#control = control;
    this.#slots = slots;
    this.#group = group;
  }

  /** Returns when every rank of the group has called it. */
  meet(call: Call): void {
    this.#control.barrier(this.#group.slot, this.size, call);
  }

  /** The same count for every rank. */
  equalCounts(count: number): Float64Array {
    return new Float64Array(this.size).fill(count);
  }

  #slot(rank: number): Uint8Array {
    return this.#slots.bodies[this.#group.members[rank] as number] as Uint8Array; // one per rank of the job
  }

  #header(rank: number): Float64Array {
    return this.#slots.headers[this.#group.members[rank] as number] as Float64Array; // one per rank of the job
  }

  /** Compares the headers of the ranks. Between the two barriers of a round every header is stable. */
  #checkHeaders(call: Call, operation: number, expected: (rank: number) => number): void {
    for (let rank = 0; rank < this.size; rank++) {
      const [theirs, bytes] = this.#header(rank) as unknown as [number, number]; // has two entries
      if (theirs !== operation) {
        const other = CALLS[theirs] ?? 'another collective call';
        throw new MpiError(`rank ${rank} is in ${other}: collective calls do not match.`, {
          code: 'ERR_MISMATCH',
          call,
        });
      }
      const wanted = expected(rank);
      if (wanted >= 0 && wanted !== bytes) {
        throw new MpiError(`rank ${rank} has ${bytes} bytes, this rank expects ${wanted}.`, {
          code: 'ERR_TRUNCATE',
          call,
        });
      }
    }
  }

  /** Every rank has a block of its own length; receivers put them side by side. */
  collect(call: Call, own: Uint8Array, all: Uint8Array | null, counts: Float64Array | null, elementSize: number): void {
    const operation = CALLS.indexOf(call);
    const slot = this.#slot(this.rank);
    const header = this.#header(this.rank);
    let rounds = 1;
    for (let round = 0; round < rounds; round++) {
      const start = round * slot.length;
      header[0] = operation;
      header[1] = own.length;
      if (start < own.length) slot.set(own.subarray(start, start + slot.length));
      this.meet(call);
      if (round === 0) {
        this.#checkHeaders(call, operation, (rank) => (counts === null ? -1 : counts[rank]! * elementSize));
        let longest = 0;
        for (let rank = 0; rank < this.size; rank++) longest = Math.max(longest, this.#header(rank)[1]!);
        rounds = Math.max(1, Math.ceil(longest / slot.length));
      }
      let offset = 0;
      for (let rank = 0; rank < this.size && all !== null; rank++) {
        const length = this.#header(rank)[1]!;
        const piece = Math.min(slot.length, length - start);
        if (piece > 0) all.set(this.#slot(rank).subarray(0, piece), offset + start);
        offset += length;
      }
      this.meet(call);
    }
  }

  /** A collect among the headers' own kind, inside another operation. */
  share(call: Call, own: Float64Array, all: Float64Array): void {
    this.collect(call, bytesOf(own), bytesOf(all), this.equalCounts(own.length), 8);
  }

  /** Each rank gets the part of the root's bytes that starts at `offset`. `total` -1: only the root knows it. */
  deal(call: Call, source: Uint8Array | null, own: Uint8Array, offset: number, total: number, root: number): void {
    const operation = CALLS.indexOf(call);
    const slot = this.#slot(root);
    const isRoot = this.rank === root;
    let rounds = 1;
    for (let round = 0; round < rounds; round++) {
      const start = round * slot.length;
      const header = this.#header(this.rank);
      header[0] = operation;
      header[1] = isRoot ? (source?.length ?? 0) : total;
      if (source !== null) slot.set(source.subarray(start, start + slot.length));
      this.meet(call);
      if (round === 0) {
        const length = this.#header(root)[1]!;
        this.#checkHeaders(call, operation, (rank) => (rank === root ? total : -1));
        rounds = Math.max(1, Math.ceil(length / slot.length));
      }
      const first = Math.max(offset, start);
      const last = Math.min(offset + own.length, start + slot.length);
      if (first < last) {
        if (source !== null) own.set(source.subarray(first, last), first - offset);
        else own.set(slot.subarray(first - start, last - start), first - offset);
      }
      this.meet(call);
    }
  }

  /** Where this rank's block starts in the root's buffer, in bytes. */
  offsetFromRoot(counts: Float64Array | null, recv: NumericArray, root: number): number {
    const offsets = new Float64Array(this.size + 1);
    if (counts !== null) {
      for (let rank = 0; rank < this.size; rank++) offsets[rank + 1] = offsets[rank]! + counts[rank]!;
    }
    const bytes = bytesOf(offsets);
    this.deal('scatter', this.rank === root ? bytes : null, bytes, 0, bytes.length, root);
    const count = offsets[this.rank + 1]! - offsets[this.rank]!;
    if (count === recv.length) return offsets[this.rank]! * recv.BYTES_PER_ELEMENT;
    throw new MpiError(`recv has ${recv.length} elements, rank ${root} sends ${count}.`, {
      code: 'ERR_TRUNCATE',
      call: 'scatterv',
    });
  }

  /** Reduces in rank order, so that every rank gets equal bits. `root` -1: every rank gets the result. */
  reduce(call: Call, buf: NumericArray, op: number, root: number): void {
    const isReceiver = root < 0 || root === this.rank;
    const own = bytesOf(buf);
    this.#inPieces(call, own, (start, length) => {
      const elements = length / buf.BYTES_PER_ELEMENT;
      if (length <= SMALL_BYTES) {
        if (isReceiver) this.#foldSlots(piece(buf, start, length), 0, elements, op, this.size);
        return;
      }
      // Each rank folds its share into rank 0's slot, where no other rank touches that share.
      const unit = elementsOf(op);
      const low = unit * Math.floor((elements * this.rank) / (unit * this.size));
      const high = unit * Math.floor((elements * (this.rank + 1)) / (unit * this.size));
      const target = viewLike(buf, this.#slot(0)).subarray(low, high) as NumericArray;
      this.#foldSlots(target, low, high, op, this.size);
      this.meet(call);
      if (isReceiver) own.set(this.#slot(0).subarray(0, length), start);
    });
  }

  /** Reduces over the first `ranks` ranks, in place; 0 leaves the buffer as it is. */
  prefix(call: Call, buf: NumericArray, op: number, ranks: number): void {
    this.#inPieces(call, bytesOf(buf), (start, length) => {
      if (ranks > 0) this.#foldSlots(piece(buf, start, length), 0, length / buf.BYTES_PER_ELEMENT, op, ranks);
    });
  }

  /** Reduces over all ranks, and keeps the part of the result that starts at element `offset`. */
  reducePart(call: Call, send: NumericArray, recv: NumericArray, offset: number, op: number): void {
    const { BYTES_PER_ELEMENT: size } = send;
    this.#inPieces(call, bytesOf(send), (start, length) => {
      const first = start / size;
      const low = Math.max(offset, first);
      const high = Math.min(offset + recv.length, first + length / size);
      if (low >= high) return;
      const target = recv.subarray(low - offset, high - offset) as NumericArray;
      this.#foldSlots(target, low - first, high - first, op, this.size);
    });
  }

  /** Every rank copies its block out of the bytes of every other one. `offsets`: where it starts there, in bytes. */
  exchangeBlocks(call: Call, send: Uint8Array, recv: Uint8Array, offsets: Float64Array, counts: Float64Array): void {
    const lengths = new Float64Array(this.size);
    this.share(call, Float64Array.of(send.length), lengths);
    const slot = this.#slot(this.rank);
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    for (let start = 0; start < longest; start += slot.length) {
      if (start < send.length) slot.set(send.subarray(start, start + slot.length));
      this.meet(call);
      let to = 0;
      for (let rank = 0; rank < this.size; rank++) {
        const offset = offsets[rank]!;
        const low = Math.max(offset, start);
        const high = Math.min(offset + counts[rank]!, start + slot.length);
        if (low < high) recv.set(this.#slot(rank).subarray(low - start, high - start), to + low - offset);
        to += counts[rank]!;
      }
      this.meet(call);
    }
  }

  /** Every rank has equally many bytes; `use` is called for one piece of them after another. */
  #inPieces(call: Call, own: Uint8Array, use: (start: number, length: number) => void): void {
    const slot = this.#slot(this.rank);
    const header = this.#header(this.rank);
    const room = slot.length - (slot.length % MAX_UNIT);
    let start = 0;
    do {
      const length = Math.min(room, own.length - start);
      header[0] = CALLS.indexOf(call);
      header[1] = own.length;
      slot.set(own.subarray(start, start + length));
      this.meet(call);
      if (start === 0) this.#checkHeaders(call, CALLS.indexOf(call), () => own.length);
      use(start, length);
      this.meet(call);
      start += length;
    } while (start < own.length);
  }

  #foldSlots(target: NumericArray, low: number, high: number, op: number, ranks: number): void {
    for (let rank = 0; rank < ranks; rank++) {
      const part = viewLike(target, this.#slot(rank)).subarray(low, high) as NumericArray;
      if (rank > 0) reduceInto(target, part, op);
      else if (part.byteOffset !== target.byteOffset || part.buffer !== target.buffer) {
        bytesOf(target).set(bytesOf(part));
      }
    }
  }
}

/** The part of an array that takes these bytes. */
function piece(buf: NumericArray, start: number, length: number): NumericArray {
  const { BYTES_PER_ELEMENT: size } = buf;
  return buf.subarray(start / size, (start + length) / size) as NumericArray;
}

function viewLike(like: NumericArray, bytes: Uint8Array): NumericArray {
  const View = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => NumericArray;
  return new View(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / like.BYTES_PER_ELEMENT));
}
