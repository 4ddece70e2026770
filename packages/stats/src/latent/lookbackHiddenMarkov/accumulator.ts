/** The E step of a lookback hidden Markov model: that of the hidden Markov model over its steps. */
import type { SequenceColumns } from '../../combinators/sequenceColumns.js';
import type { Accumulator, AnyDistribution, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import type {
  HiddenMarkovAccumulator,
  HiddenMarkovModel,
  HiddenMarkovScorer,
  HiddenMarkovStatistic,
} from '../hiddenMarkov/forwardBackward.js';
import type { FindStates } from '../hiddenMarkov/start.js';

/** What the E step needs of a model. */
export interface LookbackScorer extends Scorer<SequenceColumns> {
  /** The hidden Markov model over the steps of lists. */
  readonly steps: HiddenMarkovScorer;
}

/** A model that is a distribution. */
export interface LookbackModel extends AnyDistribution {
  readonly steps: HiddenMarkovModel;
}

/** Baum-Welch counts over steps; the statistic of an emission is that of first items and that of windows. */
export class LookbackHiddenMarkovAccumulator
  implements Accumulator<SequenceColumns, HiddenMarkovStatistic, LookbackScorer>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];

  readonly #counts: HiddenMarkovAccumulator;
  #lists: SequenceColumns | undefined;

  /**
   * @param countsOf  makes the accumulator of the hidden Markov model over steps
   * @param statesOf  finds the states of the steps of lists
   */
  constructor(
    lag: number,
    countsOf: (findStates: FindStates) => HiddenMarkovAccumulator,
    statesOf: (lists: SequenceColumns) => FindStates,
  ) {
    // Which lists the items stand in is known when these are started.
    this.#counts = countsOf((items, weights, draws) => statesOf(this.#lists!)(items, weights, draws));
    this.kind = `Lookback ${lag} ${this.#counts.kind}`;
    this.children = this.#counts.children;
  }

  begin(model: LookbackScorer | undefined, columns: SequenceColumns, scratch: Scratch): void {
    this.#counts.begin(model?.steps, columns, scratch);
  }

  score(model: LookbackScorer, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    this.#counts.score(model.steps, columns, start, end, out);
  }

  seqUpdate(columns: SequenceColumns, start: number, end: number, weights: Float64Array, model?: LookbackScorer): void {
    this.#counts.seqUpdate(columns, start, end, weights, model?.steps);
  }

  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#lists = columns;
    this.#counts.seqInitialize(columns, start, end, weights, draws);
    this.#lists = undefined;
  }

  combine(statistic: HiddenMarkovStatistic): void {
    this.#counts.combine(statistic);
  }

  value(): HiddenMarkovStatistic {
    return this.#counts.value();
  }

  fromValue(statistic: HiddenMarkovStatistic): void {
    this.#counts.fromValue(statistic);
  }
}
