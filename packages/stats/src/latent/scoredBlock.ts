/** Which block of rows an accumulator has scored last: absorbing it right after needs no second scoring. */

import type { Columns, Scratch } from '../contract.js';
import { ParameterError } from '../errors.js';
import { GrowingScratch } from '../numeric/scratch.js';

/** What scores a block of rows, and keeps what absorbing it needs. */
interface BlockScorer<C extends Columns, M> {
  score(model: M, columns: C, start: number, end: number, out: Float64Array): void;
}

export class ScoredBlock<C extends Columns, M> {
  readonly #evidence = new GrowingScratch();
  #scored: { columns: C; start: number; end: number; model: M } | undefined;

  /** @param owner  the class of the accumulator, for messages */
  constructor(readonly owner: string) {}

  /** Forgets the block, and takes memory from `scratch` from now on. */
  from(scratch: Scratch): void {
    this.#evidence.from(scratch);
    this.#scored = undefined;
  }

  /** Rows `[start, end)` have been scored. */
  remember(model: M, columns: C, start: number, end: number): void {
    this.#scored = { columns, start, end, model };
  }

  /** What scoring left is there no more. */
  forget(): void {
    this.#scored = undefined;
  }

  /**
   * Rows `[start, end)` are absorbed now: `scorer` scores them unless they were the last that it scored. Absorbing may overwrite
   * what scoring left, so the block is forgotten.
   * @returns the model
   * @throws {ParameterError} without one
   */
  take(scorer: BlockScorer<C, M>, columns: C, start: number, end: number, model: M | undefined): M {
    if (model === undefined) throw new ParameterError(this.owner, 'model', 'given to seqUpdate', model);
    const scored = this.#scored;
    const isScored =
      scored?.columns === columns && scored.start === start && scored.end === end && scored.model === model;
    if (!isScored) scorer.score(model, columns, start, end, this.#evidence.atLeast(end - start));
    this.forget();
    return model;
  }
}
