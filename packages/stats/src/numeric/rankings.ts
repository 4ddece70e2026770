/**
 * Sums over all rankings π of d items: Z(ρ) = Σ_π exp(-ρ Σ_i (π_i - i)²), and the mean of the squared distance Σ_i (π_i - i)².
 *
 * Z is the permanent of a matrix. Up to {@link EXACT_ITEMS} items it is summed exactly, over subsets of the items.
 *
 * Beyond, log Z is continued from 15 and 16 items. For ρ >= 0.04 the sum over one more item is a factor that hardly depends on d,
 * so log Z is continued as a line. For ρ <= 0.02 the same is done with the error of McCullagh's approximation, which is small
 * there; between the two a weighted mean of both. At d = 20 log Z, which is 25 there, is off by 0.0022 at most.
 *
 * Source: Ryser, Combinatorial Mathematics (1963), ch. 2 (permanents by subsets); McCullagh, An asymptotic approximation for the
 * permanent of a doubly stochastic matrix (2014).
 */
import { cholesky } from './cholesky.js';
import { exp, log } from './elementary.js';
import { logFactorial } from './special.js';

/** Most items for which the sums are exact. */
export const EXACT_ITEMS = 20;
/** Where the approximation starts from: small, as it is evaluated often. */
const BASE = 16;
/** Between these ρ one approximation takes over from the other. */
const FLAT = 0.02;
const STEEP = 0.04;

/** log Z, and mean and variance of the squared distance: its first two derivatives by -ρ. */
export interface RankingSums {
  readonly logZ: number;
  readonly mean: number;
  readonly variance: number;
}

/** The sums for `d` items; `rho` >= 0. */
export function rankingSums(d: number, rho: number): RankingSums {
  if (rho === 0) {
    const variance = ((d - 1) * d * d * (d + 1) * (d + 1)) / 36;
    return { logZ: logFactorial(d), mean: (d ** 3 - d) / 6, variance };
  }
  return d <= EXACT_ITEMS ? exactSums(d, rho) : approximateSums(d, rho);
}

/** Iterations end when ρ changes by a smaller part: the mean is hardly more accurate. */
const TOLERANCE = 1e-12;

/**
 * The ρ at which the mean of the squared distance is `distance`: 0 where that is no smaller than for equally likely rankings.
 * @param most  the largest ρ that is returned
 */
export function rankingConcentration(d: number, distance: number, most: number): number {
  const { mean, variance } = rankingSums(d, 0);
  if (!(distance < mean)) return 0;
  const start = Math.min(most, (mean - distance) / variance);
  if (d <= BASE || d > EXACT_ITEMS) return solve((rho) => rankingSums(d, rho), distance, start, most);
  // Exact sums take long here: the approximate ones bring the start close.
  const close = solve((rho) => approximateSums(d, rho), distance, start, most);
  return solve((rho) => rankingSums(d, rho), distance, close, most);
}

/** Newton's steps for the logarithm of the mean, which is nearly a line in ρ, inside a bracket. */
function solve(sumsAt: (rho: number) => RankingSums, distance: number, start: number, most: number): number {
  let [low, high] = [0, most];
  let rho = start;
  for (let step = 0; step < 100; step++) {
    const { mean, variance } = sumsAt(rho);
    if (mean > distance) low = rho;
    else high = rho;
    if (low === most) return most;
    let next = rho + (mean / variance) * log(mean / distance);
    if (!(next > low && next < high)) next = next >= most ? most : (low + high) / 2;
    if (Math.abs(next - rho) <= TOLERANCE * rho) return next;
    rho = next;
  }
  return rho;
}

/** exp(-ρ (i - j)²), row-major [d × d]. */
function weightsOf(d: number, rho: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => exp(-rho * (Math.floor(at / d) - (at % d)) ** 2));
}

/**
 * Entry S: the sum over all ways to rank the items of S first, of what they contribute to Z. Nothing overflows, as Z is at most
 * d!; nothing of weight underflows, as the ranking 0, 1, … contributes 1.
 */
export function rankingTable(d: number, rho: number): Float64Array {
  const weights = weightsOf(d, rho);
  const table = new Float64Array(2 ** d);
  const sizes = new Uint8Array(table.length);
  table[0] = 1;
  for (let subset = 1; subset < table.length; subset++) {
    const place = sizes[subset & (subset - 1)]!;
    sizes[subset] = place + 1;
    let sum = 0;
    for (let rest = subset; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      sum += table[subset ^ bit]! * weights[place * d + 31 - Math.clz32(bit)]!;
    }
    table[subset] = sum;
  }
  return table;
}

/**
 * Z, and sums of contributions times the distance and its square, likewise. The last places are like the first ones in
 * reverse, so that sets of half of the items are enough.
 */
function exactSums(d: number, rho: number): RankingSums {
  const half = Math.floor(d / 2);
  const weights = weightsOf(d, rho);
  const sizes = new Uint8Array(2 ** d);
  const [zs, ones, twos] = [new Float64Array(2 ** d), new Float64Array(2 ** d), new Float64Array(2 ** d)];
  zs[0] = 1;
  for (let subset = 1; subset < zs.length; subset++) {
    const place = sizes[subset & (subset - 1)]!;
    sizes[subset] = place + 1;
    if (place >= d - half) continue;
    let [z, one, two] = [0, 0, 0];
    for (let rest = subset; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest;
      const j = 31 - Math.clz32(bit);
      const before = subset ^ bit;
      const weight = weights[place * d + j]!;
      const step = (place - j) * (place - j);
      const [ofZ, ofOne] = [zs[before]!, ones[before]!];
      z += weight * ofZ;
      one += weight * (ofOne + step * ofZ);
      two += weight * (twos[before]! + step * (2 * ofOne + step * ofZ));
    }
    zs[subset] = z;
    ones[subset] = one;
    twos[subset] = two;
  }
  let [z, one, two] = [0, 0, 0];
  for (let subset = 0; subset < zs.length; subset++) {
    if (sizes[subset] !== half) continue;
    let rest = 0;
    for (let j = 0; j < d; j++) if ((subset & (1 << j)) === 0) rest |= 1 << (d - 1 - j);
    z += zs[subset]! * zs[rest]!;
    one += ones[subset]! * zs[rest]! + zs[subset]! * ones[rest]!;
    two += twos[subset]! * zs[rest]! + 2 * ones[subset]! * ones[rest]! + zs[subset]! * twos[rest]!;
  }
  const mean = one / z;
  return { logZ: log(z), mean, variance: two / z - mean * mean };
}

/** Derivatives by differences over a part of ρ that balances their error with rounding. */
function approximateSums(d: number, rho: number): RankingSums {
  const step = 1e-3 * rho;
  const [left, logZ, right] = [-1, 0, 1].map((k) => approximateLogZ(d, rho + k * step)) as [number, number, number];
  return { logZ, mean: (left - right) / (2 * step), variance: (left - 2 * logZ + right) / (step * step) };
}

/** log Z for more than {@link BASE} items: see the head of the file. */
export function approximateLogZ(d: number, rho: number): number {
  const [before, last] = [exactLogZ(BASE - 1, rho), exactLogZ(BASE, rho)];
  const line = last + (d - BASE) * (last - before);
  if (rho >= STEEP) return line;
  const [errorBefore, error] = [before - permanentLog(BASE - 1, rho), last - permanentLog(BASE, rho)];
  const corrected = permanentLog(d, rho) + error + (d - BASE) * (error - errorBefore);
  if (rho <= FLAT) return corrected;
  const t = log(rho / FLAT) / log(STEEP / FLAT);
  const share = t * t * (3 - 2 * t); // smooth, so that the slope has no jump
  return (1 - share) * corrected + share * line;
}

function exactLogZ(d: number, rho: number): number {
  const table = rankingTable(d, rho);
  return log(table[table.length - 1]!);
}

/** Scaling of the matrix to row sums of 1 has converged when it changes by less. */
const SCALED = 1e-14;

/**
 * McCullagh's approximation of log Z: the matrix is scaled to B with row and column sums of 1, whose permanent is about
 * d! d^-d |I + J - B²|^(-1/2), J having all entries 1/d.
 */
function permanentLog(d: number, rho: number): number {
  const weights = weightsOf(d, rho);
  const x = new Float64Array(d).fill(1);
  for (let step = 0, change = 1; step < 10_000 && change > SCALED; step++) {
    change = 0;
    const sums = times(weights, x, d);
    for (let i = 0; i < d; i++) {
      const next = Math.sqrt(x[i]! / sums[i]!);
      change = Math.max(change, Math.abs(next / x[i]! - 1));
      x[i] = next;
    }
  }
  const b = weights.map((weight, at) => weight * x[Math.floor(at / d)]! * x[at % d]!);
  const matrix = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let square = 0;
      for (let k = 0; k < d; k++) square += b[i * d + k]! * b[j * d + k]!; // B is symmetric
      matrix[i * d + j] = (i === j ? 1 : 0) + 1 / d - square;
    }
  }
  const factor = cholesky(matrix, d);
  let sum = logFactorial(d) - d * log(d);
  for (let i = 0; i < d; i++) sum -= 2 * log(x[i]!) + (factor === undefined ? 0 : log(factor[i * d + i]!));
  return sum;
}

function times(matrix: Float64Array, x: Float64Array, d: number): Float64Array {
  return x.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += matrix[i * d + j]! * x[j]!;
    return sum;
  });
}
