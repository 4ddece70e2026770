/**
 * The regularised incomplete beta function I_x(a, b) = ∫_0^x t^(a-1) (1 - t)^(b-1) dt / B(a, b), and the x that has a given
 * value of it. Near 1 a double cannot hold x, only 1 - x: so every point is given, and returned, as the pair of both.
 * Source: DLMF, section 8.17. The function itself is stdlib's (after Boost).
 */
import betainc from '@stdlib/math-base-special-betainc';
import { newtonRoot } from './newtonRoot.js';
import { betaln } from './special.js';

/** I_x(a, b) for a, b > 0; y = 1 - x. Relative error below 1e-12 for a, b up to 1e5, and 1e-9 up to 1e7. */
export function lowerBeta(a: number, b: number, x: number, y: number): number {
  return x <= y ? betainc(x, a, b, true, false) : betainc(y, b, a, true, true);
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
      const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) + logNormalizer);
      // In logs, so that tiny probabilities keep their digits.
      const tail = p <= q ? lowerBeta(a, b, x, 1 - x) : upperBeta(a, b, x, 1 - x);
      const value = p <= q ? Math.log(p / tail) : Math.log(tail / q);
      return { value, slope: -density / tail };
    },
    { start: Math.exp((Math.log(p * a) - logNormalizer) / a), lower: SMALLEST, upper: 0.5 },
  );
}
