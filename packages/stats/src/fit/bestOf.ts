/** The best of several random starts. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { ParameterError } from '../errors.js';
import { childSeed } from '../numeric/random.js';
import { objectiveOf } from './converge.js';
import { encodeCounted } from './countedRows.js';
import { em } from './em.js';
import { drive, encodeValidation, fitColumns } from './iterate.js';
import { checkFitOptions, type OptimizeOptions, optionsOfFits } from './options.js';
import type { FitResult } from './result.js';
import { type TrialCounts, Trials } from './trials.js';

/** Options of {@link bestOf}. */
export interface BestOfOptions<T, D> extends Omit<OptimizeOptions<T, D>, 'initialModel' | 'responsibilities'> {
  /** Number of starts, an integer >= 1. Default 10. */
  readonly trials?: number;
}

/** The best fit, with the results of the other trials. */
export interface BestOfResult<D> extends FitResult<D>, Pick<TrialCounts, 'agreeing'> {
  /** Objective of each trial's result: the log-likelihood of the validation rows when there are any. NaN for a trial that failed. */
  readonly trialScores: readonly number[];
  /** Trials with a part that is dead, or degenerate with an unbounded likelihood; they are not chosen, unless all are such. */
  readonly degenerateTrials: number;
}

const BEST_OF_OPTIONS = /* @__PURE__ */ optionsOfFits(['trials'], ['initialModel', 'responsibilities']);

/**
 * Fits from `trials` starts and returns the fit with the highest objective: the log-likelihood of the validation rows if there are any, else that of
 * the rows, with the log-density of the prior.
 * Trial i uses the seed `"<seed>/i"`. For mixtures over rows with a distance, the second half of the trials (not the first two)
 * starts from the best model so far, with one component moved: its rows go to the others, and it takes a part of those of another
 * one (Ueda et al. 2000). A trial that fails is not chosen, nor one with a dead or degenerate part if another has none: a component
 * on one value has an unbounded likelihood, and would always be the best. Probabilities of 0 or 1 are not such a part. After an
 * abort no further trial begins.
 * @throws {FitError} when every trial failed; it holds the best model that a trial had reached
 * @example
 * bestOf(rows, estimator, { trials: 20, seed: 1 }).model;
 */
export function bestOf<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: BestOfOptions<T, D> = {},
): BestOfResult<D> {
  checkFitOptions('bestOf', options, BEST_OF_OPTIONS);
  const { trials = 10, weights, ...fitOptions } = options;
  if (!(Number.isInteger(trials) && trials >= 1)) {
    throw new ParameterError('bestOf', 'trials', 'an integer >= 1', trials);
  }
  const algorithm = em(estimator);
  const counted = encodeCounted(algorithm, rows, weights);
  const validation = encodeValidation(algorithm, options.validation);
  const all = new Trials<D>();
  for (let trial = 0; trial < trials; trial++) {
    if (all.best !== undefined && options.signal?.aborted === true) break;
    try {
      const seed = childSeed(options.seed ?? 0, trial);
      const near = all.near(trial, trials);
      const fit = drive(fitColumns(algorithm, counted, validation, { ...fitOptions, seed, near }), options.onIterate);
      all.add(fit, fit.path[fit.bestIteration]!.validationLogLikelihood ?? objectiveOf(fit));
    } catch (error) {
      all.fail(error);
    }
  }
  if (all.best === undefined) throw all.error('bestOf');
  const { agreeing, degenerate } = all.counts();
  return { ...all.best, trialScores: all.scores, agreeing, degenerateTrials: degenerate };
}
