/** A number of imaginary rows, to be spread; or the number of each cell. */
export type ImaginaryRows = number | readonly number[];
/** The same of a table with a row for each state. */
export type ImaginaryTable = number | readonly (readonly number[])[];

/** Options of the tables of a hidden Markov model with S states. */
export interface HiddenMarkovTableOptions {
  /**
   * True: lists end by their states, and P(the list ends | state of its last item) is estimated. There is no `length` then, and
   * lists have at least one item. Default false; `fixedEnd` is enough, too.
   */
  readonly ends?: boolean;
  /**
   * Imaginary rows: `initial` starts, `transitions` steps and `end` items, the latter two spread evenly over the S states. A list
   * [S] of starts and a table [S × S] of steps say how many each cell has, and are the Dirichlet prior with parameters count + 1;
   * so do pairs [S × 2] of `end`: items of the state that end a list, and items that others follow.
   * Default 0: maximum likelihood. They say nothing about a table that is fixed.
   */
  readonly pseudoCount?: {
    readonly initial?: ImaginaryRows;
    readonly transitions?: ImaginaryTable;
    readonly end?: number | readonly (readonly [ended: number, others: number])[];
  };
  /**
   * How the imaginary rows are spread over the states, and over each row of the transitions. Default: evenly. `end`: which share of
   * the imaginary items of each state ends a list. Default: a half.
   */
  readonly prior?: {
    readonly initial?: readonly number[];
    readonly transitions?: readonly (readonly number[])[];
    readonly end?: readonly number[];
  };
  /** P(first state), when it is not estimated: S numbers that sum to 1. */
  readonly fixedInitial?: readonly number[];
  /** P(next | state), when they are not estimated: S rows that sum to 1. */
  readonly fixedTransitions?: readonly (readonly number[])[];
  /** P(the list ends | state of its last item), when it is not estimated: S numbers. */
  readonly fixedEnd?: readonly number[];
  /**
   * False where a probability stays 0: first states [S], steps from row to column [S × S], last states [S]. Each list has a true. A
   * left-to-right model of three states: `transitions: [[true, true, false], [false, true, true], [false, false, true]]`.
   */
  readonly allowed?: {
    readonly initial?: readonly boolean[];
    readonly transitions?: readonly (readonly boolean[])[];
    readonly end?: readonly boolean[];
  };
}

/** The tables of a model. */
export interface TablesOfModel {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly end?: readonly number[] | undefined;
}
