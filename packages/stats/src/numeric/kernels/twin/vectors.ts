/** Kernels over blocks of columns: Gaussian log-densities and moments in several dimensions. */

function diagonalSquare(
  block: Float64Array,
  row: number,
  stride: number,
  dimension: number,
  mu: Float64Array,
  halfPrecision: Float64Array,
): number {
  let square = 0;
  for (let j = 0; j < dimension; j++) {
    const d = block[row + j * stride]! - mu[j]!;
    square += d * d * halfPrecision[j]!;
  }
  return square;
}

export function diagonalGaussianLogDensity(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  mu: Float64Array,
  halfPrecision: Float64Array,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i] = logNorm - diagonalSquare(block, blockStart + i, stride, dimension, mu, halfPrecision);
  }
}

export function addDiagonalGaussianLogDensity(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  mu: Float64Array,
  halfPrecision: Float64Array,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i]! += logNorm - diagonalSquare(block, blockStart + i, stride, dimension, mu, halfPrecision);
  }
}

let centred = new Float64Array(0);

/** |F (x - mu)|² of one row. The row is centred first: F x - F mu would cancel when |mu| is large. */
function mahalanobisSquare(
  block: Float64Array,
  row: number,
  stride: number,
  dimension: number,
  mu: Float64Array,
  inverseFactor: Float64Array,
): number {
  if (centred.length < dimension) centred = new Float64Array(dimension);
  for (let j = 0; j < dimension; j++) centred[j] = block[row + j * stride]! - mu[j]!;
  let square = 0;
  for (let i = 0; i < dimension; i++) {
    let t = 0;
    for (let j = 0; j <= i; j++) t += inverseFactor[i * dimension + j]! * centred[j]!;
    square += t * t;
  }
  return square;
}

export function gaussianVectorLogDensity(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  mu: Float64Array,
  inverseFactor: Float64Array,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i] = logNorm - 0.5 * mahalanobisSquare(block, blockStart + i, stride, dimension, mu, inverseFactor);
  }
}

export function addGaussianVectorLogDensity(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  mu: Float64Array,
  inverseFactor: Float64Array,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i]! +=
      logNorm - 0.5 * mahalanobisSquare(block, blockStart + i, stride, dimension, mu, inverseFactor);
  }
}

const lanes = new Float64Array(8);

function total(at: number): number {
  return lanes[at]! + lanes[at + 2]! + (lanes[at + 1]! + lanes[at + 3]!);
}

function weightTotal(weights: Float64Array, start: number, count: number): number {
  lanes.fill(0, 0, 4);
  for (let i = 0; i < count; i++) lanes[i & 3]! += weights[start + i]!;
  return total(0);
}

export function diagonalMoments(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  weights: Float64Array,
  weightsStart: number,
  origin: Float64Array,
  out: Float64Array,
  outStart: number,
): void {
  out[outStart]! += weightTotal(weights, weightsStart, count);
  for (let j = 0; j < dimension; j++) {
    const column = blockStart + j * stride;
    const o = origin[j]!;
    lanes.fill(0);
    for (let i = 0; i < count; i++) {
      const d = block[column + i]! - o;
      const wd = weights[weightsStart + i]! * d;
      lanes[i & 3]! += wd;
      lanes[4 + (i & 3)]! += wd * d;
    }
    out[outStart + 1 + j]! += total(0);
    out[outStart + 1 + dimension + j]! += total(4);
  }
}

/** Rows per run of a scatter: two copies of a run, in many dimensions, stay in the nearest cache. */
export const SCATTER_RUN = 128;

export function scatter(
  block: Float64Array,
  blockStart: number,
  stride: number,
  dimension: number,
  count: number,
  weights: Float64Array,
  weightsStart: number,
  origin: Float64Array,
  out: Float64Array,
  outStart: number,
): void {
  for (let done = 0; done < count; done += SCATTER_RUN) {
    const rows = Math.min(SCATTER_RUN, count - done);
    const weight = weightsStart + done;
    out[outStart]! += weightTotal(weights, weight, rows);
    let at = outStart + 1 + dimension;
    for (let a = 0; a < dimension; a++) {
      const first = blockStart + a * stride + done;
      lanes.fill(0, 0, 4);
      for (let i = 0; i < rows; i++) lanes[i & 3]! += weights[weight + i]! * (block[first + i]! - origin[a]!);
      out[outStart + 1 + a]! += total(0);
      for (let b = 0; b <= a; b++) {
        const second = blockStart + b * stride + done;
        let even = 0;
        let odd = 0;
        for (let i = 0; i < rows; i++) {
          const product = weights[weight + i]! * (block[first + i]! - origin[a]!) * (block[second + i]! - origin[b]!);
          if (i & 1) odd += product;
          else even += product;
        }
        out[at++]! += even + odd;
      }
    }
  }
}
