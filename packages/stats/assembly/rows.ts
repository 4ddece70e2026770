/** Rows of a matrix as they are: products, squared distances, and their weighted sums. Twin: src/numeric/kernels/twin/rows.ts. */
import { SCRATCH } from './memory';
import { addPair, addTo, sum } from './moments';
import { putOne } from './put';

/** Two coordinates, or one. */
// @ts-ignore: decorator
@inline
function coordinates(x: usize, one: bool): v128 {
  return one ? v128.load64_zero(x) : v128.load(x);
}

/** Adds squared differences from `m`, or products with it. */
// @ts-ignore: decorator
@inline
function addTerm(sums: v128, x: usize, m: v128, squared: bool, one: bool): v128 {
  const v = coordinates(x, one);
  if (!squared) return f64x2.add(sums, f64x2.mul(v, m));
  const d = f64x2.sub(v, m);
  return f64x2.add(sums, f64x2.mul(d, d));
}

// @ts-ignore: decorator
@inline
function emitOne(out: usize, sums: v128, factor: f64, log: f64, squared: bool, add: bool): void {
  const total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  putOne(out, f64x2.splat(log - factor * (squared ? total : 1 - total)), add);
}

/** Four rows at a time: one sum is a chain of additions, which takes longer than the rest of a row. */
// @ts-ignore: decorator
@inline
function score(
  rows: usize, dimension: i32, count: i32, mu: usize,
  factor: f64, log: f64, out: usize, squared: bool, add: bool,
): void {
  const row = (<usize>dimension) << 3;
  const whole = row & ~15;
  const odd = (dimension & 1) == 1;
  for (; count >= 4; count -= 4) {
    let a = rows;
    let b = rows + row;
    let c = b + row;
    let d = c + row;
    let sa = f64x2.splat(0);
    let sb = f64x2.splat(0);
    let sc = f64x2.splat(0);
    let sd = f64x2.splat(0);
    let at = mu;
    for (const end = mu + whole; at < end; at += 16) {
      const m = v128.load(at);
      sa = addTerm(sa, a, m, squared, false);
      sb = addTerm(sb, b, m, squared, false);
      sc = addTerm(sc, c, m, squared, false);
      sd = addTerm(sd, d, m, squared, false);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    if (odd) {
      const m = coordinates(at, true);
      sa = addTerm(sa, a, m, squared, true);
      sb = addTerm(sb, b, m, squared, true);
      sc = addTerm(sc, c, m, squared, true);
      sd = addTerm(sd, d, m, squared, true);
    }
    emitOne(out, sa, factor, log, squared, add);
    emitOne(out + 8, sb, factor, log, squared, add);
    emitOne(out + 16, sc, factor, log, squared, add);
    emitOne(out + 24, sd, factor, log, squared, add);
    rows += row << 2;
    out += 32;
  }
  for (; count > 0; count--) {
    let s = f64x2.splat(0);
    for (let j: usize = 0; j < whole; j += 16) s = addTerm(s, rows + j, v128.load(mu + j), squared, false);
    if (odd) s = addTerm(s, rows + whole, coordinates(mu + whole, true), squared, true);
    emitOne(out, s, factor, log, squared, add);
    rows += row;
    out += 8;
  }
}

export function isotropicLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: f64, logNorm: f64, out: usize,
): void {
  score(rows, dimension, count, mu, halfPrecision, logNorm, out, true, false);
}

export function addIsotropicLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: f64, logNorm: f64, out: usize,
): void {
  score(rows, dimension, count, mu, halfPrecision, logNorm, out, true, true);
}

export function projectionLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  kappa: f64, logPeak: f64, out: usize,
): void {
  score(rows, dimension, count, mu, kappa, logPeak, out, false, false);
}

export function addProjectionLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  kappa: f64, logPeak: f64, out: usize,
): void {
  score(rows, dimension, count, mu, kappa, logPeak, out, false, true);
}

// @ts-ignore: decorator
@inline
function sumOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  return f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
}

/** Adds two coordinates, or one, of four rows to the sums at `at`. Returns `squares` and their squares. */
// @ts-ignore: decorator
@inline
function addFour(
  a: usize, b: usize, c: usize, d: usize, wa: v128, wb: v128, wc: v128, wd: v128,
  origin: usize, at: usize, squares: v128, about: bool, one: bool,
): v128 {
  let xa = coordinates(a, one);
  let xb = coordinates(b, one);
  let xc = coordinates(c, one);
  let xd = coordinates(d, one);
  if (about) {
    const o = coordinates(origin, one);
    xa = f64x2.sub(xa, o);
    xb = f64x2.sub(xb, o);
    xc = f64x2.sub(xc, o);
    xd = f64x2.sub(xd, o);
  }
  const pa = f64x2.mul(wa, xa);
  const pb = f64x2.mul(wb, xb);
  const pc = f64x2.mul(wc, xc);
  const pd = f64x2.mul(wd, xd);
  v128.store(at, f64x2.add(v128.load(at), sumOfFour(pa, pb, pc, pd)));
  if (!about) return squares;
  return f64x2.add(squares, sumOfFour(f64x2.mul(pa, xa), f64x2.mul(pb, xb), f64x2.mul(pc, xc), f64x2.mul(pd, xd)));
}

/** One run. The sums of the coordinates are in the scratch, in whole vectors. */
// @ts-ignore: decorator
@inline
function addRows(
  rows: usize, dimension: i32, count: i32, weights: usize, origin: usize, sums: usize, about: bool,
): void {
  if (count == 0) return;
  const row = (<usize>dimension) << 3;
  const whole = row & ~15;
  const last = rows + row * <usize>(count - 1);
  for (let at: usize = 0; at < row; at += 16) v128.store(SCRATCH + at, f64x2.splat(0));
  addTo(sums, sum(weights, count));
  let squares = f64x2.splat(0);
  for (; count > 0; count -= 4) {
    let a = rows;
    let b = min(rows + row, last);
    let c = min(rows + row * 2, last);
    let d = min(rows + row * 3, last);
    const wa = v128.load64_splat(weights);
    const wb = count > 1 ? v128.load64_splat(weights, 8) : f64x2.splat(0);
    const wc = count > 2 ? v128.load64_splat(weights, 16) : f64x2.splat(0);
    const wd = count > 3 ? v128.load64_splat(weights, 24) : f64x2.splat(0);
    let ofFour = f64x2.splat(0);
    let o = origin;
    let at: usize = SCRATCH;
    for (const end = SCRATCH + whole; at < end; at += 16) {
      ofFour = addFour(a, b, c, d, wa, wb, wc, wd, o, at, ofFour, about, false);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
      o += 16;
    }
    if (dimension & 1) ofFour = addFour(a, b, c, d, wa, wb, wc, wd, o, at, ofFour, about, true);
    squares = f64x2.add(squares, ofFour);
    rows += row << 2;
    weights += 32;
  }
  sums += 8;
  for (let j: usize = 0; j < row; j += 8) addTo(sums + j, load<f64>(SCRATCH + j));
  if (about) addPair(sums + row, squares);
}

/** Adds to `sums`: Σw, Σw·d_j, ΣΣ(w·d_j)·d_j. */
export function rowMoments(
  rows: usize, dimension: i32, count: i32, weights: usize, origin: usize, sums: usize,
): void {
  addRows(rows, dimension, count, weights, origin, sums, true);
}

/** Adds to `sums`: Σw, Σw·x_j. */
export function rowSums(rows: usize, dimension: i32, count: i32, weights: usize, sums: usize): void {
  addRows(rows, dimension, count, weights, 0, sums, false);
}
