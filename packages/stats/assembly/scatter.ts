/** Weighted rank-k update, lower triangle. Twin: `scatter` in src/numeric/kernels/twin/vectors.ts. */
import { COLUMN, SCRATCH } from './memory';
import { addPair, addTo, counted, firstLanes, lastLanes, total } from './moments';

const RUN: i32 = 128;
/** From d_j to w·d_j in the scratch, in bytes: one line more than a run, to spread the columns over the cache sets. */
const WEIGHTED: usize = 128 * 8 + 64;
/** From d_j to d_(j + 1). */
const NEXT: usize = 2 * WEIGHTED;

/** Adds to the entries (i, j) and (i, j + 1) of the packed lower triangle, as far as they are there. */
// @ts-ignore: decorator
@inline
function addEntries(triangle: usize, i: i32, j: i32, dimension: i32, first: v128, second: v128): void {
  if (i >= dimension) return;
  const at = triangle + ((<usize>(((i * (i + 1)) >> 1) + j)) << 3);
  addPair(at, first);
  if (j < i) addPair(at + 8, second);
}

/**
 * Adds to `sums`: Σw, Σw·d_j, then the packed lower triangle of Σ(w·d_i)·d_j. Takes NEXT * (dimension rounded up to even)
 * bytes of scratch.
 */
export function scatter(
  block: usize,
  dimension: i32,
  count: i32,
  weights: usize,
  origin: usize,
  sums: usize,
): void {
  const scratch = SCRATCH;
  const triangle = sums + ((<usize>dimension + 1) << 3);
  if (dimension & 1) memory.fill(scratch + <usize>dimension * NEXT, 0, NEXT);
  for (let left = count; left > 0; left -= RUN) {
    const rows = min(left, RUN);
    if (centreRun(block, dimension, rows, weights, origin, scratch, sums)) {
      triangleRun(scratch, dimension, (rows + 3) >> 2, triangle);
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
  block: usize, dimension: i32, rows: i32, weights: usize,
  origin: usize, scratch: usize, sums: usize,
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
  addTo(sums, total(low, high));
  if (!v128.any_true(any)) return false;
  for (let j = 0; j < dimension; j++) {
    const o = v128.load64_splat(origin);
    let x = block;
    let y = scratch;
    const end = y + ((<usize>quads) << 5);
    low = f64x2.splat(0);
    high = f64x2.splat(0);
    w = weights;
    while (y < end) {
      const a = v128.load(w);
      const d = counted(a, f64x2.sub(v128.load(x), o));
      const wd = f64x2.mul(a, d);
      v128.store(y, d);
      v128.store(y, wd, WEIGHTED);
      const b = v128.load(w, 16);
      const e = counted(b, f64x2.sub(v128.load(x, 16), o));
      const we = f64x2.mul(b, e);
      v128.store(y, e, 16);
      v128.store(y, we, WEIGHTED + 16);
      low = f64x2.add(low, wd);
      high = f64x2.add(high, we);
      x += 32;
      w += 32;
      y += 32;
    }
    if (tail) {
      const a = firstLanes(w, tail);
      const b = lastLanes(w, tail);
      const d = counted(a, f64x2.sub(firstLanes(x, tail), o));
      const e = counted(b, f64x2.sub(lastLanes(x, tail), o));
      const wd = f64x2.mul(a, d);
      const we = f64x2.mul(b, e);
      v128.store(y, d);
      v128.store(y, e, 16);
      v128.store(y, wd, WEIGHTED);
      v128.store(y, we, WEIGHTED + 16);
      low = f64x2.add(low, wd);
      high = f64x2.add(high, we);
    }
    sums += 8;
    addTo(sums, total(low, high));
    block += COLUMN;
    origin += 8;
    scratch += NEXT;
  }
  return true;
}

/** Tiles of four rows by two columns; what is left of the four at the diagonal, and of the last rows, in tiles of two by two. */
function triangleRun(scratch: usize, dimension: i32, quads: i32, triangle: usize): void {
  let i = 0;
  for (; i + 2 < dimension; i += 4) {
    for (let j = 0; j <= i; j += 2) fourByTwo(scratch, quads, triangle, i, j, dimension);
    twoByTwo(scratch, quads, triangle, i + 2, i + 2, dimension);
  }
  if (i < dimension) for (let j = 0; j <= i; j += 2) twoByTwo(scratch, quads, triangle, i, j, dimension);
}

/**
 * The entries (i … i + 3, j … j + 1). One step of two rows: V8 unrolls it itself, and holds all sums in registers, as it
 * does not when the source is unrolled.
 */
function fourByTwo(scratch: usize, quads: i32, triangle: usize, i: i32, j: i32, dimension: i32): void {
  let a00 = f64x2.splat(0);
  let a01 = f64x2.splat(0);
  let a10 = f64x2.splat(0);
  let a11 = f64x2.splat(0);
  let a20 = f64x2.splat(0);
  let a21 = f64x2.splat(0);
  let a30 = f64x2.splat(0);
  let a31 = f64x2.splat(0);
  let z = scratch + <usize>i * NEXT + WEIGHTED;
  let y = scratch + <usize>j * NEXT;
  const end = y + ((<usize>quads) << 5);
  while (y < end) {
    const q0 = v128.load(y);
    const q1 = v128.load(y, NEXT);
    const p0 = v128.load(z);
    const p1 = v128.load(z, NEXT);
    const p2 = v128.load(z, 2 * NEXT);
    const p3 = v128.load(z, 3 * NEXT);
    a00 = f64x2.add(a00, f64x2.mul(p0, q0));
    a01 = f64x2.add(a01, f64x2.mul(p0, q1));
    a10 = f64x2.add(a10, f64x2.mul(p1, q0));
    a11 = f64x2.add(a11, f64x2.mul(p1, q1));
    a20 = f64x2.add(a20, f64x2.mul(p2, q0));
    a21 = f64x2.add(a21, f64x2.mul(p2, q1));
    a30 = f64x2.add(a30, f64x2.mul(p3, q0));
    a31 = f64x2.add(a31, f64x2.mul(p3, q1));
    z += 16;
    y += 16;
  }
  addEntries(triangle, i, j, dimension, a00, a01);
  addEntries(triangle, i + 1, j, dimension, a10, a11);
  addEntries(triangle, i + 2, j, dimension, a20, a21);
  addEntries(triangle, i + 3, j, dimension, a30, a31);
}

/**
 * The entries (i … i + 1, j … j + 1). Inlined: as a call, ten dimensions took 8 % longer. With distances that are no constants, to
 * serve the steps of a hidden Markov model as well, 7 %.
 */
// @ts-ignore: decorator
@inline
function twoByTwo(scratch: usize, quads: i32, triangle: usize, i: i32, j: i32, dimension: i32): void {
  let a00 = f64x2.splat(0);
  let a01 = f64x2.splat(0);
  let a10 = f64x2.splat(0);
  let a11 = f64x2.splat(0);
  let z = scratch + <usize>i * NEXT + WEIGHTED;
  let y = scratch + <usize>j * NEXT;
  const end = y + ((<usize>quads) << 5);
  while (y < end) {
    const q0 = v128.load(y);
    const q1 = v128.load(y, NEXT);
    const p0 = v128.load(z);
    const p1 = v128.load(z, NEXT);
    a00 = f64x2.add(a00, f64x2.mul(p0, q0));
    a01 = f64x2.add(a01, f64x2.mul(p0, q1));
    a10 = f64x2.add(a10, f64x2.mul(p1, q0));
    a11 = f64x2.add(a11, f64x2.mul(p1, q1));
    z += 16;
    y += 16;
  }
  addEntries(triangle, i, j, dimension, a00, a01);
  addEntries(triangle, i + 1, j, dimension, a10, a11);
}
