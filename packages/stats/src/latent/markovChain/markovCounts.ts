/** Scores Markov chains by tables of codes, and counts their first states and steps. */

import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import type { CategoricalColumns, Level } from '../../families/categorical.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, scoreChild } from '../../tree/children.js';

/** Log-probabilities by code, for one dictionary of states. */
export interface CodeTables {
  readonly levels: readonly Level[];
  readonly initial: Float64Array;
  /** Row-major [V × V], from row to column. */
  readonly transition: Float64Array;
}

/** What scoring needs of a chain. */
export interface MarkovChainModel extends Scorer<SequenceColumns> {
  readonly length: Scorer;
  tablesFor(levels: readonly Level[]): CodeTables;
}

/** Log-densities of chains `[start, end)` into `out`. */
export function scoreChains(
  model: Omit<MarkovChainModel, 'seqLogDensity'>,
  lengthChild: Accumulator | undefined,
  { offsets, items, lengths }: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  const { codes, levels } = items as CategoricalColumns;
  const { initial, transition } = model.tablesFor(levels);
  const lengthScores = scratch.atLeast(end - start);
  scoreChild(lengthChild, model.length, lengths, start, end, lengthScores);
  for (let row = start; row < end; row++) {
    const first = offsets[row]!;
    const last = offsets[row + 1]!;
    let sum = first < last ? initial[codes[first]!]! : 0;
    for (let at = first + 1; at < last; at++) sum += transition[codes[at - 1]! * levels.length + codes[at]!]!;
    out[row - start] = addLogs(sum, lengthScores[row - start]!);
  }
}

/** Additive over rows: weights of first states and of steps (row-major [V × V]) by the column's levels. */
export interface MarkovChainStatistic {
  readonly levels: readonly Level[];
  readonly initial: Float64Array;
  readonly transitions: Float64Array;
  readonly length: unknown;
}

/** Counts first states and steps. */
export class MarkovChainAccumulator implements Accumulator<SequenceColumns, MarkovChainStatistic, MarkovChainModel> {
  readonly kind = 'MarkovChain';
  readonly children: readonly TiedNode[];
  readonly #scratch = new GrowingScratch();
  #levels: readonly Level[];
  #initial: Float64Array;
  #transitions: Float64Array;

  /** @param own  V counts of first states, then V × V counts of steps */
  constructor(
    levels: readonly Level[],
    own: Float64Array,
    readonly length: Accumulator,
    readonly key: string | undefined,
  ) {
    this.#levels = levels;
    this.#initial = own.subarray(0, levels.length);
    this.#transitions = own.subarray(levels.length);
    this.children = [length];
  }

  begin(model: MarkovChainModel | undefined, { lengths }: SequenceColumns, scratch: Scratch): void {
    this.#scratch.from(scratch);
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: MarkovChainModel, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreChains(model, this.length, columns, start, end, out, this.#scratch);
  }

  seqUpdate(
    columns: SequenceColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: MarkovChainModel,
  ): void {
    this.#count(columns, start, end, weights);
    this.length.seqUpdate(columns.lengths, start, end, weights, model?.length);
  }

  /** Below a hidden variable one more start and one more step from each state, spread over all states. */
  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#count(columns, start, end, weights);
    const share = draws.smoothsTables ? 1 / this.#levels.length : 0;
    for (let k = 0; k < this.#initial.length; k++) this.#initial[k]! += share;
    for (let i = 0; i < this.#transitions.length; i++) this.#transitions[i]! += share;
    initializeChild(this.length, columns.lengths, start, end, weights, draws.child('length'));
  }

  #count({ offsets, items }: SequenceColumns, start: number, end: number, weights: Float64Array): void {
    const { codes } = items as CategoricalColumns;
    const stateCount = this.#levels.length;
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      const first = offsets[row]!;
      const last = offsets[row + 1]!;
      if (first < last) this.#initial[codes[first]!]! += weight;
      for (let at = first + 1; at < last; at++) this.#transitions[codes[at - 1]! * stateCount + codes[at]!]! += weight;
    }
  }

  /** Levels that are new to this accumulator are added after its own. */
  combine({ levels, initial, transitions, length }: MarkovChainStatistic): void {
    this.#include(levels);
    const codeOf = new Map(this.#levels.map((level, code) => [level, code]));
    const codes = levels.map((level) => codeOf.get(level)!);
    codes.forEach((code, k) => {
      this.#initial[code]! += initial[k]!;
      codes.forEach((next, j) => {
        this.#transitions[code * this.#levels.length + next]! += transitions[k * levels.length + j]!;
      });
    });
    this.length.combine(length);
  }

  #include(levels: readonly Level[]): void {
    const all = [...new Set([...this.#levels, ...levels])];
    const before = this.#levels.length;
    if (all.length === before) return;
    const initial = new Float64Array(all.length);
    initial.set(this.#initial);
    const transitions = new Float64Array(all.length * all.length);
    for (let k = 0; k < before; k++) {
      transitions.set(this.#transitions.subarray(k * before, (k + 1) * before), k * all.length);
    }
    this.#levels = all;
    this.#initial = initial;
    this.#transitions = transitions;
  }

  value(): MarkovChainStatistic {
    return {
      levels: this.#levels,
      initial: this.#initial.slice(),
      transitions: this.#transitions.slice(),
      length: this.length.value(),
    };
  }

  fromValue({ levels, initial, transitions, length }: MarkovChainStatistic): void {
    this.#levels = levels;
    if (initial.length === this.#initial.length) {
      this.#initial.set(initial);
      this.#transitions.set(transitions);
    } else {
      this.#initial = initial.slice();
      this.#transitions = transitions.slice();
    }
    this.length.fromValue(length);
  }
}
