/** Rows of sets as the kernels take them. */
import { RUN, SLOT_LENGTH } from '../../numeric/kernels/index.js';
import { itemKernels, type Lists } from '../../numeric/kernels/items/index.js';
import type { SetColumns } from './sets.js';

/**
 * Calls `use` for consecutive pieces of rows `[start, end)` that the kernels have room for, with how many rows a piece has and how many
 * come before. A single row may hold more.
 */
export function forEachPiece(
  { offsets, codes }: SetColumns,
  start: number,
  end: number,
  use: (lists: Lists, rowCount: number, done: number) => void,
): void {
  const { stageLists } = itemKernels();
  for (let first = start; first < end; ) {
    let rowCount = Math.min(RUN, end - first);
    while (rowCount > 1 && offsets[first + rowCount]! - offsets[first]! > SLOT_LENGTH)
      rowCount = Math.ceil(rowCount / 2);
    use(stageLists(offsets, codes, first, rowCount), rowCount, first - start);
    first += rowCount;
  }
}

/** The numbers of the rows from one on. */
export function from(numbers: Float64Array, row: number): Float64Array {
  return row === 0 ? numbers : numbers.subarray(row);
}
