/**
 * Finds numbers that were chosen to make a `Map` slow. V8 hashes numbers without a secret, so a file can name 20,000 levels that
 * fall into one bucket of the table; each look-up then walks over all of them. Strings have a secret hash.
 * Source: V8, src/numbers/hash-seed-inl.h, ComputeUnseededHash and ComputeLongHash.
 */

/** So few levels are fast however they fall. */
const FEW = 256;
/** A bucket holds two keys on average: this many in one are no chance. */
const CROWD = 64;

/** What a level that joins a crowd should have been, for messages. */
export const SPREAD = 'a number that does not share its hash with so many others (use strings)';

/** Watches the different levels of one table. */
export class CrowdedNumbers {
  #hashes: number[] = [];
  /** Made when there are many: few tables have so many numbers. */
  #buckets = new Uint8Array(0);

  /** Call it once for each new level. True when the level falls into a bucket that is too full by far. */
  isCrowded(level: unknown): boolean {
    if (typeof level !== 'number') return false;
    this.#hashes.push(hashOf(level));
    if (this.#hashes.length <= FEW) return false;
    const { length } = this.#buckets;
    if (this.#hashes.length <= 2 * length) return this.#enter(this.#hashes[this.#hashes.length - 1]!);
    this.#buckets = new Uint8Array(Math.max(FEW, 2 * length));
    let isCrowded = false;
    for (const hash of this.#hashes) if (this.#enter(hash)) isCrowded = true;
    return isCrowded;
  }

  #enter(hash: number): boolean {
    const bucket = hash & (this.#buckets.length - 1);
    if (this.#buckets[bucket]! < 255) this.#buckets[bucket]! += 1;
    return this.#buckets[bucket]! > CROWD;
  }
}

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

function hashOf(x: number): number {
  if ((x | 0) === x) {
    let h = (~x + (x << 15)) | 0;
    h = Math.imul(h ^ (h >>> 12), 5);
    h = Math.imul(h ^ (h >>> 4), 2057);
    return (h ^ (h >>> 16)) & 0x3fffffff;
  }
  bits.setFloat64(0, x);
  const key = bits.getBigUint64(0);
  let h = BigInt.asUintN(64, ~key + (key << 18n));
  h = BigInt.asUintN(64, (h ^ (h >> 31n)) * 21n);
  h = BigInt.asUintN(64, (h ^ (h >> 11n)) * 65n);
  return Number((h ^ (h >> 22n)) & 0x3fffffffn);
}
