/**
 * The conjugate prior of a normal vector: the precision matrix Λ = Σ⁻¹ is Wishart(ν, S⁻¹), and given it the mean is normal
 * about m with precision λΛ: p(μ, Λ) = N(μ; m, (λΛ)⁻¹) · |S|^(ν/2) |Λ|^((ν - d - 1)/2) e^(-tr(SΛ)/2) / (2^(νd/2) Γ_d(ν/2)).
 * Source: Bernardo & Smith, Bayesian Theory (1994), appendix A; Murphy, Conjugate Bayesian analysis of the Gaussian
 * distribution (2007), section 8; Bartlett, On the theory of statistical regression (1933) for the sampler.
 */

import { checkOptions } from '../checks/options.js';
import { checkFields, checkParameters, checkPositive } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { checkedMatrix, rowsOf } from '../leaf/vectors/matrices.js';
import type { ScatterStatistic } from '../leaf/vectors/vectorMoments.js';
import { checkVector, type Vector } from '../leaf/vectors/vectors.js';
import { cholesky, inverseOfLower, solveLower } from '../numeric/cholesky.js';
import { log, log1p } from '../numeric/elementary.js';
import { childSeed, random, samplerOf } from '../numeric/random.js';
import { digamma, lgamma } from '../numeric/special.js';
import { gammaVariates, normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';

/** A mean vector, and a precision matrix: the inverse of a covariance. */
export interface MeanAndPrecisionMatrix {
  readonly mu: Vector;
  /** d rows of d. */
  readonly precision: ArrayLike<Vector>;
}

/** The parameters of {@link NormalWishartDistribution}. */
export interface NormalWishartParameters {
  /** m: where the mean is expected, [d]. */
  readonly mu: Vector;
  /** λ > 0: how many rows that expectation is worth. */
  readonly lambda: number;
  /** ν > d - 1: degrees of freedom of the precision, in rows. */
  readonly nu: number;
  /** S: a sum of squares and products about the mean, d rows of d; the inverse of the Wishart's scale matrix. */
  readonly scatter: ArrayLike<Vector>;
}

const CHECKS = { mu: checkVector };

/**
 * The normal-Wishart distribution over a mean and a precision matrix.
 * @example
 * const prior = new NormalWishartDistribution({ mu: [0, 0], lambda: 1, nu: 4, scatter: [[2, 0], [0, 2]] });
 * optimize([[1, 1], [3, 2]], new MultivariateGaussianEstimator({ prior })).model.mu; // [4 / 3, 1]
 */
export class NormalWishartDistribution extends PrintedModel implements ParameterDistribution<MeanAndPrecisionMatrix> {
  static readonly typeName = 'NormalWishart';
  static readonly typeVersion = 1;
  readonly mu: readonly number[];
  readonly lambda: number;
  readonly nu: number;
  readonly scatter: readonly (readonly number[])[];
  /** The lower triangular factor of `scatter`, row-major. */
  readonly #factor: Float64Array;
  readonly #inverseFactor: Float64Array;
  readonly #logDeterminant: number;

  /** @throws {ParameterError} unless `mu` is finite, `lambda` > 0, `nu` > d - 1 and `scatter` symmetric and positive definite */
  constructor(parameters: NormalWishartParameters) {
    super();
    const owner = 'NormalWishartDistribution';
    const { mu } = checkParameters<'mu', Vector>(owner, parameters, CHECKS);
    const { lambda, nu } = parameters;
    const dimension = mu.length;
    checkPositive(owner, 'lambda', lambda);
    checkPositive(owner, 'nu', nu);
    if (!(nu > dimension - 1)) throw new ParameterError(owner, 'nu', `a number > ${dimension - 1}`, nu);
    const matrix = checkedMatrix(owner, 'scatter', parameters.scatter, dimension);
    const factor = cholesky(matrix, dimension);
    if (factor === undefined) {
      throw new ParameterError(owner, 'scatter', 'a positive definite matrix', parameters.scatter);
    }
    this.mu = Object.freeze(Array.from(mu));
    this.lambda = lambda;
    this.nu = nu;
    this.scatter = rowsOf(matrix, dimension);
    this.#factor = factor;
    this.#inverseFactor = inverseOfLower(factor, dimension);
    this.#logDeterminant = logDeterminantOf(factor, dimension);
  }

  /**
   * The prior under which the most probable parameters are those of the rows and of imaginary ones: `muCount` rows at `mu`, and
   * `covarianceCount` with mean scatter `covariance` about the estimated mean. The rows at `mu` count in the covariance, too:
   * Σ = (Σ(x - μ)(x - μ)ᵀ + muCount (μ - mu)(μ - mu)ᵀ + covarianceCount · covariance) / (n + covarianceCount), with
   * μ = (Σx + muCount · mu) / (n + muCount). That is the mode of normal-inverse-Wishart, for a mean and a covariance.
   * @param rows  counts > 0; `covariance` d rows of d, positive definite
   * @throws {OptionError} for anything but an object with these names alone
   * @throws {ParameterError} for counts or values out of range
   * @example
   * const identity = [[1, 0], [0, 1]];
   * const prior = NormalWishartDistribution.ofImaginaryRows({ mu: [0, 0], muCount: 1, covariance: identity, covarianceCount: 2 });
   * optimize([[1, 1], [3, 2]], new MultivariateGaussianEstimator({ prior })).model.mu; // [4 / 3, 1]
   * @see Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007), section 8 and 9
   */
  static ofImaginaryRows(rows: {
    readonly mu: Vector;
    readonly muCount: number;
    readonly covariance: ArrayLike<Vector>;
    readonly covarianceCount: number;
  }): NormalWishartDistribution {
    const owner = 'NormalWishartDistribution';
    checkOptions(`${owner}.ofImaginaryRows`, rows, ['mu', 'muCount', 'covariance', 'covarianceCount']);
    const { mu, covariance, muCount, covarianceCount } = rows;
    checkVector(owner, 'mu', mu);
    checkPositive(owner, 'muCount', muCount);
    checkPositive(owner, 'covarianceCount', covarianceCount);
    const scatter = checkedMatrix(owner, 'covariance', covariance, mu.length).map((value) => covarianceCount * value);
    // The mode of the covariance has ν - d + n under it.
    return new this({ mu, lambda: muCount, nu: covarianceCount + mu.length, scatter: [...rowsOf(scatter, mu.length)] });
  }

  logDensity({ mu, precision }: MeanAndPrecisionMatrix): number {
    const d = this.mu.length;
    const matrix = checkedMatrix('NormalWishartDistribution', 'precision', precision, d);
    const factor = cholesky(matrix, d);
    if (factor === undefined) return -Infinity;
    let quadratic = 0;
    let trace = 0;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        quadratic += (mu[i]! - this.mu[i]!) * matrix[i * d + j]! * (mu[j]! - this.mu[j]!);
        trace += this.scatter[i]![j]! * matrix[i * d + j]!;
      }
    }
    const ofPrecision = 0.5 * (this.nu - d) * logDeterminantOf(factor, d); // (ν - d - 1)/2 of Λ, and 1/2 of the mean given it
    return this.#logConstant() + ofPrecision - 0.5 * (this.lambda * quadratic + trace);
  }

  /** log of what does not depend on the parameters. */
  #logConstant(): number {
    const { nu, lambda } = this;
    const d = this.mu.length;
    const ofWishart = 0.5 * nu * (this.#logDeterminant - d * Math.LN2) - logGammaOf(nu, d);
    return 0.5 * d * log(lambda / (2 * Math.PI)) + ofWishart;
  }

  /** The densest mean and covariance; where ν <= d the covariance is as if ν were d + 1. */
  get mode(): { readonly mu: readonly number[]; readonly covariance: readonly (readonly number[])[] } {
    const rest = this.nu - this.mu.length;
    const divisor = rest > 0 ? rest : 1;
    return { mu: this.mu, covariance: this.scatter.map((row) => row.map((value) => value / divisor)) };
  }

  /** E log |Λ|. */
  get meanLogDeterminant(): number {
    const d = this.mu.length;
    let sum = d * Math.LN2 - this.#logDeterminant;
    for (let j = 0; j < d; j++) sum += digamma(0.5 * (this.nu - j));
    return sum;
  }

  /** The lower triangular L with L Lᵀ = (E Λ)⁻¹ = S / ν, row-major. */
  meanFactor(): Float64Array {
    return this.#factor.map((entry) => entry / Math.sqrt(this.nu));
  }

  get entropy(): number {
    return this.crossEntropy(this);
  }

  crossEntropy(other: NormalWishartDistribution): number {
    const { nu, lambda } = this;
    const d = this.mu.length;
    const quadratic = nu * this.#squaredDistance(other.mu);
    const ofMean = d / lambda + quadratic;
    // tr(T S⁻¹) of the other's T = F Fᵀ and the own S = C Cᵀ is the sum of squares of C⁻¹ F.
    let trace = 0;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j <= i; j++) {
        let entry = 0;
        for (let k = j; k <= i; k++) entry += this.#inverseFactor[i * d + k]! * other.#factor[k * d + j]!;
        trace += entry * entry;
      }
    }
    const ofPrecision = 0.5 * (other.nu - d) * this.meanLogDeterminant - 0.5 * nu * trace;
    return 0.5 * other.lambda * ofMean - ofPrecision - other.#logConstant();
  }

  /** (x - m)ᵀ S⁻¹ (x - m). */
  #squaredDistance(x: Vector): number {
    const z = Float64Array.from(this.mu, (mean, j) => x[j]! - mean);
    solveLower(this.#factor, z.length, z);
    return z.reduce((sum, value) => sum + value * value, 0);
  }

  /** log of the density of one more row: Student's t with ν - d + 1 degrees of freedom, about m. */
  predictiveLogDensity(x: Vector): number {
    const { nu, lambda } = this;
    const d = this.mu.length;
    if (x.length !== d) return -Infinity;
    const share = lambda / (lambda + 1);
    const constant = lgamma(0.5 * (nu + 1)) - lgamma(0.5 * (nu + 1 - d));
    const ofScale = 0.5 * (d * log(Math.PI / share) + this.#logDeterminant);
    return constant - ofScale - 0.5 * (nu + 1) * log1p(share * this.#squaredDistance(x));
  }

  sampler(seed: Seed): Sampler<MeanAndPrecisionMatrix> {
    const d = this.mu.length;
    const rng = random(childSeed(seed, 'precision'));
    const below = normalVariates(rng);
    const diagonals = Array.from({ length: d }, (_, i) => gammaVariates(rng, 0.5 * (this.nu - i)));
    const ofMean = normalVariates(random(childSeed(seed, 'mean')));
    return samplerOf(() => {
      // Λ = B Bᵀ with B = C⁻ᵀ A and A lower triangular: roots of chi squares on its diagonal, normals below.
      const a = new Float64Array(d * d);
      for (let i = 0; i < d; i++) {
        a[i * d + i] = Math.sqrt(2 * diagonals[i]!());
        for (let j = 0; j < i; j++) a[i * d + j] = below();
      }
      const b = new Float64Array(d * d);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          for (let k = Math.max(i, j); k < d; k++) b[i * d + j]! += this.#inverseFactor[k * d + i]! * a[k * d + j]!;
        }
      }
      const precision = Array.from({ length: d }, (_, i) =>
        Array.from({ length: d }, (_, j) => {
          let sum = 0;
          for (let k = 0; k < d; k++) sum += b[i * d + k]! * b[j * d + k]!;
          return sum;
        }),
      );
      // μ = m + B⁻ᵀ z / √λ, and B⁻ᵀ = C A⁻ᵀ.
      const z = Float64Array.from({ length: d }, ofMean);
      for (let i = d - 1; i >= 0; i--) {
        for (let k = i + 1; k < d; k++) z[i]! -= a[k * d + i]! * z[k]!;
        z[i]! /= a[i * d + i]!;
      }
      const mu = this.mu.map((mean, i) => {
        let sum = 0;
        for (let k = 0; k <= i; k++) sum += this.#factor[i * d + k]! * z[k]!;
        return mean + sum / Math.sqrt(this.lambda);
      });
      return { mu, precision };
    });
  }

  /** The posterior after normal rows with these sums. */
  updated({ count, sum, scatter, origin }: ScatterStatistic): NormalWishartDistribution {
    if (!(count > 0)) return this;
    const d = this.mu.length;
    const lambda = this.lambda + count;
    const deviation = this.mu.map((mean, j) => origin[j]! + sum[j]! / count - mean);
    const ofMean = (this.lambda * count) / lambda;
    const rows = Array.from({ length: d }, () => new Float64Array(d));
    for (let i = 0, at = 0; i < d; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const aboutMean = scatter[at]! - (sum[i]! * sum[j]!) / count;
        const own = i === j ? Math.max(aboutMean, 0) : aboutMean; // rounding of the difference
        const value = this.scatter[i]![j]! + own + ofMean * deviation[i]! * deviation[j]!;
        rows[i]![j] = value;
        rows[j]![i] = value;
      }
    }
    return another({
      mu: this.mu.map((mean, j) => mean + (count / lambda) * deviation[j]!),
      lambda,
      nu: this.nu + count,
      scatter: rows,
    });
  }

  toJSON() {
    const { mu, lambda, nu, scatter } = this;
    return { type: 'NormalWishart', mu, lambda, nu, scatter } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): NormalWishartDistribution {
    const { mu, lambda, nu, scatter } = checkFields('NormalWishartDistribution', fields, {
      mu: 'numbers',
      lambda: 'number',
      nu: 'number',
      scatter: 'array',
    });
    return new this({ mu, lambda, nu, scatter: scatter as readonly Vector[] });
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(parameters: NormalWishartParameters): NormalWishartDistribution {
  return new NormalWishartDistribution(parameters);
}

/** log |L Lᵀ|. */
function logDeterminantOf(factor: Float64Array, dimension: number): number {
  let sum = 0;
  for (let j = 0; j < dimension; j++) sum += 2 * log(factor[j * dimension + j]!);
  return sum;
}

/** log Γ_d(ν / 2). */
function logGammaOf(nu: number, dimension: number): number {
  let sum = 0.25 * dimension * (dimension - 1) * log(Math.PI);
  for (let j = 0; j < dimension; j++) sum += lgamma(0.5 * (nu - j));
  return sum;
}
