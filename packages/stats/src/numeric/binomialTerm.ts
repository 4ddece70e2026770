/**
 * Binomial probabilities without the cancellation of log-factorials, which at n = 1e12 leaves no correct digit.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
import { log, log1p } from './elementary.js';
import { logOfRatio } from './poissonTerm.js';
import { stirlingRest } from './special.js';

/**
 * log(Γ(k + r + 1) / (Γ(k + 1) Γ(r + 1)) p^k q^r) with q = 1 - p, for real k, r >= 0 and p, q > 0: of k successes and r failures.
 * Both of each pair are given, as the sum of one may round the other away; likewise the logarithms, where p or q may underflow.
 */
export function logBinomialTerm(
  k: number,
  r: number,
  p: number,
  q: number,
  logP: number = log(p),
  logQ: number = log(q),
): number {
  if (k === 0 && r === 0) return 0;
  if (k === 0) return r * (p < q ? log1p(-p) : logQ);
  if (r === 0) return k * (q < p ? log1p(-q) : logP);
  const logN = log(k + r);
  const excess = r * p - k * q; // n p - k, the expected successes above k
  const ofSuccesses = logOfRatio(k, excess, logP + logN - log(k));
  const ofFailures = logOfRatio(r, -excess, logQ + logN - log(r));
  return ofSuccesses + ofFailures + logBinomialPeak(k, r);
}

/** The largest {@link logBinomialTerm} of k, r > 0, which p = k / (k + r) has. */
export function logBinomialPeak(k: number, r: number): number {
  const n = k + r;
  return stirlingRest(n) - stirlingRest(k) - stirlingRest(r) - 0.5 * log(2 * Math.PI * k * (r / n));
}
