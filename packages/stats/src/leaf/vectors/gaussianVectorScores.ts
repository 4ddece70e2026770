/** Scores of vectors that are quadratic in them: constant - ½ (x - μ)ᵀ (L Lᵀ)⁻¹ (x - μ). */
import { conditionBound, inverseOfLower, solveLower } from '../../numeric/cholesky.js';
import { doubles } from '../../numeric/doubles.js';
import { vectorKernels } from '../../numeric/kernels/vectors/index.js';
import type { Scores } from '../scores.js';
import { scoreVectors } from './vectorBlocks.js';
import type { Vector, VectorColumns } from './vectors.js';

/** Above this condition number scores are computed with the factor, not with its inverse. */
const MAX_CONDITION = 1e12;

export class GaussianVectorScores implements Scores<VectorColumns> {
  readonly #mu: Float64Array;
  readonly #factor: Float64Array;
  /** The inverse of the factor; undefined when the matrix is too ill-conditioned for it. */
  readonly #inverseFactor: Float64Array | undefined;
  readonly #constant: number;
  readonly #deviation: Float64Array;

  /** @param factor  L, lower triangular, row-major */
  constructor(mu: Vector, factor: Float64Array, constant: number) {
    const dimension = mu.length;
    this.#mu = doubles(mu);
    this.#factor = factor;
    const inverse = inverseOfLower(factor, dimension);
    this.#inverseFactor = conditionBound(factor, inverse, dimension) <= MAX_CONDITION ? inverse : undefined;
    this.#constant = constant;
    this.#deviation = new Float64Array(dimension);
  }

  /** The score of `values[start … start + d)`, by substitution. */
  scoreAt(values: Vector, start: number): number {
    const z = this.#deviation;
    for (let j = 0; j < z.length; j++) z[j] = values[start + j]! - this.#mu[j]!;
    solveLower(this.#factor, z.length, z);
    let quadratic = 0;
    for (let j = 0; j < z.length; j++) quadratic += z[j]! * z[j]!;
    // Entries that overflow may cancel to NaN: such a vector is infinitely far away.
    return Number.isNaN(quadratic) ? -Infinity : this.#constant - 0.5 * quadratic;
  }

  score(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const inverse = this.#inverseFactor;
    if (inverse === undefined) this.#addBySubstitution(columns, start, end, out.fill(0, 0, end - start));
    else {
      const kernel = vectorKernels().gaussianVectorLogDensity;
      scoreVectors(kernel, columns, start, end, out, this.#mu, inverse, this.#constant);
    }
  }

  add(columns: VectorColumns, start: number, end: number, out: Float64Array): void {
    const inverse = this.#inverseFactor;
    if (inverse === undefined) this.#addBySubstitution(columns, start, end, out);
    else {
      const kernel = vectorKernels().addGaussianVectorLogDensity;
      scoreVectors(kernel, columns, start, end, out, this.#mu, inverse, this.#constant);
    }
  }

  #addBySubstitution({ x, dimension }: VectorColumns, start: number, end: number, out: Float64Array): void {
    if (dimension !== this.#mu.length) return void out.fill(-Infinity, 0, end - start);
    for (let row = start; row < end; row++) out[row - start]! += this.scoreAt(x, row * dimension);
  }
}
