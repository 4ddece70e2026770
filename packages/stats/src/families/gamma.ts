/**
 * Positive numbers: p(x) = x^(k-1) exp(-x/θ) / (Γ(k) θ^k) for x > 0, with shape k > 0 and scale θ > 0. The mean is kθ.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 17.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkFinite,
  checkParameters,
  checkPositive,
  checkPseudoCount,
  checkScale,
  orAbsent,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import type { Report, Sampler, Seed } from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { checkMost, FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator } from '../leaf/leafEstimator.js';
import { isNumber, itself, type NumberColumns, NumberEncoder, POSITIVE } from '../leaf/numberEncoder.js';
import { checkQuantile, normalQuantile, positiveQuantile } from '../leaf/quantiles.js';
import { EntryScores, LinearScores } from '../leaf/scores.js';
import { sumsOf } from '../leaf/sums.js';
import { exp, log } from '../numeric/elementary.js';
import { lowerGamma, upperGamma } from '../numeric/incompleteGamma.js';
import { newtonRoot } from '../numeric/newtonRoot.js';
import { logOfRatio, logPoissonPeak } from '../numeric/poissonTerm.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma, logMinusDigamma, logMinusDigammaSlope, stirlingRest } from '../numeric/special.js';
import { gammaVariates } from '../numeric/variates.js';

/** A positive number per row, and its logarithm. */
export interface GammaColumns extends NumberColumns {
  readonly logX: Float64Array;
}

/** Additive over rows: `count` = Σw, `sum` = Σw·x, `sumOfLogs` = Σw·log x. */
export interface GammaStatistic {
  readonly count: number;
  readonly sum: number;
  readonly sumOfLogs: number;
}

/** Shapes outside this range are not estimated: the maximum of the likelihood lies beyond only for (nearly) equal rows. */
const MIN_SHAPE = 1e-10;
const MAX_SHAPE = 1e10;
/** Where k (1 + |log θ|) is larger, the terms of the log-density are so large that their cancellation costs 1e-12: a row then takes more time. */
const CONCENTRATED = 5000;

const CHECKS = { shape: checkPositive, scale: checkScale };
const ENCODER = /* @__PURE__ */ new NumberEncoder<GammaColumns>('Gamma', POSITIVE, { x: itself, logX: log });
const STATISTIC = /* @__PURE__ */ sumsOf<GammaColumns, GammaStatistic>(
  'Gamma',
  { sum: 'x', sumOfLogs: 'logX' },
  { parameterCount: 2, isPooled: true },
);

/**
 * The gamma distribution with `shape` k and `scale` θ (not rate).
 * @example
 * new GammaDistribution({ shape: 2, scale: 1 }).density(1); // 0.36787944117144233
 */
export class GammaDistribution extends LeafDistribution<GammaColumns> {
  static readonly typeName = 'Gamma';
  static readonly typeVersion = 1;
  /** k. */
  readonly shape: number;
  /** θ, the inverse of the rate. */
  readonly scale: number;
  readonly #logNormalizer: number;
  readonly #exact: ((x: number, logX: number) => number) | undefined;

  /** @throws {ParameterError} unless `shape` is finite and > 0, and `scale` finite and >= 2^-1022 */
  constructor(parameters: { readonly shape: number; readonly scale: number }) {
    const { shape, scale } = checkParameters('GammaDistribution', parameters, CHECKS);
    const logNormalizer = -lgamma(shape) - shape * log(scale);
    const isConcentrated = shape * (1 + Math.abs(log(scale))) > CONCENTRATED;
    const exact = isConcentrated ? exactLogDensity({ shape, scale }) : undefined;
    const scores =
      exact === undefined
        ? new LinearScores<GammaColumns>({ x: -1 / scale, logX: shape - 1 }, logNormalizer)
        : new EntryScores<GammaColumns>(({ x, logX }, row) => exact(x[row]!, logX[row]!));
    super(ENCODER, scores);
    this.#exact = exact;
    this.shape = shape;
    this.scale = scale;
    this.#logNormalizer = logNormalizer;
  }

  /** True for shape < 1: the density grows without bound towards 0. */
  get isUnbounded(): boolean {
    return this.shape < 1;
  }

  get mean(): number {
    return this.shape * this.scale;
  }

  get variance(): number {
    return this.shape * this.scale * this.scale;
  }

  /** (k - 1)θ; 0 for k < 1, where the density has no bound. */
  get mode(): number {
    return Math.max(this.shape - 1, 0) * this.scale;
  }

  /** k + log θ + log Γ(k) + (1 - k) ψ(k), with the terms of the order of k log k cancelled by hand. */
  get entropy(): number {
    const k = this.shape;
    return 0.5 * log(2 * Math.PI * k) + stirlingRest(k) + (k - 1) * logMinusDigamma(k) + log(this.scale);
  }

  /** E log X = ψ(k) + log θ. */
  get meanLog(): number {
    return digamma(this.shape) + log(this.scale);
  }

  /** -E log g under this distribution, with g the density of `other`, in nats. */
  crossEntropy(other: GammaDistribution): number {
    const atMean = exactLogDensity(other)(this.mean, log(this.shape) + log(this.scale));
    return (other.shape - 1) * logMinusDigamma(this.shape) - atMean; // E log X = log E X - (log k - ψ(k))
  }

  /** What a prior over a rate becomes by these additions to its shape and to its rate 1/θ. */
  updated(gain: { readonly shape: number; readonly rate: number }): GammaDistribution {
    return another({ shape: this.shape + gain.shape, scale: this.scale / (gain.rate * this.scale + 1) });
  }

  cdf(x: number): number {
    return isNumber(x) ? lowerGamma(this.shape, Math.max(x, 0) / this.scale) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? upperGamma(this.shape, Math.max(x, 0) / this.scale) : Number.NaN;
  }

  quantile(p: number): number {
    checkQuantile('Gamma', p);
    const k = this.shape;
    // Wilson & Hilferty (1931); where that is negative the first term of the series of the distribution function.
    const root = 1 - 1 / (9 * k) + normalQuantile(p) / (3 * Math.sqrt(k));
    const start = root > 0.1 ? k * root * root * root : exp((log(p) + lgamma(k + 1)) / k);
    return positiveQuantile(this, p, start * this.scale);
  }

  /** At 0 the limit from the right. */
  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0 || x === Infinity) return -Infinity;
    if (x === 0 && this.shape === 1) return this.#logNormalizer; // 0 · log 0 = 0
    if (this.#exact !== undefined && x > 0) return this.#exact(x, log(x));
    return (this.shape - 1) * log(x) - x / this.scale + this.#logNormalizer;
  }

  sampler(seed: Seed): Sampler<number> {
    const unit = gammaVariates(random(seed), this.shape);
    const draw = () => this.scale * unit();
    return samplerOf(drawsWithin(Number.MIN_VALUE, Number.MAX_VALUE, draw));
  }

  /** With a pseudo count, the prior is worth that many rows with this model's mean and mean logarithm. */
  estimator(options: { readonly pseudoCount?: number } = {}): GammaEstimator {
    const pseudoCount = pseudoCountOf('GammaDistribution', options);
    if (pseudoCount === 0) return new GammaEstimator();
    const { mean, meanLog } = this;
    return new GammaEstimator({ prior: { mean, meanCount: pseudoCount, meanLog, meanLogCount: pseudoCount } });
  }

  toJSON() {
    return { type: 'Gamma', shape: this.shape, scale: this.scale } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): GammaDistribution {
    return new this(checkParameters('GammaDistribution', fields, CHECKS));
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(parameters: ConstructorParameters<typeof GammaDistribution>[0]): GammaDistribution {
  return new GammaDistribution(parameters);
}

/**
 * The log-density from x > 0 and log x: of a Poisson probability of k with mean x/θ, times k/x. Terms of the order of k log k
 * have cancelled by hand: at k = 4e6 they would leave 9 digits.
 */
function exactLogDensity(of: { readonly shape: number; readonly scale: number }): (x: number, logX: number) => number {
  const { shape, scale } = of;
  const logShape = log(shape);
  const logMean = logShape + log(scale);
  const constant = logPoissonPeak(shape, logShape) + logShape;
  return (x, logX) => logOfRatio(shape, x / scale - shape, logX - logMean) + (constant - logX);
}

/** Options of {@link GammaEstimator}. */
export interface GammaOptions {
  /**
   * `meanCount` imaginary rows with mean `mean` (default 1), and `meanLogCount` imaginary rows with mean logarithm `meanLog`
   * (default 0). Default counts 0: maximum likelihood.
   */
  readonly prior?: {
    readonly mean?: number;
    readonly meanCount?: number;
    readonly meanLog?: number;
    readonly meanLogCount?: number;
  };
  /**
   * The largest shape that is returned; Infinity for none. Its inverse is the squared coefficient of variation. Default: none,
   * but for a component of a mixture 1e6 times the shape of all rows.
   */
  readonly maxShape?: number;
  /** Gammas with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * With m the mean and l the mean logarithm of the rows (prior rows included): k solves log k - ψ(k) = log m - l, and
 * θ = m / k. Equal rows have no finite k; the estimate is then `maxShape`, at most 1e10, and the report says so.
 * @example
 * optimize([1, 2, 3], new GammaEstimator()).model.shape; // 5.375…
 * @see Minka, Estimating a Gamma distribution (2002)
 */
export class GammaEstimator extends LeafEstimator<GammaDistribution, GammaColumns, GammaStatistic> {
  /** @throws {ParameterError} for a negative count, a mean that is not > 0 or a mean logarithm that is not finite, or one without its count */
  constructor(readonly options: GammaOptions = {}) {
    super(ENCODER, STATISTIC);
    checkEstimatorOptions('GammaEstimator', options, {
      prior: {
        mean: orAbsent(checkPositive),
        meanCount: checkPseudoCount,
        meanLog: orAbsent(checkFinite),
        meanLogCount: checkPseudoCount,
      },
      maxShape: checkMost,
      key: checkKey,
    });
    const counts = { mean: 'meanCount', meanLog: 'meanLogCount' };
    checkPriorOptions('GammaEstimator', options.prior ?? {}, counts, { isNeeded: false, path: 'prior.' });
  }

  /** Total weight 0 without a prior gives shape 1 and scale 1. */
  estimate({ count, sum, sumOfLogs }: GammaStatistic, report?: Report, pooled?: GammaStatistic): GammaDistribution {
    const { prior: { mean = 1, meanCount = 0, meanLog = 0, meanLogCount = 0 } = {}, maxShape } = this.options;
    if (!(count + meanCount > 0 && count + meanLogCount > 0)) {
      reportDead(report);
      return new GammaDistribution({ shape: 1, scale: 1 });
    }
    const m = (sum + meanCount * mean) / (count + meanCount);
    const l = (sumOfLogs + meanLogCount * meanLog) / (count + meanLogCount);
    const most = Math.min(maxShape ?? (count > 0 ? shapeOfAll(pooled) / FLOOR : Infinity), MAX_SHAPE);
    const shape = Math.min(shapeOf(log(m) - l), most);
    if (shape === most && most < MAX_SHAPE) {
      reportFloor(report, 'the squared coefficient of variation', 'maxShape', maxShape !== undefined);
    } else if (shape === MAX_SHAPE) {
      report?.add(
        'degenerate',
        'all rows are equal (or the prior contradicts them): the shape is infinite. Set a prior.',
      );
    }
    return new GammaDistribution({ shape, scale: Math.max(m / shape, SMALLEST_NORMAL) });
  }

  override get hasPrior(): boolean {
    const { meanCount = 0, meanLogCount = 0 } = this.options.prior ?? {};
    return meanCount > 0 || meanLogCount > 0;
  }

  /** Numbers of rows that differ between mean and mean logarithm are those of no density. */
  protected override logOfImaginaryRows(model: GammaDistribution): number | undefined {
    const { mean = 1, meanCount = 0, meanLog = 0, meanLogCount = 0 } = this.options.prior ?? {};
    if (meanCount === 0 && meanLogCount === 0) return undefined;
    if (meanCount !== meanLogCount) return Number.NaN;
    return meanCount * (exactLogDensity(model)(mean, log(mean)) + (model.shape - 1) * (meanLog - log(mean)));
  }
}

/** The shape of all rows; Infinity when they are equal. */
function shapeOfAll(pooled: GammaStatistic | undefined): number {
  if (pooled === undefined || !(pooled.count > 0)) return Infinity;
  const shape = shapeOf(log(pooled.sum / pooled.count) - pooled.sumOfLogs / pooled.count);
  return shape === MAX_SHAPE ? Infinity : shape;
}

/** The k with log k - ψ(k) = spread. For equal rows the spread is 0, or negative by rounding. */
function shapeOf(spread: number): number {
  if (!(spread > 0)) return MAX_SHAPE;
  const start = (3 - spread + Math.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread);
  const shape = newtonRoot((k) => ({ value: logMinusDigamma(k) - spread, slope: logMinusDigammaSlope(k) }), {
    start,
    lower: MIN_SHAPE,
    upper: MAX_SHAPE,
  });
  return shape > 0.999 * MAX_SHAPE ? MAX_SHAPE : shape;
}
