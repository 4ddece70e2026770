/** Distances between rows, for k-means++ starts. Scaled so that fields of different units weigh the same. */
import type { AddSquaredDistances } from '../contract.js';

/** (x_i - x_row)² / 2 Var(x): the mean over all pairs of rows is 1. All zero when x is constant. */
export function scaledSquares(x: Float64Array): AddSquaredDistances {
  const scale = scaleOf(x, 0, 1, x.length);
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
  const scales = own.map((scale) => (scale > 0 ? scale / varying : 0));
  return (row, out) => {
    for (let i = 0; i < rowCount; i++) {
      let distance = 0;
      for (let j = 0; j < dimension; j++) {
        const deviation = x[i * dimension + j]! - x[row * dimension + j]!;
        distance += deviation * deviation * scales[j]!;
      }
      out[i]! += distance;
    }
  };
}

/** 1 / 2 Var of the `count` entries x[first], x[first + step], …; 0 when they are all equal. */
function scaleOf(x: Float64Array, first: number, step: number, count: number): number {
  let mean = 0;
  let scatter = 0;
  for (let i = 0; i < count; i++) {
    const value = x[first + i * step]!;
    const deviation = value - mean;
    mean += deviation / (i + 1);
    scatter += deviation * (value - mean);
  }
  return scatter > 0 ? count / (2 * scatter) : 0;
}

/** 1 for another level, 0 for the same, divided by the chance that two rows differ. */
export function scaledMismatches(codes: Int32Array, levelCount: number): AddSquaredDistances {
  const counts = new Float64Array(levelCount);
  for (const code of codes) counts[code]! += 1;
  const same = counts.reduce((sum, count) => sum + (count / codes.length) ** 2, 0);
  const scale = same < 1 ? 1 / (1 - same) : 0;
  return (row, out) => {
    const level = codes[row]!;
    for (let i = 0; i < codes.length; i++) if (codes[i] !== level) out[i]! += scale;
  };
}

/** The sum of the distances of all parts; `undefined` when a part has none. */
export function sumDistances(parts: readonly (AddSquaredDistances | undefined)[]): AddSquaredDistances | undefined {
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return (row, out) => {
    for (const add of parts) add!(row, out);
  };
}
