/** What every leaf says in the same words. */
import type { Report } from '../contract.js';

/** For a `degenerate` estimate whose likelihood has a bound: probabilities do not exceed 1. */
export const BOUNDED = { isBounded: true } as const;

/** No row had weight here: the parameters are those of the prior, or the family's own for no data. */
export function reportDead(report: Report | undefined): void {
  report?.add('dead', 'no weight reached this family.');
}

/** One of several levels has all the weight, so that the others are impossible. */
export function reportPointMass(report: Report | undefined, p: Iterable<number>): void {
  const shares = [...p];
  if (shares.length > 1 && shares.some((share) => share === 1)) {
    report?.add(
      'degenerate',
      `1 of ${shares.length} levels has all the weight: the others are impossible, or nearly so. Set pseudoCount.`,
      BOUNDED,
    );
  }
}
