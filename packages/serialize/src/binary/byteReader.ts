import { CodecError, type CodecErrorCode, formatPath } from '../errors.js';
import { decodeUtf8 } from '../values/text.js';
import { MAJOR, SIMPLE } from './format.js';

const SHORT_TEXT = 32;

/** The least arguments that need 1, 2 and 4 bytes of their own. */
const LEAST = [24, 0x100, 0x1_0000] as const;

/**
 * Short strings seen before. The names of fields and levels recur in a file, and comparing bytes with a string at hand
 * is several times faster than making the string again.
 */
const recentTexts: string[] = new Array(512).fill('');

/** A position in untrusted bytes. Every read is checked against the end, and every failure says where it is. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  position = 0;
  /** `path[d]` is the key of the child that is being read at depth d; depth 0 is the whole value. */
  readonly path: (string | number)[] = [];
  depth = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  byte(): number {
    if (this.position >= this.bytes.length) this.truncated(1);
    return this.bytes[this.position++]!;
  }

  /** Reads the head of an item that must have this major type, and returns its argument. */
  expect(major: number, what: string): number {
    const first = this.byte();
    if (first >> 5 !== major) this.malformed(`expected ${what}, found byte 0x${hex(first)}`);
    return this.argument(first);
  }

  /** The argument of a head, a safe integer in its shortest form. */
  argument(first: number): number {
    const info = first & 31;
    if (info < 24) return info;
    if (info > 27) this.malformed(`byte 0x${hex(first)}: indefinite lengths and reserved forms are not allowed`);
    const width = 1 << (info - 24);
    if (width > this.remaining) this.truncated(width);
    const at = this.position;
    this.position += width;
    if (info === 24) return this.#shortest(this.bytes[at]!, 24);
    if (info === 25) return this.#shortest(this.view.getUint16(at), 0x100);
    if (info === 26) return this.#shortest(this.view.getUint32(at), 0x1_0000);
    const value = this.view.getUint32(at) * 0x1_0000_0000 + this.view.getUint32(at + 4);
    if (value > Number.MAX_SAFE_INTEGER) this.malformed(`the integer ${this.view.getBigUint64(at)} is above 2^53 - 1`);
    return this.#shortest(value, 0x1_0000_0000);
  }

  /**
   * Reads numbers into `out[start]` and after, up to the first item that is not a number, or has to be looked at more closely.
   * @param count  length that `out` will have
   * @returns the index of that item, or `count`
   */
  numbers(out: unknown[], start: number, count: number): number {
    const { bytes, view } = this;
    // The longest number has nine bytes. The last ones of the file are read one by one, with their checks.
    const end = bytes.length - 9;
    let at = this.position;
    let i = start;
    for (; i < count && at <= end; i++) {
      const first = bytes[at]!;
      if (first === SIMPLE.float64) {
        const value = view.getFloat64(at + 1);
        // A fraction has one form. Whole and infinite numbers and NaN need a check.
        if (!(value > Math.floor(value))) break;
        out[i] = value;
        at += 9;
        continue;
      }
      if (first >= MAJOR.bytes << 5) break;
      const info = first & 31;
      let value = info;
      let next = at + 1;
      if (info >= 24) {
        if (info === 24) value = bytes[next]!;
        else if (info === 25) value = view.getUint16(next);
        else if (info === 26) value = view.getUint32(next);
        else break;
        if (value < LEAST[info - 24]!) break;
        next += 1 << (info - 24);
      }
      out[i] = first === info ? value : -1 - value;
      at = next;
    }
    this.position = at;
    return i;
  }

  #shortest(value: number, least: number): number {
    if (value < least) this.malformed(`the integer ${value} is not in its shortest form`);
    return value;
  }

  /** Moves past the next bytes and returns where they begin. */
  skip(count: number): number {
    if (count > this.remaining) this.truncated(count);
    const start = this.position;
    this.position = start + count;
    return start;
  }

  /** A view of the next bytes, valid as long as the input is. */
  take(count: number): Uint8Array {
    if (count > this.remaining) this.truncated(count);
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  /** A text item whose head has been read. */
  text(count: number): string {
    if (count > this.remaining) this.truncated(count);
    if (count <= SHORT_TEXT) {
      const text = this.#shortText(this.position, count);
      if (text !== undefined) {
        this.position += count;
        return text;
      }
    }
    return decodeUtf8(this.take(count)) ?? this.malformed('text that is not well-formed UTF-8');
  }

  /** ASCII text of a few bytes, or `undefined` when it is not ASCII. */
  #shortText(start: number, count: number): string | undefined {
    const { bytes } = this;
    if (count === 0) return '';
    const slot =
      (count * 61 + bytes[start]! * 31 + bytes[start + (count >> 1)]! * 17 + bytes[start + count - 1]!) & 511;
    const recent = recentTexts[slot]!;
    if (recent.length === count) {
      let i = 0;
      while (i < count && recent.charCodeAt(i) === bytes[start + i]) i++;
      if (i === count) return recent;
    }
    let text = '';
    for (let i = 0; i < count; i++) {
      const byte = bytes[start + i]!;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    recentTexts[slot] = text;
    return text;
  }

  expectText(what: string): string {
    return this.text(this.expect(MAJOR.text, what));
  }

  truncated(wanted: number): never {
    this.fail('ERR_TRUNCATED', `truncated: ${wanted} more bytes announced, ${this.remaining} left`);
  }

  malformed(reason: string): never {
    this.fail('ERR_MALFORMED', reason);
  }

  /** Path of the item that is being read. */
  pathText(depth = this.depth): string {
    return formatPath(this.path.slice(1, depth + 1));
  }

  fail(code: CodecErrorCode, reason: string, depth = this.depth): never {
    throw new CodecError({ code, reason: `${reason} (payload byte ${this.position}).`, path: this.pathText(depth) });
  }
}

export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
