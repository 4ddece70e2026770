/** The M step of a probability vector. */

/**
 * (n_k + c s_k) / (n + c), with s even when there is no prior; uniform when there is neither weight nor pseudo count.
 * @param counts  n_k >= 0
 */
export function estimateWeights(
  counts: Float64Array,
  { pseudoCount = 0, prior }: { readonly pseudoCount?: number; readonly prior?: readonly number[] } = {},
): Float64Array {
  const share = (k: number) => prior?.[k] ?? 1 / counts.length;
  const smoothed = counts.map((count, k) => count + pseudoCount * share(k));
  const total = smoothed.reduce((sum, count) => sum + count, 0);
  return smoothed.map((count) => (total > 0 ? count / total : 1 / counts.length));
}
