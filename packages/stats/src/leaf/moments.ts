/**
 * Means and variances from weighted moments, and the tying of one without the other. One coordinate for the Gaussian, d for
 * the diagonal Gaussian.
 */

import { SMALLEST_NORMAL } from '../checks/parameters.js';
import type { TiedNode } from '../contract.js';
import { log } from '../numeric/elementary.js';
import { FLOOR } from './floor.js';

/**
 * Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), `sumOfSquares` = Σw(x - o)², the last two per
 * coordinate.
 */
export interface Moments {
  readonly count: number;
  readonly sum: Float64Array;
  readonly sumOfSquares: Float64Array;
  readonly origin: Float64Array;
  /** What this node shares with others, once keys have been tied. */
  readonly tied?: TiedMoments | undefined;
}

/** The first of `count` rows that has weight, as an origin for moments where nobody has set one; -1 when none has. */
export function firstWithWeight(weights: Float64Array, count: number): number {
  for (let i = 0; i < count; i++) if (weights[i]! > 0) return i;
  return -1;
}

/** The same moments about another origin. */
export function aboutOrigin(moments: Moments, origin: Float64Array): Moments {
  const { count, sum, sumOfSquares } = moments;
  const shift = moments.origin.map((value, j) => value - origin[j]!);
  return {
    count,
    sum: sum.map((s, j) => s + count * shift[j]!),
    sumOfSquares: sumOfSquares.map((q, j) => q + 2 * shift[j]! * sum[j]! + count * shift[j]! * shift[j]!),
    origin,
  };
}

/** `count` imaginary rows, with a mean or a variance per coordinate. */
export interface MomentPrior {
  readonly mu?: ArrayLike<number> | undefined;
  readonly muCount: number;
  readonly sigma2?: ArrayLike<number> | undefined;
  readonly sigma2Count: number;
}

/** Whether the prior has rows for a value that it gives. */
export function isEffective({ mu, muCount, sigma2, sigma2Count }: MomentPrior): boolean {
  return (mu !== undefined && muCount > 0) || (sigma2 !== undefined && sigma2Count > 0);
}

/**
 * What imaginary rows of a variance add to the log-likelihood. Those of a mean leave the variance alone, so no density has both
 * estimates at its maximum: NaN. `undefined` without imaginary rows.
 */
export function logMomentPrior(prior: MomentPrior, variances: ArrayLike<number>): number | undefined {
  if (!isEffective(prior)) return undefined;
  if (prior.mu !== undefined && prior.muCount > 0) return Number.NaN;
  let sum = 0;
  for (let j = 0; j < variances.length; j++) sum += log(variances[j]!) + prior.sigma2![j]! / variances[j]!;
  return -0.5 * prior.sigma2Count * sum;
}

/** Keys of the two groups of parameters. */
export interface MomentKeys {
  /** Nodes with equal keys get equal means. */
  readonly mu?: string | undefined;
  /** Nodes with equal keys get equal variances: the pooled scatter, of each node about its own mean. */
  readonly sigma2?: string | undefined;
}

/** A mean, and the weight behind it. */
interface PooledMean {
  readonly count: number;
  readonly mean: Float64Array;
}

/** One node's share of a pooled variance. */
interface Scatter {
  readonly count: number;
  /** The mean of the node's own rows. */
  readonly mean: Float64Array;
  /** Σw(x - m)², with m the mean that the node will return; or, when that is tied by `meanKey`, its own mean. */
  readonly scatter: Float64Array;
  readonly meanKey: string | undefined;
}

/** What a node shares with others. */
export interface TiedMoments {
  readonly mean?: PooledMean | undefined;
  readonly scatters?: readonly Scatter[] | undefined;
}

/** Where a mean lies, seen from the origin: (n·x̄ + c·m) / (n + c), or 0 itself when there is neither weight nor prior. */
function meanShift(count: number, sum: number, origin: number, prior: number | undefined, priorCount: number): number {
  const weight = prior === undefined ? 0 : priorCount;
  if (!(count + weight > 0)) return -origin;
  return (sum + weight * ((prior ?? origin) - origin)) / (count + weight);
}

/** Rounding of a scatter about the origin is of the order of ε · shift² per row; what is below counts as zero. */
function isRounding(variance: number, shift: number): boolean {
  return variance <= 8 * Number.EPSILON * shift * shift || variance < SMALLEST_NORMAL;
}

/** No row had weight, here or at a node with which this one shares a parameter. */
export function isEmpty({ count, tied }: Pick<Moments, 'count' | 'tied'>): boolean {
  return count === 0 && tied === undefined;
}

/** Σw(x - μ)² with μ = origin + shift. */
function scatterAbout({ count, sum, sumOfSquares }: Moments, j: number, shift: number): number {
  return sumOfSquares[j]! - 2 * shift * sum[j]! + count * shift * shift;
}

/** The two groups of parameters of one accumulator as nodes that can be tied. */
export class MomentTies {
  readonly children: readonly TiedNode[];
  #tied: TiedMoments | undefined;

  /**
   * @param moments  the accumulator's own moments
   * @param kind  family and shape
   */
  constructor(moments: () => Moments, keys: MomentKeys, prior: MomentPrior, kind: string) {
    const mean = () => this.#tied?.mean ?? meanOf(moments());
    const scatters = () => this.#tied?.scatters ?? [scatterOf(moments(), keys.mu, prior)];
    this.children = [
      {
        key: keys.mu,
        kind: `${kind} mean`,
        value: mean,
        combine: (other: PooledMean) => {
          this.#tied = { ...this.#tied, mean: poolMeans(mean(), other) };
        },
        fromValue: (value: PooledMean) => {
          this.#tied = { ...this.#tied, mean: value };
        },
      },
      {
        key: keys.sigma2,
        kind: `${kind} variance`,
        value: scatters,
        combine: (other: readonly Scatter[]) => {
          this.#tied = { ...this.#tied, scatters: [...scatters(), ...other] };
        },
        fromValue: (value: readonly Scatter[]) => {
          this.#tied = { ...this.#tied, scatters: value };
        },
      },
    ];
  }

  /** What is shared; undefined until keys have been tied. */
  value(): TiedMoments | undefined {
    return this.#tied;
  }

  fromValue(tied: TiedMoments | undefined): void {
    this.#tied = tied;
  }
}

function meanOf({ count, sum, origin }: Moments): PooledMean {
  return { count, mean: sum.map((s, j) => origin[j]! + (count > 0 ? s / count : 0)) };
}

function poolMeans(a: PooledMean, b: PooledMean): PooledMean {
  const count = a.count + b.count;
  return { count, mean: count > 0 ? a.mean.map((m, j) => m + ((b.mean[j]! - m) * b.count) / count) : a.mean };
}

function scatterOf(moments: Moments, meanKey: string | undefined, prior: MomentPrior): Scatter {
  const { count, sum, origin } = moments;
  const priorCount = meanKey === undefined ? prior.muCount : 0;
  const scatter = sum.map((s, j) => {
    if (count === 0) return 0;
    const shift = meanShift(count, s, origin[j]!, prior.mu?.[j], priorCount);
    const value = scatterAbout(moments, j, shift);
    return isRounding(value / count, shift) ? 0 : value;
  });
  return { count, mean: meanOf(moments).mean, scatter, meanKey };
}

/** The mean that the nodes of `key` share, as far as they share the variance too. */
function meanBehind(scatters: readonly Scatter[], key: string): Float64Array {
  return scatters
    .filter(({ meanKey }) => meanKey === key)
    .reduce<PooledMean>(poolMeans, { count: 0, mean: scatters[0]!.mean }).mean;
}

/** A mean and a variance per coordinate. */
export interface MomentEstimate {
  readonly mu: Float64Array;
  readonly sigma2: Float64Array;
  /** Some variance was 0 (or not determined), and has been replaced without a floor. */
  readonly isDegenerate: boolean;
  /** Some variance of rows with weight is held at its floor. */
  readonly isAtFloor: boolean;
}

/** What decides beside the moments and the prior. */
export interface MomentBounds {
  /** The smallest variance. Default: from `pooled`. */
  readonly minSigma2?: number | undefined;
  /** The moments of all rows of a mixture. */
  readonly pooled?: Moments | undefined;
}

/** The least variance of coordinate j; 0 for none, which also stands for rows that all agree. */
function floorOf({ minSigma2, pooled }: MomentBounds, j: number): number {
  if (minSigma2 !== undefined || pooled === undefined || !(pooled.count > 0)) return minSigma2 ?? 0;
  const shift = pooled.sum[j]! / pooled.count;
  const variance = scatterAbout(pooled, j, shift) / pooled.count;
  const floor = isRounding(variance, shift) ? 0 : FLOOR * variance;
  return floor >= SMALLEST_NORMAL && floor < Infinity ? floor : 0;
}

/**
 * μ = (Σwx + m·c) / (Σw + c) and σ² = (Σw(x - μ)² + v·d) / (Σw + d), per coordinate. Without weight and prior they are 0 and 1;
 * a variance below the floor is raised to it, and one of 0 becomes 1 where there is no floor.
 */
export function estimateMoments(
  moments: Moments,
  prior: MomentPrior,
  bounds: MomentBounds,
  keys: MomentKeys = {},
): MomentEstimate {
  const { count, sum, origin, tied } = moments;
  const dimension = sum.length;
  const mu = new Float64Array(dimension);
  const sigma2 = new Float64Array(dimension);
  const sigma2Count = prior.sigma2 === undefined ? 0 : prior.sigma2Count;
  let isDegenerate = false;
  let isAtFloor = false;
  for (let j = 0; j < dimension; j++) {
    const n = tied?.mean?.count ?? count;
    const total = tied?.mean === undefined ? sum[j]! : n * (tied.mean.mean[j]! - origin[j]!);
    const shift = meanShift(n, total, origin[j]!, prior.mu?.[j], prior.muCount);
    mu[j] = origin[j]! + shift;
    const own = tied?.scatters === undefined;
    const scatter = own ? scatterAbout(moments, j, shift) : pooledScatter(tied.scatters, j, mu[j]!, keys.mu);
    const weight = own ? count : tied.scatters.reduce((w, part) => w + part.count, 0);
    const variance = (scatter + sigma2Count * (prior.sigma2?.[j] ?? 0)) / (weight + sigma2Count);
    // Squares that overflow leave an infinite variance, which no distribution takes: better an error than a replacement.
    const isDetermined = weight + sigma2Count > 0 && !isRounding(variance, own ? shift : 0);
    const floor = weight > 0 ? floorOf(bounds, j) : (bounds.minSigma2 ?? 0);
    if (weight > 0 && !isDetermined && floor === 0) isDegenerate = true;
    if (weight > 0 && floor > 0 && !(isDetermined && variance >= floor)) isAtFloor = true;
    sigma2[j] = isDetermined ? Math.max(variance, floor) : floor > 0 ? floor : 1;
  }
  return { mu, sigma2, isDegenerate, isAtFloor };
}

function pooledScatter(scatters: readonly Scatter[], j: number, mu: number, meanKey: string | undefined): number {
  return scatters.reduce((sum, part) => {
    if (part.meanKey === undefined) return sum + part.scatter[j]!;
    const shared = part.meanKey === meanKey ? mu : meanBehind(scatters, part.meanKey)[j]!;
    return sum + part.scatter[j]! + part.count * (part.mean[j]! - shared) ** 2;
  }, 0);
}
