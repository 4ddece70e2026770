import { hasMagic, MAGIC_BYTES } from '../binary/format.js';
import { type ByteSource, iterate, nextPiece, type Pieces } from '../binary/stream.js';
import { isArrayBuffer, isBytes, wrongArgument } from '../checks/arguments.js';
import type { Codec } from '../codec.js';
import { CodecError } from '../errors.js';
import { concatenate, decodeUtf8 } from '../values/text.js';

/** The part of the platform's `Blob` that is used. */
export interface BlobLike {
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start: number, end: number): BlobLike;
  stream(): ByteSource;
}

/** The part of the answer of `fetch` that is used. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly body: ByteSource | null;
}

/** A path or URL as text, or a `URL`. */
export type Address = string | { readonly href: string };

/** Where a model may come from when it is not a file on disk. */
export type ModelSource = ArrayBuffer | Uint8Array | BlobLike | ResponseLike | ByteSource;

/** Options of {@link saveModel}. */
export interface SaveOptions {
  /** Replace also a file that does not begin like a model file of this codec. Default false: it is refused. */
  readonly overwrite?: boolean;
}

export function isAddress(source: Address | ModelSource): source is Address {
  return typeof source === 'string' || (typeof source === 'object' && source !== null && 'href' in source);
}

/** Reads a model, binary or JSON, from memory, a Blob (a chosen file), a `fetch` response or a stream of bytes. */
export async function loadFromSource(source: ModelSource, codec: Codec): Promise<unknown> {
  if (isArrayBuffer(source)) return loadFromBytes(new Uint8Array(source), codec);
  if (isBytes(source)) return loadFromBytes(source, codec);
  if (typeof source !== 'object' || source === null) wrongArgument('loadModel', SOURCES, source);
  if ('size' in source && 'slice' in source) return loadFromPieces(iterate(source.stream()), codec, source.size);
  if (!('ok' in source && 'status' in source)) return loadFromPieces(iterate(source, 'loadModel'), codec);
  if (!source.ok) {
    throw new CodecError({ code: 'ERR_FILE', reason: `the server answered ${source.status} for ${source.url}.` });
  }
  return source.body === null ? codec.decode(new Uint8Array()) : loadFromPieces(iterate(source.body), codec);
}

/**
 * Recognises the form by the first pieces. Text is gathered, because JSON is read as a whole.
 * @param byteLength  the size of the whole source, when that is certain (a file, a Blob)
 */
export async function loadFromPieces(pieces: Pieces, codec: Codec, byteLength?: number): Promise<unknown> {
  try {
    let start: Uint8Array = new Uint8Array();
    while (start.length < MAGIC_BYTES) {
      const next = await nextPiece(pieces);
      if (next === undefined) break;
      start = concatenate([start, next]);
    }
    if (hasMagic(start)) {
      return await codec.decodeStream(joined(start, pieces), byteLength === undefined ? {} : { byteLength });
    }
    if (looksBinary(start)) return codec.decode(start);
    return codec.parse(textOf(await gathered(start, pieces, codec.limits.maxBytes, byteLength)));
  } finally {
    await pieces.return?.();
  }
}

async function* joined(start: Uint8Array, rest: Pieces): AsyncGenerator<Uint8Array, void> {
  yield start;
  for (let next = await nextPiece(rest); next !== undefined; next = await nextPiece(rest)) yield next;
}

/** A character, which counts once for `limits.maxBytes`, has at most three bytes. Engines hold no longer strings. */
const mostBytes = (maxBytes: number): number => Math.min(3 * maxBytes, 2 ** 29);

/** All bytes, in an array that grows as they arrive. @throws {CodecError} `ERR_LIMIT` as soon as they are too many */
async function gathered(start: Uint8Array, rest: Pieces, maxBytes: number, byteLength = 0): Promise<Uint8Array> {
  const most = mostBytes(maxBytes);
  checkTextSize(byteLength, most);
  let bytes = new Uint8Array(Math.max(start.length, Math.min(byteLength, 1 << 24)));
  bytes.set(start);
  let length = start.length;
  for (let next = await nextPiece(rest); next !== undefined; next = await nextPiece(rest)) {
    checkTextSize(length + next.length, most);
    if (length + next.length > bytes.length) {
      const grown = new Uint8Array(Math.min(most, 2 * (length + next.length)));
      grown.set(bytes.subarray(0, length));
      bytes = grown;
    }
    bytes.set(next, length);
    length += next.length;
  }
  return bytes.subarray(0, length);
}

function checkTextSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  const reason = `JSON of more than ${most} bytes is not read. Raise limits.maxBytes, or use the binary form.`;
  throw new CodecError({ code: 'ERR_LIMIT', reason });
}

const SOURCES = 'a path, a URL, an ArrayBuffer, a Uint8Array, a Blob, a Response or a stream of bytes';

/** Reads a model from the bytes of a whole file: binary when they begin like it, JSON otherwise. */
function loadFromBytes(bytes: Uint8Array, codec: Codec): unknown {
  return looksBinary(bytes) ? codec.decode(bytes) : codec.parse(textOf(bytes));
}

/** A damaged or truncated start of a binary file should be reported as that, not as bad JSON. */
function looksBinary(bytes: Uint8Array): boolean {
  // Some editors put a byte order mark before the text.
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return false;
  return bytes.length === 0 || bytes[0]! >= 0x80 || bytes[0]! < 0x09;
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason: 'neither a binary model file nor JSON in UTF-8.' });
}
