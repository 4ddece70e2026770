/** The states of the items of many lists. */
import { type HiddenSemiMarkovModel, SegmentMemory, scoreSegmented } from './accumulator.js';
import type { SegmentedColumns } from './columns.js';
import { backwardSegments } from './segments.js';

/**
 * P(state | list) of each item of the lists `[start, end)`, list by list. All 0 for an impossible list.
 * @param out  receives the share of state s at `item * S + s`, the first item of the list `start` being item 0
 * @param evidence  receives log p(list) of each list
 */
export function smoothLists(
  model: HiddenSemiMarkovModel,
  columns: SegmentedColumns,
  start: number,
  end: number,
  out: Float64Array,
  evidence: Float64Array,
): void {
  const { offsets } = columns;
  const { chain } = model;
  const stateCount = model.emissions.length;
  const memory = new SegmentMemory();
  // The backward pass counts segments, too, which nobody asks for here.
  const counts = {
    initial: new Float64Array(stateCount),
    transitions: new Float64Array(stateCount * stateCount),
    whole: new Float64Array(chain.duration.length),
    cut: new Float64Array(chain.duration.length),
  };
  for (let i = start; i < end; i++) {
    scoreSegmented(model, undefined, columns, i, i + 1, evidence.subarray(i - start, i - start + 1), memory);
    const length = offsets[i + 1]! - offsets[i]!;
    backwardSegments(chain, memory.list(0, 0, length), memory.evidence[0]!, 1, counts, memory);
    const first = offsets[i]! - offsets[start]!;
    for (let s = 0; s < stateCount; s++) {
      const shares = memory.row(s);
      for (let t = 0; t < length; t++) out[(first + t) * stateCount + s] = shares[t]!;
    }
  }
}
