/** Rows that are vectors of small integers, and the weight of each pair of values of two of their features. */
import { joinEntries, sameClass } from '../../columns/columns.js';
import type { Accumulator, AddSquaredDistances, Columns, Draws, Encoder, RowCodes, Violation } from '../../contract.js';
import { DataError, EstimationError } from '../../errors.js';

/** Most states of a feature: tables have a cell for each pair. */
export const MAX_STATES = 1024;
/** Most different vectors that get a code each. */
const MAX_CODES = 2 ** 20;

/** Entry j of row i is `x[i * dimension + j]`, in 0 … stateCount - 1. Columns that never saw a row have dimension 0. */
export interface IntegerVectorColumns extends Columns {
  readonly dimension: number;
  readonly stateCount: number;
  readonly x: Int32Array;
}

/** A row: a list or typed array of integers. */
export type IntegerVector = ArrayLike<number>;

export function isIntegerVector(row: unknown): row is IntegerVector {
  return Array.isArray(row) || (ArrayBuffer.isView(row) && !(row instanceof DataView));
}

/** Refuses everything but lists of integers 0 … {@link MAX_STATES} - 1 of one length. */
export class IntegerVectorEncoder implements Encoder<IntegerVector, IntegerVectorColumns> {
  /**
   * @param family  for messages
   * @param dimension  how many integers a row has. Default: as many as the first row
   */
  constructor(
    readonly family: string,
    readonly dimension?: number,
  ) {}

  violation(row: unknown): Violation | undefined {
    return this.#violation(row, this.dimension);
  }

  #violation(row: unknown, dimension: number | undefined): Violation | undefined {
    const isRow = isIntegerVector(row) && (dimension === undefined ? row.length > 0 : row.length === dimension);
    if (!isRow) return { path: [], expected: `a list of ${dimension ?? 'at least one'} integers`, found: row };
    for (let j = 0; j < row.length; j++) {
      const state = row[j]!;
      if (Number.isInteger(state) && state >= 0 && state < MAX_STATES) continue;
      return { path: [j], expected: `an integer in 0 … ${MAX_STATES - 1}`, found: state };
    }
    return undefined;
  }

  /** @throws {DataError} at the first row that holds anything else, or is longer or shorter than the others */
  encode(rows: readonly IntegerVector[]): IntegerVectorColumns {
    const dimension = this.dimension ?? (isIntegerVector(rows[0]) ? rows[0].length : 0);
    const x = new Int32Array(rows.length * dimension);
    let largest = -1;
    for (let row = 0; row < rows.length; row++) {
      const violation = this.#violation(rows[row], row === 0 ? this.dimension : dimension);
      if (violation !== undefined) {
        const isRagged = row > 0 && this.dimension === undefined && violation.path.length === 0;
        const expected = violation.expected + (isRagged ? ', as row 0 is' : '');
        throw new DataError(this.family, row, expected, violation.found, violation.path);
      }
      for (let j = 0; j < dimension; j++) {
        const state = rows[row]![j]!;
        x[row * dimension + j] = state;
        if (state > largest) largest = state;
      }
    }
    return { rowCount: rows.length, dimension, stateCount: largest + 1, x };
  }

  slice({ dimension, stateCount, x }: IntegerVectorColumns, start: number, end: number): IntegerVectorColumns {
    return { rowCount: end - start, dimension, stateCount, x: x.subarray(start * dimension, end * dimension) };
  }

  take({ dimension, stateCount, x }: IntegerVectorColumns, rows: Int32Array): IntegerVectorColumns {
    const taken = new Int32Array(rows.length * dimension);
    rows.forEach((row, i) => taken.set(x.subarray(row * dimension, (row + 1) * dimension), i * dimension));
    return { rowCount: rows.length, dimension, stateCount, x: taken };
  }

  /** @throws {EstimationError} when parts of the data have vectors of different lengths */
  concat(parts: readonly IntegerVectorColumns[]): IntegerVectorColumns {
    const dimensions = [...new Set(parts.map(({ dimension }) => dimension).filter((dimension) => dimension > 0))];
    if (dimensions.length > 1) {
      throw new EstimationError(
        `${this.family}: parts of the data have vectors of ${dimensions.join(' and ')} integers. All rows must have the same length.`,
      );
    }
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      dimension: dimensions[0] ?? 0,
      stateCount: parts.reduce((most, part) => Math.max(most, part.stateCount), 0),
      x: joinEntries(parts.map((part) => part.x)),
    };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.family === this.family && other.dimension === this.dimension;
  }

  /** The vectors as numbers of base `stateCount`, where there are few. */
  rowCodes({ dimension, stateCount, x }: IntegerVectorColumns, start: number, end: number): RowCodes | undefined {
    const count = stateCount ** dimension;
    if (count > MAX_CODES) return undefined;
    const codes = new Int32Array(end - start);
    for (let i = 0; i < codes.length; i++) {
      let code = 0;
      for (let j = 0; j < dimension; j++) code = code * stateCount + x[(start + i) * dimension + j]!;
      codes[i] = code;
    }
    return { codes, count: Math.max(1, count) };
  }

  /** In how many features two rows differ, divided by its mean over all pairs of rows. */
  squaredDistances(
    { rowCount, dimension, stateCount, x }: IntegerVectorColumns,
    weights: Float64Array = new Float64Array(rowCount).fill(1),
  ): AddSquaredDistances {
    const shares = new Float64Array(dimension * stateCount);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let at = 0; at < x.length; at++) {
      shares[(at % dimension) * stateCount + x[at]!]! += weights[Math.floor(at / dimension)]! / total;
    }
    const mean = dimension - shares.reduce((sum, share) => sum + share * share, 0);
    // Equal rows leave a rounding error.
    const scale = mean > 1e-9 / (rowCount + 1) ** 2 ? 1 / mean : 0;
    return (row, out) => {
      for (let i = 0; i < rowCount; i++) {
        let differing = 0;
        for (let j = 0; j < dimension; j++) if (x[i * dimension + j] !== x[row * dimension + j]) differing++;
        out[i]! += differing * scale;
      }
    };
  }
}

/**
 * Additive over rows. `marginals`: the weight of state a of feature j, at j·M + a. `pairs`: for each pair of features i < j, in
 * order, a table of M × M: the weight of state a of i with state b of j.
 */
export interface PairStatistic {
  readonly dimension: number;
  readonly stateCount: number;
  readonly marginals: Float64Array;
  readonly pairs: Float64Array;
}

/** How many numbers marginals and pairs are. */
export function pairLength(dimension: number, stateCount: number): number {
  return dimension * stateCount + ((dimension * (dimension - 1)) / 2) * stateCount * stateCount;
}

/** Sums the weight of pairs of states. */
export class PairAccumulator implements Accumulator<IntegerVectorColumns, PairStatistic> {
  readonly kind: string;
  readonly #marginals: Float64Array;
  readonly #pairs: Float64Array;

  /** @param statistic  of {@link pairLength} */
  constructor(
    family: string,
    readonly dimension: number,
    readonly stateCount: number,
    statistic: Float64Array,
    readonly key: string | undefined,
  ) {
    this.kind = `${family} of ${dimension} features and ${stateCount} states`;
    this.#marginals = statistic.subarray(0, dimension * stateCount);
    this.#pairs = statistic.subarray(dimension * stateCount);
  }

  seqUpdate({ x }: IntegerVectorColumns, start: number, end: number, weights: Float64Array): void {
    const { dimension, stateCount } = this;
    const marginals = this.#marginals;
    const pairs = this.#pairs;
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      const at = row * dimension;
      let table = 0;
      for (let i = 0; i < dimension; i++) {
        const state = x[at + i]!;
        marginals[i * stateCount + state]! += weight;
        for (let j = i + 1; j < dimension; j++) {
          pairs[table + state * stateCount + x[at + j]!]! += weight;
          table += stateCount * stateCount;
        }
      }
    }
  }

  /** Below a hidden variable one more row, spread over all vectors. */
  seqInitialize(columns: IntegerVectorColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    if (!draws.smoothsTables) return;
    const { stateCount } = this;
    for (let k = 0; k < this.#marginals.length; k++) this.#marginals[k]! += 1 / stateCount;
    for (let k = 0; k < this.#pairs.length; k++) this.#pairs[k]! += 1 / (stateCount * stateCount);
  }

  combine({ marginals, pairs }: PairStatistic): void {
    for (let k = 0; k < marginals.length; k++) this.#marginals[k]! += marginals[k]!;
    for (let k = 0; k < pairs.length; k++) this.#pairs[k]! += pairs[k]!;
  }

  value(): PairStatistic {
    const { dimension, stateCount } = this;
    return { dimension, stateCount, marginals: this.#marginals.slice(), pairs: this.#pairs.slice() };
  }

  fromValue({ marginals, pairs }: PairStatistic): void {
    this.#marginals.set(marginals);
    this.#pairs.set(pairs);
  }
}
