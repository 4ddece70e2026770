/**
 * Numbers of which one occurs more often than a family says: f(x) = p g(x) + (1 - p) 1[x = value]. With value 0 and a family of
 * counts these are zero-inflated counts. They are mixtures like any other: what is made here is a {@link MixtureDistribution} or a
 * {@link MixtureEstimator} of a family and of a {@link DiracDistribution}.
 * Source: Lambert (1992), Zero-inflated Poisson regression, Technometrics 34.
 */

import { checkEstimatorOptions } from '../../checks/options.js';
import {
  checkDistribution,
  checkEstimator,
  checkFinite,
  checkObject,
  checkProbability,
} from '../../checks/parameters.js';
import type { AnyDistribution, AnyEstimator } from '../../contract.js';
import { DiracDistribution, DiracEstimator } from '../../families/dirac.js';
import { overSameRows } from '../sharedRows.js';
import { MixtureDistribution, MixtureEstimator } from './mixture.js';
import { MIXTURE_OPTIONS, type MixtureOptions } from './mixtureEstimators.js';

/** A family of numbers, and one number by itself. */
export type DiracMixture<D extends AnyDistribution> = MixtureDistribution<readonly [D, DiracDistribution]>;

/** Options of {@link diracMixtureEstimator}: those of any mixture, and the number. The weight of the family comes first. */
export interface DiracMixtureOptions extends MixtureOptions {
  /** The number that occurs more often. Default 0. */
  readonly value?: number;
}

/**
 * A family of numbers with one number more often.
 * @param dist  the family g, over integers; or a density, which must not hold the value
 * @param parameters  `p`: the probability of a row from `dist`, in [0, 1]; `value`: the number. Default 0
 * @throws {ParameterError}
 * @example
 * const d = diracMixture(new PoissonDistribution({ lambda: 2 }), { p: 0.5 });
 * d.density(0); // 0.5 + 0.5 e^-2
 */
export function diracMixture<D extends AnyDistribution>(
  dist: D,
  parameters: { readonly p: number; readonly value?: number },
): DiracMixture<D> {
  const { p, value = 0 } = checkObject('diracMixture', parameters, ['p']);
  checkDistribution('diracMixture', 'dist', dist);
  checkProbability('diracMixture', 'p', p);
  const components = overSameRows<readonly [D, DiracDistribution]>([dist, new DiracDistribution({ value })]);
  return new MixtureDistribution<readonly [D, DiracDistribution]>(components, { w: [p, 1 - p] });
}

/**
 * An estimator of such a mixture.
 * @param estimator  the estimator of the family
 * @throws {ParameterError}
 * @example
 * const { model } = optimize([0, 0, 0, 0, 2, 3, 1, 4], diracMixtureEstimator(new PoissonEstimator()));
 * const [{ lambda }] = model.components; // the mean of the counts without the extra zeros
 */
export function diracMixtureEstimator<E extends AnyEstimator>(
  estimator: E,
  options: DiracMixtureOptions = {},
): MixtureEstimator<readonly [E, DiracEstimator]> {
  checkEstimator('diracMixtureEstimator', 'estimator', estimator);
  checkEstimatorOptions('diracMixtureEstimator', options, { ...MIXTURE_OPTIONS, value: checkFinite });
  const { value = 0, ...mixture } = options;
  const components = overSameRows<readonly [E, DiracEstimator]>([estimator, new DiracEstimator({ value })]);
  return new MixtureEstimator(components, mixture);
}
