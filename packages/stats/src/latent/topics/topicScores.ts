/** Scores of documents under a topic model, block by block. */
import type { MultinomialColumns } from '../../combinators/multinomialColumns.js';
import { RUN } from '../../numeric/kernels/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { withWorkspace } from '../../numeric/scratch.js';
import type { Router } from '../route.js';
import { DocumentMemory, type TopicModel } from './topicProportions.js';

/**
 * Scores documents `[start, end)` into `out`.
 * @param visit  sees the proportions of each block of documents
 */
export function scoreDocuments(
  model: Omit<TopicModel, 'seqLogDensity'>,
  router: Router,
  columns: MultinomialColumns,
  start: number,
  end: number,
  out: Float64Array,
  visit?: (memory: DocumentMemory, start: number, end: number) => void,
): void {
  withWorkspace((scratch) => {
    const memory = new DocumentMemory();
    memory.from(scratch);
    let from = start;
    while (from < end) {
      let to = Math.min(from + RUN, end);
      while (to - from > 1 && columns.offsets[to]! - columns.offsets[from]! > 4 * RUN) to = from + ((to - from) >> 1);
      const scores = out.subarray(from - start, to - start);
      memory.fill(model, (t, ...rest) => router.seqLogDensity(t, model.topics[t]!, ...rest), columns, from, to, scores);
      const ofLengths = memory.lengths(to - from);
      model.length.seqLogDensity(columns.lengths, from, to, ofLengths);
      for (let i = 0; i < to - from; i++) scores[i] = addLogs(scores[i]!, ofLengths[i]!);
      visit?.(memory, from, to);
      from = to;
    }
  });
}
