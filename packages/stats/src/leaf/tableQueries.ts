import { log } from '../numeric/elementary.js';
/** Moments and tails of a table of probabilities over integers. */

/** Σ k p_k and Σ (k - mean)² p_k, with k counted from 0. */
export function tableMoments(p: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = p.reduce((sum, share, k) => sum + k * share, 0);
  return { mean, variance: p.reduce((sum, share, k) => sum + (k - mean) ** 2 * share, 0) };
}

/** The index of the largest entry: the first of several. */
export function largestIndex(p: readonly number[]): number {
  return p.reduce((best, share, k) => (share > p[best]! ? k : best), 0);
}

/** -Σ p log p over all entries, where 0 log 0 = 0. */
export function tableEntropy(p: Iterable<number>): number {
  let sum = 0;
  for (const share of p) if (share > 0) sum -= share * log(share);
  return sum;
}

/** The sum of the entries `[from, to)`. */
export function tableSum(p: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let k = Math.max(from, 0); k < Math.min(to, p.length); k++) sum += p[k]!;
  return sum;
}
