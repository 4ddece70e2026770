/**
 * The symmetric affinities p_ij that pull rows together, in one of two forms: as a list of pairs, or as a product of narrow
 * matrices, p_ij = Σ_m left[i, m] right[j, m], of which most entries of `left` are 0.
 */
import { log } from '@dml/stats/families';
import type { MixtureAffinities } from './affinities.js';
import type { PairList } from './pairs.js';

/** `left` is a list of each row's entries; `right` is row-major, [rowCount × chargeCount]. */
export interface Charges {
  readonly rowCount: number;
  readonly chargeCount: number;
  /** Entries of row i stand at `start[i] … start[i + 1]`: the place m, and left[i, m]. */
  readonly start: Uint32Array;
  readonly place: Uint32Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** A component that has less than this share of what pulls a row, or of what it pulls, is left out of the row's list. */
const MIN_SHARE = 1e-3;

/** p_ij = (p(i | j) + p(j | i)) / 2n, of which the first K charges are the first part. */
export function chargesOf({ rowCount, componentCount, from, to }: MixtureAffinities): Charges {
  const n = rowCount;
  const K = componentCount;
  const right = new Float64Array(2 * n * K);
  const totals = new Float64Array(2 * K);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < K; k++) {
      right[2 * i * K + k] = from[i * K + k]!;
      right[2 * i * K + K + k] = to[i * K + k]!;
      totals[k]! += from[i * K + k]!;
      totals[K + k]! += to[i * K + k]!;
    }
  }
  const start = new Uint32Array(n + 1);
  const place: number[] = [];
  const left: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < 2 * K; m++) {
      const value = m < K ? to[i * K + m]! : from[i * K + m - K]!;
      if (value * totals[m]! < MIN_SHARE) continue;
      place.push(m);
      left.push(value / (2 * n));
    }
    start[i + 1] = place.length;
  }
  return {
    rowCount,
    chargeCount: 2 * K,
    start,
    place: Uint32Array.from(place),
    left: Float64Array.from(left),
    right,
  };
}

/** No charges: all affinities are in a list. */
export function noCharges(rowCount: number): Charges {
  const none = new Float64Array(0);
  return {
    rowCount,
    chargeCount: 0,
    start: new Uint32Array(rowCount + 1),
    place: new Uint32Array(0),
    left: none,
    right: none,
  };
}

/** Σ_{i ≠ j} p_ij log p_ij of a list. */
export function negativeEntropyOfPairs({ value }: PairList): number {
  let sum = 0;
  for (const p of value) if (p > 0) sum += p * log(p);
  return sum;
}

/** The same of charges, in time n². */
export function negativeEntropyOfCharges({ rowCount, chargeCount, start, place, left, right }: Charges): number {
  let sum = 0;
  for (let i = 0; i < rowCount; i++) {
    for (let j = 0; j < i; j++) {
      let p = 0;
      for (let at = start[i]!; at < start[i + 1]!; at++) p += left[at]! * right[j * chargeCount + place[at]!]!;
      if (p > 0) sum += 2 * p * log(p);
    }
  }
  return sum;
}
