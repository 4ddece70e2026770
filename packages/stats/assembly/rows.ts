/** Rows of a matrix as they are: squared distances and moments. Twin: src/numeric/kernels/twin/rows.ts. */
import { SCRATCH } from './memory';
import { addTo, sum } from './moments';
import { putOne } from './put';

/** Two coordinates less those of a point; the second is 0 where there is only one. */
// @ts-ignore: decorator
@inline
function difference(x: usize, point: usize, one: bool): v128 {
  return one
    ? f64x2.sub(v128.load64_zero(x), v128.load64_zero(point))
    : f64x2.sub(v128.load(x), v128.load(point));
}

// @ts-ignore: decorator
@inline
function addSquare(sums: v128, d: v128): v128 {
  return f64x2.add(sums, f64x2.mul(d, d));
}

// @ts-ignore: decorator
@inline
function emitOne(out: usize, sums: v128, halfPrecision: f64, logNorm: f64, add: bool): void {
  const square = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  putOne(out, f64x2.splat(logNorm - halfPrecision * square), add);
}

/** Four rows at a time: one sum is a chain of additions, which takes longer than the rest of a row. */
// @ts-ignore: decorator
@inline
function isotropic(
  rows: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: f64, logNorm: f64, out: usize, add: bool,
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
    let m = mu;
    for (const end = mu + whole; m < end; m += 16) {
      sa = addSquare(sa, difference(a, m, false));
      sb = addSquare(sb, difference(b, m, false));
      sc = addSquare(sc, difference(c, m, false));
      sd = addSquare(sd, difference(d, m, false));
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    if (odd) {
      sa = addSquare(sa, difference(a, m, true));
      sb = addSquare(sb, difference(b, m, true));
      sc = addSquare(sc, difference(c, m, true));
      sd = addSquare(sd, difference(d, m, true));
    }
    emitOne(out, sa, halfPrecision, logNorm, add);
    emitOne(out + 8, sb, halfPrecision, logNorm, add);
    emitOne(out + 16, sc, halfPrecision, logNorm, add);
    emitOne(out + 24, sd, halfPrecision, logNorm, add);
    rows += row << 2;
    out += 32;
  }
  for (; count > 0; count--) {
    let s = f64x2.splat(0);
    for (let j: usize = 0; j < whole; j += 16) s = addSquare(s, difference(rows + j, mu + j, false));
    if (odd) s = addSquare(s, difference(rows + whole, mu + whole, true));
    emitOne(out, s, halfPrecision, logNorm, add);
    rows += row;
    out += 8;
  }
}

export function isotropicLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: f64, logNorm: f64, out: usize,
): void {
  isotropic(rows, dimension, count, mu, halfPrecision, logNorm, out, false);
}

export function addIsotropicLogDensity(
  rows: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: f64, logNorm: f64, out: usize,
): void {
  isotropic(rows, dimension, count, mu, halfPrecision, logNorm, out, true);
}

/** Adds two coordinates, or one, of four rows to the sums of each at `first` and of the squares at `second`. */
// @ts-ignore: decorator
@inline
function addFour(
  a: usize, b: usize, c: usize, d: usize, wa: v128, wb: v128, wc: v128, wd: v128,
  origin: usize, first: usize, second: usize, one: bool,
): void {
  const da = difference(a, origin, one);
  const db = difference(b, origin, one);
  const dc = difference(c, origin, one);
  const dd = difference(d, origin, one);
  const pa = f64x2.mul(wa, da);
  const pb = f64x2.mul(wb, db);
  const pc = f64x2.mul(wc, dc);
  const pd = f64x2.mul(wd, dd);
  const sum = f64x2.add(f64x2.add(pa, pb), f64x2.add(pc, pd));
  v128.store(first, f64x2.add(v128.load(first), sum));
  const squares = f64x2.add(
    f64x2.add(f64x2.mul(pa, da), f64x2.mul(pb, db)),
    f64x2.add(f64x2.mul(pc, dc), f64x2.mul(pd, dd)),
  );
  v128.store(second, f64x2.add(v128.load(second), squares));
}

/** Adds to `sums`: Σw, Σw·d_j, Σ(w·d_j)·d_j, of one run. Its sums are in the scratch: both parts whole vectors. */
export function rowMoments(
  rows: usize, dimension: i32, count: i32, weights: usize, origin: usize, sums: usize,
): void {
  if (count == 0) return;
  const row = (<usize>dimension) << 3;
  const whole = row & ~15;
  const part = (row + 15) & ~15;
  const last = rows + row * <usize>(count - 1);
  for (let at: usize = 0; at < part << 1; at += 16) v128.store(SCRATCH + at, f64x2.splat(0));
  addTo(sums, sum(weights, count));
  for (; count > 0; count -= 4) {
    let a = rows;
    let b = min(rows + row, last);
    let c = min(rows + row * 2, last);
    let d = min(rows + row * 3, last);
    const wa = v128.load64_splat(weights);
    const wb = count > 1 ? v128.load64_splat(weights, 8) : f64x2.splat(0);
    const wc = count > 2 ? v128.load64_splat(weights, 16) : f64x2.splat(0);
    const wd = count > 3 ? v128.load64_splat(weights, 24) : f64x2.splat(0);
    let o = origin;
    let at: usize = SCRATCH;
    for (const end = origin + whole; o < end; o += 16) {
      addFour(a, b, c, d, wa, wb, wc, wd, o, at, at + part, false);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
      at += 16;
    }
    if (dimension & 1) addFour(a, b, c, d, wa, wb, wc, wd, o, at, at + part, true);
    rows += row << 2;
    weights += 32;
  }
  const first = sums + 8;
  for (let j: usize = 0; j < row; j += 8) {
    addTo(first + j, load<f64>(SCRATCH + j));
    addTo(first + row + j, load<f64>(SCRATCH + part + j));
  }
}
