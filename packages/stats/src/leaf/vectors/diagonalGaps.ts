/** Scores of vectors with independent coordinates of which some are missing. */
import { log } from '../../numeric/elementary.js';
import type { GapScores } from './vectorGaps.js';

/** Scores the coordinates that are there, one by one. */
export class DiagonalGaps implements GapScores {
  readonly dimension: number;
  readonly #logNormalizers: Float64Array;

  constructor(
    readonly mu: Float64Array,
    readonly halfPrecision: Float64Array,
  ) {
    this.dimension = mu.length;
    this.#logNormalizers = halfPrecision.map((half) => 0.5 * log(half / Math.PI));
  }

  scoreAt(x: ArrayLike<number>, start: number): number {
    let score = 0;
    for (let j = 0; j < this.dimension; j++) {
      const value = x[start + j]!;
      if (Number.isNaN(value)) continue;
      score += this.#logNormalizers[j]! - (value - this.mu[j]!) ** 2 * this.halfPrecision[j]!;
    }
    return score;
  }
}
