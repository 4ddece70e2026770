/** e^x. The method and its source are described beside the twin: src/numeric/kernels/twin/exp.ts. */
import { POWERS } from './memory';

/**
 * Constants in memory, not in the code: V8 rebuilds a vector literal from two 64-bit moves at every use, and a load
 * is cheaper.
 */
const C = memory.data<f64>(
  [
    369.3299304675746, // 0: 256 log2 e
    6755399441055744.0, // 8: rounds to an integer N, and leaves N in the low bits
    0.002707604318857193, // 16: ln(2) / 256, upper 32 bits
    1.855205093371747e-09, // 24: ln(2) / 256, the rest
    0.5, // 32 ...: the polynomial
    0.16666667812155952, // 40
    0.04166666857581546, // 48
    -690.0, // 56: below, the result is 0
    709.782712893384, // 64: above, it is Infinity
    Infinity, // 72
  ],
  16,
);

// @ts-ignore: decorator
@inline
function constant(at: usize): v128 {
  return v128.load64_splat(C + at);
}

/**
 * 2^m 2^(j/256), where `rounded` holds N = 256 m + j in its low bits. For j = 0 … 255 the table has the bits of 2^(j/256) less j << 44,
 * so that adding N << 44 gives the power.
 */
// @ts-ignore: decorator
@inline
function powerOf(rounded: v128): v128 {
  const first = v128.load64_zero(POWERS + ((<usize>i32x4.extract_lane(rounded, 0) & 255) << 3));
  const both = v128.load64_lane(POWERS + ((<usize>i32x4.extract_lane(rounded, 2) & 255) << 3), first, 1);
  return i64x2.add(both, i64x2.shl(rounded, 44));
}

/** s + s (r + r² q(r)), with n = N as numbers. */
// @ts-ignore: decorator
@inline
function timesExpOfRest(s: v128, x: v128, n: v128): v128 {
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(16))), f64x2.mul(n, constant(24)));
  const r2 = f64x2.mul(r, r);
  const q = f64x2.add(f64x2.add(constant(32), f64x2.mul(r, constant(40))), f64x2.mul(r2, constant(48)));
  return f64x2.add(s, f64x2.mul(s, f64x2.add(r, f64x2.mul(r2, q))));
}

/** e^x for x <= 0 or NaN: what a softmax needs. s is normal, since x >= -690 where it counts. */
// @ts-ignore: decorator
@inline
export function expOfNegative(x: v128): v128 {
  const rounded = f64x2.add(f64x2.mul(x, constant(0)), constant(8));
  const e = timesExpOfRest(powerOf(rounded), x, f64x2.sub(rounded, constant(8)));
  return v128.andnot(e, f64x2.lt(x, constant(56)));
}

/** e^x for any x. Above 0 half of it is doubled, since 2^1024 is not a double. */
// @ts-ignore: decorator
@inline
function expOf(x: v128): v128 {
  const positive = f64x2.gt(x, f64x2.splat(0));
  const rounded = f64x2.add(f64x2.mul(x, constant(0)), constant(8));
  const half = i64x2.sub(powerOf(rounded), v128.and(positive, i64x2.splat(0x0010000000000000)));
  const e = timesExpOfRest(half, x, f64x2.sub(rounded, constant(8)));
  const bounded = v128.bitselect(constant(72), f64x2.add(e, v128.and(e, positive)), f64x2.gt(x, constant(64)));
  return v128.andnot(bounded, f64x2.lt(x, constant(56)));
}

export function exp(x: usize, count: i32, out: usize): void {
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const low = expOf(v128.load(x));
    const high = expOf(v128.load(x, 16));
    v128.store(out, low);
    v128.store(out, high, 16);
    x += 32;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    v128.store64_lane(out, expOf(v128.load64_zero(x)), 0);
    x += 8;
    out += 8;
  }
}
