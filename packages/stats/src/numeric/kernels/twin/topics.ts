/**
 * The topics of documents: for each document the γ of the Dirichlet distribution that is nearest to that of its topic
 * proportions, given its words.
 * Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003), figure 6.
 */
import { expOf } from './exp.js';
import { laneTotal } from './lanes.js';
import { logOf } from './log.js';

/** Below this a word's norm is 0: no topic that may have the word has a share that is a number. */
const MIN_NORM = 1e-290;
/** Iterations for one document. */
const MAX_ITERATIONS = 10_000;
/** Above this the sum of inverses is below the last digit. */
const LARGE = 1e20;

/**
 * ψ(x) for x > 0, within 4 ulp of the larger of |ψ(x)| and 1: ψ(x) = ψ(x + 10) - Σ_(i<10) 1/(x + i), and the asymptotic series
 * at x + 10. With t = x (x + 9), the ten inverses are (2x + 9) (1/t + 1/(t + 8) + 1/(t + 14) + 1/(t + 18) + 1/(t + 20)): one
 * division.
 * @see Abramowitz & Stegun (1964), 6.3.6 and 6.3.18
 */
export function digammaOf(x: number): number {
  const z = Math.min(x, LARGE);
  const t = z * (z + 9);
  let numerator = 2 * t + 8;
  let denominator = t * (t + 8);
  numerator = numerator * (t + 14) + denominator;
  denominator *= t + 14;
  numerator = numerator * (t + 18) + denominator;
  denominator *= t + 18;
  numerator = numerator * (t + 20) + denominator;
  denominator *= t + 20;
  const inverses = ((2 * z + 9) * numerator) / denominator;
  const y = 1 / (x + 10);
  const q = y * y;
  const tail =
    q *
    (0.08333333333333333 -
      q *
        (0.008333333333333333 -
          q *
            (0.003968253968253968 -
              q *
                (0.004166666666666667 -
                  q * (0.007575757575757576 - q * (0.021092796092796094 - q * 0.08333333333333333))))));
  return logOf(x + 10) - (0.5 * y + tail) - inverses;
}

const lanes = new Float64Array(8);
/** Σ_n c_n / norm_n · density_nk, for as many topics as any call had so far. */
let sums = new Float64Array(0);

/**
 * Iterates φ_nk ∝ density_nk exp(ψ(γ_k)), γ_k = α_k + Σ_n c_n φ_nk for each document, from a given γ on, until
 * the sum of the changes of γ is at most `threshold` of the sum of γ.
 *
 * Layout: a word or a document has `width` numbers, one for each topic, and padding. Words are counted from `offsets[0]`;
 * document d has the words offsets[d] … offsets[d + 1] - 1, or none.
 * @param density p(word n | topic k) / any number > 0 of word n; 0 in the padding
 * @param width topics, and padding to a multiple of 4
 * @param counts how often each word of the block occurs
 * @param alpha α, and 1e-300 in the padding, [width]
 * @param gamma in: γ of each document to start with, 1e-300 in the padding. Out: the γ where the iterations end
 * @param shares out: exp(ψ(γ_k) - max_j ψ(γ_j)), of the γ before the last change: φ_nk = density_nk shares_k / norm_n
 * @param norms out: Σ_k density_nk shares_k of each word; below 1e-290 it stands for 0, and the word counts for no topic
 */
export function topicProportions(
  density: Float64Array,
  width: number,
  offsets: Int32Array,
  documentCount: number,
  counts: Float64Array,
  alpha: Float64Array,
  threshold: number,
  gamma: Float64Array,
  shares: Float64Array,
  norms: Float64Array,
): void {
  if (sums.length < width) sums = new Float64Array(width);
  const origin = offsets[0]!;
  for (let d = 0; d < documentCount; d++) {
    const from = offsets[d]! - origin;
    const to = offsets[d + 1]! - origin;
    const row = d * width;
    for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      sharesOf(gamma, shares, row, width);
      sums.fill(0, 0, width);
      for (let n = from; n < to; n++) countWord(density, n * width, width, counts, n, shares, row, norms);
      if (moveGamma(alpha, gamma, shares, row, width) <= threshold) break;
    }
  }
}

/** exp(ψ(γ_k) - max_j ψ(γ_j)). */
function sharesOf(gamma: Float64Array, shares: Float64Array, row: number, width: number): void {
  let largest = -Infinity;
  for (let k = row; k < row + width; k++) {
    const psi = digammaOf(gamma[k]!);
    shares[k] = psi;
    if (largest < psi) largest = psi;
  }
  for (let k = row; k < row + width; k++) shares[k] = expOf(shares[k]! - largest);
}

/** The norm of one word, and its part of the sums. */
function countWord(
  density: Float64Array,
  at: number,
  width: number,
  counts: Float64Array,
  n: number,
  shares: Float64Array,
  row: number,
  norms: Float64Array,
): void {
  lanes.fill(0, 0, 4);
  for (let k = 0; k < width; k++) lanes[k & 3]! += density[at + k]! * shares[row + k]!;
  const norm = laneTotal(lanes, 0);
  norms[n] = norm;
  const scale = norm >= MIN_NORM ? counts[n]! / norm : 0;
  for (let k = 0; k < width; k++) sums[k]! += scale * density[at + k]!;
}

/** γ_k = α_k + shares_k sums_k. @returns the sum of the changes over the sum of γ before */
function moveGamma(alpha: Float64Array, gamma: Float64Array, shares: Float64Array, row: number, width: number): number {
  lanes.fill(0);
  for (let k = 0; k < width; k++) {
    const before = gamma[row + k]!;
    const after = alpha[k]! + shares[row + k]! * sums[k]!;
    lanes[k & 3]! += Math.abs(after - before);
    lanes[4 + (k & 3)]! += before;
    gamma[row + k] = after;
  }
  return laneTotal(lanes, 0) / laneTotal(lanes, 4);
}
