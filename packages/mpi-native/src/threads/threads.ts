/**
 * Ranks that are worker threads of one process: collective calls pass through slots of shared memory, messages between
 * two ranks through mailboxes.
 */
import { bytesOf } from '../buffers/arrays.js';
import { reduceInto } from '../buffers/elementwise.js';
import { type Delivery, deliveryOf } from '../buffers/inbox.js';
import type { NumericArray } from '../contract/messages.js';
import type { Pending, Tell, Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { endThread } from '../values/platform.js';
import { Mailbox, type Task } from './mailbox.js';
import { type Call, type ControlBlock, isPointToPoint, PHASE, type SharedJob } from './sharedMemory.js';
import { type Group, SlotRounds, type Slots, slotsOf } from './slots.js';

// Each reduction in the background has a tag of its own, which no other message has: several may be on their way.
const FIRST_REDUCTION_TAG = -3;

/** The memory of this rank's job, shared by all its communicators. */
interface Place {
  readonly job: SharedJob;
  readonly control: ControlBlock;
  readonly mailbox: Mailbox;
  readonly slots: Slots;
  readonly tell: Tell | undefined;
}

export class ThreadTransport implements Transport {
  readonly kind = 'workers';
  readonly rank: number;
  readonly size: number;
  readonly #place: Place;
  readonly #group: Group;
  readonly #rounds: SlotRounds;
  readonly #isOfAll: boolean;
  readonly status = new Float64Array(3);
  #freed = false;
  #reductions = 0;

  private constructor(place: Place, group: Group) {
    this.#place = place;
    this.#group = group;
    this.rank = group.members.indexOf(place.job.rank);
    this.size = group.members.length;
    this.#rounds = new SlotRounds(place.control, place.slots, group, this.rank);
    this.#isOfAll = this.size === place.job.size;
  }

  /**
   * The communicator of all ranks. Group 0 is theirs: who started them has taken it.
   * @param tell  how a rank that ends the job says why; without it the reason is printed
   */
  static world(job: SharedJob, control: ControlBlock, tell?: Tell): ThreadTransport {
    const ranks = Array.from({ length: job.size }, (_, rank) => rank);
    const mailbox = new Mailbox(job, control);
    control.meanwhile = () => mailbox.progress();
    const place: Place = { job, control, mailbox, slots: slotsOf(job), tell };
    return new ThreadTransport(place, { slot: 0, id: 0, members: ranks });
  }

  barrier(): void {
    this.#within('barrier', () => this.#rounds.meet('barrier'));
  }

  bcast(buf: NumericArray, root: number): void {
    const bytes = bytesOf(buf);
    this.#within('bcast', () =>
      this.#rounds.deal('bcast', this.rank === root ? bytes : null, bytes, 0, bytes.length, root),
    );
  }

  allreduce(buf: NumericArray, op: number): void {
    this.#within('allreduce', () => this.#rounds.reduce('allreduce', buf, op, -1));
  }

  reduce(buf: NumericArray, op: number, root: number): void {
    this.#within('reduce', () => this.#rounds.reduce('reduce', buf, op, root));
  }

  gather(send: NumericArray, recv: NumericArray | null, root: number): void {
    this.gatherv(send, recv, this.rank === root ? this.#rounds.equalCounts(send.length) : null, root);
  }

  gatherv(send: NumericArray, recv: NumericArray | null, counts: Float64Array | null, root: number): void {
    const isReceiver = this.rank === root && recv !== null;
    this.#within('gather', () =>
      this.#rounds.collect('gather', bytesOf(send), isReceiver ? bytesOf(recv) : null, counts, send.BYTES_PER_ELEMENT),
    );
  }

  scatter(send: NumericArray | null, recv: NumericArray, root: number): void {
    const length = recv.byteLength;
    this.#within('scatter', () =>
      this.#rounds.deal('scatter', send && bytesOf(send), bytesOf(recv), this.rank * length, this.size * length, root),
    );
  }

  scatterv(send: NumericArray | null, counts: Float64Array | null, recv: NumericArray, root: number): void {
    this.#within('scatter', () => {
      const offset = this.#rounds.offsetFromRoot(counts, recv, root);
      this.#rounds.deal('scatter', send && bytesOf(send), bytesOf(recv), offset, -1, root);
    });
  }

  allgather(send: NumericArray, recv: NumericArray): void {
    this.allgatherv(send, recv, this.#rounds.equalCounts(send.length));
  }

  allgatherv(send: NumericArray, recv: NumericArray, counts: Float64Array): void {
    this.#within('allgather', () =>
      this.#rounds.collect('allgather', bytesOf(send), bytesOf(recv), counts, send.BYTES_PER_ELEMENT),
    );
  }

  exchange(send: Float64Array, recv: Float64Array): void {
    const counts = this.#rounds.equalCounts(send.length);
    this.#within('exchange', () => this.#rounds.collect('exchange', bytesOf(send), bytesOf(recv), counts, 8));
  }

  alltoall(send: NumericArray, recv: NumericArray): void {
    const counts = this.#rounds.equalCounts(send.length / this.size);
    this.alltoallv(send, counts, recv, counts);
  }

  alltoallv(send: NumericArray, sendCounts: Float64Array, recv: NumericArray, recvCounts: Float64Array): void {
    this.#within('alltoall', () => {
      const { rank, size } = this;
      const all = new Float64Array(size * size);
      this.#rounds.share('alltoall', sendCounts, all);
      const offsets = new Float64Array(size);
      for (let source = 0; source < size; source++) {
        const counts = all.subarray(size * source, size * (source + 1));
        if (counts[rank] !== recvCounts[source]) {
          throw new MpiError(
            `rank ${source} sends ${counts[rank]} elements, this rank expects ${recvCounts[source]}.`,
            {
              code: 'ERR_TRUNCATE',
              call: 'alltoallv',
            },
          );
        }
        for (let before = 0; before < rank; before++) offsets[source]! += counts[before]! * send.BYTES_PER_ELEMENT;
      }
      const sizes = recvCounts.map((count) => count * send.BYTES_PER_ELEMENT);
      this.#rounds.exchangeBlocks('alltoall', bytesOf(send), bytesOf(recv), offsets, sizes);
    });
  }

  scan(buf: NumericArray, op: number): void {
    this.#within('scan', () => this.#rounds.prefix('scan', buf, op, this.rank + 1));
  }

  exscan(buf: NumericArray, op: number): void {
    this.#within('exscan', () => this.#rounds.prefix('exscan', buf, op, this.rank));
  }

  reduceScatter(send: NumericArray, recv: NumericArray, counts: Float64Array, op: number): void {
    const offset = counts.subarray(0, this.rank).reduce((sum, count) => sum + count, 0);
    this.#within('reduceScatter', () => this.#rounds.reducePart('reduceScatter', send, recv, offset, op));
  }

  send(buf: NumericArray, dest: number, tag: number): void {
    this.#within('send', () => this.isend(buf, dest, tag, 'send').wait(), this.#jobRank(dest));
  }

  recv(buf: NumericArray, source: number, tag: number): void {
    this.#within('recv', () => this.irecv(buf, source, tag, 'recv').wait(), this.#jobRank(source));
  }

  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, tag: number): void {
    const call = 'sendrecv';
    this.#within(
      call,
      () => {
        const sent = this.isend(send, dest, tag, call);
        this.irecv(recv, source, tag, call).wait();
        sent.wait();
      },
      this.#jobRank(source),
    );
  }

  probe(source: number, tag: number): void {
    this.#within('probe', () => this.#look(source, tag, true), this.#jobRank(source));
  }

  iprobe(source: number, tag: number): boolean {
    return this.#within('probe', () => this.#look(source, tag, false), this.#jobRank(source));
  }

  isend(buf: NumericArray, dest: number, tag: number, call: Call = 'isend'): Pending {
    this.#checkUse(call);
    const message = this.#place.mailbox.post(buf, this.#jobRank(dest), this.#group.id, tag);
    return this.#pending(call, () => message.isDone, this.#jobRank(dest));
  }

  irecv(buf: NumericArray, source: number, tag: number, call: Call = 'irecv'): Pending {
    this.#checkUse(call);
    const wanted = { group: this.#group.id, source: this.#jobRank(source), tag };
    const receive = this.#place.mailbox.expect(buf, wanted);
    const isOver = (): boolean => {
      if (receive.result === null) return false;
      this.#report(receive.result, buf.BYTES_PER_ELEMENT);
      deliveryOf(receive, call);
      return true;
    };
    return this.#pending(call, isOver, wanted.source);
  }

  iallreduce(buf: NumericArray, op: number): Pending {
    // Counted like every collective call: a rank that has ended without it is found at once.
    this.#within('iallreduce', () => {});
    const state = { isOver: false, error: undefined as unknown };
    this.#place.mailbox.start(settled(this.#reduction(buf, op, FIRST_REDUCTION_TAG - this.#reductions++), state));
    const isOver = (): boolean => {
      if (state.error !== undefined) throw state.error;
      return state.isOver;
    };
    return this.#pending('iallreduce', isOver, -1);
  }

  split(color: number, key: number): Transport | null {
    return this.#within('split', () => {
      const { control } = this.#place;
      const wishes = new Float64Array(2 * this.size);
      this.#rounds.share('split', Float64Array.of(color, key), wishes);
      const ranks = Array.from({ length: this.size }, (_, rank) => rank)
        .filter((rank) => color >= 0 && wishes[2 * rank] === color)
        .sort((a, b) => wishes[2 * a + 1]! - wishes[2 * b + 1]! || a - b);
      const leader = ranks[0] ?? -1;
      const taken = leader === this.rank ? control.takeGroup() : { slot: 0, id: 0 };
      const places = new Float64Array(2 * this.size);
      this.#rounds.share('split', Float64Array.of(taken.slot, taken.id), places);
      if (leader < 0) return null;
      const [slot, id] = places.subarray(2 * leader) as unknown as [number, number]; // has two entries per rank
      return new ThreadTransport(this.#place, { slot, id, members: ranks.map((rank) => this.#jobRank(rank)) });
    });
  }

  splitHost(key: number): Transport {
    return this.split(0, key) as Transport; // threads of one process; color 0 leaves no rank out
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

  get tell(): Tell | undefined {
    return this.#place.tell;
  }

  abort(code: number): never {
    return endWorker(this.#place.control, code, this.#place.job.rank);
  }

  wtime(): number {
    return performance.now() / 1000;
  }

  /** What ends the session of this rank, and moves what it has started until then. */
  get mailbox(): Mailbox {
    return this.#place.mailbox;
  }

  /** `peer`: the rank of the job that a message goes to or comes from, -1 for any. */
  #within<T>(call: Call, body: () => T, peer = -1): T {
    this.#checkUse(call);
    const { control } = this.#place;
    control.enter(call, !isPointToPoint(call) && this.#isOfAll, peer);
    try {
      return body();
    } finally {
      control.leave();
    }
  }

  #checkUse(call: Call): void {
    if (this.#freed) throw new MpiError('this communicator was freed.', { code: 'ERR_COMM', call });
    if (this.#place.control.presence(this.#place.job.rank).phase === PHASE.running) return;
    throw new MpiError('the job is finalized: no communicator can be used any more.', { code: 'ERR_FINALIZED', call });
  }

  #pending(call: Call, isOver: () => boolean, peer: number): Pending {
    const { control, mailbox } = this.#place;
    const isStarted = call === 'isend' || call === 'irecv' || call === 'iallreduce';
    return {
      test: (isPolled) => {
        mailbox.progress();
        if (isOver()) {
          if (isPolled) control.leave();
          return true;
        }
        control.rejectPoison(call);
        if (isPolled) control.markPolling(call, peer);
        return false;
      },
      wait: () => {
        if (isStarted) control.enter(call, false, peer);
        try {
          mailbox.waitUntil(call, isOver);
        } finally {
          if (isStarted) control.leave();
        }
      },
    };
  }

  /** A reduction in rank order, through the first rank: it takes in one rank after another, then deals out the result. */
  *#reduction(buf: NumericArray, op: number, tag: number): Task {
    const { mailbox } = this.#place;
    const [first, ...others] = this.#group.members as [number, ...number[]]; // a group has a rank
    const { id: group } = this.#group;
    if (this.rank > 0) {
      const sent = mailbox.post(buf, first, group, tag);
      while (!sent.isDone) yield;
      const receive = mailbox.expect(buf, { group, source: first, tag });
      while (receive.result === null) yield;
      deliveryOf(receive, 'iallreduce');
      return;
    }
    const theirs = buf.slice();
    for (const source of others) {
      const receive = mailbox.expect(theirs, { group, source, tag });
      while (receive.result === null) yield;
      const { bytes } = deliveryOf(receive, 'iallreduce');
      if (bytes !== buf.byteLength) {
        throw new MpiError(`a rank has ${bytes} bytes, this rank has ${buf.byteLength}.`, {
          code: 'ERR_TRUNCATE',
          call: 'iallreduce',
        });
      }
      reduceInto(buf, theirs, op);
    }
    const messages = others.map((dest) => mailbox.post(buf, dest, group, tag));
    while (!messages.every(({ isDone }) => isDone)) yield;
  }

  #look(source: number, tag: number, isPatient: boolean): boolean {
    const wanted = { group: this.#group.id, source: this.#jobRank(source), tag };
    const found = this.#place.mailbox.find(wanted, isPatient);
    if (found !== null) this.#report(found, 1);
    return found !== null;
  }

  #jobRank(rank: number): number {
    return this.#group.members[rank] ?? rank; // ANY_SOURCE stays
  }

  #report({ source, tag, bytes }: Delivery, elementSize: number): void {
    this.status[0] = this.#group.members.indexOf(source);
    this.status[1] = tag;
    this.status[2] = bytes / elementSize;
  }
}

/** Runs a task, and keeps its result for the call that waits for it. */
function* settled(task: Task, state: { isOver: boolean; error: unknown }): Task {
  try {
    yield* task;
    state.isOver = true;
  } catch (error) {
    state.error = error;
  }
}

/** Ends the job from inside a worker: wakes the others, and leaves the rest to the program that started them. */
export function endWorker(control: ControlBlock, code: number, rank: number): never {
  control.setPoison(code, rank);
  return endThread(code);
}
