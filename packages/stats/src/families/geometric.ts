/**
 * Trials up to and including the first success: P(X = x) = p (1 - p)^(x - 1) for x = 1, 2, 3, …, with 0 < p <= 1.
 * p = 1 is the point mass at 1.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5.
 */

import { randomGeometric } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPseudoCount } from '../checks/parameters.js';
import { integerRowCodes } from '../columns/rowCodes.js';
import type {
  AddSquaredDistances,
  Distribution,
  Encoder,
  Estimator,
  ParameterBlock,
  Report,
  RowCodes,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scaledSquares } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import type { MeanStatistic, NumberColumns, NumberRule } from '../leaf/numberColumn.js';
import { encodeNumbers, MeanAccumulator, numberViolation } from '../leaf/numberColumn.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/** One integer >= 1 per row. */
export type GeometricColumns = NumberColumns;

/** Additive over rows: `count` = Σw successes, `sum` = Σw·x trials. */
export type GeometricStatistic = MeanStatistic;

/**
 * The number of trials up to the first success, each with success probability `p`.
 * @example
 * new GeometricDistribution({ p: 0.25 }).density(2); // 0.1875
 */
export class GeometricDistribution implements Distribution<number, GeometricColumns> {
  static readonly typeName = 'Geometric';
  static readonly typeVersion = 1;
  /** Success probability of a trial; the mean is 1 / p. */
  readonly p: number;
  readonly #logSuccess: number;
  readonly #logFailure: number;

  /** @throws {ParameterError} unless 0 < p <= 1 */
  constructor({ p }: { readonly p: number }) {
    checkProbability('GeometricDistribution', 'p', p);
    this.p = p;
    this.#logSuccess = Math.log(p);
    this.#logFailure = Math.log1p(-p);
  }

  logDensity(x: number): number {
    if (Number.isNaN(x)) return Number.NaN;
    if (!Number.isSafeInteger(x) || x < 1) return -Infinity;
    return x === 1 ? this.#logSuccess : (x - 1) * this.#logFailure + this.#logSuccess; // 0 · log 0 = 0
  }

  density(x: number): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: GeometricColumns, start: number, end: number, out: Float64Array): void {
    if (this.p === 1) {
      for (let row = start; row < end; row++) out[row - start] = columns.x[row] === 1 ? 0 : -Infinity;
      return;
    }
    const { stage, linearLogDensity } = kernels();
    const intercept = this.#logSuccess - this.#logFailure;
    linearLogDensity(stage(columns.x, start, end - start), end - start, this.#logFailure, intercept, out);
  }

  seqAddLogDensity(columns: GeometricColumns, start: number, end: number, out: Float64Array): void {
    if (this.p === 1) {
      for (let row = start; row < end; row++) if (columns.x[row] !== 1) out[row - start] = -Infinity;
      return;
    }
    const { stage, addLinearLogDensity } = kernels();
    const intercept = this.#logSuccess - this.#logFailure;
    addLinearLogDensity(stage(columns.x, start, end - start), end - start, this.#logFailure, intercept, out);
  }

  sampler(seed: Seed): Sampler<number> {
    const draw = randomGeometric.source(random(seed))(this.p);
    return samplerOf(() => Math.min(draw(), Number.MAX_SAFE_INTEGER));
  }

  encoder(): GeometricEncoder {
    return new GeometricEncoder();
  }

  /** With a pseudo count, the prior is worth that many trials, of which a share of p succeeds. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): GeometricEstimator {
    return new GeometricEstimator(pseudoCount > 0 ? { pseudoCount, prior: { p: this.p } } : {});
  }

  toJSON() {
    return { type: 'Geometric', p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GeometricDistribution {
    return new GeometricDistribution(checkFields('GeometricDistribution', fields, { p: 'number' }));
  }
}

function checkProbability(owner: string, name: string, p: number): void {
  if (!(p > 0 && p <= 1)) throw new ParameterError(owner, name, 'a number > 0 and <= 1', p);
}

const RULE: NumberRule = {
  family: 'Geometric',
  expected: 'an integer >= 1',
  accepts: (x) => Number.isSafeInteger(x) && x >= 1,
};

/** Refuses everything but integers in 1 … 2^53 - 1. */
export class GeometricEncoder implements Encoder<number, GeometricColumns> {
  violation(row: unknown): Violation | undefined {
    return numberViolation(RULE, row);
  }

  /** @throws {DataError} at the first row that is not an integer >= 1 */
  encode(rows: readonly number[]): GeometricColumns {
    return { rowCount: rows.length, x: encodeNumbers(RULE, rows) };
  }

  rowCodes({ x }: GeometricColumns, start: number, end: number): RowCodes | undefined {
    return integerRowCodes(x, start, end);
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ x }: GeometricColumns): AddSquaredDistances {
    return scaledSquares(x);
  }
}

/** Options of {@link GeometricEstimator}. */
export interface GeometricOptions {
  /** Imaginary trials. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The share of imaginary trials that succeed. Default 1, which pulls p towards 1. */
  readonly prior?: { readonly p: number };
  /** Geometrics with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * p = (Σw + c·p0) / (Σwx + c): successes over trials, with c imaginary trials.
 * @example
 * optimize([1, 2, 3], new GeometricEstimator()).model.p; // 0.5
 */
export class GeometricEstimator
  implements Estimator<number, GeometricDistribution, GeometricColumns, GeometricStatistic>
{
  /** @throws {ParameterError} for a negative pseudo count, or a prior that is not a probability > 0 */
  constructor(readonly options: GeometricOptions = {}) {
    checkEstimatorOptions('GeometricEstimator', options, { pseudoCount: true, prior: ['p'], key: true });
    checkPseudoCount('GeometricEstimator', 'pseudoCount', options.pseudoCount);
    if (options.prior !== undefined) checkProbability('GeometricEstimator', 'prior.p', options.prior.p);
  }

  encoder(): GeometricEncoder {
    return new GeometricEncoder();
  }

  statisticLength(): number {
    return 2;
  }

  accumulator(_schema: GeometricColumns, statistic?: Float64Array): MeanAccumulator {
    return new MeanAccumulator('Geometric', statistic, this.options.key);
  }

  /** Total weight 0 gives the prior, or one half. */
  estimate({ count, sum }: GeometricStatistic, report?: Report): GeometricDistribution {
    const { pseudoCount = 0, prior } = this.options;
    if (count === 0) {
      reportDead(report);
      return new GeometricDistribution({ p: prior?.p ?? 0.5 });
    }
    const p = Math.min(1, (count + pseudoCount * (prior?.p ?? 1)) / (sum + pseudoCount)); // rounding of the two sums
    if (p === 1) report?.add('degenerate', 'all rows are 1: other counts are impossible. Set a prior with p < 1.');
    return new GeometricDistribution({ p });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0;
  }

  parameterBlocks(): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: 1 }];
  }
}
