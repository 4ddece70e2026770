/** The options of the estimator of a Markov chain, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import { checkPseudoCount } from '../../checks/parameters.js';
import type { AnyEstimator } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import type { Level, LevelProbabilities } from '../../families/categorical.js';
import type { ByLevel } from '../../leaf/levels/byLevel.js';
import { type ChainPrior, checkAlone, isChainPrior } from './chainBayes.js';
import { type ChainTables, chainTables, type TransitionProbabilities } from './chainTables.js';

/** Probabilities of first states and steps. */
export interface ChainShares<T extends Level> {
  readonly initial?: LevelProbabilities<T>;
  readonly transitions?: TransitionProbabilities<T>;
}

/** Options of the estimator of a Markov chain. */
export interface MarkovChainOptions<T extends Level, L extends AnyEstimator = AnyEstimator> {
  /** Estimator of the number of states. Default: none. */
  readonly length?: L;
  /** Imaginary starts, and imaginary steps from each state that was left or has a prior, as `prior` says. Default 0. */
  readonly pseudoCount?: number;
  /**
   * How the imaginary starts and steps are spread. Default: evenly over the states. Needs `pseudoCount`. Or, instead of such
   * starts and steps, distributions over both tables.
   */
  readonly prior?: ChainShares<T> | ChainPrior<T>;
  /** States that the data may lack. They count only with a pseudo count. */
  readonly levels?: readonly T[];
  /** P(first state), when it is not estimated. */
  readonly fixedInitial?: LevelProbabilities<T>;
  /** P(next | state), when they are not estimated. */
  readonly fixedTransitions?: TransitionProbabilities<T>;
  /** The first states, and the next states by state, that may have a probability above 0. Default: all, also for a state without a list. */
  readonly allowed?: { readonly initial?: readonly T[]; readonly transitions?: ByLevel<T, readonly T[]> };
  /** Chains with equal keys get equal parameters. */
  readonly key?: string;
}

/** @throws {ParameterError} @returns what the options say of the tables */
export function checkedTables<T extends Level>(owner: string, options: MarkovChainOptions<T>): ChainTables<T> {
  checkEstimatorOptions(owner, options, {
    length: true,
    pseudoCount: true,
    prior: ['initial', 'transitions'],
    levels: true,
    fixedInitial: true,
    fixedTransitions: true,
    allowed: ['initial', 'transitions'],
    key: true,
  });
  checkPseudoCount(owner, 'pseudoCount', options.pseudoCount);
  const { prior, ...others } = options;
  const isDistribution = isChainPrior<T>(owner, prior);
  if (isDistribution) {
    checkAlone(owner, others, ['pseudoCount', 'levels', 'fixedInitial', 'fixedTransitions', 'allowed']);
  } else if (prior !== undefined && options.pseudoCount === undefined) {
    throw new ParameterError(owner, 'pseudoCount', 'given together with prior', options.pseudoCount);
  }
  return chainTables(owner, isDistribution || prior === undefined ? others : { ...others, prior });
}
