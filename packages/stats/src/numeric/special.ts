/**
 * Special functions. Those of stdlib, and those that it lacks, or has only with a dependency on `eval`.
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), ch. 6 and 7.
 */

import { exp, log, log1p } from './elementary.js';
import { digamma, lgamma, trigamma } from './gammaFunctions.js';

export { erf, erfc, erfcInverse, normalTail } from './errorFunctions.js';
export { betaln, digamma, lgamma, logFactorial, trigamma } from './gammaFunctions.js';

/**
 * The x > 0 with ψ(x) = y. -Infinity gives 0, +Infinity gives +Infinity.
 *
 * Newton's method from Minka's start is monotone and needs at most five steps for full precision.
 * @see Minka, Estimating a Dirichlet distribution (2000), appendix C
 */
export function digammaInverse(y: number): number {
  if (y === -Infinity) return 0;
  if (y === Infinity) return Infinity;
  let x = y >= -2.22 ? exp(y) + 0.5 : -1 / (y - digamma(1));
  if (x === Infinity) return Infinity; // y above 709.78
  for (let step = 0; step < 5; step++) x -= (digamma(x) - y) / trigamma(x);
  return x;
}

/** log(x) - ψ(x) for x > 0, about 1/2x for large x, where the difference itself would lose all digits. */
export function logMinusDigamma(x: number): number {
  if (x < 20) return log(x) - digamma(x);
  const y = 1 / (x * x);
  // The asymptotic series; the first term left out is below 1e-16 of the sum from x = 20 on.
  const tail = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - (y * 691) / 32760)))));
  return 0.5 / x + tail;
}

/** The derivative of {@link logMinusDigamma}: 1/x - ψ'(x), about -1/2x². */
export function logMinusDigammaSlope(x: number): number {
  if (x < 20) return 1 / x - trigamma(x);
  const y = 1 / (x * x);
  const tail = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - (y * 691) / 2730)))));
  return -0.5 * y - tail / x;
}

/**
 * log(1 + x) - x without cancellation near 0, for x > -1.
 *
 * With r = x / (2 + x), log(1 + x) = 2 (r + r³/3 + r⁵/5 + …) and 2r - x = -x·r, so the leading terms cancel by hand.
 */
export function log1pmx(x: number): number {
  if (!(Math.abs(x) < 0.5)) return log1p(x) - x;
  const r = x / (2 + x);
  const square = r * r;
  let sum = 0;
  // |r| < 1/3: 16 terms leave less than 1e-17 of the sum; so do 8 for |r| < 1/10, and 4 for |r| < 1/100.
  for (let k = square < 1e-4 ? 4 : square < 0.01 ? 8 : 16; k >= 1; k--) sum = square * (1 / (2 * k + 1) + sum);
  return r * (2 * sum - x);
}

/** log Γ(x) - (x - ½) log x + x - ½ log 2π for x > 0: the rest of Stirling's formula, about 1/12x for large x. */
export function stirlingRest(x: number): number {
  if (x < 20) return lgamma(x) - (x - 0.5) * log(x) + x - 0.5 * log(2 * Math.PI);
  const y = 1 / (x * x);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - (y * 691) / 360360))))) / x;
}

/** ψ(x + ½) - ψ(x) for x > 0, about 1/2x for large x, where the difference itself would lose all digits. */
export function digammaStep(x: number): number {
  return log1p(0.5 / x) - logMinusDigamma(x + 0.5) + logMinusDigamma(x);
}

/** ζ(2), ζ(3), …, ζ(18): the coefficients of log Γ(1 + x). */
const ZETA = [
  1.6449340668482264, 1.2020569031595942, 1.0823232337111381, 1.03692775514337, 1.0173430619844492, 1.008349277381923,
  1.0040773561979444, 1.0020083928260821, 1.000994575127818, 1.0004941886041194, 1.000246086553308, 1.0001227133475785,
  1.0000612481350588, 1.000030588236307, 1.0000152822594086, 1.0000076371976379, 1.000003817293265,
];

/** log Γ(1 + 2x) - 2 log Γ(1 + x) for x > 0, about ζ(2) x² near 0, where the difference itself would lose all digits. */
export function lgammaCurvature(x: number): number {
  if (x > 0.05) return lgamma(1 + 2 * x) - 2 * lgamma(1 + x);
  // log Γ(1 + x) = -γx + Σ ζ(k) (-x)^k / k; at 2x <= 0.1 the first term left out is below 1e-16 of the sum.
  return ZETA.reduce((sum, zeta, i) => sum + (zeta * (-x) ** (i + 2) * (2 ** (i + 2) - 2)) / (i + 2), 0);
}
