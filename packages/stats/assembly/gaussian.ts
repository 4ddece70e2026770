/** Gaussian log-density of one column. Twin: src/numeric/kernels/twin/gaussian.ts. */
import { put, putOne } from './put';

// @ts-ignore: decorator
@inline
function score(x: v128, mu: v128, halfPrecision: v128, logNorm: v128): v128 {
  const d = f64x2.sub(x, mu);
  return f64x2.sub(logNorm, f64x2.mul(f64x2.mul(d, d), halfPrecision));
}

// @ts-ignore: decorator
@inline
function scoreRows(x: usize, count: i32, mu: f64, halfPrecision: f64, logNorm: f64, out: usize, add: bool): void {
  const m = f64x2.splat(mu);
  const h = f64x2.splat(halfPrecision);
  const c = f64x2.splat(logNorm);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    put(out, score(v128.load(x), m, h, c), add);
    put(out + 16, score(v128.load(x, 16), m, h, c), add);
    x += 32;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    putOne(out, score(v128.load64_zero(x), m, h, c), add);
    x += 8;
    out += 8;
  }
}

export function gaussianLogDensity(x: usize, count: i32, mu: f64, halfPrecision: f64, logNorm: f64, out: usize): void {
  scoreRows(x, count, mu, halfPrecision, logNorm, out, false);
}

export function addGaussianLogDensity(x: usize, count: i32, mu: f64, halfPrecision: f64, logNorm: f64, out: usize): void {
  scoreRows(x, count, mu, halfPrecision, logNorm, out, true);
}
