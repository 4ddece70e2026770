/**
 * Shares: p(x) = x^(α-1) (1-x)^(β-1) / B(α, β) for 0 < x < 1, with α, β > 0. The mean is α / (α + β).
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 2 (1995), ch. 25.
 */

import { checkParameters, checkPositive } from '../checks/parameters.js';
import type { Columns, Report, Sampler, Seed } from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { checkMost, FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator } from '../leaf/leafEstimator.js';
import { isNumber, NumberEncoder, OPEN_UNIT } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { EntryScores, LinearScores } from '../leaf/scores.js';
import { type BetaShapes, boundedShapesOf, MAX_PRECISION, shapesOf } from '../leaf/steps/betaShapes.js';
import { sumsOf } from '../leaf/sums.js';
import { logBinomialPeak } from '../numeric/binomialTerm.js';
import { dirichletCrossEntropy, dirichletEntropy } from '../numeric/dirichletEntropy.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { betaQuantile, lowerBeta, upperBeta } from '../numeric/incompleteBeta.js';
import { logOfRatio } from '../numeric/poissonTerm.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { betaln, digamma } from '../numeric/special.js';
import { dirichletVariates } from '../numeric/variates.js';

/** log x and log(1 - x) per row. */
export interface BetaColumns extends Columns {
  readonly logX: Float64Array;
  readonly logRest: Float64Array;
}

/** Additive over rows: `count` = Σw, `sumOfLogs` = Σw·log x, `sumOfLogRests` = Σw·log(1 - x). */
export interface BetaStatistic {
  readonly count: number;
  readonly sumOfLogs: number;
  readonly sumOfLogRests: number;
}

/** Where α + β is larger, the terms of the log-density are so large that their cancellation costs 1e-12: a row then takes more time. */
const CONCENTRATED = 20_000;

const CHECKS = { alpha: checkPositive, beta: checkPositive };
const ENCODER = /* @__PURE__ */ new NumberEncoder<BetaColumns>(
  'Beta',
  OPEN_UNIT,
  { logX: log, logRest: (x) => log1p(-x) },
  ({ logX }) => logX.map(exp),
);
const STATISTIC = /* @__PURE__ */ sumsOf<BetaColumns, BetaStatistic>(
  'Beta',
  { sumOfLogs: 'logX', sumOfLogRests: 'logRest' },
  { parameterCount: 2, isPooled: true },
);

/**
 * The beta distribution with shapes `alpha` and `beta`.
 * @example
 * new BetaDistribution({ alpha: 2, beta: 1 }).density(0.5); // 1
 */
export class BetaDistribution extends LeafDistribution<BetaColumns> {
  static readonly typeName = 'Beta';
  static readonly typeVersion = 1;
  /** α, the shape at 0. */
  readonly alpha: number;
  /** β, the shape at 1. */
  readonly beta: number;
  readonly #logNormalizer: number;
  readonly #exact: LogDensityOfShare | undefined;

  /** @throws {ParameterError} unless `alpha` and `beta` are finite and > 0 */
  constructor(parameters: BetaShapes) {
    const { alpha, beta } = checkParameters('BetaDistribution', parameters, CHECKS);
    const logNormalizer = -betaln(alpha, beta);
    const exact = alpha + beta > CONCENTRATED ? exactLogDensity(alpha, beta) : undefined;
    const scores =
      exact === undefined
        ? new LinearScores<BetaColumns>({ logX: alpha - 1, logRest: beta - 1 }, logNormalizer)
        : new EntryScores<BetaColumns>(({ logX, logRest }, row) =>
            exact(exp(logX[row]!), exp(logRest[row]!), logX[row]!, logRest[row]!),
          );
    super(ENCODER, scores);
    this.#exact = exact;
    this.alpha = alpha;
    this.beta = beta;
    this.#logNormalizer = logNormalizer;
  }

  /** True when a shape is < 1: the density grows without bound at that end. */
  get isUnbounded(): boolean {
    return this.alpha < 1 || this.beta < 1;
  }

  get mean(): number {
    return this.alpha / (this.alpha + this.beta);
  }

  /** m (1 - m) / (α + β + 1), with m the mean. */
  get variance(): number {
    const total = this.alpha + this.beta;
    return ((this.alpha / total) * (this.beta / total)) / (total + 1);
  }

  /** (α - 1) / (α + β - 2), or the end where the density is largest; `undefined` when that is both ends, or all are alike. */
  get mode(): number | undefined {
    const { alpha, beta } = this;
    if (alpha > 1 && beta > 1) return (alpha - 1) / (alpha - 1 + (beta - 1));
    if ((alpha < 1 && beta < 1) || alpha === beta) return undefined;
    return alpha < beta ? 0 : 1;
  }

  get entropy(): number {
    return dirichletEntropy([this.alpha, this.beta]);
  }

  /** E log X and E log(1 - X): ψ(α) - ψ(α + β) and ψ(β) - ψ(α + β). */
  get meanLogs(): { readonly ofShare: number; readonly ofRest: number } {
    const ofTotal = digamma(this.alpha + this.beta);
    return { ofShare: digamma(this.alpha) - ofTotal, ofRest: digamma(this.beta) - ofTotal };
  }

  /** -E log g under this distribution, with g the density of `other`, in nats. */
  crossEntropy(other: BetaDistribution): number {
    return dirichletCrossEntropy([this.alpha, this.beta], [other.alpha, other.beta]);
  }

  /** What a prior over a probability becomes after so many successes and failures. */
  updated(successes: number, failures: number): BetaDistribution {
    return another({ alpha: this.alpha + successes, beta: this.beta + Math.max(failures, 0) });
  }

  cdf(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x <= 0 ? 0 : x >= 1 ? 1 : lowerBeta(this.alpha, this.beta, x, 1 - x);
  }

  survival(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    return x <= 0 ? 1 : x >= 1 ? 0 : upperBeta(this.alpha, this.beta, x, 1 - x);
  }

  quantile(p: number): number {
    checkQuantile('Beta', p);
    return betaQuantile(this.alpha, this.beta, p, 1 - p)[0];
  }

  /** At 0 and 1 the limits from inside. */
  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0 || x > 1) return -Infinity;
    if (this.#exact !== undefined && x > 0 && x < 1) return this.#exact(x, 1 - x, log(x), log1p(-x));
    // 0 · log 0 = 0
    const left = this.alpha === 1 && x === 0 ? 0 : (this.alpha - 1) * log(x);
    const right = this.beta === 1 && x === 1 ? 0 : (this.beta - 1) * log1p(-x);
    return left + right + this.#logNormalizer;
  }

  sampler(seed: Seed): Sampler<number> {
    const point = dirichletVariates(random(seed), [this.alpha, this.beta]);
    return samplerOf(drawsWithin(Number.MIN_VALUE, 1 - Number.EPSILON / 2, () => point()[0]!)); // strictly inside
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): BetaEstimator {
    const { alpha, beta } = this;
    return new BetaEstimator(imaginaryRows('BetaDistribution', options, { alpha, beta }));
  }

  toJSON() {
    return { type: 'Beta', alpha: this.alpha, beta: this.beta } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): BetaDistribution {
    return new this(checkParameters('BetaDistribution', fields, CHECKS));
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(parameters: ConstructorParameters<typeof BetaDistribution>[0]): BetaDistribution {
  return new BetaDistribution(parameters);
}

/** From 0 < x < 1 and 1 - x, of which one may round the other away, and their logarithms. */
type LogDensityOfShare = (x: number, rest: number, logX: number, logRest: number) => number;

/**
 * Of a binomial probability of α successes and β failures, times αβ / ((α + β) x (1 - x)). Terms of the order of α + β have
 * cancelled by hand: at 5e6 they would leave 10 digits.
 */
function exactLogDensity(alpha: number, beta: number): LogDensityOfShare {
  const [logAlpha, logBeta, logTotal] = [log(alpha), log(beta), log(alpha + beta)];
  const [logMean, logMeanRest] = [logAlpha - logTotal, logBeta - logTotal];
  const constant = logBinomialPeak(alpha, beta) + logMean + logBeta;
  return (x, rest, logX, logRest) => {
    const excess = beta * x - alpha * rest;
    const ofShare = logOfRatio(alpha, excess, logX - logMean);
    const ofRest = logOfRatio(beta, -excess, logRest - logMeanRest);
    return ofShare + ofRest + (constant - logX - logRest);
  };
}

/** Options of {@link BetaEstimator}. */
export interface BetaOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Default α = β = 1, the uniform. */
  readonly prior?: BetaShapes;
  /**
   * The largest α + β that is returned; Infinity for none. Default: none, but for a component of a mixture that at which
   * 1 / (1 + α + β), which the variance is proportional to, is 1e-6 of that of all rows.
   */
  readonly maxPrecision?: number;
  /** Betas with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * α and β solve ψ(α) - ψ(α + β) = mean of log x and ψ(β) - ψ(α + β) = mean of log(1 - x), prior rows included.
 * @example
 * optimize([0.2, 0.5, 0.8], new BetaEstimator()).model.alpha; // 1.895…, and beta the same
 * @see Gnanadesikan, Pinkham & Hughes (1967), Maximum likelihood estimation of the parameters of the beta distribution
 */
export class BetaEstimator extends LeafEstimator<BetaDistribution, BetaColumns, BetaStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, an invalid prior, or one without a pseudo count */
  constructor(readonly options: BetaOptions = {}) {
    super(ENCODER, STATISTIC);
    checkImaginaryRows('BetaEstimator', options, CHECKS, { others: { maxPrecision: checkMost }, isNeeded: false });
  }

  /**
   * Total weight 0 gives the prior, or α = β = 1. Equal rows get α + β = `maxPrecision`, at most 1e10, and the report says so.
   */
  estimate(
    { count, sumOfLogs, sumOfLogRests }: BetaStatistic,
    report?: Report,
    pooled?: BetaStatistic,
  ): BetaDistribution {
    const { pseudoCount = 0, prior = { alpha: 1, beta: 1 }, maxPrecision } = this.options;
    if (count === 0) {
      reportDead(report);
      return new BetaDistribution(prior);
    }
    const n = count + pseudoCount;
    const total = digamma(prior.alpha + prior.beta);
    const meanLog = (sumOfLogs + pseudoCount * (digamma(prior.alpha) - total)) / n;
    const meanLogRest = (sumOfLogRests + pseudoCount * (digamma(prior.beta) - total)) / n;
    const most = Math.min(maxPrecision ?? (1 + precisionOfAll(pooled)) / FLOOR - 1, MAX_PRECISION);
    const shapes = boundedShapesOf(meanLog, meanLogRest, most);
    const precision = shapes.alpha + shapes.beta;
    if (most < MAX_PRECISION && precision >= most * (1 - 1e-12)) {
      reportFloor(report, '1 / (1 + alpha + beta)', 'maxPrecision', maxPrecision !== undefined);
    } else if (precision > 0.999 * MAX_PRECISION) {
      report?.add('degenerate', 'all rows are equal, so alpha + beta is infinite. Set a prior.');
    }
    return new BetaDistribution(shapes);
  }

  protected override logOfImaginaryRows({ alpha, beta }: BetaDistribution): number | undefined {
    const { pseudoCount = 0, prior = { alpha: 1, beta: 1 } } = this.options;
    if (pseudoCount === 0) return undefined;
    const total = digamma(prior.alpha + prior.beta);
    const ofShare = (alpha - 1) * (digamma(prior.alpha) - total);
    const ofRest = (beta - 1) * (digamma(prior.beta) - total);
    return pseudoCount * (ofShare + ofRest - betaln(alpha, beta));
  }
}

/** α + β of all rows; Infinity when they are equal. */
function precisionOfAll(pooled: BetaStatistic | undefined): number {
  if (pooled === undefined || !(pooled.count > 0)) return Infinity;
  const { alpha, beta } = shapesOf(pooled.sumOfLogs / pooled.count, pooled.sumOfLogRests / pooled.count);
  return alpha + beta > 0.999 * MAX_PRECISION ? Infinity : alpha + beta;
}
