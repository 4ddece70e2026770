/** Working memory of the passes over hidden Markov trees. */
import type { Scratch } from '../../contract.js';
import { nodeLength, sumsLength } from '../../numeric/kernels/twin/trees.js';
import { GrowingScratch } from '../../numeric/scratch.js';

/** Working memory of the passes. Scores are state-major: node t of state s at `s * stride + t`. */
export class TreeMemory {
  readonly #scores = new GrowingScratch();
  readonly #nodes = new GrowingScratch();
  readonly #sums = new GrowingScratch();
  readonly #childCounts = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  #rows: readonly Float64Array[] = [];
  /** What the way down adds up, as its kernel says. */
  sums: Float64Array = new Float64Array(0);
  stride = 0;

  /** @param scratch  where the kernels use it in place. Default: the JavaScript heap */
  constructor(scratch?: Scratch) {
    if (scratch !== undefined) this.from(scratch);
  }

  /** What children and kernels fill and read comes from `scratch`. */
  from(scratch: Scratch): void {
    for (const part of [this.#scores, this.#nodes, this.#sums, this.#childCounts, this.#weights]) part.from(scratch);
    this.stride = 0;
  }

  /** Makes room for `count` nodes of each state. */
  reserve(stateCount: number, count: number): void {
    if (count <= this.stride && this.#rows.length === stateCount) return;
    // Not a multiple of a cache page, or all states would fall into the same cache sets.
    this.stride = Math.max(1024, Math.ceil(count / 8) * 8) + 8;
    const scores = this.#scores.atLeast(stateCount * this.stride);
    this.#nodes.atLeast(nodeLength(stateCount) * this.stride);
    this.sums = this.#sums.atLeast(sumsLength(stateCount)).subarray(0, sumsLength(stateCount));
    this.#rows = Array.from({ length: stateCount }, (_, s) => scores.subarray(s * this.stride, (s + 1) * this.stride));
  }

  /** log f_s(x) of the nodes; after the way down P(state s | tree) times the weight of the tree. */
  get scores(): Float64Array {
    return this.#scores.atLeast(0);
  }

  /** What the way up leaves of each node for the way down. */
  get nodes(): Float64Array {
    return this.#nodes.atLeast(0);
  }

  /** The nodes of state `s` in {@link scores}. */
  row(s: number): Float64Array {
    return this.#rows[s]!;
  }

  childCountScores(count: number): Float64Array {
    return this.#childCounts.atLeast(count);
  }

  /** The weight of its tree for each node. */
  weights(count: number): Float64Array {
    return this.#weights.atLeast(count);
  }
}
