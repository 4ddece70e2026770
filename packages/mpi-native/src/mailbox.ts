/**
 * Point-to-point messages between ranks that share memory: one ring per ordered pair of ranks.
 *
 * A message is a header of four words (group, tag, length in two words) and its bytes, which pass through the ring in
 * as many pieces as needed. A message that nobody asked for yet is kept aside in this rank's own memory.
 */
import { bytesOf } from './arrays.js';
import { ANY_SOURCE, ANY_TAG, type NumericArray } from './communicator.js';
import { MpiError } from './errors.js';
import { type Call, type ControlBlock, ringBytes, type SharedJob } from './sharedMemory.js';

const HEADER_BYTES = 16;

interface Arrived {
  readonly group: number;
  readonly source: number;
  readonly tag: number;
  readonly bytes: Uint8Array;
}

/** A message on its way in from one rank. */
interface Incoming {
  readonly group: number;
  readonly source: number;
  readonly tag: number;
  readonly length: number;
  received: number;
  /** Where the bytes go; `null` when they are too many for the buffer and are thrown away. */
  readonly target: Uint8Array | null;
  readonly request: Request | null;
}

/** A receive that waits for its message. Ranks are those of the job. */
interface Request {
  readonly group: number;
  readonly source: number;
  readonly tag: number;
  readonly buffer: Uint8Array;
  taken: boolean;
  result: { readonly source: number; readonly tag: number; readonly length: number } | null;
}

/** What a receive got. `source` is a rank of the job. */
export interface Delivery {
  readonly source: number;
  readonly tag: number;
  readonly length: number;
}

/** The messages of one rank. */
export class Mailbox {
  readonly #control: ControlBlock;
  readonly #rank: number;
  readonly #size: number;
  readonly #ringBytes: number;
  readonly #outgoing: readonly Uint8Array[];
  readonly #incoming: readonly Uint8Array[];
  readonly #inFlight: (Incoming | null)[];
  readonly #header = new Int32Array(HEADER_BYTES / 4);
  readonly #headerBytes = new Uint8Array(this.#header.buffer);
  #arrived: Arrived[] = [];

  constructor(job: SharedJob, control: ControlBlock) {
    this.#control = control;
    this.#rank = job.rank;
    this.#size = job.size;
    this.#ringBytes = ringBytes(job.size);
    const ring = (source: number, dest: number) =>
      new Uint8Array(job.rings, (source * job.size + dest) * this.#ringBytes, this.#ringBytes);
    this.#outgoing = Array.from({ length: job.size }, (_, dest) => ring(job.rank, dest));
    this.#incoming = Array.from({ length: job.size }, (_, source) => ring(source, job.rank));
    this.#inFlight = new Array<Incoming | null>(job.size).fill(null);
  }

  /** Returns when the ring has taken the whole message. */
  send(buf: NumericArray, dest: number, group: number, tag: number): void {
    const push = this.#start(buf, dest, group, tag);
    this.#control.waitUntil('send', push);
  }

  /** @throws {MpiError} `ERR_TRUNCATE` */
  recv(buf: NumericArray, source: number, group: number, tag: number): Delivery {
    const request = this.#request(buf, source, group, tag);
    this.#control.waitUntil('recv', () => this.#progress(request));
    return this.#finish(request, 'recv');
  }

  /** Sends and receives at the same time, so that rings which are full on both sides empty. */
  sendrecv(send: NumericArray, dest: number, recv: NumericArray, source: number, group: number, tag: number): Delivery {
    const push = this.#start(send, dest, group, tag);
    const request = this.#request(recv, source, group, tag);
    this.#control.waitUntil('sendrecv', () => {
      const sent = push();
      return this.#progress(request) && sent;
    });
    return this.#finish(request, 'sendrecv');
  }

  /** Forgets the messages of a group that is no more. */
  forget(group: number): void {
    this.#arrived = this.#arrived.filter((message) => message.group !== group);
  }

  /** A function that moves as much of the message as fits, and returns whether all of it has gone. */
  #start(buf: NumericArray, dest: number, group: number, tag: number): () => boolean {
    const bytes = bytesOf(buf);
    if (dest === this.#rank) {
      this.#arrived.push({ group, source: dest, tag, bytes: bytes.slice() });
      return () => true;
    }
    const header = Int32Array.of(group, tag, bytes.length | 0, Math.floor(bytes.length / 2 ** 32));
    const headerBytes = new Uint8Array(header.buffer);
    let headerSent = false;
    let sent = 0;
    return () => {
      if (!headerSent) {
        if (this.#room(dest) < HEADER_BYTES) return false;
        this.#write(dest, headerBytes, 0, HEADER_BYTES);
        headerSent = true;
      }
      const piece = Math.min(this.#room(dest), bytes.length - sent);
      if (piece > 0) this.#write(dest, bytes, sent, piece);
      sent += piece;
      this.#control.ring(dest);
      return sent === bytes.length;
    };
  }

  #request(buf: NumericArray, source: number, group: number, tag: number): Request {
    const request: Request = { group, source, tag, buffer: bytesOf(buf), taken: false, result: null };
    const index = this.#arrived.findIndex((message) => matches(request, message));
    const message = this.#arrived[index];
    if (message !== undefined) {
      this.#arrived.splice(index, 1);
      if (message.bytes.length <= request.buffer.length) request.buffer.set(message.bytes);
      request.taken = true;
      request.result = { source: message.source, tag: message.tag, length: message.bytes.length };
    }
    return request;
  }

  #progress(request: Request): boolean {
    for (let source = 0; source < this.#size && request.result === null; source++) {
      if (request.source !== ANY_SOURCE && request.source !== source) continue;
      while (this.#pull(source, request) && request.result === null);
    }
    return request.result !== null;
  }

  /** Takes what the ring from `source` holds. Returns whether a message was completed. */
  #pull(source: number, request: Request): boolean {
    if (source === this.#rank) return false;
    let message = this.#inFlight[source] ?? null;
    if (message === null) {
      if (this.#filled(source) < HEADER_BYTES) return false;
      this.#read(source, this.#headerBytes, 0, HEADER_BYTES);
      message = this.#accept(source, request);
      this.#inFlight[source] = message;
    }
    const piece = Math.min(this.#filled(source), message.length - message.received);
    if (piece > 0) {
      this.#read(source, message.target, message.received, piece);
      message.received += piece;
    }
    this.#control.ring(source);
    if (message.received < message.length) return false;
    this.#inFlight[source] = null;
    const { group, tag, length, target } = message;
    if (message.request !== null) message.request.result = { source, tag, length };
    else if (target !== null) this.#arrived.push({ group, source, tag, bytes: target });
    return true;
  }

  #accept(source: number, request: Request): Incoming {
    const [group, tag, low, high] = this.#header as unknown as [number, number, number, number]; // has four words
    const length = high * 2 ** 32 + (low >>> 0);
    const wanted = !request.taken && matches(request, { group, source, tag });
    if (!wanted) return { group, source, tag, length, received: 0, target: new Uint8Array(length), request: null };
    request.taken = true;
    const target = length <= request.buffer.length ? request.buffer : null;
    return { group, source, tag, length, received: 0, target, request };
  }

  #finish(request: Request, call: Call): Delivery {
    const { result } = request;
    if (result === null) throw new MpiError('a receive ended without a message.', { code: 'ERR_INTERN', call });
    if (result.length > request.buffer.length) {
      throw new MpiError(`the message has ${result.length} bytes, the buffer ${request.buffer.length}.`, {
        code: 'ERR_TRUNCATE',
        call,
      });
    }
    return result;
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
    const ring = this.#outgoing[dest] as Uint8Array; // one per rank
    const position = Atomics.load(this.#control.words, at) & (this.#ringBytes - 1);
    const first = Math.min(length, this.#ringBytes - position);
    ring.set(bytes.subarray(start, start + first), position);
    ring.set(bytes.subarray(start + first, start + length), 0);
    Atomics.add(this.#control.words, at, length);
  }

  #read(source: number, target: Uint8Array | null, start: number, length: number): void {
    const at = this.#control.ringWord(source, this.#rank) + 1;
    const ring = this.#incoming[source] as Uint8Array; // one per rank
    const position = Atomics.load(this.#control.words, at) & (this.#ringBytes - 1);
    const first = Math.min(length, this.#ringBytes - position);
    if (target !== null) {
      target.set(ring.subarray(position, position + first), start);
      target.set(ring.subarray(0, length - first), start + first);
    }
    Atomics.add(this.#control.words, at, length);
  }
}

function matches(request: Pick<Request, 'group' | 'source' | 'tag'>, message: Omit<Arrived, 'bytes'>): boolean {
  if (request.group !== message.group) return false;
  if (request.source !== ANY_SOURCE && request.source !== message.source) return false;
  return request.tag === message.tag || (request.tag === ANY_TAG && message.tag >= 0);
}
