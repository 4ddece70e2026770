/**
 * The concentrations of topic proportions: the α with ψ(α_k) - ψ(Σα) = the mean of E log θ_k, by Newton's method.
 * Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003), section 5.3.
 */
import { checkPositive } from '../../checks/parameters.js';
import type { Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { BOUNDED } from '../../leaf/findings.js';
import { MAX_PRECISION, solveConcentration } from '../../numeric/concentration.js';
import { newtonRoot } from '../../numeric/newtonRoot.js';
import { digamma, digammaInverse, lgamma, trigamma } from '../../numeric/special.js';

/** Imaginary documents whose proportions are distributed as Dirichlet(prior). */
export interface ConcentrationOptions {
  readonly pseudoCount?: number;
  readonly prior?: ArrayLike<number>;
}

/** The smallest α that is estimated: documents of one topic each would take it to 0. */
const MIN_ALPHA = 1e-4;

/** @throws {ParameterError} unless `alpha` has `count` numbers > 0 */
export function checkConcentrations(owner: string, name: string, alpha: ArrayLike<number>, count: number): void {
  if (typeof alpha !== 'object' || alpha === null || alpha.length !== count) {
    throw new ParameterError(owner, name, `a list of ${count} numbers`, alpha);
  }
  for (let k = 0; k < count; k++) checkPositive(owner, `${name}[${k}]`, alpha[k], 1e-290);
}

/**
 * What the imaginary documents of {@link estimateConcentrations} add to the log-likelihood at α: c E log Dirichlet(θ; α), with
 * θ ~ Dirichlet(prior). `undefined` without any, and with one topic, where α says nothing.
 */
export function logConcentrationPrior(
  alpha: ArrayLike<number>,
  { pseudoCount = 0, prior = Array.from(alpha, () => 1) }: ConcentrationOptions,
): number | undefined {
  if (pseudoCount === 0 || alpha.length === 1) return undefined;
  const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);
  const ofPrior = digamma(sumOf(prior));
  const terms = Array.from(alpha, (a, k) => (a - 1) * (digamma(prior[k]!) - ofPrior) - lgamma(a));
  return pseudoCount * (lgamma(sumOf(alpha)) + sumOf(terms));
}

/** No documents and no prior: all 1, the uniform distribution. With one topic α says nothing, and is 1. */
export function estimateConcentrations(
  weight: number,
  logProportions: Float64Array,
  { pseudoCount = 0, prior = logProportions.map(() => 1) }: ConcentrationOptions,
  report: Report | undefined,
): Float64Array {
  const total = weight + pseudoCount;
  if (!(total > 0) || logProportions.length === 1) return logProportions.map(() => 1);
  const ofPrior = digamma(Array.from(prior).reduce((sum, a) => sum + a, 0));
  const means = logProportions.map((sum, k) => (sum + pseudoCount * (digamma(prior[k]!) - ofPrior)) / total);
  const free = solveConcentration(means);
  const alpha = free.some((a) => a < MIN_ALPHA) ? solveAboveLeast(means) : free;
  if (alpha.every((a) => a === MIN_ALPHA)) {
    report?.add(
      'degenerate',
      `each document has one topic, so α falls to its limit ${MIN_ALPHA}. Set fixedAlpha or pseudoCount.`,
      BOUNDED,
    );
  }
  if (alpha.reduce((sum, a) => sum + a, 0) >= MAX_PRECISION * (1 - 1e-9)) {
    report?.add(
      'degenerate',
      'all documents have the same topic proportions, so α has no maximum. Set pseudoCount.',
      BOUNDED,
    );
  }
  return alpha;
}

/**
 * The maximum of the likelihood under α_k >= {@link MIN_ALPHA}: where that does not hold an α back, ψ(α_k) = m_k + ψ(S), with the S that
 * all α sum to. To raise the others' maxima to the limit, and no more, can cost a nat for each document.
 */
function solveAboveLeast(means: Float64Array): Float64Array {
  const at = (sum: number) => means.map((m) => Math.max(digammaInverse(m + digamma(sum)), MIN_ALPHA));
  const lower = means.length * MIN_ALPHA;
  const excess = (sum: number) => {
    const curvature = trigamma(sum);
    let [value, slope] = [-sum, -1];
    for (const a of at(sum)) {
      value += a;
      if (a > MIN_ALPHA) slope += curvature / trigamma(a);
    }
    return { value, slope };
  };
  if (!(excess(lower).value > 0)) return means.map(() => MIN_ALPHA);
  return at(newtonRoot(excess, { start: 2 * lower, lower, upper: MAX_PRECISION }));
}
