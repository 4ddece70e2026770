/**
 * Lifetimes: p(x) = (k/λ) (x/λ)^(k-1) exp(-(x/λ)^k) for x > 0, with shape k > 0 and scale λ > 0. k = 1 is the exponential
 * distribution with mean λ.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 1 (1994), ch. 21.
 */

import { checkParameters, checkPositive } from '../checks/parameters.js';
import type { Report, Sampler, Seed } from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { checkMost, FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, statisticOf } from '../leaf/leafEstimator.js';
import { isNumber } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { EntryScores } from '../leaf/scores.js';
import { type WeibullColumns, WeibullEncoder, WeibullScores } from '../leaf/steps/weibullColumns.js';
import type { WeibullStatistic } from '../leaf/steps/weibullStep.js';
import {
  addPrior,
  logOfPrior,
  MAX_SHAPE,
  momentStart,
  WeibullAccumulator,
  weibullStep,
} from '../leaf/steps/weibullStep.js';
import { exp, expm1, log, log1p } from '../numeric/elementary.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma, lgammaCurvature } from '../numeric/special.js';
import { exponentialVariates } from '../numeric/variates.js';

const CHECKS = { shape: checkPositive, scale: checkPositive };
const ENCODER = /* @__PURE__ */ new WeibullEncoder();
const STATISTIC = /* @__PURE__ */ statisticOf<WeibullColumns, WeibullStatistic, WeibullAccumulator>(
  'Weibull',
  6,
  (statistic, key) => new WeibullAccumulator(statistic, key),
  { parameterCount: 2, isPooled: true },
);

/** Where k (1 + |log λ|) is larger, the last digit of log x times k costs 1e-12: a row then takes more time. */
const CONCENTRATED = 5000;
/** The logarithms of the smallest and the largest number. */
const MIN_LOG = /* @__PURE__ */ log(Number.MIN_VALUE);
const MAX_LOG = /* @__PURE__ */ log(Number.MAX_VALUE);

/**
 * The Weibull distribution with `shape` k and `scale` λ.
 * @example
 * new WeibullDistribution({ shape: 1, scale: 2 }).density(2); // 0.18393972058572117
 */
export class WeibullDistribution extends LeafDistribution<WeibullColumns, number, WeibullEncoder> {
  static readonly typeName = 'Weibull';
  static readonly typeVersion = 1;
  /** k. */
  readonly shape: number;
  /** λ: the share 1 - 1/e of all rows lies below. */
  readonly scale: number;
  readonly #logScale: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `shape` and `scale` are finite and > 0 */
  constructor(parameters: { readonly shape: number; readonly scale: number }) {
    const { shape, scale } = checkParameters('WeibullDistribution', parameters, CHECKS);
    const logScale = log(scale);
    const logNormalizer = log(shape) - logScale;
    const isConcentrated = shape * (1 + Math.abs(logScale)) > CONCENTRATED;
    super(
      ENCODER,
      isConcentrated
        ? new EntryScores<WeibullColumns>(({ x, logX }, row) => this.#logDensityAt(x[row]!, logX[row]!))
        : new WeibullScores(shape, logScale, logNormalizer),
    );
    this.shape = shape;
    this.scale = scale;
    this.#logScale = logScale;
    this.#logNormalizer = logNormalizer;
  }

  /** λ Γ(1 + 1/k). */
  get mean(): number {
    return this.scale * exp(lgamma(1 + 1 / this.shape));
  }

  /** λ² (Γ(1 + 2/k) - Γ(1 + 1/k)²), as the square of the mean times expm1 of a difference that does not cancel. */
  get variance(): number {
    return this.mean ** 2 * expm1(lgammaCurvature(1 / this.shape));
  }

  /** λ (1 - 1/k)^(1/k); 0 for k <= 1. */
  get mode(): number {
    return this.shape > 1 ? this.scale * exp(log1p(-1 / this.shape) / this.shape) : 0;
  }

  /** γ (1 - 1/k) + log(λ/k) + 1, with Euler's γ. */
  get entropy(): number {
    return -digamma(1) * (1 - 1 / this.shape) - this.#logNormalizer + 1;
  }

  cdf(x: number): number {
    return isNumber(x) ? -expm1(-this.#cumulativeHazard(x)) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? exp(-this.#cumulativeHazard(x)) : Number.NaN;
  }

  /** (x/λ)^k; 0 for x <= 0. */
  #cumulativeHazard(x: number): number {
    if (!(x > 0)) return 0;
    return exp(this.shape * this.#logRatio(x, log(x)));
  }

  /** log(x/λ), with its digits near λ: at k = 200 it is multiplied by much. */
  #logRatio(x: number, logX: number): number {
    const excess = (x - this.scale) / this.scale;
    return Math.abs(excess) < 0.5 ? log1p(excess) : logX - this.#logScale;
  }

  quantile(p: number): number {
    checkQuantile('Weibull', p);
    return this.scale * exp(log(-log1p(-p)) / this.shape);
  }

  /** True for shape < 1: the density grows without bound towards 0. */
  get isUnbounded(): boolean {
    return this.shape < 1;
  }

  /** At 0 the limit from the right. */
  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    if (x < 0 || x === Infinity) return -Infinity;
    if (x === 0 && this.shape === 1) return this.#logNormalizer; // 0 · log 0 = 0
    return this.#logDensityAt(x, log(x));
  }

  /** Of x >= 0. */
  #logDensityAt(x: number, logX: number): number {
    const t = this.#logRatio(x, logX);
    return this.#logNormalizer + (this.shape - 1) * t - exp(this.shape * t);
  }

  sampler(seed: Seed): Sampler<number> {
    const exponential = exponentialVariates(random(seed));
    const draw = () => this.scale * exp(log(exponential()) / this.shape);
    return samplerOf(drawsWithin(Number.MIN_VALUE, Number.MAX_VALUE, draw));
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): WeibullEstimator {
    const { shape, scale } = this;
    return new WeibullEstimator(imaginaryRows('WeibullDistribution', options, { shape, scale }));
  }

  toJSON() {
    return { type: 'Weibull', shape: this.shape, scale: this.scale } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): WeibullDistribution {
    return new this(checkParameters('WeibullDistribution', fields, CHECKS));
  }
}

/** Options of {@link WeibullEstimator}. */
export interface WeibullOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: { readonly shape: number; readonly scale: number };
  /**
   * The largest shape that is returned; Infinity for none. The variance of log x is π²/6k². Default: none, but for a component of
   * a mixture the shape at which that variance is 1e-6 of that of all rows.
   */
  readonly maxShape?: number;
  /** Weibulls with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood by one safeguarded Newton step for each EM iteration: 1/k = Σw x^k log x / Σw x^k - Σw log x / Σw and
 * λ^k = Σw x^k / Σw. The likelihood never falls and the steps converge quadratically. A start matches the mean and the
 * variance of log x.
 * @example
 * optimize([1, 2, 3, 4], new WeibullEstimator()).model.shape; // 2.453…
 */
export class WeibullEstimator extends LeafEstimator<
  WeibullDistribution,
  WeibullColumns,
  WeibullStatistic,
  number,
  WeibullEncoder,
  WeibullAccumulator
> {
  /** @throws {ParameterError} for a negative pseudo count, an invalid prior, or one without the other */
  constructor(readonly options: WeibullOptions = {}) {
    super(ENCODER, STATISTIC);
    checkImaginaryRows('WeibullEstimator', options, CHECKS, { others: { maxShape: checkMost } });
  }

  /** Total weight 0 gives the prior, or shape 1 and scale 1. Equal rows get `maxShape`, at most 1e8; the report says so. */
  estimate(statistic: WeibullStatistic, report?: Report, pooled?: WeibullStatistic): WeibullDistribution {
    const { pseudoCount = 0, prior, maxShape } = this.options;
    if (statistic.count === 0) {
      reportDead(report);
      return new WeibullDistribution(prior ?? { shape: 1, scale: 1 });
    }
    const hasPrior = prior !== undefined && pseudoCount > 0;
    const whole = hasPrior ? addPrior(statistic, pseudoCount, prior) : statistic;
    const most = Math.min(maxShape ?? shapeOfAll(pooled) / Math.sqrt(FLOOR), MAX_SHAPE);
    const { shape, logScale } =
      // Powers vanish where all rows have come to lie far below the entering scale: there is nothing to step from.
      whole.shape === undefined || !(whole.power > 0)
        ? momentStart(whole, most)
        : weibullStep(whole, whole.shape, most);
    if (shape === most && most < MAX_SHAPE) {
      reportFloor(report, 'the variance of log x', 'maxShape', maxShape !== undefined);
    } else if (shape >= MAX_SHAPE) {
      report?.add('degenerate', 'all rows are equal, so the shape is infinite. Set a prior.');
    }
    return new WeibullDistribution({ shape, scale: exp(Math.min(Math.max(logScale, MIN_LOG), MAX_LOG)) });
  }

  protected override logOfImaginaryRows(model: WeibullDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.options;
    return prior === undefined || pseudoCount === 0 ? undefined : logOfPrior(pseudoCount, prior, model);
  }
}

/** The shape that the variance of log x of all rows tells; Infinity when they are equal. */
function shapeOfAll(pooled: WeibullStatistic | undefined): number {
  if (pooled === undefined || !(pooled.count > 0)) return Infinity;
  const { shape } = momentStart(pooled, MAX_SHAPE);
  return shape === MAX_SHAPE ? Infinity : shape;
}
