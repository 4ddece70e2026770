/** Gaussian log-density of one column. */

/** out = logNorm - (x - mu)² · halfPrecision, with halfPrecision = 1 / (2σ²). */
export function gaussianLogDensity(
  x: Float64Array,
  count: number,
  mu: number,
  halfPrecision: number,
  logNorm: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) {
    const d = x[i]! - mu;
    out[i] = logNorm - d * d * halfPrecision;
  }
}
