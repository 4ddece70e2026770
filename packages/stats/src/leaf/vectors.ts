/** Rows that are vectors of one length: encoding, and the ways to cut and join them that all vector families share. */

import { joinEntries } from '../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../contract.js';
import { DataError, EstimationError, ParameterError } from '../errors.js';
import { RUN } from '../numeric/kernels/index.js';
import { scaledVectorSquares } from './distance.js';

/** A row: a list or typed array of numbers, of the same length in all rows. */
export type Vector = ArrayLike<number>;

/** Entry j of row i is `x[i * dimension + j]`. Columns that never saw a row have dimension 0. */
export interface VectorColumns extends Columns {
  readonly dimension: number;
  readonly x: Float64Array;
}

/** What a family demands of a vector besides finite numbers. */
export interface VectorRule {
  /** The family, for messages. */
  readonly family: string;
  /** What is wrong with a vector of finite numbers, if anything. */
  fault?(
    x: Vector,
  ): { readonly path: readonly number[]; readonly expected: string; readonly found: unknown } | undefined;
}

function isVector(row: unknown): row is Vector {
  return Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
}

/** The first thing wrong with a row, which must have `dimension` entries when that is known. */
export function vectorViolation(rule: VectorRule, row: unknown, dimension?: number): Violation | undefined {
  const known = dimension !== undefined && dimension > 0;
  const expected = known ? `a list of ${dimension} numbers` : 'a list of at least one number';
  if (!isVector(row) || (known ? row.length !== dimension : row.length === 0))
    return { path: [], expected, found: row };
  for (let j = 0; j < row.length; j++) {
    if (!Number.isFinite(row[j])) return { path: [j], expected: 'a finite number', found: row[j] };
  }
  return rule.fault?.(row);
}

/**
 * Row-major columns. The dimension is the one given, or that of the first row.
 * @throws {DataError} at the first row that is no such vector
 */
export function encodeVectors(rule: VectorRule, rows: readonly Vector[], given?: number): VectorColumns {
  const dimension = given ?? rows[0]?.length ?? 0;
  const x = new Float64Array(rows.length * dimension);
  for (let row = 0; row < rows.length; row++) {
    const violation = vectorViolation(rule, rows[row], row === 0 ? given : dimension);
    if (violation !== undefined) {
      const isRagged = row > 0 && given === undefined && violation.path.length === 0 && isVector(violation.found);
      const expected = isRagged ? `${violation.expected}, as row 0 is` : violation.expected;
      throw new DataError(rule.family, row, expected, violation.found, violation.path);
    }
    x.set(rows[row]!, row * dimension);
  }
  return { rowCount: rows.length, dimension, x };
}

export function sliceVectors<C extends VectorColumns>(columns: C, start: number, end: number): C {
  const { dimension, x } = columns;
  return { ...columns, rowCount: end - start, x: x.subarray(start * dimension, end * dimension) };
}

export function takeVectors<C extends VectorColumns>(columns: C, rows: Int32Array): C {
  const { dimension, x } = columns;
  const taken = new Float64Array(rows.length * dimension);
  for (let i = 0; i < rows.length; i++) {
    taken.set(x.subarray(rows[i]! * dimension, (rows[i]! + 1) * dimension), i * dimension);
  }
  return { ...columns, rowCount: rows.length, x: taken };
}

/** @throws {EstimationError} when parts of the data have vectors of different lengths */
export function concatVectors(family: string, parts: readonly VectorColumns[]): VectorColumns {
  const dimensions = [...new Set(parts.map((part) => part.dimension).filter((dimension) => dimension > 0))];
  if (dimensions.length > 1) {
    throw new EstimationError(
      `${family}: parts of the data have vectors of ${dimensions.join(' and ')} numbers. All rows must have the same length.`,
    );
  }
  return {
    rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
    dimension: dimensions[0] ?? 0,
    x: joinEntries(parts.map((part) => part.x)),
  };
}

/** The mean of each coordinate. */
export function vectorMean({ rowCount, dimension, x }: VectorColumns): Float64Array {
  const mean = new Float64Array(dimension);
  for (let i = 0; i < rowCount; i++) {
    for (let j = 0; j < dimension; j++) mean[j]! += (x[i * dimension + j]! - mean[j]!) / (i + 1);
  }
  return mean;
}

/** @throws {ParameterError} unless `x` is a list of finite numbers, `length` of them when that is given */
export function checkVector(owner: string, parameter: string, x: Vector, length?: number): void {
  const violation = vectorViolation({ family: owner }, x, length);
  if (violation === undefined) return;
  const path = violation.path.map((j) => `[${j}]`).join('');
  throw new ParameterError(owner, `${parameter}${path}`, violation.expected, violation.found);
}

/**
 * @throws {EstimationError} unless the rows tell a dimension, and the prior (if there is one) has the same
 */
export function checkDimension(family: string, dimension: number, ofPrior: number | undefined): void {
  if (dimension === 0) {
    throw new EstimationError(`${family}: there are no rows, so the dimension is unknown. Give at least one row.`);
  }
  if (ofPrior !== undefined && ofPrior !== dimension) {
    throw new EstimationError(`${family}: the prior has ${ofPrior} coordinates, the rows have ${dimension}.`);
  }
}

/** Calls `visit` for consecutive runs of at most {@link RUN} rows: what the kernels for vectors take. */
export function forEachRun(start: number, end: number, visit: (start: number, count: number) => void): void {
  for (let from = start; from < end; from += RUN) visit(from, Math.min(RUN, end - from));
}

/** Refuses everything but lists of finite numbers of one length. */
export class VectorEncoder implements Encoder<Vector, VectorColumns> {
  readonly #rule: VectorRule;

  /**
   * @param family  the family, for messages
   * @param dimension  how many numbers a row has. Default: as many as the first row
   */
  constructor(
    family: string,
    readonly dimension?: number,
  ) {
    this.#rule = { family };
  }

  violation(row: unknown): Violation | undefined {
    return vectorViolation(this.#rule, row, this.dimension);
  }

  /** @throws {DataError} at the first row that is no list of finite numbers, or longer or shorter than the others */
  encode(rows: readonly Vector[]): VectorColumns {
    return encodeVectors(this.#rule, rows, this.dimension);
  }

  slice(columns: VectorColumns, start: number, end: number): VectorColumns {
    return sliceVectors(columns, start, end);
  }

  take(columns: VectorColumns, rows: Int32Array): VectorColumns {
    return takeVectors(columns, rows);
  }

  concat(parts: readonly VectorColumns[]): VectorColumns {
    return concatVectors(this.#rule.family, parts);
  }

  /** The mean over coordinates of (x_ij - x_row,j)² / 2 Var(x_j). */
  squaredDistances({ x, rowCount, dimension }: VectorColumns): AddSquaredDistances {
    return scaledVectorSquares(x, rowCount, dimension);
  }
}
