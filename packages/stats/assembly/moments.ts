/** Weighted sums of one or two columns, one run in four lanes. Twin: src/numeric/kernels/twin/moments.ts. */

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

export function weightedMeans(x: usize, y: usize, weights: usize, count: i32, out: usize): void {
  let w0 = f64x2.splat(0);
  let w1 = f64x2.splat(0);
  let x0 = f64x2.splat(0);
  let x1 = f64x2.splat(0);
  let y0 = f64x2.splat(0);
  let y1 = f64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const a = v128.load(weights);
    const b = v128.load(weights, 16);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, f64x2.mul(a, v128.load(x)));
    x1 = f64x2.add(x1, f64x2.mul(b, v128.load(x, 16)));
    y0 = f64x2.add(y0, f64x2.mul(a, v128.load(y)));
    y1 = f64x2.add(y1, f64x2.mul(b, v128.load(y, 16)));
    x += 32;
    y += 32;
    weights += 32;
  }
  const tail = count & 3;
  if (tail) {
    const a = firstLanes(weights, tail);
    const b = lastLanes(weights, tail);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, f64x2.mul(a, firstLanes(x, tail)));
    x1 = f64x2.add(x1, f64x2.mul(b, lastLanes(x, tail)));
    y0 = f64x2.add(y0, f64x2.mul(a, firstLanes(y, tail)));
    y1 = f64x2.add(y1, f64x2.mul(b, lastLanes(y, tail)));
  }
  addTo(out, total(w0, w1));
  addTo(out + 8, total(x0, x1));
  addTo(out + 16, total(y0, y1));
}

export function weightedMean(x: usize, weights: usize, count: i32, out: usize): void {
  let w0 = f64x2.splat(0);
  let w1 = f64x2.splat(0);
  let x0 = f64x2.splat(0);
  let x1 = f64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const a = v128.load(weights);
    const b = v128.load(weights, 16);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, f64x2.mul(a, v128.load(x)));
    x1 = f64x2.add(x1, f64x2.mul(b, v128.load(x, 16)));
    x += 32;
    weights += 32;
  }
  const tail = count & 3;
  if (tail) {
    const a = firstLanes(weights, tail);
    const b = lastLanes(weights, tail);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, f64x2.mul(a, firstLanes(x, tail)));
    x1 = f64x2.add(x1, f64x2.mul(b, lastLanes(x, tail)));
  }
  addTo(out, total(w0, w1));
  addTo(out + 8, total(x0, x1));
}

export function moments(x: usize, weights: usize, count: i32, origin: f64, out: usize): void {
  const o = f64x2.splat(origin);
  let w0 = f64x2.splat(0);
  let w1 = f64x2.splat(0);
  let x0 = f64x2.splat(0);
  let x1 = f64x2.splat(0);
  let q0 = f64x2.splat(0);
  let q1 = f64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const a = v128.load(weights);
    const b = v128.load(weights, 16);
    const d = f64x2.sub(v128.load(x), o);
    const e = f64x2.sub(v128.load(x, 16), o);
    const ad = f64x2.mul(a, d);
    const be = f64x2.mul(b, e);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, ad);
    x1 = f64x2.add(x1, be);
    q0 = f64x2.add(q0, f64x2.mul(ad, d));
    q1 = f64x2.add(q1, f64x2.mul(be, e));
    x += 32;
    weights += 32;
  }
  const tail = count & 3;
  if (tail) {
    // Padded rows have weight 0 and a finite x, so they add 0.
    const a = firstLanes(weights, tail);
    const b = lastLanes(weights, tail);
    const d = f64x2.sub(firstLanes(x, tail), o);
    const e = f64x2.sub(lastLanes(x, tail), o);
    const ad = f64x2.mul(a, d);
    const be = f64x2.mul(b, e);
    w0 = f64x2.add(w0, a);
    w1 = f64x2.add(w1, b);
    x0 = f64x2.add(x0, ad);
    x1 = f64x2.add(x1, be);
    q0 = f64x2.add(q0, f64x2.mul(ad, d));
    q1 = f64x2.add(q1, f64x2.mul(be, e));
  }
  addTo(out, total(w0, w1));
  addTo(out + 8, total(x0, x1));
  addTo(out + 16, total(q0, q1));
}
