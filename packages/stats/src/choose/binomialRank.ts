/**
 * The rank of an outcome of many independent trials among all possible outcomes, ordered by their probability.
 *
 * Group g has n_g trials with success probability p_g. An outcome with m_g successes in each group has the log-likelihood
 * Σ_g m_g log p_g + (n_g - m_g) log(1 - p_g). Over all 2^N outcomes, N = Σ n_g, the m_g are independent binomials with probability
 * ½, so the distribution of this sum is a convolution. Values are put on a grid for it.
 */
import { checkEstimatorOptions } from '../checks/options.js';
import { checkCount, checkPositive, checkProbability } from '../checks/parameters.js';
import { ParameterError } from '../errors.js';
import { exp, log, log1p } from '../numeric/elementary.js';
import { lgamma } from '../numeric/special.js';

/** Trials with the same success probability. */
export interface TrialGroup {
  /** Success probability, in [0, 1]. A group with 0 or 1 has one possible outcome, and is left out. */
  readonly p: number;
  /** Number of trials, >= 0. */
  readonly count: number;
}

/** Options of {@link binomialRank}. */
export interface BinomialRankOptions {
  /** Distance of the points of the grid, in nats. Default: a 4096th of the range of the log-likelihood. */
  readonly step?: number;
}

/** See {@link binomialRank}. */
export interface BinomialRank {
  /** The log-likelihood of the least likely outcome: that of grid point k is `lowest + k * step`. */
  readonly lowest: number;
  readonly step: number;
  /** N, the number of trials; there are 2^N outcomes. */
  readonly totalCount: number;
  /** The share of all outcomes at each point of the grid. */
  readonly probability: Float64Array;
  /**
   * The share of all outcomes that are at least as likely as one with this log-likelihood. Times 2^N it is their number. Each
   * group moves a value by half a step at most; outcomes as near as that count as equally likely.
   */
  readonly shareAtLeast: (logLikelihood: number) => number;
}

/** Most trials of a group. */
const MAX_COUNT = 2 ** 30;
/** Most points of the grid. */
const MAX_POINTS = 2 ** 24;

/**
 * The distribution of the log-likelihood over all outcomes of independent trials, each outcome counted once.
 * @param groups  numbers of trials and their success probabilities
 * @throws {ParameterError} for an invalid probability or count, and for a step that makes more than 2^24 points
 * @example
 * const rank = binomialRank([{ p: 0.9, count: 3 }, { p: 0.2, count: 2 }]);
 * // The most likely outcome: three successes, then two failures.
 * 2 ** 5 * rank.shareAtLeast(3 * Math.log(0.9) + 2 * Math.log(0.8)); // 1
 */
export function binomialRank(groups: readonly TrialGroup[], options: BinomialRankOptions = {}): BinomialRank {
  const owner = 'binomialRank';
  if (!Array.isArray(groups)) throw new ParameterError(owner, 'groups', 'a list of groups with p and count', groups);
  checkEstimatorOptions(owner, options, { step: checkPositive });
  for (const [g, group] of (groups as readonly TrialGroup[]).entries()) {
    checkProbability(owner, `groups[${g}].p`, group?.p);
    checkCount(owner, `groups[${g}].count`, group.count);
    if (group.count > MAX_COUNT) {
      throw new ParameterError(
        owner,
        `groups[${g}].count`,
        `at most ${MAX_COUNT}: log-factorials lose digits`,
        group.count,
      );
    }
  }
  const open = (groups as readonly TrialGroup[]).filter(({ p, count }) => count > 0 && p > 0 && p < 1);
  const gains = open.map(({ p }) => Math.abs(log(p) - log1p(-p)));
  const lowest = open.reduce((sum, { p, count }) => sum + count * Math.min(log(p), log1p(-p)), 0);
  const range = open.reduce((sum, { count }, g) => sum + count * gains[g]!, 0);
  const { step = range > 0 ? range / 4096 : 1 } = options;
  const most = open.map(({ count }, g) => Math.round((count * gains[g]!) / step));
  const length = 1 + most.reduce((sum, points) => sum + points, 0);
  if (!(length <= MAX_POINTS)) {
    throw new ParameterError(owner, 'step', `a number >= ${range / MAX_POINTS}, for a grid of 2^24 points`, step);
  }
  let probability = new Float64Array(length);
  probability[0] = 1;
  let end = 1;
  for (const [g, { count }] of open.entries()) {
    const convolved = new Float64Array(length);
    // Outside, C(n, m) / 2^n <= exp(-2 (m - n/2)² / n) is no double but 0 (Hoeffding, 1963): work grows with √n.
    const reach = Math.sqrt(380 * count);
    for (let m = Math.max(0, Math.floor(count / 2 - reach)); m <= Math.min(count, count / 2 + reach); m++) {
      // m trials of the group end in the more probable way.
      const share = exp(lgamma(count + 1) - lgamma(m + 1) - lgamma(count - m + 1) - count * Math.LN2);
      const shift = Math.round((m * gains[g]!) / step);
      for (let k = 0; k < end; k++) convolved[k + shift]! += share * probability[k]!;
    }
    probability = convolved;
    end += most[g]!;
  }
  const slack = (open.length * step) / 2;
  const totalCount = open.reduce((sum, { count }) => sum + count, 0);
  return {
    lowest,
    step,
    totalCount,
    probability,
    shareAtLeast(logLikelihood) {
      let share = 0;
      for (let k = length - 1; k >= 0 && lowest + k * step >= logLikelihood - slack; k--) share += probability[k]!;
      return Math.min(1, share);
    },
  };
}
