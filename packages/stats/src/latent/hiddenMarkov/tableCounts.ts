/** Expected first states and expected steps, as the accumulators of hidden chains count them. */

/** Numbers of first states, [S], and of steps from state to state, row-major [S × S]; or their probabilities. */
export interface StepTables {
  readonly initial: Float64Array;
  readonly transitions: Float64Array;
}

/** Additive over lists. */
export interface StepStatistic<T extends StepTables> extends StepTables {
  /** The tables of the entering model, which are kept where nothing was counted. The same in all parts, not added. */
  readonly entering?: T;
}

export class TableCounts<T extends StepTables> implements StepTables {
  readonly initial: Float64Array;
  readonly transitions: Float64Array;
  #entering: T | undefined;

  /** @param own  S numbers of first states, then S × S of steps */
  constructor(own: Float64Array, stateCount: number) {
    this.initial = own.subarray(0, stateCount);
    this.transitions = own.subarray(stateCount, stateCount * (stateCount + 1));
  }

  /** @param entering  the tables of the model that scores from now on */
  begin(entering: T | undefined): void {
    this.#entering = entering;
  }

  /** Adds `amount` to each cell. */
  addToAll(amount: number): void {
    for (const table of [this.initial, this.transitions]) {
      for (let cell = 0; cell < table.length; cell++) table[cell]! += amount;
    }
  }

  combine({ initial, transitions, entering }: StepStatistic<T>): void {
    this.#entering ??= entering;
    for (let s = 0; s < initial.length; s++) this.initial[s]! += initial[s]!;
    for (let i = 0; i < transitions.length; i++) this.transitions[i]! += transitions[i]!;
  }

  value(): StepStatistic<T> {
    return {
      ...(this.#entering === undefined ? {} : { entering: this.#entering }),
      initial: this.initial.slice(),
      transitions: this.transitions.slice(),
    };
  }

  fromValue({ initial, transitions, entering }: StepStatistic<T>): void {
    this.#entering = entering ?? this.#entering;
    this.initial.set(initial);
    this.transitions.set(transitions);
  }
}
