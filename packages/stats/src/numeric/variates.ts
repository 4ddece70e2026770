/** Normal and gamma variates whose bits do not depend on the engine's logarithm. */

import type { Random } from '../contract.js';
import { exp, log } from './elementary.js';

/**
 * Standard normal variates.
 * @see Marsaglia & Bray, A convenient method for generating normal variables (1964): the polar method
 */
export function normalVariates(rng: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second;
    }
    for (;;) {
      const x = 2 * rng() - 1;
      const y = 2 * rng() - 1;
      const square = x * x + y * y;
      if (square === 0 || square > 1) continue;
      const stretch = Math.sqrt((-2 * log(square)) / square);
      spare = x * stretch;
      return y * stretch;
    }
  };
}

/**
 * Gamma variates of scale 1, for a shape >= 1.
 * @see Marsaglia & Tsang, A simple method for generating gamma variables (2000)
 */
export function gammaVariates(rng: Random, shape: number): () => number {
  const normal = normalVariates(rng);
  const d = shape - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  return () => {
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - rng();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v;
    }
  };
}

/**
 * Points of the simplex, Dirichlet distributed. In logs: Gamma(α) = Gamma(α + 1) · U^(1/α), which underflows for small α.
 * @see Devroye, Non-Uniform Random Variate Generation (1986), ch. XI.4
 */
export function dirichletVariates(rng: Random, alpha: readonly number[]): () => number[] {
  const gammas = alpha.map((a) => gammaVariates(rng, a + 1));
  return () => {
    const logs = alpha.map((a, j) => log(gammas[j]!()) + log(1 - rng()) / a);
    const largest = Math.max(...logs);
    const parts = logs.map((part) => exp(part - largest));
    const total = parts.reduce((sum, part) => sum + part, 0);
    return parts.map((part) => part / total);
  };
}
