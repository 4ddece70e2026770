/** Kernels over codes: log-densities looked up in a table, and weighted counts. */

/** Most levels for which a histogram keeps copies. */
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

/** Copies of each level's count, so that additions to one level need not wait for each other. */
export const COPIES = 8;

const copies = new Float64Array(COPIES * COPIED_LEVELS);

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
  copies.fill(0, 0, COPIES * levelCount);
  const last = levelCount <= 2 ? 3 : COPIES - 1;
  for (let i = 0; i < count; i++) {
    copies[COPIES * codes[codesStart + i]! + (i & last)]! += weights[weightsStart + i]!;
  }
  for (let level = 0; level < levelCount; level++) {
    const at = COPIES * level;
    const even = copies[at]! + copies[at + 4]! + (copies[at + 2]! + copies[at + 6]!);
    out[outStart + level]! += even + (copies[at + 1]! + copies[at + 5]! + (copies[at + 3]! + copies[at + 7]!));
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
