/** The options of the estimator of latent Dirichlet allocation, checked. */
import { checkEstimatorOptions, checkPriorOptions } from '../../checks/options.js';
import { checkPositive, checkPseudoCount } from '../../checks/parameters.js';
import type { AnyEstimator } from '../../contract.js';
import type { LatentDirichletAllocationKeys } from './topicAllocation.js';
import { checkConcentrations } from './topicConcentrations.js';

/** Options of the estimator of latent Dirichlet allocation. */
export interface LatentDirichletAllocationOptions<L extends AnyEstimator = AnyEstimator> {
  /** Estimator of the number of words. Default: none. */
  readonly length?: L;
  /** Concentrations that are not estimated, K numbers > 0. */
  readonly fixedAlpha?: readonly number[];
  /** Imaginary documents whose proportions enter the estimate of α. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /** Their proportions are distributed as Dirichlet(prior), K numbers > 0. Default: all 1. Needs `pseudoCount`. */
  readonly prior?: readonly number[];
  /** See the parameters of the model. Default 1e-8. */
  readonly gammaThreshold?: number;
  /** Ties α or the topics to those of other models. */
  readonly keys?: LatentDirichletAllocationKeys;
}

/** @throws {ParameterError} */
export function checkTopicOptions(owner: string, options: LatentDirichletAllocationOptions, topicCount: number): void {
  const isConcentrations = (name: 'fixedAlpha' | 'prior') => () =>
    checkConcentrations(owner, name, options[name]!, topicCount);
  checkEstimatorOptions(owner, options, {
    length: true,
    fixedAlpha: isConcentrations('fixedAlpha'),
    pseudoCount: checkPseudoCount,
    prior: isConcentrations('prior'),
    gammaThreshold: checkPositive,
    keys: ['alpha', 'topics'],
  });
  checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded: false });
}
