/** Whether numbers are better modelled on the log scale, from the sums that a profile has of them. */
import { log } from '../numeric/elementary.js';
import { momentsOfSums } from '../numeric/exactSum.js';
import type { RowProfile } from './rowProfile.js';

/** Positive numbers whose largest is this many times the smallest may be modelled on the log scale. */
const WIDE = 1000;

/**
 * Whether the log scale is the better one: its Gaussian has the higher likelihood, n/2 log(σ² / σ²log) - Σ log x > 0. One number
 * near 0 makes a wide range, too, and is unlikely there.
 */
export function isWide(profile: RowProfile): boolean {
  const { least, most, integers, fractions, logSum, logSquares } = profile;
  if (!(least > 0 && most >= WIDE * least)) return false;
  const count = integers + fractions;
  const onLogScale = momentsOfSums(count, logSum, logSquares);
  return 0.5 * (log(momentsOf(profile).variance) - log(onLogScale.variance)) > onLogScale.mean;
}

export function wideReason({ integers, fractions, least, most }: RowProfile, what: string): string {
  return `${integers + fractions} ${what} > 0 over orders of magnitude, from ${round(least)} to ${round(most)}`;
}

/** Mean and variance of the finite numbers. */
export function momentsOf({ integers, fractions, sum, squares }: RowProfile) {
  return momentsOfSums(integers + fractions, sum, squares);
}

/** Three digits, for messages. */
export function round(x: number): string {
  return String(Number(x.toPrecision(3)));
}
