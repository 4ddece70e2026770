/**
 * The regularised incomplete beta function I_x(a, b) = ∫_0^x t^(a-1) (1 - t)^(b-1) dt / B(a, b), and the x that has a given
 * value of it. Near 1 a double cannot hold x, only 1 - x: so every point is given, and returned, as the pair of both.
 * Source: DLMF, section 8.17. For small a or b the function is stdlib's (after Boost); where both are large that loses digits: 2e-11
 * at I(1e6, 1e6), from its prefactor.
 */

import betainc from '@stdlib/math-base-special-betainc';
import { logBinomialTerm } from './binomialTerm.js';
import { exp, log, log1p } from './elementary.js';
import { newtonRoot } from './newtonRoot.js';
import { betaln } from './special.js';

const LARGE = 100;

/** I_x(a, b) for a, b > 0; y = 1 - x. Relative error below 1e-12 for a, b up to 1e6. */
export function lowerBeta(a: number, b: number, x: number, y: number): number {
  if (Math.min(a, b) >= LARGE) {
    return x <= (a + 1) / (a + b + 2) ? fraction(a, b, x, y) : 1 - fraction(b, a, y, x);
  }
  return x <= y ? betainc(x, a, b, true, false) : betainc(y, b, a, true, true);
}

/** I_x(a, b) by its continued fraction, from the front by Lentz's algorithm. @see DLMF 8.17.22 */
function fraction(a: number, b: number, x: number, y: number): number {
  if (x === 0) return 0;
  // x^a y^b / (a B(a, b))
  const scale = exp(logBinomialTerm(a, a + b, x, y)) * (b / (a + b));
  if (scale === 0) return 0;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  // It converges in about √max(a, b) steps.
  for (let m = 1; m < 1e8; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
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
  if (p <= lowerBeta(a, b, SMALLEST, 1)) return [0, 1];
  if (q <= upperBeta(a, b, 1, SMALLEST)) return [1, 0];
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
