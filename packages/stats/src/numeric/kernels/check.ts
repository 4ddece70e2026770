/** Bounds of kernel arguments: the kernels themselves do not look. */
import { RUN } from './runs.js';

/** @throws {RangeError} unless the array has at least `count` entries */
export function checkLength(name: string, array: { readonly length: number }, count: number): void {
  if (count <= array.length) return;
  throw new RangeError(`kernel argument ${name}: expected at least ${count} entries, found ${array.length}.`);
}

/** @throws {RangeError} unless `count` is an integer >= 0 */
export function checkCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw new RangeError(`kernel argument count: expected an integer >= 0, found ${count}.`);
}

/** @throws {RangeError} unless rows [start, start + count) lie inside the array */
export function checkRange(name: string, array: { readonly length: number }, start: number, count: number): void {
  checkCount(count);
  if (Number.isSafeInteger(start) && start >= 0 && start + count <= array.length) return;
  throw new RangeError(
    `kernel argument ${name}: rows [${start}, ${start + count}) must lie inside an array of length ${array.length}.`,
  );
}

/** @throws {RangeError} unless there are at most {@link RUN} rows, and all lie inside the matrix */
export function checkVectors(rows: Float64Array, start: number, count: number, dimension: number): void {
  checkRange('rows', rows, start * dimension, count * dimension);
  if (count > RUN) throw new RangeError(`kernel argument count: at most ${RUN} rows are staged, found ${count}.`);
}

/** @throws {RangeError} unless `columns` columns of `count` rows at distance `stride` lie inside the array */
export function checkBlock(
  name: string,
  array: { readonly length: number },
  stride: number,
  columns: number,
  count: number,
): void {
  const valid = Number.isSafeInteger(stride) && Number.isSafeInteger(columns);
  if (valid && stride >= count && columns >= 1 && (columns - 1) * stride + count <= array.length) return;
  throw new RangeError(
    `kernel argument ${name}: ${columns} columns of ${count} rows at distance ${stride} must lie inside an array of ` +
      `length ${array.length}, without overlap.`,
  );
}

/** The largest of the first `count` codes, read as unsigned: one comparison tells whether all are in range. */
export function largestCode(codes: Int32Array, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]! >>> 0;
    if (code > largest) largest = code;
  }
  return largest;
}

/** @throws {RangeError} unless `largest`, of codes read as unsigned, is less than `levelCount` */
export function checkCodes(largest: number, levelCount: number): void {
  if (largest < levelCount) return;
  throw new RangeError(`kernel argument codes: entries must be in 0 … ${levelCount - 1}, found ${largest | 0}.`);
}

/**
 * @returns the number of positions of `rowCount` lists; whether the offsets fall is not looked at
 * @throws {RangeError} unless the offsets are there
 */
export function checkListCount(offsets: Int32Array, rowCount: number): number {
  checkCount(rowCount);
  checkLength('offsets', offsets, rowCount + 1);
  return offsets[rowCount]! - offsets[0]!;
}

/**
 * @returns the number of positions of `sequenceCount` sequences
 * @throws {RangeError} unless the offsets are there and never fall
 */
export function checkOffsets(offsets: Int32Array, sequenceCount: number): number {
  const positions = checkListCount(offsets, sequenceCount);
  for (let q = 0; q < sequenceCount; q++) {
    if (offsets[q + 1]! >= offsets[q]!) continue;
    throw new RangeError(
      `kernel argument offsets: entry ${q + 1} must be at least ${offsets[q]}, found ${offsets[q + 1]}.`,
    );
  }
  return positions;
}
