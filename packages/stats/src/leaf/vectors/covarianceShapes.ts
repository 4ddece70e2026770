/**
 * Covariances of several components with something in common: Σ_k = λ_k D_k A_k D_kᵀ, with λ_k the volume (|Σ_k|^{1/d}), D_k the
 * orientation (orthogonal) and A_k the shape (diagonal, of determinant 1). A name has a letter for volume, shape and orientation
 * each: E where components are equal, V where they vary, I for a sphere (shape) or for the axes of the coordinates (orientation).
 * Source: Banfield & Raftery (1993); Celeux & Govaert (1995), Gaussian parsimonious clustering models, whose maxima these are;
 * Browne & McNicholas (2014) for a common orientation.
 */

import { cholesky, inverseOfLower } from '../../numeric/cholesky.js';
import { exp, log } from '../../numeric/elementary.js';
import { fromEigen, symmetricEigen } from '../../numeric/symmetricEigen.js';
import { diagonal } from './matrices.js';

/** The names of the fourteen shapes. */
export const COVARIANCE_SHAPES = [
  ...['EII', 'VII', 'EEI', 'VEI', 'EVI', 'VVI', 'EEE'],
  ...['VEE', 'EVE', 'VVE', 'EEV', 'VEV', 'EVV', 'VVV'],
] as const;

/** See {@link COVARIANCE_SHAPES}. */
export type CovarianceShape =
  | 'EII'
  | 'VII'
  | 'EEI'
  | 'VEI'
  | 'EVI'
  | 'VVI'
  | 'EEE'
  | 'VEE'
  | 'EVE'
  | 'VVE'
  | 'EEV'
  | 'VEV'
  | 'EVV'
  | 'VVV';

/** The rows of one component: their weight, and Σ r (x - μ)(x - μ)ᵀ about its mean, [d × d]. */
export interface ComponentScatter {
  readonly count: number;
  readonly scatter: Float64Array;
}

/** Steps of an iteration that finds what has no closed form. */
const MAX_STEPS = 10_000;
/** Relative change of all numbers at which such an iteration ends. */
const SETTLED = 1e-13;

/**
 * The covariances that maximise the likelihood under the shape, given the scatter of each component.
 * @param parts  with positive counts
 * @returns one matrix for each part; it may be singular, or hold NaN, where a scatter is
 */
export function shapedCovariances(
  shape: CovarianceShape,
  parts: readonly ComponentScatter[],
  dimension: number,
): Float64Array[] {
  const [volume, form, orientation] = shape as unknown as readonly ['E' | 'V', 'E' | 'V' | 'I', 'E' | 'V' | 'I'];
  if (form === 'I') return spheres(volume, parts, dimension);
  if (orientation === 'I') return alongAxes(volume, form, parts, dimension).map(diagonal);
  if (orientation === 'E' && form === 'V') return commonOrientation(volume, parts, dimension);
  if (orientation === 'E') return commonMatrix(volume, parts, dimension);
  if (form === 'E') return commonEigenvalues(volume, parts, dimension);
  return free(volume, parts, dimension);
}

/** Free parameters of `count` covariances of this shape. */
export function shapeParameterCount(shape: CovarianceShape, count: number, dimension: number): number {
  const of = (letter: string | undefined, each: number) => (letter === 'I' ? 0 : letter === 'E' ? each : count * each);
  return of(shape[0], 1) + of(shape[1], dimension - 1) + of(shape[2], (dimension * (dimension - 1)) / 2);
}

function total(parts: readonly ComponentScatter[]): ComponentScatter {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const scatter = new Float64Array(parts[0]!.scatter.length);
  for (const part of parts) for (const [at, value] of part.scatter.entries()) scatter[at]! += value;
  return { count, scatter };
}

function diagonalOf(matrix: Float64Array, dimension: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, j) => matrix[j * dimension + j]!);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** |diag(values)|^{1/d}. */
function geometricMean(values: Float64Array): number {
  return exp(values.reduce((total, value) => total + log(value), 0) / values.length);
}

/** |A|^{1/d}; NaN for a matrix that is not positive definite. */
function volumeOf(matrix: Float64Array, dimension: number): number {
  const factor = cholesky(matrix, dimension);
  return factor === undefined ? Number.NaN : geometricMean(diagonalOf(factor, dimension)) ** 2;
}

function spheres(volume: 'E' | 'V', parts: readonly ComponentScatter[], dimension: number): Float64Array[] {
  const variance = ({ count, scatter }: ComponentScatter) => sum(diagonalOf(scatter, dimension)) / (count * dimension);
  const common = variance(total(parts));
  return parts.map((part) => diagonal(new Float64Array(dimension).fill(volume === 'E' ? common : variance(part))));
}

/** The variances of each component. */
function alongAxes(
  volume: 'E' | 'V',
  form: 'E' | 'V',
  parts: readonly ComponentScatter[],
  dimension: number,
): Float64Array[] {
  const own = parts.map(({ scatter }) => diagonalOf(scatter, dimension));
  const all = total(parts);
  if (form === 'E' && volume === 'E') {
    const common = diagonalOf(all.scatter, dimension).map((value) => value / all.count);
    return parts.map(() => common);
  }
  if (form === 'V' && volume === 'V') return own.map((values, k) => values.map((value) => value / parts[k]!.count));
  if (form === 'V') return equalVolumes(own, all.count);
  return commonForm(own, parts);
}

/** Of equal volume: each one's form, times the mean volume. */
function equalVolumes(own: readonly Float64Array[], count: number): Float64Array[] {
  const volumes = own.map(geometricMean);
  const common = volumes.reduce((total, value) => total + value, 0) / count;
  return own.map((values, k) => values.map((value) => (common * value) / volumes[k]!));
}

/** Of one form and several volumes: values of each component's scatter along its axes → its variances. By turns. */
function commonForm(own: readonly Float64Array[], parts: readonly ComponentScatter[]): Float64Array[] {
  const dimension = own[0]!.length;
  const volumes = own.map((values, k) => sum(values) / (parts[k]!.count * dimension));
  const pooled = () => {
    const form = new Float64Array(dimension);
    own.forEach((values, k) => {
      for (const [j, value] of values.entries()) form[j]! += value / volumes[k]!;
    });
    const scale = geometricMean(form);
    return form.map((value) => value / scale);
  };
  let form = pooled();
  untilSettled(() => {
    let change = 0;
    own.forEach((values, k) => {
      const next = values.reduce((total, value, j) => total + value / form[j]!, 0) / (parts[k]!.count * dimension);
      change = Math.max(change, Math.abs(next - volumes[k]!) / next);
      volumes[k] = next;
    });
    form = pooled();
    return change;
  });
  return volumes.map((volume) => form.map((value) => volume * value));
}

/** Repeats until the relative change that `step` returns is 0. */
function untilSettled(step: () => number): void {
  for (let steps = 0; steps < MAX_STEPS; steps++) if (!(step() > SETTLED)) return;
}

/** Of one form and orientation: λ_k C. */
function commonMatrix(volume: 'E' | 'V', parts: readonly ComponentScatter[], dimension: number): Float64Array[] {
  const all = total(parts);
  if (volume === 'E') {
    const common = all.scatter.map((value) => value / all.count);
    return parts.map(() => common);
  }
  const volumes = parts.map(({ count, scatter }) => sum(diagonalOf(scatter, dimension)) / (count * dimension));
  const pooled = () => {
    const { scatter } = total(
      parts.map((part, k) => ({ ...part, scatter: part.scatter.map((value) => value / volumes[k]!) })),
    );
    const scale = volumeOf(scatter, dimension);
    return scatter.map((value) => value / scale);
  };
  let common = pooled();
  untilSettled(() => {
    const factor = cholesky(common, dimension);
    if (factor === undefined) return 0;
    const inverse = inverseOfLower(factor, dimension);
    let change = 0;
    parts.forEach(({ count, scatter }, k) => {
      const next = traceThrough(inverse, scatter, dimension) / (count * dimension);
      change = Math.max(change, Math.abs(next - volumes[k]!) / next);
      volumes[k] = next;
    });
    common = pooled();
    return change;
  });
  return volumes.map((own) => common.map((value) => own * value));
}

/** tr(M A Mᵀ) of a lower triangular M. */
function traceThrough(lower: Float64Array, matrix: Float64Array, dimension: number): number {
  let trace = 0;
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k <= i; k++) {
        trace += lower[i * dimension + j]! * matrix[j * dimension + k]! * lower[i * dimension + k]!;
      }
    }
  }
  return trace;
}

/** Of one form, each along its own axes: the eigenvectors of its scatter, in the order of their eigenvalues. */
function commonEigenvalues(volume: 'E' | 'V', parts: readonly ComponentScatter[], dimension: number): Float64Array[] {
  const eigen = parts.map(({ scatter }) => sortedEigen(scatter, dimension));
  const own = eigen.map(({ values }) => values);
  const count = total(parts).count;
  const variances =
    volume === 'V'
      ? commonForm(own, parts)
      : own.map(() => own[0]!.map((_, j) => own.reduce((total, values) => total + values[j]!, 0) / count));
  return eigen.map(({ vectors }, k) => fromEigen(variances[k]!, vectors, dimension));
}

function sortedEigen(matrix: Float64Array, dimension: number): ReturnType<typeof symmetricEigen> {
  const { values, vectors } = symmetricEigen(matrix, dimension);
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
  return {
    values: Float64Array.from(order, (k) => values[k]!),
    vectors: vectors.map((_, at) => vectors[Math.floor(at / dimension) * dimension + order[at % dimension]!]!),
  };
}

/** Of any form and orientation, and of equal volume or not. */
function free(volume: 'E' | 'V', parts: readonly ComponentScatter[], dimension: number): Float64Array[] {
  if (volume === 'V') return parts.map(({ count, scatter }) => scatter.map((value) => value / count));
  const volumes = parts.map(({ scatter }) => volumeOf(scatter, dimension));
  const common = volumes.reduce((total, value) => total + value, 0) / total(parts).count;
  return parts.map(({ scatter }, k) => scatter.map((value) => (common * value) / volumes[k]!));
}

/**
 * Along common axes D: given D the variances follow in closed form, from diag(Dᵀ W_k D). Given the variances, each pair of axes is
 * turned to the best angle, an eigenvector of a 2 × 2 matrix. By turns, from the axes of the pooled scatter and of each component's;
 * the best end is taken, as there may be several maxima.
 */
function commonOrientation(volume: 'E' | 'V', parts: readonly ComponentScatter[], dimension: number): Float64Array[] {
  const count = total(parts).count;
  const variancesOf = (turned: readonly Float64Array[]): Float64Array[] => {
    const own = turned.map((matrix) => diagonalOf(matrix, dimension));
    return volume === 'E'
      ? equalVolumes(own, count)
      : own.map((values, k) => values.map((value) => value / parts[k]!.count));
  };
  let best: { readonly loss: number; readonly covariances: Float64Array[] } | undefined;
  for (const { scatter } of [total(parts), ...parts]) {
    const axes = sortedEigen(scatter, dimension).vectors;
    const turned = parts.map((part) => between(axes, part.scatter, dimension));
    let variances = variancesOf(turned);
    untilSettled(() => {
      const angle = turnAxes(axes, turned, variances, dimension);
      variances = variancesOf(turned);
      return angle;
    });
    // -2 log-likelihood, but for what is the same for all axes.
    const loss = variances.reduce((sum, values, k) => sum + parts[k]!.count * log(geometricMean(values)), 0);
    if (best === undefined || loss < best.loss - 1e-9 * Math.abs(best.loss)) {
      best = { loss, covariances: variances.map((values) => fromEigen(values, axes, dimension)) };
    }
  }
  return best!.covariances;
}

/** Vᵀ A V. */
function between(vectors: Float64Array, matrix: Float64Array, dimension: number): Float64Array {
  const product = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) {
        for (let l = 0; l < dimension; l++) {
          sum += vectors[k * dimension + i]! * matrix[k * dimension + l]! * vectors[l * dimension + j]!;
        }
      }
      product[i * dimension + j] = sum;
    }
  }
  return product;
}

/** Turns each pair of axes once, in place. @returns the largest sine of an angle */
function turnAxes(
  axes: Float64Array,
  turned: readonly Float64Array[],
  variances: readonly Float64Array[],
  dimension: number,
): number {
  let largest = 0;
  for (let p = 0; p < dimension; p++) {
    for (let q = p + 1; q < dimension; q++) {
      // The part of Σ tr(Σ_k⁻¹ W_k) that depends on axis p: uᵀ M u, with u the new axis in the plane of the two.
      let [pp, pq, qq] = [0, 0, 0];
      turned.forEach((matrix, k) => {
        const difference = 1 / variances[k]![p]! - 1 / variances[k]![q]!;
        pp += difference * matrix[p * dimension + p]!;
        pq += difference * matrix[p * dimension + q]!;
        qq += difference * matrix[q * dimension + q]!;
      });
      if (pq === 0 && pp <= qq) continue;
      const [c, s] = bestAngle(qq - pp, -2 * pq);
      if (!(Math.abs(s) > 0)) continue;
      largest = Math.max(largest, Math.abs(s));
      for (const matrix of turned) turnBoth(matrix, dimension, p, q, c, s);
      turnColumns(axes, dimension, p, q, c, s);
    }
  }
  return largest;
}

/** Cosine and sine of half the angle of the point (x, y), which needs no trigonometric function: engines round these differently. */
function bestAngle(x: number, y: number): readonly [number, number] {
  const radius = Math.sqrt(x * x + y * y);
  if (x >= 0) {
    const c = Math.sqrt((1 + x / radius) / 2);
    return [c, y / radius / (2 * c)];
  }
  const s = (y < 0 ? -1 : 1) * Math.sqrt((1 - x / radius) / 2);
  return [y / radius / (2 * s), s];
}

/** Columns p and q of a matrix, turned by an angle with this cosine and sine. */
function turnColumns(matrix: Float64Array, dimension: number, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < dimension; i++) {
    const [a, b] = [matrix[i * dimension + p]!, matrix[i * dimension + q]!];
    matrix[i * dimension + p] = c * a + s * b;
    matrix[i * dimension + q] = c * b - s * a;
  }
}

/** Columns and rows p and q. */
function turnBoth(matrix: Float64Array, dimension: number, p: number, q: number, c: number, s: number): void {
  turnColumns(matrix, dimension, p, q, c, s);
  for (let j = 0; j < dimension; j++) {
    const [a, b] = [matrix[p * dimension + j]!, matrix[q * dimension + j]!];
    matrix[p * dimension + j] = c * a + s * b;
    matrix[q * dimension + j] = c * b - s * a;
  }
}
