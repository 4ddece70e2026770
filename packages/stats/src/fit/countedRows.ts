/**
 * The rows that count. Rows of weight 0 are ignored: they are dropped before rows are encoded, so that neither their
 * values nor their numbers affect the bits of a fit.
 */
import { takeColumns, takeEntries } from '../columns/columns.js';
import type { Columns, Encoder, Rows } from '../contract.js';
import { checkWeights, positiveEntries } from './checkWeights.js';
import type { ExpectationMaximization } from './em.js';
import { listOf } from './rows.js';

/** Encoded rows of positive weight. */
export interface CountedRows<C> {
  readonly columns: C;
  /** Absent where all are 1. */
  readonly weights: Float64Array | undefined;
  /** The number of each row among those that were given; absent when none was dropped. */
  readonly numbers: Int32Array | undefined;
  /** How many rows were given. */
  readonly givenCount: number;
}

/**
 * Encodes the rows of positive weight. Their numbers in errors are those among all rows.
 * @throws {DataError} for a row that the estimator cannot hold
 * @throws {ParameterError} unless there is one finite weight >= 0 per row
 */
export function encodeCounted<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  rows: Rows<T>,
  given?: ArrayLike<number>,
): CountedRows<C> {
  const list = listOf(rows);
  return counted(list.length, given, (numbers) =>
    // By number: `filter` would skip the holes of a list, which are bad rows.
    algorithm.encode(numbers === undefined ? list : Array.from(numbers, (row) => list[row]!), 0, numbers),
  );
}

/**
 * The encoded rows of positive weight among rows that are encoded already. What describes the columns (levels, ranges) stays
 * that of all rows.
 */
export function countedColumns<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  given?: ArrayLike<number>,
): CountedRows<C> {
  return counted(columns.rowCount, given, (rows) =>
    rows === undefined ? columns : takeColumns(encoder, columns, rows),
  );
}

/** @param columnsOf  the columns of these rows, or of all */
function counted<C>(
  givenCount: number,
  given: ArrayLike<number> | undefined,
  columnsOf: (numbers: Int32Array | undefined) => C,
): CountedRows<C> {
  let weights = given === undefined ? undefined : checkWeights(given, givenCount);
  const numbers = weights && positiveEntries(weights);
  if (numbers !== undefined) weights = takeEntries(weights!, numbers);
  // A fit then gives the bits of one without weights.
  if (weights?.every((weight) => weight === 1)) weights = undefined;
  return { columns: columnsOf(numbers), weights, numbers, givenCount };
}
