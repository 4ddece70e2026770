/** Weighted rank-k update, lower triangle. Twin: `scatter` in src/numeric/kernels/twin/vectors.ts. */
import { firstLanes, lastLanes, total } from './moments';

const RUN: i32 = 128;
/** Distance of scratch columns in bytes: one line more than a run, to spread them over the cache sets. */
const STRIDE: usize = 128 * 8 + 64;

/** Sum of both lanes added to the entry at `at`. */
// @ts-ignore: decorator
@inline
function addTotal(at: usize, lanes: v128): void {
  store<f64>(at, load<f64>(at) + (f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)));
}

/** Byte offset of entry (i, 0) of the packed lower triangle. */
// @ts-ignore: decorator
@inline
function rowOf(i: i32): usize {
  return (<usize>((i * (i + 1)) >> 1)) << 3;
}

/**
 * Adds to `sums`: Σw, Σw·d_j, then the packed lower triangle of Σ(w·d_i)·d_j.
 * @param scratch 2 * STRIDE * (dimension rounded up to even) bytes
 */
export function scatter(
  block: usize,
  stride: usize,
  dimension: i32,
  count: i32,
  weights: usize,
  origin: usize,
  sums: usize,
  scratch: usize,
): void {
  const even = (dimension + 1) & ~1;
  const weighted = scratch + <usize>even * STRIDE;
  const triangle = sums + ((<usize>dimension + 1) << 3);
  if (even > dimension) {
    memory.fill(scratch + <usize>dimension * STRIDE, 0, STRIDE);
    memory.fill(weighted + <usize>dimension * STRIDE, 0, STRIDE);
  }
  for (let left = count; left > 0; left -= RUN) {
    const rows = min(left, RUN);
    if (centreRun(block, stride, dimension, rows, weights, origin, scratch, weighted, sums)) {
      triangleRun(scratch, weighted, dimension, (rows + 3) >> 2, triangle);
    }
    block += <usize>RUN << 3;
    weights += <usize>RUN << 3;
  }
}

/**
 * Writes d and w·d of a run, padded with 0 to a multiple of four rows, and adds Σw and Σw·d.
 * @returns false when every weight is 0, so that the triangle would add nothing
 */
function centreRun(
  block: usize,
  stride: usize,
  dimension: i32,
  rows: i32,
  weights: usize,
  origin: usize,
  scratch: usize,
  weighted: usize,
  sums: usize,
): bool {
  const quads = rows >> 2;
  const tail = rows & 3;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let any = f64x2.splat(0);
  let w = weights;
  for (let i = 0; i < quads; i++) {
    const a = v128.load(w);
    const b = v128.load(w, 16);
    low = f64x2.add(low, a);
    high = f64x2.add(high, b);
    any = v128.or(any, v128.or(a, b));
    w += 32;
  }
  if (tail) {
    const a = firstLanes(w, tail);
    const b = lastLanes(w, tail);
    low = f64x2.add(low, a);
    high = f64x2.add(high, b);
    any = v128.or(any, v128.or(a, b));
  }
  store<f64>(sums, load<f64>(sums) + total(low, high));
  if (!v128.any_true(any)) return false;
  for (let j = 0; j < dimension; j++) {
    const o = v128.load64_splat(origin);
    let x = block;
    let y = scratch;
    let z = weighted;
    low = f64x2.splat(0);
    high = f64x2.splat(0);
    w = weights;
    for (let i = 0; i < quads; i++) {
      const d = f64x2.sub(v128.load(x), o);
      const e = f64x2.sub(v128.load(x, 16), o);
      const wd = f64x2.mul(v128.load(w), d);
      const we = f64x2.mul(v128.load(w, 16), e);
      v128.store(y, d);
      v128.store(y, e, 16);
      v128.store(z, wd);
      v128.store(z, we, 16);
      low = f64x2.add(low, wd);
      high = f64x2.add(high, we);
      x += 32;
      w += 32;
      y += 32;
      z += 32;
    }
    if (tail) {
      // Padded rows have weight 0, whatever their d.
      const d = f64x2.sub(firstLanes(x, tail), o);
      const e = f64x2.sub(lastLanes(x, tail), o);
      const wd = f64x2.mul(firstLanes(w, tail), d);
      const we = f64x2.mul(lastLanes(w, tail), e);
      v128.store(y, d);
      v128.store(y, e, 16);
      v128.store(z, wd);
      v128.store(z, we, 16);
      low = f64x2.add(low, wd);
      high = f64x2.add(high, we);
    }
    sums += 8;
    store<f64>(sums, load<f64>(sums) + total(low, high));
    block += stride;
    origin += 8;
    scratch += STRIDE;
    weighted += STRIDE;
  }
  return true;
}

function triangleRun(y: usize, z: usize, dimension: i32, quads: i32, triangle: usize): void {
  for (let i = 0; i < dimension; i += 2) {
    const z0 = z + <usize>i * STRIDE;
    for (let j = 0; j <= i; j += 2) {
      pairOfRows(z0, y + <usize>j * STRIDE, quads, triangle, i, j, dimension);
    }
  }
}

/** The four entries (i, j), (i, j+1), (i+1, j), (i+1, j+1), of which some may lie above the diagonal or outside. */
// @ts-ignore: decorator
@inline
function pairOfRows(z0: usize, y0: usize, quads: i32, triangle: usize, i: i32, j: i32, dimension: i32): void {
  let a00 = f64x2.splat(0);
  let a01 = f64x2.splat(0);
  let a10 = f64x2.splat(0);
  let a11 = f64x2.splat(0);
  const z1 = z0 + STRIDE;
  const y1 = y0 + STRIDE;
  const bytes = (<usize>quads) << 5;
  for (let at: usize = 0; at < bytes; at += 32) {
    const p0 = v128.load(z0 + at);
    const p1 = v128.load(z1 + at);
    const q0 = v128.load(y0 + at);
    const q1 = v128.load(y1 + at);
    a00 = f64x2.add(a00, f64x2.mul(p0, q0));
    a01 = f64x2.add(a01, f64x2.mul(p0, q1));
    a10 = f64x2.add(a10, f64x2.mul(p1, q0));
    a11 = f64x2.add(a11, f64x2.mul(p1, q1));
    const r0 = v128.load(z0 + at, 16);
    const r1 = v128.load(z1 + at, 16);
    const s0 = v128.load(y0 + at, 16);
    const s1 = v128.load(y1 + at, 16);
    a00 = f64x2.add(a00, f64x2.mul(r0, s0));
    a01 = f64x2.add(a01, f64x2.mul(r0, s1));
    a10 = f64x2.add(a10, f64x2.mul(r1, s0));
    a11 = f64x2.add(a11, f64x2.mul(r1, s1));
  }
  const upper = triangle + rowOf(i) + ((<usize>j) << 3);
  addTotal(upper, a00);
  if (j < i) addTotal(upper + 8, a01);
  if (i + 1 < dimension) {
    const lower = triangle + rowOf(i + 1) + ((<usize>j) << 3);
    addTotal(lower, a10);
    addTotal(lower + 8, a11);
  }
}
