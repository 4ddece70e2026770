/** Weighted sums of one or two columns. Each function sums one run of at most RUN rows, in four lanes. */
import { laneTotal, sumFrom } from './lanes.js';

const lanes = new Float64Array(12);

/** Σ x. */
export function sum(x: Float64Array, count: number): number {
  return sumFrom(x, 0, count);
}

/** Σ w · x, where a row of weight 0 adds 0 even if x is infinite. */
export function weightedSum(x: Float64Array, weights: Float64Array, count: number): number {
  lanes.fill(0, 0, 4);
  for (let i = 0; i < count; i++) {
    const w = weights[i]!;
    if (w !== 0) lanes[i & 3]! += w * x[i]!;
  }
  return laneTotal(lanes, 0);
}

/** Adds the totals of the first `groups` groups of lanes. */
function addTotals(groups: number, out: Float64Array): void {
  for (let g = 0; g < groups; g++) out[g]! += laneTotal(lanes, 4 * g);
}

/** Adds Σw, Σw·x to out. */
export function weightedMean(x: Float64Array, weights: Float64Array, count: number, out: Float64Array): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const w = weights[i]!;
    lanes[i & 3]! += w;
    lanes[4 + (i & 3)]! += w * x[i]!;
  }
  addTotals(2, out);
}

/** Adds Σw, Σw·x, Σw·y to out. */
export function weightedMeans(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  count: number,
  out: Float64Array,
): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const lane = i & 3;
    const w = weights[i]!;
    lanes[lane]! += w;
    lanes[4 + lane]! += w * x[i]!;
    lanes[8 + lane]! += w * y[i]!;
  }
  addTotals(3, out);
}

/** Adds Σw, Σw·d, Σ(w·d)·d to out, with d = x - origin; rows of weight 0 add 0, even where d overflows. */
export function moments(
  x: Float64Array,
  weights: Float64Array,
  count: number,
  origin: number,
  out: Float64Array,
): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const lane = i & 3;
    const w = weights[i]!;
    const d = w === 0 ? 0 : x[i]! - origin;
    const wd = w * d;
    lanes[lane]! += w;
    lanes[4 + lane]! += wd;
    lanes[8 + lane]! += wd * d;
  }
  addTotals(3, out);
}
