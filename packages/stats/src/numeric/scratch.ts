import type { Scratch } from '../contract.js';
import { kernels } from './kernels/index.js';

/** Working memory that grows to what the largest block needs and is then used again. Its content is arbitrary. */
export class GrowingScratch {
  #source: Scratch | undefined;
  #array: Float64Array = new Float64Array(0);

  /** Takes memory from `source` from now on. */
  from(source: Scratch): void {
    if (source === this.#source) return; // the next pass of the same fit: what was taken is still ours
    this.#source = source;
    this.#array = new Float64Array(0);
  }

  /** An array of at least `length` doubles. */
  atLeast(length: number): Float64Array {
    if (this.#array.length < length) {
      this.#array = this.#source === undefined ? new Float64Array(length) : this.#source.float64(length);
    }
    return this.#array;
  }
}

/** Calls `use` with memory that the kernels use in place, and gives the memory back afterwards. Staged columns are remembered. */
export function withWorkspace<R>(use: (scratch: Scratch) => R): R {
  const workspace = kernels().workspace();
  try {
    return workspace.remember(() => use(workspace));
  } finally {
    workspace.release();
  }
}
