/**
 * Means and covariances that several Gaussian vectors share, one without the other. With x̄_k, S_k and n_k the mean, the covariance
 * about it and the weight of holder k's own rows:
 *
 * - a shared covariance is Σ n_k (S_k + (x̄_k - μ_k)(x̄_k - μ_k)ᵀ) / Σ n_k, each holder about the mean that it returns;
 * - a shared mean is the mean of all rows where the covariance is shared too. Where each holder has a covariance of its own, it is
 *   the maximum of the likelihood: μ = (Σ n_k Σ_k⁻¹)⁻¹ Σ n_k Σ_k⁻¹ x̄_k with Σ_k = S_k + (x̄_k - μ)(x̄_k - μ)ᵀ, by turns.
 *
 * Source: Anderson, An Introduction to Multivariate Statistical Analysis (2003), section 8.8; for a shared mean Mardia, Kent & Bibby,
 * Multivariate Analysis (1979), section 4.2.
 */
import type { TiedNode } from '../../contract.js';
import { cholesky, inverseOfLower } from '../../numeric/cholesky.js';
import { log } from '../../numeric/elementary.js';
import { type CovarianceBounds, covarianceAbout, definiteCovariance } from './covariances.js';
import { type FillsGaps, ScatterAccumulator, type ScatterStatistic } from './vectorMoments.js';

/** Keys of the two groups of parameters. */
export interface ScatterKeys {
  /** Gaussian vectors with equal keys get equal means. They must share the covariance too, all by one key, or none of them. */
  readonly mu?: string | undefined;
  /** Gaussian vectors with equal keys get equal covariances: the pooled scatter, of each about its own mean. */
  readonly covariance?: string | undefined;
}

/** What one holder of a key brings: the moments of its own rows. */
interface ScatterShare {
  readonly count: number;
  readonly mean: Float64Array;
  /** About the mean, row-major. */
  readonly covariance: Float64Array;
  readonly meanKey: string | undefined;
}

/** The holders of the keys of one node. */
interface TiedScatter {
  readonly mean?: readonly ScatterShare[] | undefined;
  readonly covariance?: readonly ScatterShare[] | undefined;
}

/** The moments of the node's own rows, and what it shares with others. */
export interface TiedScatterStatistic extends ScatterStatistic {
  /** Absent until keys have been tied. */
  readonly tied?: TiedScatter | undefined;
}

/** Sums as {@link ScatterAccumulator} does, with the mean and the covariance as nodes of their own. */
export class TiedScatterAccumulator extends ScatterAccumulator {
  readonly children: readonly TiedNode[];
  #tied: TiedScatter | undefined;

  constructor(
    family: string,
    dimension: number,
    statistic: Float64Array,
    key: string | undefined,
    { mu, covariance }: ScatterKeys,
    gaps: FillsGaps | undefined,
  ) {
    super(family, dimension, statistic, key, gaps);
    const node = (name: keyof TiedScatter, nodeKey: string | undefined, what: string): TiedNode => {
      const shares = () => this.#tied?.[name] ?? [shareOf(super.value(), mu)];
      return {
        key: nodeKey,
        kind: `${this.kind} ${what}`,
        value: shares,
        combine: (other: readonly ScatterShare[]) => {
          this.#tied = { ...this.#tied, [name]: [...shares(), ...other] };
        },
        fromValue: (value: readonly ScatterShare[]) => {
          this.#tied = { ...this.#tied, [name]: value };
        },
      };
    };
    const beside = covariance === undefined ? 'a covariance of its own' : `the covariance of key "${covariance}"`;
    this.children = [node('mean', mu, `mean with ${beside}`), node('covariance', covariance, 'covariance')];
  }

  override value(): TiedScatterStatistic {
    return this.#tied === undefined ? super.value() : { ...super.value(), tied: this.#tied };
  }

  override fromValue(statistic: TiedScatterStatistic): void {
    super.fromValue(statistic);
    this.#tied = statistic.tied;
  }
}

/**
 * The moments from which a node with shared parameters is estimated as any other: about the mean that it returns, with the scatter
 * and the weight behind its covariance.
 * @param bounds  of a covariance of its own, with the ridge that is added to it
 */
export function sharedMoments(
  statistic: TiedScatterStatistic,
  keys: ScatterKeys,
  bounds: CovarianceBounds & { readonly ridge: number },
): ScatterStatistic {
  const { tied } = statistic;
  if (tied === undefined) return statistic;
  const own = shareOf(statistic, keys.mu);
  const settle = (covariance: Float64Array) => {
    const d = own.mean.length;
    const raised = covariance.map((value, at) => (at % (d + 1) === 0 ? value + bounds.ridge : value));
    return { raised, definite: definiteCovariance(raised, d, bounds, undefined) };
  };
  const nowhere = own.count > 0 ? own.mean : new Float64Array(own.mean.length);
  const mean =
    tied.mean === undefined ? nowhere : sharedMean(tied.mean, keys.covariance === undefined ? settle : undefined);
  const { count, covariance } =
    tied.covariance === undefined
      ? { count: own.count, covariance: about(own, mean) }
      : pooledCovariance(tied.covariance);
  const d = mean.length;
  const scatter = new Float64Array((d * (d + 1)) / 2);
  for (let i = 0, at = 0; i < d; i++) for (let j = 0; j <= i; j++, at++) scatter[at] = count * covariance[i * d + j]!;
  return { count, sum: new Float64Array(d), scatter, origin: mean, seen: statistic.seen };
}

function shareOf(moments: ScatterStatistic, meanKey: string | undefined): ScatterShare {
  const { count, sum, origin } = moments;
  const shift = sum.map((s) => (count > 0 ? s / count : 0));
  const mean = shift.map((s, j) => origin[j]! + s);
  const covariance = count > 0 ? covarianceAbout(moments, shift, undefined, 0) : new Float64Array(sum.length ** 2);
  return { count, mean, covariance, meanKey };
}

/** The mean of all rows of these holders. */
function meanOfAll(shares: readonly ScatterShare[]): Float64Array {
  let count = 0;
  const mean = shares[0]!.mean.slice();
  for (const share of shares) {
    if (!(share.count > 0)) continue;
    count += share.count;
    for (const [j, value] of share.mean.entries()) mean[j]! += ((value - mean[j]!) * share.count) / count;
  }
  return mean;
}

/** Adds to S_k the scatter of the mean about `mu`. */
function about({ mean, covariance }: ScatterShare, mu: Float64Array): Float64Array {
  const d = mu.length;
  return covariance.map((value, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    return value + (mean[i]! - mu[i]!) * (mean[j]! - mu[j]!);
  });
}

/** The weight of all holders of a covariance, and Σ n_k S_k / Σ n_k, each about the mean that it returns. */
function pooledCovariance(shares: readonly ScatterShare[]): {
  readonly count: number;
  readonly covariance: Float64Array;
} {
  const alive = shares.filter((share) => share.count > 0);
  const count = alive.reduce((sum, share) => sum + share.count, 0);
  const covariance = new Float64Array(shares[0]!.covariance.length);
  const means = new Map<string, Float64Array>();
  for (const share of alive) {
    const { meanKey } = share;
    if (meanKey !== undefined && !means.has(meanKey)) {
      means.set(meanKey, meanOfAll(alive.filter((other) => other.meanKey === meanKey)));
    }
    const own = meanKey === undefined ? share.covariance : about(share, means.get(meanKey)!);
    for (const [at, value] of own.entries()) covariance[at]! += (share.count / count) * value;
  }
  return { count, covariance };
}

/** Steps of the iteration for a common mean. */
const MAX_STEPS = 1000;
/** Change of the mean, in standard deviations of a holder, at which it ends. */
const SETTLED = 1e-11;

const solved = /* @__PURE__ */ new WeakMap<readonly ScatterShare[], Float64Array>();

/** What becomes of the covariance of a holder: with the ridge, and raised to the floor where it is below. */
type Settle = (covariance: Float64Array) => { readonly raised: Float64Array; readonly definite: Float64Array };

/**
 * The mean that holders share.
 * @param settle  where each has a covariance of its own
 */
function sharedMean(shares: readonly ScatterShare[], settle: Settle | undefined): Float64Array {
  const alive = shares.filter((share) => share.count > 0);
  if (settle === undefined || alive.length < 2) return meanOfAll(shares);
  // The holders ask for the same one, one after the other.
  const known = solved.get(shares);
  if (known !== undefined) return known;
  const mean = likeliestMean(alive, settle);
  solved.set(shares, mean);
  return mean;
}

/** From the mean of all rows and from that of each holder, as there may be several maxima: the best end. */
function likeliestMean(shares: readonly ScatterShare[], settle: Settle): Float64Array {
  let best: { readonly loss: number; readonly mu: Float64Array } | undefined;
  for (const start of [meanOfAll(shares), ...shares.map(({ mean }) => mean)]) {
    let mu = start;
    let loss = Number.NaN;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = weighedMean(shares, mu, settle);
      if (step === undefined) break; // so narrow that precisions are lost in rounding
      ({ mu, loss } = step);
      if (!(step.change > SETTLED)) break;
    }
    if (best === undefined || loss < best.loss - 1e-9 * Math.abs(best.loss)) best = { loss, mu };
  }
  return best!.mu;
}

/** One turn: the covariances about `mu`, then the mean that is best for them. */
function weighedMean(
  shares: readonly ScatterShare[],
  mu: Float64Array,
  settle: Settle,
): { readonly mu: Float64Array; readonly loss: number; readonly change: number } | undefined {
  const d = mu.length;
  const precision = new Float64Array(d * d);
  const pull = new Float64Array(d);
  let loss = 0;
  for (const share of shares) {
    const { raised, definite } = settle(about(share, mu));
    const factor = cholesky(definite, d);
    if (factor === undefined) return undefined;
    const inverse = inverseOfLower(factor, d);
    for (let i = 0; i < d; i++) {
      loss += 2 * share.count * log(factor[i * d + i]!);
      for (let j = 0; j < d; j++) {
        let entry = 0;
        for (let k = Math.max(i, j); k < d; k++) entry += inverse[k * d + i]! * inverse[k * d + j]!;
        loss += share.count * entry * raised[i * d + j]!;
        precision[i * d + j]! += share.count * entry;
        pull[i]! += share.count * entry * (share.mean[j]! - mu[j]!);
      }
    }
  }
  const factor = cholesky(precision, d);
  if (factor === undefined) return undefined;
  const inverse = inverseOfLower(factor, d);
  const scaled = pull.map((_, i) => {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += inverse[i * d + k]! * pull[k]!;
    return sum;
  });
  const next = mu.slice();
  let change = 0;
  const count = shares.reduce((sum, share) => sum + share.count, 0);
  for (let j = 0; j < d; j++) {
    let step = 0;
    for (let k = j; k < d; k++) step += inverse[k * d + j]! * scaled[k]!;
    next[j]! += step;
    change += precision[j * d + j]! * step * step;
  }
  return { mu: next, loss, change: Math.sqrt(change / count) };
}
