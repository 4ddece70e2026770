/** Which family numbers follow: those that can hold them, compared by their held-out log-density. */
import type { AnyDistribution, Estimator } from '../contract.js';
import { EstimationError } from '../errors.js';
import { optimize } from '../fit/optimize.js';
import { rowHash } from '../numeric/random.js';
import { kFold } from './kFold.js';

/** A family that numbers may follow. */
export interface NumberFamily {
  readonly name: string;
  readonly estimator: Estimator<number, AnyDistribution, never, never>;
}

/** The family that was chosen. */
export interface ComparedFamilies {
  readonly family: NumberFamily;
  /** Fitted to all numbers. */
  readonly model: AnyDistribution;
  /** In words: mean held-out log-density of each family, the best first. */
  readonly scores: string;
}

const FOLDS = 5;
/** Fewer numbers are not enough to compare families. */
const MIN_NUMBERS = 20;

/**
 * The simplest family that no other one exceeds by more than a standard error, over five folds. Copies of one number are distributed
 * over all folds: a count that is in no fit tells nothing about the counts near it.
 * @param families  the simplest first
 * @param numbers  different numbers in random order, each with its count
 * @returns  `undefined` for fewer than 20 numbers, and when no family can be fitted
 */
export function compareFamilies(
  families: readonly NumberFamily[],
  numbers: readonly (readonly [x: number, count: number])[],
): ComparedFamilies | undefined {
  if (numbers.reduce((sum, [, count]) => sum + count, 0) < MIN_NUMBERS) return undefined;
  // kFold deals each run of FOLDS rows over all folds.
  const rows = numbers.flatMap(([x]) => new Array<number>(FOLDS).fill(x));
  const weights = Float64Array.from(numbers.flatMap(([, count], k) => sharesOf(count, k)));
  const compared = families.flatMap((family) => {
    const scores = foldScores(family, rows, weights);
    return scores === undefined ? [] : [{ family, ...scores }];
  });
  let best = compared[0];
  for (const other of compared.slice(1)) if (isBetter(other.folds, best!.folds)) best = other;
  if (best === undefined) return undefined;
  const ranked = [...compared].sort((a, b) => b.mean - a.mean);
  return {
    family: best.family,
    model: optimize(rows, best.family.estimator as Estimator<number, AnyDistribution, never, never>, { weights }).model,
    scores: ranked.map(({ family, mean }) => `${family.name} ${mean.toFixed(3)}`).join(', '),
  };
}

/** Of so many copies each falls to a fold by chance; the rest of them in equal parts. */
const DEALT = 4096;

/** The copies of the k-th number that fall to each fold. */
function sharesOf(count: number, k: number): readonly number[] {
  const dealt = Math.min(count, DEALT);
  const shares = new Array<number>(FOLDS).fill((count - dealt) / FOLDS);
  for (let copy = 0; copy < dealt; copy++) shares[rowHash(rowHash(0, k), copy) % FOLDS]! += 1;
  return shares;
}

interface FoldScores {
  /** Over all numbers. */
  readonly mean: number;
  /** Held-out log-density and weight of each fold. */
  readonly folds: readonly (readonly [logLikelihood: number, weight: number])[];
}

/** `undefined` when the family cannot hold the numbers, or has no estimate. */
function foldScores(
  { estimator }: NumberFamily,
  rows: readonly number[],
  weights: Float64Array,
): FoldScores | undefined {
  try {
    const { folds, meanLogLikelihood } = kFold(rows, estimator, { folds: FOLDS, weights });
    if (!Number.isFinite(meanLogLikelihood)) return undefined;
    return { mean: meanLogLikelihood, folds: folds.map(({ logLikelihood, weight }) => [logLikelihood, weight]) };
  } catch (error) {
    if (error instanceof EstimationError) return undefined; // such as one that ends at the edge of its parameters
    throw error;
  }
}

/** Whether the mean gain is above its standard error, from the spread between folds. */
function isBetter(own: FoldScores['folds'], other: FoldScores['folds']): boolean {
  const gains = own.map(([score, weight], i) => (weight === 0 ? 0 : (score - other[i]![0]) / weight));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / FOLDS;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (FOLDS - 1);
  return mean > Math.sqrt(variance / FOLDS);
}
