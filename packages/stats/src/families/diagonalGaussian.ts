/**
 * Vectors with independent coordinates: p(x) = Π_j N(x_j; μ_j, σ²_j), with all σ²_j > 0.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), section 3.5 (diagonal covariance).
 */

import { conjugate, isPriorOf, withoutPrior } from '../bayes/conjugate.js';
import type { DiagonalNormalGammaDistribution } from '../bayes/diagonalNormalGamma.js';
import { checkEstimatorOptions, checkKey, checkPriorOptions, pseudoCountOf } from '../checks/options.js';
import {
  checkNonNegative,
  checkParameters,
  checkPseudoCount,
  checkScale,
  orAbsent,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import { checkSteps, isPart, partSteps } from '../checks/steps.js';
import type {
  AnyDistribution,
  Bayes,
  Conditioned,
  Distribution,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
  Sampler,
  Seed,
  Step,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { reportFloor } from '../leaf/floor.js';
import { diagonal, rowsOf } from '../leaf/matrices.js';
import type { MomentKeys, MomentPrior, Moments } from '../leaf/moments.js';
import { estimateMoments, isEffective, isEmpty, logMomentPrior } from '../leaf/moments.js';
import { scoreVectors } from '../leaf/vectorBlocks.js';
import { VectorMomentsAccumulator } from '../leaf/vectorMoments.js';
import type { Vector, VectorColumns } from '../leaf/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors.js';
import { exp, log } from '../numeric/elementary.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';
import { normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';
import { poolWith } from '../tree/pooling.js';
import { GaussianDistribution } from './gaussian.js';

const POOLING = /* @__PURE__ */ poolWith<Moments>(
  'DiagonalGaussian',
  ({ sum }) => new VectorMomentsAccumulator('DiagonalGaussian', new Float64Array(1 + 2 * sum.length), undefined),
);
const CHECKS = { mu: checkVector, sigma2: checkVector };

/**
 * The normal distribution with mean `mu` and independent coordinates of variance `sigma2`.
 * @example
 * new DiagonalGaussianDistribution({ mu: [0, 5], sigma2: [1, 4] }).logDensity([0, 5]); // -2.531024246969291
 */
export class DiagonalGaussianDistribution extends PrintedModel implements Distribution<Vector, VectorColumns> {
  static readonly typeName = 'DiagonalGaussian';
  static readonly typeVersion = 1;
  /** Mean of each coordinate. */
  readonly mu: readonly number[];
  /** Variance of each coordinate, not standard deviation. */
  readonly sigma2: readonly number[];
  readonly #mu: Float64Array;
  readonly #halfPrecision: Float64Array;
  readonly #logNormalizer: number;

  /** @throws {ParameterError} unless `mu` is finite, and `sigma2` is as long, finite and >= 2^-1022 */
  constructor(parameters: { readonly mu: Vector; readonly sigma2: Vector }) {
    super();
    const owner = 'DiagonalGaussianDistribution';
    const { mu, sigma2 } = checkParameters<'mu' | 'sigma2', Vector>(owner, parameters, CHECKS);
    checkVector(owner, 'sigma2', sigma2, mu.length);
    this.mu = Object.freeze(Array.from(mu));
    this.sigma2 = Object.freeze(Array.from(sigma2));
    for (const [j, variance] of this.sigma2.entries()) checkScale(owner, `sigma2[${j}]`, variance);
    this.#mu = Float64Array.from(mu);
    this.#halfPrecision = Float64Array.from(sigma2, (variance) => 0.5 / variance);
    this.#logNormalizer = -0.5 * this.sigma2.reduce((sum, variance) => sum + log(2 * Math.PI * variance), 0);
  }

  /** E x: `mu`. */
  get mean(): readonly number[] {
    return this.mu;
  }

  /** `sigma2` on the diagonal, 0 elsewhere: d rows of d. */
  get covariance(): readonly (readonly number[])[] {
    return rowsOf(diagonal(this.sigma2), this.mu.length);
  }

  /** The most probable vector: `mu`. */
  get mode(): readonly number[] {
    return this.mu;
  }

  /** ½ Σ_j log 2πe σ²_j, in nats. */
  get entropy(): number {
    return 0.5 * this.mu.length - this.#logNormalizer;
  }

  /** -Infinity for a vector of another length. */
  logDensity(x: Vector): number {
    const misfit = misfitScore(x, this.mu.length);
    if (misfit !== undefined) return misfit;
    let quadratic = 0;
    for (let j = 0; j < x.length; j++) quadratic += (x[j]! - this.#mu[j]!) ** 2 * this.#halfPrecision[j]!;
    return this.#logNormalizer - quadratic;
  }

  density(x: Vector): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const kernel = kernels().diagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#mu, this.#halfPrecision, this.#logNormalizer);
  }

  seqAddLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const kernel = kernels().addDiagonalGaussianLogDensity;
    scoreVectors(kernel, columns, start, end, out, this.#mu, this.#halfPrecision, this.#logNormalizer);
  }

  sampler(seed: Seed): Sampler<number[]> {
    const normal = normalVariates(random(seed));
    return samplerOf(() => this.mu.map((mean, j) => mean + Math.sqrt(this.sigma2[j]!) * normal()));
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('DiagonalGaussian', this.mu.length);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator(options: { readonly pseudoCount?: number } = {}): DiagonalGaussianEstimator {
    const rows = pseudoCountOf('DiagonalGaussianDistribution', options);
    const { mu, sigma2 } = this;
    return new DiagonalGaussianEstimator(rows === 0 ? {} : { prior: { mu, muCount: rows, sigma2, sigma2Count: rows } });
  }

  marginalOf(steps: Step | readonly Step[]): AnyDistribution {
    const coordinates = checkSteps(steps, [...this.mu.keys()]) as readonly number[];
    if (Array.isArray(steps)) return coordinatesOf(this, coordinates);
    const [j] = coordinates as readonly [number];
    return new GaussianDistribution({ mu: this.mu[j]!, sigma2: this.sigma2[j]! });
  }

  conditioned(part: unknown): Conditioned {
    if (!isPart(part)) return { logDensity: this.logDensity(part as Vector), rest: undefined };
    const known = partSteps(part, [...this.mu.keys()]) as readonly number[];
    if (known.length === 0) return { logDensity: 0, rest: this };
    const left = [...this.mu.keys()].filter((j) => !known.includes(j));
    return {
      logDensity: coordinatesOf(this, known).logDensity(known.map((j) => part[j] as number)), // NaN for what is no number
      rest: left.length === 0 ? undefined : coordinatesOf(this, left),
    };
  }

  toJSON() {
    return { type: 'DiagonalGaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DiagonalGaussianDistribution {
    const owner = 'DiagonalGaussianDistribution';
    return new this(checkParameters<'mu' | 'sigma2', Vector>(owner, fields, CHECKS));
  }
}

/** `muCount` imaginary rows with mean `mu`, and `sigma2Count` with mean squared deviations `sigma2` from the estimated mean. */
export interface VectorMomentPrior {
  readonly mu?: Vector;
  readonly muCount?: number;
  readonly sigma2?: Vector;
  readonly sigma2Count?: number;
}

/** Outside the class: bundlers rename one that names itself in its body. */
function coordinatesOf(
  { mu, sigma2 }: Pick<DiagonalGaussianDistribution, 'mu' | 'sigma2'>,
  coordinates: readonly number[],
): DiagonalGaussianDistribution {
  return new DiagonalGaussianDistribution({
    mu: coordinates.map((j) => mu[j]!),
    sigma2: coordinates.map((j) => sigma2[j]!),
  });
}

/** Options of {@link DiagonalGaussianEstimator}. */
export interface DiagonalGaussianOptions {
  /**
   * `muCount` imaginary rows with mean `mu`, and `sigma2Count` imaginary rows with mean squared deviations `sigma2` from the
   * estimated mean. Each value is given together with its count. Or, instead of such rows, a distribution over the means and
   * the precisions. Default: none, maximum likelihood.
   */
  readonly prior?: VectorMomentPrior | DiagonalNormalGammaDistribution;
  /**
   * The smallest variance that is returned; 0 for none. Default: none, but for a component of a mixture 1e-6 of the variance of
   * all rows in the coordinate; see {@link DiagonalGaussianEstimator.estimate}.
   */
  readonly minSigma2?: number;
  /** Diagonal Gaussians with equal keys get equal parameters. */
  readonly key?: string;
  /** Ties only the means, or only the variances. */
  readonly keys?: MomentKeys;
}

/**
 * Maximum likelihood, or maximum a posteriori with a prior, coordinate by coordinate:
 * μ = (Σwx + m·c) / (Σw + c), σ² = (Σw(x - μ)² + v·d) / (Σw + d).
 * @example
 * optimize([[1, 4], [3, 8]], new DiagonalGaussianEstimator()).model; // mu [2, 6], sigma2 [1, 4]
 */
export class DiagonalGaussianEstimator
  implements Estimator<Vector, DiagonalGaussianDistribution, VectorColumns, Moments>
{
  readonly #prior: MomentPrior;

  /** @throws {ParameterError} for a negative count or variance, or a value or a count of imaginary rows without the other */
  constructor(readonly options: DiagonalGaussianOptions = {}) {
    const owner = 'DiagonalGaussianEstimator';
    const rows = withoutPrior<DiagonalGaussianOptions, VectorMomentPrior>(owner, options, 'DiagonalNormalGamma');
    if (rows !== options && options.keys !== undefined) {
      throw new ParameterError(
        owner,
        'keys',
        'left out where the prior is a distribution; key ties both',
        options.keys,
      );
    }
    checkEstimatorOptions(owner, rows, {
      prior: {
        mu: orAbsent(checkVector),
        muCount: checkPseudoCount,
        sigma2: orAbsent(checkVector),
        sigma2Count: checkPseudoCount,
      },
      minSigma2: checkNonNegative,
      key: checkKey,
      keys: { mu: orAbsent(checkKey), sigma2: orAbsent(checkKey) },
    });
    const { prior = {} } = rows;
    checkPriorOptions(owner, prior, { mu: 'muCount', sigma2: 'sigma2Count' }, { path: 'prior.' });
    const { mu, muCount = 0, sigma2, sigma2Count = 0 } = prior;
    if (sigma2 !== undefined) {
      checkVector(owner, 'prior.sigma2', sigma2, mu?.length);
      for (let j = 0; j < sigma2.length; j++) checkNonNegative(owner, `prior.sigma2[${j}]`, sigma2[j]);
    }
    this.#prior = { mu, muCount, sigma2, sigma2Count };
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('DiagonalGaussian', this.#priorDimension());
  }

  #priorDimension(): number | undefined {
    return this.bayes?.prior.coordinates.length ?? this.#prior.mu?.length ?? this.#prior.sigma2?.length;
  }

  statisticLength({ dimension }: VectorColumns): number {
    return 1 + 2 * dimension;
  }

  accumulator(schema: VectorColumns, statistic?: Float64Array): VectorMomentsAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    return new VectorMomentsAccumulator('DiagonalGaussian', vector, this.options.key, this.options.keys, this.#prior);
  }

  /**
   * Total weight 0 gives mean 0 and variances 1. A variance below the floor is raised to it. Where all rows agree in a
   * coordinate the maximum of the likelihood is infinite: without a floor the variance is then 1. The report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate(statistic: Moments, report?: Report, pooled?: Moments): DiagonalGaussianDistribution {
    checkDimension('DiagonalGaussian', statistic.sum.length, this.#priorDimension());
    const { minSigma2, keys } = this.options;
    if (this.bayes !== undefined) {
      if (isEmpty(statistic)) reportDead(report);
      return this.bayes.mode(this.bayes.posterior(statistic));
    }
    const bounds = { minSigma2, pooled };
    const { mu, sigma2, isDegenerate, isAtFloor } = estimateMoments(statistic, this.#prior, bounds, keys);
    if (isEmpty(statistic)) reportDead(report);
    if (isAtFloor) reportFloor(report, 'the variance of a coordinate', 'minSigma2', minSigma2 !== undefined);
    if (isDegenerate) {
      report?.add('degenerate', 'all rows agree in a coordinate, so its variance is 0. Set minSigma2 or a prior.');
    }
    return new DiagonalGaussianDistribution({ mu, sigma2 });
  }

  get pooling(): Pooling<Moments> {
    return POOLING;
  }

  get hasPrior(): boolean {
    return this.bayes !== undefined || isEffective(this.#prior);
  }

  /** With a normal-gamma prior for each coordinate: see {@link DiagonalNormalGammaDistribution}. */
  get bayes():
    | Bayes<DiagonalGaussianDistribution, Moments, DiagonalNormalGammaDistribution, VectorColumns>
    | undefined {
    const { prior, minSigma2 = SMALLEST_NORMAL } = this.options;
    if (!isPriorOf<DiagonalNormalGammaDistribution>(prior, 'DiagonalNormalGamma')) return undefined;
    return conjugate({
      prior,
      posterior: (known, statistic: Moments) => known.updated(statistic),
      mode({ mode: { mu, precision } }) {
        const sigma2 = Array.from(precision, (t) => Math.max(1 / t, minSigma2));
        return new DiagonalGaussianDistribution({ mu, sigma2 });
      },
      parameters: ({ mu, sigma2 }) => ({ mu, precision: sigma2.map((variance) => 1 / variance) }),
      expectedScorer: ({ coordinates }) => expectedScores(coordinates),
      predictiveLogDensity: (known, x) => known.predictiveLogDensity(x),
      withPrior: (next) => another({ ...this.options, prior: next }),
    });
  }

  parameterBlocks(model: DiagonalGaussianDistribution): readonly ParameterBlock[] {
    const { key, keys } = this.options;
    const count = model.mu.length;
    const logPrior = this.bayes?.logPrior(model) ?? logMomentPrior(this.#prior, model.sigma2);
    if (key !== undefined) return [{ key, count: 2 * count, logPrior }];
    return [
      { key: keys?.mu, count },
      { key: keys?.sigma2, count, logPrior },
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(options: ConstructorParameters<typeof DiagonalGaussianEstimator>[0]): DiagonalGaussianEstimator {
  return new DiagonalGaussianEstimator(options);
}

/** E log N(x; μ, 1/t) of all coordinates, with (μ, t) distributed as said; `mu` is the origin of the next moments. */
function expectedScores(coordinates: DiagonalNormalGammaDistribution['coordinates']) {
  const mu = coordinates.map((coordinate) => coordinate.mu);
  const means = Float64Array.from(mu);
  const halfPrecisions = Float64Array.from(coordinates, ({ meanPrecision }) => meanPrecision / 2);
  const constant = coordinates.reduce(
    (sum, { meanLogPrecision, lambda }) => sum + 0.5 * (meanLogPrecision - log(2 * Math.PI) - 1 / lambda),
    0,
  );
  const run =
    (name: 'diagonalGaussianLogDensity' | 'addDiagonalGaussianLogDensity') =>
    (columns: VectorColumns, start: number, end: number, out: Float64Array) =>
      scoreVectors(kernels()[name], columns, start, end, out, means, halfPrecisions, constant);
  return {
    mu,
    seqLogDensity: run('diagonalGaussianLogDensity'),
    seqAddLogDensity: run('addDiagonalGaussianLogDensity'),
  };
}
