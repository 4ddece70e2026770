import type { Scratch } from '../../contract.js';
import { GrowingScratch } from '../../numeric/scratch.js';

/** Working memory of a forward pass, state-major: position t of state s at `s * stride + t`. */
export class ForwardMemory {
  readonly #emission = new GrowingScratch();
  readonly #forward = new GrowingScratch();
  readonly #scale = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  readonly #logEmission = new GrowingScratch();
  readonly #logForward = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  /** The sequences of the block that were done in logs. */
  readonly inLogs: number[] = [];
  #rows: readonly Float64Array[] = [];
  stride = 0;

  /** @param scratch  where the kernels use it in place. Default: the JavaScript heap */
  constructor(scratch?: Scratch) {
    if (scratch !== undefined) this.from(scratch);
  }

  from(scratch: Scratch): void {
    for (const part of [this.#emission, this.#forward, this.#scale, this.#lengths, this.#weights]) part.from(scratch);
    this.stride = 0;
  }

  /** Makes room for `count` positions of each state. */
  reserve(stateCount: number, count: number): void {
    if (count <= this.stride && this.#rows.length === stateCount) return;
    // Not a multiple of a cache page, or all states would fall into the same cache sets.
    this.stride = Math.max(1024, Math.ceil(count / 8) * 8) + 8;
    const emission = this.#emission.atLeast(stateCount * this.stride);
    this.#forward.atLeast(stateCount * this.stride);
    this.#scale.atLeast(2 * this.stride);
    this.#rows = Array.from({ length: stateCount }, (_, s) =>
      emission.subarray(s * this.stride, (s + 1) * this.stride),
    );
  }

  get emission(): Float64Array {
    return this.#emission.atLeast(0);
  }

  get forward(): Float64Array {
    return this.#forward.atLeast(0);
  }

  get scale(): Float64Array {
    return this.#scale.atLeast(0);
  }

  /** The positions of state `s`. */
  row(s: number): Float64Array {
    return this.#rows[s]!;
  }

  /** Log-densities of the emissions as they were scored, for {@link inLogs}. */
  get logEmission(): Float64Array {
    return this.#logEmission.atLeast(this.#rows.length * this.stride);
  }

  get logForward(): Float64Array {
    return this.#logForward.atLeast(this.#rows.length * this.stride);
  }

  /** The weights of the sequences, 0 for those {@link inLogs}. */
  scaledWeights(weights: Float64Array, count: number): Float64Array {
    const scaled = this.#weights.atLeast(count);
    for (let i = 0; i < count; i++) scaled[i] = weights[i]!;
    for (const i of this.inLogs) scaled[i] = 0;
    return scaled;
  }

  lengthScores(count: number): Float64Array {
    return this.#lengths.atLeast(count);
  }
}
