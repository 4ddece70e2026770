/**
 * Positive numbers whose logarithm is Gaussian: p(x) = exp(-(log x - μ)² / 2σ²) / (x √(2πσ²)) for x > 0.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 14.
 */

import { conjugate, isPriorOf, scorerOf, withoutPrior } from '../bayes/conjugate.js';
import type { NormalGammaDistribution } from '../bayes/normalGamma.js';
import { checkEstimatorOptions, pseudoCountOf } from '../checks/options.js';
import { checkFinite, checkParameters, checkScale, SMALLEST_NORMAL } from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { logMomentPrior, type MomentPrior } from '../leaf/moments.js';
import { isNumber, NumberEncoder, POSITIVE } from '../leaf/numberEncoder.js';
import { checkQuantile } from '../leaf/quantiles.js';
import {
  MOMENT_OPTIONS,
  momentPrior,
  momentStatistic,
  momentsOf,
  type ScalarMomentPrior,
} from '../leaf/scalarMoments.js';
import { GaussianScores, type Scores } from '../leaf/scores.js';
import { exp, expm1, log } from '../numeric/elementary.js';
import { kernels } from '../numeric/kernels/index.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { normalVariates } from '../numeric/variates.js';
import type { GaussianColumns, GaussianOptions, GaussianStatistic } from './gaussian.js';
import { GaussianDistribution, GaussianEstimator } from './gaussian.js';

/** The logarithm of each row, in the field `x`. */
export type LogGaussianColumns = GaussianColumns;

/** The Gaussian statistic of the logarithms. */
export type LogGaussianStatistic = GaussianStatistic;

const CHECKS = { mu: checkFinite, sigma2: checkScale };
const ENCODER = /* @__PURE__ */ new NumberEncoder<LogGaussianColumns>('LogGaussian', POSITIVE, { x: log });
const STATISTIC = /* @__PURE__ */ momentStatistic('LogGaussian');

/** The log-densities of the logarithms, less the Jacobian log x. */
class LogarithmScores implements Scores<LogGaussianColumns> {
  constructor(readonly gaussian: GaussianScores) {}

  score(columns: LogGaussianColumns, start: number, end: number, out: Float64Array): void {
    this.gaussian.score(columns, start, end, out);
    this.#subtract(columns, start, end, out);
  }

  add(columns: LogGaussianColumns, start: number, end: number, out: Float64Array): void {
    this.gaussian.add(columns, start, end, out);
    this.#subtract(columns, start, end, out);
  }

  #subtract({ x }: LogGaussianColumns, start: number, end: number, out: Float64Array): void {
    const { stage, addLinearLogDensity } = kernels();
    addLinearLogDensity(stage(x, start, end - start), end - start, -1, 0, out);
  }
}

/**
 * The log-normal distribution; `mu` and `sigma2` are the mean and variance of log x.
 * @example
 * new LogGaussianDistribution({ mu: 0, sigma2: 1 }).density(1); // 0.3989422804014327
 */
export class LogGaussianDistribution extends LeafDistribution<LogGaussianColumns> {
  static readonly typeName = 'LogGaussian';
  static readonly typeVersion = 1;
  /** Mean of log x. */
  readonly mu: number;
  /** Variance of log x. */
  readonly sigma2: number;
  /** The distribution of log x. */
  readonly #gaussian: GaussianDistribution;

  /** @throws {ParameterError} unless `mu` is finite and `sigma2` is finite and > 0 */
  constructor(parameters: { readonly mu: number; readonly sigma2: number }) {
    const { mu, sigma2 } = checkParameters('LogGaussianDistribution', parameters, CHECKS);
    const gaussian = new GaussianDistribution({ mu, sigma2 });
    super(ENCODER, new LogarithmScores(new GaussianScores(mu, 0.5 / sigma2, -0.5 * log(2 * Math.PI * sigma2))));
    this.#gaussian = gaussian;
    this.mu = mu;
    this.sigma2 = sigma2;
  }

  /** exp(μ + σ²/2). */
  get mean(): number {
    return exp(this.mu + 0.5 * this.sigma2);
  }

  /** (exp(σ²) - 1) exp(2μ + σ²). */
  get variance(): number {
    return expm1(this.sigma2) * exp(2 * this.mu + this.sigma2);
  }

  /** exp(μ - σ²). */
  get mode(): number {
    return exp(this.mu - this.sigma2);
  }

  /** μ + ½ log 2πe σ². */
  get entropy(): number {
    return this.mu + this.#gaussian.entropy;
  }

  cdf(x: number): number {
    return isNumber(x) ? this.#gaussian.cdf(log(Math.max(x, 0))) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? this.#gaussian.survival(log(Math.max(x, 0))) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('LogGaussian', p);
    return exp(this.#gaussian.quantile(p));
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x <= 0 || x === Infinity) return -Infinity;
    const y = log(x);
    return this.#gaussian.logDensity(y) - y;
  }

  sampler(seed: Seed): Sampler<number> {
    const normal = normalVariates(random(seed));
    const sigma = Math.sqrt(this.sigma2);
    const draw = () => exp(this.mu + sigma * normal());
    return samplerOf(drawsWithin(Number.MIN_VALUE, Number.MAX_VALUE, draw));
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): LogGaussianEstimator {
    pseudoCountOf('LogGaussianDistribution', options);
    return new LogGaussianEstimator(this.#gaussian.estimator(options).options);
  }

  toJSON() {
    return { type: 'LogGaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): LogGaussianDistribution {
    return new this(checkParameters('LogGaussianDistribution', fields, CHECKS));
  }
}

/** Options of {@link LogGaussianEstimator}: those of a Gaussian, all on the scale of log x. */
export type LogGaussianOptions = Omit<GaussianOptions, 'keys'>;

/**
 * The Gaussian estimate from the logarithms of the rows.
 * @example
 * optimize([1, Math.E ** 2], new LogGaussianEstimator()).model; // LogGaussianDistribution { mu: 1, sigma2: 1 }
 */
export class LogGaussianEstimator extends LeafEstimator<
  LogGaussianDistribution,
  LogGaussianColumns,
  LogGaussianStatistic
> {
  readonly #gaussian: GaussianEstimator;
  readonly #rows: MomentPrior;

  /** @throws {ParameterError} for a negative count or variance, or a value or a count of imaginary rows without the other */
  constructor(readonly options: LogGaussianOptions = {}) {
    super(ENCODER, STATISTIC);
    const owner = 'LogGaussianEstimator';
    const rows = withoutPrior<LogGaussianOptions, ScalarMomentPrior>(owner, options, 'NormalGamma');
    checkEstimatorOptions(owner, rows, MOMENT_OPTIONS);
    this.#rows = momentPrior(owner, rows.prior);
    this.#gaussian = new GaussianEstimator(options);
  }

  /** Total weight 0 gives mu = 0 and sigma2 = 1. The variance has the floor of a Gaussian's; the report says so. */
  estimate(statistic: LogGaussianStatistic, report?: Report, pooled?: LogGaussianStatistic): LogGaussianDistribution {
    return new LogGaussianDistribution(this.#gaussian.estimate(statistic, report, pooled));
  }

  override get hasPrior(): boolean {
    return this.#gaussian.hasPrior;
  }

  /** With a normal-gamma prior over the mean and the precision of log x: see {@link NormalGammaDistribution}. */
  get bayes():
    | Bayes<LogGaussianDistribution, LogGaussianStatistic, NormalGammaDistribution, LogGaussianColumns>
    | undefined {
    const { prior, minSigma2 = SMALLEST_NORMAL } = this.options;
    if (!isPriorOf<NormalGammaDistribution>(prior, 'NormalGamma')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (known, statistic: LogGaussianStatistic) => known.updated(momentsOf(statistic)),
      mode({ mode: { mu, precision } }) {
        return new LogGaussianDistribution({ mu, sigma2: Math.max(1 / precision, minSigma2) });
      },
      parameters: ({ mu, sigma2 }) => ({ mu, precision: 1 / sigma2 }),
      expectedScorer({ mu, lambda, meanPrecision, meanLogPrecision }) {
        const constant = 0.5 * (meanLogPrecision - log(2 * Math.PI) - 1 / lambda);
        return { mu, ...scorerOf(new LogarithmScores(new GaussianScores(mu, meanPrecision / 2, constant))) }; // mu: the origin of moments
      },
      predictiveLogDensity: (known, x) => (x > 0 ? known.predictiveLogDensity(log(x)) - log(x) : -Infinity),
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }

  protected override logOfImaginaryRows({ sigma2 }: LogGaussianDistribution): number | undefined {
    return logMomentPrior(this.#rows, [sigma2]);
  }
}
