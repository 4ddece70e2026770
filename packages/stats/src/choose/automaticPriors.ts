/** The priors of inferred estimators: imaginary rows like all rows, or distributions as wide as the rows. */
import { NormalGammaDistribution } from '../bayes/normalGamma.js';
import { GammaDistribution } from '../families/gamma.js';
import type { LogGaussianOptions } from '../families/logGaussian.js';

/** A conjugate prior of one variable: its mean counts as a hundredth of a row, its variance as three, a tenth of that of all rows. */
export const LAMBDA = 0.01;
export const ALPHA = 1.5;
export const BETA = 0.15;

/** What a user says of priors. */
export interface PriorSettings {
  readonly pseudoCount: number;
  readonly conjugate: boolean;
}

/** Options with `pseudoCount` rows like `prior`; none for no rows. */
export function imaginaryRows<P>(
  { pseudoCount }: PriorSettings,
  prior: P,
): { readonly pseudoCount?: number; readonly prior?: P } {
  return pseudoCount === 0 ? {} : { pseudoCount, prior };
}

/** The prior of a rate, which is `rate` over all rows. */
export function ratePrior(rate: number): { readonly prior: GammaDistribution } {
  return { prior: new GammaDistribution({ shape: 1.5, scale: (2 * rate) / 1.5 }) };
}

/** Of a mean and a variance, which over all rows are `mu` and `variance`. */
export function momentPrior(
  { pseudoCount, conjugate }: PriorSettings,
  mu: number,
  variance: number,
): LogGaussianOptions {
  const sigma2 = spreadOf(variance);
  if (conjugate) {
    return { prior: new NormalGammaDistribution({ mu, lambda: LAMBDA, alpha: ALPHA, beta: BETA * sigma2 }) };
  }
  return pseudoCount === 0 ? {} : { prior: { mu, muCount: pseudoCount, sigma2, sigma2Count: pseudoCount } };
}

/** The variance of equal numbers counts as 1, as does one that overflows: a prior needs one. */
export function spreadOf(variance: number): number {
  return variance > 0 && variance < Infinity ? variance : 1;
}
