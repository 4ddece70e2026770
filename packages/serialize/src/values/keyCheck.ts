/**
 * Refuses keys that were chosen to make a Map or Set slow.
 *
 * V8 puts keys into buckets by hashes of numbers and BigInts that have no secret, and of a BigInt it takes the low 64 bits
 * alone: 20,000 BigInts that are equal modulo 2^64 lie in one bucket, and adding them takes seconds. Strings have a secret
 * hash, objects a random one. The check counts keys by the same hashes in as many buckets.
 * Source: V8, src/numbers/hash-seed-inl.h and objects.cc, ComputeUnseededHash, ComputeLongHash, GetSimpleHash.
 */

/** So few keys are fast in any bucket. */
const UNCHECKED = 256;

/** Buckets hold two keys on average; that many never meet by chance. */
const MAX_CHAIN = 64;

const bits = new DataView(new ArrayBuffer(8));

export class KeyCheck {
  static readonly reason = 'too many keys of a Map or Set that fall into one bucket of its table.';
  #seen = 0;
  readonly #hashes: number[] = [];
  #chains = new Uint8Array(UNCHECKED);

  /** False when this key joins too long a chain. Call it once for each new key. */
  accepts(key: unknown): boolean {
    if (typeof key !== 'number' && typeof key !== 'bigint') return true;
    if (++this.#seen <= UNCHECKED) return true;
    const hash = typeof key === 'number' ? hashOfNumber(key) : hashOfBigInt(key);
    this.#hashes.push(hash);
    if (this.#hashes.length > 2 * this.#chains.length) {
      this.#chains = new Uint8Array(2 * this.#chains.length);
      for (const earlier of this.#hashes) this.#chains[earlier & (this.#chains.length - 1)]!++;
    } else this.#chains[hash & (this.#chains.length - 1)]!++;
    return this.#chains[hash & (this.#chains.length - 1)]! <= MAX_CHAIN;
  }
}

function hashOfNumber(value: number): number {
  if ((value | 0) === value) return hashOf32(value);
  bits.setFloat64(0, value);
  return hashOf64(bits.getUint32(0), bits.getUint32(4));
}

function hashOfBigInt(value: bigint): number {
  if (value === 0n) return 0;
  bits.setBigUint64(0, value < 0n ? -value : value);
  return hashOf64(bits.getUint32(0), bits.getUint32(4));
}

function hashOf32(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  hash ^= hash >>> 16;
  return hash & 0x3fff_ffff;
}

/** The same for 64 bits, given as two halves. */
function hashOf64(high: number, low: number): number {
  let [h, l] = sum(~high, ~low, (high << 18) | (low >>> 14), low << 18);
  l ^= (h << 1) | (l >>> 31);
  h ^= h >>> 31;
  const [h4, l4] = [(h << 2) | (l >>> 30), l << 2];
  const [h16, l16] = [(h << 4) | (l >>> 28), l << 4];
  [h, l] = sum(...sum(h, l, h4, l4), h16, l16);
  l ^= (h << 21) | (l >>> 11);
  h ^= h >>> 11;
  [h, l] = sum(h, l, (h << 6) | (l >>> 26), l << 6);
  return (l ^ ((h << 10) | (l >>> 22))) & 0x3fff_ffff;
}

function sum(high: number, low: number, otherHigh: number, otherLow: number): [number, number] {
  const total = (low >>> 0) + (otherLow >>> 0);
  return [(high + otherHigh + (total > 0xffff_ffff ? 1 : 0)) | 0, total | 0];
}
