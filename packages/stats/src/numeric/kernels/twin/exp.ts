/**
 * e^x by argument reduction, a table and a polynomial: x = N ln(2)/256 + r with |r| <= ln(2)/512, N = 256 m + j, and
 * e^x = s + s (r + r² q(r)) with s = 2^m 2^(j/256) and q of degree 2, interpolated at Chebyshev nodes with 60 digits (relative
 * error of the exact polynomial: 9.5e-18). A table of 64 powers, which needs one more degree, was 8 % slower in a softmax.
 * Source of the method: Tang, Table-driven implementation of the exponential function (1989); the two-part ln 2 is Cody
 * and Waite's.
 */
import { POWERS } from './powers.js';

/** Adding and subtracting 1.5 · 2^52 rounds to the nearest integer, halves to even. */
const ROUND = 6755399441055744;
/** 256 / ln 2 */
const STEPS = 369.3299304675746;
/** The upper 32 bits of ln(2)/256: N times it is exact for |N| < 2^20. */
const STEP_HIGH = 0.002707604318857193;
const STEP_LOW = 1.855205093371747e-9;

/** SCALES[m + 1022] = 2^m, of normal numbers. By doubling: a power may differ between engines. */
const SCALES = /* @__PURE__ */ doublings(2.2250738585072014e-308, 2046);

function doublings(first: number, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0, power = first; i < count; i++, power *= 2) out[i] = power;
  return out;
}

/** Below this the result is 0: no subnormal posterior slows down, or enters, a sum. */
export const EXP_UNDERFLOW = -690;
/** Above this the result is Infinity: ln of the largest double. */
const EXP_OVERFLOW = 709.782712893384;

/** e^x of one number, the bits that every kernel gives. */
export function expOf(x: number): number {
  if (x < EXP_UNDERFLOW) return 0;
  if (x > EXP_OVERFLOW) return Infinity;
  if (Number.isNaN(x)) return NaN;
  const n = x * STEPS + ROUND - ROUND;
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const q = 0.5 + r * 0.16666667812155952 + r * r * 0.04166666857581546;
  const j = n & 255;
  const m = (n - j) / 256;
  const tail = r + r * r * q;
  if (x <= 0) {
    const s = POWERS[j]! * SCALES[m + 1022]!;
    return s + s * tail;
  }
  // Half of it, doubled: e^709.7 needs 2^1024, which is no double.
  const half = POWERS[j]! * SCALES[m + 1021]!;
  return (half + half * tail) * 2;
}

/** out = e^x within 1.02 ulp; 0 for x < -690, Infinity above 709.78. `out` may be `x`. */
export function exp(x: Float64Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = expOf(x[i]!);
}
