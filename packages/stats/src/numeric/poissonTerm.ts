/**
 * Poisson probabilities without the cancellation of terms of the order of k log k, which at k = 1e12 leaves 6 digits.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
import { log } from './elementary.js';
import { log1pmx, stirlingRest } from './special.js';

/**
 * log(m^k e^(-m) / Γ(k + 1)) for real k >= 0 and m >= 0.
 * @param logMean  log m, for an m that may have underflowed
 */
export function logPoissonTerm(k: number, mean: number, logMean: number = log(mean)): number {
  if (k === 0) return -mean;
  return k * logOverRatio((mean - k) / k, logMean - log(k)) - 0.5 * log(2 * Math.PI * k) - stirlingRest(k);
}

/** log r - (r - 1) for a ratio r, of which r - 1 has digits near 1, and the logarithm near 0. */
export function logOverRatio(ratioLess1: number, logRatio: number): number {
  return Math.abs(ratioLess1) < 0.5 ? log1pmx(ratioLess1) : logRatio - ratioLess1;
}
