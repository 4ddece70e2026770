/**
 * Coordinates that no row has. They depend on the imaginary rows alone, and EM would approach their limit slowly; here they get it
 * at once. With u the unseen ones, o the others, and imaginary rows of mean m and scatter C:
 * Σ_uo = B Σ_oo and Σ_uu = C_uu + B (Σ_oo - C_oo) Bᵀ, where B = C_uo C_oo⁻¹, and μ_u = m_u + B (μ_o - m_o).
 * Source: Anderson, Maximum likelihood estimates for a multivariate normal distribution when some observations are missing (1957).
 */
import type { Report } from '../../contract.js';
import { cholesky, inverseOfLower } from '../../numeric/cholesky.js';
import type { ScatterStatistic } from './vectorMoments.js';

/** The coordinates that no row has, each with its finding. */
export function unseenOf({ count, seen }: ScatterStatistic, report: Report | undefined): readonly number[] {
  const unseen = !(count > 0) || seen === undefined ? [] : [...seen.keys()].filter((j) => seen[j] === 0);
  for (const j of unseen) report?.add('dead', `no row has coordinate ${j}, so only a prior says something of it.`);
  return unseen;
}

/** What an estimator knows of them beside rows. */
interface Imaginary {
  readonly mu?: ArrayLike<number> | undefined;
  readonly muCount?: number;
  /** Row-major, as that of the estimate. */
  readonly covariance?: Float64Array | undefined;
  readonly covarianceCount?: number;
  /** What was added to each variance. */
  readonly ridge: number;
}

/**
 * Sets the unseen coordinates of an estimate, in the mean and in the covariance, where imaginary rows determine them. Does nothing
 * where the scatter of the others is singular. Each coordinate is a finding.
 */
export function settleUnseen(
  statistic: ScatterStatistic,
  { mu, covariance }: { readonly mu: Float64Array; readonly covariance: Float64Array },
  imaginary: Imaginary,
  report: Report | undefined,
): void {
  const unseen = unseenOf(statistic, report);
  const { muCount = 0, covarianceCount = 0 } = imaginary;
  if (unseen.length === 0 || !(muCount > 0 || covarianceCount > 0)) return;
  // Each step adds the ridge for all rows, so where steps lead it counts as often as there are rows for each imaginary one.
  const added = imaginary.ridge * (1 + statistic.count / covarianceCount);
  const scatter =
    covarianceCount > 0 && imaginary.covariance !== undefined
      ? imaginary.covariance.map((value, at) => (at % (mu.length + 1) === 0 ? value + added : value))
      : covariance.slice();
  const mean = muCount > 0 ? imaginary.mu : undefined;
  const d = mu.length;
  const others = [...mu.keys()].filter((j) => !unseen.includes(j));
  const k = others.length;
  const factor = cholesky(
    Float64Array.from({ length: k * k }, (_, at) => scatter[others[Math.floor(at / k)]! * d + others[at % k]!]!),
    k,
  );
  if (factor === undefined) return;
  const inverse = inverseOfLower(factor, k);
  const sum = (terms: number, term: (p: number) => number) => {
    let total = 0;
    for (let p = 0; p < terms; p++) total += term(p);
    return total;
  };
  const slopes = unseen.map((u) => {
    const scaled = others.map((_, i) => sum(i + 1, (p) => inverse[i * k + p]! * scatter[u * d + others[p]!]!));
    return others.map((_, p) => sum(k - p, (i) => inverse[(p + i) * k + p]! * scaled[p + i]!));
  });
  for (const [a, u] of unseen.entries()) {
    const slope = slopes[a]!;
    for (const j of others) {
      const value = sum(k, (p) => slope[p]! * covariance[others[p]! * d + j]!);
      covariance[u * d + j] = value;
      covariance[j * d + u] = value;
    }
    if (mean === undefined) continue;
    mu[u] = mean[u]! + sum(k, (p) => slope[p]! * (mu[others[p]!]! - mean[others[p]!]!));
  }
  for (const [a, u] of unseen.entries()) {
    for (const v of unseen.slice(0, a + 1)) {
      const change = (p: number) => covariance[v * d + others[p]!]! - scatter[v * d + others[p]!]!;
      const value = scatter[u * d + v]! + sum(k, (p) => slopes[a]![p]! * change(p));
      covariance[u * d + v] = value;
      covariance[v * d + u] = value;
    }
  }
}
