import { isBytes, wrongArgument } from '../checks/arguments.js';
import { CodecError } from '../errors.js';
import type { Context } from '../models/context.js';
import { concatenate } from '../values/text.js';
import { fromLittleEndian, type TypedArray, typedArrayOfTag } from '../values/typedArrays.js';
import { ByteReader } from './byteReader.js';
import { Checksum } from './checksum.js';
import { Decoder } from './decode.js';
import { checkChecksum, checkLength } from './file.js';
import { HEADER_BYTES, type Header, MAJOR, readHeader, TAG } from './format.js';

/** The part of the platform's `ReadableStream` that is used, so that no platform's types are needed. */
export interface ReadableBytes {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<unknown>;
  };
}

/** Bytes in pieces of any size, from a file, a socket, a `fetch` response or an array. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableBytes;

/** Any {@link ByteSource}, as an iterator. */
export type Pieces = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

/** At most this much is allocated for an announced length before its bytes have arrived. */
const UNPROVEN_BYTES = 1 << 24;

/** A source that gives more empty pieces in a row is taken for one that never ends. */
const MAX_EMPTY_PIECES = 10_000;

/**
 * Reads a binary file piece by piece. Large arrays are filled in place as their bytes arrive, so that memory stays
 * near the size of the model.
 * @param knownBytes  the size of the whole source when that is certain (a file, a Blob)
 */
export async function decodeBinaryStream(source: ByteSource, context: Context, knownBytes?: number): Promise<unknown> {
  const input = new PieceReader(iterate(source), knownBytes !== undefined);
  try {
    const header = readHeader(await input.upTo(HEADER_BYTES), context.limits.maxBytes);
    if (knownBytes !== undefined) checkLength(header, knownBytes - HEADER_BYTES);
    return await readPayload(input, header, context);
  } finally {
    await input.close();
  }
}

async function readPayload(input: PieceReader, header: Header, context: Context): Promise<unknown> {
  input.beginPayload(header.payloadBytes);
  if ((await head(input, MAJOR.array, 'the array of blobs and tree')) !== 2) {
    throw malformed('expected an array of 2 items, the blobs and the tree');
  }
  const count = await head(input, MAJOR.array, 'the array of blobs');
  if (count > context.limits.maxItems) {
    const reason = `more data items than limits.maxItems = ${context.limits.maxItems}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  const blobs: TypedArray[] = [];
  for (let i = 0; i < count; i++) {
    const shareable = await head(input, MAJOR.tag, 'a shareable typed array');
    const kind = typedArrayOfTag(await head(input, MAJOR.tag, 'a typed array'));
    if (shareable !== TAG.shareable || kind === undefined) throw malformed('a blob must be a shareable typed array');
    const byteLength = await head(input, MAJOR.bytes, `the bytes of a ${kind.name}`);
    if (byteLength % kind.elementBytes !== 0) {
      throw malformed(`${byteLength} bytes are no whole number of elements of a ${kind.name}`);
    }
    blobs.push(fromLittleEndian(kind, await input.whole(byteLength)));
  }
  const tree = new Uint8Array(await input.whole(input.payloadLeft));
  await input.expectEnd();
  checkChecksum(header, input.checksum.digest());
  return new Decoder(tree, context, blobs).tree();
}

/** Reads the head of one item, at most nine bytes. */
async function head(input: PieceReader, major: number, what: string): Promise<number> {
  const first = new Uint8Array(await input.whole(1));
  const info = first[0]! & 31;
  const argument = info < 24 || info > 27 ? new Uint8Array() : new Uint8Array(await input.whole(1 << (info - 24)));
  return new ByteReader(concatenate([first, argument])).expect(major, what);
}

/** Takes bytes off a sequence of pieces, and keeps the checksum of those of the payload. */
class PieceReader {
  readonly checksum = new Checksum();
  payloadLeft = 0;
  readonly #pieces: Pieces;
  readonly #lengthIsProven: boolean;
  #piece: Uint8Array = new Uint8Array();

  constructor(pieces: Pieces, lengthIsProven: boolean) {
    this.#pieces = pieces;
    this.#lengthIsProven = lengthIsProven;
  }

  beginPayload(bytes: number): void {
    this.payloadLeft = bytes;
  }

  /** The next `count` bytes, or as many as there are. */
  async upTo(count: number): Promise<Uint8Array> {
    const out = new Uint8Array(count);
    return out.subarray(0, await this.#fill(out));
  }

  /** Exactly the next `count` bytes of the payload, in a buffer of their own. */
  async whole(count: number): Promise<ArrayBuffer> {
    if (count > this.payloadLeft) throw truncated(count, this.payloadLeft);
    this.payloadLeft -= count;
    let out = new Uint8Array(this.#lengthIsProven ? count : Math.min(count, UNPROVEN_BYTES));
    let filled = 0;
    for (;;) {
      const room = out.subarray(filled);
      const got = await this.#fill(room);
      this.checksum.update(room.subarray(0, got));
      filled += got;
      if (got < room.length) throw truncated(count, filled);
      if (filled === count) return out.buffer;
      const grown = new Uint8Array(Math.min(count, 2 * out.length));
      grown.set(out);
      out = grown;
    }
  }

  async expectEnd(): Promise<void> {
    if ((await this.upTo(1)).length === 0) return;
    const reason = 'more bytes than the header announces.';
    throw new CodecError({ code: 'ERR_TRAILING_BYTES', reason });
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #fill(out: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < out.length) {
      if (this.#piece.length === 0) {
        const next = await nextPiece(this.#pieces);
        if (next === undefined) break;
        this.#piece = next;
      }
      const part = this.#piece.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      this.#piece = this.#piece.subarray(part.length);
    }
    return filled;
  }
}

const STREAM = 'a stream or an iterable of Uint8Array';

/** Some browsers have readable streams that cannot be iterated. */
export function iterate(source: ByteSource, owner = 'decodeStream'): Pieces {
  if (typeof source !== 'object' || source === null) wrongArgument(owner, STREAM, source);
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (Symbol.iterator in source) return source[Symbol.iterator]();
  if (typeof source.getReader !== 'function') wrongArgument(owner, STREAM, source);
  const reader = source.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done || value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/**
 * The next piece that has bytes, or `undefined` at the end.
 * @throws {CodecError} `ERR_OPTION` for a piece of another kind, `ERR_LIMIT` for a source that gives empty pieces only
 */
export async function nextPiece(pieces: Pieces): Promise<Uint8Array | undefined> {
  for (let i = 0; i < MAX_EMPTY_PIECES; i++) {
    const next = await pieces.next();
    if (next.done === true) return undefined;
    const piece: unknown = next.value;
    if (!isBytes(piece)) wrongArgument('stream', 'pieces that are Uint8Array', piece);
    if (piece.length > 0) return piece;
  }
  const reason = `the stream gave ${MAX_EMPTY_PIECES} empty pieces in a row.`;
  throw new CodecError({ code: 'ERR_LIMIT', reason });
}

function truncated(wanted: number, left: number): CodecError {
  return new CodecError({ code: 'ERR_TRUNCATED', reason: `truncated: ${wanted} more bytes announced, ${left} left.` });
}

function malformed(reason: string): CodecError {
  return new CodecError({ code: 'ERR_MALFORMED', reason: `${reason}.` });
}
