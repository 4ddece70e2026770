/**
 * The memory that the ranks of one process share, and how they wait in it.
 *
 * A waiting rank sleeps in `Atomics.wait`, so more ranks than cores cost nothing. Every wait ends when the job is
 * poisoned, which is how one rank's failure reaches the others.
 */
import { COLLECTIVES, MESSAGE_CALLS } from '../contract/calls.js';
import { MpiError } from '../failures/errors.js';

/** What `dml-run` gives to each worker. */
export interface SharedJob {
  readonly rank: number;
  readonly size: number;
  readonly control: SharedArrayBuffer;
  /** One slot per rank, for collective calls. */
  readonly slots: SharedArrayBuffer;
  /** One ring per ordered pair of ranks, for point-to-point messages. */
  readonly rings: SharedArrayBuffer;
}

/** The name in `workerData` under which a worker finds its {@link SharedJob}. */
export const SHARED_JOB_KEY = '@dml/mpi-native';

/** What a rank does, as in the native layer: a rank on its way, in the closing handshake, or gone without it. */
export const PHASE = { unseen: 0, running: 1, closing: 2, gone: 3 } as const;

/** Operations that a rank can be in, for messages. 0 is no operation. */
export const CALLS = ['', ...COLLECTIVES, 'exchange', 'iallreduce', ...MESSAGE_CALLS] as const;

/** Number of an operation in {@link CALLS}. */
export type Call = (typeof CALLS)[number];

/** Whether an operation is between two ranks. */
export function isPointToPoint(call: Call): boolean {
  return (MESSAGE_CALLS as readonly Call[]).includes(call);
}

/** Most communicators that can exist at once. */
export const MAX_GROUPS = 1024;

const TOTAL_SLOTS = 2 ** 26;
const MAX_SLOT = 2 ** 20;
const TOTAL_RINGS = 2 ** 25;
const MAX_RING = 2 ** 16;
const MIN_RING = 2 ** 10;

// How long a rank sleeps in a collective call while messages of its own are on their way.
const BUSY_MS = 1;

// Words of the control block.
const POISON = 0;
const POISON_RANK = 1;
const NEXT_GROUP_ID = 2;
const REPORTED = 3;
const HEADER_WORDS = 16;
const DOORBELL = 0;
const PHASE_WORD = 1;
const CALL_WORD = 2;
const SEQUENCE = 3;
const COLLECTIVE_COUNT = 4;
const PEER = 5;
const POLLED = 6;
const POLLS = 7;
const RANK_WORDS = 16; // a cache line per rank
const ARRIVED = 0;
const GENERATION = 1;
const USED = 2;
const GROUP_WORDS = 4;
const RING_WORDS = 2;

/** Makes the memory of a job. */
export function createSharedJob(size: number): Omit<SharedJob, 'rank'> {
  const words = HEADER_WORDS + RANK_WORDS * size + GROUP_WORDS * MAX_GROUPS + RING_WORDS * size * size;
  return {
    size,
    control: new SharedArrayBuffer(4 * words),
    slots: new SharedArrayBuffer(size * slotBytes(size)),
    rings: new SharedArrayBuffer(size * size * ringBytes(size)),
  };
}

/** Bytes of one slot. */
export function slotBytes(size: number): number {
  return Math.min(MAX_SLOT, Math.max(2 ** 12, 2 ** Math.floor(Math.log2(TOTAL_SLOTS / size))));
}

/** Bytes of one ring, a power of two. */
export function ringBytes(size: number): number {
  const share = 2 ** Math.floor(Math.log2(TOTAL_RINGS / (size * size)));
  return Math.min(MAX_RING, Math.max(MIN_RING, share));
}

/** What a rank does, as in the native layer. */
export interface Presence {
  readonly phase: number;
  readonly call: Call;
  /** Grows with each operation. */
  readonly sequence: number;
  /** Number of collective operations of all ranks. */
  readonly collectives: number;
  /** The rank that a receive waits for, -1 for any. */
  readonly peer: number;
  /** Whether it is not inside `call`, but looks again and again whether that is over; and how often it has looked. */
  readonly isPolled: boolean;
  readonly polls: number;
}

/** The control block, as one rank (or the main thread, with rank -1) sees it. */
export class ControlBlock {
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #rank: number;
  /** Seconds that a wait may last, 0 for any. */
  watchdogSeconds: number;
  /** Called when a wait has lasted longer than the watchdog allows. */
  readonly #onStuck: (call: string) => never;

  /** Moves what this rank has started before; returns whether some of it is still on its way. */
  meanwhile: () => boolean = () => false;

  constructor(
    job: Pick<SharedJob, 'control' | 'size' | 'rank'>,
    watchdogSeconds: number,
    onStuck: (call: string) => never,
  ) {
    this.#words = new Int32Array(job.control);
    this.#size = job.size;
    this.#rank = job.rank;
    this.watchdogSeconds = watchdogSeconds;
    this.#onStuck = onStuck;
  }

  /** Marks the start of an operation. `peer` is the rank of the job that a receive waits for, -1 for any. */
  enter(call: Call, isCollectiveOfAll: boolean, peer: number): void {
    const at = this.#rankWord(this.#rank, 0);
    Atomics.store(this.#words, at + PEER, peer);
    Atomics.store(this.#words, at + POLLED, 0);
    if (isCollectiveOfAll) Atomics.add(this.#words, at + COLLECTIVE_COUNT, 1);
    Atomics.add(this.#words, at + SEQUENCE, 1);
    Atomics.store(this.#words, at + CALL_WORD, CALLS.indexOf(call));
  }

  /** Marks the end of an operation. */
  leave(): void {
    Atomics.store(this.#words, this.#rankWord(this.#rank, CALL_WORD), 0);
  }

  /** Marks that the program does nothing but look again and again whether a call that it has started is over. */
  markPolling(call: Call, peer: number): void {
    const at = this.#rankWord(this.#rank, 0);
    Atomics.store(this.#words, at + PEER, peer);
    Atomics.store(this.#words, at + POLLED, 1);
    Atomics.add(this.#words, at + POLLS, 1);
    Atomics.store(this.#words, at + CALL_WORD, CALLS.indexOf(call));
  }

  /** What a rank does right now. */
  presence(rank: number): Presence {
    const at = this.#rankWord(rank, 0);
    return {
      phase: Atomics.load(this.#words, at + PHASE_WORD),
      call: CALLS[Atomics.load(this.#words, at + CALL_WORD)] ?? '',
      sequence: Atomics.load(this.#words, at + SEQUENCE),
      collectives: Atomics.load(this.#words, at + COLLECTIVE_COUNT),
      peer: Atomics.load(this.#words, at + PEER),
      isPolled: Atomics.load(this.#words, at + POLLED) === 1,
      polls: Atomics.load(this.#words, at + POLLS),
    };
  }

  /** Sets what `rank` does, and wakes the ranks that may wait for that. */
  setPhase(rank: number, phase: number): void {
    Atomics.store(this.#words, this.#rankWord(rank, PHASE_WORD), phase);
    for (let other = 0; other < this.#size; other++) this.ring(other);
  }

  /** Exit code of the job once a rank has failed, otherwise 0. */
  poison(): number {
    return Atomics.load(this.#words, POISON);
  }

  /** Whether this rank is the first to ask: the one that prints why the job fails. */
  claimReport(): boolean {
    return Atomics.exchange(this.#words, REPORTED, 1) === 0;
  }

  /** Ends every wait of the job. The first call decides the exit code. */
  setPoison(code: number, rank: number): void {
    if (Atomics.compareExchange(this.#words, POISON, 0, code) === 0) Atomics.store(this.#words, POISON_RANK, rank);
    // Waiters compare a word with what they saw: it must change, or one that is about to wait would sleep on.
    for (let other = 0; other < this.#size; other++) this.ring(other);
    for (let slot = 0; slot < MAX_GROUPS; slot++) {
      const generation = this.#groupWord(slot, GENERATION);
      Atomics.add(this.#words, generation, 1);
      Atomics.notify(this.#words, generation);
    }
  }

  /** @throws {MpiError} `ERR_REMOTE` once a rank has failed */
  rejectPoison(call: string): void {
    if (this.poison() === 0) return;
    const rank = Atomics.load(this.#words, POISON_RANK);
    throw new MpiError(`rank ${rank} ended the job.`, { code: 'ERR_REMOTE', call });
  }

  /** Sleeps until another rank rings this one, or for `milliseconds`; `seen` is an earlier {@link bell}. */
  sleep(seen: number, milliseconds: number): void {
    Atomics.wait(this.#words, this.#rankWord(this.#rank, DOORBELL), seen, milliseconds);
  }

  /** The state of this rank's bell. */
  bell(): number {
    return Atomics.load(this.#words, this.#rankWord(this.#rank, DOORBELL));
  }

  /** Wakes a rank that sleeps in {@link waitUntil}. */
  ring(rank: number): void {
    const at = this.#rankWord(rank, DOORBELL);
    Atomics.add(this.#words, at, 1);
    Atomics.notify(this.#words, at);
  }

  /** Tries `step` until it returns true, and sleeps between tries until some rank rings. */
  waitUntil(call: Call, step: () => boolean): void {
    const since = performance.now();
    for (;;) {
      const seen = this.bell();
      if (step()) return;
      this.rejectPoison(call);
      this.sleep(seen, this.#patience(call, since));
    }
  }

  /** Returns when all `size` ranks of the group have arrived. */
  barrier(slot: number, size: number, call: Call): void {
    const generation = this.#groupWord(slot, GENERATION);
    const arrived = this.#groupWord(slot, ARRIVED);
    const seen = Atomics.load(this.#words, generation);
    if (Atomics.add(this.#words, arrived, 1) + 1 === size) {
      Atomics.store(this.#words, arrived, 0);
      Atomics.add(this.#words, generation, 1);
      Atomics.notify(this.#words, generation);
    } else {
      const since = performance.now();
      while (Atomics.load(this.#words, generation) === seen) {
        this.rejectPoison(call);
        const patience = this.#patience(call, since);
        const isBusy = this.meanwhile();
        Atomics.wait(this.#words, generation, seen, isBusy ? Math.min(patience, BUSY_MS) : patience);
      }
    }
    this.rejectPoison(call);
  }

  /** Takes a place for a new group: its barrier and a number that no other group of the job ever has. */
  takeGroup(): { readonly slot: number; readonly id: number } {
    for (let slot = 0; slot < MAX_GROUPS; slot++) {
      if (Atomics.compareExchange(this.#words, this.#groupWord(slot, USED), 0, 1) !== 0) continue;
      return { slot, id: Atomics.add(this.#words, NEXT_GROUP_ID, 1) };
    }
    throw new MpiError(`more than ${MAX_GROUPS} communicators exist. Free those that are no longer used.`, {
      code: 'ERR_OTHER',
      call: 'split',
    });
  }

  /** Gives the place back. */
  releaseGroup(slot: number): void {
    Atomics.store(this.#words, this.#groupWord(slot, USED), 0);
  }

  /** Index of the two position words of the ring from `source` to `dest`: written, read. */
  ringWord(source: number, dest: number): number {
    const rings = HEADER_WORDS + RANK_WORDS * this.#size + GROUP_WORDS * MAX_GROUPS;
    return rings + RING_WORDS * (source * this.#size + dest);
  }

  /** The words themselves, for the rings. */
  get words(): Int32Array {
    return this.#words;
  }

  #patience(call: string, since: number): number {
    if (this.watchdogSeconds === 0) return Number.POSITIVE_INFINITY;
    const left = 1000 * this.watchdogSeconds - (performance.now() - since);
    return left <= 0 ? this.#onStuck(call) : left;
  }

  #rankWord(rank: number, word: number): number {
    return HEADER_WORDS + RANK_WORDS * rank + word;
  }

  #groupWord(slot: number, word: number): number {
    return HEADER_WORDS + RANK_WORDS * this.#size + GROUP_WORDS * slot + word;
  }
}
