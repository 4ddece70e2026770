/**
 * Vectors with a full covariance: p(x) = exp(-½ (x - μ)ᵀ Σ⁻¹ (x - μ)) / √((2π)^d |Σ|), with Σ positive definite.
 * Source: Anderson, An Introduction to Multivariate Statistical Analysis (2003), ch. 2 and 3.
 */

import { randomNormal } from 'd3-random';
import { checkEstimatorOptions } from '../checks/options.js';
import { checkFields, checkPositiveOption, checkPseudoCount } from '../checks/parameters.js';
import type { Accumulator, Distribution, Estimator, ParameterBlock, Report, Sampler, Seed } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { reportDead } from '../leaf/findings.js';
import { checkedMatrix, diagonal, rowsOf, rowViews } from '../leaf/matrices.js';
import { addVectorMoments, firstRow, scoreVectors, vectorMean } from '../leaf/vectorBlocks.js';
import type { Vector, VectorColumns } from '../leaf/vectors.js';
import { checkDimension, checkVector, misfitScore, VectorEncoder } from '../leaf/vectors.js';
import { cholesky, conditionBound, inverseOfLower, raiseEigenvalues, solveLower } from '../numeric/cholesky.js';
import { kernels } from '../numeric/kernels/index.js';
import { random, samplerOf } from '../numeric/random.js';

/** Above this condition number the density is computed with the factor of Σ, not with the factor's inverse. */
const MAX_CONDITION = 1e12;

/**
 * Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), and `scatter` = Σw(x - o)(x - o)ᵀ, its lower
 * triangle row by row.
 */
export interface MultivariateGaussianStatistic {
  readonly count: number;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
  readonly origin: Float64Array;
}

/**
 * The multivariate normal distribution.
 * @example
 * const d = new MultivariateGaussianDistribution({ mu: [0, 0], covariance: [[2, 1], [1, 2]] });
 * d.logDensity([0, 0]); // -2.3871832107434
 */
export class MultivariateGaussianDistribution implements Distribution<Vector, VectorColumns> {
  static readonly typeName = 'MultivariateGaussian';
  static readonly typeVersion = 1;
  /** Mean of each coordinate, [d]. */
  readonly mu: readonly number[];
  /** Covariance, d rows of d. */
  readonly covariance: readonly (readonly number[])[];
  readonly #mu: Float64Array;
  readonly #factor: Float64Array;
  /** The inverse of the factor; undefined when Σ is too ill-conditioned for it. */
  readonly #inverseFactor: Float64Array | undefined;
  readonly #logNormalizer: number;
  readonly #deviation: Float64Array;

  /** @throws {ParameterError} unless `mu` is finite and `covariance` is symmetric and positive definite */
  constructor({ mu, covariance }: { readonly mu: Vector; readonly covariance: ArrayLike<Vector> }) {
    const owner = 'MultivariateGaussianDistribution';
    checkVector(owner, 'mu', mu);
    const dimension = mu.length;
    this.#mu = Float64Array.from(mu);
    this.mu = Object.freeze(Array.from(mu));
    const matrix = checkedMatrix(owner, 'covariance', covariance, dimension);
    this.covariance = rowsOf(matrix, dimension);
    const factor = cholesky(matrix, dimension);
    if (factor === undefined) {
      throw new ParameterError(owner, 'covariance', 'a positive definite matrix', covariance);
    }
    this.#factor = factor;
    const inverse = inverseOfLower(factor, dimension);
    this.#inverseFactor = conditionBound(factor, inverse, dimension) <= MAX_CONDITION ? inverse : undefined;
    let logNormalizer = -0.5 * dimension * Math.log(2 * Math.PI);
    for (let j = 0; j < dimension; j++) logNormalizer -= Math.log(factor[j * dimension + j]!);
    this.#logNormalizer = logNormalizer;
    this.#deviation = new Float64Array(dimension);
  }

  /** E x: `mu`. */
  get mean(): readonly number[] {
    return this.mu;
  }

  /** The most probable vector: `mu`. */
  get mode(): readonly number[] {
    return this.mu;
  }

  /** ½ log |2πe Σ|, in nats. */
  get entropy(): number {
    return 0.5 * this.mu.length - this.#logNormalizer;
  }

  /** -Infinity for a vector of another length. */
  logDensity(x: Vector): number {
    return misfitScore(x, this.mu.length) ?? this.#logDensityAt(x, 0);
  }

  /** The log-density of `values[start … start + d)`, by substitution. */
  #logDensityAt(values: Vector, start: number): number {
    const z = this.#deviation;
    for (let j = 0; j < z.length; j++) z[j] = values[start + j]! - this.#mu[j]!;
    solveLower(this.#factor, z.length, z);
    let quadratic = 0;
    for (let j = 0; j < z.length; j++) quadratic += z[j]! * z[j]!;
    // Entries that overflow may cancel to NaN: such a vector is infinitely far away.
    return Number.isNaN(quadratic) ? -Infinity : this.#logNormalizer - 0.5 * quadratic;
  }

  density(x: Vector): number {
    return Math.exp(this.logDensity(x));
  }

  seqLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const inverse = this.#inverseFactor;
    if (inverse === undefined) this.#addBySubstitution(columns, start, end, out.fill(0, 0, end - start));
    else {
      const kernel = kernels().gaussianVectorLogDensity;
      scoreVectors(kernel, columns, start, end, out, this.#mu, inverse, this.#logNormalizer);
    }
  }

  seqAddLogDensity(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const inverse = this.#inverseFactor;
    if (inverse === undefined) this.#addBySubstitution(columns, start, end, out);
    else {
      const kernel = kernels().addGaussianVectorLogDensity;
      scoreVectors(kernel, columns, start, end, out, this.#mu, inverse, this.#logNormalizer);
    }
  }

  #addBySubstitution({ x, dimension }: VectorColumns, start: number, end: number, out: Float64Array): void {
    if (dimension !== this.mu.length) return void out.fill(-Infinity, 0, end - start);
    for (let row = start; row < end; row++) out[row - start]! += this.#logDensityAt(x, row * dimension);
  }

  sampler(seed: Seed): Sampler<number[]> {
    const normal = randomNormal.source(random(seed))();
    const dimension = this.mu.length;
    const factor = this.#factor;
    return samplerOf(() => {
      const z = Array.from({ length: dimension }, normal);
      return this.mu.map((mean, i) => {
        let value = mean;
        for (let j = 0; j <= i; j++) value += factor[i * dimension + j]! * z[j]!;
        return value;
      });
    });
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('MultivariateGaussian', this.mu.length);
  }

  /** With a pseudo count, the prior is worth that many rows distributed as this model. */
  estimator({ pseudoCount = 0 }: { readonly pseudoCount?: number } = {}): MultivariateGaussianEstimator {
    const { mu, covariance } = this;
    return new MultivariateGaussianEstimator(
      pseudoCount > 0 ? { prior: { mu, muCount: pseudoCount, covariance, covarianceCount: pseudoCount } } : {},
    );
  }

  toJSON() {
    return { type: 'MultivariateGaussian', mu: this.mu, covariance: this.covariance } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): MultivariateGaussianDistribution {
    const owner = 'MultivariateGaussianDistribution';
    const { mu, covariance } = checkFields(owner, fields, { mu: 'numbers', covariance: 'array' });
    return new MultivariateGaussianDistribution({ mu, covariance: covariance as readonly Vector[] });
  }
}

/** Sums `[Σw, Σw(x - o), Σw(x - o)(x - o)ᵀ]` about the origin o. */
export class MultivariateGaussianAccumulator
  implements Accumulator<VectorColumns, MultivariateGaussianStatistic, MultivariateGaussianDistribution>
{
  readonly kind: string;
  #origin: Float64Array | undefined;

  constructor(
    readonly dimension: number,
    readonly statistic: Float64Array,
    readonly key: string | undefined,
  ) {
    this.kind = `MultivariateGaussian[${dimension}]`;
  }

  begin(model: MultivariateGaussianDistribution | undefined, columns: VectorColumns): void {
    this.#origin = model === undefined ? vectorMean(columns) : Float64Array.from(model.mu);
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    this.#origin ??= firstRow(columns, start, end, weights);
    if (this.#origin === undefined) return;
    addVectorMoments(kernels().scatter, columns, start, end, weights, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine({ count, sum, scatter, origin }: MultivariateGaussianStatistic): void {
    this.#origin ??= origin.slice();
    const to = this.#origin;
    const d = this.dimension;
    const shift = origin.map((value, j) => value - to[j]!);
    this.statistic[0]! += count;
    for (let j = 0; j < d; j++) this.statistic[1 + j]! += sum[j]! + count * shift[j]!;
    for (let i = 0, at = 0; i < d; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const moved = shift[i]! * sum[j]! + shift[j]! * sum[i]! + count * shift[i]! * shift[j]!;
        this.statistic[1 + d + at]! += scatter[at]! + moved;
      }
    }
  }

  value(): MultivariateGaussianStatistic {
    const d = this.dimension;
    return {
      count: this.statistic[0]!,
      sum: this.statistic.slice(1, 1 + d),
      scatter: this.statistic.slice(1 + d),
      origin: this.#origin?.slice() ?? new Float64Array(d),
    };
  }

  fromValue({ count, sum, scatter, origin }: MultivariateGaussianStatistic): void {
    this.#origin = origin.slice();
    this.statistic[0] = count;
    this.statistic.set(sum, 1);
    this.statistic.set(scatter, 1 + sum.length);
  }
}

/** Options of {@link MultivariateGaussianEstimator}. */
export interface MultivariateGaussianOptions {
  /**
   * `muCount` imaginary rows with mean `mu`, and `covarianceCount` imaginary rows with mean scatter `covariance` about the
   * estimated mean. A part without its count (or without its value) has no effect. Default: none, maximum likelihood.
   */
  readonly prior?: {
    readonly mu?: Vector;
    readonly muCount?: number;
    readonly covariance?: ArrayLike<Vector>;
    readonly covarianceCount?: number;
  };
  /**
   * The smallest eigenvalue of the covariance that is returned: smaller ones are raised to it, which is the maximum of the
   * likelihood under this bound. Default: none; a singular covariance is then an error.
   */
  readonly minEigenvalue?: number;
  /** Multivariate Gaussians with equal keys get equal parameters. */
  readonly key?: string;
}

/**
 * Maximum likelihood, or maximum a posteriori with a prior:
 * μ = (Σwx + m·c) / (Σw + c), Σ = (Σw(x - μ)(x - μ)ᵀ + C·d) / (Σw + d).
 * @example
 * const { model } = optimize([[0, 0], [2, 1], [1, 3]], new MultivariateGaussianEstimator());
 * model.mu; // [1, 1.333…]
 */
export class MultivariateGaussianEstimator
  implements Estimator<Vector, MultivariateGaussianDistribution, VectorColumns, MultivariateGaussianStatistic>
{
  readonly #priorDimension: number | undefined;
  readonly #priorCovariance: Float64Array | undefined;

  /** @throws {ParameterError} for a negative pseudo count, or a prior that is no mean or covariance */
  constructor(readonly options: MultivariateGaussianOptions = {}) {
    const owner = 'MultivariateGaussianEstimator';
    checkEstimatorOptions(owner, options, {
      prior: ['mu', 'muCount', 'covariance', 'covarianceCount'],
      minEigenvalue: true,
      key: true,
    });
    const { mu, muCount, covariance, covarianceCount } = options.prior ?? {};
    checkPseudoCount(owner, 'prior.muCount', muCount);
    checkPseudoCount(owner, 'prior.covarianceCount', covarianceCount);
    if (mu !== undefined) checkVector(owner, 'prior.mu', mu);
    this.#priorDimension = mu?.length ?? covariance?.length;
    if (covariance !== undefined) {
      this.#priorCovariance = checkedMatrix(owner, 'prior.covariance', covariance, this.#priorDimension!);
    }
    checkPositiveOption(owner, 'minEigenvalue', options.minEigenvalue);
  }

  encoder(): VectorEncoder {
    return new VectorEncoder('MultivariateGaussian', this.#priorDimension);
  }

  statisticLength({ dimension }: VectorColumns): number {
    return 1 + dimension + (dimension * (dimension + 1)) / 2;
  }

  accumulator(schema: VectorColumns, statistic?: Float64Array): MultivariateGaussianAccumulator {
    const vector = statistic ?? new Float64Array(this.statisticLength(schema));
    return new MultivariateGaussianAccumulator(schema.dimension, vector, this.options.key);
  }

  /**
   * Total weight 0 gives mean 0 and the identity, or those of the prior.
   * @throws {EstimationError} when the covariance is singular (fewer independent rows than coordinates, or coordinates that
   *   determine each other) and there is neither `minEigenvalue` nor a prior covariance
   */
  estimate(statistic: MultivariateGaussianStatistic, report?: Report): MultivariateGaussianDistribution {
    const { count, sum, origin } = statistic;
    const dimension = sum.length;
    checkDimension('MultivariateGaussian', dimension, this.#priorDimension);
    const { mu: priorMu, muCount = 0, covarianceCount = 0 } = this.options.prior ?? {};
    const weight = count + (priorMu === undefined ? 0 : muCount);
    // Where the mean lies, seen from the origin.
    const shift = sum.map((s, j) =>
      weight > 0 ? (s + (priorMu === undefined ? 0 : muCount * (priorMu[j]! - origin[j]!))) / weight : -origin[j]!,
    );
    const mu = shift.map((s, j) => origin[j]! + s);
    const priorCount = this.#priorCovariance === undefined ? 0 : covarianceCount;
    if (count === 0) reportDead(report);
    const isDetermined = count + priorCount > 0;
    const matrix = isDetermined
      ? this.#covariance(statistic, shift, priorCount)
      : diagonal(new Float64Array(dimension).fill(1));
    return new MultivariateGaussianDistribution({
      mu,
      covariance: rowViews(this.#definite(matrix, dimension, report), dimension),
    });
  }

  /** (Σw(x - μ)(x - μ)ᵀ + C·d) / (Σw + d), about the returned mean. */
  #covariance(
    { count, sum, scatter }: MultivariateGaussianStatistic,
    shift: Float64Array,
    priorCount: number,
  ): Float64Array {
    const d = sum.length;
    const matrix = new Float64Array(d * d);
    for (let i = 0, at = 0; i < d; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const about = scatter[at]! - shift[i]! * sum[j]! - shift[j]! * sum[i]! + count * shift[i]! * shift[j]!;
        const prior = priorCount === 0 ? 0 : priorCount * this.#priorCovariance![i * d + j]!;
        const value = (about + prior) / (count + priorCount);
        // Rounding of the diagonal is of the order of ε · shift²: what is below is zero.
        const isZero = i === j && !(value > 8 * Number.EPSILON * shift[i]! * shift[i]!);
        matrix[i * d + j] = isZero ? 0 : value;
        matrix[j * d + i] = matrix[i * d + j]!;
      }
    }
    return matrix;
  }

  /** The matrix itself, or with its small eigenvalues raised. */
  #definite(matrix: Float64Array, dimension: number, report: Report | undefined): Float64Array {
    const { minEigenvalue } = this.options;
    if (minEigenvalue === undefined) {
      if (cholesky(matrix, dimension) !== undefined) return matrix;
      throw new EstimationError(
        `MultivariateGaussian: the covariance of the rows is singular in ${dimension} dimensions: too few different rows, ` +
          'or coordinates that determine each other. Set minEigenvalue or a prior covariance.',
      );
    }
    const above = matrix.slice();
    for (let j = 0; j < dimension; j++) above[j * dimension + j]! -= minEigenvalue;
    if (cholesky(above, dimension) !== undefined) return matrix;
    report?.add(
      'degenerate',
      `the covariance has eigenvalues below ${minEigenvalue}; they were raised to it. Set a prior covariance, or give more rows.`,
    );
    const raised = raiseEigenvalues(matrix, dimension, minEigenvalue);
    if (cholesky(raised, dimension) !== undefined) return raised;
    throw new EstimationError(
      `MultivariateGaussian: minEigenvalue = ${minEigenvalue} is lost in the rounding of the covariance. Set a larger one.`,
    );
  }

  get hasPrior(): boolean {
    const { mu, muCount = 0, covariance, covarianceCount = 0 } = this.options.prior ?? {};
    return (mu !== undefined && muCount > 0) || (covariance !== undefined && covarianceCount > 0);
  }

  parameterBlocks(model: MultivariateGaussianDistribution): readonly ParameterBlock[] {
    const d = model.mu.length;
    return [{ key: this.options.key, count: d + (d * (d + 1)) / 2 }];
  }
}
