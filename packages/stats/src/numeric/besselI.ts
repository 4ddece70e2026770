/**
 * The modified Bessel function I_v of the first kind for orders v >= 0 and x >= 0, in logarithms, and ratios of neighbouring
 * orders. Up to x = 500 by its power series and by continued fractions, whose terms are all positive; above by Debye's
 * expansion, which holds for all orders at once.
 * Source: NIST Digital Library of Mathematical Functions, 10.25.2, 10.33.1 and 10.41.
 */

import { log, log1p } from './elementary.js';
import { lgamma } from './gammaFunctions.js';

/** Up to here the power series stays far below overflow. Above, Debye's expansion is exact to 1e-14 with four terms. */
const SERIES_END = 500;

/**
 * Debye's polynomials u_k(p) = p^k Σ_j c_kj p^(2j), the c_kj for k = 1 … 4.
 * @see DLMF 10.41.10
 */
const debye = (): readonly (readonly number[])[] => [
  [3 / 24, -5 / 24],
  [81 / 1152, -462 / 1152, 385 / 1152],
  [30375 / 414720, -369603 / 414720, 765765 / 414720, -425425 / 414720],
  [4465125 / 39813120, -94121676 / 39813120, 349922430 / 39813120, -446185740 / 39813120, 185910725 / 39813120],
];

/**
 * log I_v(x), relative to 1e-13 or absolute to 1e-13, whichever is less strict. I_v itself overflows from x = 713 on.
 * @param order  v, >= 0
 * @param x  >= 0
 */
export function logBesselI(order: number, x: number): number {
  if (x === 0) return order === 0 ? 0 : -Infinity;
  if (x > SERIES_END) return x + logScaledBesselI(order, x);
  return order * log(x / 2) - lgamma(order + 1) + logSeries(order, x);
}

/**
 * log (I_v(x) e^-x x^-v 2^v Γ(v + 1)), the part of log I_v that varies slowly: -x at x = 0, and no large terms that cancel for
 * large x or v.
 */
export function logReducedBesselI(order: number, x: number): number {
  if (x <= SERIES_END) return logSeries(order, x) - x;
  return logScaledBesselI(order, x) - order * log(x / 2) + lgamma(order + 1);
}

/** log Σ_k (x²/4)^k / (k! (v + 1)_k) for x <= {@link SERIES_END}: the terms rise to one maximum and fall. */
function logSeries(order: number, x: number): number {
  const square = (x * x) / 4;
  let sum = 0;
  let term = 1;
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= square / (k * (order + k));
    sum += term;
  }
  return log1p(sum);
}

/** log (I_v(x) e^-x) by Debye's expansion, with s = 1 / √(v² + x²) and p = v s: @see DLMF 10.41.3 */
function logScaledBesselI(order: number, x: number): number {
  const ratio = order / x;
  const root = Math.sqrt(1 + ratio * ratio);
  // √(v² + x²) - x and asinh(v/x) without cancellation.
  const rise = (order * ratio) / (1 + root);
  const arsinh = log1p(ratio + (ratio * ratio) / (1 + root));
  return rise - order * arsinh - 0.5 * log(2 * Math.PI * x * root) + log1p(debyeSums(order, x).sum);
}

/** Σ_k u_k(p) / v^k = Σ_k s^k Σ_j c_kj p^(2j), and -1/s² times its derivative by x, divided by x. */
function debyeSums(order: number, x: number): { readonly sum: number; readonly slope: number } {
  const ratio = order / x;
  const s = 1 / (x * Math.sqrt(1 + ratio * ratio));
  const square = (order * s) ** 2;
  let sum = 0;
  let slope = 0;
  const coefficients = debye();
  for (let k = coefficients.length; k >= 1; k--) {
    const c = coefficients[k - 1]!;
    let polynomial = 0;
    let derivative = 0;
    for (let j = c.length - 1; j >= 0; j--) {
      polynomial = polynomial * square + c[j]!;
      derivative = derivative * square + (k + 2 * j) * c[j]!;
    }
    sum = (sum + polynomial) * s;
    slope = (slope + derivative) * s;
  }
  return { sum, slope };
}

/** A number in [0, 1), and what it lacks to 1, each with all its digits. */
export interface Share {
  readonly value: number;
  readonly rest: number;
}

/**
 * I_(v+1)(x) / I_v(x), which rises from 0 at x = 0 towards 1.
 * @param order  v, >= 0
 * @param x  >= 0
 */
export function besselIRatio(order: number, x: number): Share {
  if (x > SERIES_END) {
    // d/dx log I_v - v/x, from Debye's expansion.
    const ratio = order / x;
    const root = Math.sqrt(1 + ratio * ratio);
    const { sum, slope } = debyeSums(order, x);
    const s = 1 / (x * root);
    const rest = ratio - (ratio * ratio) / (1 + root) + 0.5 * x * s * s + (x * s * s * slope) / (1 + sum);
    return { value: 1 - rest, rest };
  }
  // x / (2(v+1) + x² / (2(v+2) + …)) from the inside out: with as many terms the rest is below 1e-16.
  const square = x * x;
  let tail = Infinity;
  for (let k = Math.ceil(x / 2) + 40; k >= 1; k--) tail = 2 * (order + k) + square / tail;
  return { value: x / tail, rest: 1 - x / tail };
}
