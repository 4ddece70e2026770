/** Table look-up and weighted counts by code. Twin: src/numeric/kernels/twin/table.ts. */
import { SCRATCH } from './memory';
import { addTo, firstLanes, lastLanes, total } from './moments';
import { put, putOne } from './put';

// @ts-ignore: decorator
@inline
function twoEntries(table: usize, codes: usize): v128 {
  const first = v128.load64_zero(table + ((<usize>load<u32>(codes)) << 3));
  return v128.load64_lane(table + ((<usize>load<u32>(codes, 4)) << 3), first, 1);
}

// @ts-ignore: decorator
@inline
function lookUp(table: usize, codes: usize, count: i32, out: usize, add: bool): void {
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    put(out, twoEntries(table, codes), add);
    put(out + 16, twoEntries(table, codes + 8), add);
    codes += 16;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    putOne(out, v128.load64_zero(table + ((<usize>load<u32>(codes)) << 3)), add);
    codes += 4;
    out += 8;
  }
}

export function gather(table: usize, codes: usize, count: i32, out: usize): void {
  lookUp(table, codes, count, out, false);
}

export function addGather(table: usize, codes: usize, count: i32, out: usize): void {
  lookUp(table, codes, count, out, true);
}

/** Weighted counts of one run, through eight interleaved copies. */
export function histogram(codes: usize, weights: usize, count: i32, out: usize, levelCount: i32): void {
  if (levelCount <= 2) return twoLevels(codes, weights, count, levelCount == 2, out);
  let copies = SCRATCH;
  memory.fill(copies, 0, (<usize>levelCount) << 6);
  const eights = count >> 3;
  for (let i = 0; i < eights; i++) {
    addToCopy(copies, codes, weights);
    addToCopy(copies + 8, codes + 4, weights + 8);
    addToCopy(copies + 16, codes + 8, weights + 16);
    addToCopy(copies + 24, codes + 12, weights + 24);
    addToCopy(copies + 32, codes + 16, weights + 32);
    addToCopy(copies + 40, codes + 20, weights + 40);
    addToCopy(copies + 48, codes + 24, weights + 48);
    addToCopy(copies + 56, codes + 28, weights + 56);
    codes += 32;
    weights += 64;
  }
  const tail = count & 7;
  for (let i = 0; i < tail; i++) {
    addToCopy(copies + ((<usize>i) << 3), codes, weights);
    codes += 4;
    weights += 8;
  }
  for (let level = 0; level < levelCount; level++) {
    const low = f64x2.add(v128.load(copies), v128.load(copies, 32));
    const high = f64x2.add(v128.load(copies, 16), v128.load(copies, 48));
    addTo(out, total(low, high));
    copies += 64;
    out += 8;
  }
}

// @ts-ignore: decorator
@inline
function addToCopy(copy: usize, code: usize, weight: usize): void {
  const at = copy + ((<usize>load<u32>(code)) << 6);
  store<f64>(at, load<f64>(at) + load<f64>(weight));
}

/**
 * One or two levels without memory traffic: a weight is kept or masked to 0, which leaves the sums of the lanes as they
 * are. With copies, additions to one address wait for each other. From three levels on the copies are faster.
 */
function twoLevels(codes: usize, weights: usize, count: i32, both: bool, out: usize): void {
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
  addTo(out, total(a0, a1));
  if (both) addTo(out + 8, total(b0, b1));
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
