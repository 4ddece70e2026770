/** The columns of values that may be missing: where rows are present, and the child's columns of those. */
import type { Subset } from '../columns/columns.js';
import {
  concatSubsets,
  encodeChild,
  itemCount,
  mayHoldItems,
  sameClass,
  sameEncoder,
  sliceSubset,
  subsetDistances,
  takeSubset,
  violationOf,
} from '../columns/columns.js';
import { subsetRowCodes } from '../columns/rowCodes.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, RowCodes, Violation } from '../contract.js';
import { DataError } from '../errors.js';

/** Values that may stand for «missing». `null` includes `undefined`; NaN is compared as NaN. */
export type Missing = null | undefined | string | number | boolean;

/**
 * The child's columns hold the present rows only. Row i is present when `offsets[i + 1] > offsets[i]`, and is then the
 * child's row `offsets[i]`.
 */
export interface OptionalColumns extends Columns {
  /** Whether a row of the whole column is missing. */
  readonly hasMissing: boolean;
  readonly offsets: Int32Array;
  readonly present: Columns;
}

/** Whether `x` is the missing value. */
export function isMissing(x: unknown, missing: Missing): boolean {
  return missing === null || missing === undefined ? x === null || x === undefined : Object.is(x, missing);
}

/** What is expected of a present value. Tables of numbers often have NaN for their gaps. */
function expectedOf({ expected, found, path }: Violation): string {
  return path.length === 0 && Number.isNaN(found)
    ? `${expected} (NaN is a gap with the option missing: NaN)`
    : expected;
}

function presentRows({ offsets, present }: OptionalColumns): Subset {
  return { offsets, columns: present };
}

function optionalColumns(rowCount: number, { offsets, columns }: Subset, hasMissing: boolean): OptionalColumns {
  return { rowCount, hasMissing, offsets, present: columns };
}

/** Sets missing rows apart and hands the others to the child. */
export class OptionalEncoder<T> implements Encoder<T, OptionalColumns> {
  constructor(
    readonly child: Encoder<unknown>,
    readonly missing: Missing,
  ) {}

  violation(row: unknown): Violation | undefined {
    if (isMissing(row, this.missing)) return undefined;
    const violation = violationOf(this.child, row);
    return violation && { ...violation, expected: expectedOf(violation) };
  }

  parts(row: unknown): readonly EncoderPart[] {
    return isMissing(row, this.missing) ? [] : [{ value: row, encoder: this.child }];
  }

  /** @throws {DataError} at the first present row that the child refuses */
  encode(rows: readonly T[]): OptionalColumns {
    const offsets = new Int32Array(rows.length + 1);
    const values: unknown[] = [];
    const rowOf: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      if (!isMissing(rows[row], this.missing)) {
        values.push(rows[row]);
        rowOf.push(row);
      }
      offsets[row + 1] = values.length;
    }
    const columns = this.#encodePresent(values, rowOf);
    return optionalColumns(rows.length, { offsets, columns }, values.length < rows.length);
  }

  #encodePresent(values: readonly unknown[], rowOf: readonly number[]): Columns {
    try {
      return encodeChild(this.child, values, (i) => [rowOf[i]!]);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      throw new DataError(error.family, error.row, expectedOf(error), error.found, error.path);
    }
  }

  slice(columns: OptionalColumns, start: number, end: number): OptionalColumns {
    return optionalColumns(end - start, sliceSubset(this.child, presentRows(columns), start, end), columns.hasMissing);
  }

  take(columns: OptionalColumns, rows: Int32Array): OptionalColumns {
    return optionalColumns(rows.length, takeSubset(this.child, presentRows(columns), rows), columns.hasMissing);
  }

  concat(parts: readonly OptionalColumns[]): OptionalColumns {
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
    const hasMissing = parts.some((part) => part.hasMissing);
    return optionalColumns(rowCount, concatSubsets(this.child, parts.map(presentRows)), hasMissing);
  }

  get holdsItems(): boolean {
    return mayHoldItems(this.child);
  }

  itemCount({ offsets, present }: OptionalColumns, start: number, end: number): number {
    return Math.max(end - start, itemCount(this.child, present, offsets[start]!, offsets[end]!));
  }

  /** The child's codes, and one more for missing rows. */
  rowCodes(columns: OptionalColumns, start: number, end: number): RowCodes | undefined {
    return subsetRowCodes(this.child, presentRows(columns), start, end);
  }

  /** The child's distance between present rows; 1 between a present and a missing row; 0 between missing rows. */
  squaredDistances(columns: OptionalColumns, weights?: Float64Array): AddSquaredDistances | undefined {
    return subsetDistances(this.child, presentRows(columns), weights);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other)) return false;
    return Object.is(other.missing ?? null, this.missing ?? null) && sameEncoder(this.child, other.child);
  }
}
