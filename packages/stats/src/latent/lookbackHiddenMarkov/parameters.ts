/** Parameters and options of lookback hidden Markov models, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import {
  checkCount,
  checkDistributions,
  checkEstimators,
  checkFields,
  checkObject,
  checkProbabilities,
  checkProbabilityRows,
} from '../../checks/parameters.js';
import { checkLengthModel, lengthEstimator } from '../../combinators/lengthModel.js';
import { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type { AnyDistribution, AnyEstimator } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import type { HiddenMarkovKeys } from '../hiddenMarkov/forwardBackward.js';
import { checkTableOptions } from '../hiddenMarkov/tables.js';
import { checkSharedEncoders, checkSharedRows } from '../sharedRows.js';
import { STATE_TABLE_OPTIONS, type StateTableOptions } from '../stateTables.js';
import { checkHoldsLists, checkWindows } from './windows.js';

/** Parameters of a lookback hidden Markov model. */
export interface LookbackHiddenMarkovParameters<
  I extends AnyDistribution = AnyDistribution,
  L extends AnyDistribution = AnyDistribution,
> {
  /** L >= 0: how many items a state looks back. */
  readonly lag: number;
  /** P(first state): S numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(next state | state): S rows that sum to 1. */
  readonly transitions: ReadonlyArray<ArrayLike<number>>;
  /** S distributions over lists of the first L items. Default: none; these score 0, and lists cannot be drawn. */
  readonly initialEmissions?: readonly I[];
  /** Distribution of the number of steps, n - L + 1 for a list of n items, or 0. Default: none; it scores 0. */
  readonly length?: L;
}

/** Options of the estimator of a lookback hidden Markov model. */
export interface LookbackHiddenMarkovOptions<
  I extends AnyEstimator = AnyEstimator,
  L extends AnyEstimator = AnyEstimator,
> extends StateTableOptions {
  /** L >= 0: how many items a state looks back. */
  readonly lag: number;
  /** S estimators over lists of the first L items. Default: none. */
  readonly initialEmissions?: readonly I[];
  /** Estimator of the number of steps, n - L + 1 for a list of n items, or 0. Default: none. */
  readonly length?: L;
  /**
   * Ties initial probabilities, transitions or emissions, those of first items included, to those of other models. Tables may be
   * tied to those of hidden Markov models.
   */
  readonly keys?: Omit<HiddenMarkovKeys, 'end'>;
}

/** Parameters that nothing is left out of. */
type CheckedParameters<I extends AnyDistribution, L extends AnyDistribution> = Required<
  LookbackHiddenMarkovParameters<I, L>
>;

/** @throws {ParameterError} */
export function checkedParameters<I extends AnyDistribution, L extends AnyDistribution>(
  owner: string,
  emissions: readonly AnyDistribution[],
  parameters: LookbackHiddenMarkovParameters<I, L>,
): CheckedParameters<I, L> {
  const {
    lag,
    w,
    transitions,
    // Without families of first items and of the length, I and L are their defaults: NullDistribution.
    initialEmissions = emissions.map(() => new NullDistribution() as AnyDistribution as I),
    length = new NullDistribution() as AnyDistribution as L,
  } = checkObject(owner, parameters, ['lag', 'w', 'transitions']);
  checkLag(owner, 'lag', lag);
  checkProbabilities(owner, 'w', w, emissions.length);
  checkProbabilityRows(owner, 'transitions', transitions, emissions.length, emissions.length);
  checkDistributions(owner, 'initialEmissions', initialEmissions);
  checkOnePerState(owner, initialEmissions, emissions.length);
  checkSharedRows(owner, 'initialEmissions', initialEmissions);
  checkLengthModel(owner, 'length', length);
  checkWindows(owner, emissions, lag);
  checkHoldsLists(owner, 'initialEmissions', initialEmissions, lag, `the first ${lag} items`);
  return { lag, w, transitions, initialEmissions: Object.freeze([...initialEmissions]), length };
}

/** The estimators of first items and of the length, and what the tables need. @throws {ParameterError} */
export function checkedOptions(
  owner: string,
  emissions: readonly AnyEstimator[],
  options: LookbackHiddenMarkovOptions,
): { readonly firsts: readonly AnyEstimator[]; readonly length: AnyEstimator; readonly tables: StateTableOptions } {
  checkEstimatorOptions(owner, options, {
    lag: checkLag,
    initialEmissions: true,
    length: true,
    ...STATE_TABLE_OPTIONS,
    keys: ['initial', 'transitions', 'emissions'],
  });
  const { lag, initialEmissions, length: given, ...tables } = options;
  checkLag(owner, 'lag', lag);
  checkTableOptions(owner, tables, emissions.length);
  const firsts = initialEmissions ?? emissions.map(() => new NullEstimator());
  checkEstimators(owner, 'initialEmissions', firsts);
  checkOnePerState(owner, firsts, emissions.length);
  checkSharedEncoders(owner, 'initialEmissions', firsts);
  const length = lengthEstimator(owner, given);
  checkWindows(owner, emissions, lag);
  checkHoldsLists(owner, 'initialEmissions', firsts, lag, `the first ${lag} items`);
  return { firsts, length, tables };
}

/** @throws {ParameterError} when a parameter is missing or of another type */
export function parametersFromJSON(
  owner: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly emissions: readonly AnyDistribution[]; readonly parameters: LookbackHiddenMarkovParameters } {
  const { emissions, initialEmissions, w, transitions, lag, length } = checkFields(owner, fields, {
    emissions: 'array',
    initialEmissions: 'array',
    w: 'numbers',
    transitions: 'array',
    lag: 'number',
    length: 'unknown',
  });
  return {
    emissions: emissions as readonly AnyDistribution[],
    parameters: {
      initialEmissions: initialEmissions as readonly AnyDistribution[],
      w,
      transitions: transitions as readonly (readonly number[])[],
      lag,
      length: length as AnyDistribution,
    },
  };
}

/** @throws {ParameterError} */
function checkOnePerState(owner: string, initialEmissions: readonly unknown[], stateCount: number): void {
  if (initialEmissions.length === stateCount) return;
  throw new ParameterError(owner, 'initialEmissions', `a list of ${stateCount}, one for each state`, initialEmissions);
}

/** The first items of a list are drawn together, and kept. */
const MAX_LAG = 1_000_000;

function checkLag(owner: string, name: string, lag: unknown): void {
  checkCount(owner, name, lag);
  if ((lag as number) > MAX_LAG) throw new ParameterError(owner, name, `an integer >= 0 and <= ${MAX_LAG}`, lag);
}
