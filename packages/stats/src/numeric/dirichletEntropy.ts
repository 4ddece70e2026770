/** The entropy of beta and Dirichlet distributions. */
import { log } from './elementary.js';
import { digamma, lgamma, logMinusDigamma, stirlingRest } from './special.js';

/**
 * log B(α) + Σ_j (α_j - 1) (ψ(Σα) - ψ(α_j)), in nats. Written with the rests of Stirling's formula and of ψ(x) = log x - …, in
 * which the terms of the order of α log α have cancelled by hand: at α = [1e6, 1e6] they would leave 7 digits.
 */
export function dirichletEntropy(alpha: readonly number[]): number {
  const d = alpha.length;
  const total = alpha.reduce((sum, a) => sum + a, 0);
  const restOfTotal = logMinusDigamma(total);
  return alpha.reduce(
    (sum, a) => sum + 0.5 * log(a) + stirlingRest(a) + (a - 1) * (logMinusDigamma(a) - restOfTotal),
    0.5 * (d - 1) * log(2 * Math.PI) + (0.5 - d) * log(total) - stirlingRest(total),
  );
}

/**
 * -E log p under Dirichlet(α), with p the density of Dirichlet(A), in nats: Σ log Γ(A_j) - log Γ(ΣA) - Σ (A_j - 1)(ψ(α_j) - ψ(Σα)).
 * Infinite when an A_j is 0: p has no mass where coordinate j is positive.
 */
export function dirichletCrossEntropy(alpha: readonly number[], other: readonly number[]): number {
  if (other.includes(0)) return Infinity;
  const ofTotal = digamma(alpha.reduce((sum, a) => sum + a, 0));
  return alpha.reduce(
    (sum, a, j) => sum + lgamma(other[j]!) - (other[j]! - 1) * (digamma(a) - ofTotal),
    -lgamma(other.reduce((sum, a) => sum + a, 0)),
  );
}
