/** Cross-validation: how well models fit held-out rows. */

import type { AnyDistribution, Columns, Estimator, Rows, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { encodeCounted } from '../fit/countedRows.js';
import { em } from '../fit/em.js';
import { drive, fitColumns, scoreSum, weightSum } from '../fit/iterate.js';
import { checkFitOptions, type OptimizeOptions, optionsOfFits } from '../fit/options.js';
import type { FitResult } from '../fit/result.js';
import { childSeed } from '../numeric/random.js';
import { unitWeights } from '../tree/children.js';

/** Options of {@link kFold}. */
export interface KFoldOptions<T, D>
  extends Omit<OptimizeOptions<T, D>, 'validation' | 'responsibilities' | 'initialModel' | 'signal'> {
  /** Number of folds, an integer from 2 to the number of rows of positive weight. Default 5. */
  readonly folds?: number;
}

/** One fold: the rows left out, and the fit to the others. */
export interface Fold<D> {
  /** Numbers of the rows left out, from 0, ascending; about n / `folds` of them. A row of weight 0 is in no fold. */
  readonly rows: Int32Array;
  readonly fit: FitResult<D>;
  /** Σ w log f(x) over the rows left out, in nats; -Infinity when one is impossible under the fit. */
  readonly logLikelihood: number;
  /** Σ w over the rows left out: their number, with weights of 1. */
  readonly weight: number;
}

/** See {@link kFold}. */
export interface KFoldResult<D> {
  /** One for each fold, in order; each row of positive weight is left out of exactly one. */
  readonly folds: readonly Fold<D>[];
  /** Σ w log f(x) over all rows, each under the fit that it was left out of. */
  readonly logLikelihood: number;
  /** Mean held-out log-likelihood per unit of weight, in nats, over all rows. */
  readonly meanLogLikelihood: number;
  /** Standard error of that mean, from the spread between folds; NaN when a row is impossible under the fit that scores it. */
  readonly standardError: number;
  readonly seed: Seed;
}

const K_FOLD_OPTIONS = /* @__PURE__ */ optionsOfFits(
  ['folds'],
  ['validation', 'responsibilities', 'initialModel', 'signal'],
);

/**
 * Fits to all folds but one, for each fold, and scores the rows left out. Fold i is fitted with the seed `"<seed>/i"`, on all rows
 * with a weight of 0 for those left out: so levels and ranges are those of all rows, a pseudo count reaches a level that
 * only one fold has, and `kFoldMpi` of `@dml/mpi-estimation` gives the same bits on many ranks.
 * @throws {ParameterError} for fewer than 2 folds or more folds than rows
 * @throws {EstimationError} when a fold cannot be fitted
 * @example
 * kFold(rows, estimator, { folds: 10, seed: 1 }).logLikelihood; // compare between estimators
 * @see Smyth (2000), Model selection for probabilistic clustering using cross-validated likelihood
 */
export function kFold<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: KFoldOptions<T, D> = {},
): KFoldResult<D> {
  checkFitOptions('kFold', options, K_FOLD_OPTIONS);
  const { folds: foldCount = 5, weights: given, seed = 0, ...fitOptions } = options;
  if (!(Number.isInteger(foldCount) && foldCount >= 2)) {
    throw new ParameterError('kFold', 'folds', 'an integer >= 2', foldCount);
  }
  const algorithm = em(estimator);
  const counted = encodeCounted(algorithm, rows, given);
  const { columns, numbers, weights = unitWeights(columns.rowCount) } = counted;
  const { rowCount } = columns;
  if (foldCount > rowCount) {
    throw new ParameterError('kFold', 'folds', `at most the number of rows, ${rowCount}`, foldCount);
  }
  const foldAt = algorithm.foldOf(seed, foldCount);
  const foldOf = Int32Array.from({ length: rowCount }, (_, row) => foldAt(row));
  const folds = Array.from({ length: foldCount }, (_, i): Fold<D> => {
    const others = Float64Array.from(foldOf, (fold, row) => (fold === i ? 0 : weights[row]!));
    const own = Float64Array.from(foldOf, (fold, row) => (fold === i ? weights[row]! : 0));
    const foldOptions = { ...fitOptions, seed: childSeed(seed, i) };
    const fit = drive(
      fitColumns(algorithm, { ...counted, weights: others }, undefined, foldOptions),
      options.onIterate,
    );
    return {
      rows: foldOf.map((_, row) => numbers?.[row] ?? row).filter((_, row) => foldOf[row] === i),
      fit,
      logLikelihood: scoreSum(algorithm, fit.model, columns, own),
      weight: weightSum(algorithm.segments, own),
    };
  });
  return { folds, seed, ...summaryOf(folds) };
}

/**
 * The mean over all rows, and its standard error: folds are weighted by their rows.
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 7.10
 */
function summaryOf(
  folds: readonly Fold<unknown>[],
): Pick<KFoldResult<unknown>, 'logLikelihood' | 'meanLogLikelihood' | 'standardError'> {
  let logLikelihood = 0;
  let weight = 0;
  for (const fold of folds) {
    logLikelihood += fold.logLikelihood;
    weight += fold.weight;
  }
  const meanLogLikelihood = logLikelihood / weight;
  let squares = 0;
  for (const fold of folds) {
    if (fold.weight === 0) continue; // no row, no mean
    squares += (fold.weight / weight) * (fold.logLikelihood / fold.weight - meanLogLikelihood) ** 2;
  }
  return { logLikelihood, meanLogLikelihood, standardError: Math.sqrt(squares / (folds.length - 1)) };
}
