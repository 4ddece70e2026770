/**
 * Gaussian vectors of which some coordinates are missing. Of a row only the coordinates o that are there are scored, by their
 * marginal; the E step takes for the others, m, their mean given those, and adds their covariance to the scatter:
 * E[x_m] = μ_m + L_mo z with L_oo z = x_o - μ_o, and C = L_mm L_mmᵀ, where L Lᵀ is the covariance with o first.
 * Source: Little & Rubin, Statistical Analysis with Missing Data (2002), ch. 11.
 */
import type { AnyDistribution } from '../contract.js';
import { EstimationError } from '../errors.js';
import { cholesky, conditionBound, inverseOfLower } from '../numeric/cholesky.js';
import { log } from '../numeric/elementary.js';
import { kernels } from '../numeric/kernels/index.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { type GapGroup, gapGroups } from './gapPatterns.js';
import { MAX_CONDITION } from './gaussianVectorScores.js';
import { diagonal } from './matrices.js';
import { addVectorMoments, scoreVectors } from './vectorBlocks.js';
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
  /** The mean of the observed coordinates. */
  readonly mu: Float64Array;
  /** L_oo⁻¹, with which rows of one pattern are scored together; undefined where L_oo is too ill-conditioned for it. */
  readonly inverse: Float64Array | undefined;
}

/** A variance for coordinates that are constant: nothing is lost in it. */
const TINY = 2 ** -900;

export class GaussianGaps implements GapScores {
  readonly dimension: number;
  readonly mu: Float64Array;
  readonly #covariance: Float64Array;
  readonly #z: Float64Array;
  readonly #scores = new GrowingScratch();
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
    const o = observed.length;
    const own = Float64Array.from({ length: o * o }, (_, k) => factor[Math.floor(k / o) * d + (k % o)]!);
    const inverse = inverseOfLower(own, o);
    return {
      observed,
      missing,
      factor,
      logNormalizer,
      rest,
      mu: Float64Array.from(observed, (j) => this.mu[j]!),
      inverse: conditionBound(own, inverse, o) <= MAX_CONDITION ? inverse : undefined,
    };
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

  /** The log-densities of rows of one pattern. @returns memory that the next call uses again */
  scoreGroup(columns: VectorColumns, group: GapGroup): Float64Array {
    const { rows } = group;
    const out = this.#scores.atLeast(rows.length);
    const { inverse, mu, logNormalizer } = this.#patternOf(columns.x, rows[0]! * this.dimension);
    if (inverse === undefined) {
      for (let i = 0; i < rows.length; i++) out[i] = this.scoreAt(columns.x, rows[i]! * this.dimension);
    } else {
      const kernel = kernels().gaussianVectorLogDensity;
      scoreVectors(kernel, group.columns, 0, rows.length, out, mu, inverse, logNormalizer);
    }
    return out;
  }

  /**
   * Adds rows of one pattern to the moments about the mean, the missing coordinates as {@link fill} does: with B = L_mo L_oo⁻¹ their
   * moments are B times those of the observed ones.
   * @param weights  one for each row of the group
   */
  addGroup(columns: VectorColumns, group: GapGroup, weights: Float64Array, statistic: Float64Array): void {
    const d = this.dimension;
    const { observed, missing, factor, inverse, rest, mu } = this.#patternOf(columns.x, group.rows[0]! * d);
    const o = observed.length;
    const own = new Float64Array(1 + o + (o * (o + 1)) / 2);
    addVectorMoments(kernels().scatter, group.columns, 0, group.rows.length, weights, mu, own);
    // Σw(x - μ) and Σw(x - μ)(x - μ)ᵀ with the observed coordinates first.
    const sums = new Float64Array(d);
    const products = new Float64Array(d * d);
    for (let a = 0, at = 1 + o; a < o; a++) {
      sums[a] = own[1 + a]!;
      for (let b = 0; b <= a; b++, at++) {
        products[a * d + b] = own[at]!;
        products[b * d + a] = own[at]!;
      }
    }
    const slope = new Float64Array(o);
    for (let a = o; a < d; a++) {
      for (let k = 0; k < o; k++) {
        slope[k] = 0;
        for (let i = k; i < o; i++) slope[k]! += factor[a * d + i]! * inverse![i * o + k]!;
      }
      for (let k = 0; k < o; k++) sums[a]! += slope[k]! * sums[k]!;
      for (let b = 0; b < a; b++) {
        for (let k = 0; k < o; k++) products[a * d + b]! += slope[k]! * products[k * d + b]!;
        products[b * d + a] = products[a * d + b]!;
      }
      for (let k = 0; k < o; k++) products[a * d + a]! += slope[k]! * products[k * d + a]!;
    }
    statistic[0]! += own[0]!;
    const order = [...observed, ...missing];
    for (let a = 0; a < d; a++) {
      statistic[1 + order[a]!]! += sums[a]!;
      for (let b = 0; b <= a; b++) {
        const [i, j] = [Math.max(order[a]!, order[b]!), Math.min(order[a]!, order[b]!)];
        const at = (i * (i + 1)) / 2 + j;
        statistic[1 + d + at]! += products[a * d + b]! + own[0]! * rest[at]!;
      }
    }
  }

  /** Whether rows of this pattern are summed together: where there are enough of them, and the factor allows it. */
  sumsTogether(columns: VectorColumns, { rows }: GapGroup): boolean {
    return rows.length > this.dimension && this.#patternOf(columns.x, rows[0]! * this.dimension).inverse !== undefined;
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
  readonly #weights = new GrowingScratch();
  #model: GaussianGaps | undefined;
  #row = new Float64Array(0);

  /** @returns the origin of the moments */
  begin(model: AnyDistribution | undefined, columns: VectorColumns): Float64Array {
    this.#row = new Float64Array(columns.dimension);
    this.#model = model === undefined ? gapsAtStart(columns) : gapsOf(model as unknown as GaussianVector); // of its estimator
    return this.#model.mu.slice();
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
    addVectorMoments(kernels().scatter, columns, start, end, whole, origin, statistic);
    if (whole === weights) return;
    if (this.#model === undefined) this.begin(undefined, columns);
    const model = this.#model!;
    const isCentred = origin.every((value, j) => value === model.mu[j]);
    for (const group of gapGroups(columns, start, end)) {
      const { rows } = group;
      if (isCentred && model.sumsTogether(columns, group)) {
        const own = this.#weights.atLeast(rows.length);
        for (let i = 0; i < rows.length; i++) own[i] = weights[rows[i]! - start]!;
        model.addGroup(columns, group, own, statistic);
        continue;
      }
      for (const row of rows) {
        const weight = weights[row - start]!;
        if (weight === 0) continue;
        const rest = model.fill(columns.x, row * columns.dimension, this.#row);
        addRow(this.#row, rest, weight, origin, statistic);
      }
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
