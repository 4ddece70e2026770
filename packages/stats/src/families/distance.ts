/** Distances between rows, for k-means++ starts. Scaled so that fields of different units weigh the same. */

/** (x_i - center)² / 2 Var(x): the mean over all pairs of rows is 1. All zero when x is constant. */
export function scaledSquares(x: Float64Array, center: number): Float64Array {
  let mean = 0;
  let scatter = 0;
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - mean;
    mean += deviation / (i + 1);
    scatter += deviation * (x[i]! - mean);
  }
  const scale = scatter > 0 ? x.length / (2 * scatter) : 0;
  return x.map((value) => (value - center) * (value - center) * scale);
}

/** 1 for another level, 0 for the same, divided by the chance that two rows differ. */
export function scaledMismatches(codes: Int32Array, levelCount: number, row: number): Float64Array {
  const counts = new Float64Array(levelCount);
  for (const code of codes) counts[code]! += 1;
  const same = counts.reduce((sum, count) => sum + (count / codes.length) ** 2, 0);
  const scale = same < 1 ? 1 / (1 - same) : 0;
  return Float64Array.from(codes, (code) => (code === codes[row] ? 0 : scale));
}

/** The sum of the distances of all parts; `undefined` when a part has none. */
export function sumDistances(parts: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const [first, ...others] = parts;
  if (first === undefined || others.includes(undefined)) return undefined;
  return others.reduce((sum: Float64Array, part) => sum.map((d, i) => d + part![i]!), first);
}
