/** Table look-up and weighted counts by code. Twin: src/numeric/kernels/twin/table.ts. */

export function gather(table: usize, codes: usize, count: i32, out: usize): void {
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    const first = v128.load64_zero(table + ((<usize>load<u32>(codes)) << 3));
    v128.store(out, v128.load64_lane(table + ((<usize>load<u32>(codes, 4)) << 3), first, 1));
    codes += 8;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(table + ((<usize>load<u32>(codes)) << 3)));
}

export function addGather(table: usize, codes: usize, count: i32, out: usize): void {
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    const first = v128.load64_zero(table + ((<usize>load<u32>(codes)) << 3));
    const both = v128.load64_lane(table + ((<usize>load<u32>(codes, 4)) << 3), first, 1);
    v128.store(out, f64x2.add(v128.load(out), both));
    codes += 8;
    out += 16;
  }
  if (count & 1) store<f64>(out, load<f64>(out) + load<f64>(table + ((<usize>load<u32>(codes)) << 3)));
}

/** Weighted counts of one run into `totals` (overwritten), through four interleaved copies at `copies`. */
export function histogram(
  codes: usize,
  weights: usize,
  count: i32,
  levelCount: i32,
  copies: usize,
  totals: usize,
): void {
  if (levelCount == 2) return twoLevels(codes, weights, count, totals);
  memory.fill(copies, 0, (<usize>levelCount) << 5);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const a = copies + ((<usize>load<u32>(codes)) << 5);
    const b = copies + ((<usize>load<u32>(codes, 4)) << 5);
    const c = copies + ((<usize>load<u32>(codes, 8)) << 5);
    const d = copies + ((<usize>load<u32>(codes, 12)) << 5);
    store<f64>(a, load<f64>(a) + load<f64>(weights));
    store<f64>(b, load<f64>(b, 8) + load<f64>(weights, 8), 8);
    store<f64>(c, load<f64>(c, 16) + load<f64>(weights, 16), 16);
    store<f64>(d, load<f64>(d, 24) + load<f64>(weights, 24), 24);
    codes += 16;
    weights += 32;
  }
  const tail = count & 3;
  for (let i = 0; i < tail; i++) {
    const at = copies + ((<usize>load<u32>(codes)) << 5) + ((<usize>i) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(weights));
    codes += 4;
    weights += 8;
  }
  for (let level = 0; level < levelCount; level++) {
    const pair = f64x2.add(v128.load(copies), v128.load(copies, 16));
    store<f64>(totals, f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
    copies += 32;
    totals += 8;
  }
}

/** Two levels without memory traffic: a weight is kept or masked to 0, which leaves the lane sums as they are. */
function twoLevels(codes: usize, weights: usize, count: i32, totals: usize): void {
  let zero0 = f64x2.splat(0);
  let zero1 = f64x2.splat(0);
  let one0 = f64x2.splat(0);
  let one1 = f64x2.splat(0);
  const none = i64x2.splat(0);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    const is0 = i64x2.eq(v128.load32x2_u(codes), none);
    const is1 = i64x2.eq(v128.load32x2_u(codes, 8), none);
    zero0 = f64x2.add(zero0, v128.and(w0, is0));
    zero1 = f64x2.add(zero1, v128.and(w1, is1));
    one0 = f64x2.add(one0, v128.andnot(w0, is0));
    one1 = f64x2.add(one1, v128.andnot(w1, is1));
    codes += 16;
    weights += 32;
  }
  const tail = count & 3;
  for (let i = 0; i < tail; i++) {
    let w = v128.load64_zero(weights);
    if (i == 1) w = i64x2.shuffle(none, w, 0, 2);
    const isZero = load<u32>(codes) == 0;
    if (i < 2) {
      if (isZero) zero0 = f64x2.add(zero0, w);
      else one0 = f64x2.add(one0, w);
    } else if (isZero) zero1 = f64x2.add(zero1, w);
    else one1 = f64x2.add(one1, w);
    codes += 4;
    weights += 8;
  }
  const zero = f64x2.add(zero0, zero1);
  const one = f64x2.add(one0, one1);
  store<f64>(totals, f64x2.extract_lane(zero, 0) + f64x2.extract_lane(zero, 1));
  store<f64>(totals, f64x2.extract_lane(one, 0) + f64x2.extract_lane(one, 1), 8);
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
