/**
 * The regularised incomplete beta function I_x(a, b) = ∫_0^x t^(a-1) (1 - t)^(b-1) dt / B(a, b), and the x that has a given
 * value of it. Near 1 a double cannot hold x, only 1 - x: so every point is given, and returned, as the pair of both.
 * Source: DLMF, section 8.17. For small a or b the function is stdlib's (after Boost); where both are large that loses digits: 2e-11
 * at I(1e6, 1e6), from its prefactor.
 */

import betainc from '@stdlib/math-base-special-betainc';
import { logBinomialTerm } from './binomialTerm.js';
import { exp, log, log1p } from './elementary.js';
import { lowerGamma, upperGamma } from './incompleteGamma.js';
import { newtonRoot } from './newtonRoot.js';
import { betaln, log1pmx, normalTail } from './special.js';

/** I_x(a, b) for a, b > 0; y = 1 - x. Relative error below 1e-12 for a, b up to 1e6, and below 1e-9 for any. */
export function lowerBeta(a: number, b: number, x: number, y: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (large > 1e8 * (1 + small)) return a < b ? gammaLimit(a, b, x, lowerGamma) : gammaLimit(b, a, y, upperGamma);
  if (small > 1e11) return normalLimit(a, b, x, y);
  if (small >= 100) return a * y >= b * x ? fraction(a, b, x, y) : 1 - fraction(b, a, y, x);
  return x <= y ? betainc(x, a, b, true, false) : betainc(y, b, a, true, true);
}

/** I_x(a, b), or its complement, for b so large that (b + (a - 1)/2) log 1/(1 - x) has a gamma distribution. @see DLMF 8.18.1 */
function gammaLimit(a: number, b: number, x: number, tail: (a: number, x: number) => number): number {
  return tail(a, -log1p(-x) * (b + (a - 1) / 2));
}

/** I_x(a, b) for a, b so large that one term of its uniform expansion is enough. @see Temme (1996), section 11.3.3 */
function normalLimit(a: number, b: number, x: number, y: number): number {
  const total = a + b;
  const [p, q] = [a / total, b / total];
  const shift = x * q - y * p; // x - p
  const eta = Math.sign(shift) * Math.sqrt(-2 * (p * log1pmx(shift / p) + q * log1pmx(-shift / q)));
  const scale = exp(-0.5 * total * eta * eta) / Math.sqrt(2 * Math.PI * total);
  const rest = eta === 0 ? 0 : 1 / eta - Math.sqrt(p * q) / shift;
  return normalTail(-eta * Math.sqrt(total)) + scale * rest;
}

/**
 * I_x(a, b) for x <= a / (a + b), by the continued fraction of Didonato & Morris. It is written with a·y - b·x, which near the mean
 * keeps digits that (a + b)x / (a + 1) has lost. About √max(a, b) steps, some hundred thousand at most.
 * @see Didonato & Morris (1992), Algorithm 708, eq. 9
 */
function fraction(a: number, b: number, x: number, y: number): number {
  // x^a y^b / B(a, b)
  const scale = exp(logBinomialTerm(a, b, x, y)) * a * (b / (a + b));
  if (!(scale > 0)) return 0;
  const distance = 1 + (a * y - b * x);
  // Two convergents, scaled so that the newer denominator is 1: `top / bottom` is the older, `value` the newer.
  let value = (1 + 1 / a) / distance;
  let top = 0;
  let bottom = value;
  for (let n = 1; n < 1e7; n++) {
    const s = a + 2 * n - 1;
    const t = (n - 1) / a;
    const before = value;
    const alpha = (1 + t) * (1 + t + b / a) * (a / s) ** 2 * n * (b - n) * x * x;
    const e = (1 + n / a) / (1 + (2 * n + 1) / a);
    const beta = n + (n * (b - n) * x) / s + e * (distance + n * (1 + y));
    const denominator = alpha * bottom + beta;
    [top, value] = [value / denominator, (alpha * top + beta * value) / denominator];
    bottom = 1 / denominator;
    if (Math.abs(value - before) <= Number.EPSILON * value) break;
  }
  return scale * value;
}

/** 1 - I_x(a, b) = I_y(b, a), with all its digits where it is small. */
export function upperBeta(a: number, b: number, x: number, y: number): number {
  return lowerBeta(b, a, y, x);
}

/** The smallest x that is searched: where the value is below, x is 0. */
const SMALLEST = 2 ** -1022;

/** The pair `[x, 1 - x]` with I_x(a, b) = p and 1 - I_x(a, b) = q, where q = 1 - p. */
export function betaQuantile(a: number, b: number, p: number, q: number): readonly [x: number, y: number] {
  if (q === 0 || (p > 0 && q <= upperBeta(a, b, 1, SMALLEST))) return [1, 0];
  if (p <= lowerBeta(a, b, SMALLEST, 1)) return [0, 1];
  // Compared by the smaller tail: the larger one may be 1 on both sides.
  const isLeft = p <= q ? p <= lowerBeta(a, b, 0.5, 0.5) : q >= upperBeta(a, b, 0.5, 0.5);
  const near = isLeft ? leftQuantile(a, b, p, q) : leftQuantile(b, a, q, p);
  return isLeft ? [near, 1 - near] : [1 - near, near];
}

/** The x of {@link betaQuantile}, when it is at most ½. */
function leftQuantile(a: number, b: number, p: number, q: number): number {
  const logNormalizer = -betaln(a, b);
  return newtonRoot(
    (x) => {
      const density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) + logNormalizer);
      // In logs, so that tiny probabilities keep their digits.
      const tail = p <= q ? lowerBeta(a, b, x, 1 - x) : upperBeta(a, b, x, 1 - x);
      const value = p <= q ? log(p / tail) : log(tail / q);
      return { value, slope: -density / tail };
    },
    { start: exp((log(p * a) - logNormalizer) / a), lower: SMALLEST, upper: 0.5 },
  );
}
