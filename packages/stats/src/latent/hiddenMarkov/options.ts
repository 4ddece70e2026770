/** The options of the estimator of a hidden Markov model, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import { NullEstimator } from '../../combinators/null.js';
import type { AnyEstimator } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import type { HiddenMarkovKeys } from './forwardBackward.js';
import type { HiddenMarkovTableOptions } from './tableOptions.js';
import { checkTableOptions, hasEnds, TABLE_OPTIONS } from './tables.js';

/** Options of the estimator of a hidden Markov model. */
export interface HiddenMarkovOptions<L extends AnyEstimator = AnyEstimator> extends HiddenMarkovTableOptions {
  /** Estimator of the number of items. Default: none. */
  readonly length?: L;
  /** Passed on to the model. Default: none. */
  readonly terminalValues?: readonly unknown[];
  /** Ties initial probabilities, transitions, ends or emissions to those of other hidden Markov models. */
  readonly keys?: HiddenMarkovKeys;
}

/** @throws {ParameterError} */
export function checkHiddenMarkovOptions(owner: string, options: HiddenMarkovOptions, stateCount: number): void {
  checkEstimatorOptions(owner, options, {
    length: true,
    terminalValues: true,
    ...TABLE_OPTIONS,
    keys: ['initial', 'transitions', 'end', 'emissions'],
  });
  checkTableOptions(owner, options, stateCount);
  if (hasEnds(options) && options.length !== undefined && !(options.length instanceof NullEstimator)) {
    throw new ParameterError(owner, 'length', 'left out, as states end lists', options.length);
  }
}
