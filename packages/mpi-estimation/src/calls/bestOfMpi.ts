import { objectiveOf } from '../fit/path.js';
import { runFit } from '../fit/runFit.js';
import { drawStart } from '../fit/start.js';
import { Trials } from '../fit/trials.js';
import type { Algorithm, Columns } from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import type { Rows } from '../rows/readRows.js';
import { type MpiFit, resultOf, withTimings } from './optimizeMpi.js';
import { FIT_OPTIONS, type OptimizeMpiOptions } from './options.js';
import { type Call, withFit } from './withFit.js';

/** Options of {@link bestOfMpi}. */
export interface BestOfMpiOptions<T, D, C> extends Omit<OptimizeMpiOptions<T, D, C>, 'initialModel' | 'checkpoint'> {
  /** Number of starts, an integer >= 1. Default 10. */
  readonly trials?: number;
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
  /** How many trials ended with a part that is dead, or degenerate where likelihoods have no bound; passed over, unless all did. */
  readonly degenerateTrials: number;
}

const CALL: Call = { name: 'bestOfMpi', options: [...FIT_OPTIONS, 'trials', 'validation'] };

/**
 * Collective: fits from `trials` starts, as `bestOf` does, and returns the fit with the highest log-likelihood, on the
 * validation rows if there are any. The second half of the trials starts near the best so far. Rows are encoded and moved once.
 * A trial that fails is passed over, and one with a dead or degenerate part where another has none.
 * @throws {FitError} when every trial failed; it carries the best model that one of them had reached. Else as `optimizeMpi`
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
    const { trials = 10, seed = 0, start = 'kmeans++', modelOn } = options;
    const all = new Trials<D>();
    for (let trial = 0; trial < trials; trial++) {
      try {
        const job = { ...shared, seed: algorithm.trialSeed(seed, trial) };
        const near = all.near(trial, trials);
        const begun = await job.stopwatch.time('start', () => drawStart(job, start, undefined, near));
        const fit = await runFit(job, begun);
        end(fit, `trial ${trial + 1} of ${trials}`);
        all.add(fit, fit.path[fit.bestIteration]!.validationLogLikelihood ?? objectiveOf(fit));
        if (fit.reason === 'aborted') break;
      } catch (error) {
        all.fail(error);
      }
    }
    if (all.best === undefined) throw all.error('bestOfMpi');
    const result = resultOf(shared.comm, all.best, modelOn);
    const { agreeing, degenerate } = all.counts();
    return withTimings(shared, { ...result, trialScores: all.scores, agreeing, degenerateTrials: degenerate });
  });
}
