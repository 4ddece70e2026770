/**
 * The two divisions of the data. Both depend on the number and kind of the rows alone, never on the rank that computes: so a fit gives the same bits
 * for any number of ranks.
 *
 * - *Segments* are the unit of reduction. Their statistics are added along one fixed tree.
 * - *Blocks* are the unit of cache inside a segment.
 */

import { itemCount, mayHoldItems } from '../columns/columns.js';
import type { Columns, Encoder } from '../contract.js';
import { COLUMN_RUN, RUN } from '../numeric/kernels/index.js';
import { sumTree } from '../numeric/sumTree.js';

/** The fewest segments of rows that may hold many items each, so that many ranks share few long lists. */
const SHARED = 64;
/** The fewest segments of other rows. */
const FEWEST = 8;
/** The most rows of a segment while there are fewer than {@link SHARED}: shorter ones cost more than their rows. */
const FEW_ROWS = 256;
/** The most rows of a segment. */
const MAX_SEGMENT_ROWS = 65_536;

/** The most bytes of a narrow row. */
const NARROW = 32;

/** The division of rows into segments. */
export interface Segments {
  /** Number of segments for `rowCount` rows in all: a power of two. */
  count(rowCount: number): number;
  /** First row of segment `segment`; for the number of segments, the number of rows. */
  start(rowCount: number, segment: number): number;
}

/** How the rows of an encoder are divided. */
export function segmentsOf(encoder: Encoder<never>): Segments {
  const fewest = mayHoldItems(encoder) ? SHARED : FEWEST;
  const count = (rowCount: number) => {
    let segments = fewest;
    while (rowCount / segments > (segments < SHARED ? FEW_ROWS : MAX_SEGMENT_ROWS)) segments *= 2;
    return segments;
  };
  return { count, start: (rowCount, segment) => Math.floor((rowCount * segment) / count(rowCount)) };
}

/** The sum of what each segment gives, in the fixed order in which ranks add. */
export function sumSegments<S>(
  { count, start }: Segments,
  rowCount: number,
  sumOf: (start: number, end: number) => S,
  add: (left: S, right: S) => S,
): S {
  return sumTree(count(rowCount), (s) => sumOf(start(rowCount, s), start(rowCount, s + 1)), add);
}

/**
 * Calls `visit` for consecutive blocks of rows `[start, end)`. A block has at most 1,024 rows, or 4,096 narrow ones: their arithmetic is
 * little beside the calls for a block. Of rows that are long sequences it has as many as hold about 4,096 items, but at least one.
 */
export function forEachBlock<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  start: number,
  end: number,
  visit: (start: number, end: number) => void,
): void {
  const isLong = mayHoldItems(encoder);
  const most = !isLong && (encoder.rowBytes ?? Infinity) <= NARROW ? COLUMN_RUN : RUN;
  for (let from = start; from < end; ) {
    let to = Math.min(from + most, end);
    while (isLong && to - from > 1 && itemCount(encoder, columns, from, to) > 4 * RUN)
      to = from + Math.ceil((to - from) / 2);
    visit(from, to);
    from = to;
  }
}
