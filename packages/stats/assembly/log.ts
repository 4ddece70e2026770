/** ln x. The method and its source are described beside the twin: src/numeric/kernels/twin/log.ts. */

const C = memory.data<f64>(
  [
    1.0, // 0
    0.5, // 8
    2.0, // 16
    0.6666666666666735, // 24
    0.3999999999940942, // 32
    0.2857142874366239, // 40
    0.22222198432149784, // 48
    0.1818357216161805, // 56
    0.15313837699209373, // 64
    0.14798198605116586, // 72
    0.6931471803691238, // 80: ln 2, upper 32 bits
    1.9082149292705877e-10, // 88: ln 2, the rest
    4503599627370496.0 + 1023.0, // 96: 2^52 + the bias of the exponent
    2.2250738585072014e-308, // 104: the smallest normal number
    18014398509481984.0, // 112: 2^54
    54.0, // 120
    Infinity, // 128
    -Infinity, // 136
    NaN, // 144
  ],
  16,
);
const BITS = memory.data<u64>(
  [
    0x3ff0000000000000 - 0x3fe6a09e00000000, // 0: moves the cut between exponents to sqrt(1/2)
    0x000fffffffffffff, // 8: the fraction
    0x3fe6a09e00000000, // 16: sqrt(1/2), rounded down
    0x4330000000000000, // 24: 2^52, whose low bits hold an integer
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

/** ln x - shift * ln 2 of positive normal numbers. */
// @ts-ignore: decorator
@inline
function logShifted(x: v128, shift: v128): v128 {
  const moved = i64x2.add(x, bits(0));
  const k = f64x2.sub(f64x2.sub(v128.or(i64x2.shr_u(moved, 52), bits(24)), constant(96)), shift);
  const m = i64x2.add(v128.and(moved, bits(8)), bits(16));
  const f = f64x2.sub(m, constant(0));
  const halfSquare = f64x2.mul(f64x2.mul(constant(8), f), f);
  const s = f64x2.div(f, f64x2.add(constant(16), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(
    w,
    f64x2.add(constant(32), f64x2.mul(w, f64x2.add(constant(48), f64x2.mul(w, constant(64))))),
  );
  const odd = f64x2.mul(
    z,
    f64x2.add(
      constant(24),
      f64x2.mul(w, f64x2.add(constant(40), f64x2.mul(w, f64x2.add(constant(56), f64x2.mul(w, constant(72)))))),
    ),
  );
  const head = f64x2.add(f64x2.mul(s, f64x2.add(halfSquare, f64x2.add(odd, even))), f64x2.mul(k, constant(88)));
  return f64x2.add(f64x2.add(f64x2.sub(head, halfSquare), f), f64x2.mul(k, constant(80)));
}

/** ln x of positive normal numbers or NaN: what the sums of a softmax need. x - x is 0, or NaN for NaN. */
// @ts-ignore: decorator
@inline
export function logOfNormal(x: v128): v128 {
  return f64x2.add(logShifted(x, f64x2.splat(0)), f64x2.sub(x, x));
}

/** ln x for any x. */
// @ts-ignore: decorator
@inline
export function logOf(x: v128): v128 {
  const small = f64x2.lt(x, constant(104));
  const lifted = v128.bitselect(f64x2.mul(x, constant(112)), x, small);
  let value = logShifted(lifted, v128.and(constant(120), small));
  const zero = f64x2.splat(0);
  value = v128.bitselect(constant(136), value, f64x2.eq(x, zero));
  value = v128.bitselect(constant(144), value, f64x2.lt(x, zero));
  // Infinity and NaN are their own logarithms.
  return v128.bitselect(value, x, f64x2.lt(x, constant(128)));
}

export function log(x: usize, count: i32, out: usize): void {
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    const low = logOf(v128.load(x));
    const high = logOf(v128.load(x, 16));
    v128.store(out, low);
    v128.store(out, high, 16);
    x += 32;
    out += 32;
  }
  for (let i = count & 3; i > 0; i--) {
    v128.store64_lane(out, logOf(v128.load64_zero(x)), 0);
    x += 8;
    out += 8;
  }
}
