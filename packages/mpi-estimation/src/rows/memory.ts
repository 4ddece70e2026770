/** Rows and segments that stay in memory. */

import type { Algorithm, Columns } from '../ports.js';
import type { Part, RowsBuilder, ShardPlan, StoreBuilder } from './encodedRows.js';

/** Encoded rows in memory, as a rank brought them. */
export function rowsInMemory<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  columns: C,
  weights: Float64Array | undefined,
): ReturnType<RowsBuilder<C>['build']> {
  return {
    rowCount: columns.rowCount,
    schema: algorithm.slice(columns, 0, 0),
    hasWeights: weights?.some((weight) => weight !== 1) === true,
    read: (start, end) => [partOf(algorithm, { columns, weights }, start, end)],
    release: () => {},
  };
}

/** Rows `[start, end)` of a part. */
export function partOf<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  { columns, weights }: Part<C>,
  start: number,
  end: number,
): Part<C> {
  if (start === 0 && end === columns.rowCount) return { columns, weights };
  return { columns: algorithm.slice(columns, start, end), weights: weights?.subarray(start, end) };
}

/** Joins parts in memory as they come. */
export function builderInMemory<T, D, C extends Columns>(algorithm: Algorithm<T, D, C>): RowsBuilder<C> {
  const parts: Part<C>[] = [];
  return {
    add: (part) => parts.push(part),
    build() {
      const [first = { columns: algorithm.encode([]) }] = parts;
      if (parts.length < 2) return rowsInMemory(algorithm, first.columns, first.weights);
      const columns = algorithm.concat(parts.map((part) => part.columns));
      // All parts of a rank have weights, or none.
      const weights = first.weights === undefined ? undefined : joinWeights(parts, columns.rowCount);
      return rowsInMemory(algorithm, columns, weights);
    },
    discard: () => {},
  };
}

/** Joins the parts of a rank's rows, and serves its segments as ranges of them. */
export function storeInMemory<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  schema: C,
  { rowCount, hasWeights, firstRow, endRow }: ShardPlan,
): StoreBuilder<C> {
  const parts: Part<C>[] = [];
  return {
    add: (part) => parts.push(part),
    build() {
      // A rank that brought rows of others keeps them in memory: it had room for all, and a copy would take more at first.
      const only = parts.length === 1 ? parts[0] : undefined;
      const columns = only?.columns ?? algorithm.concat([schema, ...parts.map((part) => part.columns)]);
      const weights = hasWeights ? (only?.weights ?? joinWeights(parts, endRow - firstRow)) : undefined;
      let isReleased = false;
      return {
        get isReleased() {
          return isReleased;
        },
        read: (segment) => ({
          columns,
          start: algorithm.segments.start(rowCount, segment) - firstRow,
          end: algorithm.segments.start(rowCount, segment + 1) - firstRow,
          ...(weights === undefined ? {} : { weights }),
        }),
        release() {
          isReleased = true;
        },
      };
    },
    discard: () => {},
  };
}

function joinWeights(parts: readonly Part<unknown>[], rowCount: number): Float64Array {
  const joined = new Float64Array(rowCount);
  let at = 0;
  for (const { weights } of parts) {
    joined.set(weights!, at); // every part has weights when one has
    at += weights!.length;
  }
  return joined;
}
