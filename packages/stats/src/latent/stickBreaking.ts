/**
 * The weights of a Dirichlet process, cut after T components: v_k ~ Beta(1, α) for k < T, v_T = 1, π_k = v_k Π_{j<k} (1 - v_j),
 * with α ~ Gamma. What is known of them is q(v) q(α): a beta distribution for each stick and a gamma distribution.
 * Source: Sethuraman, A constructive definition of Dirichlet priors (1994); Blei & Jordan (2006), section 3.
 */

import { BetaDistribution } from '../families/beta.js';
import type { GammaDistribution } from '../families/gamma.js';

/** What is known of the weights. */
export interface ProcessWeights {
  /** Of the first part of the stick that is left before component k, for all components but the last. */
  readonly sticks: readonly BetaDistribution[];
  /** Of α: the greater, the more components. */
  readonly concentration: GammaDistribution;
}

/** E log π_k = E log v_k + Σ_{j<k} E log(1 - v_j). */
export function meanLogWeights(sticks: readonly BetaDistribution[]): Float64Array {
  const logs = new Float64Array(sticks.length + 1);
  let rest = 0;
  sticks.forEach((stick, k) => {
    const { ofShare, ofRest } = stick.meanLogs;
    logs[k] = ofShare + rest;
    rest += ofRest;
  });
  logs[sticks.length] = rest;
  return logs;
}

/**
 * Coordinate ascent: v_k ~ Beta(1 + N_k, E α + Σ_{j>k} N_j), then α ~ Gamma(s + T - 1, rate r - Σ E log(1 - v_k)).
 * @param counts  N_k >= 0, in order
 * @param meanConcentration  E α before
 */
export function updatedWeights(
  counts: readonly number[],
  meanConcentration: number,
  prior: GammaDistribution,
): ProcessWeights {
  const sticks = stickCounts(counts).map(
    ([count, rest]) => new BetaDistribution({ alpha: 1 + count, beta: meanConcentration + rest }),
  );
  const broken = sticks.reduce((sum, stick) => sum - stick.meanLogs.ofRest, 0);
  return { sticks, concentration: prior.updated({ shape: sticks.length, rate: broken }) };
}

/** N_k and Σ_{j>k} N_j, for all components but the last. */
function stickCounts(counts: readonly number[]): readonly (readonly [number, number])[] {
  const rests = new Float64Array(counts.length);
  for (let k = counts.length - 2; k >= 0; k--) rests[k] = rests[k + 1]! + counts[k + 1]!;
  return counts.slice(0, -1).map((count, k) => [count, rests[k]!] as const);
}

/** E log p(v | α) + H(q(v)), and E log p(α) + H(q(α)). */
export function weightsBound(
  { sticks, concentration }: ProcessWeights,
  prior: GammaDistribution,
): { readonly sticks: number; readonly concentration: number } {
  const ofSticks = sticks.reduce(
    (sum, stick) => sum + concentration.meanLog + (concentration.mean - 1) * stick.meanLogs.ofRest + stick.entropy,
    0,
  );
  return { sticks: ofSticks, concentration: concentration.entropy - concentration.crossEntropy(prior) };
}
