/**
 * Values as messages: the codec's bytes behind a header that holds their length.
 *
 * A rank that cannot encode sends a negative header instead, so that every rank throws and none waits.
 */
import type { Codec, ReceivedObject, Status } from './communicator.js';
import { MpiError } from './errors.js';
import { PRIVATE_TAG, type Transport } from './transport.js';

// In front of the length of a point-to-point object, so that a message of another kind is not taken for one.
const OBJECT_MARK = 0x646d6c6f626a;
const SMALLEST_SCRATCH = 4096;

/** The object methods of one communicator. */
export class ObjectMessages {
  readonly #transport: Transport;
  readonly #codec: Codec;
  readonly #header = new Float64Array(1);
  readonly #headers: Float64Array;
  readonly #markedHeader = new Float64Array(2);
  readonly #status = new Float64Array(3);
  #scratch = new Uint8Array(SMALLEST_SCRATCH);

  constructor(transport: Transport, codec: Codec) {
    this.#transport = transport;
    this.#codec = codec;
    this.#headers = new Float64Array(transport.size);
  }

  bcast<T>(value: T | undefined, root: number): T {
    const { rank } = this.#transport;
    const own = rank === root ? this.#encode(value) : null;
    return this.#share(own, root, 'bcastObject', value) as T;
  }

  gather<T>(value: T, root: number, call: 'gatherObject' | 'allgatherObject'): T[] | null {
    const { rank, size } = this.#transport;
    const own = this.#encode(value);
    this.#header[0] = lengthOf(own);
    this.#transport.allgather(this.#header, this.#headers);
    this.#rejectFailures(own, call);
    const bytes = own as Uint8Array; // rejectFailures threw otherwise
    const isReceiver = call === 'allgatherObject' || rank === root;
    const total = this.#headers.reduce((sum, length) => sum + length, 0);
    const all = isReceiver ? this.#room(total) : null;
    if (call === 'allgatherObject') this.#transport.allgatherv(bytes, all as Uint8Array, this.#headers);
    else this.#transport.gatherv(bytes, all, this.#headers, root);
    if (all === null) return null;
    const values: T[] = [];
    let start = 0;
    for (let source = 0; source < size; source++) {
      const end = start + (this.#headers[source] as number); // one header per rank
      values.push(this.#codec.decode(all.subarray(start, end)) as T);
      start = end;
    }
    return values;
  }

  scatter<T>(values: readonly T[] | null, root: number): T {
    const { rank, size } = this.#transport;
    let parts: Uint8Array[] = [];
    let failure: Failure | null = null;
    if (rank === root) {
      if (values === null || values.length !== size) {
        const found = values === null ? 'null' : `${values.length}`;
        const message = `values must have one entry per rank, ${size} in all, found ${found}.`;
        failure = { error: new MpiError(message, { code: 'ERR_COUNT', call: 'scatterObject' }), origin: rank };
      } else {
        for (const value of values) {
          const encoded = this.#encode(value);
          if (!(encoded instanceof Uint8Array)) {
            failure = encoded;
            break;
          }
          parts.push(new Uint8Array(encoded)); // a copy: the codec may overwrite its memory, and slice of a Buffer is a view
        }
      }
      if (failure !== null) parts = [];
      for (let i = 0; i < size; i++) this.#headers[i] = parts[i]?.length ?? -1 - rank;
    }
    this.#transport.scatter(rank === root ? this.#headers : null, this.#header, root);
    const length = this.#header[0] as number; // has one element
    if (length < 0) throw remoteError(failure, -1 - length, 'scatterObject');
    let all: Uint8Array | null = null;
    if (rank === root) {
      all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let start = 0;
      for (const part of parts) {
        all.set(part, start);
        start += part.length;
      }
    }
    const own = this.#room(length);
    this.#transport.scatterv(all, rank === root ? this.#headers : null, own, root);
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
      const higher = this.#recvPrivate(rank + distance);
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
    if (rank !== 0) failure = this.#sendPrivate(folded, failure, rank - distance);
    const result = root === 0 || root === null ? folded : undefined;
    if (root === null) {
      const own = rank === 0 ? (failure ?? this.#encode(folded)) : null;
      return this.#share(own, 0, call, result, failure) as T;
    }
    this.#header[0] = failure === null ? 0 : -1 - failure.origin;
    this.#transport.bcast(this.#header, 0);
    const verdict = this.#header[0] as number; // has one element
    if (verdict < 0) throw remoteError(failure, -1 - verdict, call);
    if (root === 0) return rank === 0 ? folded : null;
    if (rank === 0) {
      const unsent = this.#sendPrivate(folded, null, root);
      if (unsent !== null) throw remoteError(unsent, 0, call);
      return null;
    }
    if (rank !== root) return null;
    const received = this.#recvPrivate(0);
    if ('origin' in received) throw remoteError(null, received.origin, call);
    return received.value as T;
  }

  send(value: unknown, dest: number, tag: number): void {
    const encoded = this.#encode(value);
    this.#markedHeader[0] = OBJECT_MARK;
    this.#markedHeader[1] = lengthOf(encoded);
    this.#transport.send(this.#markedHeader, dest, tag);
    if (!(encoded instanceof Uint8Array)) throw remoteError(encoded, encoded.origin, 'sendObject');
    this.#transport.send(encoded, dest, tag);
  }

  recv<T>(source: number, tag: number): ReceivedObject<T> {
    const header = this.#markedHeader;
    header[0] = 0;
    try {
      this.#transport.recv(header, source, tag, this.#status);
    } catch (error) {
      if (!(error instanceof MpiError) || (error.code !== 'ERR_TRUNCATE' && error.code !== 'ERR_TYPE')) throw error;
      throw notAnObject(error);
    }
    if (header[0] !== OBJECT_MARK || this.#status[2] !== 2) throw notAnObject();
    const status = { source: this.#status[0], tag: this.#status[1] } as Status;
    const length = header[1] as number; // has two elements
    if (length < 0) throw remoteError(null, status.source, 'recvObject');
    const bytes = this.#room(length);
    this.#transport.recv(bytes, status.source, status.tag, this.#status);
    return { value: this.#codec.decode(bytes) as T, status: { ...status, count: length } };
  }

  /** The second half of a broadcast: the root's bytes, or its failure, to everyone. */
  #share(
    own: Uint8Array | Failure | null,
    root: number,
    call: string,
    value: unknown,
    failure?: Failure | null,
  ): unknown {
    this.#header[0] = own === null ? 0 : lengthOf(own);
    this.#transport.bcast(this.#header, root);
    const length = this.#header[0] as number; // has one element
    if (length < 0) throw remoteError(own instanceof Uint8Array ? null : (own ?? failure ?? null), -1 - length, call);
    if (own instanceof Uint8Array) {
      this.#transport.bcast(own, root);
      return value;
    }
    const bytes = this.#room(length);
    this.#transport.bcast(bytes, root);
    return this.#codec.decode(bytes);
  }

  #sendPrivate(value: unknown, failure: Failure | null, dest: number): Failure | null {
    const encoded = failure ?? this.#encode(value);
    this.#header[0] = lengthOf(encoded);
    this.#transport.send(this.#header, dest, PRIVATE_TAG);
    if (!(encoded instanceof Uint8Array)) return encoded;
    this.#transport.send(encoded, dest, PRIVATE_TAG);
    return null;
  }

  #recvPrivate(source: number): { readonly value: unknown } | Failure {
    this.#transport.recv(this.#header, source, PRIVATE_TAG, this.#status);
    const length = this.#header[0] as number; // has one element
    if (length < 0) return { error: undefined, origin: -1 - length };
    const bytes = this.#room(length);
    this.#transport.recv(bytes, source, PRIVATE_TAG, this.#status);
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

  #rejectFailures(own: Uint8Array | Failure, call: string): void {
    const failed = this.#headers.findIndex((length) => length < 0);
    if (failed >= 0) throw remoteError(own instanceof Uint8Array ? null : own, failed, call);
  }

  #room(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(Math.max(length, 2 * this.#scratch.length));
    return this.#scratch.subarray(0, length);
  }
}

/** Why a value did not travel. `error` is known on the rank where it happened only. */
interface Failure {
  readonly error: unknown;
  readonly origin: number;
}

function lengthOf(encoded: Uint8Array | Failure): number {
  return encoded instanceof Uint8Array ? encoded.length : -1 - encoded.origin;
}

function remoteError(failure: Failure | null, origin: number, call: string): unknown {
  const cause = failure?.error;
  if (cause === undefined) {
    return new MpiError(`rank ${origin} failed; its own message says why.`, { code: 'ERR_REMOTE', call });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MpiError(`rank ${origin} failed: ${reason}`, { code: 'ERR_REMOTE', call, cause });
}

function notAnObject(cause?: unknown): MpiError {
  return new MpiError('the message is not an object: it was sent by send(). Receive it with recv().', {
    code: 'ERR_TYPE',
    call: 'recvObject',
    cause,
  });
}
