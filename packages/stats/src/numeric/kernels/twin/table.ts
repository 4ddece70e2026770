/** Kernels over codes: log-densities looked up in a table, and weighted counts. */

/** out = table[code]. @throws {RangeError} for a code outside 0 … table.length - 1. */
export function gather(table: Float64Array, codes: Int32Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = table[codes[i]!]!;
}

/** Most levels for which a histogram keeps copies. */
const COPIED_LEVELS = 64;
/** Copies of each level's count, so that additions to one level need not wait for each other. */
const COPIES = 8;

const copies = new Float64Array(COPIES * COPIED_LEVELS);

/**
 * out[code] += w, with out.length levels. Up to 2 of them a run is summed in four lanes; up to 64 in eight copies c (row i
 * in copy i mod 8), which give ((c0 + c4) + (c2 + c6)) + ((c1 + c5) + (c3 + c7)); above, rows are added one by one.
 * @throws {RangeError} for a code outside 0 … out.length - 1.
 */
export function histogram(codes: Int32Array, weights: Float64Array, count: number, out: Float64Array): void {
  const levelCount = out.length;
  if (levelCount > COPIED_LEVELS) {
    for (let i = 0; i < count; i++) out[codes[i]!]! += weights[i]!;
    return;
  }
  copies.fill(0, 0, COPIES * levelCount);
  const last = levelCount <= 2 ? 3 : COPIES - 1;
  for (let i = 0; i < count; i++) copies[COPIES * codes[i]! + (i & last)]! += weights[i]!;
  for (let level = 0; level < levelCount; level++) {
    const at = COPIES * level;
    const even = copies[at]! + copies[at + 4]! + (copies[at + 2]! + copies[at + 6]!);
    out[level]! += even + (copies[at + 1]! + copies[at + 5]! + (copies[at + 3]! + copies[at + 7]!));
  }
}
