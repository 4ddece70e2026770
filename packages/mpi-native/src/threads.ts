/**
 * Ranks that are worker threads of one process: collective calls pass through slots of shared memory, messages between
 * two ranks through mailboxes.
 */
import { bytesOf } from './arrays.js';
import type { NumericArray } from './communicator.js';
import { MpiError } from './errors.js';
import { Mailbox } from './mailbox.js';
import type { Call, ControlBlock, SharedJob } from './sharedMemory.js';
import { type Group, SlotRounds, type Slots, slotsOf } from './slots.js';
import type { Transport } from './transport.js';

/** The memory of this rank's job, shared by all its communicators. */
interface Place {
  readonly job: SharedJob;
  readonly control: ControlBlock;
  readonly mailbox: Mailbox;
  readonly slots: Slots;
}

export class ThreadTransport implements Transport {
  readonly kind = 'workers';
  readonly rank: number;
  readonly size: number;
  readonly #place: Place;
  readonly #group: Group;
  readonly #rounds: SlotRounds;
  readonly #isOfAll: boolean;
  #freed = false;

  private constructor(place: Place, group: Group) {
    this.#place = place;
    this.#group = group;
    this.rank = group.members.indexOf(place.job.rank);
    this.size = group.members.length;
    this.#rounds = new SlotRounds(place.control, place.slots, group, this.rank);
    this.#isOfAll = this.size === place.job.size;
  }

  /** The communicator of all ranks. Group 0 is theirs, and `dml-run` has taken it. */
  static world(job: SharedJob, control: ControlBlock): ThreadTransport {
    const ranks = Array.from({ length: job.size }, (_, rank) => rank);
    const place: Place = { job, control, mailbox: new Mailbox(job, control), slots: slotsOf(job) };
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

  #jobRank(rank: number): number {
    return this.#group.members[rank] ?? rank; // ANY_SOURCE stays
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
