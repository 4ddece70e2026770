/**
 * Integers with counts, under a name of their own. What is made here is a {@link MultinomialDistribution} or a
 * {@link MultinomialEstimator} over the {@link IntegerCategoricalDistribution}: rows are lists of pairs of an integer and its count.
 */

import { checkEstimatorOptions } from '../checks/options.js';
import { checkObject } from '../checks/parameters.js';
import type { AnyDistribution, AnyEstimator } from '../contract.js';
import {
  IntegerCategoricalDistribution,
  IntegerCategoricalEstimator,
  type IntegerCategoricalOptions,
} from '../families/integerCategorical.js';
import {
  MultinomialDistribution,
  MultinomialEstimator,
  type MultinomialOptions,
  type MultinomialParameters,
} from './multinomial.js';
import type { NullDistribution, NullEstimator } from './null.js';

/** Counts of the integers min … min + L - 1. */
export type IntegerMultinomial<L extends AnyDistribution = NullDistribution> = MultinomialDistribution<
  IntegerCategoricalDistribution,
  L
>;

/** Options of {@link integerMultinomialEstimator}: those of the integers' probabilities, and of the totals. */
export type IntegerMultinomialOptions<L extends AnyEstimator = NullEstimator> = IntegerCategoricalOptions &
  MultinomialOptions<L>;

/**
 * Counts of integers from their probabilities.
 * @param parameters  `min`: an integer; `p`: the probabilities of min, min + 1, …; `length` and `lengthNormalized` as for any
 *   {@link MultinomialDistribution}
 * @throws {ParameterError}
 * @example
 * integerMultinomial({ min: 0, p: [0.2, 0.5, 0.3] }).density([[0, 1], [2, 2]]); // 0.2 · 0.3²
 */
export function integerMultinomial<L extends AnyDistribution = NullDistribution>(
  parameters: { readonly min: number; readonly p: ArrayLike<number> } & MultinomialParameters<L>,
): IntegerMultinomial<L> {
  const { min, p, ...rest } = checkObject('integerMultinomial', parameters, ['min', 'p']);
  return new MultinomialDistribution(
    new IntegerCategoricalDistribution({ min, p }),
    rest as unknown as MultinomialParameters<L>, // what is left of the two types
  );
}

/**
 * An estimator of counts of integers. With a pseudo count c and L integers p_k = (n_k + c/L) / (n + c), where n_k sums the counts
 * of integer k by the weights of the rows.
 * @throws {ParameterError}
 * @example
 * optimize([[[0, 1], [1, 3]], [[1, 4]]], integerMultinomialEstimator()).model.dist.p; // [1/8, 7/8]
 */
export function integerMultinomialEstimator<L extends AnyEstimator = NullEstimator>(
  options: IntegerMultinomialOptions<L> = {},
): MultinomialEstimator<IntegerCategoricalEstimator, L> {
  checkEstimatorOptions<IntegerMultinomialOptions<AnyEstimator>>('integerMultinomialEstimator', options, {
    min: true,
    max: true,
    pseudoCount: true,
    prior: true,
    length: true,
    lengthNormalized: true,
    key: true,
  });
  const { length, lengthNormalized, key, ...integers } = options;
  return new MultinomialEstimator(new IntegerCategoricalEstimator(integers), {
    ...(length === undefined ? {} : { length }),
    ...(lengthNormalized === undefined ? {} : { lengthNormalized }),
    ...(key === undefined ? {} : { key }),
  });
}
