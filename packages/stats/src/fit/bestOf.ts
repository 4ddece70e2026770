/** The best of several random starts. */
import type { AnyDistribution, Columns, Estimator } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { childSeed } from '../numeric/random.js';
import { em } from './em.js';
import type { FitResult, OptimizeOptions } from './optimize.js';
import { fitColumns } from './optimize.js';

/** Options of {@link bestOf}. */
export interface BestOfOptions<T, D> extends Omit<OptimizeOptions<T, D>, 'initialModel'> {
  /** Number of starts, an integer >= 1. */
  readonly trials: number;
}

/** The winning fit, with what the other trials reached. */
export interface BestOfResult<D> extends FitResult<D> {
  /** Log-likelihood of each trial's result: of the validation rows when there are any. NaN for a trial that failed. */
  readonly trialScores: readonly number[];
}

/**
 * Fits from `trials` starts and returns the fit with the highest log-likelihood, on the validation rows if there are any.
 * Trial i uses the seed `"<seed>/i"`. A trial that fails is passed over.
 * @throws {EstimationError} when every trial failed
 * @example
 * bestOf(rows, estimator, { trials: 10, seed: 1 }).model;
 */
export function bestOf<T, D extends AnyDistribution, C extends Columns, S>(
  rows: readonly T[],
  estimator: Estimator<T, D, C, S>,
  { trials, ...options }: BestOfOptions<T, D>,
): BestOfResult<D> {
  if (!(Number.isInteger(trials) && trials >= 1))
    throw new ParameterError('bestOf', 'trials', 'an integer >= 1', trials);
  const algorithm = em(estimator);
  const columns = algorithm.encode(rows);
  const validation = options.validation === undefined ? undefined : algorithm.encode(options.validation);
  const trialScores: number[] = [];
  let best: FitResult<D> | undefined;
  let bestScore = -Infinity;
  let failure: unknown;
  for (let trial = 0; trial < trials; trial++) {
    try {
      const seed = childSeed(options.seed ?? 0, trial);
      const iteration = fitColumns(algorithm, columns, validation, { ...options, seed });
      let step = iteration.next();
      while (!step.done) {
        options.onIterate?.(step.value);
        step = iteration.next();
      }
      const fit = step.value;
      const score = fit.path[fit.bestIteration]!.validationLogLikelihood ?? fit.logLikelihood;
      trialScores.push(score);
      if (best === undefined || score > bestScore) {
        best = fit;
        bestScore = score;
      }
    } catch (error) {
      if (!(error instanceof EstimationError)) throw error;
      failure = error;
      trialScores.push(Number.NaN);
    }
  }
  if (best === undefined) {
    throw new EstimationError(`all ${trials} trials failed; the last one: ${(failure as Error).message}`);
  }
  return { ...best, trialScores };
}
