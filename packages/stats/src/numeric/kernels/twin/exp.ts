/**
 * e^x by argument reduction and a polynomial: x = n ln 2 + r with |r| <= ½ ln 2, and e^r = 1 + r + r² q(r) with q of
 * degree 9, interpolated at Chebyshev nodes with 60 digits (relative error of the exact polynomial: 1.6e-17).
 * Source of the method: Muller, Elementary Functions (3rd ed., 2016), ch. 11; the two-part ln 2 is Cody and Waite's.
 */

/** Adding and subtracting 1.5 · 2^52 rounds to the nearest integer, halves to even. */
const ROUND = 6755399441055744;
const LOG2_E = Math.LOG2E;
/** The upper 32 bits of ln 2: n · LN2_HIGH is exact for |n| < 2^20. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** POWERS[n + 1022] = 2^(n - 1), so that e^709.7 needs no 2^1024. */
const POWERS = Float64Array.from({ length: 2047 }, (_, i) => 2 ** (i - 1023));

/** Below this the result is 0: no subnormal posterior slows down, or enters, a sum. */
export const EXP_UNDERFLOW = -690;
/** Above this the result is Infinity: ln of the largest double. */
const EXP_OVERFLOW = 709.782712893384;

/** e^x of one number, the bits that every kernel gives. */
export function expOf(x: number): number {
  if (x < EXP_UNDERFLOW) return 0;
  if (x > EXP_OVERFLOW) return Infinity;
  if (Number.isNaN(x)) return NaN;
  const n = x * LOG2_E + ROUND - ROUND;
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const r2 = r * r;
  const r4 = r2 * r2;
  const q01 = 0.5000000000000001 + r * 0.16666666666666669;
  const q23 = 0.04166666666662413 + r * 0.008333333333330062;
  const q45 = 0.0013888888917213717 + r * 0.00019841269863053618;
  const q67 = 0.000024801521295954376 + r * 0.0000027557268459997064;
  const q89 = 2.7620088445409746e-7 + r * 2.510038549551032e-8;
  const q = q01 + r2 * q23 + r4 * (q45 + r2 * q67 + r4 * q89);
  return (1 + (r + r2 * q)) * POWERS[n + 1022]! * 2;
}

export function exp(x: Float64Array, xStart: number, count: number, out: Float64Array, outStart: number): void {
  for (let i = 0; i < count; i++) out[outStart + i] = expOf(x[xStart + i]!);
}
