/** Log-densities that are linear in one or two columns, and the product of two columns. */

/** out = x · y. `out` may be `x` or `y`. */
export function multiply(x: Float64Array, y: Float64Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = x[i]! * y[i]!;
}

/** out = x · slope + intercept: one natural statistic (exponential, geometric). */
export function linearLogDensity(
  x: Float64Array,
  count: number,
  slope: number,
  intercept: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = x[i]! * slope + intercept;
}

/** out = (x · slopeX + y · slopeY) + intercept: two natural statistics (gamma; Poisson with slopeY = -1). */
export function bilinearLogDensity(
  x: Float64Array,
  y: Float64Array,
  count: number,
  slopeX: number,
  slopeY: number,
  intercept: number,
  out: Float64Array,
): void {
  for (let i = 0; i < count; i++) out[i] = x[i]! * slopeX + y[i]! * slopeY + intercept;
}
