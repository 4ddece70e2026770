/** Affinities of pairs of rows, as a list: those of row i stand at `start[i] … start[i + 1]`, in ascending order of columns. */
export interface PairList {
  readonly rowCount: number;
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float64Array;
}

/** P + Pᵀ, divided by its sum. A pair is in the list when it was there in either order. */
export function symmetrise({ rowCount, start, column, value }: PairList): PairList {
  const transposed = transpose({ rowCount, start, column, value });
  const begins = new Uint32Array(rowCount + 1);
  const columns = new Uint32Array(2 * column.length);
  const values = new Float64Array(2 * column.length);
  let at = 0;
  let total = 0;
  for (let i = 0; i < rowCount; i++) {
    let a = start[i]!;
    let b = transposed.start[i]!;
    while (a < start[i + 1]! || b < transposed.start[i + 1]!) {
      const left = a < start[i + 1]! ? column[a]! : Infinity;
      const right = b < transposed.start[i + 1]! ? transposed.column[b]! : Infinity;
      columns[at] = Math.min(left, right);
      if (left <= right) values[at]! += value[a++]!;
      if (right <= left) values[at]! += transposed.value[b++]!;
      total += values[at++]!;
    }
    begins[i + 1] = at;
  }
  for (let i = 0; i < at; i++) values[i]! /= total;
  return { rowCount, start: begins, column: columns.subarray(0, at), value: values.subarray(0, at) };
}

function transpose({ rowCount, start, column, value }: PairList): PairList {
  const begins = new Uint32Array(rowCount + 1);
  for (const j of column) begins[j + 1]!++;
  for (let j = 0; j < rowCount; j++) begins[j + 1]! += begins[j]!;
  const next = begins.slice();
  const columns = new Uint32Array(column.length);
  const values = new Float64Array(column.length);
  for (let i = 0; i < rowCount; i++) {
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      const to = next[column[at]!]!++;
      columns[to] = i;
      values[to] = value[at]!;
    }
  }
  return { rowCount, start: begins, column: columns, value: values };
}
