/**
 * Vectors with independent coordinates: p(x) = Π_j N(x_j; μ_j, σ²_j), with all σ²_j > 0.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), section 3.5 (diagonal covariance).
 */

import { randomNormal } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import {
  checkFields,
  checkPositive,
  checkPositiveOption,
  checkPseudoCount,
  SMALLEST_NORMAL,
} from '../checks/parameters.js';
import type {
  Accumulator,
  Distribution,
  Estimator,
  ParameterBlock,
  Report,
  Sampler,
  Seed,
  TiedNode,
} from '../contract.js';
import { reportDead } from '../leaf/findings.js';
import { diagonal, rowsOf } from '../leaf/matrices.js';
import type { MomentKeys, MomentPrior, Moments } from '../leaf/moments.js';
import { aboutOrigin, estimateMoments, isEffective, isEmpty, MomentTies } from '../leaf/moments.js';
import { addVectorMoments, firstRow, scoreVectors, vectorMean } from '../leaf/vectorBlocks.js';
import type { Vector, VectorColumns } from '../leaf/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/**
 * The normal distribution with mean `mu` and independent coordinates of variance `sigma2`.
 * @example
 * new DiagonalGaussianDistribution({ mu: [0, 5], sigma2: [1, 4] }).logDensity([0, 5]); // -2.531024246969291
 */
export class DiagonalGaussianDistribution implements Distribution<Vector, VectorColumns> {
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
  constructor({ mu, sigma2 }: { readonly mu: Vector; readonly sigma2: Vector }) {
    const owner = 'DiagonalGaussianDistribution';
    checkVector(owner, 'mu', mu);
    checkVector(owner, 'sigma2', sigma2, mu.length);
    this.mu = Object.freeze(Array.from(mu));
    this.sigma2 = Object.freeze(Array.from(sigma2));
    this.sigma2.forEach((variance, j) => void checkPositive(owner, `sigma2[${j}]`, variance, SMALLEST_NORMAL));
    this.#mu = Float64Array.from(mu);
    this.#halfPrecision = Float64Array.from(sigma2, (variance) => 0.5 / variance);
    this.#logNormalizer = -0.5 * this.sigma2.reduce((sum, variance) => sum + Math.log(2 * Math.PI * variance), 0);
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
    return Math.exp(this.logDensity(x));
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
    const normal = randomNormal.source(random(seed))();
    return samplerOf(() => this.mu.map((mean, j) => mean + Math.sqrt(this.sigma2[j]!) * normal()));
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('DiagonalGaussian', this.mu.length);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): DiagonalGaussianEstimator {
    const { mu, sigma2 } = this;
    return new DiagonalGaussianEstimator(
      pseudoCount > 0 ? { prior: { mu, muCount: pseudoCount, sigma2, sigma2Count: pseudoCount } } : {},
    );
  }

  toJSON() {
    return { type: 'DiagonalGaussian', mu: this.mu, sigma2: this.sigma2 } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): DiagonalGaussianDistribution {
    return new DiagonalGaussianDistribution(
      checkFields('DiagonalGaussianDistribution', fields, { mu: 'numbers', sigma2: 'numbers' }),
    );
  }
}

/** Sums `[Σw, Σw(x - o), Σw(x - o)²]`, the last two per coordinate, about the origin o. */
export class DiagonalGaussianAccumulator implements Accumulator<VectorColumns, Moments, DiagonalGaussianDistribution> {
  readonly kind: string;
  readonly #ties: MomentTies;
  #origin: Float64Array | undefined;

  constructor(
    readonly statistic: Float64Array,
    readonly key: string | undefined,
    keys: MomentKeys,
    prior: MomentPrior,
  ) {
    this.kind = `DiagonalGaussian[${this.#dimension}]`;
    this.#ties = new MomentTies(() => this.value(), keys, prior, this.kind);
  }

  get #dimension(): number {
    return (this.statistic.length - 1) / 2;
  }

  /** The mean and the variances as nodes of their own. */
  get children(): readonly TiedNode[] {
    return this.#ties.children;
  }

  begin(model: DiagonalGaussianDistribution | undefined, columns: VectorColumns): void {
    this.#origin = model === undefined ? vectorMean(columns) : Float64Array.from(model.mu);
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    this.#origin ??= firstRow(columns, start, end, weights);
    if (this.#origin === undefined) return;
    addVectorMoments(kernels().diagonalMoments, columns, start, end, weights, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine(other: Moments): void {
    this.#origin ??= other.origin.slice();
    const { count, sum, sumOfSquares } = aboutOrigin(other, this.#origin);
    const d = this.#dimension;
    this.statistic[0]! += count;
    for (let j = 0; j < d; j++) {
      this.statistic[1 + j]! += sum[j]!;
      this.statistic[1 + d + j]! += sumOfSquares[j]!;
    }
  }

  value(): Moments {
    const d = this.#dimension;
    return {
      count: this.statistic[0]!,
      sum: this.statistic.slice(1, 1 + d),
      sumOfSquares: this.statistic.slice(1 + d),
      origin: this.#origin?.slice() ?? new Float64Array(d),
      ...(this.#ties.value() === undefined ? {} : { tied: this.#ties.value() }),
    };
  }

  fromValue({ count, sum, sumOfSquares, origin, tied }: Moments): void {
    this.#origin = origin.slice();
    this.statistic[0] = count;
    this.statistic.set(sum, 1);
    this.statistic.set(sumOfSquares, 1 + sum.length);
    this.#ties.fromValue(tied);
  }
}

/** Options of {@link DiagonalGaussianEstimator}. */
export interface DiagonalGaussianOptions {
  /**
   * `muCount` imaginary rows with mean `mu`, and `sigma2Count` imaginary rows with mean squared deviations `sigma2` from the
   * estimated mean. A part without its count (or without its value) has no effect. Default: none, maximum likelihood.
   */
  readonly prior?: {
    readonly mu?: Vector;
    readonly muCount?: number;
    readonly sigma2?: Vector;
    readonly sigma2Count?: number;
  };
  /** The smallest variance that is returned. Default: none; see {@link DiagonalGaussianEstimator.estimate}. */
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

  /** @throws {ParameterError} for a negative pseudo count or variance */
  constructor(readonly options: DiagonalGaussianOptions = {}) {
    const owner = 'DiagonalGaussianEstimator';
    checkEstimatorOptions(owner, options, {
      prior: ['mu', 'muCount', 'sigma2', 'sigma2Count'],
      minSigma2: true,
      key: true,
      keys: ['mu', 'sigma2'],
    });
    const { mu, muCount = 0, sigma2, sigma2Count = 0 } = options.prior ?? {};
    checkPseudoCount(owner, 'prior.muCount', muCount);
    checkPseudoCount(owner, 'prior.sigma2Count', sigma2Count);
    if (mu !== undefined) checkVector(owner, 'prior.mu', mu);
    if (sigma2 !== undefined) checkVector(owner, 'prior.sigma2', sigma2, mu?.length);
    checkPositiveOption(owner, 'minSigma2', options.minSigma2, SMALLEST_NORMAL);
    this.#prior = { mu, muCount, sigma2, sigma2Count };
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('DiagonalGaussian', this.#priorDimension());
  }

  #priorDimension(): number | undefined {
    return this.#prior.mu?.length ?? this.#prior.sigma2?.length;
  }

  statisticLength({ dimension }: VectorColumns): number {
    return 1 + 2 * dimension;
  }

  accumulator(schema: VectorColumns, statistic?: Float64Array): DiagonalGaussianAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    return new DiagonalGaussianAccumulator(vector, this.options.key, this.options.keys ?? {}, this.#prior);
  }

  /**
   * Total weight 0 gives mean 0 and variances 1. Where all rows agree in a coordinate the maximum of the likelihood is
   * infinite: the variance is then `minSigma2`, or 1 without it, and the report says so.
   * @throws {EstimationError} when no row and no prior tells the dimension
   */
  estimate(statistic: Moments, report?: Report): DiagonalGaussianDistribution {
    checkDimension('DiagonalGaussian', statistic.sum.length, this.#priorDimension());
    const { minSigma2, keys } = this.options;
    const { mu, sigma2, isDegenerate } = estimateMoments(statistic, this.#prior, minSigma2, keys);
    if (isEmpty(statistic)) reportDead(report);
    if (isDegenerate) {
      report?.add('degenerate', 'all rows agree in a coordinate, so its variance is 0. Set minSigma2 or a prior.');
    }
    return new DiagonalGaussianDistribution({ mu, sigma2 });
  }

  get hasPrior(): boolean {
    return isEffective(this.#prior);
  }

  parameterBlocks(model: DiagonalGaussianDistribution): readonly ParameterBlock[] {
    const { key, keys } = this.options;
    const count = model.mu.length;
    if (key !== undefined) return [{ key, count: 2 * count }];
    return [
      { key: keys?.mu, count },
      { key: keys?.sigma2, count },
    ];
  }
}
