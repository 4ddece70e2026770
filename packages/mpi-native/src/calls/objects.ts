/**
 * Values as messages: the codec's bytes behind a header that holds their length.
 *
 * A rank that cannot encode sends a negative header instead, so that every rank throws and none waits.
 */

import { ANNOUNCEMENT_BYTES, announce, announced, announcedIn } from '../buffers/receipt.js';
import { OBJECT_CALLS } from '../contract/calls.js';
import {
  ANY_SOURCE,
  ANY_TAG,
  type Codec,
  type FoundMessage,
  type NumericArray,
  type ReceivedObject,
} from '../contract/messages.js';
import { PRIVATE_TAG, type Transport } from '../contract/transport.js';
import { MpiError } from '../failures/errors.js';
import { type Failure, remoteError } from '../failures/remote.js';

type ObjectCall = (typeof OBJECT_CALLS)[number];

// A header also says which call it belongs to: the number of the call times this, plus the length.
const CALL_UNIT = 2 ** 44;
const MIN_SCRATCH = 4096;

/** An object whose announcement a receive of numbers met. Its bytes are still to come. */
interface Announced {
  readonly source: number;
  readonly tag: number;
  /** Negative when its sender could not encode it. */
  readonly length: number;
}

/** The object methods of one communicator. */
export class ObjectMessages {
  readonly #transport: Transport;
  readonly #codec: Codec;
  readonly #header = new Float64Array(1);
  readonly #headers: Float64Array;
  readonly #lengths: Float64Array;
  readonly #announcement = new Uint8Array(ANNOUNCEMENT_BYTES);
  #scratch = new Uint8Array(MIN_SCRATCH);
  #refused: Announced[] = [];

  constructor(transport: Transport, codec: Codec) {
    this.#transport = transport;
    this.#codec = codec;
    this.#headers = new Float64Array(transport.size);
    this.#lengths = new Float64Array(transport.size);
  }

  bcast<T>(value: T | undefined, root: number): T {
    const { rank } = this.#transport;
    const own = rank === root ? this.#encode(value) : null;
    return this.#share(own, root, 'bcastObject', value) as T;
  }

  gather<T>(value: T, root: number, call: 'gatherObject' | 'allgatherObject'): T[] | null {
    const { rank } = this.#transport;
    const own = this.#encode(value);
    this.#header[0] = headerOf(call, lengthOf(own));
    this.#transport.allgather(this.#header, this.#headers);
    const lengths = this.#lengths;
    for (let source = 0; source < lengths.length; source++)
      lengths[source] = lengthIn(this.#headers, source, call, source);
    const failed = lengths.findIndex((length) => length < 0);
    if (failed >= 0) throw remoteError(own instanceof Uint8Array ? null : own, failed, call);
    const bytes = own as Uint8Array; // a failure of this rank was found above
    const isReceiver = call === 'allgatherObject' || rank === root;
    const all = isReceiver ? this.#room(lengths.reduce((sum, length) => sum + length, 0)) : null;
    if (call === 'allgatherObject') this.#transport.allgatherv(bytes, all as Uint8Array, lengths);
    else this.#transport.gatherv(bytes, all, lengths, root);
    if (all === null) return null;
    let start = 0;
    return Array.from(lengths, (length) => {
      start += length;
      return this.#codec.decode(all.subarray(start - length, start)) as T;
    });
  }

  scatter<T>(values: readonly T[] | null, root: number): T {
    const call = 'scatterObject';
    const { rank } = this.#transport;
    const lengths = this.#lengths;
    const parts = rank === root ? this.#encodeAll(values) : [];
    const failure = Array.isArray(parts) ? null : parts;
    const all = failure === null && rank === root ? concatenated(parts as Uint8Array[]) : null;
    for (let dest = 0; dest < lengths.length && rank === root; dest++) {
      lengths[dest] = failure === null ? (parts as Uint8Array[])[dest]!.length : lengthOf(failure);
      this.#headers[dest] = headerOf(call, lengths[dest]!);
    }
    this.#transport.scatter(rank === root ? this.#headers : null, this.#header, root);
    const length = lengthIn(this.#header, 0, call, root);
    if (length < 0) throw remoteError(failure, -1 - length, call);
    const own = this.#room(length);
    this.#transport.scatterv(all, rank === root ? lengths : null, own, root);
    return this.#codec.decode(own) as T;
  }

  /**
   * Rank r takes in the folded values of ranks r + 1, r + 2, r + 4, … while r is a multiple of twice the distance: the
   * shape depends on the size alone.
   */
  reduce<T>(value: T, combine: (lower: T, higher: T) => T, root: number | null): T | null {
    const call = root === null ? 'allreduceObject' : 'reduceObject';
    const { rank, size } = this.#transport;
    let folded = value;
    let failure: Failure | null = null;
    let distance = 1;
    for (; distance < size && rank % (2 * distance) === 0; distance *= 2) {
      if (rank + distance >= size) continue;
      const higher = this.#recvPrivate(rank + distance, call);
      if (failure !== null) continue;
      if ('origin' in higher) failure = higher;
      else {
        try {
          folded = combine(folded, higher.value as T);
        } catch (error) {
          failure = { error, origin: rank };
        }
      }
    }
    if (rank !== 0) failure = this.#sendPrivate(folded, failure, rank - distance, call);
    const result = root === 0 || root === null ? folded : undefined;
    if (root === null) {
      const own = rank === 0 ? (failure ?? this.#encode(folded)) : null;
      return this.#share(own, 0, call, result, failure) as T;
    }
    this.#header[0] = headerOf(call, failure === null ? 0 : lengthOf(failure));
    this.#transport.bcast(this.#header, 0);
    const verdict = lengthIn(this.#header, 0, call, 0);
    if (verdict < 0) throw remoteError(failure, -1 - verdict, call);
    if (root === 0) return rank === 0 ? folded : null;
    if (rank === 0) {
      const unsent = this.#sendPrivate(folded, null, root, call);
      if (unsent !== null) throw remoteError(unsent, 0, call);
      return null;
    }
    if (rank !== root) return null;
    const received = this.#recvPrivate(0, call);
    if ('origin' in received) throw remoteError(null, received.origin, call);
    return received.value as T;
  }

  send(value: unknown, dest: number, tag: number): void {
    const encoded = this.#encode(value);
    this.#transport.send(announce(lengthOf(encoded)), dest, tag);
    if (!(encoded instanceof Uint8Array)) throw remoteError(encoded, encoded.origin, 'sendObject');
    this.#transport.send(encoded, dest, tag);
  }

  recv<T>(wantedSource: number, wantedTag: number): ReceivedObject<T> {
    const call = 'recvObject';
    const refused = this.#refused.find((object) => matches(object, wantedSource, wantedTag));
    const { source, tag, length } = refused ?? this.#recvAnnouncement(wantedSource, wantedTag);
    this.#refused = this.#refused.filter((object) => object !== refused);
    if (length < 0) throw remoteError(null, source, call);
    const bytes = this.#room(length);
    this.#transport.recv(bytes, source, tag);
    if (this.#transport.status[2] !== length) throw new MpiError(TAKEN_APART, { code: 'ERR_TYPE', call });
    return { value: this.#codec.decode(bytes) as T, status: { source, tag, count: length } };
  }

  /** The object that a receive of numbers has refused, and that is still the first in line. */
  refused(wantedSource: number, wantedTag: number): FoundMessage | null {
    const found = this.#refused.find((object) => matches(object, wantedSource, wantedTag));
    return found === undefined ? null : { source: found.source, tag: found.tag, bytes: ANNOUNCEMENT_BYTES };
  }

  /** @throws {MpiError} `ERR_TYPE` when the first message in line is an object that was refused before */
  rejectRefused(wantedSource: number, wantedTag: number, call: string): void {
    if (this.#refused.length > 0 && this.refused(wantedSource, wantedTag) !== null) throw isAnObject(call);
  }

  /** After a receive into `buf`: if that met an object, keeps it for {@link recv} and returns what to throw. */
  refuse(buf: NumericArray, call: string): MpiError | null {
    const length = announcedIn(buf);
    if (length === null) return null;
    const [source, tag] = this.#transport.status as unknown as [number, number]; // has three elements
    this.#refused.push({ source, tag, length });
    // A later message may leave these bytes as they are, and must not be taken for an object.
    new Uint8Array(buf.buffer, buf.byteOffset, ANNOUNCEMENT_BYTES).fill(0);
    return isAnObject(call);
  }

  /** Looks first: a message that is not an object stays where it is, for `recv`. */
  #recvAnnouncement(wantedSource: number, wantedTag: number): Announced {
    const { status } = this.#transport;
    this.#transport.probe(wantedSource, wantedTag);
    const [source, tag, bytes] = status as unknown as [number, number, number]; // has three elements
    if (bytes !== ANNOUNCEMENT_BYTES) throw notAnObject('Receive it with recv().');
    this.#transport.recv(this.#announcement, source, tag);
    const length = announced(this.#announcement, ANNOUNCEMENT_BYTES);
    if (length === null) throw notAnObject('It is lost.');
    return { source, tag, length };
  }

  /** The second half of a broadcast: the root's bytes, or its failure, to everyone. */
  #share(
    own: Uint8Array | Failure | null,
    root: number,
    call: ObjectCall,
    value: unknown,
    failure?: Failure | null,
  ): unknown {
    this.#header[0] = headerOf(call, own === null ? 0 : lengthOf(own));
    this.#transport.bcast(this.#header, root);
    const length = lengthIn(this.#header, 0, call, root);
    if (length < 0) throw remoteError(own instanceof Uint8Array ? null : (own ?? failure ?? null), -1 - length, call);
    if (own instanceof Uint8Array) {
      this.#transport.bcast(own, root);
      return value;
    }
    const bytes = this.#room(length);
    this.#transport.bcast(bytes, root);
    return this.#codec.decode(bytes);
  }

  #sendPrivate(value: unknown, failure: Failure | null, dest: number, call: ObjectCall): Failure | null {
    const encoded = failure ?? this.#encode(value);
    this.#header[0] = headerOf(call, lengthOf(encoded));
    this.#transport.send(this.#header, dest, PRIVATE_TAG);
    if (!(encoded instanceof Uint8Array)) return encoded;
    this.#transport.send(encoded, dest, PRIVATE_TAG);
    return null;
  }

  #recvPrivate(source: number, call: ObjectCall): { readonly value: unknown } | Failure {
    this.#transport.recv(this.#header, source, PRIVATE_TAG);
    const length = lengthIn(this.#header, 0, call, source);
    if (length < 0) return { error: undefined, origin: -1 - length };
    const bytes = this.#room(length);
    this.#transport.recv(bytes, source, PRIVATE_TAG);
    return { value: this.#codec.decode(bytes) };
  }

  #encode(value: unknown): Uint8Array | Failure {
    const call = 'encode';
    try {
      const bytes = this.#codec.encode(value);
      if (bytes instanceof Uint8Array) return bytes;
      const message = `codec "${this.#codec.id}" must return a Uint8Array.`;
      return { error: new MpiError(message, { code: 'ERR_ARG', call }), origin: this.#transport.rank };
    } catch (error) {
      return { error, origin: this.#transport.rank };
    }
  }

  #encodeAll(values: readonly unknown[] | null): Uint8Array[] | Failure {
    const { rank, size } = this.#transport;
    if (values === null || values.length !== size) {
      const message = `values must have one entry per rank, ${size} in all, found ${values === null ? 'null' : values.length}.`;
      return { error: new MpiError(message, { code: 'ERR_COUNT', call: 'scatterObject' }), origin: rank };
    }
    const parts: Uint8Array[] = [];
    for (const value of values) {
      const encoded = this.#encode(value);
      if (!(encoded instanceof Uint8Array)) return encoded;
      parts.push(new Uint8Array(encoded)); // a copy: the codec may overwrite its memory, and slice of a Buffer is a view
    }
    return parts;
  }

  #room(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(Math.max(length, 2 * this.#scratch.length));
    return this.#scratch.subarray(0, length);
  }
}

function lengthOf(encoded: Uint8Array | Failure): number {
  return encoded instanceof Uint8Array ? encoded.length : -1 - encoded.origin;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

function headerOf(call: ObjectCall, length: number): number {
  const mark = CALL_UNIT * (1 + OBJECT_CALLS.indexOf(call));
  return length < 0 ? length - mark : length + mark;
}

/** @throws {MpiError} `ERR_MISMATCH` when the header of `rank` is not one of this call: that rank is in another one */
function lengthIn(headers: Float64Array, index: number, call: ObjectCall, rank: number): number {
  const header = headers[index] as number; // the caller's index is in range
  const number = Math.floor(Math.abs(header) / CALL_UNIT) - 1;
  const mark = CALL_UNIT * (1 + number);
  const found = Number.isInteger(header) ? OBJECT_CALLS[number] : undefined;
  if (found === call) return header < 0 ? header + mark : header - mark;
  throw new MpiError(
    `rank ${rank} is in ${found ?? 'another collective call'}: collective calls do not match. DML_MPI_CHECK=1 shows more.`,
    { code: 'ERR_MISMATCH', call },
  );
}

function matches({ source, tag }: Announced, wantedSource: number, wantedTag: number): boolean {
  return (wantedSource === ANY_SOURCE || wantedSource === source) && (wantedTag === ANY_TAG || wantedTag === tag);
}

function isAnObject(call: string): MpiError {
  const message = 'the message is an object, sent by sendObject(). It waits for recvObject().';
  return new MpiError(message, { code: 'ERR_TYPE', call });
}

function notAnObject(advice: string): MpiError {
  const sender = 'sent by send(), or the rest of an object that a receive with too short an array has taken';
  const message = `the message is not an object: it was ${sender}. ${advice}`;
  return new MpiError(message, { code: 'ERR_TYPE', call: 'recvObject' });
}

const TAKEN_APART = 'the bytes of the object went to another receive, started before this call. The object is lost.';
