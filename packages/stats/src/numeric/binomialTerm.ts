/**
 * Binomial probabilities without the cancellation of log-factorials, which at n = 1e12 leaves no correct digit.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
import { log, log1p } from './elementary.js';
import { log1pmx, stirlingRest } from './special.js';

/** x log(x / m) + m - x, the deviance, for x, m > 0. */
function deviance(x: number, m: number): number {
  return -x * log1pmx((m - x) / x);
}

/**
 * log(Γ(n + 1) / (Γ(k + 1) Γ(n - k + 1)) p^k q^(n - k)) with q = 1 - p, for real 0 <= k <= n and p, q > 0.
 */
export function logBinomialTerm(k: number, n: number, p: number, q: number): number {
  if (k === 0) return n * (p < q ? log1p(-p) : log(q));
  if (k === n) return n * (q < p ? log1p(-q) : log(p));
  const rest = n - k;
  const stirling = stirlingRest(n) - stirlingRest(k) - stirlingRest(rest);
  return stirling - deviance(k, n * p) - deviance(rest, n * q) - 0.5 * log((2 * Math.PI * k * rest) / n);
}
