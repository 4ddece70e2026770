/**
 * e^x by argument reduction, a table and a polynomial: x = N ln(2)/64 + r with |r| <= ln(2)/128, N = 64 m + j, and
 * e^x = 2^m 2^(j/64) (1 + r + r² q(r)) with q of degree 3, interpolated at Chebyshev nodes with 60 digits (relative error
 * of the exact polynomial: 4.4e-18).
 * Source of the method: Tang, Table-driven implementation of the exponential function (1989); the two-part ln 2 is Cody
 * and Waite's.
 */

/** 2^(j/64), correctly rounded. Literals: engines may differ in the last bit of their own powers. */
const POWERS = Float64Array.of(
  1.0,
  1.0108892860517005,
  1.0218971486541166,
  1.0330248790212284,
  1.0442737824274138,
  1.0556451783605572,
  1.0671404006768237,
  1.0787607977571199,
  1.0905077326652577,
  1.102382583307841,
  1.1143867425958924,
  1.1265216186082418,
  1.1387886347566916,
  1.1511892299529827,
  1.1637248587775775,
  1.1763969916502812,
  1.189207115002721,
  1.202156731452703,
  1.215247359980469,
  1.22848053610687,
  1.241857812073484,
  1.255380757024691,
  1.2690509571917332,
  1.2828700160787783,
  1.2968395546510096,
  1.3109612115247644,
  1.3252366431597413,
  1.339667524053303,
  1.3542555469368927,
  1.3690024229745905,
  1.383909881963832,
  1.3989796725383112,
  Math.SQRT2,
  1.42961333839197,
  1.4451808069770467,
  1.460917794180647,
  1.4768261459394993,
  1.4929077282912648,
  1.5091644275934228,
  1.5255981507445384,
  1.5422108254079407,
  1.559004400237837,
  1.5759808451078865,
  1.593142151342267,
  1.6104903319492543,
  1.6280274218573478,
  1.645755478153965,
  1.6636765803267364,
  1.681792830507429,
  1.7001063537185235,
  1.718619298122478,
  1.7373338352737062,
  1.7562521603732995,
  1.7753764925265212,
  1.7947090750031072,
  1.8142521755003989,
  1.8340080864093424,
  1.8539791250833855,
  1.8741676341103,
  1.8945759815869656,
  1.9152065613971474,
  1.9360617934922943,
  1.9571441241754002,
  1.978456026387951,
);

/** Adding and subtracting 1.5 · 2^52 rounds to the nearest integer, halves to even. */
const ROUND = 6755399441055744;
/** 64 / ln 2 */
const STEPS = 92.33248261689366;
/** The upper 32 bits of ln(2)/64: N times it is exact for |N| < 2^20. */
const STEP_HIGH = 0.01083042469326756;
const STEP_LOW = 2.9815858269852933e-12;

/** SCALES[m + 1022] = 2^(m - 1), so that e^709.7 needs no 2^1024. */
const SCALES = Float64Array.from({ length: 2047 }, (_, i) => 2 ** (i - 1023));

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
  const q = 0.49999999999985073 + r * 0.16666666666664534 + r * r * (0.04166670739519196 + r * 0.008333339151693497);
  const j = n & 63;
  const power = POWERS[j]!;
  return (power + power * (r + r * r * q)) * SCALES[(n - j) / 64 + 1022]! * 2;
}

export function exp(x: Float64Array, xStart: number, count: number, out: Float64Array, outStart: number): void {
  for (let i = 0; i < count; i++) out[outStart + i] = expOf(x[xStart + i]!);
}
