/** The E step of a list of independent items: scores of the items summed by list, and weights of the lists spread over them. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { isUnit, scoreChild, unitWeights } from '../tree/children.js';
import type { ListAccumulators, ListStatistic } from './listParts.js';
import type { SequenceColumns } from './sequenceColumns.js';

/** Additive over rows: the statistic of the items, each with the weight of its row, and that of the lengths. */
export type SequenceStatistic = ListStatistic;

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
    readonly parts: ListAccumulators,
    readonly lengthNormalized: boolean,
    readonly key: string | undefined,
  ) {
    this.children = parts.children;
    this.kind = parts.kindOf('Sequence');
  }

  begin(model: SequenceModel | undefined, columns: SequenceColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    this.parts.begin(model, columns, scratch);
  }

  score(model: SequenceModel, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreSequences(model, this.parts, columns, start, end, out, this.#memory);
  }

  seqUpdate(columns: SequenceColumns, start: number, end: number, weights: Float64Array, model?: SequenceModel): void {
    this.parts.seqUpdate(columns, start, end, this.#itemWeights(columns, start, end, weights), weights, model);
  }

  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.parts.seqInitialize(columns, start, end, this.#itemWeights(columns, start, end, weights), weights, draws);
  }

  /** w_i for each item of row i, or w_i / n_i when lengths are normalised. */
  #itemWeights({ offsets }: SequenceColumns, start: number, end: number, weights: Float64Array): Float64Array {
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

  combine(statistic: SequenceStatistic): void {
    this.parts.combine(statistic);
  }

  value(): SequenceStatistic {
    return this.parts.value();
  }

  fromValue(statistic: SequenceStatistic): void {
    this.parts.fromValue(statistic);
  }
}
