/**
 * Waiting times: p(x) = exp(-x/m) / m for x >= 0, with mean m > 0. The rate is 1/m.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 19.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import { checkNonNegative, checkParameters, checkScale, SMALLEST_NORMAL } from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { isNumber, itself, NON_NEGATIVE, type NumberColumns, NumberEncoder } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, type ImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { LinearScores } from '../leaf/scores.js';
import { type MeanStatistic, sumsOf } from '../leaf/sums.js';
import { exp, expm1, log, log1p } from '../numeric/elementary.js';
import { random, samplerOf } from '../numeric/random.js';
import { exponentialVariates } from '../numeric/variates.js';
import type { GammaDistribution } from './gamma.js';

/** One number >= 0 per row. */
export type ExponentialColumns = NumberColumns;

/** Additive over rows: `count` = Σw, `sum` = Σw·x. */
export type ExponentialStatistic = MeanStatistic;

const CHECKS = { mean: checkScale };
const ENCODER = /* @__PURE__ */ new NumberEncoder<ExponentialColumns>('Exponential', NON_NEGATIVE, { x: itself });
const STATISTIC = /* @__PURE__ */ sumsOf<ExponentialColumns, ExponentialStatistic>(
  'Exponential',
  { sum: 'x' },
  { parameterCount: 1, isPooled: true },
);

/**
 * The exponential distribution with the given `mean` (not rate).
 * @example
 * new ExponentialDistribution({ mean: 2 }).density(0); // 0.5
 */
export class ExponentialDistribution extends LeafDistribution<ExponentialColumns> {
  static readonly typeName = 'Exponential';
  static readonly typeVersion = 1;
  /** Mean, also called scale; the rate is 1 / mean. */
  readonly mean: number;
  readonly #logMean: number;

  /** @throws {ParameterError} unless `mean` is finite and >= 2^-1022 */
  constructor(parameters: { readonly mean: number }) {
    const { mean } = checkParameters('ExponentialDistribution', parameters, CHECKS);
    super(ENCODER, new LinearScores<ExponentialColumns>({ x: -1 / mean }, -log(mean)));
    this.mean = mean;
    this.#logMean = log(mean);
  }

  get variance(): number {
    return this.mean * this.mean;
  }

  get mode(): number {
    return 0;
  }

  /** 1 + log mean. */
  get entropy(): number {
    return 1 + this.#logMean;
  }

  cdf(x: number): number {
    return isNumber(x) ? -expm1(-Math.max(x, 0) / this.mean) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? exp(-Math.max(x, 0) / this.mean) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('Exponential', p);
    return -this.mean * log1p(-p);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0) return -Infinity;
    return -x / this.mean - this.#logMean;
  }

  sampler(seed: Seed): Sampler<number> {
    const unit = exponentialVariates(random(seed));
    return samplerOf(() => unit() * this.mean);
  }

  /** With a pseudo count, the prior is worth that many rows with this mean. */
  estimator(options: { readonly pseudoCount?: number } = {}): ExponentialEstimator {
    return new ExponentialEstimator(imaginaryRows('ExponentialDistribution', options, { mean: this.mean }));
  }

  toJSON() {
    return { type: 'Exponential', mean: this.mean } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): ExponentialDistribution {
    return new this(checkParameters('ExponentialDistribution', fields, CHECKS));
  }
}

/** Options of {@link ExponentialEstimator}. */
export interface ExponentialOptions {
  /** Imaginary rows with mean `prior.mean`. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The mean of the imaginary rows, default 1; or, instead of such rows, a distribution over the rate. */
  readonly prior?: { readonly mean: number } | GammaDistribution;
  /**
   * The smallest mean that is returned, for data that may be all zero. Default 2^-1022, which 0 stands for too; for a component
   * of a mixture 1e-6 of the mean of all rows.
   */
  readonly minMean?: number;
  /** Exponentials with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * mean = (Σwx + c·m0) / (Σw + c), with a prior of c rows with mean m0.
 * @example
 * optimize([1, 2, 6], new ExponentialEstimator()).model.mean; // 3
 */
export class ExponentialEstimator extends LeafEstimator<
  ExponentialDistribution,
  ExponentialColumns,
  ExponentialStatistic
> {
  readonly #rows: ImaginaryRows<{ readonly mean: number }> & Pick<ExponentialOptions, 'minMean'>;

  /** @throws {ParameterError} for a negative pseudo count, a mean that is not > 0, or a prior without a pseudo count */
  constructor(readonly options: ExponentialOptions = {}) {
    super(ENCODER, STATISTIC);
    this.#rows = withoutPrior<ExponentialOptions, { mean: number }>('ExponentialEstimator', options, 'Gamma');
    const others = { minMean: checkNonNegative };
    checkImaginaryRows('ExponentialEstimator', this.#rows, CHECKS, { others, isNeeded: false });
  }

  /** Total weight 0 gives the prior mean, or 1. When all rows are 0 the mean is `minMean`, and the report says so. */
  estimate(
    { count, sum }: ExponentialStatistic,
    report?: Report,
    pooled?: ExponentialStatistic,
  ): ExponentialDistribution {
    if (count === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior({ count, sum }));
    const { pseudoCount = 0, prior } = this.#rows;
    const ofAll = pooled !== undefined && count > 0 ? (FLOOR * pooled.sum) / pooled.count : 0;
    const minMean = Math.max(this.options.minMean ?? ofAll, SMALLEST_NORMAL);
    const priorMean = prior?.mean ?? 1;
    if (count === 0) return new ExponentialDistribution({ mean: Math.max(priorMean, minMean) });
    const mean = (sum + pseudoCount * priorMean) / (count + pseudoCount);
    if (mean < minMean) {
      if (minMean > SMALLEST_NORMAL) reportFloor(report, 'the mean', 'minMean', this.options.minMean !== undefined);
      else report?.add('degenerate', `the mean of the rows is ${mean}, less than ${minMean}. Set minMean or a prior.`);
    }
    return new ExponentialDistribution({ mean: Math.max(mean, minMean) });
  }

  protected override logOfImaginaryRows(model: ExponentialDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.#rows;
    return pseudoCount === 0 ? undefined : -pseudoCount * (log(model.mean) + (prior?.mean ?? 1) / model.mean);
  }

  /** With a gamma prior: the rate given the rows is Gamma(k + Σw, rate 1/θ + Σwx). */
  get bayes(): Bayes<ExponentialDistribution, ExponentialStatistic, GammaDistribution, ExponentialColumns> | undefined {
    const { prior, minMean = SMALLEST_NORMAL } = this.options;
    if (!isPriorOf<GammaDistribution>(prior, 'Gamma')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (gamma, { count, sum }: ExponentialStatistic) => gamma.updated({ shape: count, rate: sum }),
      mode: (gamma) =>
        new ExponentialDistribution({ mean: Math.min(Math.max(1 / gamma.mode, minMean), Number.MAX_VALUE) }),
      parameters: ({ mean }) => 1 / mean,
      expectedScorer: (gamma) => scorerOf(new LinearScores<ExponentialColumns>({ x: -gamma.mean }, gamma.meanLog)),
      /** Lomax: k θ / (1 + θx)^(k + 1). */
      predictiveLogDensity: ({ shape, scale }, x) =>
        x >= 0 ? log(shape * scale) - (shape + 1) * log1p(scale * x) : -Infinity,
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }
}
