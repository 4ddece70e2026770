/**
 * How close a mixture thinks two rows are. Row j draws a component k with P(k | x_j), and row i with a probability proportional to
 * f_k(x_i): p(i | j) = Σ_k z_jk f_k(x_i) / Σ_{i' ≠ j} Σ_k z_jk f_k(x_i').
 *
 * This is a product of two narrow matrices, so all n² affinities are known from 2 n K numbers, and sums over them need no table of
 * n².
 */
import { exp, log } from '@dml/stats/families';
import type { RowTables } from './mixture.js';

/** p(i | j) = Σ_k from[j, k] to[i, k] for i ≠ j; sums to 1 over i. Both are row-major, [rowCount × componentCount]. */
export interface MixtureAffinities {
  readonly rowCount: number;
  readonly componentCount: number;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * The affinities of all rows. A row to which no other row has a density has affinity 0 to all.
 *
 * Densities of components may lie hundreds of orders of magnitude apart: those of each component are divided by their largest,
 * and what that takes away goes into `from`, where only its ratios within a row count.
 */
export function mixtureAffinities({ rowCount, componentCount, posterior, logDensity }: RowTables): MixtureAffinities {
  const n = rowCount;
  const K = componentCount;
  const largest = new Float64Array(K).fill(-Infinity);
  for (let at = 0; at < n * K; at++) largest[at % K] = Math.max(largest[at % K]!, logDensity[at]!);

  const to = new Float64Array(n * K);
  const total = new Float64Array(K);
  for (let at = 0; at < n * K; at++) {
    if (logDensity[at]! === -Infinity) continue;
    to[at] = exp(logDensity[at]! - largest[at % K]!);
    total[at % K]! += to[at]!;
  }

  const from = new Float64Array(n * K);
  for (let j = 0; j < n; j++) {
    let most = -Infinity;
    for (let k = 0; k < K; k++) most = Math.max(most, log(posterior[j * K + k]!) + largest[k]!);
    if (most === -Infinity) continue;
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const at = j * K + k;
      if (posterior[at] === 0 || largest[k] === -Infinity) continue;
      from[at] = exp(log(posterior[at]!) + largest[k]! - most);
      sum += from[at]! * ofOthers(to, total, j, k);
    }
    for (let k = 0; k < K; k++) from[j * K + k] = sum > 0 ? from[j * K + k]! / sum : 0;
  }
  return { rowCount, componentCount, from, to };
}

/** Σ_{i ≠ j} to[i, k]. Where row j has most of the sum, taking it away would leave rounding errors. */
function ofOthers(to: Float64Array, total: Float64Array, j: number, k: number): number {
  const K = total.length;
  const own = to[j * K + k]!;
  if (own < total[k]! / 2) return total[k]! - own;
  let sum = 0;
  for (let at = k; at < to.length; at += K) if (at !== j * K + k) sum += to[at]!;
  return sum;
}

/** p(i | j) for all i into `out`, 0 for j itself. */
export function affinitiesOfRow(
  { rowCount, componentCount, from, to }: MixtureAffinities,
  j: number,
  out: Float64Array,
) {
  for (let i = 0; i < rowCount; i++) {
    let sum = 0;
    for (let k = 0; k < componentCount; k++) sum += from[j * componentCount + k]! * to[i * componentCount + k]!;
    out[i] = sum;
  }
  out[j] = 0;
}
