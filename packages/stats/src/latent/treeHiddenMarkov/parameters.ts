/** Parameters and options of hidden Markov trees, checked. */
import { checkCount, checkObject, checkProbabilities, checkProbabilityRows } from '../../checks/parameters.js';
import { checkLengthModel } from '../../combinators/lengthModel.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, AnyEstimator } from '../../contract.js';
import type { HiddenMarkovKeys } from '../hiddenMarkov/forwardBackward.js';
import type { StateTableOptions } from '../stateTables.js';

export const DEFAULT_MAX_DEPTH = 10;

/** Parameters of a hidden Markov tree. */
export interface TreeHiddenMarkovParameters<G extends AnyDistribution = AnyDistribution> {
  /** P(state of the root): S numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(state of a child | state of its parent): S rows that sum to 1. */
  readonly transitions: ReadonlyArray<ArrayLike<number>>;
  /** Distribution of the number of children of a node. Default: none; it scores 0, and trees cannot be drawn. */
  readonly childCount?: G;
  /**
   * The sampler gives nodes at this depth no children; the root is at depth 0. It does not change the density. Default 10.
   */
  readonly maxDepth?: number;
}

/** Options of the estimator of a hidden Markov tree. Steps are those from a parent to a child, first states those of roots. */
export interface TreeHiddenMarkovOptions<G extends AnyEstimator = AnyEstimator> extends StateTableOptions {
  /** Estimator of the number of children of a node. Default: none. */
  readonly childCount?: G;
  /** Passed on to the model. Default 10. */
  readonly maxDepth?: number;
  /** Ties the states of roots, transitions or emissions to those of other hidden Markov trees and chains. */
  readonly keys?: Omit<HiddenMarkovKeys, 'end'>;
}

/** Parameters that nothing changes, and nothing is left out of. */
interface CheckedParameters<G extends AnyDistribution> {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly childCount: G;
  readonly maxDepth: number;
}

/** @throws {ParameterError} */
export function checkedParameters<G extends AnyDistribution>(
  owner: string,
  stateCount: number,
  parameters: TreeHiddenMarkovParameters<G>,
): CheckedParameters<G> {
  const {
    w,
    transitions,
    childCount: given,
    maxDepth = DEFAULT_MAX_DEPTH,
  } = checkObject(owner, parameters, ['w', 'transitions']);
  // Without a model of the number of children, G is its default: NullDistribution.
  const childCount = given ?? (new NullDistribution() as AnyDistribution as G);
  checkProbabilities(owner, 'w', w, stateCount);
  checkProbabilityRows(owner, 'transitions', transitions, stateCount, stateCount);
  checkLengthModel(owner, 'childCount', childCount);
  checkCount(owner, 'maxDepth', maxDepth);
  return {
    w: Object.freeze(Array.from(w)),
    transitions: Object.freeze(transitions.map((row) => Object.freeze(Array.from(row)))),
    childCount,
    maxDepth,
  };
}
