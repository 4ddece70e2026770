/**
 * Trials up to and including the first success: P(X = x) = p (1 - p)^(x - 1) for x = 1, 2, 3, …, with 0 < p <= 1.
 * p = 1 is the point mass at 1.
 * Source: Johnson, Kemp & Kotz, Univariate Discrete Distributions (2005), ch. 5.
 */

import { conjugate, isPriorOf, scorerOf, shareMode, withoutPrior } from '../bayes/conjugate.js';
import { checkChance, checkParameters, SMALLEST_NORMAL } from '../checks/parameters.js';
import type { Bayes, Report, Sampler, Seed } from '../contract.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, withOptions } from '../leaf/leafEstimator.js';
import { isNumber, itself, type NumberColumns, NumberEncoder, POSITIVE_COUNT } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, type ImaginaryRows, imaginaryRows, logOfShare } from '../leaf/prior.js';
import { checkQuantile, integerQuantile } from '../leaf/quantiles.js';
import { LinearScores, PointMassScores } from '../leaf/scores.js';
import { type MeanStatistic, sumsOf } from '../leaf/sums.js';
import { exp, expm1, log, log1p } from '../numeric/elementary.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { betaln } from '../numeric/special.js';
import { geometricVariates } from '../numeric/variates.js';
import type { BetaDistribution } from './beta.js';

/** One integer >= 1 per row. */
export type GeometricColumns = NumberColumns;

/** Additive over rows: `count` = Σw successes, `sum` = Σw·x trials. */
export type GeometricStatistic = MeanStatistic;

const CHECKS = { p: checkChance };
const ENCODER = /* @__PURE__ */ new NumberEncoder<GeometricColumns>('Geometric', POSITIVE_COUNT, { x: itself });
const STATISTIC = /* @__PURE__ */ sumsOf<GeometricColumns, GeometricStatistic>(
  'Geometric',
  { sum: 'x' },
  { parameterCount: 1 },
);

/**
 * The number of trials up to the first success, each with success probability `p`.
 * @example
 * new GeometricDistribution({ p: 0.25 }).density(2); // 0.1875
 */
export class GeometricDistribution extends LeafDistribution<GeometricColumns> {
  static readonly typeName = 'Geometric';
  static readonly typeVersion = 1;
  /** Success probability of a trial; the mean is 1 / p. */
  readonly p: number;
  readonly #logSuccess: number;
  readonly #logFailure: number;

  /** @throws {ParameterError} unless 0 < p <= 1 */
  constructor(parameters: { readonly p: number }) {
    const { p } = checkParameters('GeometricDistribution', parameters, CHECKS);
    const linear = new LinearScores<GeometricColumns>({ x: log1p(-p) }, log(p) - log1p(-p));
    super(ENCODER, p === 1 ? new PointMassScores(1) : linear);
    this.p = p;
    this.#logSuccess = log(p);
    this.#logFailure = log1p(-p);
  }

  get mean(): number {
    return 1 / this.p;
  }

  get variance(): number {
    return (1 - this.p) / this.p / this.p;
  }

  get mode(): number {
    return 1;
  }

  /** -log p - (1 - p)/p · log(1 - p). */
  get entropy(): number {
    return this.p === 1 ? 0 : -this.#logSuccess - ((1 - this.p) / this.p) * this.#logFailure;
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x < 1 ? 0 : -expm1(Math.floor(x) * this.#logFailure);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x < 1 ? 1 : exp(Math.floor(x) * this.#logFailure);
  }

  quantile(p: number): number {
    checkQuantile('Geometric', p);
    return this.p === 1 ? 1 : integerQuantile(this, p, log1p(-p) / this.#logFailure, 1);
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (!POSITIVE_COUNT.accepts(x)) return -Infinity;
    return x === 1 ? this.#logSuccess : (x - 1) * this.#logFailure + this.#logSuccess; // 0 · log 0 = 0
  }

  sampler(seed: Seed): Sampler<number> {
    return samplerOf(drawsWithin(1, Number.MAX_SAFE_INTEGER, geometricVariates(random(seed), this.p)));
  }

  /** With a pseudo count, the prior is worth that many trials, of which a share of p succeeds. */
  estimator(options: { readonly pseudoCount?: number } = {}): GeometricEstimator {
    return new GeometricEstimator(imaginaryRows('GeometricDistribution', options, { p: this.p }));
  }

  toJSON() {
    return { type: 'Geometric', p: this.p } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GeometricDistribution {
    return new this(checkParameters('GeometricDistribution', fields, CHECKS));
  }
}

/** Options of {@link GeometricEstimator}. */
export interface GeometricOptions {
  /** Imaginary trials. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * The share of imaginary trials that succeed, default 1, which pulls p towards 1; or, instead of such trials, a
   * distribution over p.
   */
  readonly prior?: { readonly p: number } | BetaDistribution;
  /** Geometrics with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * p = (Σw + c·p0) / (Σwx + c): successes over trials, with c imaginary trials.
 * @example
 * optimize([1, 2, 3], new GeometricEstimator()).model.p; // 0.5
 */
export class GeometricEstimator extends LeafEstimator<GeometricDistribution, GeometricColumns, GeometricStatistic> {
  readonly #rows: ImaginaryRows<{ readonly p: number }>;

  /** @throws {ParameterError} for a negative pseudo count, a prior that is not a probability > 0, or one without a pseudo count */
  constructor(readonly options: GeometricOptions = {}) {
    super(ENCODER, STATISTIC);
    this.#rows = withoutPrior<GeometricOptions, { p: number }>('GeometricEstimator', options, 'Beta');
    checkImaginaryRows('GeometricEstimator', this.#rows, CHECKS, { isNeeded: false });
  }

  /** Total weight 0 gives the prior, or one half. */
  estimate({ count, sum }: GeometricStatistic, report?: Report): GeometricDistribution {
    if (count === 0) reportDead(report);
    if (this.bayes !== undefined) return this.bayes.mode(this.bayes.posterior({ count, sum }));
    const { pseudoCount = 0, prior } = this.#rows;
    if (count === 0) return new GeometricDistribution({ p: prior?.p ?? 0.5 });
    const p = Math.min(1, (count + pseudoCount * (prior?.p ?? 1)) / (sum + pseudoCount)); // rounding of the two sums
    if (p === 1)
      report?.add('degenerate', 'all rows are 1: other counts are impossible. Set a prior with p < 1.', BOUNDED);
    return new GeometricDistribution({ p });
  }

  protected override logOfImaginaryRows(model: GeometricDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.#rows;
    return pseudoCount === 0 ? undefined : logOfShare(pseudoCount, prior?.p ?? 1, model.p);
  }

  /** With a beta prior: p given the rows is Beta(α + Σw, β + Σwx - Σw). */
  get bayes(): Bayes<GeometricDistribution, GeometricStatistic, BetaDistribution, GeometricColumns> | undefined {
    const { prior } = this.options;
    if (!isPriorOf<BetaDistribution>(prior, 'Beta')) return undefined;
    return conjugate(this, () => ({
      prior,
      posterior: (beta, { count, sum }: GeometricStatistic) => beta.updated(count, sum - count),
      mode: (beta) => new GeometricDistribution({ p: Math.max(shareMode(beta), SMALLEST_NORMAL) }),
      parameters: ({ p }) => p,
      expectedScorer: (beta) => {
        const { ofShare, ofRest } = beta.meanLogs;
        return scorerOf(new LinearScores<GeometricColumns>({ x: ofRest }, ofShare - ofRest));
      },
      /** Beta-geometric: B(α + 1, β + x - 1) / B(α, β). */
      predictiveLogDensity: ({ alpha, beta }, x) =>
        Number.isSafeInteger(x) && x >= 1 ? betaln(alpha + 1, beta + x - 1) - betaln(alpha, beta) : -Infinity,
      withPrior: (next) => withOptions(this, { prior: next }),
    }));
  }
}
