/** Cross-validation: how well models fit rows that they have not seen. */
import type { AnyDistribution, Columns, Estimator } from '../contract.js';
import { ParameterError } from '../errors.js';
import { checkOptions } from '../fit/checkOptions.js';
import { checkWeights } from '../fit/checkWeights.js';
import { em } from '../fit/em.js';
import { fitColumns } from '../fit/iterate.js';
import { OPTIMIZE_OPTIONS, type OptimizeOptions } from '../fit/options.js';
import type { FitResult } from '../fit/result.js';
import { childSeed } from '../numeric/random.js';
import { kFoldIndex, rowUniforms } from './split.js';

/** Options of {@link kFold}. */
export interface KFoldOptions<T, D>
  extends Omit<OptimizeOptions<T, D>, 'validation' | 'responsibilities' | 'initialModel' | 'signal'> {
  /** Number of folds, an integer from 2 to the number of rows. Default 5. */
  readonly folds?: number;
}

/** One fold: the rows left out, and the fit to the others. */
export interface Fold<D> {
  /** Numbers of the rows left out, ascending. */
  readonly rows: Int32Array;
  readonly fit: FitResult<D>;
  /** Σ w log f(x) over the rows left out; -Infinity when one is impossible under the fit. */
  readonly logLikelihood: number;
}

/** See {@link kFold}. */
export interface KFoldResult<D> {
  /** Σ w log f(x) over all rows, each under the fit that has not seen it. */
  readonly logLikelihood: number;
  readonly folds: readonly Fold<D>[];
}

const K_FOLD_OPTIONS = [
  'folds',
  ...OPTIMIZE_OPTIONS.filter((name) => !['validation', 'responsibilities', 'initialModel', 'signal'].includes(name)),
];

/**
 * Fits to all folds but one, for each fold, and scores the rows left out. Fold i is fitted with the seed `"<seed>/i"`. Levels and
 * ranges are those of all rows, so that a pseudo count reaches a level that only one fold has.
 * @throws {ParameterError} for fewer than 2 folds or more folds than rows
 * @throws {EstimationError} when a fold cannot be fitted
 * @example
 * kFold(rows, estimator, { folds: 10, seed: 1 }).logLikelihood; // compare between estimators
 * @see Smyth (2000), Model selection for probabilistic clustering using cross-validated likelihood
 */
export function kFold<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly NoInfer<T>[],
  estimator: Estimator<T, D, C, S>,
  options: KFoldOptions<T, D> = {},
): KFoldResult<D> {
  checkOptions('kFold', options, K_FOLD_OPTIONS);
  const { folds: foldCount = 5, weights: given, seed = 0, ...fitOptions } = options;
  const foldOf = kFoldIndex(rowUniforms(rows.length, seed), foldCount);
  if (foldCount > rows.length) {
    throw new ParameterError('kFold', 'folds', `at most the number of rows, ${rows.length}`, foldCount);
  }
  const weights = given === undefined ? undefined : checkWeights(given, rows.length);
  const algorithm = em(estimator);
  const columns = algorithm.encode(rows);
  const all = Int32Array.from(foldOf.keys());
  const folds = Array.from({ length: foldCount }, (_, i): Fold<D> => {
    const training = all.filter((row) => foldOf[row] !== i);
    const left = all.filter((row) => foldOf[row] === i);
    const iteration = fitColumns(algorithm, algorithm.take(columns, training), undefined, {
      ...fitOptions,
      seed: childSeed(seed, i),
      ...(weights === undefined ? {} : { weights: Float64Array.from(training, (row) => weights[row]!) }),
    });
    let step = iteration.next();
    while (!step.done) {
      options.onIterate?.(step.value);
      step = iteration.next();
    }
    const fit = step.value;
    const scores = new Float64Array(left.length);
    algorithm.seqLogDensity(fit.model, algorithm.take(columns, left), 0, left.length, scores);
    let logLikelihood = 0;
    left.forEach((row, j) => {
      const weight = weights?.[row] ?? 1;
      if (weight > 0) logLikelihood += weight * scores[j]!;
    });
    return { rows: left, fit, logLikelihood };
  });
  return { logLikelihood: folds.reduce((sum, fold) => sum + fold.logLikelihood, 0), folds };
}
