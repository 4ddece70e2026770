/**
 * Directions: unit vectors x of d dimensions with p(x) = C(κ) exp(κ μ·x), μ a unit vector and κ >= 0. κ = 0 is the uniform
 * distribution on the sphere.
 * Source: Mardia & Jupp, Directional Statistics (2000), ch. 9 and 10.
 */

import { checkEstimatorOptions, checkKey, checkPriorOptions } from '../checks/options.js';
import { checkNonNegative, checkParameters, checkPseudoCount } from '../checks/parameters.js';
import type {
  Distribution,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Violation,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { scaledChords } from '../leaf/distance.js';
import { reportDead } from '../leaf/findings.js';
import { checkMost, FLOOR, reportFloor } from '../leaf/floor.js';
import { hasImaginaryRows, imaginaryRows } from '../leaf/prior.js';
import { DirectionAccumulator, type DirectionMoments, isWide, scatterOf } from '../leaf/vectors/directionMoments.js';
import { scoreRows } from '../leaf/vectors/vectorBlocks.js';
import type { Vector, VectorColumns, VectorRule } from '../leaf/vectors/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors/vectors.js';
import { exp, log } from '../numeric/elementary.js';
import { vectorKernels } from '../numeric/kernels/vectors/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { logPeak, meanLength, meanLengthSlope, solveKappa } from '../numeric/sphere.js';
import { gammaVariates, normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolWith } from '../tree/pooling.js';

/** How far the length of a vector may be from 1: a unit vector in single precision is nearer. */
const LENGTH_TOLERANCE = 1e-6;
/** Vectors whose squared length is nearer to 1 stay as they are: what is left is rounding. */
const ROUNDING = 2 ** -48;
/** The largest concentration of an estimate: rows within about 1e-5 of each other count as equal. */
const MAX_KAPPA = 1e10;

/** Entry j of row i is `x[i * dimension + j]`; rows have length 1. */
export type VonMisesFisherColumns = VectorColumns;

/** The weight, the sum of the rows and that of their squares about an origin: additive over rows that share it. */
export type VonMisesFisherStatistic = DirectionMoments;

const POOLING = /* @__PURE__ */ poolWith<DirectionMoments>(
  'VonMisesFisher',
  ({ sum }) => new DirectionAccumulator('VonMisesFisher', new Float64Array(2 + sum.length)),
);
const CHECKS = { mu: checkVector, kappa: checkNonNegative };
const UNIT: VectorRule = { fault: unitFault, settle: normalize, distances: scaledChords };

function unitFault(x: Vector): Violation | undefined {
  if (x.length < 2) return { path: [], expected: 'a list of at least 2 numbers', found: x };
  let square = 0;
  for (let j = 0; j < x.length; j++) square += x[j]! * x[j]!;
  if (Math.abs(Math.sqrt(square) - 1) <= LENGTH_TOLERANCE) return undefined;
  return { path: [], expected: `a vector of length 1 within ${LENGTH_TOLERANCE} (divide it by its length)`, found: x };
}

/** Gives entries `[start, end)` length 1. */
function normalize(x: Float64Array, start = 0, end = x.length): void {
  let square = 0;
  for (let j = start; j < end; j++) square += x[j]! * x[j]!;
  if (Math.abs(square - 1) <= ROUNDING) return;
  const length = Math.sqrt(square);
  for (let j = start; j < end; j++) x[j]! /= length;
}

/**
 * Unit vectors around a direction.
 * @example
 * const d = new VonMisesFisherDistribution({ mu: [0, 0, 1], kappa: 4 });
 * d.density([0, 0, 1]); // 0.6368…: 4 e^4 / (4π sinh 4)
 */
export class VonMisesFisherDistribution extends PrintedModel implements Distribution<Vector, VonMisesFisherColumns> {
  static readonly typeName = 'VonMisesFisher';
  static readonly typeVersion = 1;
  /** Mean direction, [d], of length 1. */
  readonly mu: readonly number[];
  /** Concentration, >= 0: about (d - 1) over the mean squared distance from μ, where it is large. */
  readonly kappa: number;
  readonly #mu: Float64Array;
  readonly #logPeak: number;

  /**
   * @param parameters  `mu`: d >= 2 numbers of length 1 within 1e-6, which is made 1; `kappa`: finite, >= 0
   * @throws {ParameterError}
   */
  constructor(parameters: { readonly mu: Vector; readonly kappa: number }) {
    super();
    const owner = 'VonMisesFisherDistribution';
    const { mu, kappa } = checkParameters<'mu' | 'kappa', never>(owner, parameters, CHECKS) as typeof parameters;
    const fault = unitFault(mu);
    if (fault !== undefined) throw new ParameterError(owner, 'mu', fault.expected, mu);
    this.#mu = Float64Array.from(mu);
    normalize(this.#mu);
    this.mu = Object.freeze(Array.from(this.#mu));
    this.kappa = kappa;
    this.#logPeak = logPeak(mu.length, kappa);
  }

  /** A(κ) μ, a vector inside the sphere. */
  get mean(): readonly number[] {
    const { value } = meanLength(this.mu.length, this.kappa);
    return this.mu.map((m) => value * m);
  }

  /** A/κ (I - μμᵀ) + A' μμᵀ: d rows of d. */
  get covariance(): readonly (readonly number[])[] {
    const { mu, kappa } = this;
    const length = meanLength(mu.length, kappa);
    const along = meanLengthSlope(mu.length, kappa, length);
    const across = kappa === 0 ? 1 / mu.length : length.value / kappa;
    return mu.map((a, i) => mu.map((b, j) => (i === j ? across : 0) + (along - across) * a * b));
  }

  /** μ; `undefined` for κ = 0, where all directions are alike. */
  get mode(): readonly number[] | undefined {
    return this.kappa > 0 ? this.mu : undefined;
  }

  /** -log C(κ) - κ A(κ), in nats, with respect to the area of the sphere. */
  get entropy(): number {
    return this.kappa * meanLength(this.mu.length, this.kappa).rest - this.#logPeak;
  }

  /**
   * -Infinity off the sphere, and for a vector of another length. Evaluated as the value at μ less κ |x - μ|²/2, which is
   * κ (1 - μ·x): for large κ the product itself has lost the digits that matter.
   */
  logDensity(x: Vector): number {
    const misfit = misfitScore(x, this.mu.length);
    if (misfit !== undefined) return misfit;
    if (unitFault(x) !== undefined) return -Infinity;
    const unit = Float64Array.from(x);
    normalize(unit);
    let square = 0;
    for (let j = 0; j < unit.length; j++) square += (unit[j]! - this.#mu[j]!) ** 2;
    return this.#logPeak - (this.kappa / 2) * square;
  }

  density(x: Vector): number {
    return exp(this.logDensity(x));
  }

  /** From μ·x where that keeps the digits, else as `logDensity`. */
  seqLogDensity(columns: VonMisesFisherColumns, start: number, end: number, out: Float64Array): void {
    const { projectionLogDensity, isotropicLogDensity } = vectorKernels();
    const kernel = isWide(this) ? projectionLogDensity : isotropicLogDensity;
    scoreRows(kernel, columns, start, end, out, this.#mu, this.#factor, this.#logPeak);
  }

  seqAddLogDensity(columns: VonMisesFisherColumns, start: number, end: number, out: Float64Array): void {
    const { addProjectionLogDensity, addIsotropicLogDensity } = vectorKernels();
    const kernel = isWide(this) ? addProjectionLogDensity : addIsotropicLogDensity;
    scoreRows(kernel, columns, start, end, out, this.#mu, this.#factor, this.#logPeak);
  }

  /** What a kernel multiplies 1 - μ·x or |x - μ|² by. */
  get #factor(): number {
    return isWide(this) ? this.kappa : this.kappa / 2;
  }

  /** @see Wood, Simulation of the von Mises Fisher distribution (1994), algorithm VM*; in terms of 1 - μ·x, for large κ */
  sampler(seed: Seed): Sampler<number[]> {
    const rng = random(seed);
    const normal = normalVariates(rng);
    // Beyond, its square would be infinite, and all draws are μ to the last digit.
    const distance = distances(rng, normal, this.mu.length, Math.min(this.kappa, 1e150));
    return samplerOf(() => {
      // x = (1 - t) μ + √(t (2 - t)) v, with v a random direction across μ.
      const t = distance();
      const v = this.mu.map(() => normal());
      const along = v.reduce((sum, z, j) => sum + z * this.mu[j]!, 0);
      const across = Float64Array.from(v, (z, j) => z - along * this.mu[j]!);
      normalize(across);
      const spread = Math.sqrt(t * (2 - t));
      const x = across.map((z, j) => (1 - t) * this.mu[j]! + spread * z);
      normalize(x);
      return Array.from(x);
    });
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('VonMisesFisher', this.mu.length, UNIT);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): VonMisesFisherEstimator {
    const { mu, kappa } = this;
    return new VonMisesFisherEstimator(imaginaryRows('VonMisesFisherDistribution', options, { mu, kappa }));
  }

  toJSON() {
    return { type: 'VonMisesFisher', mu: this.mu, kappa: this.kappa } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): VonMisesFisherDistribution {
    const owner = 'VonMisesFisherDistribution';
    return new this(checkParameters<'mu' | 'kappa', never>(owner, fields, CHECKS));
  }
}

/** Draws of t = 1 - μ·x. With b as Wood's, 1 - x0 is 2b / (1 + b) and 1 - x0² is 4b / (1 + b)². */
function distances(rng: () => number, normal: () => number, dimension: number, kappa: number): () => number {
  const m = dimension - 1;
  // Gamma variates of shape m/2; that of shape 1/2 is half the square of a normal variate.
  const gamma = m === 1 ? () => normal() ** 2 / 2 : gammaVariates(rng, m / 2);
  const b = m / (2 * kappa + Math.sqrt(4 * kappa * kappa + m * m));
  const atMost = (2 * b) / (1 + b);
  const x0 = (1 - b) / (1 + b);
  return () => {
    for (;;) {
      const [first, second] = [gamma(), gamma()];
      const z = first / (first + second);
      const t = (2 * b * z) / (1 - (1 - b) * z);
      const gain = kappa * (atMost - t) + m * log(((1 + b) / 2) * (1 + (x0 * t) / atMost));
      if (gain >= log(1 - rng())) return t;
    }
  };
}

/** Options of {@link VonMisesFisherEstimator}. */
export interface VonMisesFisherOptions {
  /** Imaginary rows, distributed as `prior`. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** What the imaginary rows are like: direction and concentration. Given together with `pseudoCount`. */
  readonly prior?: { readonly mu: Vector; readonly kappa: number };
  /**
   * The largest concentration that is returned, at most 1e10. Equal rows have their maximum at infinity. Default: none but the
   * floor of components, at which 1 - r² is 1e-6 of that of all rows, with r the length of the mean vector. Infinity: none.
   */
  readonly maxKappa?: number;
  /** Families with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood: μ is the direction of the mean vector, and κ the one with A(κ) = its length.
 * @example
 * const { mu, kappa } = optimize([[1, 0], [0.6, 0.8], [0.8, -0.6]], new VonMisesFisherEstimator()).model;
 */
export class VonMisesFisherEstimator
  implements Estimator<Vector, VonMisesFisherDistribution, VonMisesFisherColumns, VonMisesFisherStatistic>
{
  readonly #prior: VonMisesFisherDistribution | undefined;

  /** @throws {ParameterError} for a negative pseudo count, or a prior without one or the other way round */
  constructor(readonly options: VonMisesFisherOptions = {}) {
    const owner = 'VonMisesFisherEstimator';
    checkEstimatorOptions(owner, options, {
      pseudoCount: checkPseudoCount,
      prior: CHECKS,
      maxKappa: checkMost,
      key: checkKey,
    });
    checkPriorOptions(owner, options, { prior: 'pseudoCount' });
    this.#prior = options.prior === undefined ? undefined : new VonMisesFisherDistribution(options.prior);
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('VonMisesFisher', this.#prior?.mu.length, UNIT);
  }

  statisticLength({ dimension }: VonMisesFisherColumns): number {
    return 2 + dimension;
  }

  accumulator(schema: VonMisesFisherColumns, statistic?: Float64Array): DirectionAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    return new DirectionAccumulator('VonMisesFisher', vector, this.options.key);
  }

  /**
   * The scatter about the mean is Σw (1 - r²), with r the length of the mean vector: so 1 - r has its digits where r is
   * nearly 1. Total weight 0 and no prior: κ = 0. Equal rows: κ is `maxKappa`, at most 1e10, and the report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate(
    statistic: VonMisesFisherStatistic,
    report?: Report,
    pooled?: VonMisesFisherStatistic,
  ): VonMisesFisherDistribution {
    const { pseudoCount = 0, maxKappa } = this.options;
    const { count, sum, origin } = statistic;
    const dimension = sum.length;
    const prior = this.#prior;
    checkDimension('VonMisesFisher', dimension, prior?.mu.length);
    if (count === 0) reportDead(report);
    const imaginary = prior === undefined ? 0 : pseudoCount;
    const total = count + imaginary;
    const direction = new Float64Array(dimension).fill(1 / Math.sqrt(dimension));
    if (!(total > 0)) return new VonMisesFisherDistribution({ mu: direction, kappa: 0 });

    const ofPrior = prior === undefined ? { value: 0, rest: 1 } : meanLength(dimension, prior.kappa);
    let scatter = scatterOf(statistic) + imaginary * ofPrior.rest * (1 + ofPrior.value);
    let square = 0;
    const mean = sum.map((s, j) => {
      const shift = count > 0 ? s / count : 0;
      const apart = prior === undefined ? 0 : ofPrior.value * prior.mu[j]! - (origin[j]! + shift);
      scatter += (count / total) * imaginary * apart * apart;
      const m = origin[j]! + shift + (count > 0 ? (imaginary / total) * apart : apart);
      square += m * m;
      return m;
    });
    const length = Math.sqrt(square);
    const value = Math.min(1, length);
    const rest = Math.min(1, scatter / total / (1 + value));
    const most = Math.min(maxKappa ?? kappaAtFloor(pooled), MAX_KAPPA);
    const kappa = solveKappa(dimension, { value, rest }, most);
    if (kappa >= most && most < MAX_KAPPA) reportFloor(report, '1 - r²', 'maxKappa', maxKappa !== undefined);
    else if (kappa >= most)
      report?.add('degenerate', 'all rows are equal, so kappa is infinite. Set maxKappa or a prior.');
    const mu = length > 0 ? mean.map((m) => m / length) : direction;
    return new VonMisesFisherDistribution({ mu, kappa });
  }

  get pooling(): Pooling<VonMisesFisherStatistic> {
    return POOLING;
  }

  get hasPrior(): boolean {
    return hasImaginaryRows(this.options);
  }

  /** The direction has d - 1 free parameters. */
  parameterBlocks(model: VonMisesFisherDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: model.mu.length, logPrior: this.#logOfImaginaryRows(model) }];
  }

  /** The rows have mean r μ₀, so that κ (1 - μ·x) has mean κ (1 - r + r |μ - μ₀|²/2). */
  #logOfImaginaryRows(model: VonMisesFisherDistribution): number | undefined {
    const prior = this.#prior;
    if (prior === undefined || !this.hasPrior) return undefined;
    const { value, rest } = meanLength(prior.mu.length, prior.kappa);
    const square = prior.mu.reduce((sum, m, j) => sum + (m - model.mu[j]!) ** 2, 0);
    const distance = rest + (value * square) / 2;
    return this.options.pseudoCount! * (model.logDensity(model.mu) - model.kappa * distance);
  }
}

/** The κ at which 1 - r² is {@link FLOOR} times that of all rows; Infinity when these are equal. */
function kappaAtFloor(pooled: VonMisesFisherStatistic | undefined): number {
  if (pooled === undefined || !(pooled.count > 0)) return Infinity;
  const floor = (FLOOR * scatterOf(pooled)) / pooled.count;
  const value = Math.sqrt(1 - floor);
  return solveKappa(pooled.sum.length, { value, rest: floor / (1 + value) }, MAX_KAPPA);
}
