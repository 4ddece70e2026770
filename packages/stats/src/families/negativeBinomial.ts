/**
 * Counts that vary more than a Poisson's: P(X = x) = Γ(x + r) / (x! Γ(r)) · q^r (1 - q)^x for x = 0, 1, 2, …, with mean m,
 * size r > 0 and q = r / (r + m). The variance is m + m²/r; as r grows it becomes the Poisson distribution. m = 0 is the
 * point mass at 0.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5.
 */

import { checkNonNegative, checkParameters, checkPositive } from '../checks/parameters.js';
import type { Report, Sampler, Seed } from '../contract.js';
import { longTailEntropy, unimodalEntropy } from '../leaf/entropy.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import type { IntegerColumns, IntegerStatistic } from '../leaf/integers.js';
import { IntegerEncoder, IntegerScores, integerCounts } from '../leaf/integers.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator } from '../leaf/leafEstimator.js';
import { COUNT, isNumber } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkQuantile, integerQuantile, normalQuantile } from '../leaf/quantiles.js';
import {
  fitSize,
  logLikelihoodOf,
  MAX_SIZE,
  spreadRows,
  type WeightedCounts,
} from '../leaf/steps/negativeBinomialSize.js';
import { logBinomialTerm } from '../numeric/binomialTerm.js';
import { log, log1p } from '../numeric/elementary.js';
import { lowerBeta, upperBeta } from '../numeric/incompleteBeta.js';
import { random, samplerOf } from '../numeric/random.js';
import { gammaVariates, poissonVariates } from '../numeric/variates.js';

/** The integers of the column, and a code per row. */
export type NegativeBinomialColumns = IntegerColumns;

/** Additive over rows: the weight of each integer. */
export type NegativeBinomialStatistic = IntegerStatistic;

const CHECKS = { mean: checkNonNegative, size: checkPositive };
const ENCODER = /* @__PURE__ */ new IntegerEncoder('NegativeBinomial', 0);
const STATISTIC = /* @__PURE__ */ integerCounts('NegativeBinomial', 2);

/**
 * The negative binomial distribution with the given `mean` and `size`.
 * @example
 * new NegativeBinomialDistribution({ mean: 2, size: 1 }).density(0); // 0.3333333333333333
 */
export class NegativeBinomialDistribution extends LeafDistribution<NegativeBinomialColumns, number, IntegerEncoder> {
  static readonly typeName = 'NegativeBinomial';
  static readonly typeVersion = 1;
  /** m. */
  readonly mean: number;
  /** r, the number of successes waited for where it is an integer; need not be one. */
  readonly size: number;
  readonly #logSuccess: number;
  readonly #logFailure: number;

  /** @throws {ParameterError} unless `mean` is finite and >= 0, and `size` is finite and > 0 */
  constructor(parameters: { readonly mean: number; readonly size: number }) {
    super(ENCODER, new IntegerScores((x) => this.logDensity(x)));
    const { mean, size } = checkParameters('NegativeBinomialDistribution', parameters, CHECKS);
    this.mean = mean;
    this.size = size;
    this.#logSuccess = -log1p(mean / size);
    const odds = size / mean;
    this.#logFailure = odds < Infinity ? -log1p(odds) : log(mean) - log(size);
  }

  get variance(): number {
    return this.mean + this.mean * (this.mean / this.size);
  }

  get mode(): number {
    return Math.max(Math.ceil((1 - 1 / this.size) * this.mean) - 1, 0);
  }

  /** The sum of -P log P. */
  get entropy(): number {
    const { mean, size } = this;
    if (mean === 0) return 0;
    const [q, rest] = this.#chances;
    // P(X = x) = r / (r + x) times a binomial probability.
    const logTerm = (x: number) => log(size / (size + x)) + logBinomialTerm(x, size, rest, q);
    const sd = Math.sqrt(this.variance);
    // Far from 0 the probabilities are a smooth peak; near 0 they are smooth on the scale of x.
    if (mean > 20 * sd) return unimodalEntropy(logTerm, this.mode, { first: 0, sd });
    return longTailEntropy(logTerm, mean, 1 / (4 * Math.max(1, Math.sqrt(size))));
  }

  /** q = r / (r + m), and 1 - q. */
  get #chances(): readonly [q: number, rest: number] {
    return [1 / (1 + this.mean / this.size), 1 / (1 + this.size / this.mean)];
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0 || x === Infinity || this.mean === 0) return x < 0 ? 0 : 1;
    return lowerBeta(this.size, Math.floor(x) + 1, ...this.#chances);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0 || x === Infinity || this.mean === 0) return x < 0 ? 1 : 0;
    return upperBeta(this.size, Math.floor(x) + 1, ...this.#chances);
  }

  quantile(p: number): number {
    checkQuantile('NegativeBinomial', p);
    if (this.mean === 0) return 0;
    return integerQuantile(this, p, this.mean + Math.sqrt(this.variance) * normalQuantile(p), 0);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (!COUNT.accepts(x)) return -Infinity;
    const { size } = this;
    if (x === 0) return size * this.#logSuccess; // 0 · log 0 = 0
    const [q, rest] = this.#chances;
    // r / (r + x) times a binomial probability, which keeps its digits for large r and x.
    return log(size) - log(size + x) + logBinomialTerm(x, size, rest, q, this.#logFailure, this.#logSuccess);
  }

  /** A Poisson variate whose mean is a gamma variate. */
  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    const gamma = gammaVariates(rng, this.size);
    const unit = this.mean / this.size;
    return samplerOf(() => poissonVariates(rng, gamma() * unit)());
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): NegativeBinomialEstimator {
    const { mean, size } = this;
    const prior = { mean, size };
    return new NegativeBinomialEstimator(imaginaryRows('NegativeBinomialDistribution', options, prior));
  }

  toJSON() {
    return { type: 'NegativeBinomial', mean: this.mean, size: this.size } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): NegativeBinomialDistribution {
    return new this(checkParameters('NegativeBinomialDistribution', fields, CHECKS));
  }
}

/** Options of {@link NegativeBinomialEstimator}. */
export interface NegativeBinomialOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly mean: number; readonly size: number };
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * The mean m is that of the rows. With n the total weight, the size solves Σ_x w_x (ψ(x + r) - ψ(r)) = n log(1 + m/r). One
 * step costs a time in proportion to the different rows, however large they are.
 * @example
 * optimize([0, 0, 1, 7], new NegativeBinomialEstimator()).model.mean; // 2
 * @see Levin & Reeds (1977), Compound multinomial likelihood functions are unimodal
 */
export class NegativeBinomialEstimator extends LeafEstimator<
  NegativeBinomialDistribution,
  NegativeBinomialColumns,
  NegativeBinomialStatistic,
  number,
  IntegerEncoder
> {
  /** The prior's rows, and their log-likelihood under a model. */
  readonly #imaginary: readonly WeightedCounts[] = [];
  readonly #logOfImaginary: ((model: NegativeBinomialDistribution) => number) | undefined;

  /** @throws {ParameterError} for a negative pseudo count, an invalid prior, or one without the other */
  constructor(readonly options: NegativeBinomialOptions = {}) {
    super(ENCODER, STATISTIC);
    checkImaginaryRows('NegativeBinomialEstimator', options, CHECKS);
    const { pseudoCount = 0, prior } = options;
    if (prior === undefined || pseudoCount === 0) return;
    const { mean, size } = prior;
    const distribution = new NegativeBinomialDistribution(prior);
    const sd = Math.sqrt(mean + (mean * mean) / size);
    const rows = spreadRows(pseudoCount, (x) => distribution.density(x), mean, sd);
    this.#imaginary = [rows];
    this.#logOfImaginary =
      logLikelihoodOf(rows) ??
      ((model) => Array.from(rows.weights).reduce((sum, w, k) => sum + w * model.logDensity(rows.values[k]!), 0));
  }

  /**
   * Total weight 0 gives the prior, or mean 1 and size 1. Rows that vary no more than a Poisson's get size 1e10, and the
   * report says so.
   */
  estimate({ values, counts }: NegativeBinomialStatistic, report?: Report): NegativeBinomialDistribution {
    const { prior } = this.options;
    if (counts.every((count) => count === 0)) {
      reportDead(report);
      return new NegativeBinomialDistribution(prior ?? { mean: 1, size: 1 });
    }
    const { mean, size } = fitSize([{ values, weights: counts }, ...this.#imaginary]);
    if (size === MAX_SIZE) {
      report?.add(
        'degenerate',
        'the rows vary no more than Poisson counts, so the size is infinite. Use PoissonEstimator.',
        BOUNDED,
      );
    }
    return new NegativeBinomialDistribution({ mean, size });
  }

  protected override logOfImaginaryRows(model: NegativeBinomialDistribution): number | undefined {
    return this.#logOfImaginary?.(model);
  }
}
