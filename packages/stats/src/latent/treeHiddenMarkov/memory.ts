/** Working memory of the passes over hidden Markov trees. */
import type { Scratch } from '../../contract.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { Generations } from './generations.js';

/** Working memory of the passes. Scores are state-major by node: node t of state s at `s * stride + t`; the rest is by generation. */
export class TreeMemory {
  readonly #scores = new GrowingScratch();
  readonly #logs = new GrowingScratch();
  readonly #exponentials = new GrowingScratch();
  readonly #messages = new GrowingScratch();
  readonly #work = new GrowingScratch();
  readonly #taken = new GrowingScratch();
  readonly #even = new GrowingScratch();
  readonly #childCounts = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  readonly generations = new Generations();
  #rows: readonly Float64Array[] = [];
  /** S × S sums. */
  sums = new Float64Array(0);
  /** A number for each state: those of a child, given its parent's state. */
  shares = new Float64Array(0);
  stride = 0;

  /** @param scratch  where the kernels use it in place. Default: the JavaScript heap */
  constructor(scratch?: Scratch) {
    if (scratch !== undefined) this.from(scratch);
  }

  /** What children and kernels fill and read comes from `scratch`. */
  from(scratch: Scratch): void {
    const kernelParts = [this.#logs, this.#exponentials, this.#messages, this.#work, this.#taken, this.#even];
    for (const part of [this.#scores, this.#childCounts, this.#weights, ...kernelParts]) part.from(scratch);
    this.stride = 0;
  }

  /** Makes room for `count` nodes of each state. */
  reserve(stateCount: number, count: number): void {
    if (count <= this.stride && this.#rows.length === stateCount) return;
    // Not a multiple of a cache page, or all states would fall into the same cache sets.
    this.stride = Math.max(1024, Math.ceil(count / 8) * 8) + 8;
    const scores = this.#scores.atLeast(stateCount * this.stride);
    for (const part of [this.#logs, this.#exponentials, this.#messages]) part.atLeast(stateCount * this.stride);
    this.#work.atLeast(stateCount * this.stride);
    this.#taken.atLeast(this.stride);
    this.#even.atLeast(stateCount).fill(0);
    this.#rows = Array.from({ length: stateCount }, (_, s) => scores.subarray(s * this.stride, (s + 1) * this.stride));
    this.sums = new Float64Array(stateCount * stateCount);
    this.shares = new Float64Array(stateCount);
  }

  /** log f_s(x) of the nodes; after the way down P(state s | tree) times the weight of the tree. */
  get scores(): Float64Array {
    return this.#scores.atLeast(0);
  }

  /** L_s of the nodes after the way up; after the way down P(state s | tree) times the weight of the tree. */
  get logs(): Float64Array {
    return this.#logs.atLeast(0);
  }

  /** e_s of the nodes, once the way up is done. */
  get exponentials(): Float64Array {
    return this.#exponentials.atLeast(0);
  }

  /** m_s of the nodes, once the way up is done. */
  get messages(): Float64Array {
    return this.#messages.atLeast(0);
  }

  /** S numbers for each node of one generation. */
  get work(): Float64Array {
    return this.#work.atLeast(0);
  }

  /** M of each place, which the exponentials are without; 0 at a pole. */
  get taken(): Float64Array {
    return this.#taken.atLeast(0);
  }

  /** S logarithms of 1. */
  get even(): Float64Array {
    return this.#even.atLeast(0);
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
