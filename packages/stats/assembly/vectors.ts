/** Blocks of columns: Gaussian log-densities and moments. Twin: src/numeric/kernels/twin/vectors.ts. */
import { COLUMN, SCRATCH } from './memory';
import { addMoments, addTo, firstLanes, lastLanes, sum } from './moments';

// @ts-ignore: decorator
@inline
function square(x: v128, mu: v128, halfPrecision: v128): v128 {
  const d = f64x2.sub(x, mu);
  return f64x2.mul(f64x2.mul(d, d), halfPrecision);
}

/** Stores or adds the first `rows` of four values. */
// @ts-ignore: decorator
@inline
function emit(out: usize, low: v128, high: v128, rows: i32, add: bool): void {
  if (rows >= 4) {
    v128.store(out, add ? f64x2.add(v128.load(out), low) : low);
    v128.store(out, add ? f64x2.add(v128.load(out, 16), high) : high, 16);
    return;
  }
  store<f64>(out, (add ? load<f64>(out) : 0) + f64x2.extract_lane(low, 0));
  if (rows > 1) store<f64>(out, (add ? load<f64>(out, 8) : 0) + f64x2.extract_lane(low, 1), 8);
  if (rows > 2) store<f64>(out, (add ? load<f64>(out, 16) : 0) + f64x2.extract_lane(high, 0), 16);
}

// @ts-ignore: decorator
@inline
function diagonal(
  block: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: usize, logNorm: f64, out: usize, add: bool,
): void {
  const c = f64x2.splat(logNorm);
  let left = count;
  for (; left >= 8; left -= 8) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let p = block;
    for (let j: usize = 0; j < <usize>dimension << 3; j += 8) {
      const m = v128.load64_splat(mu + j);
      const h = v128.load64_splat(halfPrecision + j);
      s0 = f64x2.add(s0, square(v128.load(p), m, h));
      s1 = f64x2.add(s1, square(v128.load(p, 16), m, h));
      s2 = f64x2.add(s2, square(v128.load(p, 32), m, h));
      s3 = f64x2.add(s3, square(v128.load(p, 48), m, h));
      p += COLUMN;
    }
    emit(out, f64x2.sub(c, s0), f64x2.sub(c, s1), 4, add);
    emit(out + 32, f64x2.sub(c, s2), f64x2.sub(c, s3), 4, add);
    block += 64;
    out += 64;
  }
  while (left > 0) {
    const rows = min(left, 4);
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let p = block;
    for (let j: usize = 0; j < <usize>dimension << 3; j += 8) {
      const m = v128.load64_splat(mu + j);
      const h = v128.load64_splat(halfPrecision + j);
      const low = rows == 4 ? v128.load(p) : firstLanes(p, rows);
      const high = rows == 4 ? v128.load(p, 16) : lastLanes(p, rows);
      s0 = f64x2.add(s0, square(low, m, h));
      s1 = f64x2.add(s1, square(high, m, h));
      p += COLUMN;
    }
    emit(out, f64x2.sub(c, s0), f64x2.sub(c, s1), rows, add);
    block += 32;
    out += 32;
    left -= 4;
  }
}

export function diagonalGaussianLogDensity(
  block: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: usize, logNorm: f64, out: usize,
): void {
  diagonal(block, dimension, count, mu, halfPrecision, logNorm, out, false);
}

export function addDiagonalGaussianLogDensity(
  block: usize, dimension: i32, count: i32, mu: usize,
  halfPrecision: usize, logNorm: f64, out: usize,
): void {
  diagonal(block, dimension, count, mu, halfPrecision, logNorm, out, true);
}

/** Eight rows at a time: centred into scratch of 64 * (dimension + 1) bytes, then two rows of F against four vectors. */
function triangular(
  block: usize, dimension: i32, count: i32, mu: usize,
  factor: usize, logNorm: f64, out: usize, add: bool,
): void {
  const scratch = SCRATCH;
  const c = f64x2.splat(logNorm);
  const half = f64x2.splat(0.5);
  const factorRow = (<usize>dimension) << 3;
  const squares = scratch + ((<usize>dimension) << 6);
  for (let left = count; left > 0; left -= 8) {
    const rows = min(left, 8);
    centre(block, dimension, rows, mu, scratch);
    let q0 = f64x2.splat(0);
    let q1 = f64x2.splat(0);
    let q2 = f64x2.splat(0);
    let q3 = f64x2.splat(0);
    let f = factor;
    let i = 0;
    for (; i + 1 < dimension; i += 2) {
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let a2 = f64x2.splat(0);
      let a3 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let b2 = f64x2.splat(0);
      let b3 = f64x2.splat(0);
      let y = scratch;
      let g = f;
      const end = f + ((<usize>i + 1) << 3);
      while (g < end) {
        const u = v128.load64_splat(g);
        const v = v128.load64_splat(g + factorRow);
        const y0 = v128.load(y);
        const y1 = v128.load(y, 16);
        const y2 = v128.load(y, 32);
        const y3 = v128.load(y, 48);
        a0 = f64x2.add(a0, f64x2.mul(u, y0));
        a1 = f64x2.add(a1, f64x2.mul(u, y1));
        a2 = f64x2.add(a2, f64x2.mul(u, y2));
        a3 = f64x2.add(a3, f64x2.mul(u, y3));
        b0 = f64x2.add(b0, f64x2.mul(v, y0));
        b1 = f64x2.add(b1, f64x2.mul(v, y1));
        b2 = f64x2.add(b2, f64x2.mul(v, y2));
        b3 = f64x2.add(b3, f64x2.mul(v, y3));
        y += 64;
        g += 8;
      }
      const v = v128.load64_splat(g + factorRow);
      b0 = f64x2.add(b0, f64x2.mul(v, v128.load(y)));
      b1 = f64x2.add(b1, f64x2.mul(v, v128.load(y, 16)));
      b2 = f64x2.add(b2, f64x2.mul(v, v128.load(y, 32)));
      b3 = f64x2.add(b3, f64x2.mul(v, v128.load(y, 48)));
      q0 = f64x2.add(f64x2.add(q0, f64x2.mul(a0, a0)), f64x2.mul(b0, b0));
      q1 = f64x2.add(f64x2.add(q1, f64x2.mul(a1, a1)), f64x2.mul(b1, b1));
      q2 = f64x2.add(f64x2.add(q2, f64x2.mul(a2, a2)), f64x2.mul(b2, b2));
      q3 = f64x2.add(f64x2.add(q3, f64x2.mul(a3, a3)), f64x2.mul(b3, b3));
      f += factorRow << 1;
    }
    if (i < dimension) {
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let a2 = f64x2.splat(0);
      let a3 = f64x2.splat(0);
      let y = scratch;
      for (let j = 0; j <= i; j++) {
        const u = v128.load64_splat(f);
        a0 = f64x2.add(a0, f64x2.mul(u, v128.load(y)));
        a1 = f64x2.add(a1, f64x2.mul(u, v128.load(y, 16)));
        a2 = f64x2.add(a2, f64x2.mul(u, v128.load(y, 32)));
        a3 = f64x2.add(a3, f64x2.mul(u, v128.load(y, 48)));
        y += 64;
        f += 8;
      }
      q0 = f64x2.add(q0, f64x2.mul(a0, a0));
      q1 = f64x2.add(q1, f64x2.mul(a1, a1));
      q2 = f64x2.add(q2, f64x2.mul(a2, a2));
      q3 = f64x2.add(q3, f64x2.mul(a3, a3));
    }
    v128.store(squares, f64x2.sub(c, f64x2.mul(half, q0)));
    v128.store(squares, f64x2.sub(c, f64x2.mul(half, q1)), 16);
    v128.store(squares, f64x2.sub(c, f64x2.mul(half, q2)), 32);
    v128.store(squares, f64x2.sub(c, f64x2.mul(half, q3)), 48);
    emit(out, v128.load(squares), v128.load(squares, 16), rows, add);
    if (rows > 4) emit(out + 32, v128.load(squares, 32), v128.load(squares, 48), rows - 4, add);
    block += 64;
    out += 64;
  }
}

export function gaussianVectorLogDensity(
  block: usize, dimension: i32, count: i32, mu: usize,
  inverseFactor: usize, logNorm: f64, out: usize,
): void {
  triangular(block, dimension, count, mu, inverseFactor, logNorm, out, false);
}

export function addGaussianVectorLogDensity(
  block: usize, dimension: i32, count: i32, mu: usize,
  inverseFactor: usize, logNorm: f64, out: usize,
): void {
  triangular(block, dimension, count, mu, inverseFactor, logNorm, out, true);
}

/** x - mu of up to eight rows, column by column; missing rows are 0. */
// @ts-ignore: decorator
@inline
function centre(block: usize, dimension: i32, rows: i32, mu: usize, scratch: usize): void {
  for (let j = 0; j < dimension; j++) {
    const m = v128.load64_splat(mu);
    if (rows == 8) {
      v128.store(scratch, f64x2.sub(v128.load(block), m));
      v128.store(scratch, f64x2.sub(v128.load(block, 16), m), 16);
      v128.store(scratch, f64x2.sub(v128.load(block, 32), m), 32);
      v128.store(scratch, f64x2.sub(v128.load(block, 48), m), 48);
    } else {
      for (let i: usize = 0; i < 8; i++) {
        store<f64>(scratch + (i << 3), <i32>i < rows ? load<f64>(block + (i << 3)) - load<f64>(mu) : 0);
      }
    }
    block += COLUMN;
    mu += 8;
    scratch += 64;
  }
}

/** Adds to `sums`: Σw, Σw·d_j, Σ(w·d_j)·d_j, of one run. */
export function diagonalMoments(
  block: usize,
  dimension: i32,
  count: i32,
  weights: usize,
  origin: usize,
  sums: usize,
): void {
  addTo(sums, sum(weights, count));
  let first = sums + 8;
  let second = first + ((<usize>dimension) << 3);
  for (let j = 0; j < dimension; j++) {
    addMoments(block, weights, count, load<f64>(origin), first, second);
    block += COLUMN;
    origin += 8;
    first += 8;
    second += 8;
  }
}

/** Rows [0, count) of a row-major matrix as the columns of a block: two rows at a time, which the cache reads once. */
export function transpose(rows: usize, count: i32, dimension: i32, columns: usize): void {
  const rowBytes = (<usize>dimension) << 3;
  for (let left = count; left > 0; left -= 2) {
    let to = columns;
    const end = rows + rowBytes;
    for (; rows < end; rows += 8) {
      if (left > 1) v128.store(to, v128.load64_lane(rows + rowBytes, v128.load64_zero(rows), 1));
      else store<f64>(to, load<f64>(rows));
      to += COLUMN;
    }
    rows += rowBytes;
    columns += 16;
  }
}
