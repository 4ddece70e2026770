/** Rows that are vectors of one length: what a family accepts, and the columns that it keeps of them. */
import { joinEntries, sameClass } from '../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../contract.js';
import { DataError, EstimationError, ParameterError } from '../errors.js';
import { scaledVectorSquares } from './distance.js';

/** A row: a list or typed array of numbers, of the same length in all rows. */
export type Vector = ArrayLike<number>;

/** Entry j of row i is `x[i * dimension + j]`. Columns that never saw a row have dimension 0. */
export interface VectorColumns extends Columns {
  readonly dimension: number;
  readonly x: Float64Array;
}

/** Which vectors a family can hold. */
export interface VectorRule {
  /** What is wrong with a vector of finite numbers. Default: nothing. */
  readonly fault?: (x: Vector) => Violation | undefined;
  /** What the columns hold of an entry. Default: the entry. */
  readonly entryOf?: (x: number) => number;
  /** Changes entries `[start, end)` of `x`, a row, to what the columns hold of it. Default: nothing. */
  readonly settle?: (x: Float64Array, start: number, end: number) => void;
  /** The distance of rows. Default: {@link scaledVectorSquares}. */
  readonly distances?: typeof scaledVectorSquares;
}

function isVector(row: unknown): row is Vector {
  return Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
}

/** The first thing wrong with a row, which must have `dimension` entries when that is known. */
function violationOf({ fault }: VectorRule, row: unknown, dimension = 0): Violation | undefined {
  if (!isVector(row) || (dimension > 0 ? row.length !== dimension : row.length === 0)) {
    return {
      path: [],
      expected: dimension > 0 ? `a list of ${dimension} numbers` : 'a list of at least one number',
      found: row,
    };
  }
  for (let j = 0; j < row.length; j++) {
    if (!Number.isFinite(row[j])) return { path: [j], expected: 'a finite number', found: row[j] };
  }
  return fault?.(row);
}

/**
 * The score of a row that is not a vector of `dimension` numbers: NaN when it is no list, or an entry is NaN or no number;
 * -Infinity for a list of another length. `undefined` for a row to be scored.
 */
export function misfitScore(row: unknown, dimension: number): number | undefined {
  if (!isVector(row)) return Number.NaN;
  if (row.length !== dimension) return -Infinity;
  for (let j = 0; j < dimension; j++) {
    if (typeof row[j] !== 'number' || Number.isNaN(row[j])) return Number.NaN;
  }
  return undefined;
}

/** Refuses everything but lists of finite numbers of one length that obey the rule. */
export class VectorEncoder implements Encoder<Vector, VectorColumns> {
  /**
   * @param family  for messages
   * @param dimension  how many numbers a row has. Default: as many as the first row
   */
  constructor(
    readonly family: string,
    readonly dimension?: number,
    readonly rule: VectorRule = {},
  ) {}

  violation(row: unknown): Violation | undefined {
    return violationOf(this.rule, row, this.dimension);
  }

  /** @throws {DataError} at the first row that breaks the rule, or is longer or shorter than the others */
  encode(rows: readonly Vector[]): VectorColumns {
    const { family, rule } = this;
    const dimension = this.dimension ?? (isVector(rows[0]) ? rows[0].length : 0);
    const x = new Float64Array(rows.length * dimension);
    for (let row = 0; row < rows.length; row++) {
      const violation = violationOf(rule, rows[row], dimension);
      if (violation !== undefined) {
        const isRagged = row > 0 && this.dimension === undefined && violation.path.length === 0 && isVector(rows[row]);
        const expected = isRagged && rows[row]!.length !== dimension ? ', as row 0 is' : '';
        throw new DataError(family, row, violation.expected + expected, violation.found, violation.path);
      }
      x.set(rows[row]!, row * dimension);
      rule.settle?.(x, row * dimension, (row + 1) * dimension);
    }
    return { rowCount: rows.length, dimension, x: rule.entryOf === undefined ? x : x.map(rule.entryOf) };
  }

  /** Same rule, same dimension. */
  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) &&
      other.dimension === this.dimension &&
      other.rule.fault === this.rule.fault &&
      other.rule.entryOf === this.rule.entryOf &&
      other.rule.settle === this.rule.settle &&
      other.rule.distances === this.rule.distances
    );
  }

  slice({ dimension, x }: VectorColumns, start: number, end: number): VectorColumns {
    return { rowCount: end - start, dimension, x: x.subarray(start * dimension, end * dimension) };
  }

  take({ dimension, x }: VectorColumns, rows: Int32Array): VectorColumns {
    const taken = new Float64Array(rows.length * dimension);
    for (let i = 0; i < rows.length; i++) {
      taken.set(x.subarray(rows[i]! * dimension, (rows[i]! + 1) * dimension), i * dimension);
    }
    return { rowCount: rows.length, dimension, x: taken };
  }

  /** @throws {EstimationError} when parts of the data have vectors of different lengths */
  concat(parts: readonly VectorColumns[]): VectorColumns {
    const dimensions = [...new Set(parts.map((part) => part.dimension).filter((dimension) => dimension > 0))];
    if (dimensions.length > 1) {
      throw new EstimationError(
        `${this.family}: parts of the data have vectors of ${dimensions.join(' and ')} numbers. All rows must have the same length.`,
      );
    }
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      dimension: dimensions[0] ?? 0,
      x: joinEntries(parts.map((part) => part.x)),
    };
  }

  /** The mean over coordinates of (x_ij - x_row,j)² / 2 Var(x_j), unless the rule has another distance. */
  squaredDistances({ x, rowCount, dimension }: VectorColumns): AddSquaredDistances {
    return (this.rule.distances ?? scaledVectorSquares)(x, rowCount, dimension);
  }
}

/** @throws {ParameterError} unless `x` is a list of finite numbers, `length` of them when that is given */
export function checkVector(owner: string, parameter: string, x: unknown, length?: number): void {
  const violation = violationOf({}, x, length);
  if (violation === undefined) return;
  const path = violation.path.map((j) => `[${j}]`).join('');
  throw new ParameterError(owner, `${parameter}${path}`, violation.expected, violation.found);
}

/** @throws {EstimationError} unless the rows tell a dimension, and the prior (if there is one) has the same */
export function checkDimension(family: string, dimension: number, ofPrior: number | undefined): void {
  if (dimension === 0) {
    throw new EstimationError(`${family}: there are no rows, so the dimension is unknown. Give at least one row.`);
  }
  if (ofPrior !== undefined && ofPrior !== dimension) {
    throw new EstimationError(`${family}: the prior has ${ofPrior} coordinates, the rows have ${dimension}.`);
  }
}
