/** The E step of a list: what families of lists do alike, whether items have counts or not. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import { GrowingScratch } from '../numeric/scratch.js';
import type { ListAccumulators, ListColumns, ListStatistic } from './listParts.js';
import type { SequenceColumns } from './sequenceColumns.js';

/** Working memory of a block: scores of the items and of the lengths. */
export class ListMemory {
  readonly items = new GrowingScratch();
  readonly lengths = new GrowingScratch();

  from(scratch: Scratch): void {
    this.items.from(scratch);
    this.lengths.from(scratch);
  }
}

/** What scoring lists needs. */
export interface ListScorers {
  readonly dist: Scorer;
  readonly length: Scorer;
  readonly lengthNormalized: boolean;
  readonly isUnbounded: boolean;
}

/** What the E step needs of a model. */
export interface ListModel<C extends SequenceColumns> extends Scorer<C>, ListScorers {
  readonly isUnbounded: boolean;
}

/** How a family reads its columns. */
export interface ListReader<C extends SequenceColumns> {
  readonly family: string;
  /** The lists of values. */
  listsOf(columns: C): ListColumns;
  /** Log-densities of the lists `[start, end)` into `out`. */
  score(
    model: ListScorers,
    children: { readonly items: Accumulator; readonly length: Accumulator } | undefined,
    columns: C,
    start: number,
    end: number,
    out: Float64Array,
    memory: ListMemory,
  ): void;
  /** The weights of the items of the lists `[start, end)`, whose own weights are `weights`; in `room`, or an array that is there. */
  itemWeights(
    columns: C,
    start: number,
    end: number,
    weights: Float64Array,
    lengthNormalized: boolean,
    room: GrowingScratch,
  ): Float64Array;
}

/** The score of a list by what scores its items and its length. */
export function listScorer<C extends SequenceColumns>(
  reader: ListReader<C>,
  dist: Scorer,
  length: Scorer,
  lengthNormalized: boolean,
): ListModel<C> {
  const memory = new ListMemory();
  const isUnbounded = dist.isUnbounded === true || length.isUnbounded === true;
  const model = { dist, length, lengthNormalized, isUnbounded };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => reader.score(model, undefined, columns, start, end, out, memory),
  };
}

/** Gives every item the weight of its row, as the family reads it. */
export class ListAccumulator<C extends SequenceColumns> implements Accumulator<C, ListStatistic, ListModel<C>> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #reader: ListReader<C>;
  readonly #memory = new ListMemory();
  readonly #weights = new GrowingScratch();

  constructor(
    reader: ListReader<C>,
    readonly parts: ListAccumulators,
    readonly lengthNormalized: boolean,
    readonly key: string | undefined,
  ) {
    this.#reader = reader;
    this.children = parts.children;
    this.kind = parts.kindOf(reader.family);
  }

  begin(model: ListModel<C> | undefined, columns: C, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    this.parts.begin(model, this.#reader.listsOf(columns), scratch);
  }

  score(model: ListModel<C>, columns: C, start: number, end: number, out: Float64Array): void {
    this.#reader.score(model, this.parts, columns, start, end, out, this.#memory);
  }

  seqUpdate(columns: C, start: number, end: number, weights: Float64Array, model?: ListModel<C>): void {
    const itemWeights = this.#itemWeights(columns, start, end, weights);
    this.parts.seqUpdate(this.#reader.listsOf(columns), start, end, itemWeights, weights, model);
  }

  seqInitialize(columns: C, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const itemWeights = this.#itemWeights(columns, start, end, weights);
    this.parts.seqInitialize(this.#reader.listsOf(columns), start, end, itemWeights, weights, draws);
  }

  #itemWeights(columns: C, start: number, end: number, weights: Float64Array): Float64Array {
    return this.#reader.itemWeights(columns, start, end, weights, this.lengthNormalized, this.#weights);
  }

  combine(statistic: ListStatistic): void {
    this.parts.combine(statistic);
  }

  value(): ListStatistic {
    return this.parts.value();
  }

  fromValue(statistic: ListStatistic): void {
    this.parts.fromValue(statistic);
  }
}
