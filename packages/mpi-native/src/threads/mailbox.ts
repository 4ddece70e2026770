/**
 * Point-to-point messages between ranks that share memory: one ring per ordered pair of ranks.
 *
 * A message is a header of four words (group, tag, length in two words) and its bytes, which pass through the ring in
 * as many pieces as needed. Calls that were started go on whenever this rank waits for anything.
 */
import { bytesOf } from '../buffers/arrays.js';
import { type Delivery, type Envelope, Inbox, type Receive } from '../buffers/inbox.js';
import type { NumericArray } from '../contract/messages.js';
import { type Call, type ControlBlock, ringBytes, type SharedJob } from './sharedMemory.js';

const HEADER_BYTES = 16;

/** A message on its way in from one rank. */
interface Incoming extends Envelope {
  readonly length: number;
  received: number;
  /** Where the bytes go; `null` when they are too many for the buffer and are thrown away. */
  readonly target: Uint8Array | null;
  readonly receive: Receive | null;
}

/** A message on its way out. */
export interface Outgoing {
  readonly group: number;
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** Of the bytes: an array that is transferred away meanwhile has none. */
  readonly length: number;
  /** Bytes of header and message together. */
  sent: number;
  isDone: boolean;
}

/** A call in several steps: each `yield` waits until something has moved. */
export type Task = Generator<undefined, void, undefined>;

/** The messages of one rank. Ranks are those of the job. */
export class Mailbox {
  readonly #control: ControlBlock;
  readonly #rank: number;
  readonly #size: number;
  readonly #ringBytes: number;
  readonly #rings: { readonly outgoing: readonly Uint8Array[]; readonly incoming: readonly Uint8Array[] };
  readonly #inFlight: (Incoming | null)[];
  readonly #queues: Outgoing[][];
  readonly #header = new Int32Array(HEADER_BYTES / 4);
  readonly #headerBytes = new Uint8Array(this.#header.buffer);
  readonly #inbox = new Inbox();
  readonly #tasks = new Set<Task>();
  // Grows whenever something moves: then another step may be possible.
  #moves = 0;
  #unsent = 0;

  constructor(job: SharedJob, control: ControlBlock) {
    this.#control = control;
    this.#rank = job.rank;
    this.#size = job.size;
    this.#ringBytes = ringBytes(job.size);
    const ring = (source: number, dest: number) =>
      new Uint8Array(job.rings, (source * job.size + dest) * this.#ringBytes, this.#ringBytes);
    const ranks = Array.from({ length: job.size }, (_, rank) => rank);
    this.#rings = {
      outgoing: ranks.map((other) => ring(job.rank, other)),
      incoming: ranks.map((other) => ring(other, job.rank)),
    };
    this.#inFlight = ranks.map(() => null);
    this.#queues = ranks.map(() => []);
  }

  /** Starts a message. It is done when the ring has taken all of it. */
  post(buf: NumericArray, dest: number, group: number, tag: number): Outgoing {
    const bytes = bytesOf(buf);
    const isOwn = dest === this.#rank;
    const message: Outgoing = { group, tag, bytes, length: bytes.length, sent: 0, isDone: isOwn };
    this.#moves++;
    if (isOwn) this.#inbox.deliver({ group, source: dest, tag, bytes: bytes.slice() });
    else {
      this.#queues[dest]?.push(message);
      this.#unsent++;
    }
    return message;
  }

  /** Starts a receive. */
  expect(buf: NumericArray, wanted: Envelope): Receive {
    this.#moves++;
    return this.#inbox.post(buf, wanted);
  }

  /** Starts a call in several steps. */
  start(task: Task): void {
    this.#moves++;
    this.#tasks.add(task);
  }

  /** Waits until `isOver`, while everything that was started goes on. */
  waitUntil(call: Call, isOver: () => boolean): void {
    this.#control.waitUntil(call, () => {
      this.progress(isOver);
      return isOver();
    });
  }

  /** Waits for a message without receiving it. Returns `null` at once when there is none and `isPatient` is false. */
  find(wanted: Envelope, isPatient: boolean): Delivery | null {
    const open = this.#inbox.openFor(wanted);
    let found: Delivery | null = null;
    const look = (): boolean => {
      this.progress();
      found = this.#inbox.find(wanted);
      return found !== null;
    };
    try {
      if (isPatient) this.#control.waitUntil('probe', look);
      else look();
    } finally {
      this.#inbox.withdraw(open);
    }
    return found;
  }

  /** Moves all bytes that can move now, or until `isEnough`. Returns whether something is still on its way. */
  progress(isEnough?: () => boolean): boolean {
    if (!this.#isBusy()) return false;
    let before: number;
    do {
      before = this.#moves;
      for (let rank = 0; rank < this.#size; rank++) {
        if (rank === this.#rank) continue;
        this.#push(rank);
        while (this.#pull(rank));
      }
      for (const task of this.#tasks) {
        if (task.next().done !== true) continue;
        this.#tasks.delete(task);
        this.#moves++;
      }
    } while (this.#moves !== before && isEnough?.() !== true);
    return this.#isBusy();
  }

  /** Whether this rank has sent all that it has started to send. */
  hasSentAll(): boolean {
    return this.#unsent === 0 && this.#tasks.size === 0;
  }

  /** A rank that has not taken what this one has sent, -1 if there is none. */
  unsentTo(): number {
    return this.#queues.findIndex((queue) => queue.length > 0);
  }

  /** Forgets the messages of a group that was freed. */
  forget(group: number): void {
    this.#inbox.forget(group);
  }

  #isBusy(): boolean {
    return !this.hasSentAll() || this.#inbox.isWaiting || this.#inFlight.some((message) => message !== null);
  }

  /** Moves as much of the messages to `dest` as fits. */
  #push(dest: number): void {
    const queue = this.#queues[dest] as Outgoing[]; // one per rank
    for (let message = queue[0]; message !== undefined; message = queue[0]) {
      const before = message.sent;
      if (message.sent === 0) {
        if (this.#room(dest) < HEADER_BYTES) return; // it goes as a whole
        const { group, tag, length } = message;
        this.#header[0] = group;
        this.#header[1] = tag;
        this.#header[2] = length | 0;
        this.#header[3] = Math.floor(length / 2 ** 32);
        this.#write(dest, this.#headerBytes, 0, HEADER_BYTES);
        message.sent = HEADER_BYTES;
      }
      const start = message.sent - HEADER_BYTES;
      const piece = Math.min(this.#room(dest), message.length - start);
      if (piece > 0) this.#write(dest, message.bytes, start, piece);
      message.sent += piece;
      if (message.sent !== before) {
        this.#moves++;
        this.#control.ring(dest);
      }
      if (message.sent < HEADER_BYTES + message.length) return;
      message.isDone = true;
      this.#unsent--;
      queue.shift();
    }
  }

  /** Takes what the ring from `source` holds, where a receive waits for it. Returns whether a message was completed. */
  #pull(source: number): boolean {
    let message = this.#inFlight[source] ?? null;
    if (message === null) {
      if (!this.#inbox.awaits(source) || this.#filled(source) < HEADER_BYTES) return false;
      this.#read(source, this.#headerBytes, 0, HEADER_BYTES);
      message = this.#accept(source);
      this.#inFlight[source] = message;
    }
    const piece = Math.min(this.#filled(source), message.length - message.received);
    if (piece > 0) {
      this.#read(source, message.target, message.received, piece);
      message.received += piece;
    }
    if (message.received < message.length) return false;
    this.#inFlight[source] = null;
    const { group, tag, length, target, receive } = message;
    if (receive !== null) receive.result = { source, tag, bytes: length };
    else if (target !== null) this.#inbox.deliver({ group, source, tag, bytes: target });
    return true;
  }

  #accept(source: number): Incoming {
    const [group, tag, low, high] = this.#header as unknown as [number, number, number, number]; // has four words
    const length = high * 2 ** 32 + (low >>> 0);
    const envelope = { group, source, tag };
    const receive = this.#inbox.claim(envelope);
    if (receive === null) return { ...envelope, length, received: 0, target: new Uint8Array(length), receive };
    const target = length <= receive.buf.byteLength ? bytesOf(receive.buf) : null;
    return { ...envelope, length, received: 0, target, receive };
  }

  // Positions count bytes modulo 2^32; the ring's size divides that, so differences stay right when they wrap.
  #filled(source: number): number {
    const at = this.#control.ringWord(source, this.#rank);
    const { words } = this.#control;
    return (Atomics.load(words, at) - Atomics.load(words, at + 1)) >>> 0;
  }

  #room(dest: number): number {
    const at = this.#control.ringWord(this.#rank, dest);
    const { words } = this.#control;
    return this.#ringBytes - ((Atomics.load(words, at) - Atomics.load(words, at + 1)) >>> 0);
  }

  #write(dest: number, bytes: Uint8Array, start: number, length: number): void {
    const at = this.#control.ringWord(this.#rank, dest);
    const ring = this.#rings.outgoing[dest] as Uint8Array; // one per rank
    const position = Atomics.load(this.#control.words, at) & (this.#ringBytes - 1);
    const first = Math.min(length, this.#ringBytes - position);
    ring.set(bytes.subarray(start, start + first), position);
    ring.set(bytes.subarray(start + first, start + length), 0);
    Atomics.add(this.#control.words, at, length);
  }

  #read(source: number, target: Uint8Array | null, start: number, length: number): void {
    const at = this.#control.ringWord(source, this.#rank) + 1;
    const ring = this.#rings.incoming[source] as Uint8Array; // one per rank
    const position = Atomics.load(this.#control.words, at) & (this.#ringBytes - 1);
    const first = Math.min(length, this.#ringBytes - position);
    // An array that was transferred away has lost its memory.
    if (target !== null && target.length >= start + length) {
      target.set(ring.subarray(position, position + first), start);
      target.set(ring.subarray(0, length - first), start + first);
    }
    const before = Atomics.add(this.#control.words, at, length);
    this.#moves++;
    // A sender sleeps only when the ring is full. It looks at this position after it has written, and this rank looks at
    // what was written after it has moved the position: one of the two sees the other. Any other ring would wake it for
    // nothing.
    const filled = (Atomics.load(this.#control.words, at - 1) - before) >>> 0;
    if (filled > this.#ringBytes - HEADER_BYTES) this.#control.ring(source);
  }
}
