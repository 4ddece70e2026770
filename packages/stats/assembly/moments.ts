/** Weighted sums of one or two columns, one run in four lanes. Twin: src/numeric/kernels/twin/moments.ts. */
import { paddedRows } from './memory';

/** Rows left over after the last full quadruple, as the first or second vector of the four lanes, padded with 0. */
// @ts-ignore: decorator
@inline
export function firstLanes(at: usize, tail: i32): v128 {
  return tail >= 2 ? v128.load(at) : v128.load64_zero(at);
}

// @ts-ignore: decorator
@inline
export function lastLanes(at: usize, tail: i32): v128 {
  return tail == 3 ? v128.load64_zero(at, 16) : f64x2.splat(0);
}

/** (lane 0 + lane 2) + (lane 1 + lane 3) */
// @ts-ignore: decorator
@inline
export function total(low: v128, high: v128): f64 {
  const pair = f64x2.add(low, high);
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Adds to the number at `at`. */
// @ts-ignore: decorator
@inline
export function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

/** Adds both lanes to the number at `at`. */
// @ts-ignore: decorator
@inline
export function addPair(at: usize, lanes: v128): void {
  addTo(at, f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1));
}

export function sum(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    low = f64x2.add(low, v128.load(x));
    high = f64x2.add(high, v128.load(x, 16));
    x += 32;
  }
  const tail = count & 3;
  if (tail) {
    low = f64x2.add(low, firstLanes(x, tail));
    high = f64x2.add(high, lastLanes(x, tail));
  }
  return total(low, high);
}

/** w * x, or 0 where w is 0. */
// @ts-ignore: decorator
@inline
function product(w: v128, x: v128): v128 {
  return v128.andnot(f64x2.mul(w, x), f64x2.eq(w, f64x2.splat(0)));
}

export function weightedSum(x: usize, weights: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    low = f64x2.add(low, product(v128.load(weights), v128.load(x)));
    high = f64x2.add(high, product(v128.load(weights, 16), v128.load(x, 16)));
    x += 32;
    weights += 32;
  }
  const tail = count & 3;
  if (tail) {
    low = f64x2.add(low, product(firstLanes(weights, tail), firstLanes(x, tail)));
    high = f64x2.add(high, product(lastLanes(weights, tail), lastLanes(x, tail)));
  }
  return total(low, high);
}

/** d, or 0 where w is 0: a row of weight 0 adds nothing, even where x - origin overflows. */
// @ts-ignore: decorator
@inline
export function counted(w: v128, d: v128): v128 {
  return v128.andnot(d, f64x2.eq(w, f64x2.splat(0)));
}

/** What is summed besides Σw (unless it is taken elsewhere) and Σw·x: nothing, the squares, or a second column. */
const NOTHING: i32 = 0;
const SQUARES: i32 = 1;
const SECOND: i32 = 2;

/**
 * Adds Σw to `sumOfWeights` unless that is 0, Σw·d to `sumOfFirst`, and the third sum to `sumOfSecond`. The branches vanish,
 * since the function is inlined with constants. The last rows go through the same loop, padded with rows of weight 0.
 */
// @ts-ignore: decorator
@inline
function addSums(
  x: usize, y: usize, weights: usize, count: i32, origin: f64,
  third: i32, withWeights: bool, sumOfWeights: usize, sumOfFirst: usize, sumOfThird: usize,
): void {
  const o = f64x2.splat(origin);
  let w0 = f64x2.splat(0);
  let w1 = f64x2.splat(0);
  let x0 = f64x2.splat(0);
  let x1 = f64x2.splat(0);
  let q0 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  let quads = count >> 2;
  let tail = count & 3;
  for (;;) {
    for (let i = 0; i < quads; i++) {
      const a = v128.load(weights);
      const b = v128.load(weights, 16);
      const d = third == SQUARES ? counted(a, f64x2.sub(v128.load(x), o)) : v128.load(x);
      const e = third == SQUARES ? counted(b, f64x2.sub(v128.load(x, 16), o)) : v128.load(x, 16);
      const ad = f64x2.mul(a, d);
      const be = f64x2.mul(b, e);
      if (withWeights) {
        w0 = f64x2.add(w0, a);
        w1 = f64x2.add(w1, b);
      }
      x0 = f64x2.add(x0, ad);
      x1 = f64x2.add(x1, be);
      if (third == SQUARES) {
        q0 = f64x2.add(q0, f64x2.mul(ad, d));
        q1 = f64x2.add(q1, f64x2.mul(be, e));
      } else if (third == SECOND) {
        q0 = f64x2.add(q0, f64x2.mul(a, v128.load(y)));
        q1 = f64x2.add(q1, f64x2.mul(b, v128.load(y, 16)));
        y += 32;
      }
      x += 32;
      weights += 32;
    }
    if (tail == 0) break;
    x = paddedRows(x, tail, 0);
    weights = paddedRows(weights, tail, 1);
    if (third == SECOND) y = paddedRows(y, tail, 2);
    quads = 1;
    tail = 0;
  }
  if (withWeights) addTo(sumOfWeights, total(w0, w1));
  addTo(sumOfFirst, total(x0, x1));
  if (third != NOTHING) addTo(sumOfThird, total(q0, q1));
}

export function weightedMean(x: usize, weights: usize, count: i32, out: usize): void {
  addSums(x, 0, weights, count, 0, NOTHING, true, out, out + 8, 0);
}

export function weightedMeans(x: usize, y: usize, weights: usize, count: i32, out: usize): void {
  addSums(x, y, weights, count, 0, SECOND, true, out, out + 8, out + 16);
}

export function moments(x: usize, weights: usize, count: i32, origin: f64, out: usize): void {
  addSums(x, 0, weights, count, origin, SQUARES, true, out, out + 8, out + 16);
}

/** Adds Σw·d to `sum` and Σ(w·d)·d to `sumOfSquares`, with d = x - origin. */
export function addMoments(x: usize, weights: usize, count: i32, origin: f64, sum: usize, sumOfSquares: usize): void {
  addSums(x, 0, weights, count, origin, SQUARES, false, 0, sum, sumOfSquares);
}
