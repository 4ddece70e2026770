/** Copies of a few numbers, by loops: `Float64Array.from` and `Array.from` take ten times as long, and an M step makes many. */

/** The numbers as doubles. */
export function doubles(numbers: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(numbers.length);
  for (let i = 0; i < copy.length; i++) copy[i] = numbers[i]!;
  return copy;
}

/** The entries `[start, end)` as a list that cannot be changed. Default: all. */
export function frozenList(numbers: ArrayLike<number>, start = 0, end = numbers.length): readonly number[] {
  const list = new Array<number>(end - start);
  for (let i = start; i < end; i++) list[i - start] = numbers[i]!;
  return Object.freeze(list);
}
