import { isShard, type Shard } from '../rows/encodedRows.js';
import { OptionError } from '../errors.js';
import { attempt } from '../ranks/exchange.js';
import { drawStart, type FitJob, runFit } from '../fit/runFit.js';
import type { OptimizeMpiOptions } from './options.js';
import { checkNames, checkValues, comparedOptions } from './options.js';
import type { Algorithm, Columns, Seed, StopReason } from '../ports.js';
import { reporter } from '../fit/progress.js';
import type { Rows } from '../rows/readRows.js';
import { type Score, scoreShard } from '../fit/score.js';
import { encodeShard } from './seqEncodeMpi.js';
import { agree, checkCall } from '../ranks/agree.js';
import { Stopwatch } from '../timings.js';

/** Options of {@link kFoldMpi}. */
export interface KFoldMpiOptions<T, D, C>
  extends Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint' | 'validation' | 'modelOn'> {
  /** Number of folds, an integer >= 2. Default 5. */
  readonly folds?: number;
}

/** One fold: a fit to the other folds, scored on this one. */
export interface Fold {
  /** Σ w log f(x) over the rows left out, and their weight. */
  readonly heldOut: Score;
  /** The same over the rows of the fit. */
  readonly fitted: Score;
  readonly iterations: number;
  readonly reason: StopReason;
}

/** The result of a cross-validation, the same on every rank. */
export interface KFold {
  readonly folds: readonly Fold[];
  /** Σ w log f(x) over all rows, each under the fit that has not seen it. */
  readonly logLikelihood: number;
  /** Mean held-out log-likelihood per unit of weight, in nats, over all rows. */
  readonly meanLogLikelihood: number;
  /** Standard error of that mean, from the spread between folds. */
  readonly standardError: number;
  readonly seed: Seed;
}

const OPTION_NAMES = [
  'codec',
  'comm',
  'delta',
  'deltaPerRow',
  'folds',
  'maxIterations',
  'printEvery',
  'progress',
  'seed',
  'signal',
  'spill',
  'start',
  'weights',
];

/**
 * Collective: k-fold cross-validation. Each fold is left out of one fit and scored by it. Rows stay where they are: those
 * left out get weight 0.
 * @returns  held-out log-likelihoods: the bits of `kFold` of `@dml/stats`, for any number of ranks
 * @throws {OptionError} when there are fewer rows than folds; else as `optimizeMpi`
 * @example
 * export const compare = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   kFoldMpi(rows, algorithm, { comm, folds: 10, seed: 1 });
 * @see Hastie, Tibshirani & Friedman, The Elements of Statistical Learning (2009), section 7.10
 */
export async function kFoldMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: KFoldMpiOptions<T, D, C>,
): Promise<KFold> {
  const stopwatch = new Stopwatch();
  checkCall('kFoldMpi', algorithm, options);
  const { comm, codec, folds: foldCount = 5, seed = 0, start = 'kmeans++' } = options;
  agree(
    comm,
    'kFoldMpi',
    attempt(() => {
      checkNames('kFoldMpi', options, OPTION_NAMES);
      checkValues('kFoldMpi', options);
      if (!(Number.isInteger(foldCount) && foldCount >= 2)) {
        throw new OptionError(`kFoldMpi: folds must be an integer >= 2, found ${foldCount}.`);
      }
      algorithm.stopping.check(options);
      return { options: { ...comparedOptions(rows, options), folds: foldCount }, estimator: algorithm.estimator };
    }),
  );
  const shard = await encodeShard(comm, algorithm, rows, options, stopwatch);
  if (shard.rowCount < foldCount) {
    throw new OptionError(`kFoldMpi: ${shard.rowCount} rows cannot make ${foldCount} folds. Ask for fewer folds.`);
  }
  const { report, end } = reporter(comm.rank === 0 ? (options.progress ?? 'lines') : 'silent', options);
  const foldOf = algorithm.foldOf(seed, foldCount);
  const folds: Fold[] = [];
  for (let fold = 0; fold < foldCount; fold++) {
    const only = (isFitted: boolean) => (row: number, weight: number) =>
      (foldOf(row) !== fold) === isFitted ? weight : 0;
    const job: FitJob<T, D, C> = {
      comm,
      algorithm,
      shard,
      validation: undefined,
      stop: options,
      codec,
      signal: options.signal,
      stopwatch,
      weightOf: only(true),
      onIterate: report,
    };
    const first = await stopwatch.time('start', () => drawStart(job, algorithm.trialSeed(seed, fold), start));
    const fit = await runFit(job, { ...first, path: [], best: undefined });
    end(fit, `fold ${fold + 1} of ${foldCount}`);
    folds.push({
      heldOut: await scoreShard(comm, algorithm, shard, fit.model, only(false)),
      fitted: await scoreShard(comm, algorithm, shard, fit.model, only(true)),
      iterations: fit.iterations,
      reason: fit.reason,
    });
  }
  if (!isShard(rows)) shard.store.release();
  return { folds, seed, ...summaryOf(folds.map(({ heldOut }) => heldOut)) };
}

function summaryOf(scores: readonly Score[]): Omit<KFold, 'folds' | 'seed'> {
  let sum = 0;
  let weight = 0;
  for (const score of scores) {
    sum += score.logLikelihood;
    weight += score.weight;
  }
  const mean = sum / weight;
  let squares = 0;
  for (const score of scores) {
    // A fold without weight says nothing.
    if (score.weight > 0) squares += (score.weight / weight) * (score.logLikelihood / score.weight - mean) ** 2;
  }
  return { logLikelihood: sum, meanLogLikelihood: mean, standardError: Math.sqrt(squares / (scores.length - 1)) };
}
