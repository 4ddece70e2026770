/** The priors of inferred estimators: imaginary rows like all rows, or distributions as wide as the rows. */
import { DiagonalNormalGammaDistribution } from '../bayes/diagonalNormalGamma.js';
import { LevelBetaDistribution } from '../bayes/levelBeta.js';
import { NormalGammaDistribution } from '../bayes/normalGamma.js';
import type { BernoulliSetOptions } from '../families/bernoulliSet.js';
import { GammaDistribution } from '../families/gamma.js';
import type { LogGaussianOptions } from '../families/logGaussian.js';
import type { Level } from '../leaf/levels/levels.js';

/** A conjugate prior of one variable: its mean counts as a hundredth of a row, its variance as three, a tenth of that of all rows. */
const LAMBDA = 0.01;
const ALPHA = 1.5;
const BETA = 0.15;

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
  if (pseudoCount === 0) return {};
  const rows = { mu, muCount: pseudoCount, sigma2, sigma2Count: pseudoCount };
  return { prior: NormalGammaDistribution.ofImaginaryRows(rows) }; // pseudo counts of both have no density, so no objective
}

/** The same for each coordinate of vectors. */
export function vectorPrior(
  { pseudoCount, conjugate }: PriorSettings,
  mu: readonly number[],
  sigma2: readonly number[],
): { readonly prior?: DiagonalNormalGammaDistribution } {
  if (conjugate) {
    const [lambda, alpha] = [mu.map(() => LAMBDA), mu.map(() => ALPHA)];
    const beta = sigma2.map((variance) => BETA * variance);
    return { prior: new DiagonalNormalGammaDistribution({ mu, lambda, alpha, beta }) };
  }
  if (pseudoCount === 0) return {};
  const rows = { mu, muCount: pseudoCount, sigma2, sigma2Count: pseudoCount };
  return { prior: DiagonalNormalGammaDistribution.ofImaginaryRows(rows) };
}

/** Of vectors with gaps: the family takes imaginary rows only, and of them only those of variances have a density. */
export function gapPrior(
  { pseudoCount, conjugate }: PriorSettings,
  sigma2: readonly number[],
): { readonly prior?: { readonly sigma2: readonly number[]; readonly sigma2Count: number } } {
  const sigma2Count = conjugate ? 1 : pseudoCount;
  return sigma2Count === 0 ? {} : { prior: { sigma2, sigma2Count } };
}

/** Of the shares of sets that hold each level: the mode of the conjugate prior is that of one set like all sets. */
export function setPrior(
  settings: PriorSettings,
  shares: ReadonlyMap<Level, number>,
): Pick<BernoulliSetOptions<Level>, 'pseudoCount' | 'prior'> {
  if (!settings.conjugate) return imaginaryRows(settings, shares);
  const shapes = [...shares].map(([level, p]) => [level, { alpha: 1 + p, beta: 2 - p }] as const);
  return { prior: new LevelBetaDistribution<Level>(shapes) };
}

/** The variance of equal numbers counts as 1, as does one that overflows: a prior needs one. */
export function spreadOf(variance: number): number {
  return variance > 0 && variance < Infinity ? variance : 1;
}
