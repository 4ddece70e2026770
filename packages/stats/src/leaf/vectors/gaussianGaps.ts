/**
 * Gaussian vectors of which some coordinates are missing. Of a row only the coordinates o that are there are scored, by their
 * marginal; the E step takes for the others, m, their mean given those, and adds their covariance to the scatter:
 * E[x_m] = μ_m + L_mo z with L_oo z = x_o - μ_o, and C = L_mm L_mmᵀ, where L Lᵀ is the covariance with o first.
 * Source: Little & Rubin, Statistical Analysis with Missing Data (2002), ch. 11.
 */
import type { AnyDistribution } from '../../contract.js';
import { EstimationError } from '../../errors.js';
import { cholesky } from '../../numeric/cholesky.js';
import { log } from '../../numeric/elementary.js';
import { vectorKernels } from '../../numeric/kernels/vectors/index.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { diagonal } from './matrices.js';
import { addVectorMoments, originAmong } from './vectorBlocks.js';
import { type GapScores, observedMoments, weightsOfWhole } from './vectorGaps.js';
import type { FillsGaps } from './vectorMoments.js';
import type { Vector, VectorColumns } from './vectors.js';

/** Which coordinates are there, and what follows from it. Rows with the same gaps share it. */
interface Pattern {
  readonly observed: readonly number[];
  readonly missing: readonly number[];
  /** Of the covariance with the observed coordinates first, row-major [d × d]. */
  readonly factor: Float64Array;
  readonly logNormalizer: number;
  /** The covariance of the missing coordinates given the others, 0 elsewhere: its lower triangle row by row. */
  readonly rest: Float64Array;
}

/** A variance for coordinates that are constant: nothing is lost in it. */
const TINY = 2 ** -900;

export class GaussianGaps implements GapScores {
  readonly dimension: number;
  readonly mu: Float64Array;
  readonly #covariance: Float64Array;
  readonly #z: Float64Array;
  /** Two entries per node of a binary tree over the coordinates: the next node, or at the last one the pattern; 0 for none yet. */
  readonly #tree: number[] = [0, 0];
  readonly #patterns: Pattern[] = [];

  /** @param covariance  row-major [d × d] */
  constructor(mu: Vector, covariance: Float64Array) {
    this.mu = Float64Array.from(mu);
    this.#covariance = covariance;
    this.dimension = mu.length;
    this.#z = new Float64Array(mu.length);
  }

  /** Of `x[start … start + d)`, NaN where a coordinate is missing. */
  #patternOf(x: ArrayLike<number>, start: number): Pattern {
    const tree = this.#tree;
    const last = this.mu.length - 1;
    let node = 0;
    for (let j = 0; j < last; j++) {
      const at = 2 * node + (Number.isNaN(x[start + j]!) ? 1 : 0);
      if (tree[at] === 0) {
        tree[at] = tree.length / 2;
        tree.push(0, 0);
      }
      node = tree[at]!;
    }
    const at = 2 * node + (Number.isNaN(x[start + last]!) ? 1 : 0);
    if (tree[at] === 0) tree[at] = this.#patterns.push(this.#newPattern(x, start));
    return this.#patterns[tree[at]! - 1]!;
  }

  #newPattern(x: ArrayLike<number>, start: number): Pattern {
    const d = this.mu.length;
    const coordinates = [...this.mu.keys()];
    const observed = coordinates.filter((j) => !Number.isNaN(x[start + j]!));
    const missing = coordinates.filter((j) => Number.isNaN(x[start + j]!));
    const order = [...observed, ...missing];
    const factor = cholesky(
      Float64Array.from({ length: d * d }, (_, k) => this.#covariance[order[Math.floor(k / d)]! * d + order[k % d]!]!),
      d,
    );
    if (factor === undefined) {
      throw new EstimationError(
        'MultivariateGaussian: a covariance is too near singular to fill missing coordinates. Set minEigenvalue or ridge.',
      );
    }
    let logNormalizer = -0.5 * observed.length * log(2 * Math.PI);
    for (let i = 0; i < observed.length; i++) logNormalizer -= log(factor[i * d + i]!);
    const rest = new Float64Array((d * (d + 1)) / 2);
    for (let a = observed.length; a < d; a++) {
      for (let b = observed.length; b <= a; b++) {
        let sum = 0;
        for (let k = observed.length; k <= b; k++) sum += factor[a * d + k]! * factor[b * d + k]!;
        const [i, j] = [Math.max(order[a]!, order[b]!), Math.min(order[a]!, order[b]!)];
        rest[(i * (i + 1)) / 2 + j] = sum;
      }
    }
    return { observed, missing, factor, logNormalizer, rest };
  }

  /** z with L_oo z = x_o - μ_o. */
  #solve({ observed, factor }: Pattern, x: ArrayLike<number>, start: number): Float64Array {
    const z = this.#z;
    const d = this.mu.length;
    for (let i = 0; i < observed.length; i++) {
      const j = observed[i]!;
      let rest = x[start + j]! - this.mu[j]!;
      for (let k = 0; k < i; k++) rest -= factor[i * d + k]! * z[k]!;
      z[i] = rest / factor[i * d + i]!;
    }
    return z;
  }

  scoreAt(x: ArrayLike<number>, start: number): number {
    const pattern = this.#patternOf(x, start);
    const z = this.#solve(pattern, x, start);
    let quadratic = 0;
    for (let i = 0; i < pattern.observed.length; i++) quadratic += z[i]! * z[i]!;
    return Number.isNaN(quadratic) ? -Infinity : pattern.logNormalizer - 0.5 * quadratic; // entries that overflow
  }

  /**
   * Writes the row to `out`, the missing coordinates by their mean given the others.
   * @returns their covariance, as the scatter is kept
   */
  fill(x: ArrayLike<number>, start: number, out: Float64Array): Float64Array {
    const pattern = this.#patternOf(x, start);
    const { observed, missing, factor, rest } = pattern;
    const z = this.#solve(pattern, x, start);
    const d = this.mu.length;
    for (const j of observed) out[j] = x[start + j]!;
    for (let a = 0; a < missing.length; a++) {
      const row = (observed.length + a) * d;
      let value = this.mu[missing[a]!]!;
      for (let k = 0; k < observed.length; k++) value += factor[row + k]! * z[k]!;
      out[missing[a]!] = value;
    }
    return rest;
  }
}

/** A model, as far as its gaps go. */
interface GaussianVector {
  readonly mu: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

const known = /* @__PURE__ */ new WeakMap<GaussianVector, GaussianGaps>();

/** The same object for the same model: scores and statistics need the same factors. */
export function gapsOf(model: GaussianVector): GaussianGaps {
  let gaps = known.get(model);
  if (gaps === undefined) {
    gaps = new GaussianGaps(model.mu, Float64Array.from(model.covariance.flat()));
    known.set(model, gaps);
  }
  return gaps;
}

/** Before there is a model, coordinates count as independent. */
function gapsAtStart(columns: VectorColumns): GaussianGaps {
  const { mean, variance } = observedMoments(columns);
  return new GaussianGaps(mean, diagonal(variance.map((v) => Math.max(v, TINY))));
}

/** Adds rows with gaps to a scatter: the moments that are to be expected under the entering model. */
export class ScatterGaps implements FillsGaps {
  readonly #whole = new GrowingScratch();
  #model: GaussianGaps | undefined;
  #row = new Float64Array(0);

  /** @returns the origin of the moments */
  begin(model: AnyDistribution | undefined, columns: VectorColumns): Float64Array {
    this.#row = new Float64Array(columns.dimension);
    this.#model = model === undefined ? gapsAtStart(columns) : gapsOf(model as unknown as GaussianVector); // of its estimator
    return model === undefined ? originAmong(columns) : this.#model.mu.slice();
  }

  /** Adds rows `[start, end)`: those without a coordinate say nothing. */
  add(
    columns: VectorColumns,
    start: number,
    end: number,
    weights: Float64Array,
    origin: Float64Array,
    statistic: Float64Array,
  ): void {
    addSeen(columns, start, end, weights, statistic);
    const whole = weightsOfWhole(columns, start, end, weights, this.#whole);
    addVectorMoments(vectorKernels().scatter, columns, start, end, whole, origin, statistic);
    if (whole === weights) return;
    if (this.#model === undefined) this.begin(undefined, columns);
    const { x, dimension, observed } = columns;
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      if (weight === 0 || observed![row] === dimension || observed![row] === 0) continue;
      const rest = this.#model!.fill(x, row * dimension, this.#row);
      addRow(this.#row, rest, weight, origin, statistic);
    }
  }
}

/** Adds the weights of the rows that have a coordinate, where the statistic has room for them. */
function addSeen(
  { x, dimension: d, observed }: VectorColumns,
  start: number,
  end: number,
  weights: Float64Array,
  statistic: Float64Array,
): void {
  const at = 1 + d + (d * (d + 1)) / 2;
  if (statistic.length === at) return;
  for (let row = start; row < end; row++) {
    const weight = weights[row - start]!;
    for (let j = 0; j < d; j++) {
      if (observed![row] === d || !Number.isNaN(x[row * d + j]!)) statistic[at + j]! += weight;
    }
  }
}

/** Adds w, w(x - o), and w((x - o)(x - o)ᵀ + C). */
function addRow(
  x: Float64Array,
  rest: Float64Array,
  weight: number,
  origin: Float64Array,
  statistic: Float64Array,
): void {
  const d = x.length;
  statistic[0]! += weight;
  for (let i = 0, at = 0; i < d; i++) {
    const deviation = x[i]! - origin[i]!;
    statistic[1 + i]! += weight * deviation;
    for (let j = 0; j <= i; j++, at++) {
      statistic[1 + d + at]! += weight * (deviation * (x[j]! - origin[j]!) + rest[at]!);
    }
  }
}
