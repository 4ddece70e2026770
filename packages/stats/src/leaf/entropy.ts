import { exp } from '../numeric/elementary.js';

/** Entropies of distributions over integers, as sums over their probabilities. */

/** What {@link unimodalEntropy} may know of the distribution. */
interface Spread {
  /** The support. Default: all integers. */
  readonly first?: number;
  readonly last?: number;
  /** The standard deviation, if the probabilities lie on a smooth curve that vanishes at both ends of the support. */
  readonly sd?: number;
}

/**
 * -Σ p log p of probabilities that rise up to `mode` and fall behind it, from there outwards.
 *
 * Above an `sd` of 64 only every (sd / 8)-th integer is taken: by Poisson's summation formula the error is of the order of
 * exp(-2π² · 8²).
 */
export function unimodalEntropy(
  logDensity: (x: number) => number,
  mode: number,
  { first = -Infinity, last = Infinity, sd = 1 }: Spread,
): number {
  const stride = sd > 64 ? Math.floor(sd / 8) : 1;
  let sum = entropyTerm(logDensity(mode));
  for (const step of [-stride, stride]) {
    for (let x = mode + step; x >= first && x <= last; x += step) {
      const term = entropyTerm(logDensity(x));
      sum += term;
      if (term <= 1e-20 * sum) break;
    }
  }
  return stride * sum;
}

/** -p log p; 0 for p = 0. */
function entropyTerm(log: number): number {
  return log === -Infinity ? 0 : -log * exp(log);
}

/** Below, terms are added one by one. */
const FIRST_BLOCK = 1024;

/**
 * -Σ p log p over x = 0, 1, … for probabilities that are smooth on the scale of x · `width` from 1024 on, however long their
 * tail: what is above is summed in blocks of that width, each by {@link smoothSum}.
 * @param mean  a point behind which the terms fall
 */
export function longTailEntropy(logDensity: (x: number) => number, mean: number, width: number): number {
  const term = (x: number) => entropyTerm(logDensity(x));
  let sum = 0;
  for (let from = 0; from < Number.MAX_VALUE / 4; ) {
    const to = from < FIRST_BLOCK ? from + 1 : from + Math.ceil(from * width);
    const block = to === from + 1 ? term(from) : smoothSum(term, from, to);
    sum += block;
    if (from > mean && block <= 1e-17 * width * sum) break;
    from = to;
  }
  return sum;
}

/** Gauss-Legendre nodes and weights on [-1, 1]: the positive half of 16. @see Abramowitz & Stegun (1964), table 25.4 */
const NODES = [
  0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438, 0.755404408355003,
  0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
];
const WEIGHTS = [
  0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674, 0.12462897125553388,
  0.09515851168249279, 0.062253523938647894, 0.027152459411754096,
];

/**
 * Σ f(x) over the integers x in [from, to), as the integral of f - δ²f / 24 + 3 δ⁴f / 640 over [from - ½, to - ½], with central
 * differences δ of step 1: the function whose means over unit intervals are f, up to differences of order six.
 */
function smoothSum(f: (x: number) => number, from: number, to: number): number {
  const half = (to - from) / 2;
  const middle = from - 0.5 + half;
  const corrected = (x: number) => {
    const [near, far] = [f(x - 1) + f(x + 1), f(x - 2) + f(x + 2)];
    const center = f(x);
    return center - (near - 2 * center) / 24 + (3 * (far - 4 * near + 6 * center)) / 640;
  };
  let sum = 0;
  for (let k = 0; k < NODES.length; k++) {
    sum += WEIGHTS[k]! * (corrected(middle - half * NODES[k]!) + corrected(middle + half * NODES[k]!));
  }
  return half * sum;
}
