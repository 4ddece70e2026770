/** Writes files byte by byte, with a right header, so that tests reach what lies behind the checksum. */
import { checksumOf } from '../src/binary/checksum.js';
import { HEADER_BYTES, writeHeader } from '../src/binary/format.js';

/** A file of format version 1 around this payload. */
export function fileOf(payload: Uint8Array, version = 1): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + payload.length);
  file.set(payload, HEADER_BYTES);
  writeHeader(file, { version, checksum: checksumOf(payload), payloadBytes: payload.length });
  return file;
}

/** A file without blobs whose tree is given in hexadecimal; spaces are ignored. */
export function fileOfTree(hex: string): Uint8Array {
  return fileOf(fromHex(`8280${hex}`));
}

/** Whole arrays at once: matchers that compare element by element take seconds for these sizes. */
export function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = (x: ArrayBufferView) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
  return bytes(a).equals(bytes(b));
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** The same file with a checksum that fits its payload again. */
export function resealed(file: Uint8Array): Uint8Array {
  return fileOf(file.slice(HEADER_BYTES));
}
