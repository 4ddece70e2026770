/** The tables of hidden states whose lists or trees do not end by their states: first states, and steps. */
import type { OptionNames } from '../checks/options.js';
import type { HiddenMarkovTableOptions } from './hiddenMarkov/tableOptions.js';

/** Options of the tables of S hidden states: P(first state), and P(next state | state) of each step. */
export interface StateTableOptions extends Pick<HiddenMarkovTableOptions, 'fixedInitial' | 'fixedTransitions'> {
  /** Imaginary rows: `initial` starts and `transitions` steps, the latter spread evenly over the S states. Default 0. */
  readonly pseudoCount?: Omit<NonNullable<HiddenMarkovTableOptions['pseudoCount']>, 'end'>;
  /** How the imaginary rows are spread over the states, and over each row of the transitions. Default: evenly. */
  readonly prior?: Omit<NonNullable<HiddenMarkovTableOptions['prior']>, 'end'>;
  /** False where a probability stays 0: first states [S], steps from row to column [S × S]. Each list has a true. */
  readonly allowed?: Omit<NonNullable<HiddenMarkovTableOptions['allowed']>, 'end'>;
}

export const STATE_TABLE_OPTIONS: OptionNames<StateTableOptions> = {
  pseudoCount: ['initial', 'transitions'],
  prior: ['initial', 'transitions'],
  fixedInitial: true,
  fixedTransitions: true,
  allowed: ['initial', 'transitions'],
};
