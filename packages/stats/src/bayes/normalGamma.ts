/**
 * The conjugate prior of a normal distribution: the precision t = 1/σ² is Gamma(α, rate β), and given it the mean is normal
 * about m with precision λt: p(μ, t) = √(λt / 2π) exp(-λt(μ - m)² / 2) · β^α t^(α-1) e^(-βt) / Γ(α).
 * Source: Bernardo & Smith, Bayesian Theory (1994), appendix A; Murphy, Conjugate Bayesian analysis of the Gaussian
 * distribution (2007), section 3.
 */

import { checkFinite, checkParameters, checkPositive } from '../checks/parameters.js';
import type { ParameterDistribution, Sampler, Seed } from '../contract.js';
import type { Moments } from '../leaf/moments.js';
import { log, log1p } from '../numeric/elementary.js';
import { childSeed, random, samplerOf } from '../numeric/random.js';
import { betaln, digamma, lgamma } from '../numeric/special.js';
import { gammaVariates, normalVariates } from '../numeric/variates.js';
import { PrintedModel } from '../tree/modelText.js';

/** A mean, and a precision: the inverse of a variance. */
export interface MeanAndPrecision {
  readonly mu: number;
  readonly precision: number;
}

/** The parameters of {@link NormalGammaDistribution}. */
export interface NormalGammaParameters {
  /** m: where the mean is expected. */
  readonly mu: number;
  /** λ > 0: how many rows that expectation is worth. */
  readonly lambda: number;
  /** α > 0: the shape of the precision; 2α rows' worth. */
  readonly alpha: number;
  /** β > 0: the rate of the precision; half a sum of squares. */
  readonly beta: number;
}

const ROW_CHECKS = { mu: checkFinite, muCount: checkPositive, sigma2: checkPositive, sigma2Count: checkPositive };
const CHECKS = { mu: checkFinite, lambda: checkPositive, alpha: checkPositive, beta: checkPositive };

/**
 * The normal-gamma distribution over a mean and a precision.
 * @example
 * const prior = new NormalGammaDistribution({ mu: 0, lambda: 1, alpha: 2, beta: 2 });
 * optimize([1, 2, 3], new GaussianEstimator({ prior })).model; // mu 1.5, sigma2 1.5
 */
export class NormalGammaDistribution extends PrintedModel implements ParameterDistribution<MeanAndPrecision> {
  static readonly typeName = 'NormalGamma';
  static readonly typeVersion = 1;
  readonly mu: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly beta: number;
  #logNormalizer: number | undefined;

  /** @throws {ParameterError} unless `mu` is finite and the others are finite and > 0 */
  constructor(parameters: NormalGammaParameters) {
    super();
    const { mu, lambda, alpha, beta } = checkParameters('NormalGammaDistribution', parameters, CHECKS);
    this.mu = mu;
    this.lambda = lambda;
    this.alpha = alpha;
    this.beta = beta;
  }

  /**
   * The prior under which the most probable parameters are those of the rows and of imaginary ones: `muCount` rows at `mu`, and
   * `sigma2Count` whose mean squared deviation from the estimated mean is `sigma2`. The rows at `mu` count in the variance, too, as
   * far as the estimated mean is from them: σ² = (Σ(x - μ)² + muCount (μ - mu)² + sigma2Count · sigma2) / (n + sigma2Count), with
   * μ = (Σx + muCount · mu) / (n + muCount). That is the mode of normal-inverse-gamma, for a mean and a variance.
   * @param rows  all four finite, the counts and `sigma2` > 0
   * @throws {ParameterError}
   * @example
   * const prior = NormalGammaDistribution.ofImaginaryRows({ mu: 10, muCount: 2, sigma2: 1, sigma2Count: 2 });
   * optimize([0, 2], new GaussianEstimator({ prior })).model; // mu 5.5, sigma2 21.25
   * @see Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007), section 3 and 6
   */
  static ofImaginaryRows(rows: {
    readonly mu: number;
    readonly muCount: number;
    readonly sigma2: number;
    readonly sigma2Count: number;
  }): NormalGammaDistribution {
    const { mu, muCount, sigma2, sigma2Count } = checkParameters('NormalGammaDistribution', rows, ROW_CHECKS);
    // The mode of the precision has α - ½ + n/2, over β and half the squares.
    return new this({ mu, lambda: muCount, alpha: (sigma2Count + 1) / 2, beta: (sigma2Count * sigma2) / 2 });
  }

  logDensity({ mu, precision }: MeanAndPrecision): number {
    if (!(precision > 0)) return Number.isNaN(precision) ? Number.NaN : -Infinity;
    const { lambda, alpha, beta } = this;
    const deviation = mu - this.mu;
    const ofExponents = 0.5 * lambda * precision * deviation * deviation + beta * precision;
    return this.logNormalizer + (alpha - 0.5) * log(precision) - ofExponents;
  }

  /** log of √(λ / 2π) β^α / Γ(α). Kept, as a fit asks for the density of its prior at every step. */
  get logNormalizer(): number {
    const { lambda, alpha, beta } = this;
    this.#logNormalizer ??= 0.5 * log(lambda / (2 * Math.PI)) + alpha * log(beta) - lgamma(alpha);
    return this.#logNormalizer;
  }

  /** The densest pair; where α <= ½ the precision is as if α were 1. */
  get mode(): MeanAndPrecision {
    const shape = this.alpha - 0.5;
    return { mu: this.mu, precision: (shape > 0 ? shape : 0.5) / this.beta };
  }

  /** E t. */
  get meanPrecision(): number {
    return this.alpha / this.beta;
  }

  /** E log t. */
  get meanLogPrecision(): number {
    return digamma(this.alpha) - log(this.beta);
  }

  get entropy(): number {
    return this.crossEntropy(this);
  }

  crossEntropy({ mu, lambda, alpha, beta, logNormalizer }: NormalGammaDistribution): number {
    const deviation = this.mu - mu;
    const ofPrecision = (alpha - 0.5) * this.meanLogPrecision - beta * this.meanPrecision;
    const ofMean = 0.5 * lambda * (1 / this.lambda + this.meanPrecision * deviation * deviation);
    return ofMean - logNormalizer - ofPrecision;
  }

  /** log of the density of one more value: Student's t with 2α degrees of freedom, about m. */
  predictiveLogDensity(x: number): number {
    const { mu, lambda, alpha, beta } = this;
    const share = lambda / (lambda + 1);
    const constant = lgamma(0.5) - betaln(alpha, 0.5) - 0.5 * log((2 * Math.PI * beta) / share); // Γ(α + ½) / Γ(α) by B(α, ½)
    return constant - (alpha + 0.5) * log1p((share * (x - mu) * (x - mu)) / (2 * beta));
  }

  sampler(seed: Seed): Sampler<MeanAndPrecision> {
    const gamma = gammaVariates(random(childSeed(seed, 'precision')), this.alpha);
    const normal = normalVariates(random(childSeed(seed, 'mean')));
    return samplerOf(() => {
      const precision = gamma() / this.beta;
      return { mu: this.mu + normal() / Math.sqrt(this.lambda * precision), precision };
    });
  }

  /**
   * The posterior after normal rows with these moments.
   * @param moments  of coordinate `j`
   */
  updated({ count, sum, sumOfSquares, origin }: Moments, j = 0): NormalGammaDistribution {
    if (!(count > 0)) return this;
    const mean = sum[j]! / count; // from the origin
    const scatter = Math.max(sumOfSquares[j]! - mean * sum[j]!, 0); // rounding of the difference
    const lambda = this.lambda + count;
    const deviation = origin[j]! + mean - this.mu;
    return another({
      mu: this.mu + (count / lambda) * deviation,
      lambda,
      alpha: this.alpha + count / 2,
      beta: this.beta + 0.5 * (scatter + ((this.lambda * count) / lambda) * deviation * deviation),
    });
  }

  toJSON() {
    const { mu, lambda, alpha, beta } = this;
    return { type: 'NormalGamma', mu, lambda, alpha, beta } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): NormalGammaDistribution {
    return new this(checkParameters('NormalGammaDistribution', fields, CHECKS));
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(parameters: ConstructorParameters<typeof NormalGammaDistribution>[0]): NormalGammaDistribution {
  return new NormalGammaDistribution(parameters);
}
