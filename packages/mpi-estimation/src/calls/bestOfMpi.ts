import { isShard, type Shard } from '../rows/encodedRows.js';
import { FitError, OptionError, RankError } from '../errors.js';
import { attempt } from '../ranks/exchange.js';
import { drawStart, type Fit, type FitJob, runFit } from '../fit/runFit.js';
import { type MpiFit, mpiFitOf } from './optimizeMpi.js';
import { checkNames, checkValues, comparedOptions, type OptimizeMpiOptions } from './options.js';
import type { Algorithm, Columns } from '../ports.js';
import { reporter } from '../fit/progress.js';
import type { Rows } from '../rows/readRows.js';
import { checkRowCount, encodeShard, encodeValidation } from './seqEncodeMpi.js';
import { agree, checkCall } from '../ranks/agree.js';
import { Stopwatch } from '../timings.js';

/** Options of {@link bestOfMpi}. */
export interface BestOfMpiOptions<T, D, C> extends Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint'> {
  /** Number of starts, an integer >= 1. */
  readonly trials: number;
}

/** The winning fit, with what the other trials reached. */
export interface BestOfMpiFit<D> extends MpiFit<D> {
  /** Log-likelihood of each trial's result: of the validation rows when there are any. NaN for a trial that failed. */
  readonly trialScores: readonly number[];
}

const OPTION_NAMES = [
  'codec',
  'comm',
  'delta',
  'deltaPerRow',
  'maxIterations',
  'modelOn',
  'printEvery',
  'progress',
  'seed',
  'signal',
  'spill',
  'start',
  'trials',
  'validation',
  'weights',
];

/**
 * Collective: fits from `trials` starts, as `bestOf` does, and returns the fit with the highest log-likelihood, on the
 * validation rows if there are any. Rows are encoded and moved once. A trial that fails is passed over.
 * @throws {FitError} when every trial failed; else as `optimizeMpi`
 * @example
 * export const fit = (rows: number[] | null, algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   bestOfMpi(rows, algorithm, { comm, trials: 10, seed: 1 });
 */
export async function bestOfMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: BestOfMpiOptions<T, D, C>,
): Promise<BestOfMpiFit<D>> {
  const stopwatch = new Stopwatch();
  checkCall('bestOfMpi', algorithm, options);
  const { comm, codec, trials, seed = 0, start = 'kmeans++', modelOn = 'root' } = options;
  agree(
    comm,
    'bestOfMpi',
    attempt(() => {
      checkNames('bestOfMpi', options, OPTION_NAMES);
      checkValues('bestOfMpi', options);
      if (!(Number.isInteger(trials) && trials >= 1)) {
        throw new OptionError(`bestOfMpi: trials must be an integer >= 1, found ${trials}.`);
      }
      algorithm.stopping.check(options);
      return { options: { ...comparedOptions(rows, options), trials }, estimator: algorithm.estimator };
    }),
  );
  const shard = await encodeShard(comm, algorithm, rows, options, stopwatch);
  checkRowCount('bestOfMpi', shard);
  const validation = await encodeValidation('bestOfMpi', comm, algorithm, options, stopwatch);
  const { report, end } = reporter(comm.rank === 0 ? (options.progress ?? 'lines') : 'silent', options);
  const job: FitJob<T, D, C> = {
    comm,
    algorithm,
    shard,
    validation,
    stop: options,
    codec,
    signal: options.signal,
    stopwatch,
    onIterate: report,
  };
  const trialScores: number[] = [];
  let best: { readonly fit: Fit<D>; readonly score: number } | undefined;
  let failure: unknown;
  for (let trial = 0; trial < trials; trial++) {
    try {
      const trialSeed = algorithm.trialSeed(seed, trial);
      const first = await stopwatch.time('start', () => drawStart(job, trialSeed, start));
      const fit = await runFit(job, { ...first, path: [], best: undefined });
      const score = fit.path[fit.bestIteration]!.validationLogLikelihood ?? fit.logLikelihood;
      trialScores.push(score);
      end(fit, `trial ${trial + 1} of ${trials}`);
      if (best === undefined || score > best.score) best = { fit, score };
      if (fit.reason === 'aborted') break;
    } catch (error) {
      // Every rank meets the same error here: a fit that cannot go on is decided from reduced numbers.
      if (!isEstimationError(error)) throw error;
      failure = error;
      trialScores.push(Number.NaN);
    }
  }
  if (!isShard(rows)) shard.store.release();
  if (validation !== undefined && validation !== options.validation) validation.store.release();
  if (best === undefined) {
    throw new FitError(`bestOfMpi: all ${trials} trials failed; the last one: ${(failure as Error).message}`, {
      cause: failure,
    });
  }
  const winner = trialScores.indexOf(best.score);
  return { ...mpiFitOf(comm, best.fit, algorithm.trialSeed(seed, winner), modelOn, stopwatch), trialScores };
}

function isEstimationError(error: unknown): boolean {
  const name = error instanceof RankError ? error.failure.name : error instanceof Error ? error.name : '';
  return name === 'EstimationError';
}
