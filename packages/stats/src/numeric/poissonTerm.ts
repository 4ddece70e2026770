/**
 * Poisson probabilities without the cancellation of terms of the order of k log k, which at k = 1e12 leaves 6 digits.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
import { log } from './elementary.js';
import { log1pmx, stirlingRest } from './special.js';

const LOG_2_PI = /* @__PURE__ */ log(2 * Math.PI);

/**
 * log(m^k e^(-m) / Γ(k + 1)) for real k >= 0 and m >= 0.
 * @param logMean  log m
 */
export function logPoissonTerm(k: number, mean: number, logMean: number): number {
  if (k === 0) return -mean;
  const logK = log(k);
  return logOfRatio(k, mean - k, logMean - logK) + logPoissonPeak(k, logK);
}

/** The largest {@link logPoissonTerm} of k > 0, which m = k has. */
export function logPoissonPeak(k: number, logK: number): number {
  return -0.5 * (LOG_2_PI + logK) - stirlingRest(k);
}

/** k (log r - (r - 1)) for the ratio r = 1 + excess / k: the excess has digits near r = 1, the logarithm far from it. */
export function logOfRatio(k: number, excess: number, logRatio: number): number {
  return Math.abs(excess) < 0.5 * k ? k * log1pmx(excess / k) : k * logRatio - excess;
}
