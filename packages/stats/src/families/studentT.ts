/**
 * Real numbers with heavy tails: p(x) = Γ((ν+1)/2) / (Γ(ν/2) √(νπ) σ) · (1 + ((x-μ)/σ)² / ν)^(-(ν+1)/2), with location μ,
 * scale σ > 0 and ν > 0 degrees of freedom. ν = 1 is the Cauchy distribution; as ν grows it becomes the Gaussian.
 * Source: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions vol. 2 (1995), ch. 28.
 */

import {
  checkFinite,
  checkNonNegative,
  checkParameters,
  checkPositive,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import type { ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { BOUNDED, reportDead } from '../leaf/findings.js';
import { FLOOR, reportFloor } from '../leaf/floor.js';
import { LeafDistribution } from '../leaf/leafDistribution.js';
import { LeafEstimator, statisticOf } from '../leaf/leafEstimator.js';
import { isNumber, itself, type NumberColumns, NumberEncoder, REAL } from '../leaf/numberEncoder.js';
import { checkImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { checkQuantile } from '../leaf/quantiles.js';
import { RowScores } from '../leaf/scores.js';
import type { StudentTParameters, StudentTStatistic } from '../leaf/steps/studentTStep.js';
import {
  addPrior,
  degreesOf,
  logOfPrior,
  MAX_DEGREES,
  STANDARD,
  StudentTAccumulator,
} from '../leaf/steps/studentTStep.js';
import { log, log1p } from '../numeric/elementary.js';
import { betaQuantile, lowerBeta } from '../numeric/incompleteBeta.js';
import { drawsWithin, random, samplerOf } from '../numeric/random.js';
import { betaln, digammaStep } from '../numeric/special.js';
import { gammaVariates, normalVariates } from '../numeric/variates.js';

/** One real number per row. */
export type StudentTColumns = NumberColumns;

export type { StudentTStatistic } from '../leaf/steps/studentTStep.js';

const CHECKS = { location: checkFinite, scale: checkPositive, degreesOfFreedom: checkPositive };
const ENCODER = /* @__PURE__ */ new NumberEncoder<StudentTColumns>('StudentT', REAL, { x: itself });
const STATISTIC = /* @__PURE__ */ statisticOf<StudentTColumns, StudentTStatistic>(
  'StudentT',
  5,
  (statistic, key) => new StudentTAccumulator(statistic, key),
  { parameterCount: 3, isPooled: true },
);

/**
 * Student's t distribution with `location`, `scale` (not a standard deviation) and `degreesOfFreedom`.
 * @example
 * new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 1 }).density(0); // 0.3183098861837907
 */
export class StudentTDistribution extends LeafDistribution<StudentTColumns> {
  static readonly typeName = 'StudentT';
  static readonly typeVersion = 1;
  /** μ: the median, and the mean where there is one. */
  readonly location: number;
  /** σ. The variance is σ² ν / (ν - 2) for ν > 2. */
  readonly scale: number;
  /** ν; need not be an integer. */
  readonly degreesOfFreedom: number;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `location` is finite, and `scale` and `degreesOfFreedom` are finite and > 0 */
  constructor(parameters: StudentTParameters) {
    super(ENCODER, new RowScores((x) => this.logDensity(x)));
    const { location, scale, degreesOfFreedom } = checkParameters('StudentTDistribution', parameters, CHECKS);
    this.location = location;
    this.scale = scale;
    this.degreesOfFreedom = degreesOfFreedom;
    // Γ((ν+1)/2) / (Γ(ν/2) √π) = 1 / B(1/2, ν/2), which keeps its digits for large ν.
    this.#logNormalizer = -betaln(0.5, degreesOfFreedom / 2) - 0.5 * log(degreesOfFreedom) - log(scale);
  }

  /** `location`; NaN for ν <= 1, where the expectation does not exist. */
  get mean(): number {
    return this.degreesOfFreedom > 1 ? this.location : Number.NaN;
  }

  /** σ² ν / (ν - 2) for ν > 2; Infinity for ν > 1, and NaN below. */
  get variance(): number {
    const nu = this.degreesOfFreedom;
    return nu > 2 ? this.scale * this.scale * (nu / (nu - 2)) : nu > 1 ? Infinity : Number.NaN;
  }

  get mode(): number {
    return this.location;
  }

  /** (ν + 1)/2 · (ψ((ν + 1)/2) - ψ(ν/2)) - log f(μ). */
  get entropy(): number {
    const half = this.degreesOfFreedom / 2;
    return (half + 0.5) * digammaStep(half) - this.#logNormalizer;
  }

  cdf(x: number): number {
    return isNumber(x) ? this.#tail((this.location - x) / this.scale) : Number.NaN;
  }

  survival(x: number): number {
    return isNumber(x) ? this.#tail((x - this.location) / this.scale) : Number.NaN;
  }

  /** P(T > z) = ½ I(ν/2, ½) at ν / (ν + z²) for z >= 0. */
  #tail(z: number): number {
    if (z < 0) return 1 - this.#tail(-z);
    const half = this.degreesOfFreedom / 2;
    // Of ν / (ν + z²) and z² / (ν + z²), each from a ratio that does not overflow.
    const ratio = (z / this.degreesOfFreedom) * z;
    return 0.5 * lowerBeta(half, 0.5, 1 / (1 + ratio), ratio === Infinity ? 1 : ratio / (1 + ratio));
  }

  quantile(p: number): number {
    checkQuantile('StudentT', p);
    const tail = Math.min(p, 1 - p);
    const [x, y] = betaQuantile(this.degreesOfFreedom / 2, 0.5, 2 * tail, 1 - 2 * tail);
    const z = Math.sqrt((y / x) * this.degreesOfFreedom);
    return this.location + (p < 0.5 ? -z : z) * this.scale;
  }

  logDensity(x: number): number {
    if (!isNumber(x)) return Number.NaN;
    const nu = this.degreesOfFreedom;
    const deviation = Math.abs(x - this.location) / this.scale;
    const z = (deviation * deviation) / nu;
    // With a tiny scale the square overflows, its logarithm does not.
    const logTail = z === Infinity ? 2 * log(deviation) - log(nu) : log1p(z);
    return this.#logNormalizer - ((nu + 1) / 2) * logTail;
  }

  /** A normal variate over the root of its precision, a gamma variate with mean 1. */
  sampler(seed: Seed): Sampler<number> {
    const rng = random(seed);
    const normal = normalVariates(rng);
    const gamma = gammaVariates(rng, this.degreesOfFreedom / 2);
    const inverse = Math.min(2 / this.degreesOfFreedom, Number.MAX_VALUE); // the gamma variate is 0 where this is infinite
    const precision = () => gamma() * inverse;
    const draw = () => this.location + (this.scale * normal()) / Math.sqrt(precision());
    // With few degrees of freedom the precision may underflow.
    return samplerOf(drawsWithin(-Number.MAX_VALUE, Number.MAX_VALUE, draw));
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): StudentTEstimator {
    const { location, scale, degreesOfFreedom } = this;
    const prior = { location, scale, degreesOfFreedom };
    return new StudentTEstimator(imaginaryRows('StudentTDistribution', options, prior));
  }

  toJSON() {
    const { location, scale, degreesOfFreedom } = this;
    return { type: 'StudentT', location, scale, degreesOfFreedom } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): StudentTDistribution {
    return new this(checkParameters('StudentTDistribution', fields, CHECKS));
  }
}

/** Options of {@link StudentTEstimator}. */
export interface StudentTOptions {
  /** Imaginary rows, distributed as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** The distribution of the imaginary rows. Given together with `pseudoCount`. */
  readonly prior?: StudentTParameters;
  /** Degrees of freedom that are not estimated: a robust fit with a given tail. */
  readonly degreesOfFreedom?: number;
  /**
   * The smallest scale that is returned; 0 for none. Default: none, but for a component of a mixture 1e-3 of the scale of all
   * rows; see {@link StudentTEstimator.estimate}.
   */
  readonly minScale?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood by expectation and conditional maximisation over the hidden precisions τ: μ = Σwτx / Σwτ,
 * σ² = Σwτ(x - μ)² / Σwτ, and ν solves log(ν/2) - ψ(ν/2) = log(mean τ) - mean of E[log τ]. One step for each EM iteration.
 *
 * Dividing by Σwτ instead of Σw is EM in a model whose precisions have a free mean: the same maximum in fewer steps. With a
 * prior that mean is held at 1.
 * @example
 * optimize([-1, 0, 1, 50], new StudentTEstimator()).model.location; // near 0, not 12.5
 * @see Liu & Rubin (1995), ML estimation of the t distribution using EM and its extensions, ECM and ECME
 * @see Liu, Rubin & Wu (1998), Parameter expansion to accelerate EM: the PX-EM algorithm, section 4
 */
export class StudentTEstimator extends LeafEstimator<StudentTDistribution, StudentTColumns, StudentTStatistic> {
  /** @throws {ParameterError} for a negative pseudo count, an invalid prior, one without the other, or a bad option */
  constructor(readonly options: StudentTOptions = {}) {
    super(ENCODER, STATISTIC);
    checkImaginaryRows('StudentTEstimator', options, CHECKS, {
      others: { degreesOfFreedom: checkPositive, minScale: checkNonNegative },
    });
  }

  /**
   * Total weight 0 gives the prior, or location 0, scale 1 and 4 degrees of freedom. A scale below the floor is raised to it;
   * when all rows are equal it is 1 without a floor. The report says so; likewise when the tails are a Gaussian's (ν = 1e6).
   */
  estimate(statistic: StudentTStatistic, report?: Report, pooled?: StudentTStatistic): StudentTDistribution {
    const { pseudoCount = 0, prior, degreesOfFreedom, minScale } = this.options;
    if (statistic.count === 0) {
      reportDead(report);
      return new StudentTDistribution({ ...(prior ?? STANDARD), ...(degreesOfFreedom && { degreesOfFreedom }) });
    }
    const hasPrior = prior !== undefined && pseudoCount > 0;
    const s = hasPrior ? addPrior(statistic, pseudoCount, prior) : statistic;
    const floor = minScale ?? floorOf(pooled, s.scale);
    const freePrecision = hasPrior ? 1 : s.precision / s.count;
    // The step with a free mean of the precisions does not know the floor. The one without keeps it, and climbs.
    const meanPrecision = Math.sqrt(squaredScale(s, freePrecision).variance) < floor ? 1 : freePrecision;
    const { shift, variance } = squaredScale(s, meanPrecision);
    const isDetermined = variance > 0;
    if (floor > 0 && !(Math.sqrt(variance) >= floor)) {
      reportFloor(report, 'the scale', 'minScale', minScale !== undefined);
    } else if (!isDetermined) {
      report?.add('degenerate', 'all rows are equal, or so many that the scale is 0. Set minScale or a prior.');
    }
    const hasScale = isDetermined || floor > 0;
    const nu = degreesOfFreedom ?? (hasScale ? degreesOf(s, meanPrecision) : STANDARD.degreesOfFreedom);
    if (nu === MAX_DEGREES && hasScale) {
      report?.add('degenerate', 'the tails are no heavier than those of a Gaussian. Use GaussianEstimator.', BOUNDED);
    }
    return new StudentTDistribution({
      location: s.origin + shift,
      scale: isDetermined ? Math.max(Math.sqrt(variance), floor) : floor > 0 ? floor : 1,
      degreesOfFreedom: nu,
    });
  }

  override parameterBlocks(model: StudentTDistribution): readonly ParameterBlock[] {
    const { key, degreesOfFreedom } = this.options;
    return [{ key, count: degreesOfFreedom === undefined ? 3 : 2, logPrior: this.logPriorAt(model) }];
  }

  protected override logOfImaginaryRows(model: StudentTDistribution): number | undefined {
    const { pseudoCount = 0, prior } = this.options;
    return prior === undefined || pseudoCount === 0 ? undefined : logOfPrior(pseudoCount, prior, model);
  }
}

/**
 * 1e-3 of the scale of all rows, where each counts as much as its component trusts it. That changes from step to step; a floor
 * above the entering scale would make the likelihood fall.
 */
function floorOf(pooled: StudentTStatistic | undefined, entering = Infinity): number {
  if (pooled === undefined || !(pooled.count > 0)) return 0;
  return Math.min(Math.sqrt(FLOOR * squaredScale(pooled, pooled.precision / pooled.count).variance), entering);
}

/** Where the location lies, seen from the origin, and the square of the scale; 0 where that is rounding. */
function squaredScale(
  { count, precision, sum, sumOfSquares }: StudentTStatistic,
  meanPrecision: number,
): { readonly shift: number; readonly variance: number } {
  const shift = sum / precision;
  const variance = (sumOfSquares - shift * sum) / (count * meanPrecision);
  // The rounding error of the scatter is of the order of ε · shift².
  const isRounding = variance <= 8 * Number.EPSILON * shift * shift || variance < SMALLEST_NORMAL;
  return { shift, variance: isRounding ? 0 : variance };
}
