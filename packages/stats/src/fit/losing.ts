/** When one of several fits can be given up. Apart from `converge.ts`: a page that fits once does not need it. */
import { type Iterate, isKnown, objectiveOf, roundingOf } from './converge.js';

/**
 * No fit is given up before so many iterations. Near a saddle, and right after an accelerated step, gains shrink fast and Aitken's
 * limit is too low. So the fit must stay below with so many times what the later half of its iterations has gained, too: of trials
 * that would have won, 1 in 1000 is then lost (Gaussian mixtures, latent classes, records, hidden Markov models), not 1 in 20.
 */
const [LOSING_ITERATIONS, LOSING_MARGIN] = [16, 8];

/**
 * Whether a fit can be given up because its limit lies below an objective that another has reached. Where the density of the prior
 * is not known, no fit is given up.
 */
export function isLosing(path: readonly Iterate[], reached: number): boolean {
  const newest = path[path.length - 1]!;
  if (!isKnown(newest) || newest.iteration < LOSING_ITERATIONS || newest.isRejected || newest.step !== 'plain')
    return false;
  let half = Math.floor(newest.iteration / 2);
  while (half > 0 && path[half]!.isRejected) half--;
  const objective = objectiveOf(newest);
  const gained = objective - objectiveOf(path[half]!);
  if (!(objective + LOSING_MARGIN * gained < reached)) return false;
  return objective + leftByPair(path) < reached;
}

/** What is left by Aitken's rule alone. After a try it is too much rather than too little, so few fits are given up. */
function leftByPair(path: readonly Iterate[]): number {
  const pair = newestPair(path.filter(({ isRejected }) => !isRejected));
  if (pair === undefined) return Number.NaN;
  const { earlier, later } = pair;
  if (later.change <= roundingOf(later, 0)) return 0;
  return sumOfGains(later.change, later.change / earlier.change);
}

/** The newest two EM steps in a row: a try makes the gain of the step after it incomparable. */
function newestPair(accepted: readonly Iterate[]): { readonly earlier: Iterate; readonly later: Iterate } | undefined {
  const isPlain = (at: number) => at > 0 && accepted[at]!.step === 'plain';
  for (let at = accepted.length - 1; at > 1; at--) {
    if (isPlain(at) && isPlain(at - 1)) return { earlier: accepted[at - 1]!, later: accepted[at]! };
  }
  return undefined;
}

/** The gains to come, each `ratio` times the one before. */
function sumOfGains(gain: number, ratio: number): number {
  return ratio > 0 && ratio < 1 ? (gain * ratio) / (1 - ratio) : Infinity;
}
