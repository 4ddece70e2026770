/** The E step of values with counts: scores of the values summed by list, and weights of the lists spread over them by count. */

import { addLogs } from '../numeric/logSumExp.js';
import { scoreChild } from '../tree/children.js';
import { ListAccumulator, type ListReader } from './listAccumulator.js';
import type { ListAccumulators, ListColumns, ListStatistic } from './listParts.js';
import type { MultinomialColumns } from './multinomialColumns.js';

/** Additive over rows: the statistic of the values, each with its count times the weight of its row, and that of the totals. */
export type MultinomialStatistic = ListStatistic;

/** The lists of values, without the counts. */
export function listsOf({ offsets, items, lengths }: MultinomialColumns): ListColumns {
  return { offsets, items: items.values, lengths };
}

export const COUNTED_LISTS: ListReader<MultinomialColumns> = {
  family: 'Multinomial',
  listsOf,

  score(scorers, children, columns, start, end, out, memory) {
    const { dist, length, lengthNormalized, isUnbounded } = scorers;
    const { offsets, items, lengths } = columns;
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
  },

  /** w_i c for each pair of row i, or w_i c / Σ c when lengths are normalised. */
  itemWeights({ offsets, items: { weights: counts } }, start, end, weights, lengthNormalized, room) {
    const first = offsets[start]!;
    const itemWeights = room.atLeast(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      const last = offsets[row + 1]!;
      let factor = weights[row - start]!;
      if (lengthNormalized) {
        let total = 0;
        for (let i = offsets[row]!; i < last; i++) total += counts[i]!;
        factor /= total;
      }
      for (let i = offsets[row]!; i < last; i++) itemWeights[i - first] = factor * counts[i]!;
    }
    return itemWeights;
  },
};

/** Gives every value its count times the weight of its row. */
export class MultinomialAccumulator extends ListAccumulator<MultinomialColumns> {
  constructor(parts: ListAccumulators, lengthNormalized: boolean, key: string | undefined) {
    super(COUNTED_LISTS, parts, lengthNormalized, key);
  }
}
