import { isArrayBuffer, isBytes, wrongArgument } from './arguments.js';
import type { Codec } from './codec.js';
import { CodecError } from './errors.js';
import { hasMagic } from './format.js';
import type { ByteSource } from './stream.js';
import { decodeUtf8 } from './text.js';

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
  arrayBuffer(): Promise<ArrayBuffer>;
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
    const start = new Uint8Array(await source.slice(0, 8).arrayBuffer());
    if (!hasMagic(start)) return loadFromBytes(new Uint8Array(await source.arrayBuffer()), codec);
    return codec.decodeStream(source.stream(), { byteLength: source.size });
  }
  if ('ok' in source && 'status' in source) {
    if (source.ok) return loadFromBytes(new Uint8Array(await source.arrayBuffer()), codec);
    throw new CodecError({ code: 'ERR_FILE', reason: `the server answered ${source.status} for ${source.url}.` });
  }
  return codec.decodeStream(source);
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
