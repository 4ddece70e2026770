/** A mixture of rows of unknown shape, with a number of components learnt from the rows. */

import { checkOptions } from '../checks/options.js';
import { checkPositive } from '../checks/parameters.js';
import type { AnyDistribution } from '../contract.js';
import { optimize } from '../fit/optimize.js';
import type { OptimizeOptions } from '../fit/options.js';
import type { FitResult } from '../fit/result.js';
import {
  type DirichletProcessMixtureDistribution,
  DirichletProcessMixtureEstimator,
} from '../latent/mixtures/dirichletProcessMixture.js';
import type { MixtureDistribution } from '../latent/mixtures/mixture.js';
import { type AutomaticChoice, type AutomaticOptions, automaticEstimator } from './automaticEstimator.js';
import { occupiedComponents } from './occupiedComponents.js';

/** Options of {@link automaticMixture}. */
export interface AutomaticMixtureOptions extends Omit<AutomaticOptions, 'conjugate' | 'pseudoCount'> {
  /** The largest number of components. Default 20. */
  readonly truncation?: number;
  /** Components with less weight than this many rows are left out. Default 2: one row is no kind. */
  readonly leastRows?: number;
  /** Options of the fit: seed, signal, progress and so on, as for `optimize`. */
  readonly fit?: Pick<
    OptimizeOptions<unknown, AnyDistribution>,
    'seed' | 'signal' | 'onIterate' | 'maxIterations' | 'acceleration' | 'start'
  >;
}

/** See {@link automaticMixture}. */
export interface AutomaticMixture<D extends AnyDistribution = AnyDistribution> {
  /** The components that rows belong to, in order of size, with weights that sum to 1. */
  readonly model: MixtureDistribution<readonly D[]>;
  /** The Dirichlet-process mixture that was fitted. */
  readonly fit: FitResult<DirichletProcessMixtureDistribution<D>>;
  readonly choices: readonly AutomaticChoice[];
}

/**
 * Fits a Dirichlet-process mixture of the estimator that {@link automaticEstimator} infers, with conjugate priors, and keeps the
 * components that rows belong to.
 * @throws {ParameterError} for an option out of range
 * @throws {EstimationError} for no rows
 * @example
 * const rows = Array.from({ length: 200 }, (_, i) => ({ size: (i % 2) * 9 + Math.sin(i), kind: i % 2 ? 'big' : 'small' }));
 * automaticMixture(rows).model.w.length; // 2
 */
export function automaticMixture<T>(rows: readonly T[], options: AutomaticMixtureOptions = {}): AutomaticMixture {
  const owner = 'automaticMixture';
  checkOptions(owner, options, [
    'truncation',
    'leastRows',
    'fit',
    'maxLevels',
    'maxLevelShare',
    'lengths',
    'compareFamilies',
  ]);
  const { truncation = 20, leastRows = 2, fit: fitOptions = {}, ...inference } = options;
  checkPositive(owner, 'leastRows', leastRows);
  const { estimator, choices } = automaticEstimator(rows, { ...inference, conjugate: true });
  const process = new DirichletProcessMixtureEstimator(estimator, { truncation });
  const fit = optimize(rows as never, process, fitOptions as object);
  const model = occupiedComponents(fit.model, { rowCount: rows.length, leastRows });
  return { model, fit, choices };
}
