/** Slices, picks and joins encoded rows, and adds the place to a child's error: for parents outside the package. */
import { isRows } from '../checks/rows.js';
import * as columnsOf from '../columns/columns.js';
import type { Columns, Encoder, Violation } from '../contract.js';
import {
  checkBlock,
  checkColumns,
  checkEncoder,
  checkFunction,
  checkList,
  ENCODER,
  isEncoder,
  refuse,
} from './arguments.js';

/**
 * Rows `[start, end)`.
 * @throws {OptionError} unless the columns have these rows
 */
export function sliceColumns<C extends Columns>(encoder: Encoder<never, C>, columns: C, start: number, end: number): C {
  checkEncoder('sliceColumns', encoder);
  checkBlock('sliceColumns', columns, start, end);
  return columnsOf.sliceColumns(encoder, columns, start, end);
}

/**
 * The given rows, in the given order.
 * @throws {OptionError} unless the columns have these rows
 */
export function takeColumns<C extends Columns>(encoder: Encoder<never, C>, columns: C, rows: Int32Array): C {
  checkEncoder('takeColumns', encoder);
  checkColumns('takeColumns', columns);
  if (!(rows instanceof Int32Array)) refuse('takeColumns', 'rows', 'an Int32Array of row numbers', rows);
  const { rowCount } = columns;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (row < 0 || row >= rowCount) refuse('takeColumns', `rows[${i}]`, `a row number below ${rowCount}`, row);
  }
  return columnsOf.takeColumns(encoder, columns, rows);
}

/**
 * All rows of all parts, in order. At least one part.
 * @throws {OptionError} unless `parts` is a list of columns
 * @throws {EstimationError} for no parts, and where the description of the columns differs and the encoder has no `concat`
 */
export function concatColumns<C extends Columns>(encoder: Encoder<never, C>, parts: readonly C[]): C {
  checkEncoder('concatColumns', encoder);
  checkList('concatColumns', 'parts', parts);
  for (let i = 0; i < parts.length; i++) checkColumns('concatColumns', parts[i], `parts[${i}]`);
  return columnsOf.concatColumns(encoder, parts);
}

/**
 * Whether the rows of an encoder may hold any number of items: what a parent says of itself where one of its children does.
 * @throws {OptionError} unless it is an encoder
 */
export function holdsItems(encoder: Encoder<never>): boolean {
  checkEncoder('holdsItems', encoder);
  return columnsOf.mayHoldItems(encoder);
}

/**
 * How many leaf rows stand under rows `[start, end)`.
 * @throws {OptionError} unless the columns have these rows
 */
export function itemCount<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  start: number,
  end: number,
): number {
  checkEncoder('itemCount', encoder);
  checkBlock('itemCount', columns, start, end);
  return columnsOf.itemCount(encoder, columns, start, end);
}

/**
 * Encodes the values that a parent hands to a child. A child's error gets the parent's row and the step to the child.
 * @param rowOf  the parent's row of the child's row `i`, with the steps from that row to the child
 * @throws {OptionError} for an argument of another kind
 * @throws {DataError} at the first value that the child cannot hold
 */
export function encodeChild<T, C extends Columns>(
  encoder: Encoder<T, C>,
  values: readonly T[],
  rowOf: (i: number) => readonly [row: number, ...steps: (string | number)[]],
): C {
  checkEncoder('encodeChild', encoder);
  if (!isRows(values)) refuse('encodeChild', 'values', 'a list of rows', values);
  checkFunction('encodeChild', 'rowOf', rowOf);
  return columnsOf.encodeChild(encoder, values, rowOf);
}

/**
 * The first thing wrong with one row, for any encoder.
 * @throws {OptionError} unless it is an encoder
 */
export function violationOf(encoder: Encoder<unknown>, row: unknown): Violation | undefined {
  checkEncoder('violationOf', encoder);
  return columnsOf.violationOf(encoder, row);
}

/**
 * A violation seen from the parent.
 * @param steps  from the parent's row to the child's
 * @throws {OptionError} unless it is a violation, or undefined
 */
export function violationWithin(
  violation: Violation | undefined,
  ...steps: (string | number)[]
): Violation | undefined {
  if (violation === undefined) return undefined;
  if (!Array.isArray(violation?.path)) refuse('violationWithin', 'violation', 'a violation or undefined', violation);
  return columnsOf.violationWithin(violation, ...steps);
}

/**
 * Whether two encoders make the same columns from every list of rows: they are one, or one of them says so. A `sameAs` that a
 * subclass inherits does not count, on either side: it knows nothing of what the subclass adds.
 * @throws {OptionError} unless both are encoders
 */
export function sameEncoder(a: Encoder<unknown>, b: Encoder<unknown>): boolean {
  if (!isEncoder(a)) refuse('sameEncoder', 'a', ENCODER, a);
  if (!isEncoder(b)) refuse('sameEncoder', 'b', ENCODER, b);
  return columnsOf.sameEncoder(a, b);
}
