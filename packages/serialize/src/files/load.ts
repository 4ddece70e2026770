import { hasMagic, MAGIC_BYTES } from '../binary/format.js';
import { asBytes, type ByteSource, iterate, type Pieces } from '../binary/stream.js';
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
  /** Replace a file that does not begin like a model file. Default false: it is refused. */
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
  if ('size' in source && 'slice' in source) {
    const start = new Uint8Array(await source.slice(0, MAGIC_BYTES).arrayBuffer());
    if (hasMagic(start)) return codec.decodeStream(source.stream(), { byteLength: source.size });
    if (looksBinary(start)) return codec.decode(start);
    checkTextSize(source.size);
    return loadFromBytes(new Uint8Array(await source.arrayBuffer()), codec);
  }
  if (!('ok' in source && 'status' in source)) return loadFromPieces(iterate(source), codec);
  if (!source.ok) {
    throw new CodecError({ code: 'ERR_FILE', reason: `the server answered ${source.status} for ${source.url}.` });
  }
  return source.body === null ? codec.decode(new Uint8Array()) : loadFromPieces(iterate(source.body), codec);
}

/** Recognises the form by the first pieces. Text is gathered, because JSON is read as a whole. */
async function loadFromPieces(pieces: Pieces, codec: Codec): Promise<unknown> {
  const first: Uint8Array[] = [];
  try {
    while (sizeOf(first) < MAGIC_BYTES) {
      const next = await pieces.next();
      if (next.done === true) break;
      first.push(asBytes(next.value));
    }
    const start = concatenate(first);
    if (hasMagic(start)) return await codec.decodeStream(joined(first, pieces));
    if (looksBinary(start)) return codec.decode(start);
    for await (const piece of joined([], pieces)) {
      first.push(asBytes(piece));
      checkTextSize(sizeOf(first));
    }
    return loadFromBytes(concatenate(first), codec);
  } finally {
    await pieces.return?.();
  }
}

async function* joined(first: readonly Uint8Array[], rest: Pieces): AsyncGenerator<Uint8Array, void> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const sizeOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Engines hold no longer strings, so a longer text is not read into memory first. */
const LONGEST_TEXT = 2 ** 29;

/** @throws {CodecError} `ERR_LIMIT` for a JSON document that no string could hold */
export function checkTextSize(bytes: number): void {
  if (bytes <= LONGEST_TEXT) return;
  const reason = `JSON of more than ${LONGEST_TEXT} bytes cannot be read. Use the binary form.`;
  throw new CodecError({ code: 'ERR_LIMIT', reason });
}

const SOURCES = 'a path, a URL, an ArrayBuffer, a Uint8Array, a Blob, a Response or a stream of bytes';

/** Reads a model from the bytes of a whole file: binary when they begin like it, JSON otherwise. */
export function loadFromBytes(bytes: Uint8Array, codec: Codec): unknown {
  return looksBinary(bytes) ? codec.decode(bytes) : codec.parse(textOf(bytes));
}

/** A damaged or truncated start of a binary file should be reported as that, not as bad JSON. */
export function looksBinary(bytes: Uint8Array): boolean {
  // Some editors put a byte order mark before the text.
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return false;
  return bytes.length === 0 || bytes[0]! >= 0x80 || bytes[0]! < 0x09;
}

export function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason: 'neither a binary model file nor JSON in UTF-8.' });
}
