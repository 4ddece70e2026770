/** Runs the cases of automatic.json: raw rows, and the estimator that they ask for. */
import { automaticEstimator } from '../../src/choose/automaticEstimator.js';
import type { AnyEstimator } from '../../src/contract.js';
import {
  CategoricalEstimator,
  CompositeEstimator,
  GaussianEstimator,
  IgnoredEstimator,
  type Level,
  type NormalGammaDistribution,
  OptionalEstimator,
  SequenceEstimator,
} from '../../src/models/models.js';
import { type Json, revive } from './adapter.js';
import { differences } from './compare.js';

export function isAutomaticCase(json: Json): boolean {
  return typeof (json.options as Json | undefined)?.empiricalSuffStat === 'boolean';
}

/** The golden files' terms for an estimator. */
function describe(estimator: AnyEstimator): Json {
  if (estimator instanceof GaussianEstimator) {
    // The prior of imaginary rows: see NormalGammaDistribution.ofImaginaryRows.
    const { mu, lambda, alpha, beta } = estimator.options.prior as NormalGammaDistribution;
    const sigma2Count = 2 * alpha - 1;
    return { type: 'Gaussian', pseudoCount: [lambda, sigma2Count], suffStat: [mu, (2 * beta) / sigma2Count] };
  }
  if (estimator instanceof CategoricalEstimator) {
    const { pseudoCount, prior } = estimator.options as {
      readonly pseudoCount?: number;
      readonly prior?: readonly (readonly [Level, number])[];
    };
    return { type: 'Categorical', pseudoCount, suffStat: [...prior!].sort(([a], [b]) => (a! < b! ? -1 : 1)) };
  }
  if (estimator instanceof OptionalEstimator) {
    const { missing } = estimator.options;
    return { type: 'Optional', dist: describe(estimator.estimator), missingValue: missing };
  }
  if (estimator instanceof CompositeEstimator) {
    return { type: 'Composite', dists: (estimator.estimators as readonly AnyEstimator[]).map(describe) };
  }
  if (estimator instanceof SequenceEstimator) return { type: 'Sequence', dist: describe(estimator.estimator) };
  if (estimator instanceof IgnoredEstimator) return { type: 'Ignored' };
  throw new Error('no adapter describes this estimator');
}

/** All disagreements of one case. There integers are levels, however many, and lists have no model of the length. */
export function runAutomatic(json: Json & { readonly name: string }): string[] {
  const { pseudoCount } = json.options as { readonly pseudoCount: number };
  const rows = (json.data as unknown[]).map(revive);
  const { estimator } = automaticEstimator(rows, { pseudoCount, maxLevels: Infinity, lengths: false });
  return differences(describe(estimator as AnyEstimator), json.estimator, 1e-12, json.name);
}
