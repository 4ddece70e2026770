/** The best of several random starts. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { childSeed } from '../numeric/random.js';
import { em } from './em.js';
import { drive, encodeValidation, fitColumns } from './iterate.js';
import { checkFitOptions, OPTIMIZE_OPTIONS, type OptimizeOptions } from './options.js';
import type { FitResult } from './result.js';
import { listOf } from './rows.js';

/** Options of {@link bestOf}. */
export interface BestOfOptions<T, D> extends Omit<OptimizeOptions<T, D>, 'initialModel' | 'responsibilities'> {
  /** Number of starts, an integer >= 1. */
  readonly trials: number;
}

/** The winning fit, with what the other trials reached. */
export interface BestOfResult<D> extends FitResult<D> {
  /** Log-likelihood of each trial's result: of the validation rows when there are any. NaN for a trial that failed. */
  readonly trialScores: readonly number[];
  /**
   * How many of the trials that were not passed over ended within 1e-5 (1 + |best|) of the best, itself included. 1 of many says that another run may
   * well find something better: use more trials.
   */
  readonly agreeing: number;
  /** How many trials ended with a dead or degenerate part. They are passed over, unless all did. */
  readonly degenerateTrials: number;
}

const AGREEMENT = 1e-5;
const BEST_OF_OPTIONS = [
  'trials',
  ...OPTIMIZE_OPTIONS.filter((name) => name !== 'initialModel' && name !== 'responsibilities'),
];

/**
 * Fits from `trials` starts and returns the fit with the highest log-likelihood, on the validation rows if there are any.
 * Trial i uses the seed `"<seed>/i"`. A trial that fails is passed over, and one with a dead or degenerate part where another has
 * none: a component on one value has a likelihood without bound, and would win. After an abort no further trial begins.
 * @throws {EstimationError} when every trial failed
 * @example
 * bestOf(rows, estimator, { trials: 10, seed: 1 }).model;
 */
export function bestOf<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: BestOfOptions<T, D>,
): BestOfResult<D> {
  checkFitOptions('bestOf', options, BEST_OF_OPTIONS);
  const { trials, ...fitOptions } = options;
  if (!(Number.isInteger(trials) && trials >= 1)) {
    throw new ParameterError('bestOf', 'trials', 'an integer >= 1', trials);
  }
  const algorithm = em(estimator);
  const columns = algorithm.encode(listOf(rows));
  const validation = encodeValidation(algorithm, options.validation);
  const trialScores: number[] = [];
  let best: FitResult<D> | undefined;
  let bestScore = -Infinity;
  let bestIsSound = false;
  const soundScores: number[] = [];
  let failure: unknown;
  for (let trial = 0; trial < trials; trial++) {
    if (best !== undefined && options.signal?.aborted === true) break;
    try {
      const seed = childSeed(options.seed ?? 0, trial);
      const fit = drive(fitColumns(algorithm, columns, validation, { ...fitOptions, seed }), options.onIterate);
      const score = fit.path[fit.bestIteration]!.validationLogLikelihood ?? fit.logLikelihood;
      trialScores.push(score);
      const isSound = fit.findings.every(({ kind }) => kind === 'unconverged');
      if (isSound) soundScores.push(score);
      if (best === undefined || (isSound === bestIsSound ? score > bestScore : isSound)) {
        best = fit;
        bestScore = score;
        bestIsSound = isSound;
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
  const compared = bestIsSound ? soundScores : trialScores;
  const agreeing = compared.filter((score) => score >= bestScore - AGREEMENT * (1 + Math.abs(bestScore))).length;
  const ended = trialScores.filter((score) => !Number.isNaN(score)).length;
  return { ...best, trialScores, agreeing, degenerateTrials: ended - soundScores.length };
}
