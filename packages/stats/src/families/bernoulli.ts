/**
 * Yes or no: P(true) = p, P(false) = 1 - p, with 0 <= p <= 1.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 3.
 */

import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPseudoCount } from '../checks/parameters.js';
import type {
  Accumulator,
  AddSquaredDistances,
  Columns,
  Distribution,
  Draws,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  RowCodes,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import { scaledMismatches } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

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

/**
 * A coin that shows true with probability `p`.
 * @example
 * new BernoulliDistribution({ p: 0.25 }).density(true); // 0.25
 */
export class BernoulliDistribution implements Distribution<BernoulliRow, BernoulliColumns> {
  static readonly typeName = 'Bernoulli';
  static readonly typeVersion = 1;
  /** Probability of true. */
  readonly p: number;
  /** Log-probability of false and of true. */
  readonly #table: Float64Array;

  /** @throws {ParameterError} unless p is in [0, 1] */
  constructor({ p }: { readonly p: number }) {
    if (!(p >= 0 && p <= 1)) throw new ParameterError('BernoulliDistribution', 'p', 'a number in [0, 1]', p);
    this.p = p;
    this.#table = Float64Array.of(Math.log1p(-p), Math.log(p));
  }

  logDensity(x: BernoulliRow): number {
    if (Number.isNaN(x)) return Number.NaN;
    return isBernoulliRow(x) ? this.#table[Number(x)]! : -Infinity;
  }

  density(x: BernoulliRow): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: BernoulliColumns, start: number, end: number, out: Float64Array): void {
    const { stageCodes, gather } = kernels();
    gather(this.#table, stageCodes(columns.codes, start, end - start), end - start, out);
  }

  seqAddLogDensity(columns: BernoulliColumns, start: number, end: number, out: Float64Array): void {
    const { stageCodes, addGather } = kernels();
    addGather(this.#table, stageCodes(columns.codes, start, end - start), end - start, out);
  }

  sampler(seed: Seed): Sampler<boolean> {
    const rng = random(seed);
    return samplerOf(() => rng() < this.p);
  }

  encoder(): BernoulliEncoder {
    return new BernoulliEncoder();
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): BernoulliEstimator {
    return new BernoulliEstimator(pseudoCount > 0 ? { pseudoCount, prior: { p: this.p } } : {});
  }

  toJSON() {
    return { type: 'Bernoulli', p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BernoulliDistribution {
    return new BernoulliDistribution(checkFields('BernoulliDistribution', fields, { p: 'number' }));
  }
}

const EXPECTED = 'true, false, 1 or 0';

function isBernoulliRow(row: unknown): row is BernoulliRow {
  return row === true || row === false || row === 1 || row === 0;
}

/** Refuses everything but booleans, 0 and 1. */
export class BernoulliEncoder implements Encoder<BernoulliRow, BernoulliColumns> {
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

  rowCodes({ codes }: BernoulliColumns, start: number, end: number): RowCodes {
    return { codes: codes.subarray(start, end), count: 2 };
  }

  /** 1 for another value, scaled by how often two rows differ. */
  squaredDistances({ codes }: BernoulliColumns): AddSquaredDistances {
    return scaledMismatches(codes, 2);
  }
}

/** Sums `[weight of false, weight of true]`. */
export class BernoulliAccumulator implements Accumulator<BernoulliColumns, BernoulliStatistic, BernoulliDistribution> {
  readonly kind = 'Bernoulli';

  constructor(
    readonly statistic: Float64Array = new Float64Array(2),
    readonly key?: string,
  ) {}

  seqUpdate(columns: BernoulliColumns, start: number, end: number, weights: Float64Array): void {
    const { stageCodes, histogram } = kernels();
    const codes = stageCodes(columns.codes, start, end - start);
    histogram(codes, weights, end - start, this.statistic);
  }

  /** Below a hidden variable one more row, half of it true. */
  seqInitialize(columns: BernoulliColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    if (!draws.smoothsTables) return;
    this.statistic[0]! += 0.5;
    this.statistic[1]! += 0.5;
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

/** Options of {@link BernoulliEstimator}. */
export interface BernoulliOptions {
  /** Imaginary rows. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The share of true among the imaginary rows. Default one half. */
  readonly prior?: { readonly p: number };
  /** Bernoullis with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * p = (t + c·p0) / (n + c), with t the weight of true rows, n that of all, and c imaginary rows.
 * @example
 * optimize([true, false, true, true], new BernoulliEstimator()).model.p; // 0.75
 */
export class BernoulliEstimator
  implements Estimator<BernoulliRow, BernoulliDistribution, BernoulliColumns, BernoulliStatistic>
{
  /** @throws {ParameterError} for a negative pseudo count, or a prior outside [0, 1] */
  constructor(readonly options: BernoulliOptions = {}) {
    checkEstimatorOptions('BernoulliEstimator', options, { pseudoCount: true, prior: ['p'], key: true });
    const { pseudoCount, prior } = options;
    checkPseudoCount('BernoulliEstimator', 'pseudoCount', pseudoCount);
    if (prior !== undefined && !(prior.p >= 0 && prior.p <= 1)) {
      throw new ParameterError('BernoulliEstimator', 'prior.p', 'a number in [0, 1]', prior.p);
    }
  }

  encoder(): BernoulliEncoder {
    return new BernoulliEncoder();
  }

  statisticLength(): number {
    return 2;
  }

  accumulator(_schema: BernoulliColumns, statistic?: Float64Array): BernoulliAccumulator {
    return new BernoulliAccumulator(statistic, this.options.key);
  }

  /** Total weight 0 gives the prior, or one half. */
  estimate({ failures, successes }: BernoulliStatistic, report?: Report): BernoulliDistribution {
    const { pseudoCount = 0, prior } = this.options;
    const priorP = prior?.p ?? 0.5;
    const n = failures + successes;
    if (n === 0) {
      reportDead(report);
      return new BernoulliDistribution({ p: priorP });
    }
    const p = Math.min(1, (successes + pseudoCount * priorP) / (n + pseudoCount));
    if (p === 0 || p === 1)
      report?.add('degenerate', `all rows are ${p === 1}: the other value is impossible. Set pseudoCount.`);
    return new BernoulliDistribution({ p });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 1 }];
  }
}
