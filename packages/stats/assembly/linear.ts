/** Linear log-densities and the product of columns. Twin: src/numeric/kernels/twin/linear.ts. */
import { put, putOne } from './put';

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

// @ts-ignore: decorator
@inline
function linear(x: usize, count: i32, slope: f64, intercept: f64, out: usize, add: bool): void {
  const a = f64x2.splat(slope);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    put(out, f64x2.add(f64x2.mul(v128.load(x), a), c), add);
    x += 16;
    out += 16;
  }
  if (count & 1) putOne(out, f64x2.add(f64x2.mul(v128.load64_zero(x), a), c), add);
}

export function linearLogDensity(x: usize, count: i32, slope: f64, intercept: f64, out: usize): void {
  linear(x, count, slope, intercept, out, false);
}

export function addLinearLogDensity(x: usize, count: i32, slope: f64, intercept: f64, out: usize): void {
  linear(x, count, slope, intercept, out, true);
}

// @ts-ignore: decorator
@inline
function bilinear(x: usize, y: usize, count: i32, slopeX: f64, slopeY: f64, intercept: f64, out: usize, add: bool): void {
  const a = f64x2.splat(slopeX);
  const b = f64x2.splat(slopeY);
  const c = f64x2.splat(intercept);
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    put(out, f64x2.add(f64x2.add(f64x2.mul(v128.load(x), a), f64x2.mul(v128.load(y), b)), c), add);
    x += 16;
    y += 16;
    out += 16;
  }
  if (count & 1) {
    putOne(out, f64x2.add(f64x2.add(f64x2.mul(v128.load64_zero(x), a), f64x2.mul(v128.load64_zero(y), b)), c), add);
  }
}

export function bilinearLogDensity(x: usize, y: usize, count: i32, a: f64, b: f64, c: f64, out: usize): void {
  bilinear(x, y, count, a, b, c, out, false);
}

export function addBilinearLogDensity(x: usize, y: usize, count: i32, a: f64, b: f64, c: f64, out: usize): void {
  bilinear(x, y, count, a, b, c, out, true);
}
