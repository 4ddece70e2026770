/** Bounds of kernel arguments: the kernels themselves do not look. */

/** @throws {RangeError} unless [start, start + count) lies inside the array. */
export function checkRange(name: string, array: { readonly length: number }, start: number, count: number): void {
  if (Number.isSafeInteger(start) && start >= 0 && start + count <= array.length) return;
  throw new RangeError(
    `kernel argument ${name}: rows [${start}, ${start + count}) must lie inside an array of length ${array.length}.`,
  );
}

/** @throws {RangeError} unless `count` is an integer >= 0. */
export function checkCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  throw new RangeError(`kernel argument count: expected an integer >= 0, found ${count}.`);
}

/** @throws {RangeError} unless `columns` columns of `count` rows at distance `stride` lie inside the array. */
export function checkBlock(
  name: string,
  array: { readonly length: number },
  start: number,
  stride: number,
  columns: number,
  count: number,
): void {
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(stride) && Number.isSafeInteger(columns);
  const end = start + (columns - 1) * stride + count;
  if (valid && start >= 0 && stride >= count && columns >= 1 && end <= array.length) return;
  throw new RangeError(
    `kernel argument ${name}: ${columns} columns of ${count} rows at distance ${stride} from index ${start} must lie ` +
      `inside an array of length ${array.length}, without overlap.`,
  );
}

/**
 * @returns the number of positions of `sequenceCount` sequences, from `offsets[sequenceStart]` on
 * @throws {RangeError} unless the offsets are there and never fall
 */
export function checkOffsets(offsets: Int32Array, sequenceStart: number, sequenceCount: number): number {
  checkCount(sequenceCount);
  checkRange('offsets', offsets, sequenceStart, sequenceCount + 1);
  for (let q = sequenceStart; q < sequenceStart + sequenceCount; q++) {
    if (offsets[q + 1]! >= offsets[q]!) continue;
    throw new RangeError(
      `kernel argument offsets: entry ${q + 1} must be at least ${offsets[q]}, found ${offsets[q + 1]}.`,
    );
  }
  return offsets[sequenceStart + sequenceCount]! - offsets[sequenceStart]!;
}
