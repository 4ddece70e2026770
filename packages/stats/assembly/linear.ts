/** Linear log-densities and the product of columns. Twin: src/numeric/kernels/twin/linear.ts. */

export function multiply(x: usize, y: usize, count: i32, out: usize): void {
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    v128.store(out, f64x2.mul(v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(x) * load<f64>(y));
}

export function linearLogDensity(x: usize, count: i32, slope: f64, intercept: f64, out: usize): void {
  const a = f64x2.splat(slope);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    v128.store(out, f64x2.add(f64x2.mul(v128.load(x), a), c));
    x += 16;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(x) * slope + intercept);
}

export function addLinearLogDensity(x: usize, count: i32, slope: f64, intercept: f64, out: usize): void {
  const a = f64x2.splat(slope);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    v128.store(out, f64x2.add(v128.load(out), f64x2.add(f64x2.mul(v128.load(x), a), c)));
    x += 16;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(out) + (load<f64>(x) * slope + intercept));
}

export function bilinearLogDensity(
  x: usize,
  y: usize,
  count: i32,
  slopeX: f64,
  slopeY: f64,
  intercept: f64,
  out: usize,
): void {
  const a = f64x2.splat(slopeX);
  const b = f64x2.splat(slopeY);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    v128.store(out, f64x2.add(f64x2.add(f64x2.mul(v128.load(x), a), f64x2.mul(v128.load(y), b)), c));
    x += 16;
    y += 16;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(x) * slopeX + load<f64>(y) * slopeY + intercept);
}

export function addBilinearLogDensity(
  x: usize,
  y: usize,
  count: i32,
  slopeX: f64,
  slopeY: f64,
  intercept: f64,
  out: usize,
): void {
  const a = f64x2.splat(slopeX);
  const b = f64x2.splat(slopeY);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    const value = f64x2.add(f64x2.add(f64x2.mul(v128.load(x), a), f64x2.mul(v128.load(y), b)), c);
    v128.store(out, f64x2.add(v128.load(out), value));
    x += 16;
    y += 16;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(out) + (load<f64>(x) * slopeX + load<f64>(y) * slopeY + intercept));
}
