import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../../src/families/diagonalGaussian.js';
import {
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
} from '../../../src/families/multivariateGaussian.js';
import { type Adapter, defined, type Json, optionalNumber } from '../adapter.js';

type Numbers = readonly number[];

/** The golden keys are a list, mean first, where the family can tie its parameters one by one. */
function keysOf({ keys }: Json) {
  if (!Array.isArray(keys)) return { key: (keys ?? undefined) as string | undefined };
  const [mu, sigma2] = keys as (string | null)[];
  return { keys: { mu: mu ?? undefined, sigma2: sigma2 ?? undefined } };
}

const diagonalGaussian: Adapter = {
  type: 'DiagonalGaussian',
  distribution: ({ mu, covar }) => new DiagonalGaussianDistribution({ mu: mu as Numbers, sigma2: covar as Numbers }),
  estimator(json) {
    const [muCount, sigma2Count] = (json.pseudoCount as (number | null)[] | undefined) ?? [];
    const [mu, sigma2] = (json.suffStat as (Numbers | null)[] | undefined) ?? [];
    const prior = defined({
      mu: mu ?? undefined,
      muCount: optionalNumber(muCount),
      sigma2: sigma2 ?? undefined,
      sigma2Count: optionalNumber(sigma2Count),
    });
    return new DiagonalGaussianEstimator(defined({ prior, ...keysOf(json) }));
  },
  is: (model) => model instanceof DiagonalGaussianDistribution,
  describe(model) {
    const { mu, sigma2 } = model as DiagonalGaussianDistribution;
    return { type: 'DiagonalGaussian', mu, covar: sigma2 };
  },
};

const multivariateGaussian: Adapter = {
  type: 'MultivariateGaussian',
  distribution: ({ mu, covar }) =>
    new MultivariateGaussianDistribution({ mu: mu as Numbers, covariance: covar as Numbers[] }),
  estimator(json) {
    const [muCount, covarianceCount] = (json.pseudoCount as (number | null)[] | undefined) ?? [];
    const [mu, covariance] = (json.suffStat as [Numbers | null, Numbers[] | null] | undefined) ?? [];
    const prior = defined({
      mu: mu ?? undefined,
      muCount: optionalNumber(muCount),
      covariance: covariance ?? undefined,
      covarianceCount: optionalNumber(covarianceCount),
    });
    return new MultivariateGaussianEstimator(defined({ prior, key: keysOf(json).key }));
  },
  is: (model) => model instanceof MultivariateGaussianDistribution,
  describe(model) {
    const { mu, covariance } = model as MultivariateGaussianDistribution;
    return { type: 'MultivariateGaussian', mu, covar: covariance };
  },
};

export const adapters: readonly Adapter[] = [diagonalGaussian, multivariateGaussian];
