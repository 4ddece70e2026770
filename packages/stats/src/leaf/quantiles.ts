/** Quantiles: inverses of distribution functions, and the check of what is asked for. */

import { checkProbability, SMALLEST_NORMAL } from '../checks/parameters.js';
import { log } from '../numeric/elementary.js';
import { newtonRoot } from '../numeric/newtonRoot.js';
import { erfcInverse } from '../numeric/special.js';

/** The tails of a distribution, and its density where there is one. */
interface Tails {
  cdf(x: number): number;
  survival(x: number): number;
}

/** The family, for messages, and p itself. @throws {ParameterError} unless p is in [0, 1] */
export function checkQuantile(family: string, p: number): void {
  checkProbability(`${family}Distribution.quantile`, 'p', p);
}

/** The standard normal quantile. */
export function normalQuantile(p: number): number {
  return -Math.SQRT2 * erfcInverse(2 * p);
}

/** The quantile of a distribution with a density over x > 0; 0 when it is below {@link SMALLEST_NORMAL}. @param start  first guess */
export function positiveQuantile(
  distribution: Tails & { density(x: number): number },
  p: number,
  start: number,
): number {
  if (p <= distribution.cdf(SMALLEST_NORMAL)) return 0;
  if (p === 1) return Infinity;
  return newtonRoot(
    (x) => {
      // In logs and from the smaller tail, so that tiny probabilities keep their digits.
      const tail = p <= 0.5 ? distribution.cdf(x) : distribution.survival(x);
      const value = p <= 0.5 ? log(p / tail) : log(tail / (1 - p));
      return { value, slope: -distribution.density(x) / tail };
    },
    { start, lower: SMALLEST_NORMAL, upper: Number.MAX_VALUE },
  );
}

/**
 * The smallest integer x in `[first, last]` with P(X <= x) >= p, by doubling steps from a guess and halving what lies between.
 * @param guess  where to begin: the nearer, the fewer the steps
 * @param last  the largest integer of the support. Default: none
 */
export function integerQuantile(distribution: Tails, p: number, guess: number, first: number, last = Infinity): number {
  if (p === 1) return last;
  // Above ½ the other tail decides where P(X <= x) is rounded to 1.
  const reaches = (x: number) => distribution.cdf(x) >= p || (p > 0.5 && distribution.survival(x) <= 1 - p);
  // Above 2^53 not every integer is a double: the search goes on among those that are.
  const end = Math.min(last, Number.MAX_VALUE);
  let high = Math.min(Math.max(Number.isNaN(guess) ? first : Math.round(guess), first), end);
  let low = high;
  for (let step = 1; low >= first && reaches(low); step *= 2) [high, low] = [low, low - step];
  for (let step = 1; high < end && !reaches(high); step *= 2) [low, high] = [high, Math.min(high + step, end)];
  low = Math.max(low, first - 1);
  for (;;) {
    const middle = low + Math.floor((high - low) / 2);
    if (middle === low || middle === high) break;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}
