/** The E step of a list of independent items: scores of the items summed by list, and weights of the lists spread over them. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild, unitWeights } from '../tree/children.js';
import type { SequenceColumns } from './sequenceColumns.js';

/** Additive over rows: the statistic of the items, each with the weight of its row, and that of the lengths. */
export interface SequenceStatistic {
  readonly items: unknown;
  readonly length: unknown;
}

/** Working memory of a block: scores and weights of the items, scores of the lengths. */
export class SequenceMemory {
  readonly items = new GrowingScratch();
  readonly lengths = new GrowingScratch();

  from(scratch: Scratch): void {
    this.items.from(scratch);
    this.lengths.from(scratch);
  }
}

/** What the E step needs of a sequence model. */
export interface SequenceModel extends Scorer<SequenceColumns> {
  readonly dist: Scorer;
  readonly length: Scorer;
  readonly lengthNormalized: boolean;
  readonly isUnbounded: boolean;
}

export function sequenceScorer(dist: Scorer, length: Scorer, lengthNormalized: boolean): SequenceModel {
  const memory = new SequenceMemory();
  const isUnbounded = dist.isUnbounded === true || length.isUnbounded === true;
  const model = { dist, length, lengthNormalized, isUnbounded };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => scoreSequences(model, undefined, columns, start, end, out, memory),
  };
}

export function scoreSequences(
  { dist, length, lengthNormalized, isUnbounded }: Omit<SequenceModel, 'seqLogDensity'>,
  children: { readonly items: Accumulator; readonly length: Accumulator } | undefined,
  { offsets, items, lengths }: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: SequenceMemory,
): void {
  const first = offsets[start]!;
  const scores = memory.items.atLeast(offsets[end]! - first);
  scoreChild(children?.items, dist, items, first, offsets[end]!, scores);
  for (let row = start; row < end; row++) {
    const from = offsets[row]! - first;
    const to = offsets[row + 1]! - first;
    let sum = 0;
    if (isUnbounded) for (let i = from; i < to; i++) sum = addLogs(sum, scores[i]!);
    else for (let i = from; i < to; i++) sum += scores[i]!;
    out[row - start] = lengthNormalized && to > from ? sum / (to - from) : sum;
  }
  if (children?.length.score === undefined && length.seqAddLogDensity !== undefined && !isUnbounded) {
    length.seqAddLogDensity(lengths, start, end, out);
    return;
  }
  const ofLengths = memory.lengths.atLeast(end - start);
  scoreChild(children?.length, length, lengths, start, end, ofLengths);
  for (let i = 0; i < end - start; i++) out[i] = addLogs(out[i]!, ofLengths[i]!);
}

/** Gives every item the weight of its row. */
export class SequenceAccumulator implements Accumulator<SequenceColumns, SequenceStatistic, SequenceModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #memory = new SequenceMemory();
  readonly #weights = new GrowingScratch();

  constructor(
    readonly items: Accumulator,
    readonly length: Accumulator,
    readonly lengthNormalized: boolean,
    readonly key: string | undefined,
  ) {
    this.children = [items, length];
    this.kind = `Sequence[${items.kind ?? '?'}, ${length.kind ?? '?'}]`;
  }

  begin(model: SequenceModel | undefined, { items, lengths }: SequenceColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    this.items.begin?.(model?.dist, items, scratch);
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: SequenceModel, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreSequences(model, this, columns, start, end, out, this.#memory);
  }

  seqUpdate(columns: SequenceColumns, start: number, end: number, weights: Float64Array, model?: SequenceModel): void {
    const { offsets, items, lengths } = columns;
    const itemWeights = this.#itemWeights(offsets, start, end, weights);
    this.items.seqUpdate(items, offsets[start]!, offsets[end]!, itemWeights, model?.dist);
    this.length.seqUpdate(lengths, start, end, weights, model?.length);
  }

  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    const itemWeights = this.#itemWeights(offsets, start, end, weights);
    initializeChild(this.items, items, offsets[start]!, offsets[end]!, itemWeights, draws.child('items'));
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  /** w_i for each item of row i, or w_i / n_i when lengths are normalised. */
  #itemWeights(offsets: Int32Array, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    const count = offsets[end]! - first;
    if (isUnit(weights) && !this.lengthNormalized) return unitWeights(count);
    const itemWeights = this.#weights.atLeast(count);
    for (let row = start; row < end; row++) {
      const from = offsets[row]!;
      const to = offsets[row + 1]!;
      const weight = weights[row - start]!;
      itemWeights.fill(this.lengthNormalized ? weight / (to - from) : weight, from - first, to - first);
    }
    return itemWeights;
  }

  combine({ items, length }: SequenceStatistic): void {
    this.items.combine(items);
    this.length.combine(length);
  }

  value(): SequenceStatistic {
    return { items: this.items.value(), length: this.length.value() };
  }

  fromValue({ items, length }: SequenceStatistic): void {
    this.items.fromValue(items);
    this.length.fromValue(length);
  }
}
