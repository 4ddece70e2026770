/**
 * The concentrations of topic proportions: the α with ψ(α_k) - ψ(Σα) = the mean of E log θ_k, by Newton's method.
 * Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003), section 5.3.
 */
import { checkPositive } from '../../checks/parameters.js';
import type { Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { BOUNDED } from '../../leaf/findings.js';
import { MAX_PRECISION, solveConcentration } from '../../numeric/concentration.js';
import { digamma, lgamma } from '../../numeric/special.js';

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
  const alpha = solveConcentration(means).map((a) => Math.max(a, MIN_ALPHA));
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
