/** Log-densities that are linear in one or two columns, and the product of two columns. */

export function multiply(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  count: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i] = x[xStart + i]! * y[yStart + i]!;
}

export function linearLogDensity(
  x: Float64Array,
  xStart: number,
  count: number,
  slope: number,
  intercept: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i] = x[xStart + i]! * slope + intercept;
}

export function addLinearLogDensity(
  x: Float64Array,
  xStart: number,
  count: number,
  slope: number,
  intercept: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) out[outStart + i]! += x[xStart + i]! * slope + intercept;
}

export function bilinearLogDensity(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  count: number,
  slopeX: number,
  slopeY: number,
  intercept: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i] = x[xStart + i]! * slopeX + y[yStart + i]! * slopeY + intercept;
  }
}

export function addBilinearLogDensity(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  count: number,
  slopeX: number,
  slopeY: number,
  intercept: number,
  out: Float64Array,
  outStart: number,
): void {
  for (let i = 0; i < count; i++) {
    out[outStart + i]! += x[xStart + i]! * slopeX + y[yStart + i]! * slopeY + intercept;
  }
}
