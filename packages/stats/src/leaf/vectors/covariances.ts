/** Covariances from the moments of rows, and their floor: what estimators of Gaussian vectors share. */
import type { Report } from '../../contract.js';
import { EstimationError } from '../../errors.js';
import { cholesky, raiseEigenvalues, raiseRelativeEigenvalues, solveLower } from '../../numeric/cholesky.js';
import { log } from '../../numeric/elementary.js';
import { FLOOR, reportFloor } from '../floor.js';
import type { ScatterStatistic } from './vectorMoments.js';

/** The covariance of all rows and its Cholesky factor. */
interface Spread {
  readonly covariance: Float64Array;
  readonly factor: Float64Array;
}

/** A statistic with the answer that the components of a mixture ask for, one after the other: a weak map would cost more than the estimates. */
interface PooledScatter extends ScatterStatistic {
  spread?: Spread | null;
}

/** The spread of all rows: `null` where it is singular. */
function spreadOf(pooled: PooledScatter): Spread | null {
  if (pooled.spread !== undefined) return pooled.spread;
  const { count, sum } = pooled;
  const shift = sum.map((s) => s / count);
  const covariance = covarianceAbout(pooled, shift, undefined, 0);
  const factor = count > 0 ? cholesky(covariance, sum.length) : undefined;
  pooled.spread = factor === undefined ? null : { covariance, factor };
  return pooled.spread;
}

/** (Σw(x - μ)(x - μ)ᵀ + C·d) / (Σw + d), about the mean at `shift` from the origin. */
export function covarianceAbout(
  { count, sum, scatter }: ScatterStatistic,
  shift: Float64Array,
  prior: Float64Array | undefined,
  priorCount: number,
): Float64Array {
  const d = sum.length;
  const matrix = new Float64Array(d * d);
  for (let i = 0, at = 0; i < d; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const about = scatter[at]! - shift[i]! * sum[j]! - shift[j]! * sum[i]! + count * shift[i]! * shift[j]!;
      const value = (about + (prior === undefined ? 0 : priorCount * prior[i * d + j]!)) / (count + priorCount);
      // Rounding of the diagonal is of the order of ε · shift²: what is below is zero.
      const isZero = i === j && !(value > 8 * Number.EPSILON * shift[i]! * shift[i]!);
      matrix[i * d + j] = isZero ? 0 : value;
      matrix[j * d + i] = matrix[i * d + j]!;
    }
  }
  return matrix;
}

/** What keeps a covariance away from singular ones. */
export interface CovarianceBounds {
  /** The smallest eigenvalue; 0 for none. Default: 1e-6, seen from the covariance of the pooled rows. */
  readonly minEigenvalue?: number | undefined;
  readonly pooled?: ScatterStatistic | undefined;
}

let tried = /* @__PURE__ */ new Float64Array(0);

/** Whether the matrix is positive definite, after `least` of each entry has been taken away. An array per question would cost more. */
function isDefinite(matrix: Float64Array, dimension: number, least?: (at: number) => number): boolean {
  if (tried.length < matrix.length) tried = new Float64Array(matrix.length);
  for (let at = 0; at < matrix.length; at++) tried[at] = matrix[at]! - (least?.(at) ?? 0);
  return cholesky(tried, dimension, tried) !== undefined;
}

/**
 * The matrix itself, or with its small eigenvalues raised; the report says so.
 * @throws {EstimationError} for a singular matrix without a bound
 */
export function definiteCovariance(
  matrix: Float64Array,
  dimension: number,
  { minEigenvalue, pooled }: CovarianceBounds,
  report: Report | undefined,
): Float64Array {
  const all = minEigenvalue === undefined && pooled !== undefined ? spreadOf(pooled) : null;
  if (all !== null) {
    if (isDefinite(matrix, dimension, (at) => FLOOR * all.covariance[at]!)) return matrix;
    const raised = raiseRelativeEigenvalues(matrix, dimension, all.factor, FLOOR);
    if (isDefinite(raised, dimension)) {
      reportFloor(report, 'an eigenvalue of the covariance', 'minEigenvalue', false);
      return raised;
    }
  }
  if (minEigenvalue === undefined || minEigenvalue === 0) {
    if (isDefinite(matrix, dimension)) return matrix;
    throw new EstimationError(
      `MultivariateGaussian: the covariance of the rows is singular in ${dimension} dimensions: too few different rows, ` +
        'or coordinates that determine each other. Set minEigenvalue, ridge or a prior covariance.',
    );
  }
  if (isDefinite(matrix, dimension, (at) => (at % (dimension + 1) === 0 ? minEigenvalue : 0))) return matrix;
  report?.add(
    'degenerate',
    `the covariance has eigenvalues below ${minEigenvalue}; they were raised to it. Set a prior covariance, or give more rows.`,
  );
  const raised = raiseEigenvalues(matrix, dimension, minEigenvalue);
  if (isDefinite(raised, dimension)) return raised;
  throw new EstimationError(
    `MultivariateGaussian: minEigenvalue = ${minEigenvalue} is lost in the rounding of the covariance. Set a larger one.`,
  );
}

/**
 * As {@link definiteCovariance}, of a matrix that is 0 beside its diagonal and stays so: variances below the floor are raised to it,
 * which is the maximum of the likelihood among such matrices.
 * @param isSphere  all variances are equal, and so is their floor: it is that of their mean over all rows
 * @throws {EstimationError} for a variance of 0 without a bound
 */
export function definiteDiagonal(
  matrix: Float64Array,
  dimension: number,
  { minEigenvalue, pooled }: CovarianceBounds,
  isSphere: boolean,
  report: Report | undefined,
): Float64Array {
  const floors = new Float64Array(dimension).fill(minEigenvalue ?? 0);
  if (minEigenvalue === undefined && pooled !== undefined && pooled.count > 0) {
    const shift = pooled.sum.map((s) => s / pooled.count);
    const all = covarianceAbout(pooled, shift, undefined, 0);
    for (let j = 0; j < dimension; j++) floors[j] = FLOOR * all[j * dimension + j]!;
    if (isSphere) floors.fill(floors.reduce((sum, floor) => sum + floor, 0) / dimension);
  }
  const raised = matrix.slice();
  let isRaised = false;
  for (let j = 0; j < dimension; j++) {
    if (raised[j * dimension + j]! >= floors[j]!) continue;
    raised[j * dimension + j] = floors[j]!;
    isRaised = true;
  }
  const definite = definiteCovariance(isRaised ? raised : matrix, dimension, {}, undefined);
  if (isRaised) reportFloor(report, 'a variance', 'minEigenvalue', minEigenvalue !== undefined);
  return definite;
}

/**
 * What `count` rows with mean scatter `scatter` add to the log-likelihood: -½ count (tr Σ⁻¹ C + log |Σ|), but for a constant.
 * @param covariance  Σ, of a distribution
 */
export function logOfScatter(covariance: readonly (readonly number[])[], scatter: Float64Array, count: number): number {
  const d = covariance.length;
  const factor = cholesky(Float64Array.from(covariance.flat()), d)!; // of a distribution
  let sum = 0;
  const half = scatter.slice();
  for (let i = 0; i < d; i++) solveLower(factor, d, half.subarray(i * d, (i + 1) * d));
  for (let i = 0; i < d; i++) {
    const column = Float64Array.from({ length: d }, (_, j) => half[j * d + i]!);
    solveLower(factor, d, column);
    sum += column[i]! + 2 * log(factor[i * d + i]!);
  }
  return -0.5 * count * sum;
}
