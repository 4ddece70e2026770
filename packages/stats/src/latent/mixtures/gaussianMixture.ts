/**
 * Mixtures of Gaussians under a name of their own. They are mixtures like any other: what is made here is a
 * {@link MixtureDistribution} or a {@link MixtureEstimator} of Gaussians.
 * Source: McLachlan & Peel, Finite Mixture Models (2000), ch. 3.
 */

import { checkEstimatorOptions, checkPriorOptions } from '../../checks/options.js';
import { checkNonNegative, checkObject } from '../../checks/parameters.js';
import { ParameterError } from '../../errors.js';
import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../families/diagonalGaussian.js';
import { GaussianDistribution, GaussianEstimator } from '../../families/gaussian.js';
import type { Vector } from '../../leaf/vectors/vectors.js';
import { checkCopies } from '../../tree/copies.js';
import type { MixtureKeys } from '../responsibilities.js';
import { overSameRows } from '../sharedRows.js';
import { MixtureDistribution, MixtureEstimator } from './mixture.js';
import { MIXTURE_OPTIONS, type MixtureOptions } from './mixtureEstimators.js';

/** A mixture of K Gaussians over numbers. */
export type GaussianMixture = MixtureDistribution<readonly GaussianDistribution[]>;
/** A mixture of K Gaussians over vectors, with independent coordinates within each component. */
export type DiagonalGaussianMixture = MixtureDistribution<readonly DiagonalGaussianDistribution[]>;

/** Imaginary rows of the components: `mu[k]` and `sigma2[k]` are those of component k. */
export interface ComponentPrior<T> {
  readonly mu?: ArrayLike<T>;
  /** Imaginary rows with mean `mu[k]`, for each component. */
  readonly muCount?: number;
  readonly sigma2?: ArrayLike<T>;
  /** Imaginary rows with variance `sigma2[k]`, for each component. A shared variance takes those of all components. */
  readonly sigma2Count?: number;
}

/** Options of a mixture of K Gaussians whose means and variances are of type `T`. */
export interface GaussianMixtureOptions<T> extends MixtureOptions {
  /** The smallest variance of a component; 0 for none. Default: 1e-6 of the variance of all rows. */
  readonly minSigma2?: number;
  /** Imaginary rows of each component. Default: none, maximum likelihood. */
  readonly componentPrior?: ComponentPrior<T>;
  /** As for any mixture; with `sigma2` all components share one variance. */
  readonly keys?: MixtureKeys & { readonly sigma2?: string | undefined };
}

/**
 * A mixture of Gaussians from its parameters.
 * @param parameters  `mu`: K means; `sigma2`: K variances, or one for all; `w`: K weights that sum to 1
 * @throws {ParameterError}
 * @example
 * gaussianMixture({ mu: [0, 4], sigma2: 1, w: [0.25, 0.75] }).components[1].mu; // 4
 */
export function gaussianMixture(parameters: {
  readonly mu: ArrayLike<number>;
  readonly sigma2: number | ArrayLike<number>;
  readonly w: ArrayLike<number>;
}): GaussianMixture {
  const { mu, sigma2, w } = checkObject('gaussianMixture', parameters, ['mu', 'sigma2', 'w']);
  checkList('gaussianMixture', 'mu', mu);
  if (typeof sigma2 !== 'number') checkList('gaussianMixture', 'sigma2', sigma2);
  const variances = typeof sigma2 === 'number' ? Array.from(mu, () => sigma2) : Array.from(sigma2);
  checkCount('gaussianMixture', 'sigma2', variances, mu.length);
  const components = Array.from(mu, (mean, k) => new GaussianDistribution({ mu: mean, sigma2: variances[k]! }));
  return new MixtureDistribution<readonly GaussianDistribution[]>(components, { w });
}

/**
 * An estimator of a mixture of `componentCount` Gaussians.
 * @throws {ParameterError}
 * @example
 * // Two components with one variance:
 * const estimator = gaussianMixtureEstimator(2, { keys: { sigma2: 'common' } });
 * optimize([0.1, -0.2, 9.8, 10.1], estimator).model.components[0].sigma2;
 */
export function gaussianMixtureEstimator(
  componentCount: number,
  options: GaussianMixtureOptions<number> = {},
): MixtureEstimator<readonly GaussianEstimator[]> {
  const make = (component: ComponentOptions<number>) => new GaussianEstimator(component);
  return mixtureOf('gaussianMixtureEstimator', componentCount, options, make, meanOf);
}

/**
 * A mixture of diagonal Gaussians from its parameters.
 * @param parameters  `mu`: K means of d numbers; `sigma2`: K lists of d variances; `w`: K weights that sum to 1
 * @throws {ParameterError}
 * @example
 * const d = diagonalGaussianMixture({ mu: [[0, 0], [4, 4]], sigma2: [[1, 1], [2, 1]], w: [0.5, 0.5] });
 * d.posterior([0, 0]); // [0.9999…, 0.0000…]
 */
export function diagonalGaussianMixture(parameters: {
  readonly mu: ArrayLike<Vector>;
  readonly sigma2: ArrayLike<Vector>;
  readonly w: ArrayLike<number>;
}): DiagonalGaussianMixture {
  const { mu, sigma2, w } = checkObject('diagonalGaussianMixture', parameters, ['mu', 'sigma2', 'w']);
  checkList('diagonalGaussianMixture', 'mu', mu);
  checkList('diagonalGaussianMixture', 'sigma2', sigma2);
  checkCount('diagonalGaussianMixture', 'sigma2', sigma2, mu.length);
  const components = Array.from(mu, (mean, k) => new DiagonalGaussianDistribution({ mu: mean, sigma2: sigma2[k]! }));
  return new MixtureDistribution<readonly DiagonalGaussianDistribution[]>(components, { w });
}

/**
 * An estimator of a mixture of `componentCount` diagonal Gaussians.
 * @throws {ParameterError}
 * @example
 * optimize([[0, 1], [0, 2], [9, 9], [8, 9]], diagonalGaussianMixtureEstimator(2)).model.components.length; // 2
 */
export function diagonalGaussianMixtureEstimator(
  componentCount: number,
  options: GaussianMixtureOptions<Vector> = {},
): MixtureEstimator<readonly DiagonalGaussianEstimator[]> {
  const make = (component: ComponentOptions<Vector>) => new DiagonalGaussianEstimator(component);
  return mixtureOf('diagonalGaussianMixtureEstimator', componentCount, options, make, meanVector);
}

/** The options of one component. */
interface ComponentOptions<T> {
  readonly prior: {
    readonly mu?: T;
    readonly muCount?: number;
    readonly sigma2?: T;
    readonly sigma2Count?: number;
  };
  readonly minSigma2?: number;
  readonly keys: { readonly sigma2?: string | undefined };
}

function mixtureOf<T, E extends GaussianEstimator | DiagonalGaussianEstimator>(
  owner: string,
  componentCount: number,
  given: GaussianMixtureOptions<T>,
  make: (component: ComponentOptions<T>) => E,
  mean: (variances: ArrayLike<T>) => T,
): MixtureEstimator<readonly E[]> {
  checkEstimatorOptions(owner, given, {
    ...MIXTURE_OPTIONS,
    componentPrior: ['mu', 'muCount', 'sigma2', 'sigma2Count'],
    minSigma2: checkNonNegative,
    keys: ['weights', 'components', 'sigma2'],
  });
  const { minSigma2, componentPrior = {}, keys: { sigma2: varianceKey, ...keys } = {}, ...options } = given;
  checkCopies(owner, componentCount, 'componentCount');
  checkPriorOptions(owner, componentPrior, { mu: 'muCount', sigma2: 'sigma2Count' }, { path: 'componentPrior.' });
  const { mu, muCount = 0, sigma2, sigma2Count = 0 } = componentPrior;
  if (mu !== undefined) checkCount(owner, 'componentPrior.mu', mu, componentCount);
  if (sigma2 !== undefined) checkCount(owner, 'componentPrior.sigma2', sigma2, componentCount);
  // A key counts the prior of its holders once, so that one prior stands for the imaginary rows of all components.
  const isShared = varianceKey !== undefined;
  const common = isShared && sigma2 !== undefined ? mean(sigma2) : undefined;
  const components = Array.from({ length: componentCount }, (_, k) =>
    make({
      prior: {
        ...(mu === undefined ? {} : { mu: mu[k]!, muCount }),
        ...(sigma2 === undefined ? {} : { sigma2: common ?? sigma2[k]! }),
        sigma2Count: isShared ? componentCount * sigma2Count : sigma2Count,
      },
      ...(minSigma2 === undefined ? {} : { minSigma2 }),
      keys: { sigma2: varianceKey },
    }),
  );
  return new MixtureEstimator(overSameRows<readonly E[]>(components), { ...options, keys });
}

function meanOf(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((sum, x) => sum + x, 0) / numbers.length;
}

function meanVector(vectors: ArrayLike<Vector>): Vector {
  return Array.from(vectors[0]!, (_, j) => meanOf(Array.from(vectors, (vector) => vector[j]!)));
}

function checkCount(owner: string, parameter: string, list: ArrayLike<unknown>, count: number): void {
  if (list.length !== count) throw new ParameterError(owner, parameter, `a list of ${count} entries`, list);
}

function checkList(owner: string, parameter: string, list: unknown): void {
  if (Array.isArray(list) || ArrayBuffer.isView(list)) return;
  throw new ParameterError(owner, parameter, 'a list with an entry for each component', list);
}
