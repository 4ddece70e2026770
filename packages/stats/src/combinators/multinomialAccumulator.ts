/** The E step of values with counts: scores of the values summed by list, and weights of the lists spread over them by count. */

import type { Accumulator, Draws, Scorer, Scratch } from '../contract.js';
import { addLogs } from '../numeric/logSumExp.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { scoreChild } from '../tree/children.js';
import type { ListAccumulators, ListColumns, ListStatistic } from './listParts.js';
import type { MultinomialColumns } from './multinomialColumns.js';

/** Additive over rows: the statistic of the values, each with its count times the weight of its row, and that of the totals. */
export type MultinomialStatistic = ListStatistic;

/** Working memory of a block: scores of the values and of the totals. */
export class MultinomialMemory {
  readonly items = new GrowingScratch();
  readonly lengths = new GrowingScratch();

  from(scratch: Scratch): void {
    this.items.from(scratch);
    this.lengths.from(scratch);
  }
}

/** What the E step needs of a model. */
interface MultinomialModel extends Scorer<MultinomialColumns> {
  readonly dist: Scorer;
  readonly length: Scorer;
  readonly lengthNormalized: boolean;
  readonly isUnbounded: boolean;
}

/** The score of a list of counts by what scores the values and the total. */
export function countScorer(dist: Scorer, length: Scorer, lengthNormalized: boolean): MultinomialModel {
  const memory = new MultinomialMemory();
  const isUnbounded = dist.isUnbounded === true || length.isUnbounded === true;
  const model = { dist, length, lengthNormalized, isUnbounded };
  return {
    ...model,
    seqLogDensity: (columns, start, end, out) => scoreCounts(model, undefined, columns, start, end, out, memory),
  };
}

export function scoreCounts(
  { dist, length, lengthNormalized, isUnbounded }: Omit<MultinomialModel, 'seqLogDensity'>,
  children: { readonly items: Accumulator; readonly length: Accumulator } | undefined,
  { offsets, items, lengths }: MultinomialColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: MultinomialMemory,
): void {
  const { values, weights: counts } = items;
  const first = offsets[start]!;
  const scores = memory.items.atLeast(offsets[end]! - first);
  scoreChild(children?.items, dist, values, first, offsets[end]!, scores);
  const ofLengths = memory.lengths.atLeast(end - start);
  scoreChild(children?.length, length, lengths, start, end, ofLengths);
  for (let row = start; row < end; row++) {
    let sum = 0;
    let total = 0;
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
      const term = counts[i]! * scores[i - first]!;
      sum = isUnbounded ? addLogs(sum, term) : sum + term;
      total += counts[i]!;
    }
    if (lengthNormalized && total > 0) sum /= total;
    out[row - start] = addLogs(sum, ofLengths[row - start]!);
  }
}

/** The lists of values, without the counts. */
export function listsOf({ offsets, items, lengths }: MultinomialColumns): ListColumns {
  return { offsets, items: items.values, lengths };
}

/** Gives every value its count times the weight of its row. */
export class MultinomialAccumulator implements Accumulator<MultinomialColumns, MultinomialStatistic, MultinomialModel> {
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #memory = new MultinomialMemory();
  readonly #weights = new GrowingScratch();

  constructor(
    readonly parts: ListAccumulators,
    readonly lengthNormalized: boolean,
    readonly key: string | undefined,
  ) {
    this.children = parts.children;
    this.kind = parts.kindOf('Multinomial');
  }

  begin(model: MultinomialModel | undefined, columns: MultinomialColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    this.parts.begin(model, listsOf(columns), scratch);
  }

  score(model: MultinomialModel, columns: MultinomialColumns, start: number, end: number, out: Float64Array): void {
    scoreCounts(model, this.parts, columns, start, end, out, this.#memory);
  }

  seqUpdate(
    columns: MultinomialColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: MultinomialModel,
  ): void {
    const itemWeights = this.#itemWeights(columns, start, end, weights);
    this.parts.seqUpdate(listsOf(columns), start, end, itemWeights, weights, model);
  }

  seqInitialize(columns: MultinomialColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const itemWeights = this.#itemWeights(columns, start, end, weights);
    this.parts.seqInitialize(listsOf(columns), start, end, itemWeights, weights, draws);
  }

  /** w_i c for each pair of row i, or w_i c / Σ c when lengths are normalised. */
  #itemWeights(
    { offsets, items: { weights: counts } }: MultinomialColumns,
    start: number,
    end: number,
    weights: Float64Array,
  ): Float64Array {
    const first = offsets[start]!;
    const itemWeights = this.#weights.atLeast(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      const last = offsets[row + 1]!;
      let factor = weights[row - start]!;
      if (this.lengthNormalized) {
        let total = 0;
        for (let i = offsets[row]!; i < last; i++) total += counts[i]!;
        factor /= total;
      }
      for (let i = offsets[row]!; i < last; i++) itemWeights[i - first] = factor * counts[i]!;
    }
    return itemWeights;
  }

  combine(statistic: MultinomialStatistic): void {
    this.parts.combine(statistic);
  }

  value(): MultinomialStatistic {
    return this.parts.value();
  }

  fromValue(statistic: MultinomialStatistic): void {
    this.parts.fromValue(statistic);
  }
}
