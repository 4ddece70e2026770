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

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

export class Checksum {
  #a = (PRIME_1 + PRIME_2) | 0;
  #b = PRIME_2;
  #c = 0;
  #d = -PRIME_1 | 0;
  #length = 0;
  readonly #carry = new Uint8Array(STRIPE);
  #carried = 0;

  /** Adds the next bytes. How the bytes are cut into pieces does not change the digest. */
  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let start = 0;
    if (this.#carried > 0) {
      start = Math.min(STRIPE - this.#carried, bytes.length);
      this.#carry.set(bytes.subarray(0, start), this.#carried);
      this.#carried += start;
      if (this.#carried < STRIPE) return;
      this.#stripes(new DataView(this.#carry.buffer), 0, STRIPE);
      this.#carried = 0;
    }
    const end = start + ((bytes.length - start) & ~(STRIPE - 1));
    if (end > start) this.#stripes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start, end);
    if (end < bytes.length) {
      this.#carry.set(bytes.subarray(end));
      this.#carried = bytes.length - end;
    }
  }

  /** The checksum of all bytes so far, an unsigned 32-bit integer. */
  digest(): number {
    let hash =
      this.#length < STRIPE
        ? PRIME_5
        : rotate(this.#a, 1) + rotate(this.#b, 7) + rotate(this.#c, 12) + rotate(this.#d, 18);
    // The specification takes the length modulo 2^32.
    hash = (hash + (this.#length % 2 ** 32)) | 0;
    const tail = new DataView(this.#carry.buffer);
    let i = 0;
    for (; i + 4 <= this.#carried; i += 4) {
      hash = Math.imul(rotate((hash + Math.imul(tail.getInt32(i, true), PRIME_3)) | 0, 17), PRIME_4);
    }
    for (; i < this.#carried; i++) {
      hash = Math.imul(rotate((hash + Math.imul(this.#carry[i]!, PRIME_5)) | 0, 11), PRIME_1);
    }
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(view: DataView, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    // Rotations are written out: the four lanes must stay in registers for 3 GB/s.
    for (let i = start; i < end; i += STRIPE) {
      a = (a + Math.imul(view.getInt32(i, true), PRIME_2)) | 0;
      a = Math.imul((a << 13) | (a >>> 19), PRIME_1);
      b = (b + Math.imul(view.getInt32(i + 4, true), PRIME_2)) | 0;
      b = Math.imul((b << 13) | (b >>> 19), PRIME_1);
      c = (c + Math.imul(view.getInt32(i + 8, true), PRIME_2)) | 0;
      c = Math.imul((c << 13) | (c >>> 19), PRIME_1);
      d = (d + Math.imul(view.getInt32(i + 12, true), PRIME_2)) | 0;
      d = Math.imul((d << 13) | (d >>> 19), PRIME_1);
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}

/** XXH32 with seed 0 of `bytes`, an unsigned 32-bit integer. */
export function checksumOf(bytes: Uint8Array): number {
  const checksum = new Checksum();
  checksum.update(bytes);
  return checksum.digest();
}
