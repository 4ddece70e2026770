/** What a receive may find: a message of `send`, or the announcement of an object by `sendObject`. */

import type { NumericArray } from '../contract/messages.js';
import { MpiError } from '../failures/errors.js';

// A mark that no program sends by chance, the length of the object, and one byte more: 25 bytes are a whole number of
// elements for arrays of bytes only.
const MARK = Uint8Array.of(
  0x64,
  0x6d,
  0x6c,
  0xf1,
  0x0b,
  0x9a,
  0x3e,
  0xc7,
  0x52,
  0x88,
  0xd4,
  0x1f,
  0x76,
  0xe9,
  0x20,
  0xbd,
);
const LENGTH_AT = MARK.length;

/** Bytes of an announcement. */
export const ANNOUNCEMENT_BYTES = LENGTH_AT + 9;

/** An announcement of an object of this many bytes, or of a failure, which is negative. */
export function announce(length: number): Uint8Array {
  const bytes = new Uint8Array(ANNOUNCEMENT_BYTES);
  bytes.set(MARK);
  new DataView(bytes.buffer).setFloat64(LENGTH_AT, length, true);
  return bytes;
}

/** The length that is announced, `null` when the message of `count` bytes is something else. */
export function announced(bytes: Uint8Array, count: number): number | null {
  if (count !== ANNOUNCEMENT_BYTES || MARK.some((byte, at) => bytes[at] !== byte)) return null;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(LENGTH_AT, true);
}

/** The length that the first bytes of a buffer announce. `null` when they hold something else. */
export function announcedIn(buf: NumericArray): number | null {
  if (buf.byteLength < ANNOUNCEMENT_BYTES) return null;
  return announced(new Uint8Array(buf.buffer, buf.byteOffset, ANNOUNCEMENT_BYTES), ANNOUNCEMENT_BYTES);
}

/** @throws {MpiError} `ERR_TRUNCATE`, `ERR_TYPE` for a message that does not fit a buffer of that kind and length */
export function rejectMisfit(bytes: number, buf: NumericArray, call: string): void {
  if (bytes > buf.byteLength) {
    throw new MpiError(`the message has ${bytes} bytes, the buffer ${buf.byteLength}.`, { code: 'ERR_TRUNCATE', call });
  }
  if (bytes % buf.BYTES_PER_ELEMENT !== 0) throw wrongType(call);
}

/** Why a message does not fit the elements of a buffer. */
export const WRONG_TYPE =
  'the message is not made of such elements: it was sent by sendObject, or from an array of another type.';

function wrongType(call: string): MpiError {
  return new MpiError(WRONG_TYPE, { code: 'ERR_TYPE', call });
}
