/**
 * Ranks that are worker threads of one process.
 *
 * Each rank owns a slot of shared memory. A collective call passes through the slots in rounds: write your own slot,
 * barrier, read the others', barrier. A rank is in one collective call at a time, so one slot serves all groups.
 */
import type { NumericArray } from './communicator.js';
import { reduceInto } from './elementwise.js';
import { MpiError } from './errors.js';
import { Mailbox } from './mailbox.js';
import { type Call, type ControlBlock, type SharedJob, slotBytes } from './sharedMemory.js';
import type { Transport } from './transport.js';

// In front of each slot: the operation, and the number of bytes that its owner brings.
const SLOT_HEADER = 2;
const SLOT_HEADER_BYTES = 8 * SLOT_HEADER;
// Up to here every rank reduces everything itself, which saves a barrier.
const SMALL_BYTES = 4096;

/** The memory of this rank's job, shared by all its communicators. */
interface Place {
  readonly job: SharedJob;
  readonly control: ControlBlock;
  readonly mailbox: Mailbox;
  readonly headers: readonly Float64Array[];
  readonly slots: readonly Uint8Array[];
}

/** The ranks of a group, as ranks of the job. */
interface Group {
  readonly slot: number;
  readonly id: number;
  readonly members: readonly number[];
}

export class ThreadTransport implements Transport {
  readonly kind = 'workers';
  readonly rank: number;
  readonly size: number;
  readonly #place: Place;
  readonly #group: Group;
  readonly #isOfAll: boolean;
  #freed = false;

  private constructor(place: Place, group: Group) {
    this.#place = place;
    this.#group = group;
    this.rank = group.members.indexOf(place.job.rank);
    this.size = group.members.length;
    this.#isOfAll = this.size === place.job.size;
  }

  /** The communicator of all ranks. Group 0 is theirs, and `dml-run` has taken it. */
  static world(job: SharedJob, control: ControlBlock): ThreadTransport {
    const bytes = slotBytes(job.size);
    const ranks = Array.from({ length: job.size }, (_, rank) => rank);
    const place: Place = {
      job,
      control,
      mailbox: new Mailbox(job, control),
      headers: ranks.map((rank) => new Float64Array(job.slots, rank * bytes, SLOT_HEADER)),
      slots: ranks.map(
        (rank) => new Uint8Array(job.slots, rank * bytes + SLOT_HEADER_BYTES, bytes - SLOT_HEADER_BYTES),
      ),
    };
    return new ThreadTransport(place, { slot: 0, id: 0, members: ranks });
  }

  barrier(): void {
    this.#within('barrier', () => this.#meet('barrier'));
  }

  bcast(buf: NumericArray, root: number): void {
    const bytes = bytesOf(buf);
    this.#within('bcast', () => this.#deal('bcast', this.rank === root ? bytes : null, bytes, 0, bytes.length, root));
  }

  allreduce(buf: NumericArray, op: number): void {
    this.#within('allreduce', () => this.#reduce('allreduce', buf, op, -1));
  }

  reduce(buf: NumericArray, op: number, root: number): void {
    this.#within('reduce', () => this.#reduce('reduce', buf, op, root));
  }

  gather(send: NumericArray, recv: NumericArray | null, root: number): void {
    this.gatherv(send, recv, this.rank === root ? this.#equalCounts(send.length) : null, root);
  }

  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void {
    const isReceiver = this.rank === root && recv !== null;
    this.#within('gather', () =>
      this.#collect('gather', bytesOf(send), isReceiver ? bytesOf(recv) : null, counts, send.BYTES_PER_ELEMENT),
    );
  }

  scatter(send: NumericArray | null, recv: NumericArray, root: number): void {
    const length = recv.byteLength;
    this.#within('scatter', () =>
      this.#deal('scatter', send && bytesOf(send), bytesOf(recv), this.rank * length, this.size * length, root),
    );
  }

  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void {
    this.#within('scatter', () => {
      const offset = this.#offsetFromRoot(counts, recv, root);
      this.#deal('scatter', send && bytesOf(send), bytesOf(recv), offset, -1, root);
    });
  }

  allgather(send: NumericArray, recv: NumericArray): void {
    this.allgatherv(send, recv, this.#equalCounts(send.length));
  }

  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    this.#within('allgather', () =>
      this.#collect('allgather', bytesOf(send), bytesOf(recv), counts, send.BYTES_PER_ELEMENT),
    );
  }

  exchange(send: Float64Array, recv: Float64Array): void {
    const counts = this.#equalCounts(send.length);
    this.#within('exchange', () => this.#collect('exchange', bytesOf(send), bytesOf(recv), counts, 8));
  }

  send(buf: NumericArray, dest: number, tag: number): void {
    this.#within('send', () => this.#place.mailbox.send(buf, this.#jobRank(dest), this.#group.id, tag));
  }

  recv(buf: NumericArray, source: number, tag: number, status: Float64Array): void {
    this.#within(
      'recv',
      () => {
        const got = this.#place.mailbox.recv(buf, this.#jobRank(source), this.#group.id, tag);
        this.#report(got, buf, status);
      },
      this.#jobRank(source),
    );
  }

  sendrecv(
    send: NumericArray,
    dest: number,
    recv: NumericArray,
    source: number,
    tag: number,
    status: Float64Array,
  ): void {
    this.#within(
      'sendrecv',
      () => {
        const { mailbox } = this.#place;
        const got = mailbox.sendrecv(send, this.#jobRank(dest), recv, this.#jobRank(source), this.#group.id, tag);
        this.#report(got, recv, status);
      },
      this.#jobRank(source),
    );
  }

  split(color: number, key: number): Transport | null {
    return this.#within('split', () => {
      const { control } = this.#place;
      const wishes = new Float64Array(2 * this.size);
      this.#share('split', Float64Array.of(color, key), wishes);
      const ranks = Array.from({ length: this.size }, (_, rank) => rank)
        .filter((rank) => color >= 0 && wishes[2 * rank] === color)
        .sort((a, b) => wishes[2 * a + 1]! - wishes[2 * b + 1]! || a - b);
      const leader = ranks[0] ?? -1;
      const taken = leader === this.rank ? control.takeGroup() : { slot: 0, id: 0 };
      const places = new Float64Array(2 * this.size);
      this.#share('split', Float64Array.of(taken.slot, taken.id), places);
      if (leader < 0) return null;
      const [slot, id] = places.subarray(2 * leader) as unknown as [number, number]; // has two entries per rank
      return new ThreadTransport(this.#place, { slot, id, members: ranks.map((rank) => this.#jobRank(rank)) });
    });
  }

  dup(): Transport {
    return this.split(0, this.rank) as Transport; // color 0 leaves no rank out
  }

  free(): void {
    this.barrier();
    this.#freed = true;
    this.#place.mailbox.forget(this.#group.id);
    if (this.rank === 0) this.#place.control.releaseGroup(this.#group.slot);
  }

  abort(code: number): never {
    return endWorker(this.#place.control, code, this.#place.job.rank);
  }

  wtime(): number {
    return performance.now() / 1000;
  }

  /** `peer`: the rank of the job that a receive waits for, -1 for any. */
  #within<T>(call: Call, body: () => T, peer = -1): T {
    const { control } = this.#place;
    if (this.#freed) throw new MpiError('this communicator was freed.', { code: 'ERR_COMM', call });
    if (control.presence(this.#place.job.rank).phase !== 1) {
      throw new MpiError('the job is finalized: no communicator can be used any more.', {
        code: 'ERR_FINALIZED',
        call,
      });
    }
    const isCollective = call !== 'send' && call !== 'recv' && call !== 'sendrecv';
    control.enter(call, isCollective && this.#isOfAll, peer);
    try {
      return body();
    } finally {
      control.leave();
    }
  }

  #meet(call: Call): void {
    this.#place.control.barrier(this.#group.slot, this.size, call);
  }

  #slot(rank: number): Uint8Array {
    return this.#place.slots[this.#jobRank(rank)] as Uint8Array; // one per rank of the job
  }

  #header(rank: number): Float64Array {
    return this.#place.headers[this.#jobRank(rank)] as Float64Array; // one per rank of the job
  }

  #jobRank(rank: number): number {
    return this.#group.members[rank] ?? rank; // ANY_SOURCE stays
  }

  #equalCounts(count: number): Float64Array {
    return new Float64Array(this.size).fill(count);
  }

  /** Compares what the ranks brought. Between the two barriers of a round every header is stable. */
  #checkHeaders(call: Call, operation: number, expected: (rank: number) => number): void {
    for (let rank = 0; rank < this.size; rank++) {
      const [theirs, bytes] = this.#header(rank) as unknown as [number, number]; // has two entries
      if (theirs !== operation) {
        throw new MpiError(`rank ${rank} is in another collective call.`, { code: 'ERR_MISMATCH', call });
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

  /** Every rank brings a block of its own length; receivers lay them side by side. */
  #collect(
    call: Call,
    own: Uint8Array,
    all: Uint8Array | null,
    counts: Float64Array | null,
    elementSize: number,
  ): void {
    const operation = operationOf(call);
    const slot = this.#slot(this.rank);
    const header = this.#header(this.rank);
    let rounds = 1;
    for (let round = 0; round < rounds; round++) {
      const start = round * slot.length;
      header[0] = operation;
      header[1] = own.length;
      if (start < own.length) slot.set(own.subarray(start, start + slot.length));
      this.#meet(call);
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
      this.#meet(call);
    }
  }

  /** A collect among the headers' own kind, inside another operation. */
  #share(call: Call, own: Float64Array, all: Float64Array): void {
    this.#collect(call, bytesOf(own), bytesOf(all), this.#equalCounts(own.length), 8);
  }

  /** The root's bytes pass by; each rank keeps the part that starts at `offset`. `total` -1: only the root knows it. */
  #deal(call: Call, source: Uint8Array | null, own: Uint8Array, offset: number, total: number, root: number): void {
    const operation = operationOf(call);
    const slot = this.#slot(root);
    const isRoot = this.rank === root;
    let rounds = 1;
    for (let round = 0; round < rounds; round++) {
      const start = round * slot.length;
      const header = this.#header(this.rank);
      header[0] = operation;
      header[1] = isRoot ? (source?.length ?? 0) : total;
      if (source !== null) slot.set(source.subarray(start, start + slot.length));
      this.#meet(call);
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
      this.#meet(call);
    }
  }

  /** Where this rank's block starts in the root's buffer, in bytes. */
  #offsetFromRoot(counts: Float64Array | null, recv: NumericArray, root: number): number {
    const offsets = new Float64Array(this.size + 1);
    if (counts !== null) {
      for (let rank = 0; rank < this.size; rank++) offsets[rank + 1] = offsets[rank]! + counts[rank]!;
    }
    const bytes = bytesOf(offsets);
    this.#deal('scatter', this.rank === root ? bytes : null, bytes, 0, bytes.length, root);
    const count = offsets[this.rank + 1]! - offsets[this.rank]!;
    if (count === recv.length) return offsets[this.rank]! * recv.BYTES_PER_ELEMENT;
    throw new MpiError(`recv has ${recv.length} elements, rank ${root} sends ${count}.`, {
      code: 'ERR_TRUNCATE',
      call: 'scatterv',
    });
  }

  /** Reduces in rank order, so that every rank gets equal bits. `root` -1: every rank gets the result. */
  #reduce(call: Call, buf: NumericArray, op: number, root: number): void {
    const operation = operationOf(call);
    const own = bytesOf(buf);
    const slot = this.#slot(this.rank);
    const header = this.#header(this.rank);
    const room = slot.length - (slot.length % 8);
    let start = 0;
    do {
      const length = Math.min(room, own.length - start);
      header[0] = operation;
      header[1] = own.length;
      slot.set(own.subarray(start, start + length));
      this.#meet(call);
      if (start === 0) this.#checkHeaders(call, operation, () => own.length);
      const isReceiver = root < 0 || root === this.rank;
      const elements = length / buf.BYTES_PER_ELEMENT;
      const first = start / buf.BYTES_PER_ELEMENT;
      if (length <= SMALL_BYTES) {
        if (isReceiver) this.#foldSlots(buf.subarray(first, first + elements) as NumericArray, 0, elements, op);
      } else {
        // Each rank folds its share into rank 0's slot, where no other rank touches that share.
        const low = Math.floor((elements * this.rank) / this.size);
        const high = Math.floor((elements * (this.rank + 1)) / this.size);
        const target = viewLike(buf, this.#slot(0)).subarray(low, high) as NumericArray;
        this.#foldSlots(target, low, high, op);
        this.#meet(call);
        if (isReceiver) own.set(this.#slot(0).subarray(0, length), start);
      }
      this.#meet(call);
      start += length;
    } while (start < own.length);
  }

  #foldSlots(target: NumericArray, low: number, high: number, op: number): void {
    for (let rank = 0; rank < this.size; rank++) {
      const part = viewLike(target, this.#slot(rank)).subarray(low, high) as NumericArray;
      if (rank > 0) reduceInto(target, part, op);
      else if (part.byteOffset !== target.byteOffset || part.buffer !== target.buffer) {
        bytesOf(target).set(bytesOf(part));
      }
    }
  }

  #report(got: { source: number; tag: number; length: number }, buf: NumericArray, status: Float64Array): void {
    status[0] = this.#group.members.indexOf(got.source);
    status[1] = got.tag;
    status[2] = got.length / buf.BYTES_PER_ELEMENT;
  }
}

/** Ends the job from inside a worker: wakes the others, and leaves the process to `dml-run`. */
export function endWorker(control: ControlBlock, code: number, rank: number): never {
  control.setPoison(code, rank);
  return process.exit(code);
}

const OPERATIONS: readonly Call[] = [
  'bcast',
  'allreduce',
  'reduce',
  'gather',
  'scatter',
  'allgather',
  'exchange',
  'split',
];

function operationOf(call: Call): number {
  return 1 + OPERATIONS.indexOf(call);
}

function bytesOf(buf: NumericArray): Uint8Array {
  return new Uint8Array(buf.buffer, buf.byteOffset, buf.byteLength);
}

function viewLike(like: NumericArray, bytes: Uint8Array): NumericArray {
  const View = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => NumericArray;
  return new View(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / like.BYTES_PER_ELEMENT));
}
