/** Distances between rows, for k-means++ starts. Scaled so that fields of different units weigh the same. */
import type { AddSquaredDistances } from '../contract.js';

/**
 * (x_i - x_row)² / 2 Var(x): the mean over all pairs of rows is 1. All zero when x is constant.
 * @param weights  how many rows each stands for. Default 1
 */
export function scaledSquares(x: Float64Array, weights?: Float64Array): AddSquaredDistances {
  const scale = scaleOf(x, 0, 1, x.length, weights);
  return (row, out) => {
    const center = x[row]!;
    for (let i = 0; i < x.length; i++) {
      const deviation = x[i]! - center;
      out[i]! += deviation * deviation * scale;
    }
  };
}

/**
 * The mean over the coordinates of (x_ij - x_row,j)² / 2 Var(x_j). Constant coordinates do not count.
 * @param x  row-major [rowCount × dimension]
 */
export function scaledVectorSquares(x: Float64Array, rowCount: number, dimension: number): AddSquaredDistances {
  const own = Float64Array.from({ length: dimension }, (_, j) => scaleOf(x, j, dimension, rowCount));
  const varying = own.filter((scale) => scale > 0).length;
  const roots = own.map((scale) => (scale > 0 ? Math.sqrt(scale / varying) : 0));
  // Once for all distances: a start takes about K (2 + log K) of them from each row.
  const scaled = new Float64Array(rowCount * dimension);
  for (let at = 0; at < scaled.length; at++) scaled[at] = x[at]! * roots[at % dimension]!;
  return (row, out) => {
    const center = scaled.subarray(row * dimension, (row + 1) * dimension);
    for (let i = 0, at = 0; i < rowCount; i++) {
      // Two sums, so that an addition need not wait for the one before.
      let [even, odd] = [0, 0];
      let j = 0;
      for (; j < dimension - 1; j += 2, at += 2) {
        const deviation = scaled[at]! - center[j]!;
        const next = scaled[at + 1]! - center[j + 1]!;
        even += deviation * deviation;
        odd += next * next;
      }
      if (j < dimension) {
        const deviation = scaled[at++]! - center[j]!;
        even += deviation * deviation;
      }
      out[i]! += even + odd;
    }
  };
}

/**
 * |x_i - x_row|² / 2 Σ_j Var(x_j), for vectors whose coordinates have one scale. All zero when the rows are equal.
 * @param x  row-major [rowCount × dimension]
 */
export function scaledChords(x: Float64Array, rowCount: number, dimension: number): AddSquaredDistances {
  let variance = 0;
  for (let j = 0; j < dimension; j++) {
    const scale = scaleOf(x, j, dimension, rowCount);
    if (scale > 0) variance += 1 / scale;
  }
  const scale = variance > 0 ? 1 / variance : 0;
  return (row, out) => {
    for (let i = 0; i < rowCount; i++) {
      let distance = 0;
      for (let j = 0; j < dimension; j++) {
        const deviation = x[i * dimension + j]! - x[row * dimension + j]!;
        distance += deviation * deviation;
      }
      out[i]! += distance * scale;
    }
  };
}

/** 1 / 2 Var of the `count` entries x[first], x[first + step], …; 0 when they are all equal. */
function scaleOf(
  x: Float64Array,
  first: number,
  step: number,
  count: number,
  weights: Float64Array = new Float64Array(count).fill(1),
): number {
  let total = 0;
  let mean = 0;
  let scatter = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const value = x[first + i * step]!;
    const deviation = value - mean;
    total += weight;
    mean += (weight * deviation) / total;
    scatter += weight * deviation * (value - mean);
  }
  return scatter > 0 ? total / (2 * scatter) : 0;
}

/**
 * 1 for another level, 0 for the same, divided by the chance that two rows differ.
 * @param weights  how many rows each stands for. Default 1
 */
export function scaledMismatches(
  codes: Int32Array,
  levelCount: number,
  weights: Float64Array = new Float64Array(codes.length).fill(1),
): AddSquaredDistances {
  const counts = new Float64Array(levelCount);
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += weights[i]!;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const same = counts.reduce((sum, count) => sum + (count / total) ** 2, 0);
  const scale = same < 1 ? 1 / (1 - same) : 0;
  return (row, out) => {
    const level = codes[row]!;
    for (let i = 0; i < codes.length; i++) if (codes[i] !== level) out[i]! += scale;
  };
}

/**
 * The squared Hellinger distance Σ_k (√p_ik - √p_jk)² between the shares of rows of counts, divided by its mean over all pairs of
 * rows. Rows without counts are at distance 1 from all others.
 * @param offsets  the counts of row i are entries `offsets[i] … offsets[i + 1]` of `codes` and `counts`
 * @param codeCount  codes are in 0 … codeCount - 1; a code may occur twice in a row
 * @see Le Cam & Yang, Asymptotics in Statistics (2000), ch. 3
 */
export function scaledHellinger(
  offsets: Int32Array,
  codes: Int32Array,
  counts: Float64Array,
  codeCount: number,
): AddSquaredDistances {
  const rowCount = offsets.length - 1;
  // √p_ik at the first entry of code k in row i, 0 at others; so each row is a vector of length 1, or 0.
  const roots = new Float64Array(codes.length);
  const firstOf = new Int32Array(codeCount).fill(-1);
  const mean = new Float64Array(codeCount);
  // Σ_k p_ik: 1, or 0 for a row without counts. As it is rounded, so that equal rows are at distance 0.
  const norms = new Float64Array(rowCount);
  let scatter = 0;
  for (let row = 0; row < rowCount; row++) {
    const [start, end] = [offsets[row]!, offsets[row + 1]!];
    let total = 0;
    for (let i = start; i < end; i++) {
      const code = codes[i]!;
      if (firstOf[code]! < start) firstOf[code] = i;
      roots[firstOf[code]!]! += counts[i]!;
      total += counts[i]!;
    }
    for (let i = start; i < end; i++) {
      roots[i] = total > 0 ? Math.sqrt(roots[i]! / total) : 0;
      norms[row]! += roots[i]! * roots[i]!;
      mean[codes[i]!]! += roots[i]! / rowCount;
    }
    scatter += norms[row]! / rowCount;
  }
  for (let k = 0; k < codeCount; k++) scatter -= mean[k]! * mean[k]!;
  const scale = scatter > 1e-12 ? 1 / (2 * scatter) : 0; // what rounding leaves of equal rows is no distance
  const center = new Float64Array(codeCount);
  return (row, out) => {
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) center[codes[i]!]! += roots[i]!;
    for (let i = 0; i < rowCount; i++) {
      let product = 0;
      for (let j = offsets[i]!; j < offsets[i + 1]!; j++) product += roots[j]! * center[codes[j]!]!;
      out[i]! += Math.max(0, norms[i]! + norms[row]! - 2 * product) * scale;
    }
    for (let i = offsets[row]!; i < offsets[row + 1]!; i++) center[codes[i]!] = 0;
  };
}

/** The sum of the distances of all parts; `undefined` when a part has none. */
export function sumDistances(parts: readonly (AddSquaredDistances | undefined)[]): AddSquaredDistances | undefined {
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return (row, out) => {
    for (const add of parts) add!(row, out);
  };
}
