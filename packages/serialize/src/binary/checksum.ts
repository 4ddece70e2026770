/**
 * XXH32 of bytes that arrive in pieces. Any change confined to one 32-bit word is always detected, because each
 * step is a bijection of the word; other damage goes unseen with probability 2^-32. It runs at memory speed in plain
 * JavaScript, which a CRC does not. It is no protection against a forger: the decoder never trusts it.
 * Source: Y. Collet, xxHash fast digest algorithm, specification 0.1.1, section "XXH32".
 */

const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;
const PRIME_4 = 0x27d4eb2f | 0;
const PRIME_5 = 0x165667b1 | 0;
const STRIPE = 16;
/** The four lanes before the first stripe. */
const START = [PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1] as const;

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

export class Checksum {
  readonly #lanes = startLanes();
  #length = 0;
  /** The bytes of a stripe that is not complete yet. */
  readonly #carry = new DataView(new ArrayBuffer(STRIPE));
  #carried = 0;

  /** Adds the next bytes. How the bytes are cut into pieces does not change the digest. */
  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let start = 0;
    if (this.#carried > 0) {
      start = Math.min(STRIPE - this.#carried, bytes.length);
      this.#keep(bytes.subarray(0, start));
      if (this.#carried < STRIPE) return;
      absorbStripes(this.#carry, 0, STRIPE, this.#lanes);
      this.#carried = 0;
    }
    const end = start + wholeStripes(bytes.length - start);
    if (end > start) absorbStripes(viewOf(bytes), start, end, this.#lanes);
    if (end < bytes.length) this.#keep(bytes.subarray(end));
  }

  #keep(bytes: Uint8Array): void {
    new Uint8Array(this.#carry.buffer).set(bytes, this.#carried);
    this.#carried += bytes.length;
  }

  /** The checksum of all bytes so far, an unsigned 32-bit integer. */
  digest(): number {
    return finish(this.#lanes, this.#length, this.#carry, 0, this.#carried);
  }
}

/** XXH32 with seed 0 of `bytes`, an unsigned 32-bit integer. */
export function checksumOf(bytes: Uint8Array): number {
  const lanes = startLanes();
  const view = viewOf(bytes);
  const end = wholeStripes(bytes.length);
  absorbStripes(view, 0, end, lanes);
  return finish(lanes, bytes.length, view, end, bytes.length);
}

const startLanes = (): Int32Array => new Int32Array(START);
const wholeStripes = (length: number): number => length - (length % STRIPE);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Adds the last bytes, `tail` from `start` to `end`, which are no whole stripe, and mixes. */
function finish(lanes: Int32Array, length: number, tail: DataView, start: number, end: number): number {
  let hash = PRIME_5;
  if (length >= STRIPE) {
    hash = rotate(lanes[0]!, 1) + rotate(lanes[1]!, 7) + rotate(lanes[2]!, 12) + rotate(lanes[3]!, 18);
  }
  // The specification takes the length modulo 2^32.
  hash = (hash + (length % 2 ** 32)) | 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(rotate((hash + Math.imul(tail.getInt32(i, true), PRIME_3)) | 0, 17), PRIME_4);
  }
  for (; i < end; i++) {
    hash = Math.imul(rotate((hash + Math.imul(tail.getUint8(i), PRIME_5)) | 0, 11), PRIME_1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Runs the four lanes over whole stripes. The primes are literals: bundlers turn module constants into variables, and
 * reading a variable from the heap in this loop costs more than half of its speed.
 */
function absorbStripes(view: DataView, start: number, end: number, lanes: Int32Array): void {
  let a = lanes[0]!;
  let b = lanes[1]!;
  let c = lanes[2]!;
  let d = lanes[3]!;
  for (let i = start; i < end; i += 16) {
    a = (a + Math.imul(view.getInt32(i, true), 0x85ebca77)) | 0;
    a = Math.imul((a << 13) | (a >>> 19), 0x9e3779b1);
    b = (b + Math.imul(view.getInt32(i + 4, true), 0x85ebca77)) | 0;
    b = Math.imul((b << 13) | (b >>> 19), 0x9e3779b1);
    c = (c + Math.imul(view.getInt32(i + 8, true), 0x85ebca77)) | 0;
    c = Math.imul((c << 13) | (c >>> 19), 0x9e3779b1);
    d = (d + Math.imul(view.getInt32(i + 12, true), 0x85ebca77)) | 0;
    d = Math.imul((d << 13) | (d >>> 19), 0x9e3779b1);
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}
