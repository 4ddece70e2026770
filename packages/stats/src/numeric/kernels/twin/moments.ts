/** Weighted sums of one or two columns. Each function sums one run of at most RUN rows, in four lanes. */

const lanes = new Float64Array(12);

/** (lane 0 + lane 2) + (lane 1 + lane 3) of the group of four lanes that starts at `at`. */
function total(at: number): number {
  return lanes[at]! + lanes[at + 2]! + (lanes[at + 1]! + lanes[at + 3]!);
}

export function sum(x: Float64Array, xStart: number, count: number): number {
  lanes.fill(0, 0, 4);
  for (let i = 0; i < count; i++) lanes[i & 3]! += x[xStart + i]!;
  return total(0);
}

export function weightedSum(
  x: Float64Array,
  xStart: number,
  weights: Float64Array,
  weightsStart: number,
  count: number,
): number {
  lanes.fill(0, 0, 4);
  for (let i = 0; i < count; i++) {
    const w = weights[weightsStart + i]!;
    if (w !== 0) lanes[i & 3]! += w * x[xStart + i]!;
  }
  return total(0);
}

export function weightedMean(
  x: Float64Array,
  xStart: number,
  weights: Float64Array,
  weightsStart: number,
  count: number,
  out: Float64Array,
  outStart: number,
): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const lane = i & 3;
    const w = weights[weightsStart + i]!;
    lanes[lane]! += w;
    lanes[4 + lane]! += w * x[xStart + i]!;
  }
  out[outStart]! += total(0);
  out[outStart + 1]! += total(4);
}

export function weightedMeans(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  weights: Float64Array,
  weightsStart: number,
  count: number,
  out: Float64Array,
  outStart: number,
): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const lane = i & 3;
    const w = weights[weightsStart + i]!;
    lanes[lane]! += w;
    lanes[4 + lane]! += w * x[xStart + i]!;
    lanes[8 + lane]! += w * y[yStart + i]!;
  }
  out[outStart]! += total(0);
  out[outStart + 1]! += total(4);
  out[outStart + 2]! += total(8);
}

export function moments(
  x: Float64Array,
  xStart: number,
  weights: Float64Array,
  weightsStart: number,
  count: number,
  origin: number,
  out: Float64Array,
  outStart: number,
): void {
  lanes.fill(0);
  for (let i = 0; i < count; i++) {
    const lane = i & 3;
    const w = weights[weightsStart + i]!;
    const d = x[xStart + i]! - origin;
    const wd = w * d;
    lanes[lane]! += w;
    lanes[4 + lane]! += wd;
    lanes[8 + lane]! += wd * d;
  }
  out[outStart]! += total(0);
  out[outStart + 1]! += total(4);
  out[outStart + 2]! += total(8);
}
