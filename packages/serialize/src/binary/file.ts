import { CodecError } from '../errors.js';
import type { Context } from '../models/context.js';
import { ByteWriter } from './byteWriter.js';
import { Checksum, checksumOf } from './checksum.js';
import { Decoder } from './decode.js';
import { Encoder } from './encode.js';
import { FORMAT_VERSION, HEADER_BYTES, type Header, MAJOR, readHeader, TAG, writeHeader } from './format.js';

/** A piece of this size is still in the cache when its checksum is taken right after the copy. */
const COPY_BYTES = 65_536;

/** A scratch buffer that grew beyond this is not kept for the next call. */
const KEPT_SCRATCH_BYTES = 1 << 20;

/** An array of two: no blobs, then the tree. */
const NO_BLOBS = Uint8Array.of((MAJOR.array << 5) | 2, MAJOR.array << 5);

let spareWriter: ByteWriter | undefined = new ByteWriter();

/** Lends a writer to `use`. A `toJSON` that encodes something itself gets a second one. */
function withWriter<T>(use: (writer: ByteWriter) => T): T {
  const writer = spareWriter ?? new ByteWriter();
  spareWriter = undefined;
  try {
    return use(writer);
  } finally {
    writer.clear();
    spareWriter = writer.bytes.length <= KEPT_SCRATCH_BYTES ? writer : new ByteWriter();
  }
}

/** The payload of a file in pieces: large typed arrays are views of the value's own memory. */
function payloadParts(value: unknown, writer: ByteWriter, context: Context): readonly Uint8Array[] {
  const encoder = new Encoder(writer, context);
  encoder.run(value);
  if (encoder.blobs.length === 0) return [NO_BLOBS, writer.written()];
  const heads = new ByteWriter(32);
  heads.head(MAJOR.array, 2);
  heads.head(MAJOR.array, encoder.blobs.length);
  const parts: Uint8Array[] = [];
  for (const { tag, bytes } of encoder.blobs) {
    heads.head(MAJOR.tag, TAG.shareable);
    heads.head(MAJOR.tag, tag);
    heads.head(MAJOR.bytes, bytes.length);
    parts.push(heads.written().slice(), bytes);
    heads.clear();
  }
  return [...parts, heads.written(), writer.written()];
}

function headerOf(payloadBytes: number, checksum: number, context: Context): Header {
  const total = payloadBytes + HEADER_BYTES;
  if (total > context.limits.maxBytes) {
    const reason = `${total} bytes, more than limits.maxBytes = ${context.limits.maxBytes}.`;
    throw new CodecError({ code: 'ERR_LIMIT', reason });
  }
  return { version: FORMAT_VERSION, checksum, payloadBytes };
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** One array of exactly the file's bytes. */
export function encodeBinary(value: unknown, context: Context): Uint8Array {
  return withWriter((writer) => {
    const parts = payloadParts(value, writer, context);
    const payloadBytes = sizeOf(parts);
    const header = headerOf(payloadBytes, 0, context);
    const out = new Uint8Array(HEADER_BYTES + payloadBytes);
    const checksum = copyAndSum(parts, out.subarray(HEADER_BYTES));
    writeHeader(out, { ...header, checksum });
    return out;
  });
}

/** Fills `payload` with the parts and returns its checksum. */
function copyAndSum(parts: readonly Uint8Array[], payload: Uint8Array): number {
  let at = 0;
  if (payload.length <= COPY_BYTES) {
    for (const part of parts) {
      payload.set(part, at);
      at += part.length;
    }
    return checksumOf(payload);
  }
  const checksum = new Checksum();
  for (const part of parts) {
    copyPart(part, payload.subarray(at, at + part.length), checksum);
    at += part.length;
  }
  return checksum.digest();
}

/** Copies, and sums what was copied: the value's own memory may be changed by another thread. */
function copyPart(part: Uint8Array, out: Uint8Array, checksum: Checksum): void {
  for (let start = 0; start < part.length; start += COPY_BYTES) {
    const end = Math.min(start + COPY_BYTES, part.length);
    out.set(part.subarray(start, end), start);
    checksum.update(out.subarray(start, end));
  }
}

/** The same bytes in pieces, so that no single array has to hold them all. */
export function encodeBinaryParts(value: unknown, context: Context): readonly Uint8Array[] {
  return withWriter((writer) => {
    const parts = payloadParts(value, writer, context);
    const checksum = new Checksum();
    // Copies, because the caller may change the value before the pieces are used.
    const copies = parts.map((part) => {
      const copy = new Uint8Array(part.length);
      copyPart(part, copy, checksum);
      return copy;
    });
    const header = new Uint8Array(HEADER_BYTES);
    writeHeader(header, headerOf(sizeOf(copies), checksum.digest(), context));
    return [header, ...copies];
  });
}

/** @throws {CodecError} for anything but a whole, undamaged file that these types can hold */
export function decodeBinary(bytes: Uint8Array, context: Context): unknown {
  const header = readHeader(bytes, context.limits.maxBytes);
  const payload = bytes.subarray(HEADER_BYTES);
  checkLength(header, payload.length);
  checkChecksum(header, checksumOf(payload));
  return new Decoder(payload, context).payload();
}

export function checkLength({ payloadBytes }: Header, found: number): void {
  if (found < payloadBytes) {
    const reason = `truncated: ${found} bytes after the header, which announces ${payloadBytes}.`;
    throw new CodecError({ code: 'ERR_TRUNCATED', reason });
  }
  if (found > payloadBytes) {
    const reason = `${found - payloadBytes} bytes too many: the header announces ${payloadBytes}.`;
    throw new CodecError({ code: 'ERR_TRAILING_BYTES', reason });
  }
}

export function checkChecksum({ checksum }: Header, found: number): void {
  if (found === checksum) return;
  const text = (sum: number): string => sum.toString(16).padStart(8, '0');
  const reason = `damaged: the checksum of the contents is ${text(found)}, the header says ${text(checksum)}. Fetch the file again.`;
  throw new CodecError({ code: 'ERR_CHECKSUM', reason });
}
