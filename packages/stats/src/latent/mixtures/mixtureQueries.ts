/**
 * What a mixture answers because all its components do: moments by the laws of total expectation and of total variance, tails by
 * sums, quantiles by halving between those of the components.
 */
import { checkProbability } from '../../checks/parameters.js';
import type { AnyDistribution, Queries } from '../../contract.js';

/** The type of what all components answer; that of the contract, which may be `undefined`, where one does not. */
export type AnswerOf<Ds extends readonly AnyDistribution[], N extends keyof Queries<unknown>> = (Ds[number] &
  Queries<unknown>)[N];

/** The components of positive weight. */
interface Weighted {
  readonly components: readonly AnyDistribution[];
  readonly w: readonly number[];
}

/** Σ_k w_k P(a value is there | k), where rows may be missing. */
export function mixturePresence({ components, w }: Weighted): number | undefined {
  if (!components.some((f) => f.presence !== undefined)) return undefined;
  const presence = components.reduce((sum, f, k) => sum + w[k]! * (f.presence ?? 1), 0);
  return Math.min(presence, 1);
}

/** Σ_k w_k of(f_k) over the components of positive weight; where rows may be missing, the weights given that a value is there. */
function weightedSum(mixture: Weighted, of: (component: AnyDistribution) => number): number {
  const sum = mixture.components.reduce((total, component, k) => {
    const weight = mixture.w[k]! * (component.presence ?? 1);
    return weight > 0 ? total + weight * of(component) : total;
  }, 0);
  return sum / (mixturePresence(mixture) ?? 1);
}

function all({ components }: Weighted, has: (component: AnyDistribution) => boolean): boolean {
  return components.every(has);
}

/** Σ w_k m_k. */
export function mixtureMean(mixture: Weighted): number | readonly number[] | undefined {
  if (all(mixture, ({ mean }) => typeof mean === 'number')) return weightedSum(mixture, ({ mean }) => mean as number);
  if (!all(mixture, ({ mean }) => Array.isArray(mean))) return undefined;
  const first = mixture.components[0]!.mean as readonly number[]; // all are lists
  return first.map((_, j) => weightedSum(mixture, ({ mean }) => (mean as readonly number[])[j]!));
}

/** Σ w_k (σ²_k + (m_k - m)²). */
export function mixtureVariance(mixture: Weighted): number | undefined {
  const mean = mixtureMean(mixture);
  if (typeof mean !== 'number' || !all(mixture, ({ variance }) => variance !== undefined)) return undefined;
  return weightedSum(mixture, (f) => f.variance! + ((f.mean as number) - mean) ** 2);
}

/** Σ w_k (Σ_k + (m_k - m)(m_k - m)ᵀ). */
export function mixtureCovariance(mixture: Weighted): readonly (readonly number[])[] | undefined {
  const mean = mixtureMean(mixture);
  if (mean === undefined || typeof mean === 'number') return undefined;
  if (!all(mixture, ({ covariance }) => covariance !== undefined)) return undefined;
  const deviation = (f: AnyDistribution, j: number) => (f.mean as readonly number[])[j]! - mean[j]!;
  return mean.map((_, i) =>
    mean.map((_, j) => weightedSum(mixture, (f) => f.covariance![i]![j]! + deviation(f, i) * deviation(f, j))),
  );
}

/** Σ w_k F_k(x), or the same sum of the upper tails. */
export function mixtureTail(mixture: Weighted, name: 'cdf' | 'survival'): ((x: number) => number) | undefined {
  if (!all(mixture, (f) => f[name] !== undefined)) return undefined;
  return (x) =>
    Math.min(
      weightedSum(mixture, (f) => f[name]!(x)),
      1,
    );
}

/** Halvings between any two doubles. */
const MAX_HALVINGS = 1100;

/** The smallest x with Σ w_k F_k(x) >= p: between the smallest and the largest quantile of the components. */
export function mixtureQuantile(mixture: Weighted): ((p: number) => number) | undefined {
  const cdf = mixtureTail(mixture, 'cdf');
  const survival = mixtureTail(mixture, 'survival');
  if (cdf === undefined || survival === undefined || !all(mixture, (f) => f.quantile !== undefined)) return undefined;
  return (p) => {
    checkProbability('MixtureDistribution.quantile', 'p', p);
    const reaches = (x: number) => (p <= 0.5 ? cdf(x) >= p : survival(x) <= 1 - p);
    const quantiles = mixture.components.filter((_, k) => mixture.w[k]! > 0).map((f) => f.quantile!(p));
    let low = Math.min(...quantiles);
    let high = Math.max(...quantiles);
    if (reaches(low)) return low;
    for (let step = 0; step < MAX_HALVINGS; step++) {
      const middle = low + (high - low) / 2;
      if (middle === low || middle === high) break;
      if (reaches(middle)) high = middle;
      else low = middle;
    }
    return high;
  };
}
