/** Table look-up and weighted counts by code. Twin: src/numeric/kernels/twin/table.ts. */
import { firstLanes, lastLanes, total } from './moments';

// @ts-ignore: decorator
@inline
function twoEntries(table: usize, codes: usize): v128 {
  const first = v128.load64_zero(table + ((<usize>load<u32>(codes)) << 3));
  return v128.load64_lane(table + ((<usize>load<u32>(codes, 4)) << 3), first, 1);
}
export function gather(table: usize, codes: usize, count: i32, out: usize): void {
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    v128.store(out, twoEntries(table, codes));
    v128.store(out, twoEntries(table, codes + 8), 16);
    codes += 16;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    store<f64>(out, load<f64>(table + ((<usize>load<u32>(codes)) << 3)));
    codes += 4;
    out += 8;
  }
}

export function addGather(table: usize, codes: usize, count: i32, out: usize): void {
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    v128.store(out, f64x2.add(v128.load(out), twoEntries(table, codes)));
    v128.store(out, f64x2.add(v128.load(out, 16), twoEntries(table, codes + 8)), 16);
    codes += 16;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    store<f64>(out, load<f64>(out) + load<f64>(table + ((<usize>load<u32>(codes)) << 3)));
    codes += 4;
    out += 8;
  }
}

/** Weighted counts of one run into `totals` (overwritten), through eight interleaved copies at `copies`. */
export function histogram(
  codes: usize,
  weights: usize,
  count: i32,
  levelCount: i32,
  copies: usize,
  totals: usize,
): void {
  if (levelCount <= 2) return twoLevels(codes, weights, count, levelCount == 2, totals);
  memory.fill(copies, 0, (<usize>levelCount) << 6);
  const eights = count >> 3;
  for (let i = 0; i < eights; i++) {
    addTo(copies, codes, weights);
    addTo(copies + 8, codes + 4, weights + 8);
    addTo(copies + 16, codes + 8, weights + 16);
    addTo(copies + 24, codes + 12, weights + 24);
    addTo(copies + 32, codes + 16, weights + 32);
    addTo(copies + 40, codes + 20, weights + 40);
    addTo(copies + 48, codes + 24, weights + 48);
    addTo(copies + 56, codes + 28, weights + 56);
    codes += 32;
    weights += 64;
  }
  const tail = count & 7;
  for (let i = 0; i < tail; i++) {
    addTo(copies + ((<usize>i) << 3), codes, weights);
    codes += 4;
    weights += 8;
  }
  for (let level = 0; level < levelCount; level++) {
    const low = f64x2.add(v128.load(copies), v128.load(copies, 32));
    const high = f64x2.add(v128.load(copies, 16), v128.load(copies, 48));
    store<f64>(totals, total(low, high));
    copies += 64;
    totals += 8;
  }
}

// @ts-ignore: decorator
@inline
function addTo(copy: usize, code: usize, weight: usize): void {
  const at = copy + ((<usize>load<u32>(code)) << 6);
  store<f64>(at, load<f64>(at) + load<f64>(weight));
}

/**
 * One or two levels without memory traffic: a weight is kept or masked to 0, which leaves the sums of the lanes as they
 * are. With copies, additions to one address wait for each other. From three levels on the copies are faster.
 */
function twoLevels(codes: usize, weights: usize, count: i32, both: bool, totals: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  const first = i64x2.splat(0);
  const second = i64x2.splat(1);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    const c0 = v128.load32x2_u(codes);
    const c1 = v128.load32x2_u(codes, 8);
    a0 = f64x2.add(a0, v128.and(w0, i64x2.eq(c0, first)));
    a1 = f64x2.add(a1, v128.and(w1, i64x2.eq(c1, first)));
    b0 = f64x2.add(b0, v128.and(w0, i64x2.eq(c0, second)));
    b1 = f64x2.add(b1, v128.and(w1, i64x2.eq(c1, second)));
    codes += 16;
    weights += 32;
  }
  const tail = count & 3;
  if (tail) {
    const w0 = firstLanes(weights, tail);
    const w1 = lastLanes(weights, tail);
    const c0 = tail >= 2 ? v128.load32x2_u(codes) : v128.load32_zero(codes);
    const c1 = tail == 3 ? v128.load32_zero(codes, 8) : i64x2.splat(0);
    a0 = f64x2.add(a0, v128.and(w0, i64x2.eq(c0, first)));
    a1 = f64x2.add(a1, v128.and(w1, i64x2.eq(c1, first)));
    b0 = f64x2.add(b0, v128.and(w0, i64x2.eq(c0, second)));
    b1 = f64x2.add(b1, v128.and(w1, i64x2.eq(c1, second)));
  }
  store<f64>(totals, total(a0, a1));
  if (both) store<f64>(totals, total(b0, b1), 8);
}

/** The largest of `count` codes, read as unsigned: one comparison tells whether all are in range. */
export function largestCode(codes: usize, count: i32): u32 {
  let largest = i32x4.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    largest = i32x4.max_u(largest, v128.load(codes));
    codes += 16;
  }
  let worst = max<u32>(
    max<u32>(i32x4.extract_lane(largest, 0), i32x4.extract_lane(largest, 1)),
    max<u32>(i32x4.extract_lane(largest, 2), i32x4.extract_lane(largest, 3)),
  );
  for (let i = count & 3; i > 0; i--) {
    worst = max<u32>(worst, load<u32>(codes));
    codes += 4;
  }
  return worst;
}
