/**
 * Some coordinates of a Gaussian vector given the others, b: with S the covariance, the others come first in a factorisation
 * S = L Lᵀ, and then x_a given x_b has mean μ_a + L_ab z with L_bb z = x_b - μ_b, and covariance L_aa L_aaᵀ. That is
 * S_aa - S_ab S_bb⁻¹ S_ba without a difference, so that it stays positive definite.
 * Source: Anderson, An Introduction to Multivariate Statistical Analysis (2003), theorem 2.5.1.
 */
import { cholesky, solveLower } from './cholesky.js';
import { log } from './elementary.js';

/** See {@link gaussianGiven}. */
interface GaussianGiven {
  /** Of the known coordinates. */
  readonly logDensity: number;
  /** Of the unknown coordinates, in their order. */
  readonly mu: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/**
 * @param known  coordinates, each once
 * @param values  a number for each
 * @returns `undefined` when the covariance is singular to machine precision
 */
export function gaussianGiven(
  mu: readonly number[],
  covariance: readonly (readonly number[])[],
  known: readonly number[],
  values: readonly number[],
): GaussianGiven | undefined {
  const order = [...known, ...[...mu.keys()].filter((j) => !known.includes(j))];
  const d = order.length;
  const factor = cholesky(Float64Array.from(order.flatMap((i) => order.map((j) => covariance[i]![j]!))), d);
  if (factor === undefined) return undefined;
  const at = (i: number, j: number) => factor[i * d + j]!;
  const count = known.length;
  const z = new Float64Array(count);
  for (let i = 0; i < count; i++) z[i] = values[i]! - mu[known[i]!]!;
  const leading = Float64Array.from({ length: count * count }, (_, k) => at(Math.floor(k / count), k % count));
  solveLower(leading, count, z);
  let logDensity = -0.5 * count * log(2 * Math.PI);
  for (let i = 0; i < count; i++) logDensity -= 0.5 * z[i]! * z[i]! + log(at(i, i));
  const rest = order.slice(count);
  return {
    logDensity: Number.isNaN(logDensity) ? -Infinity : logDensity, // entries that overflow: infinitely far away
    mu: rest.map((j, a) => z.reduce((sum, entry, b) => sum + at(count + a, b) * entry, mu[j]!)),
    covariance: rest.map((_, a) =>
      rest.map((__, b) => {
        let sum = 0;
        for (let k = 0; k <= Math.min(a, b); k++) sum += at(count + a, count + k) * at(count + b, count + k);
        return sum;
      }),
    ),
  };
}
