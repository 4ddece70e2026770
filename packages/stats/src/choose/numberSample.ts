/**
 * A sample of the different numbers at one place of the rows, each with how often it stands there: those whose hashes are smallest.
 * Which they are depends on the numbers alone, so the samples of parts of the rows add up to that of all rows, whatever the cut.
 * Source: Cohen & Kaplan, Summarizing data using bottom-k sketches (2007).
 */
import { rowHash } from '../numeric/random.js';

/** So many different numbers are kept. */
export const SAMPLE_SIZE = 1024;

interface Entry {
  readonly hash: number;
  count: number;
}

/** Keeps a sample of numbers that come one after the other. */
export class NumberSample {
  readonly #entries = new Map<number, Entry>();
  /** Numbers with a larger hash are out: as many smaller ones as are kept were there before. */
  #limit = Infinity;

  /** @param count  how often x was seen */
  add(x: number, count: number): void {
    const known = this.#entries.get(x);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    const hash = hashOf(x);
    if (hash > this.#limit) return;
    this.#entries.set(x, { hash, count });
    if (this.#entries.size === 2 * SAMPLE_SIZE) this.#prune();
  }

  #prune(): void {
    const sorted = inOrder(this.#entries);
    this.#limit = sorted[SAMPLE_SIZE - 1]![1].hash;
    for (const [x] of sorted.slice(SAMPLE_SIZE)) this.#entries.delete(x);
  }

  /** Numbers with their counts, in the order of the hashes, which is a random one. */
  value(): [number, number][] {
    return inOrder(this.#entries)
      .slice(0, SAMPLE_SIZE)
      .map(([x, { count }]) => [x, count]);
  }
}

/** By hash, equal hashes by number. */
function inOrder(entries: ReadonlyMap<number, Entry>): [number, Entry][] {
  return [...entries].sort(([x, a], [y, b]) => a.hash - b.hash || x - y);
}

const BITS = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** 53 bits: two numbers share a hash once in many millions of rows. */
function hashOf(x: number): number {
  BITS.setFloat64(0, x === 0 ? 0 : x); // 0 and -0 are one key of a map
  const high = rowHash(BITS.getUint32(0), BITS.getUint32(4));
  return high * 2 ** 21 + (rowHash(high, BITS.getUint32(0)) >>> 11);
}
