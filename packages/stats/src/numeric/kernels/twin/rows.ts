/** Kernels over the rows of a matrix as they are: products, squared distances, and their weighted sums. For values that do not overflow. */
import { sumFrom } from './lanes.js';

/**
 * out = logNorm - halfPrecision · |x - mu|², with the squares of even coordinates in one sum and those of odd ones in another.
 * `rows` are of `stageRows`, `mu` has at least `dimension` entries.
 */
export function isotropicLogDensity(
  rows: Float64Array,
  dimension: number,
  count: number,
  mu: Float64Array,
  halfPrecision: number,
  logNorm: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = i * dimension;
    let even = 0;
    let odd = 0;
    for (let j = 0; j < dimension; j += 2) even += (rows[row + j]! - mu[j]!) * (rows[row + j]! - mu[j]!);
    for (let j = 1; j < dimension; j += 2) odd += (rows[row + j]! - mu[j]!) * (rows[row + j]! - mu[j]!);
    out[i] = logNorm - halfPrecision * (even + odd);
  }
}

/**
 * out = logPeak - kappa · (1 - x·mu), with the products of even coordinates in one sum and those of odd ones in another.
 * `rows` are of `stageRows`, `mu` has at least `dimension` entries.
 */
export function projectionLogDensity(
  rows: Float64Array,
  dimension: number,
  count: number,
  mu: Float64Array,
  kappa: number,
  logPeak: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = i * dimension;
    let even = 0;
    let odd = 0;
    for (let j = 0; j < dimension; j += 2) even += rows[row + j]! * mu[j]!;
    for (let j = 1; j < dimension; j += 2) odd += rows[row + j]! * mu[j]!;
    out[i] = logPeak - kappa * (1 - (even + odd));
  }
}

let sums = new Float64Array(0);

/** Sums of `dimension` coordinates at 0. */
function emptySums(dimension: number): Float64Array {
  if (sums.length < dimension) sums = new Float64Array(dimension);
  return sums.fill(0);
}

/**
 * Adds Σw, then Σw·d_j for each coordinate j, then Σ(w·d_j)·d_j over all j, with d_j = x_j - origin_j. The rows of a run are added
 * four at a time, as (0 + 1) + (2 + 3); after the last row come up to three of weight 0. Σw has four lanes. The squares of four rows
 * are added along the coordinates first, those of even and of odd ones apart.
 */
export function rowMoments(
  rows: Float64Array,
  dimension: number,
  count: number,
  weights: Float64Array,
  origin: Float64Array,
  out: Float64Array,
): void {
  if (count === 0) return;
  const first = emptySums(dimension);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < count; i += 4) {
    const a = i * dimension;
    const b = Math.min(i + 1, count - 1) * dimension;
    const c = Math.min(i + 2, count - 1) * dimension;
    const d = Math.min(i + 3, count - 1) * dimension;
    const wa = weights[i]!;
    const wb = i + 1 < count ? weights[i + 1]! : 0;
    const wc = i + 2 < count ? weights[i + 2]! : 0;
    const wd = i + 3 < count ? weights[i + 3]! : 0;
    let evenOfFour = 0;
    let oddOfFour = 0;
    for (let j = 0; j < dimension; j++) {
      const o = origin[j]!;
      const da = rows[a + j]! - o;
      const db = rows[b + j]! - o;
      const dc = rows[c + j]! - o;
      const dd = rows[d + j]! - o;
      first[j]! += wa * da + wb * db + (wc * dc + wd * dd);
      const squares = wa * da * da + wb * db * db + (wc * dc * dc + wd * dd * dd);
      if (j % 2 === 0) evenOfFour += squares;
      else oddOfFour += squares;
    }
    even += evenOfFour;
    odd += oddOfFour;
  }
  out[0]! += sumFrom(weights, 0, count);
  for (let j = 0; j < dimension; j++) out[1 + j]! += first[j]!;
  out[1 + dimension]! += even + odd;
}

/** Adds Σw, then Σw·x_j for each coordinate j, in the order of {@link rowMoments}. */
export function rowSums(
  rows: Float64Array,
  dimension: number,
  count: number,
  weights: Float64Array,
  out: Float64Array,
): void {
  if (count === 0) return;
  const first = emptySums(dimension);
  for (let i = 0; i < count; i += 4) {
    const a = i * dimension;
    const b = Math.min(i + 1, count - 1) * dimension;
    const c = Math.min(i + 2, count - 1) * dimension;
    const d = Math.min(i + 3, count - 1) * dimension;
    const wa = weights[i]!;
    const wb = i + 1 < count ? weights[i + 1]! : 0;
    const wc = i + 2 < count ? weights[i + 2]! : 0;
    const wd = i + 3 < count ? weights[i + 3]! : 0;
    for (let j = 0; j < dimension; j++)
      first[j]! += wa * rows[a + j]! + wb * rows[b + j]! + (wc * rows[c + j]! + wd * rows[d + j]!);
  }
  out[0]! += sumFrom(weights, 0, count);
  for (let j = 0; j < dimension; j++) out[1 + j]! += first[j]!;
}
