import { FitError, OptionError } from '../errors.js';
import type { FitJob } from '../fit/job.js';
import { runFit } from '../fit/runFit.js';
import { type Score, scoreShard } from '../fit/score.js';
import { drawStart } from '../fit/start.js';
import type { Algorithm, Columns, Seed } from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import { type MpiFitResult, resultOf } from './optimizeMpi.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** Options of {@link kFoldMpi}. */
export interface KFoldMpiOptions<T, D, C>
  extends Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint' | 'validation'> {
  /** Number of folds, an integer >= 2. Default 5. */
  readonly folds?: number;
}

/**
 * One fold: the fit to the rows of the other folds, scored on its own. The i-th row of positive weight, counted over all ranks, is
 * in fold f when `foldOf(seed, folds)(i)` of the algorithm is f.
 */
export interface Fold<D> extends Score {
  readonly fit: MpiFitResult<D>;
}

/** The result of a cross-validation. All but the models is on every rank. */
export interface KFold<D> {
  /** One for each fold, in order; each row of positive weight is left out of exactly one. */
  readonly folds: readonly Fold<D>[];
  /** Σ w log f(x) over all rows, each under the fit that has not seen it. */
  readonly logLikelihood: number;
  /** Mean held-out log-likelihood per unit of weight, in nats, over all rows. */
  readonly meanLogLikelihood: number;
  /** Standard error of that mean, from the spread between folds. */
  readonly standardError: number;
  readonly seed: Seed;
}

const CALL: Call = { name: 'kFoldMpi', options: [...FIT_OPTIONS, 'folds'] };

/**
 * Collective: k-fold cross-validation. Each fold is left out of one fit and scored by it. Rows stay where they are: those
 * left out get weight 0.
 * @returns  held-out log-likelihoods: the bits of `kFold` of `@dml/stats`, for any number of ranks
 * @throws {OptionError} when there are fewer rows than folds
 * @throws {FitError} when a rank aborts it: there is no result of some folds. Else as `optimizeMpi`
 * @example
 * export const compare = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   kFoldMpi(rows, algorithm, { comm, folds: 10, seed: 1 });
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 7.10
 */
export async function kFoldMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: KFoldMpiOptions<T, D, C>,
): Promise<KFold<D>> {
  return withFit(CALL, rows, algorithm, options, async (shared, end) => {
    const { folds: foldCount = 5, seed = 0, start = 'kmeans++', modelOn } = options;
    const { comm, shard, stopwatch } = shared;
    if (shard.rowCount < foldCount) {
      throw new OptionError(`kFoldMpi: ${shard.rowCount} rows cannot make ${foldCount} folds. Ask for fewer folds.`);
    }
    const foldOf = algorithm.foldOf(seed, foldCount);
    const folds: Fold<D>[] = [];
    for (let fold = 0; fold < foldCount; fold++) {
      const without = (row: number, weight: number) => (foldOf(row) === fold ? 0 : weight);
      const only = (row: number, weight: number) => (foldOf(row) === fold ? weight : 0);
      const job: FitJob<T, D, C> = { ...shared, seed: algorithm.trialSeed(seed, fold), weightOf: without };
      const fit = await runFit(job, await stopwatch.time('start', () => drawStart(job, start)));
      if (fit.reason === 'aborted') throw new FitError(`kFoldMpi: aborted in fold ${fold + 1} of ${foldCount}.`);
      end(fit, `fold ${fold + 1} of ${foldCount}`);
      const heldOut = await scoreShard(comm, algorithm, shard, fit.model, only);
      folds.push({ fit: resultOf(comm, fit, modelOn), ...heldOut });
    }
    return { folds, seed, ...summaryOf(folds) };
  });
}

function summaryOf(
  scores: readonly Score[],
): Pick<KFold<never>, 'logLikelihood' | 'meanLogLikelihood' | 'standardError'> {
  let sum = 0;
  let weight = 0;
  for (const score of scores) {
    sum += score.logLikelihood;
    weight += score.weight;
  }
  const mean = sum / weight;
  let squares = 0;
  for (const score of scores) {
    // A fold without weight has no mean.
    if (score.weight > 0) squares += (score.weight / weight) * (score.logLikelihood / score.weight - mean) ** 2;
  }
  return { logLikelihood: sum, meanLogLikelihood: mean, standardError: Math.sqrt(squares / (scores.length - 1)) };
}
