import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../../src/families/diagonalGaussian.js';
import { DirichletDistribution, DirichletEstimator } from '../../../src/families/dirichlet.js';
import {
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
} from '../../../src/families/multivariateGaussian.js';
import { VonMisesFisherDistribution, VonMisesFisherEstimator } from '../../../src/families/vonMisesFisher.js';
import {
  type DiagonalGaussianMixture,
  diagonalGaussianMixture,
  diagonalGaussianMixtureEstimator,
  type GaussianMixture,
  gaussianMixture,
  gaussianMixtureEstimator,
} from '../../../src/latent/mixtures/gaussianMixture.js';
import { type Adapter, defined, type Json, optionalNumber, weightPrior } from '../adapter.js';

type Numbers = readonly number[];

/** The golden keys are a list, mean first, where the family can tie its parameters one by one. */
function keysOf({ keys }: Json) {
  if (!Array.isArray(keys)) return { key: (keys ?? undefined) as string | undefined };
  const [mu, sigma2] = keys as (string | null)[];
  return { keys: { mu: mu ?? undefined, sigma2: sigma2 ?? undefined } };
}

const diagonalGaussian: Adapter = {
  type: 'DiagonalGaussian',
  parameters: ['mu', 'covar'],
  options: ['dim', 'pseudoCount', 'suffStat'],
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
  parameters: ['mu', 'covar'],
  options: ['dim', 'pseudoCount', 'suffStat'],
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

const dirichlet: Adapter = {
  type: 'Dirichlet',
  parameters: ['alpha'],
  options: ['dim', 'pseudoCount', 'suffStat', 'delta', 'useMpe'],
  distribution: ({ alpha }) => new DirichletDistribution({ alpha: alpha as Numbers }),
  estimator: (json) =>
    new DirichletEstimator(
      defined({
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: (json.suffStat ?? undefined) as Numbers | undefined,
        key: keysOf(json).key,
      }),
    ),
  is: (model) => model instanceof DirichletDistribution,
  describe: (model) => ({ ...(model as DirichletDistribution).toJSON() }),
};

/** `[weights, means, variances]` of the golden files as options of a mixture of Gaussians. */
function mixtureOptions<T>({ pseudoCount, suffStat, fixedWeights, keys, tied }: Json) {
  const [pseudo, muCount, sigma2Count] = (pseudoCount as (number | null)[] | null | undefined) ?? [];
  const [prior, mu, sigma2] = (suffStat as [Numbers | null, T[] | null, T[] | null] | null | undefined) ?? [];
  const [weights, components] = (keys as (string | null)[] | undefined) ?? [];
  return defined({
    ...weightPrior(pseudo, prior),
    fixedWeights: (fixedWeights ?? undefined) as Numbers | undefined,
    componentPrior: defined({
      mu: mu ?? undefined,
      muCount: optionalNumber(muCount),
      sigma2: sigma2 ?? undefined,
      sigma2Count: optionalNumber(sigma2Count),
    }),
    keys: {
      weights: weights ?? undefined,
      components: components ?? undefined,
      sigma2: tied === true ? 'common' : undefined,
    },
  });
}

/** The golden options leave the number of components to the model. */
const componentCount = ({ params }: Json) => ((params as Json).w as Numbers).length;

const scalarMixture: Adapter = {
  type: 'GaussianMixture',
  parameters: ['mu', 'sigma2', 'w', 'tied'],
  options: ['numComponents', 'fixedWeights', 'tied', 'pseudoCount', 'suffStat'],
  distribution: ({ mu, sigma2, w }) =>
    gaussianMixture({ mu: mu as Numbers, sigma2: sigma2 as number | Numbers, w: w as Numbers }),
  estimator: (json) => gaussianMixtureEstimator(componentCount(json), mixtureOptions<number>(json)),
  isName: true,
  is: () => false,
  describe(model, _build, like) {
    const { components, w } = model as GaussianMixture;
    const variances = components.map(({ sigma2 }) => sigma2);
    // A variance that is shared is one number in the golden files.
    const isShared = typeof like?.sigma2 === 'number' && new Set(variances).size === 1;
    const sigma2 = isShared ? variances[0] : variances;
    return { type: 'GaussianMixture', mu: components.map(({ mu }) => mu), sigma2, w };
  },
};

const diagonalMixture: Adapter = {
  type: 'DiagonalGaussianMixture',
  parameters: ['mu', 'covar', 'w', 'tied'],
  options: ['numComponents', 'dim', 'fixedWeights', 'tied', 'pseudoCount', 'suffStat'],
  distribution: ({ mu, covar, w }) =>
    diagonalGaussianMixture({ mu: mu as Numbers[], sigma2: covar as Numbers[], w: w as Numbers }),
  estimator: (json) => diagonalGaussianMixtureEstimator(componentCount(json), mixtureOptions<Numbers>(json)),
  isName: true,
  is: () => false,
  describe(model) {
    const { components, w } = model as DiagonalGaussianMixture;
    return {
      type: 'DiagonalGaussianMixture',
      mu: components.map((c) => c.mu),
      covar: components.map((c) => c.sigma2),
      w,
    };
  },
};

const vonMisesFisher: Adapter = {
  type: 'VonMisesFisher',
  parameters: ['mu', 'kappa'],
  options: ['dim', 'pseudoCount'],
  distribution: ({ mu, kappa }) => new VonMisesFisherDistribution({ mu: mu as Numbers, kappa: kappa as number }),
  // The reference ignores the pseudo count; ours refuses it without a prior.
  estimator: (json) => new VonMisesFisherEstimator(defined({ key: (json.keys ?? undefined) as string | undefined })),
  is: (model) => model instanceof VonMisesFisherDistribution,
  describe(model) {
    const { mu, kappa } = model as VonMisesFisherDistribution;
    return { type: 'VonMisesFisher', mu, kappa };
  },
};

export const adapters: readonly Adapter[] = [
  vonMisesFisher,
  diagonalGaussian,
  multivariateGaussian,
  dirichlet,
  scalarMixture,
  diagonalMixture,
];
