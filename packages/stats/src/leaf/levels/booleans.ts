/** Rows that are true or false, as codes; and the weight of each. */
import { sameClass } from '../../columns/columns.js';
import type { Accumulator, AddSquaredDistances, Columns, Draws, Encoder, RowCodes, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { scaledMismatches } from '../distance.js';
import type { LeafStatistic } from '../leafEstimator.js';
import { countCodes, smoothCounts } from './codes.js';

/** What a Bernoulli row may be; 1 is true and 0 is false. */
export type BernoulliRow = boolean | 0 | 1;

/** 0 or 1 per row. */
export interface BernoulliColumns extends Columns {
  readonly codes: Int32Array;
}

/** Additive over rows: the weight of false and of true rows. */
export interface BernoulliStatistic {
  readonly failures: number;
  readonly successes: number;
}

const EXPECTED = 'true, false, 1 or 0';

/** Whether a value is true, false, 1 or 0. */
export function isBernoulliRow(row: unknown): row is BernoulliRow {
  return row === true || row === false || row === 1 || row === 0;
}

/** Refuses everything but booleans, 0 and 1. */
export class BernoulliEncoder implements Encoder<BernoulliRow, BernoulliColumns> {
  readonly rowBytes = 4;

  violation(row: unknown): Violation | undefined {
    return isBernoulliRow(row) ? undefined : { path: [], expected: EXPECTED, found: row };
  }

  /** @throws {DataError} at the first row that is not true, false, 1 or 0 */
  encode(rows: readonly BernoulliRow[]): BernoulliColumns {
    const codes = new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row];
      if (!isBernoulliRow(value)) throw new DataError('Bernoulli', row, EXPECTED, value);
      codes[row] = Number(value);
    }
    return { rowCount: rows.length, codes };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other);
  }

  rowCodes({ codes }: BernoulliColumns, start: number, end: number): RowCodes {
    return { codes: codes.subarray(start, end), count: 2 };
  }

  /** 1 for another value, scaled by how often two rows differ. */
  squaredDistances({ codes }: BernoulliColumns, weights?: Float64Array): AddSquaredDistances {
    return scaledMismatches(codes, 2, weights);
  }
}

/** Sums `[weight of false, weight of true]`. */
export class BernoulliAccumulator implements Accumulator<BernoulliColumns, BernoulliStatistic> {
  readonly kind = 'Bernoulli';

  constructor(
    readonly statistic: Float64Array = new Float64Array(2),
    readonly key?: string,
  ) {}

  seqUpdate(columns: BernoulliColumns, start: number, end: number, weights: Float64Array): void {
    countCodes(columns.codes, start, end, weights, this.statistic);
  }

  /** Below a hidden variable one more row, half of it true. */
  seqInitialize(columns: BernoulliColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    smoothCounts(this.statistic, draws);
  }

  combine({ failures, successes }: BernoulliStatistic): void {
    this.statistic[0]! += failures;
    this.statistic[1]! += successes;
  }

  value(): BernoulliStatistic {
    return { failures: this.statistic[0]!, successes: this.statistic[1]! };
  }

  fromValue({ failures, successes }: BernoulliStatistic): void {
    this.statistic.set([failures, successes]);
  }
}

/** The statistic of a Bernoulli distribution. */
export const BOOLEANS: LeafStatistic<BernoulliColumns, BernoulliStatistic> = {
  length: () => 2,
  accumulator: (_schema, statistic, key) => new BernoulliAccumulator(statistic, key),
  parameterCount: 1,
};
