/** The E step of a list of independent items: scores of the items summed by list, and weights of the lists spread over them. */

import { addLogs } from '../numeric/logSumExp.js';
import { isUnit, scoreChild, unitWeights } from '../tree/children.js';
import { ListAccumulator, type ListReader } from './listAccumulator.js';
import type { ListAccumulators, ListStatistic } from './listParts.js';
import type { SequenceColumns } from './sequenceColumns.js';

/** Additive over rows: the statistic of the items, each with the weight of its row, and that of the lengths. */
export type SequenceStatistic = ListStatistic;

export const SEQUENCES: ListReader<SequenceColumns> = {
  family: 'Sequence',
  listsOf: (columns) => columns,

  score(scorers, children, columns, start, end, out, memory) {
    const { dist, length, lengthNormalized, isUnbounded } = scorers;
    const { offsets, items, lengths } = columns;
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
  },

  /** w_i for each item of row i, or w_i / n_i when lengths are normalised. */
  itemWeights({ offsets }, start, end, weights, lengthNormalized, room) {
    const first = offsets[start]!;
    const count = offsets[end]! - first;
    if (isUnit(weights) && !lengthNormalized) return unitWeights(count);
    const itemWeights = room.atLeast(count);
    for (let row = start; row < end; row++) {
      const from = offsets[row]!;
      const to = offsets[row + 1]!;
      const weight = weights[row - start]!;
      itemWeights.fill(lengthNormalized ? weight / (to - from) : weight, from - first, to - first);
    }
    return itemWeights;
  },
};

/** Gives every item the weight of its row. */
export class SequenceAccumulator extends ListAccumulator<SequenceColumns> {
  constructor(parts: ListAccumulators, lengthNormalized: boolean, key: string | undefined) {
    super(SEQUENCES, parts, lengthNormalized, key);
  }
}
