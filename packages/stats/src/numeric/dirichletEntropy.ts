/** The entropy of beta and Dirichlet distributions. */
import { log } from './elementary.js';
import { logMinusDigamma, stirlingRest } from './special.js';

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
