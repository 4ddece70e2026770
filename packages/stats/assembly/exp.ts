/** e^x. The method and its source are described beside the twin: src/numeric/kernels/twin/exp.ts. */

/** 2^(j/64) */
const POWERS = memory.data<f64>(
  [
    1.0, 1.0108892860517005, 1.0218971486541166, 1.0330248790212284,
    1.0442737824274138, 1.0556451783605572, 1.0671404006768237, 1.0787607977571199,
    1.0905077326652577, 1.102382583307841, 1.1143867425958924, 1.1265216186082418,
    1.1387886347566916, 1.1511892299529827, 1.1637248587775775, 1.1763969916502812,
    1.189207115002721, 1.202156731452703, 1.215247359980469, 1.22848053610687,
    1.241857812073484, 1.255380757024691, 1.2690509571917332, 1.2828700160787783,
    1.2968395546510096, 1.3109612115247644, 1.3252366431597413, 1.339667524053303,
    1.3542555469368927, 1.3690024229745905, 1.383909881963832, 1.3989796725383112,
    1.4142135623730951, 1.42961333839197, 1.4451808069770467, 1.460917794180647,
    1.4768261459394993, 1.4929077282912648, 1.5091644275934228, 1.5255981507445384,
    1.5422108254079407, 1.559004400237837, 1.5759808451078865, 1.593142151342267,
    1.6104903319492543, 1.6280274218573478, 1.645755478153965, 1.6636765803267364,
    1.681792830507429, 1.7001063537185235, 1.718619298122478, 1.7373338352737062,
    1.7562521603732995, 1.7753764925265212, 1.7947090750031072, 1.8142521755003989,
    1.8340080864093424, 1.8539791250833855, 1.8741676341103, 1.8945759815869656,
    1.9152065613971474, 1.9360617934922943, 1.9571441241754002, 1.978456026387951,
  ],
  16,
);

/**
 * Constants in memory, not in the code: V8 rebuilds a vector literal from two 64-bit moves at every use, and a load
 * is cheaper.
 */
const C = memory.data<f64>(
  [
    92.33248261689366, // 0: 64 log2 e
    6755399441055744.0 + 1023.0 * 64.0, // 8: rounds to an integer N, and leaves 64 * 1023 + N in the low bits
    6755399441055744.0 + 1022.0 * 64.0, // 16: the same with 1022
    0.01083042469326756, // 24: ln(2) / 64, upper 32 bits
    2.9815858269852933e-12, // 32: ln(2) / 64, the rest
    0.49999999999985073, // 40 ...: the polynomial
    0.16666666666664534, // 48
    0.04166670739519196, // 56
    0.008333339151693497, // 64
    -690.0, // 72: below, the result is 0
    709.782712893384, // 80: above, it is Infinity
    2.0, // 88
    Infinity, // 96
  ],
  16,
);
const BITS = memory.data<u64>(
  [
    0x1f8, // 0: 8 j, of an integer times 8
    0xffffffffffffffc0, // 8: the rest of it
  ],
  16,
);

// @ts-ignore: decorator
@inline
function constant(at: usize): v128 {
  return v128.load64_splat(C + at);
}

// @ts-ignore: decorator
@inline
function bits(at: usize): v128 {
  return v128.load64_splat(BITS + at);
}

/** e^x / 2^m, with N = 64 m + j: 2^(j/64) (1 + r + r² q(r)). `biased` holds N in its low bits, and n = N as numbers. */
// @ts-ignore: decorator
@inline
function fraction(x: v128, biased: v128, n: v128): v128 {
  const offset = v128.and(i64x2.shl(biased, 3), bits(0));
  const first = v128.load64_zero(POWERS + <usize>i32x4.extract_lane(offset, 0));
  const power = v128.load64_lane(POWERS + <usize>i32x4.extract_lane(offset, 2), first, 1);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, constant(24))), f64x2.mul(n, constant(32)));
  const r2 = f64x2.mul(r, r);
  const low = f64x2.add(constant(40), f64x2.mul(r, constant(48)));
  const high = f64x2.add(constant(56), f64x2.mul(r, constant(64)));
  const q = f64x2.add(low, f64x2.mul(r2, high));
  return f64x2.add(power, f64x2.mul(power, f64x2.add(r, f64x2.mul(r2, q))));
}

/** 2^m as a double. */
// @ts-ignore: decorator
@inline
function scaleOf(biased: v128): v128 {
  return i64x2.shl(v128.and(biased, bits(8)), 46);
}

/** e^x for x <= 0 or NaN: what a softmax needs. The scale 2^m is normal, since x >= -690 where it counts. */
// @ts-ignore: decorator
@inline
export function expOfNegative(x: v128): v128 {
  const biased = f64x2.add(f64x2.mul(x, constant(0)), constant(8));
  const e = f64x2.mul(fraction(x, biased, f64x2.sub(biased, constant(8))), scaleOf(biased));
  return v128.andnot(e, f64x2.lt(x, constant(72)));
}

/** e^x for any x. The scale is 2^(m-1), doubled at the end: 2^1024 is not a double. */
// @ts-ignore: decorator
@inline
export function expOf(x: v128): v128 {
  const biased = f64x2.add(f64x2.mul(x, constant(0)), constant(16));
  const half = f64x2.mul(fraction(x, biased, f64x2.sub(biased, constant(16))), scaleOf(biased));
  const bounded = v128.bitselect(constant(96), f64x2.mul(half, constant(88)), f64x2.gt(x, constant(80)));
  return v128.andnot(bounded, f64x2.lt(x, constant(72)));
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
