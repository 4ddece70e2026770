/** e^x. The method and its source are described beside the twin: src/numeric/kernels/twin/exp.ts. */

/**
 * Constants in memory, not in the code: V8 rebuilds a vector literal from two 64-bit moves at every use, and a load
 * is cheaper.
 */
const C = memory.data<f64>(
  [
    1.4426950408889634, // 0: log2 e
    6755399441055744.0, // 8: 1.5 * 2^52, rounds to an integer
    0.6931471803691238, // 16: ln 2, upper 32 bits
    1.9082149292705877e-10, // 24: ln 2, the rest
    0.5000000000000001, // 32 ...: the polynomial
    0.16666666666666669, // 40
    0.04166666666662413, // 48
    0.008333333333330062, // 56
    0.0013888888917213717, // 64
    0.00019841269863053618, // 72
    0.000024801521295954376, // 80
    0.0000027557268459997064, // 88
    2.7620088445409746e-7, // 96
    2.510038549551032e-8, // 104
    1.0, // 112
    -690.0, // 120: below, the result is 0
    709.782712893384, // 128: above, it is Infinity
    2.0, // 136
    Infinity, // 144
    6755399441055744.0 + 1023.0, // 152: rounds, and leaves the exponent field of 2^n in the low bits
    6755399441055744.0 + 1022.0, // 160: the same for 2^(n-1)
  ],
  16,
);

// @ts-ignore: decorator
@inline
export function constant(at: usize): v128 {
  return v128.load64_splat(C + at);
}

/** e^r for |r| <= ln(2)/2. */
// @ts-ignore: decorator
@inline
function polynomial(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const q01 = f64x2.add(constant(32), f64x2.mul(r, constant(40)));
  const q23 = f64x2.add(constant(48), f64x2.mul(r, constant(56)));
  const q45 = f64x2.add(constant(64), f64x2.mul(r, constant(72)));
  const q67 = f64x2.add(constant(80), f64x2.mul(r, constant(88)));
  const q89 = f64x2.add(constant(96), f64x2.mul(r, constant(104)));
  const upper = f64x2.add(f64x2.add(q45, f64x2.mul(r2, q67)), f64x2.mul(r4, q89));
  const q = f64x2.add(f64x2.add(q01, f64x2.mul(r2, q23)), f64x2.mul(r4, upper));
  return f64x2.add(constant(112), f64x2.add(r, f64x2.mul(r2, q)));
}

/** x - n ln 2 */
// @ts-ignore: decorator
@inline
function reduced(x: v128, n: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(16))), f64x2.mul(n, constant(24)));
}

/** e^x for x <= 0 or NaN: what a softmax needs. The scale 2^n is normal, since x >= -690 where it counts. */
// @ts-ignore: decorator
@inline
export function expOfNegative(x: v128): v128 {
  const biased = f64x2.add(f64x2.mul(x, constant(0)), constant(152));
  const n = f64x2.sub(biased, constant(152));
  const scale = i64x2.shl(biased, 52);
  const e = f64x2.mul(polynomial(reduced(x, n)), scale);
  return v128.andnot(e, f64x2.lt(x, constant(120)));
}

/** e^x for any x. The scale is 2^(n-1), doubled at the end: 2^1024 is not a double. */
// @ts-ignore: decorator
@inline
export function expOf(x: v128): v128 {
  const biased = f64x2.add(f64x2.mul(x, constant(0)), constant(160));
  const n = f64x2.sub(biased, constant(160));
  const scale = i64x2.shl(biased, 52);
  const e = f64x2.mul(f64x2.mul(polynomial(reduced(x, n)), scale), constant(136));
  const bounded = v128.bitselect(constant(144), e, f64x2.gt(x, constant(128)));
  return v128.andnot(bounded, f64x2.lt(x, constant(120)));
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
