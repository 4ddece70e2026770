/**
 * The weights of a Dirichlet process, cut after T components: v_k ~ Beta(1, α) for k < T, v_T = 1, π_k = v_k Π_{j<k} (1 - v_j),
 * with α ~ Gamma. What is known of them is q(v) q(α): a beta distribution for each stick and a gamma distribution.
 * Source: Sethuraman, A constructive definition of Dirichlet priors (1994); Blei & Jordan (2006), section 3.
 */

import { BetaDistribution } from '../../families/beta.js';
import type { GammaDistribution } from '../../families/gamma.js';
import { log } from '../../numeric/elementary.js';
import { lgamma } from '../../numeric/special.js';

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

/**
 * In nats. A step by which the components gain more than `EARLY` is far from the limit: the E step after it gains about as much, so that
 * the order may cost up to `RATIO` of these gains, but no more than `LOSS`.
 */
const [EARLY, RATIO, LOSS] = [0.02, 3, 0.1];

/** What an M step needs of the model before it, for the order after it. */
export interface EnteringProcess {
  /** E log π_k. */
  readonly logWeights: ArrayLike<number>;
  /** Σ_{k<T} (E α - 1) E log(1 - v_k) + H(q(v_k)): the part of the bound that the M step of the sticks raises, without the rows. */
  readonly bound: number;
  /** What was known of each component's parameters. */
  readonly posteriors: readonly unknown[];
}

/** Of a model, whose log-weights are at hand. */
export function enteringProcess(
  { sticks, concentration, posteriors }: ProcessWeights & Pick<EnteringProcess, 'posteriors'>,
  logWeights: Float64Array,
): EnteringProcess {
  const bound = sticks.reduce((sum, v) => sum + (concentration.mean - 1) * v.meanLogs.ofRest + v.entropy, 0);
  return { logWeights, bound, posteriors };
}

/**
 * The order of the components for the next sticks: by size, largest first, ties as they are. As v_T = 1 has no prior, another order
 * can have the higher bound: with E α > 1 the end may be the better place for a large component. The order by size is taken unless
 * the bound would fall: what the sticks lose must be less than what the same M step gains by the components, and the E step after an
 * early one. Else the last two change places, and where that costs too much as well, all stay.
 * @param counts  N_k >= 0, in the present order
 * @param meanConcentration  E α before
 * @param entering  absent at the start of a fit, where there is no bound yet
 * @param gainOfComponents  what the bound gains by the M step of the components' parameters, in nats; asked for once, if at all
 * @returns  the present place of each component, in the new order
 */
export function orderOfSizes(
  counts: ArrayLike<number>,
  meanConcentration: number,
  entering: EnteringProcess | undefined,
  gainOfComponents: (posteriors: readonly unknown[]) => number,
): readonly number[] {
  const present = Array.from(counts, (_, k) => k);
  const bySize = [...present].sort((a, b) => counts[b]! - counts[a]!);
  if (entering === undefined || bySize.every((k, place) => k === place)) return bySize;
  const before = present.reduce((sum, k) => sum + counts[k]! * entering.logWeights[k]!, entering.bound);
  const gain = gainOfComponents(entering.posteriors);
  const least = before - Math.max(gain, gain > EARLY ? Math.min(RATIO * gain, LOSS) : 0);
  const exchanged = [...bySize.slice(0, -2), ...bySize.slice(-2).reverse()];
  return [bySize, exchanged].find((order) => boundOfOrder(order, counts, meanConcentration) >= least) ?? present;
}

/**
 * The sticks' part of the bound at the best sticks for this order: Σ_{k<T} log B(1 + N_k, E α + Σ_{j>k} N_j), which telescopes to
 * Σ_{k<T} log Γ(1 + N_k) + log Γ(E α + N_T) - log Γ(E α + Σ N) - Σ_{k<T} log(E α + Σ_{j>=k} N_j).
 */
function boundOfOrder(order: readonly number[], counts: ArrayLike<number>, meanConcentration: number): number {
  let rest = counts[order[order.length - 1]!]!;
  let bound = lgamma(meanConcentration + rest);
  for (let k = order.length - 2; k >= 0; k--) {
    const count = counts[order[k]!]!;
    rest += count;
    bound += lgamma(1 + count) - log(meanConcentration + rest);
  }
  return bound - lgamma(meanConcentration + rest);
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
