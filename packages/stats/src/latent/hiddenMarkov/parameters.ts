/** The parameters of a hidden Markov model, checked. */
import { checkFields, checkObject, checkProbabilities, checkProbabilityRows } from '../../checks/parameters.js';
import { checkLengthModel } from '../../combinators/lengthModel.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { checkEnd } from './ends.js';

/** Parameters of a hidden Markov model. */
export interface HiddenMarkovParameters<L extends AnyDistribution = AnyDistribution> {
  /** P(first state): S numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(next state | state): S rows that sum to 1. */
  readonly transitions: ReadonlyArray<ArrayLike<number>>;
  /** Distribution of the number of items. Default: none; it scores 0 and sequences cannot be drawn by length. */
  readonly length?: L;
  /** Items after which a sampled sequence ends; used only by the sampler. Default: none. */
  readonly terminalValues?: readonly unknown[];
  /**
   * P(the list ends | state of its last item): S numbers. Lists then end by their states, have at least one item, and there is no
   * `length`; `transitions` are P(next state | state, the list goes on). Default: states do not end lists.
   */
  readonly end?: ArrayLike<number> | undefined;
}

/** Parameters that nothing changes. */
interface CheckedParameters<L extends AnyDistribution> {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly length: L;
  readonly end: readonly number[] | undefined;
  readonly terminalValues: readonly unknown[] | undefined;
}

/** @throws {ParameterError} */
export function checkedParameters<L extends AnyDistribution>(
  owner: string,
  stateCount: number,
  parameters: HiddenMarkovParameters<L>,
): CheckedParameters<L> {
  const { w, transitions, length: given, terminalValues, end } = checkObject(owner, parameters, ['w', 'transitions']);
  checkProbabilities(owner, 'w', w, stateCount);
  checkProbabilityRows(owner, 'transitions', transitions, stateCount, stateCount);
  // Without a length model, L is its default: NullDistribution.
  const length = given ?? (new NullDistribution() as AnyDistribution as L);
  checkLengthModel(owner, 'length', length);
  if (end !== undefined) {
    checkEnd(owner, 'end', end, stateCount);
    if (!(length instanceof NullDistribution)) {
      throw new ParameterError(owner, 'length', 'left out, as states end lists', length);
    }
  }
  return {
    w: Object.freeze(Array.from(w)),
    transitions: Object.freeze(transitions.map((row) => Object.freeze(Array.from(row)))),
    length,
    end: end && Object.freeze(Array.from(end)),
    terminalValues,
  };
}

/** @throws {ParameterError} when a parameter is missing or of another type */
export function parametersFromJSON(
  owner: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly emissions: readonly AnyDistribution[]; readonly parameters: HiddenMarkovParameters } {
  const { emissions, w, transitions, length, terminalValues, end } = checkFields(owner, fields, {
    emissions: 'array',
    w: 'numbers',
    transitions: 'array',
    length: 'unknown',
    terminalValues: 'array',
    end: 'unknown', // a file has none where states do not end lists
  });
  return {
    emissions: emissions as readonly AnyDistribution[],
    parameters: {
      w,
      transitions: transitions as readonly (readonly number[])[],
      length: length as AnyDistribution,
      terminalValues,
      end: end as ArrayLike<number> | undefined,
    },
  };
}
