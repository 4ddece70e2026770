/** Gaussian log-density of one column. */

export function gaussianLogDensity(
  x: Float64Array,
  xStart: number,
  count: number,
  mu: number,
  halfPrecision: number,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    const d = x[xStart + i]! - mu;
    out[outStart + i] = logNorm - d * d * halfPrecision;
  }
}

export function addGaussianLogDensity(
  x: Float64Array,
  xStart: number,
  count: number,
  mu: number,
  halfPrecision: number,
  logNorm: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    const d = x[xStart + i]! - mu;
    out[outStart + i]! += logNorm - d * d * halfPrecision;
  }
}
