/**
 * ln x by x = 2^k (1 + f) with sqrt(½) <= 1 + f < sqrt(2), and ln(1 + f) = f - (f²/2 - s (f²/2 + R(s²))), s = f / (2 + f).
 * Source: the reduction and the seven coefficients of fdlibm's e_log.c (Sun Microsystems, 1993); error below 1 ulp.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const double = new Float64Array(1);
/** The two halves of `double`. Typed arrays are little-endian on every platform that runs WebAssembly. */
const words = new Uint32Array(double.buffer);
const HIGH = 1;

/** ln x of a positive normal number. */
function logOfNormal(x: number, exponentShift: number): number {
  double[0] = x;
  const shifted = words[HIGH]! + (0x3ff00000 - 0x3fe6a09e);
  const k = (shifted >>> 20) - 1023 + exponentShift;
  words[HIGH] = (shifted & 0x000fffff) + 0x3fe6a09e;
  const f = double[0] - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return s * (halfSquare + (odd + even)) + k * LN2_LOW - halfSquare + f + k * LN2_HIGH;
}

/** ln x of one number, the bits that every kernel gives. */
export function logOf(x: number): number {
  if (x >= 2.2250738585072014e-308) return x < Infinity ? logOfNormal(x, 0) : x;
  if (x > 0) return logOfNormal(x * 18014398509481984, -54);
  return x === 0 ? -Infinity : NaN;
}

/** out = ln x within 1 ulp; ln 0 = -Infinity, NaN below 0. `out` may be `x`. */
export function log(x: Float64Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = logOf(x[i]!);
}
