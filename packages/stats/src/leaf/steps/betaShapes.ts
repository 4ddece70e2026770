/** The maximum-likelihood shapes of the beta distribution. */
import { exp } from '../../numeric/elementary.js';
import { newtonRoot } from '../../numeric/newtonRoot.js';
import { betaln, digamma, trigamma } from '../../numeric/special.js';

/** α and β. */
export interface BetaShapes {
  readonly alpha: number;
  readonly beta: number;
}

/** Largest α + β that is estimated: for equal rows the likelihood has no maximum. */
export const MAX_PRECISION = 1e10;

/** The maximum of the likelihood under α + β <= `most`. */
export function boundedShapesOf(meanLog: number, meanLogRest: number, most: number): BetaShapes {
  const shapes = shapesOf(meanLog, meanLogRest);
  if (!(shapes.alpha + shapes.beta > most)) return shapes;
  // The likelihood is concave: its maximum lies on the border.
  const onBorder = (a: number) => ({
    value: meanLog - meanLogRest - digamma(a) + digamma(most - a),
    slope: -trigamma(a) - trigamma(most - a),
  });
  const start = (most * shapes.alpha) / (shapes.alpha + shapes.beta);
  const alpha = newtonRoot(onBorder, { start, lower: 1e-15 * most, upper: (1 - 1e-15) * most });
  return { alpha, beta: most - alpha };
}

/**
 * Newton's method on the log-likelihood per row, which is strictly concave; a step that leaves the quadrant or lowers the
 * likelihood is halved.
 */
export function shapesOf(meanLog: number, meanLogRest: number): BetaShapes {
  const left = exp(meanLog);
  const right = exp(meanLogRest);
  const gap = 1 - left - right; // 0 for equal rows, up to rounding
  if (!(gap * MAX_PRECISION > 0.5)) {
    const share = left / (left + right);
    const clipped = Math.min(Math.max(share, 1e-15), 1 - 1e-15);
    return { alpha: clipped * MAX_PRECISION, beta: (1 - clipped) * MAX_PRECISION };
  }
  const logLikelihood = (a: number, b: number) => (a - 1) * meanLog + (b - 1) * meanLogRest - betaln(a, b);
  let alpha = 0.5 + left / (2 * gap);
  let beta = 0.5 + right / (2 * gap);
  let reached = logLikelihood(alpha, beta);
  for (let step = 0; step < 200; step++) {
    const total = digamma(alpha + beta);
    const slopeA = total - digamma(alpha) + meanLog;
    const slopeB = total - digamma(beta) + meanLogRest;
    const shared = trigamma(alpha + beta);
    const curveA = shared - trigamma(alpha);
    const curveB = shared - trigamma(beta);
    const determinant = curveA * curveB - shared * shared;
    const stepA = (shared * slopeB - curveB * slopeA) / determinant;
    const stepB = (shared * slopeA - curveA * slopeB) / determinant;
    let size = 1;
    let next = -Infinity;
    for (; size > 1e-12; size /= 2) {
      const [a, b] = [alpha + size * stepA, beta + size * stepB];
      if (!(a > 0 && b > 0)) continue;
      next = logLikelihood(a, b);
      // Near the maximum the likelihood is flat to rounding; there the full step is the best there is.
      if (next >= reached - 8 * Number.EPSILON * (1 + Math.abs(reached))) break;
    }
    if (!(size > 1e-12) || !Number.isFinite(next)) break;
    alpha += size * stepA;
    beta += size * stepB;
    reached = next;
    if (Math.abs(stepA) <= 1e-14 * alpha && Math.abs(stepB) <= 1e-14 * beta) break;
  }
  return { alpha, beta };
}
