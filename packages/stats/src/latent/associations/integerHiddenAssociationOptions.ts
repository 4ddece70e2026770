/** What hidden associations of integers are made of: rows, parameters and options, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import {
  checkCells,
  checkEstimator,
  checkProbabilities,
  checkProbabilityRows,
  checkPseudoCount,
} from '../../checks/parameters.js';
import type { AnyDistribution, AnyEstimator, Encoder } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { AssociationEncoder, checkBackground, checkSize, IndexEncoder } from './associationColumns.js';
import type { IntegerHiddenAssociationKeys } from './integerHiddenAssociationCounts.js';

/** Rows of probabilities. */
export type IntegerHiddenAssociationTable = ReadonlyArray<ArrayLike<number>>;

/** Parameters of a hidden association of integers. */
export interface IntegerHiddenAssociationParameters<
  G extends AnyDistribution = AnyDistribution,
  L extends AnyDistribution = AnyDistribution,
> {
  /** P(state | source): U rows of S numbers that sum to 1. */
  readonly states: IntegerHiddenAssociationTable;
  /** P(target | state): S rows of V numbers that sum to 1. */
  readonly targets: IntegerHiddenAssociationTable;
  /** The probability b that a target comes from no source, in [0, 1). Default 0. */
  readonly background?: number;
  /** Distribution of the list of sources, with their counts. Default: none; it scores 0, and rows cannot be drawn. */
  readonly given?: G;
  /** Distribution of the number of targets Σ c_v. Default: none. */
  readonly length?: L;
}

interface Encodes {
  encoder(): Encoder<unknown>;
}

export function encoderOf(
  sourceCount: number,
  targetCount: number,
  given: Encodes,
  length: Encodes,
): AssociationEncoder<number, number> {
  const family = 'IntegerHiddenAssociation';
  return new AssociationEncoder({
    family,
    source: new IndexEncoder(family, 'a source', sourceCount),
    target: new IndexEncoder(family, 'a target', targetCount),
    given: given.encoder(),
    length: length.encoder(),
  });
}

/** Options of the estimator of a hidden association of integers. */
export interface IntegerHiddenAssociationOptions<
  G extends AnyEstimator = AnyEstimator,
  L extends AnyEstimator = AnyEstimator,
> {
  /** Sources are 0 … sourceCount - 1. */
  readonly sourceCount: number;
  /** Targets are 0 … targetCount - 1. */
  readonly targetCount: number;
  /** Number of hidden states S >= 1. */
  readonly stateCount: number;
  /** The probability that a target comes from no source, in [0, 1). It is not estimated. Default 0. */
  readonly background?: number;
  /** Estimator of the list of sources. Default: none. */
  readonly given?: G;
  /** Estimator of the number of targets. Default: none. */
  readonly length?: L;
  /**
   * Imaginary targets, spread evenly over the sources (or over the states), and from each evenly over the states (or over the
   * targets), or as `prior` says. Default 0: maximum likelihood.
   */
  readonly pseudoCount?: { readonly states?: number; readonly targets?: number };
  /** How the imaginary targets of each source, and of each state, are spread: the tables of a model. Needs `pseudoCount`. */
  readonly prior?: {
    readonly states?: IntegerHiddenAssociationTable;
    readonly targets?: IntegerHiddenAssociationTable;
  };
  /** Ties the tables to those of other models. */
  readonly keys?: IntegerHiddenAssociationKeys;
}

/** @throws {ParameterError} unless all rows are probabilities, of as many states */
export function checkStates(
  owner: string,
  states: IntegerHiddenAssociationTable,
  targets: IntegerHiddenAssociationTable,
): void {
  if (!Array.isArray(states) || states.length === 0) {
    throw new ParameterError(owner, 'states', 'a list of at least one row', states);
  }
  if (!Array.isArray(targets) || targets.length === 0) {
    throw new ParameterError(owner, 'targets', 'a list of at least one row', targets);
  }
  checkProbabilityRows(owner, 'states', states, states.length, targets.length);
  checkProbabilities(owner, 'targets[0]', targets[0]!);
  checkProbabilityRows(owner, 'targets', targets, targets.length, targets[0]!.length);
}

/** @throws {ParameterError} */
export function checkAssociationOptions(owner: string, options: IntegerHiddenAssociationOptions): void {
  checkEstimatorOptions(owner, options, {
    sourceCount: checkSize,
    targetCount: checkSize,
    stateCount: checkSize,
    background: checkBackground,
    given: checkEstimator,
    length: true,
    pseudoCount: { states: checkPseudoCount, targets: checkPseudoCount },
    prior: ['states', 'targets'],
    keys: ['states', 'targets'],
  });
  const { sourceCount, targetCount, stateCount, pseudoCount, prior } = options;
  for (const [name, size] of Object.entries({ sourceCount, targetCount, stateCount })) checkSize(owner, name, size);
  checkCells(owner, '(sourceCount + targetCount) · stateCount', (sourceCount + targetCount) * stateCount);
  if (prior !== undefined && pseudoCount === undefined) {
    throw new ParameterError(owner, 'pseudoCount', 'given together with prior', undefined);
  }
  const { states, targets } = prior ?? {};
  if (states !== undefined) checkProbabilityRows(owner, 'prior.states', states, sourceCount, stateCount);
  if (targets !== undefined) checkProbabilityRows(owner, 'prior.targets', targets, stateCount, targetCount);
}
