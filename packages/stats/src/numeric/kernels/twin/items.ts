/**
 * Kernels over rows that are lists of items: sums of what a table says of each item, and weighted counts.
 *
 * Items are counted from `offsets[0]`; row i has the items offsets[i] … offsets[i + 1] - 1. Offsets must not fall, and each item must
 * have an entry in the table: it is not checked.
 */

/** out = base + Σ table[item], the even items of a row and the odd ones in a sum each: an addition need not wait for the one before. */
export function itemScores(
  table: Float64Array,
  offsets: Int32Array,
  rowCount: number,
  items: Int32Array,
  base: number,
  out: Float64Array,
): void {
  const origin = offsets[0]!;
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    const last = offsets[row + 1]! - origin;
    let sum = base;
    let other = 0;
    for (; at + 1 < last; at += 2) {
      sum += table[items[at]!]!;
      other += table[items[at + 1]!]!;
    }
    if (at < last) sum += table[items[at++]!]!;
    out[row] = sum + other;
  }
}

/** counts[item] += weight of the row, for each item of it. @returns Σ weights, added row by row */
export function itemCounts(
  offsets: Int32Array,
  rowCount: number,
  items: Int32Array,
  weights: Float64Array,
  counts: Float64Array,
): number {
  const origin = offsets[0]!;
  let total = 0;
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    const weight = weights[row]!;
    const last = offsets[row + 1]! - origin;
    total += weight;
    if (weight === 0) at = last;
    for (; at + 1 < last; at += 2) {
      counts[items[at]!]! += weight;
      counts[items[at + 1]!]! += weight;
    }
    if (at < last) counts[items[at++]!]! += weight;
  }
  return total;
}
