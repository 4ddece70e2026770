/**
 * The regularised incomplete gamma functions P(a, x) = ∫_0^x t^(a-1) e^-t dt / Γ(a) and Q = 1 - P, each with all its digits where
 * it is small. They are stdlib's for a < 150. Above, those are wrong: 0.137 for P(2015.5, 1971.1) = 0.161…, and the third digit of
 * far upper tails: 2.453e-282 for Q(200.5, 1203) = 2.451e-282.
 * Source: Gil, Segura & Temme, Efficient and accurate algorithms for the computation and inversion of the incomplete gamma
 * function ratios (2012); DLMF, section 8.
 */

import gammainc from '@stdlib/math-base-special-gammainc';
import { exp } from './elementary.js';
import { erfc, log1pmx, stirlingRest } from './special.js';

const LARGE = 150;

/** P(a, x), for a > 0 and x >= 0, not both infinite: relative error below 3e-13. */
export function lowerGamma(a: number, x: number): number {
  if (a === Infinity || x === Infinity) return a === Infinity ? 0 : 1;
  if (a < LARGE) return gammainc(x, a, true, false);
  return x <= 0.5 * a ? series(a, x) : x < 2 * a ? uniform(a, x, -1) : 1 - fraction(a, x);
}

/** Q(a, x) = 1 - P(a, x), as {@link lowerGamma}. */
export function upperGamma(a: number, x: number): number {
  if (a === Infinity || x === Infinity) return a === Infinity ? 1 : 0;
  if (a < LARGE) return gammainc(x, a, true, true);
  return x <= 0.5 * a ? 1 - series(a, x) : x < 2 * a ? uniform(a, x, 1) : fraction(a, x);
}

/** μ - log(1 + μ) with μ = (x - a) / a. */
function exponent(a: number, x: number): number {
  return -log1pmx((x - a) / a);
}

/** x^a e^-x / Γ(a). */
function prefactor(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * exp(-a * exponent(a, x) - stirlingRest(a));
}

/** P by its power series, whose terms fall by a factor of x / a or more. @see DLMF 8.7.1 */
function series(a: number, x: number): number {
  const scale = prefactor(a, x);
  if (scale === 0) return 0;
  let term = 1 / a;
  let sum = term;
  for (let n = a + 1; term > sum * Number.EPSILON; n++) {
    term *= x / n;
    sum += term;
  }
  return scale * sum;
}

/** Q by its continued fraction, from the front by Lentz's algorithm. @see DLMF 8.9.2 */
function fraction(a: number, x: number): number {
  const scale = prefactor(a, x);
  if (scale === 0) return 0;
  let b = x + 1 - a;
  let d = 1 / b;
  let c = Infinity;
  let value = d;
  for (let n = 1; n < 200; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return scale * value;
}

/** The coefficients of η / μ(η) in powers of η, with ½ η² = μ - log(1 + μ): 1, -1/3, 1/12, -2/135, 1/864, … */
const SERIES = [
  1, -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194,
  -0.0001787551440329218, 3.919263178522438e-5, -2.185448510679992e-6, -1.85406221071516e-6, 8.296711340953087e-7,
  -1.7665952736826078e-7, 6.707853543401498e-9, 1.0261809784240309e-8, -4.382036018453353e-9, 9.14769958223679e-10,
  -2.5514193994946248e-11, -5.830772132550426e-11, 2.4361948020667415e-11, -5.0276692801141755e-12,
  1.1004392031956135e-13, 3.371763262400985e-13, -1.392388722418162e-13, 2.8534893807047445e-14, -5.139111834242572e-16,
  -1.9752288294349442e-15, 8.099521156704561e-16,
];

/**
 * ½ erfc(± η √(a/2)) ± e^(-½ a η²) S(η) / √(2πa), with η as above and the sign of x - a: Q with sign 1, P with -1.
 * S has the powers of η and of 1/a summed together.
 */
function uniform(a: number, x: number, sign: 1 | -1): number {
  const half = exponent(a, x);
  const eta = Math.sign(x - a) * Math.sqrt(2 * half);
  // b_{m-1} = f_m + (m + 1) b_{m+1} / a, from the last coefficient down; S = Σ b_m η^m / (1 + b_1 / a).
  let above = SERIES[SERIES.length - 1]!;
  let b = SERIES[SERIES.length - 2]!;
  let sum = b + eta * above;
  for (let m = SERIES.length - 3; m >= 1; m--) {
    [b, above] = [SERIES[m]! + ((m + 1) * above) / a, b];
    sum = sum * eta + b;
  }
  const rest = (exp(-a * half) / Math.sqrt(2 * Math.PI * a)) * (sum / (1 + above / a));
  return 0.5 * erfc(sign * eta * Math.sqrt(0.5 * a)) + sign * rest;
}
