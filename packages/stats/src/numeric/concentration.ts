/** The concentrations of a Dirichlet distribution from the means of its logarithms. */
import { exp, log } from './elementary.js';
import { newtonRoot } from './newtonRoot.js';
import { digamma, digammaInverse, trigamma } from './special.js';

/** The largest Σα that is returned; equal rows have their maximum at infinity. */
export const MAX_PRECISION = 1e10;

/**
 * The α with ψ(α_j) - ψ(Σα) = m_j, by Newton's method; the Hessian is a diagonal plus a constant, so a step costs O(d).
 * @param means  the m_j, each < 0; where Σ exp(m_j) >= 1, which only equal rows reach, the α with Σα = {@link MAX_PRECISION}
 * @see Minka (2000), section 1, eq. 15-18
 */
export function solveConcentration(means: Float64Array): Float64Array {
  const geometric = means.map(exp);
  const total = geometric.reduce((sum, g) => sum + g, 0);
  if (total === Infinity) {
    // No rows have such means, but an extrapolated statistic may. The sum overflows.
    const largest = means.reduce((most, m) => Math.max(most, m), -Infinity);
    const shares = means.map((m) => exp(m - largest));
    const sum = shares.reduce((all, share) => all + share, 0);
    return shares.map((share) => (MAX_PRECISION * share) / sum);
  }
  // Σ exp(m_j) reaches 1 only when all rows are equal. Near that Σα is about (d - 1) / (-2 log Σ exp(m_j)).
  const precision = (means.length - 1) / (-2 * log(total)); // 0 where means are so low that the sum underflows
  if (!(precision >= 0 && precision < MAX_PRECISION)) return geometric.map((g) => (MAX_PRECISION * g) / total);
  const start = digamma(Math.max(precision, 1e-3));
  let alpha = means.map((m) => digammaInverse(m + start));
  let before = Infinity;
  for (let step = 0; step < 200; step++) {
    const change = newtonStep(alpha, means);
    // A full step may leave α > 0: the objective is concave, so a shorter one still climbs.
    let length = 1;
    while (alpha.some((a, j) => !(a + length * change[j]! > 0)) && length > 0) length /= 2;
    if (length === 0) break; // an α that underflows: no step leaves it > 0
    const relative = alpha.reduce((most, a, j) => Math.max(most, Math.abs(change[j]!) / a), 0);
    alpha = alpha.map((a, j) => a + length * change[j]!);
    // Steps shrink quadratically near the end, until rounding holds them up.
    if (relative <= 1e-13 || (relative < 1e-3 && relative > before / 2)) break;
    before = relative;
  }
  return alpha;
}

/**
 * The maximum of the likelihood under Σα <= `most`: where the bound holds it back, ψ(α_j) = m_j + ψ(c) with the c for which the
 * α_j sum to `most`.
 */
export function solveBoundedConcentration(means: Float64Array, most: number): Float64Array {
  const alpha = solveConcentration(means);
  const precision = alpha.reduce((sum, a) => sum + a, 0);
  if (!(precision > most)) return alpha;
  const at = (c: number) => means.map((m) => digammaInverse(m + digamma(c)));
  const excess = (c: number) => {
    const curvature = trigamma(c);
    let [value, slope] = [most, 0];
    for (const a of at(c)) {
      value -= a;
      slope -= curvature / trigamma(a);
    }
    return { value, slope };
  };
  const onBorder = at(newtonRoot(excess, { start: most, lower: 1e-10, upper: precision }));
  const sum = onBorder.reduce((total, a) => total + a, 0);
  return onBorder.map((a) => (a * most) / sum);
}

/** -H⁻¹ g of the mean log-likelihood, with H = -diag(ψ'(α_j)) + ψ'(Σα). */
function newtonStep(alpha: Float64Array, means: Float64Array): Float64Array {
  const sum = alpha.reduce((total, a) => total + a, 0);
  const digammaOfSum = digamma(sum);
  const gradient = alpha.map((a, j) => digammaOfSum - digamma(a) + means[j]!);
  const diagonal = alpha.map((a) => -trigamma(a));
  let weighted = 0;
  let inverse = 0;
  for (let j = 0; j < alpha.length; j++) {
    weighted += gradient[j]! / diagonal[j]!;
    inverse += 1 / diagonal[j]!;
  }
  const shared = weighted / (1 / trigamma(sum) + inverse);
  return alpha.map((_, j) => (shared - gradient[j]!) / diagonal[j]!);
}
