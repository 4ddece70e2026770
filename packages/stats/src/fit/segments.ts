/**
 * The two divisions of the data. Both depend on the data alone, never on the rank that computes: so a fit gives the same bits
 * for any number of ranks.
 *
 * - *Segments* are the unit of reduction. Their statistics are added along one fixed tree.
 * - *Blocks* are the unit of cache inside a segment.
 */

import { itemCount } from '../columns/columns.js';
import type { Columns, Encoder } from '../contract.js';
import { RUN } from '../numeric/kernels/index.js';

/** The fewest segments of any data set. */
const MIN_SEGMENTS = 64;
/** The most rows of a segment. */
const MAX_SEGMENT_ROWS = 65_536;

/** Number of segments for `rowCount` rows in all: a power of two. */
export function segmentCount(rowCount: number): number {
  let count = MIN_SEGMENTS;
  while (rowCount / count > MAX_SEGMENT_ROWS) count *= 2;
  return count;
}

/** First row of segment `segment` (or, for `segment = segmentCount`, the number of rows). */
export function segmentStart(rowCount: number, segment: number): number {
  return Math.floor((rowCount * segment) / segmentCount(rowCount));
}

/**
 * Calls `visit` for consecutive blocks of rows `[start, end)`. A block has at most 1,024 rows; of rows that are long
 * sequences it has as many as hold about four times that many items, but at least one.
 */
export function forEachBlock<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  start: number,
  end: number,
  visit: (start: number, end: number) => void,
): void {
  for (let from = start; from < end; ) {
    let to = Math.min(from + RUN, end);
    while (to - from > 1 && itemCount(encoder, columns, from, to) > 4 * RUN) to = from + Math.ceil((to - from) / 2);
    visit(from, to);
    from = to;
  }
}
