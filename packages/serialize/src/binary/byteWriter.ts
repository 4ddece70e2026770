import { encodeUtf8, encodeWtf8, hasLoneSurrogate } from '../values/text.js';
import { MAJOR, SIMPLE, TAG } from './format.js';

/** Strings up to this length are worth a loop over their characters; longer ones go to the platform's encoder. */
const SHORT_TEXT = 48;

/** Memory for so many numbers is reserved at once. */
const NUMBERS_AT_ONCE = 1024;

/** A growing buffer that knows how CBOR writes the items without children. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;
  #view: DataView;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  clear(): void {
    this.length = 0;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** The first byte or bytes of an item: its major type and its argument in the shortest form. */
  head(major: number, argument: number): void {
    this.#reserve(9);
    const type = major << 5;
    if (argument < 24) this.bytes[this.length++] = type | argument;
    else if (argument < 0x100) {
      this.bytes[this.length++] = type | 24;
      this.bytes[this.length++] = argument;
    } else if (argument < 0x1_0000) {
      this.bytes[this.length++] = type | 25;
      this.#view.setUint16(this.length, argument);
      this.length += 2;
    } else if (argument < 0x1_0000_0000) {
      this.bytes[this.length++] = type | 26;
      this.#view.setUint32(this.length, argument);
      this.length += 4;
    } else {
      this.bytes[this.length++] = type | 27;
      this.#view.setUint32(this.length, Math.floor(argument / 0x1_0000_0000));
      this.#view.setUint32(this.length + 4, argument >>> 0);
      this.length += 8;
    }
  }

  byte(value: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Integers in the safe range are CBOR integers; every other number, -0 among them, is a double. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !(value === 0 && 1 / value < 0)) {
      if (value >= 0) this.head(MAJOR.unsigned, value);
      else this.head(MAJOR.negative, -1 - value);
      return;
    }
    this.#reserve(9);
    this.bytes[this.length++] = SIMPLE.float64;
    // One NaN only: the payload that a NaN got from arithmetic must not make equal values differ.
    if (Number.isNaN(value)) this.#view.setBigUint64(this.length, 0x7ff8_0000_0000_0000n);
    else this.#view.setFloat64(this.length, value);
    this.length += 8;
  }

  /**
   * Writes the numbers at `start` and after, up to the first value that is not a number.
   * @returns the index of that value, or the length
   */
  numbers(values: readonly unknown[], start: number): number {
    let i = start;
    while (i < values.length) {
      const end = Math.min(i + NUMBERS_AT_ONCE, values.length);
      this.#reserve(9 * (end - i));
      const { bytes } = this;
      const view = this.#view;
      let at = this.length;
      for (; i < end; i++) {
        const value = values[i];
        if (typeof value !== 'number') break;
        // Fractions and small codes are nearly all there is; whether a number is an integer is asked once.
        if (value > Math.floor(value)) {
          bytes[at] = SIMPLE.float64;
          view.setFloat64(at + 1, value);
          at += 9;
        } else if (value >= 0 && value < 24 && (value !== 0 || 1 / value > 0)) bytes[at++] = value;
        else {
          this.length = at;
          this.number(value);
          at = this.length;
        }
      }
      this.length = at;
      if (i < end) return i;
    }
    return i;
  }

  text(value: string): void {
    if (value.length <= SHORT_TEXT && this.#shortAscii(value)) return;
    if (hasLoneSurrogate(value)) {
      this.head(MAJOR.tag, TAG.wobblyText);
      this.#byteString(MAJOR.bytes, encodeWtf8(value));
    } else this.#byteString(MAJOR.text, encodeUtf8(value));
  }

  /** Writes a short text of ASCII alone; false, with nothing written, when it is not. */
  #shortAscii(value: string): boolean {
    const count = value.length;
    this.#reserve(count + 2);
    const { bytes } = this;
    let at = this.length;
    if (count < 24) bytes[at++] = (MAJOR.text << 5) | count;
    else {
      bytes[at++] = (MAJOR.text << 5) | 24;
      bytes[at++] = count;
    }
    for (let i = 0; i < count; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) return false;
      bytes[at++] = unit;
    }
    this.length = at;
    return true;
  }

  /** Magnitude in big-endian bytes without leading zeros, under the tag of its sign. */
  bigint(value: bigint): void {
    const magnitude = value < 0n ? -1n - value : value;
    this.head(MAJOR.tag, value < 0n ? TAG.negativeBigInt : TAG.positiveBigInt);
    if (magnitude === 0n) {
      this.head(MAJOR.bytes, 0);
      return;
    }
    const digits = magnitude.toString(16);
    const hex = digits.length % 2 === 0 ? digits : `0${digits}`;
    this.#byteString(
      MAJOR.bytes,
      Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)),
    );
  }

  #byteString(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length);
    this.raw(bytes);
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
