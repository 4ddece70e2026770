/**
 * What the families over a range of integers share: rows as codes into the range of the column, weights summed per value,
 * and scores looked up in a table. The range is settled at encoding; columns of several parts are joined to their hull.
 */
import { joinEntries, takeEntries } from '../columns/columns.js';
import type { Accumulator, AddSquaredDistances, Columns, Draws, Encoder, RowCodes, Violation } from '../contract.js';
import { DataError, EstimationError } from '../errors.js';
import { kernels } from '../numeric/kernels/index.js';
import { scaledSquares } from './distance.js';

/** Most values from the smallest to the largest row: a statistic and a table of scores have an entry for each. */
export const MOST_VALUES = 2 ** 22;

/** Row i is `min + codes[i]`. All rows of the whole column lie in `min … min + size - 1`; without rows, size is 0. */
export interface IntegerColumns extends Columns {
  readonly codes: Int32Array;
  readonly min: number;
  readonly size: number;
}

/** Additive over rows: `counts[k]` is the weight of the value `min + k`. Statistics of two ranges align by value. */
export interface IntegerStatistic {
  readonly min: number;
  readonly counts: Float64Array;
}

interface Range {
  readonly min: number;
  readonly size: number;
}

/** The smallest range that holds all ranges; those of size 0 hold nothing. */
export function hullOf(ranges: readonly Range[]): Range {
  let min = Infinity;
  let end = -Infinity;
  for (const range of ranges) {
    if (range.size === 0) continue;
    min = Math.min(min, range.min);
    end = Math.max(end, range.min + range.size);
  }
  return min === Infinity ? { min: 0, size: 0 } : { min, size: end - min };
}

/** The range of the values that have weight; the whole range when none has. */
export function weightedRange({ min, counts }: IntegerStatistic): Range {
  let first = 0;
  let end = counts.length;
  while (first < end && counts[first] === 0) first++;
  while (end > first && counts[end - 1] === 0) end--;
  return first === end ? { min, size: counts.length } : { min: min + first, size: end - first };
}

/** Encodes integers in `least … most`, less than {@link MOST_VALUES} apart. */
export class IntegerEncoder implements Encoder<number, IntegerColumns> {
  readonly #expected: string;

  constructor(
    readonly family: string,
    readonly least = Number.MIN_SAFE_INTEGER,
    readonly most = Number.MAX_SAFE_INTEGER,
  ) {
    const above = least === Number.MIN_SAFE_INTEGER ? '' : ` >= ${least}`;
    const below = most === Number.MAX_SAFE_INTEGER ? '' : ` and <= ${most}`;
    this.#expected = `an integer${above}${below}`;
  }

  #accepts(row: unknown): row is number {
    return Number.isSafeInteger(row) && (row as number) >= this.least && (row as number) <= this.most;
  }

  violation(row: unknown): Violation | undefined {
    return this.#accepts(row) ? undefined : { path: [], expected: this.#expected, found: row };
  }

  /** @throws {DataError} at the first row that is not such an integer, or is too far from those before it */
  encode(rows: readonly number[]): IntegerColumns {
    let min = Infinity;
    let max = -Infinity;
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row];
      if (!this.#accepts(value)) throw new DataError(this.family, row, this.#expected, value);
      if (value < min) min = value;
      if (value > max) max = value;
      if (max - min >= MOST_VALUES) {
        throw new DataError(this.family, row, `an integer less than ${MOST_VALUES} away from all other rows`, value);
      }
    }
    if (rows.length === 0) return { rowCount: 0, codes: new Int32Array(0), min: 0, size: 0 };
    return { rowCount: rows.length, codes: Int32Array.from(rows, (x) => x - min), min, size: max - min + 1 };
  }

  slice({ codes, min, size }: IntegerColumns, start: number, end: number): IntegerColumns {
    return { rowCount: end - start, codes: codes.subarray(start, end), min, size };
  }

  take({ codes, min, size }: IntegerColumns, rows: Int32Array): IntegerColumns {
    return { rowCount: rows.length, codes: takeEntries(codes, rows), min, size };
  }

  /** @throws {EstimationError} when the parts together span too many values */
  concat(parts: readonly IntegerColumns[]): IntegerColumns {
    const hull = hullOf(parts);
    if (hull.size > MOST_VALUES) {
      throw new EstimationError(
        `${this.family}: the rows span ${hull.size} integers from ${hull.min} on; at most ${MOST_VALUES} are possible.`,
      );
    }
    const codes = joinEntries(
      parts.map((part) => {
        const shift = part.min - hull.min;
        return shift === 0 || part.rowCount === 0 ? part.codes : part.codes.map((code) => code + shift);
      }),
    );
    return { rowCount: codes.length, codes, ...hull };
  }

  rowCodes({ codes, size }: IntegerColumns, start: number, end: number): RowCodes {
    return { codes: codes.subarray(start, end), count: size };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ codes }: IntegerColumns): AddSquaredDistances {
    return scaledSquares(Float64Array.from(codes));
  }
}

/**
 * Log-densities of all values of a column's range, made once for each range. When the range holds more values than there are
 * rows (two rows 0 and 4 million), each row is scored by itself.
 */
export class IntegerScores {
  #scored: { readonly min: number; readonly table: Float64Array } | undefined;

  constructor(readonly logDensity: (x: number) => number) {}

  score(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    if (columns.size > columns.rowCount) {
      for (let row = start; row < end; row++) out[row - start] = this.logDensity(columns.min + columns.codes[row]!);
      return;
    }
    const table = this.#tableFor(columns);
    const { stageCodes, gather } = kernels();
    gather(table, stageCodes(columns.codes, start, end - start), end - start, out);
  }

  add(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    if (columns.size > columns.rowCount) {
      for (let row = start; row < end; row++) out[row - start]! += this.logDensity(columns.min + columns.codes[row]!);
      return;
    }
    const table = this.#tableFor(columns);
    const { stageCodes, addGather } = kernels();
    addGather(table, stageCodes(columns.codes, start, end - start), end - start, out);
  }

  #tableFor({ min, size }: IntegerColumns): Float64Array {
    if (this.#scored?.min !== min || this.#scored.table.length !== size) {
      this.#scored = { min, table: Float64Array.from({ length: size }, (_, k) => this.logDensity(min + k)) };
    }
    return this.#scored.table;
  }
}

/** Sums the weight of each value. */
export class IntegerAccumulator<S extends IntegerStatistic = IntegerStatistic>
  implements Accumulator<IntegerColumns, S>
{
  statistic: Float64Array;
  #min: number;

  constructor(
    readonly kind: string,
    schema: Range,
    statistic: Float64Array = new Float64Array(schema.size),
    readonly key?: string,
  ) {
    this.statistic = statistic;
    this.#min = schema.min;
  }

  seqUpdate(columns: IntegerColumns, start: number, end: number, weights: Float64Array): void {
    const { stageCodes, histogram } = kernels();
    const codes = stageCodes(columns.codes, start, end - start);
    histogram(codes, weights, end - start, this.statistic);
  }

  /** Below a hidden variable one more row, spread over all values. */
  seqInitialize(columns: IntegerColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    if (!draws.smoothsTables) return;
    for (let k = 0; k < this.statistic.length; k++) this.statistic[k]! += 1 / this.statistic.length;
  }

  combine({ min, counts }: S): void {
    const hull = hullOf([
      { min, size: counts.length },
      { min: this.#min, size: this.statistic.length },
    ]);
    if (hull.min !== this.#min || hull.size !== this.statistic.length) {
      const grown = new Float64Array(hull.size);
      grown.set(this.statistic, this.statistic.length === 0 ? 0 : this.#min - hull.min);
      this.statistic = grown;
      this.#min = hull.min;
    }
    for (let k = 0; k < counts.length; k++) this.statistic[min - this.#min + k]! += counts[k]!;
  }

  value(): S {
    // S is IntegerStatistic, or adds optional fields to it.
    return { min: this.#min, counts: this.statistic.slice() } as S;
  }

  fromValue({ min, counts }: S): void {
    this.#min = min;
    if (counts.length === this.statistic.length) this.statistic.set(counts);
    else this.statistic = counts.slice();
  }
}
