/** The states of the items of many lists, block by block. */
import type { SequenceColumns } from '../../combinators/sequence.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { forwardPass, type HiddenMarkovScorer } from './forwardBackward.js';
import { ForwardMemory } from './forwardMemory.js';
import { logBackwardPass } from './logForwardBackward.js';

/** Items smoothed at a time. */
const MAX_ITEMS = 4096;

/**
 * P(state | list) of each item of the lists `[start, end)`, forward and backward. All 0 for an impossible list.
 * @param out  receives the share of state s at `item * S + s`, the first item of the list `start` being item 0
 * @param evidence  receives log p(list) of each list
 */
export function smoothSequences(
  model: HiddenMarkovScorer,
  columns: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  evidence: Float64Array,
): void {
  const { offsets } = columns;
  const stateCount = model.emissions.length;
  // The backward pass counts starts and steps, too, which nobody asks for here.
  const initial = new Float64Array(stateCount);
  const steps = new Float64Array(stateCount * stateCount);
  withWorkspace((scratch) => {
    const memory = new ForwardMemory(scratch);
    for (let from = start; from < end; ) {
      let to = from + 1;
      while (to < end && offsets[to + 1]! - offsets[from]! <= MAX_ITEMS) to++;
      smoothBlock(model, columns, from, to, evidence.subarray(from - start, to - start), memory, initial, steps);
      const first = offsets[from]!;
      const count = offsets[to]! - first;
      for (let s = 0; s < stateCount; s++) {
        const shares = memory.row(s);
        for (let t = 0; t < count; t++) out[(first - offsets[start]! + t) * stateCount + s] = shares[t]!;
      }
      from = to;
    }
  });
}

/** Leaves the shares in the rows of `memory`. */
function smoothBlock(
  model: HiddenMarkovScorer,
  columns: SequenceColumns,
  start: number,
  end: number,
  evidence: Float64Array,
  memory: ForwardMemory,
  initial: Float64Array,
  steps: Float64Array,
): void {
  forwardPass(model, undefined, columns, start, end, evidence, memory);
  const { offsets } = columns;
  const { emission, forward, scale, stride, inLogs } = memory;
  const { chain } = model;
  const count = end - start;
  const lists = offsets.subarray(start);
  // Those that scaling cannot do have a weight of 0 here, and are done in logs.
  const weights = inLogs.length === 0 ? null : memory.scaledWeights(new Float64Array(count).fill(1), count);
  const stateCount = model.emissions.length;
  latentKernels().hmmBackward(
    emission,
    stride,
    stateCount,
    lists,
    count,
    chain.transition,
    forward,
    scale,
    weights,
    initial,
    steps,
  );
  const row = (s: number): Float64Array => memory.row(s);
  for (const i of inLogs) {
    const [from, to] = [lists[i]! - lists[0]!, lists[i + 1]! - lists[0]!];
    logBackwardPass(chain.logChain, memory.logEmission, memory.logForward, stride, from, to, 1, row, initial, steps);
  }
}
