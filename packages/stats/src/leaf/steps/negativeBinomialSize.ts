/** The maximum-likelihood size of the negative binomial distribution, and the counts that a prior is worth. */
import { log, log1p } from '../../numeric/elementary.js';
import { newtonRoot } from '../../numeric/newtonRoot.js';
import { log1pmx, logMinusDigamma, logMinusDigammaSlope } from '../../numeric/special.js';

/** Sizes beyond are not estimated: rows that vary no more than a Poisson's have no finite size of maximum likelihood. */
const MIN_SIZE = 1e-10;
export const MAX_SIZE = 1e10;

/** Up to this count, sums go over all counts below it; above, over the different rows. */
const MAX_STEPS = 4096;

/** Different counts and their weights; a count may stand several times. */
export interface WeightedCounts {
  readonly values: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/**
 * The mean of the counts, and the size r that solves Σ_x w_x (ψ(x + r) - ψ(r)) = n log(1 + m/r), for counts of positive total
 * weight. The size is 1 when all counts are 0, since any size then gives the point mass.
 *
 * Both sides of the equation are n·m/r to first order, which is taken out by hand: for large r the rest is smaller by a
 * factor r, and the plain difference would have no digits left.
 */
export function fitSize(parts: readonly WeightedCounts[]): { readonly mean: number; readonly size: number } {
  const most = largestOf(parts);
  return most < MAX_STEPS ? fitSmall(parts, most) : fitLarge(parts);
}

function largestOf(parts: readonly WeightedCounts[]): number {
  let most = 0;
  for (const { values, weights } of parts)
    for (let k = 0; k < values.length; k++) if (weights[k]! > 0) most = Math.max(most, values[k]!);
  return most;
}

/** Rows by their counts: `above[j]` is W_j, the weight of the rows above j. */
interface RowsAbove {
  readonly above: Float64Array;
  /** The weight of all rows. */
  readonly n: number;
  /** Σ w x, which is Σ_j W_j. */
  readonly sum: number;
}

function rowsAbove(parts: readonly WeightedCounts[], most: number): RowsAbove {
  const above = new Float64Array(most + 1);
  for (const { values, weights } of parts)
    for (let k = 0; k < values.length; k++) if (weights[k]! > 0) above[values[k]!]! += weights[k]!;
  // From weights of values to weights of the values above each.
  let n = 0;
  let sum = 0;
  for (let x = most; x >= 0; x--) {
    const weight = above[x]!;
    above[x] = n;
    sum += n;
    n += weight;
  }
  return { above, n, sum };
}

/** By weights above each count: Σ_x w_x (ψ(x + r) - ψ(r)) = Σ_j W_j / (r + j). */
function fitSmall(parts: readonly WeightedCounts[], most: number): { readonly mean: number; readonly size: number } {
  const { above, n, sum } = rowsAbove(parts, most);
  const mean = sum / n;
  let half = 0; // Σ_j j W_j = Σ w x (x - 1) / 2
  for (let j = 1; j < above.length; j++) half += j * above[j]!;
  const size = rootOf(mean, (2 * half) / n - mean * mean, (r) => {
    let shares = 0;
    let slopes = 0;
    for (let j = 1; j < above.length; j++) {
      const inverse = 1 / (r + j);
      const share = above[j]! * j * inverse;
      shares += share;
      slopes += share * (1 + r * inverse);
    }
    return {
      value: -n * log1pmx(mean / r) - shares / r,
      slope: (-n * mean * mean) / (r * r * (r + mean)) + slopes / (r * r),
    };
  });
  return { mean, size };
}

/**
 * The log-likelihood of weighted counts, as a function of the parameters: prepared once, then one logarithm for each count up to
 * the largest. From Γ(x + r) / (x! Γ(r)) = Π_{j < x} (r + j) / (j + 1), with q^r (1 - q)^x = q^r (m / (r + m))^x:
 * Σ_j W_j log((r + j) / (r + m)) + log m · Σ_j W_j - Σ_j W_j log(j + 1) + n r log q.
 * @returns `undefined` for counts so large that this would take longer than a density for each
 */
export function logLikelihoodOf(
  rows: WeightedCounts,
): ((parameters: { readonly mean: number; readonly size: number }) => number) | undefined {
  const most = largestOf([rows]);
  if (most >= MAX_STEPS) return undefined;
  const { above, n, sum } = rowsAbove([rows], most);
  let constant = 0;
  for (let j = 1; j < most; j++) constant += above[j]! * log(j + 1);
  return ({ mean, size }) => {
    if (mean === 0) return sum > 0 ? -Infinity : 0;
    let ratios = 0;
    for (let j = 0; j < most; j++) ratios += above[j]! * log((size + j) / (size + mean));
    return ratios + sum * log(mean) - constant - n * size * log1p(mean / size);
  };
}

/**
 * By digamma differences: with h(z) = log z - ψ(z), ψ(x + r) - ψ(r) = log(1 + x/r) + h(r) - h(x + r). As Σ w (x - m) = 0, x/r may
 * be taken from each logarithm: that keeps the digits of large r, and would lose those of small r.
 */
function fitLarge(parts: readonly WeightedCounts[]): { readonly mean: number; readonly size: number } {
  let n = 0;
  let sum = 0;
  forEachCount(parts, (x, w) => {
    n += w;
    sum += w * x;
  });
  const mean = sum / n;
  let scatter = 0;
  forEachCount(parts, (x, w) => {
    scatter += w * (x - mean) * (x - mean);
  });
  const size = rootOf(mean, scatter / n - mean, (r) => {
    const gap = logMinusDigamma(r);
    const gapSlope = logMinusDigammaSlope(r);
    const logRatio = r < mean ? log1p : log1pmx;
    const common = logRatio(mean / r);
    let value = 0;
    let slope = 0;
    forEachCount(parts, (x, w) => {
      value += w * (logRatio(x / r) - common + (gap - logMinusDigamma(x + r)));
      // The slopes of the two logarithms, at x and at m, differ by (m - x) / ((r + x) (r + m)).
      slope += w * ((mean - x) / ((r + x) * (r + mean)) + (gapSlope - logMinusDigammaSlope(x + r)));
    });
    return { value, slope };
  });
  return { mean, size };
}

function forEachCount(parts: readonly WeightedCounts[], visit: (x: number, w: number) => void): void {
  for (const { values, weights } of parts)
    for (let k = 0; k < values.length; k++) if (weights[k]! > 0) visit(values[k]!, weights[k]!);
}

/** @param excess  variance - mean, which is m²/r for the distribution itself */
function rootOf(mean: number, excess: number, score: Parameters<typeof newtonRoot>[0]): number {
  if (mean === 0) return 1;
  if (!(excess > 0)) return MAX_SIZE;
  const size = newtonRoot(score, { start: (mean * mean) / excess, lower: MIN_SIZE, upper: MAX_SIZE });
  return size > 0.999 * MAX_SIZE ? MAX_SIZE : size;
}

/**
 * `pseudoCount` rows spread as `density` says: every count until all but 1e-12 is covered; when that takes too many, counts
 * in steps that are small against the count and against the standard deviation.
 */
export function spreadRows(
  pseudoCount: number,
  density: (x: number) => number,
  mean: number,
  sd: number,
): WeightedCounts {
  const exact: number[] = [];
  for (let rest = 1; rest > 1e-12 && exact.length < MAX_STEPS; ) {
    const p = density(exact.length);
    exact.push(p);
    rest -= p;
    // Rounding keeps the rest from reaching 0; beyond the mean a vanishing term says that all is covered.
    if (p < 1e-16 && exact.length > mean) break;
  }
  if (exact.length < MAX_STEPS) return { values: exact.map((_, x) => x), weights: exact.map((p) => pseudoCount * p) };
  const values: number[] = [];
  const masses: number[] = [];
  let total = 0;
  for (let first = Math.max(0, Math.floor(mean - 40 * sd)); ; ) {
    const half = Math.floor(Math.min(first / 1024, sd / 64));
    const step = 2 * half + 1; // odd, so that its middle is a count
    const mass = step * density(first + half);
    values.push(first + half);
    masses.push(mass);
    total += mass;
    first += step;
    if (first > mean && (mass === 0 || mass < 1e-17 * total)) break;
  }
  return { values, weights: masses.map((mass) => (pseudoCount * mass) / total) };
}
