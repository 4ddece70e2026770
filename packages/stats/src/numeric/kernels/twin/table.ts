/** Kernels over codes: log-densities looked up in a table, and weighted counts. */

/** Most levels for which a histogram keeps four copies. */
export const COPIED_LEVELS = 64;

export function gather(
  table: Float64Array,
  tableStart: number,
  _levelCount: number,
  codes: Int32Array,
  codesStart: number,
  count: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i] = table[tableStart + codes[codesStart + i]!]!;
}

export function addGather(
  table: Float64Array,
  tableStart: number,
  _levelCount: number,
  codes: Int32Array,
  codesStart: number,
  count: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i]! += table[tableStart + codes[codesStart + i]!]!;
}

const copies = new Float64Array(4 * COPIED_LEVELS);

/** One run: at most RUN rows. */
export function histogram(
  codes: Int32Array,
  codesStart: number,
  weights: Float64Array,
  weightsStart: number,
  count: number,
  levelCount: number,
  out: Float64Array,
  outStart: number,
): void {
  if (levelCount > COPIED_LEVELS) {
    for (let i = 0; i < count; i++) out[outStart + codes[codesStart + i]!]! += weights[weightsStart + i]!;
    return;
  }
  copies.fill(0, 0, 4 * levelCount);
  for (let i = 0; i < count; i++) copies[4 * codes[codesStart + i]! + (i & 3)]! += weights[weightsStart + i]!;
  for (let level = 0; level < levelCount; level++) {
    const at = 4 * level;
    out[outStart + level]! += copies[at]! + copies[at + 2]! + (copies[at + 1]! + copies[at + 3]!);
  }
}

/** Whether every code is in 0 … levelCount - 1. */
export function codesInRange(codes: Int32Array, start: number, count: number, levelCount: number): boolean {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[start + i]! >>> 0;
    if (code > worst) worst = code;
  }
  return worst < levelCount;
}
