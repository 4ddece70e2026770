import { FitError, isEstimationError } from '../errors.js';
import type { Fit } from '../fit/job.js';
import { runFit } from '../fit/runFit.js';
import { drawStart } from '../fit/start.js';
import type { Algorithm, Columns } from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import { type MpiFit, resultOf, withTimings } from './optimizeMpi.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** Options of {@link bestOfMpi}. */
export interface BestOfMpiOptions<T, D, C> extends Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint'> {
  /** Number of starts, an integer >= 1. */
  readonly trials: number;
}

/** The winning fit, with what the other trials reached: what `bestOf` of `@dml/stats` returns. */
export interface BestOfMpiFit<D> extends MpiFit<D> {
  /** Log-likelihood of each trial's result: of the validation rows when there are any. NaN for a trial that failed. */
  readonly trialScores: readonly number[];
  /**
   * How many of the trials that were not passed over ended within 1e-5 (1 + |best|) of the best, itself included. When it is 1 of many, more trials
   * may well find a better model.
   */
  readonly agreeing: number;
  /** How many trials ended with a dead or degenerate part. They are passed over, unless all did. */
  readonly degenerateTrials: number;
}

const AGREEMENT = 1e-5;
const CALL: Call = { name: 'bestOfMpi', options: [...FIT_OPTIONS, 'trials', 'validation'] };

/**
 * Collective: fits from `trials` starts, as `bestOf` does, and returns the fit with the highest log-likelihood, on the
 * validation rows if there are any. Rows are encoded and moved once. A trial that fails is passed over,
 * and one with a dead or degenerate part where another has none.
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
  return withFit(CALL, rows, algorithm, options, async (shared, end) => {
    const { trials, seed = 0, start = 'kmeans++', modelOn } = options;
    const trialScores: number[] = [];
    let best: Fit<D> | undefined;
    let bestScore = -Infinity;
    let bestIsSound = false;
    const soundScores: number[] = [];
    let failure: unknown;
    for (let trial = 0; trial < trials; trial++) {
      try {
        const job = { ...shared, seed: algorithm.trialSeed(seed, trial) };
        const fit = await runFit(job, await job.stopwatch.time('start', () => drawStart(job, start)));
        const score = fit.path[fit.bestIteration]!.validationLogLikelihood ?? fit.logLikelihood;
        trialScores.push(score);
        end(fit, `trial ${trial + 1} of ${trials}`);
        const isSound = fit.findings.every(({ kind }) => kind === 'unconverged');
        if (isSound) soundScores.push(score);
        if (best === undefined || (isSound === bestIsSound ? score > bestScore : isSound)) {
          best = fit;
          bestScore = score;
          bestIsSound = isSound;
        }
        if (fit.reason === 'aborted') break;
      } catch (error) {
        if (!isEstimationError(error)) throw error;
        failure = error;
        trialScores.push(Number.NaN);
      }
    }
    if (best === undefined) {
      const last = (failure as Error).message; // no trial succeeded, so one has failed
      throw new FitError(`bestOfMpi: all ${trials} trials failed; the last one: ${last}`, { cause: failure });
    }
    const result = resultOf(shared.comm, best, modelOn);
    const compared = bestIsSound ? soundScores : trialScores;
    const agreeing = compared.filter((score) => score >= bestScore - AGREEMENT * (1 + Math.abs(bestScore))).length;
    const ended = trialScores.filter((score) => !Number.isNaN(score)).length;
    const degenerateTrials = ended - soundScores.length;
    return withTimings(shared, { ...result, trialScores, agreeing, degenerateTrials });
  });
}
