/**
 * Floors of families whose likelihood has no upper bound. In a mixture a component that shrinks onto one value would win
 * without end; so its variance, on the family's own scale, is held at a small part of that of all rows.
 * @see Hathaway (1985), A constrained formulation of maximum-likelihood estimation for normal mixture distributions
 */
import type { Report } from '../contract.js';
import { ParameterError } from '../errors.js';

/** The least variance of a component, as a part of the variance of all rows. */
export const FLOOR = 1e-6;

/** The check of a largest value that may be Infinity, for none. @throws {ParameterError} */
export function checkMost(owner: string, name: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0)) throw new ParameterError(owner, name, 'a number > 0', value);
}

/**
 * Says that an estimate has been held at its floor.
 * @param option  what replaces the floor
 * @param isGiven  whether the option was given
 */
export function reportFloor(report: Report | undefined, what: string, option: string, isGiven: boolean): void {
  const floor = isGiven ? `the ${option} that was given` : '1e-6 of that of all rows';
  report?.add(
    'degenerate',
    `${what} is held at its floor, ${floor}: nearly all weight is on equal values. Model these apart, use fewer components, ` +
      `or set ${option} or a prior.`,
  );
}
