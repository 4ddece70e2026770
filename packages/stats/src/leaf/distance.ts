/** Distances between rows, for k-means++ starts. Scaled so that fields of different units weigh the same. */

/** Scales of columns met before: a start asks for the distances from many rows of the same columns. */
const scales = new WeakMap<Float64Array | Int32Array, number>();

function scaleOf<X extends Float64Array | Int32Array>(x: X, compute: (x: X) => number): number {
  let scale = scales.get(x);
  if (scale === undefined) {
    scale = compute(x);
    scales.set(x, scale);
  }
  return scale;
}

/** (x_i - center)² / 2 Var(x): the mean over all pairs of rows is 1. All zero when x is constant. */
export function scaledSquares(x: Float64Array, center: number): Float64Array {
  const scale = scaleOf(x, squareScale);
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - center;
    out[i] = deviation * deviation * scale;
  }
  return out;
}

/** 1 / 2 Var(x) */
function squareScale(x: Float64Array): number {
  let mean = 0;
  let scatter = 0;
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - mean;
    mean += deviation / (i + 1);
    scatter += deviation * (x[i]! - mean);
  }
  return scatter > 0 ? x.length / (2 * scatter) : 0;
}

/** 1 for another level, 0 for the same, divided by the chance that two rows differ. */
export function scaledMismatches(codes: Int32Array, levelCount: number, row: number): Float64Array {
  const scale = scaleOf(codes, () => mismatchScale(codes, levelCount));
  const level = codes[row]!;
  const out = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] !== level) out[i] = scale;
  return out;
}

function mismatchScale(codes: Int32Array, levelCount: number): number {
  const counts = new Float64Array(levelCount);
  for (const code of codes) counts[code]! += 1;
  const same = counts.reduce((sum, count) => sum + (count / codes.length) ** 2, 0);
  return same < 1 ? 1 / (1 - same) : 0;
}

/** The sum of the distances of all parts; `undefined` when a part has none. */
export function sumDistances(parts: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  const sum = Float64Array.from(first);
  for (const part of others) {
    if (part === undefined) return undefined;
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  }
  return sum;
}
