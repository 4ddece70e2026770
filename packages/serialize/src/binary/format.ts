import { CodecError } from '../errors.js';

/**
 * The fixed part of the binary form. FORMAT.md is the full description; the numbers here are quoted there.
 */

/** The version this package writes. It reads this version and all before it. */
export const FORMAT_VERSION = 1;

/** Bytes before the payload. */
export const HEADER_BYTES = 24;

/** Typed arrays of at least this many bytes stand before the tree, so that a stream can fill them in place. */
export const BLOB_BYTES = 65_536;

/** 0x89 is no UTF-8 start byte and CR LF, ^Z, LF are what text-mode transfer damages. */
const MAGIC = [0x89, 0x44, 0x4d, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Tags of RFC 8949, RFC 8746 (typed arrays, see values/typedArrays.ts) and the IANA registry of CBOR tags. */
export const TAG = {
  positiveBigInt: 2,
  negativeBigInt: 3,
  model: 27,
  shareable: 28,
  reference: 29,
  hole: 31,
  set: 258,
  map: 259,
  wobblyText: 273,
  date: 1001,
} as const;

/** Major types of CBOR, in the high three bits of an item's first byte. */
export const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/** First bytes of the items that have no argument. */
export const SIMPLE = { false: 0xf4, true: 0xf5, null: 0xf6, undefined: 0xf7, float64: 0xfb } as const;

/** Bytes of the magic: enough to tell a binary file. */
export const MAGIC_BYTES = MAGIC.length;

export interface Header {
  readonly version: number;
  readonly checksum: number;
  /** Bytes after the header. */
  readonly payloadBytes: number;
}

/** True when the bytes begin like a binary model file, whatever its version. */
export function hasMagic(bytes: Uint8Array): boolean {
  return magicBytes(bytes) === MAGIC.length;
}

/** How many bytes at the start are those of the magic. */
function magicBytes(bytes: Uint8Array): number {
  let count = 0;
  while (count < MAGIC.length && bytes[count] === MAGIC[count]) count++;
  return count;
}

export function writeHeader(out: Uint8Array, { version, checksum, payloadBytes }: Header): void {
  const view = new DataView(out.buffer, out.byteOffset, HEADER_BYTES);
  out.set(MAGIC);
  view.setUint16(8, version);
  view.setUint16(10, 0);
  view.setUint32(12, checksum);
  view.setBigUint64(16, BigInt(payloadBytes));
}

/** The format version of a binary file, from its first ten bytes; `undefined` when it is no such file. */
export function peekVersion(bytes: Uint8Array): number | undefined {
  return hasMagic(bytes) && bytes.length >= 10 ? bytes[8]! * 256 + bytes[9]! : undefined;
}

/**
 * Reads and checks the header.
 * @throws {CodecError} `ERR_NOT_A_MODEL_FILE`, `ERR_TRUNCATED`, `ERR_NEWER_FORMAT`, `ERR_HEADER` or `ERR_LIMIT`
 */
export function readHeader(bytes: Uint8Array, maxBytes: number): Header {
  const known = Math.min(bytes.length, MAGIC.length);
  if (magicBytes(bytes) < known) {
    const found = Array.from(bytes.subarray(0, known), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const reason = `not a model file: it starts with ${found}, expected 89 44 4d 4c 0d 0a 1a 0a.`;
    throw new CodecError({ code: 'ERR_NOT_A_MODEL_FILE', reason });
  }
  if (bytes.length < HEADER_BYTES) {
    const reason = `truncated: ${bytes.length} bytes, but the header alone has ${HEADER_BYTES}.`;
    throw new CodecError({ code: 'ERR_TRUNCATED', reason });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const version = view.getUint16(8);
  if (version > FORMAT_VERSION) {
    const reason = `format version ${version} is newer than ${FORMAT_VERSION}, the newest this package reads. Update @dml/serialize.`;
    throw new CodecError({ code: 'ERR_NEWER_FORMAT', reason });
  }
  if (version < 1 || view.getUint16(10) !== 0) {
    const reason = `the header has format version ${version} and reserved bits ${view.getUint16(10)}, expected 1 and 0.`;
    throw new CodecError({ code: 'ERR_HEADER', reason });
  }
  const payloadBytes = Number(view.getBigUint64(16));
  if (payloadBytes + HEADER_BYTES > maxBytes) {
    const reason = `the file has ${payloadBytes + HEADER_BYTES} bytes, more than limits.maxBytes = ${maxBytes}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  return { version, checksum: view.getUint32(12), payloadBytes };
}
