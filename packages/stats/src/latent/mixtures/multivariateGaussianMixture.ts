/**
 * Mixtures of Gaussian vectors under a name of their own, with the covariances that mclust knows. They are mixtures like any other.
 * Source: Fraley & Raftery (2002), Model-based clustering, discriminant analysis, and density estimation.
 */

import { checkEstimatorOptions } from '../../checks/options.js';
import { checkNonNegative, checkObject } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import { MultivariateGaussianDistribution } from '../../families/multivariateGaussian.js';
import {
  type ShapedGaussianEstimator,
  type ShapedGaussianOptions,
  shapedGaussians,
} from '../../families/shapedGaussians.js';
import { missingOf } from '../../leaf/vectors/vectorGaps.js';
import type { Gap, Vector } from '../../leaf/vectors/vectors.js';
import { checkCopies } from '../../tree/copies.js';
import { overSameRows } from '../sharedRows.js';
import { MixtureDistribution, MixtureEstimator } from './mixture.js';
import { MIXTURE_OPTIONS, type MixtureOptions } from './mixtureEstimators.js';

/** A mixture of K Gaussians over vectors. */
export type MultivariateGaussianMixture<M extends Gap = never> = MixtureDistribution<
  readonly MultivariateGaussianDistribution<M>[]
>;

/** Options of {@link multivariateGaussianMixtureEstimator}. */
export interface MultivariateGaussianMixtureOptions<M extends Gap = never>
  extends MixtureOptions,
    Partial<ShapedGaussianOptions<M>> {}

/**
 * A mixture of Gaussian vectors from its parameters.
 * @param parameters  `mu`: K means of d numbers; `covariance`: K covariances, each d rows of d; `w`: K weights that sum to 1
 * @throws {ParameterError}
 * @example
 * const covariance = [[2, 1], [1, 2]];
 * multivariateGaussianMixture({ mu: [[0, 0], [4, 4]], covariance: [covariance, covariance], w: [0.5, 0.5] }).mean; // [2, 2]
 */
export function multivariateGaussianMixture(parameters: {
  readonly mu: ArrayLike<Vector>;
  readonly covariance: ArrayLike<ArrayLike<Vector>>;
  readonly w: ArrayLike<number>;
}): MultivariateGaussianMixture {
  const owner = 'multivariateGaussianMixture';
  const { mu, covariance, w } = checkObject(owner, parameters, ['mu', 'covariance', 'w']);
  for (const [name, list] of Object.entries({ mu, covariance })) {
    if (Array.isArray(list) && list.length === mu.length) continue;
    throw new ParameterError(owner, name, 'a list with an entry for each component', list);
  }
  const components = Array.from(
    mu,
    (mean, k) => new MultivariateGaussianDistribution({ mu: mean, covariance: covariance[k]! }),
  );
  return new MixtureDistribution<readonly MultivariateGaussianDistribution[]>(components, { w });
}

/**
 * An estimator of a mixture of `componentCount` Gaussian vectors.
 * @param options  `covariance`: what the covariances have in common, default `'VVV'`, nothing: see {@link shapedGaussians}
 * @throws {ParameterError}
 * @example
 * const rows = [[0, 0], [1, 0.5], [0, 1], [8, 8], [9, 8.5], [8, 9]];
 * const estimator = multivariateGaussianMixtureEstimator(2, { covariance: 'EEE' });
 * optimize(rows, estimator, { seed: 1 }).model.components.length; // 2
 */
export function multivariateGaussianMixtureEstimator<M extends Gap = never>(
  componentCount: number,
  options: MultivariateGaussianMixtureOptions<M> = {},
): MixtureEstimator<readonly ShapedGaussianEstimator<M>[]> {
  const owner = 'multivariateGaussianMixtureEstimator';
  checkEstimatorOptions<MultivariateGaussianMixtureOptions<M>>(owner, options, {
    ...MIXTURE_OPTIONS,
    covariance: true,
    minEigenvalue: checkNonNegative,
    ridge: checkNonNegative,
    missing: true,
  });
  checkCopies(owner, componentCount, 'componentCount');
  const { covariance = 'VVV', minEigenvalue, ridge, missing, ...others } = options;
  const components = shapedGaussians<number, M>(componentCount, {
    covariance,
    ...(minEigenvalue === undefined ? {} : { minEigenvalue }),
    ...(ridge === undefined ? {} : { ridge }),
    ...missingOf<M>({ missing }),
  });
  return new MixtureEstimator(overSameRows<readonly ShapedGaussianEstimator<M>[]>(components), others);
}
