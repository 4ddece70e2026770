/** Rows that are vectors of one length: what a family accepts, and the columns that it keeps of them. */
import { joinEntries, sameClass } from '../../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../../contract.js';
import { DataError, EstimationError, ParameterError } from '../../errors.js';
import { scaledVectorSquares } from '../distance.js';

/** What may stand for a coordinate that is missing: null, which includes undefined, or NaN. */
export type Gap = number | null;

/** A row: a list or typed array of numbers, of the same length in all rows; `M` for coordinates that may be missing. */
export type Vector<M extends Gap = never> = ArrayLike<number | M>;

/** Entry j of row i is `x[i * dimension + j]`. Columns that never saw a row have dimension 0. */
export interface VectorColumns extends Columns {
  readonly dimension: number;
  readonly x: Float64Array;
  /** How many coordinates of each row are there, where the rule takes gaps: those are NaN in `x`. */
  readonly observed?: Int32Array;
}

/** How rows say that a coordinate is missing: see `gapRule`. */
export interface GapRule {
  /** What an entry must be, for messages. */
  readonly expected: string;
  isGap(entry: unknown): boolean;
  /** Writes a row to `x` from `start` on, NaN for gaps, and returns how many of its coordinates are there. */
  write(row: ArrayLike<unknown>, x: Float64Array, start: number): number;
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
  /** Coordinates may be missing. Default: they must all be there. */
  readonly gaps?: GapRule;
}

function isVector(row: unknown): row is Vector {
  return Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
}

/** The first thing wrong with a row, which must have `dimension` entries when that is known. */
function violationOf({ fault, gaps }: VectorRule, row: unknown, dimension = 0): Violation | undefined {
  if (!isVector(row) || (dimension > 0 ? row.length !== dimension : row.length === 0)) {
    return {
      path: [],
      expected: dimension > 0 ? `a list of ${dimension} numbers` : 'a list of at least one number',
      found: row,
    };
  }
  for (let j = 0; j < row.length; j++) {
    if (Number.isFinite(row[j]) || gaps?.isGap(row[j]) === true) continue;
    return { path: [j], expected: gaps?.expected ?? 'a finite number', found: row[j] };
  }
  return fault?.(row);
}

/**
 * The score of a row that is not a vector of `dimension` numbers: NaN when it is not a list, or an entry is NaN or not a number;
 * -Infinity for a list of another length. `undefined` for a row to be scored.
 * @param gaps  which entries may be missing. Default: none
 */
export function misfitScore(row: unknown, dimension: number, gaps?: GapRule): number | undefined {
  if (!isVector(row)) return Number.NaN;
  if (row.length !== dimension) return -Infinity;
  for (let j = 0; j < dimension; j++) {
    if (gaps?.isGap(row[j]) !== true && (typeof row[j] !== 'number' || Number.isNaN(row[j]))) return Number.NaN;
  }
  return undefined;
}

function columnsOf(
  rowCount: number,
  dimension: number,
  x: Float64Array,
  observed: Int32Array | undefined,
): VectorColumns {
  return observed === undefined ? { rowCount, dimension, x } : { rowCount, dimension, x, observed };
}

/** Refuses everything but lists of finite numbers of one length that obey the rule. */
export class VectorEncoder<M extends Gap = never> implements Encoder<Vector<M>, VectorColumns> {
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
  encode(rows: readonly Vector<M>[]): VectorColumns {
    const { family, rule } = this;
    const dimension = this.dimension ?? (isVector(rows[0]) ? rows[0].length : 0);
    const x = new Float64Array(rows.length * dimension);
    const { gaps } = rule;
    const observed = gaps && new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const violation = violationOf(rule, rows[row], dimension);
      if (violation !== undefined) {
        const isRagged = row > 0 && this.dimension === undefined && violation.path.length === 0 && isVector(rows[row]);
        const expected = isRagged && rows[row]!.length !== dimension ? ', as row 0 is' : '';
        throw new DataError(family, row, violation.expected + expected, violation.found, violation.path);
      }
      if (observed === undefined)
        x.set(rows[row] as Vector, row * dimension); // a rule without gaps refuses them
      else observed[row] = gaps!.write(rows[row]!, x, row * dimension);
      rule.settle?.(x, row * dimension, (row + 1) * dimension);
    }
    return columnsOf(rows.length, dimension, rule.entryOf === undefined ? x : x.map(rule.entryOf), observed);
  }

  /** Same rule, same dimension. */
  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) &&
      other.dimension === this.dimension &&
      other.rule.fault === this.rule.fault &&
      other.rule.entryOf === this.rule.entryOf &&
      other.rule.settle === this.rule.settle &&
      other.rule.distances === this.rule.distances &&
      other.rule.gaps === this.rule.gaps
    );
  }

  slice({ dimension, x, observed }: VectorColumns, start: number, end: number): VectorColumns {
    const entries = x.subarray(start * dimension, end * dimension);
    return columnsOf(end - start, dimension, entries, observed?.subarray(start, end));
  }

  take({ dimension, x, observed }: VectorColumns, rows: Int32Array): VectorColumns {
    const taken = new Float64Array(rows.length * dimension);
    for (let i = 0; i < rows.length; i++) {
      taken.set(x.subarray(rows[i]! * dimension, (rows[i]! + 1) * dimension), i * dimension);
    }
    return columnsOf(rows.length, dimension, taken, observed && rows.map((row) => observed[row]!));
  }

  /** @throws {EstimationError} when parts of the data have vectors of different lengths */
  concat(parts: readonly VectorColumns[]): VectorColumns {
    const dimensions = [...new Set(parts.map((part) => part.dimension).filter((dimension) => dimension > 0))];
    if (dimensions.length > 1) {
      throw new EstimationError(
        `${this.family}: parts of the data have vectors of ${dimensions.join(' and ')} numbers. All rows must have the same length.`,
      );
    }
    const observed = parts.flatMap((part) => part.observed ?? []);
    return columnsOf(
      parts.reduce((sum, part) => sum + part.rowCount, 0),
      dimensions[0] ?? 0,
      joinEntries(parts.map((part) => part.x)),
      observed.length === 0 ? undefined : joinEntries(observed),
    );
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
