/** Rows of sets as the kernels take them. */
import { kernels, RUN, SLOT_LENGTH } from '../../numeric/kernels/index.js';
import type { SetColumns } from './sets.js';

/**
 * Calls `use` for consecutive pieces of rows `[start, end)` that the kernels have room for: with the offsets of a piece, how many rows
 * it has, its items, and its first row. A single row may hold more.
 */
export function forEachPiece(
  { offsets, codes }: SetColumns,
  start: number,
  end: number,
  use: (offsets: Int32Array, rowCount: number, items: Int32Array, first: number) => void,
): void {
  const { stageCodes } = kernels();
  for (let first = start; first < end; ) {
    let rowCount = Math.min(RUN, end - first);
    const at = offsets[first]!;
    while (rowCount > 1 && offsets[first + rowCount]! - at > SLOT_LENGTH) rowCount = Math.ceil(rowCount / 2);
    const items = stageCodes(codes, at, offsets[first + rowCount]! - at);
    use(offsets.subarray(first, first + rowCount + 1), rowCount, items, first);
    first += rowCount;
  }
}
