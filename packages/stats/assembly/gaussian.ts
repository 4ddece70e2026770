/** Gaussian log-density of one column. Twin: src/numeric/kernels/twin/gaussian.ts. */

// @ts-ignore: decorator
@inline
function score(x: v128, mu: v128, halfPrecision: v128, logNorm: v128): v128 {
  const d = f64x2.sub(x, mu);
  return f64x2.sub(logNorm, f64x2.mul(f64x2.mul(d, d), halfPrecision));
}

export function gaussianLogDensity(x: usize, count: i32, mu: f64, halfPrecision: f64, logNorm: f64, out: usize): void {
  const m = f64x2.splat(mu);
  const h = f64x2.splat(halfPrecision);
  const c = f64x2.splat(logNorm);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    v128.store(out, score(v128.load(x), m, h, c));
    v128.store(out, score(v128.load(x, 16), m, h, c), 16);
    x += 32;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    v128.store64_lane(out, score(v128.load64_zero(x), m, h, c), 0);
    x += 8;
    out += 8;
  }
}

export function addGaussianLogDensity(x: usize, count: i32, mu: f64, halfPrecision: f64, logNorm: f64, out: usize): void {
  const m = f64x2.splat(mu);
  const h = f64x2.splat(halfPrecision);
  const c = f64x2.splat(logNorm);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    v128.store(out, f64x2.add(v128.load(out), score(v128.load(x), m, h, c)));
    v128.store(out, f64x2.add(v128.load(out, 16), score(v128.load(x, 16), m, h, c)), 16);
    x += 32;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    v128.store64_lane(out, f64x2.add(v128.load64_zero(out), score(v128.load64_zero(x), m, h, c)), 0);
    x += 8;
    out += 8;
  }
}
