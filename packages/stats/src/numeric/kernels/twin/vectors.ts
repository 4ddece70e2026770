/** Kernels over blocks of columns: Gaussian log-densities and moments in several dimensions. */
import { STAGED_STRIDE } from '../runs.js';
import { laneTotal, sumFrom } from './lanes.js';

function diagonalSquare(
  block: Float64Array,
  row: number,
  dimension: number,
  mu: Float64Array,
  halfPrecision: Float64Array,
): number {
  let square = 0;
  for (let j = 0; j < dimension; j++) {
    const d = block[row + j * STAGED_STRIDE]! - mu[j]!;
    square += d * d * halfPrecision[j]!;
  }
  return square;
}

/**
 * out = logNorm - Σ_j (x_j - mu_j)² · halfPrecision_j over the columns of a block, j ascending.
 * `block` is one of `stageVectors`; `mu` and `halfPrecision` have at least `dimension` entries.
 */
export function diagonalGaussianLogDensity(
  block: Float64Array,
  dimension: number,
  count: number,
  mu: Float64Array,
  halfPrecision: Float64Array,
  logNorm: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    out[i] = logNorm - diagonalSquare(block, i, dimension, mu, halfPrecision);
  }
}

let centred = new Float64Array(0);

/** |F (x - mu)|² of one row. The row is centred first: F x - F mu would cancel when |mu| is large. */
function mahalanobisSquare(
  block: Float64Array,
  row: number,
  dimension: number,
  mu: Float64Array,
  inverseFactor: Float64Array,
): number {
  if (centred.length < dimension) centred = new Float64Array(dimension);
  for (let j = 0; j < dimension; j++) centred[j] = block[row + j * STAGED_STRIDE]! - mu[j]!;
  let square = 0;
  for (let i = 0; i < dimension; i++) {
    let t = 0;
    for (let j = 0; j <= i; j++) t += inverseFactor[i * dimension + j]! * centred[j]!;
    square += t * t;
  }
  return square;
}

/**
 * out = logNorm - ½ |F (x - mu)|², with F the inverse of the lower Cholesky factor of the covariance.
 * `inverseFactor` is row-major [dimension × dimension]; entries above the diagonal are not read.
 */
export function gaussianVectorLogDensity(
  block: Float64Array,
  dimension: number,
  count: number,
  mu: Float64Array,
  inverseFactor: Float64Array,
  logNorm: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    out[i] = logNorm - 0.5 * mahalanobisSquare(block, i, dimension, mu, inverseFactor);
  }
}

const lanes = new Float64Array(8);

/**
 * Adds Σw, then Σw·d_j for each column j, then Σ(w·d_j)·d_j for each j, with d_j = x_j - origin_j. Rows of weight 0 add 0, even
 * where d overflows.
 */
export function diagonalMoments(
  block: Float64Array,
  dimension: number,
  count: number,
  weights: Float64Array,
  origin: Float64Array,
  out: Float64Array,
): void {
  out[0]! += sumFrom(weights, 0, count);
  for (let j = 0; j < dimension; j++) {
    const column = j * STAGED_STRIDE;
    const o = origin[j]!;
    lanes.fill(0);
    for (let i = 0; i < count; i++) {
      const w = weights[i]!;
      const d = w === 0 ? 0 : block[column + i]! - o;
      const wd = w * d;
      lanes[i & 3]! += wd;
      lanes[4 + (i & 3)]! += wd * d;
    }
    out[1 + j]! += laneTotal(lanes, 0);
    out[1 + dimension + j]! += laneTotal(lanes, 4);
  }
}

/** Rows per run of a scatter: two copies of a run, in many dimensions, stay in the nearest cache. */
const SCATTER_RUN = 128;

/**
 * Adds Σw, then Σw·d_j for each column j, then the lower triangle of Σ(w·d_i)·d_j, row by row (i, j <= i).
 * Runs are of 128 rows here, and rows of weight 0 add nothing. Σw and Σw·d have four lanes; the triangle has two: row i in lane i mod 2.
 */
export function scatter(
  block: Float64Array,
  dimension: number,
  count: number,
  weights: Float64Array,
  origin: Float64Array,
  out: Float64Array,
): void {
  for (let done = 0; done < count; done += SCATTER_RUN) {
    const rows = Math.min(SCATTER_RUN, count - done);
    out[0]! += sumFrom(weights, done, rows);
    let at = 1 + dimension;
    for (let a = 0; a < dimension; a++) {
      const first = a * STAGED_STRIDE + done;
      lanes.fill(0, 0, 4);
      for (let i = 0; i < rows; i++) {
        const w = weights[done + i]!;
        if (w !== 0) lanes[i & 3]! += w * (block[first + i]! - origin[a]!);
      }
      out[1 + a]! += laneTotal(lanes, 0);
      for (let b = 0; b <= a; b++) {
        const second = b * STAGED_STRIDE + done;
        let even = 0;
        let odd = 0;
        for (let i = 0; i < rows; i++) {
          const w = weights[done + i]!;
          if (w === 0) continue;
          const product = w * (block[first + i]! - origin[a]!) * (block[second + i]! - origin[b]!);
          if (i & 1) odd += product;
          else even += product;
        }
        out[at++]! += even + odd;
      }
    }
  }
}
