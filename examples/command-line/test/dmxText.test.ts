import { importDmx } from '@dml/serialize';
import {
  type AnyDistribution,
  BernoulliDistribution,
  DiracDistribution,
  GaussianDistribution,
  MixtureDistribution,
  NegativeBinomialDistribution,
  RecordDistribution,
  StudentTDistribution,
} from '@dml/stats';
import { describe, expect, it } from 'vitest';
import { dmxText } from '../src/dmxText.js';
import { codecOf } from '../src/modelFile.js';

const gaussian = 'GaussianDistribution(mu=-0.0, sigma2=1.0)';
const poisson = 'PoissonDistribution(lam=3.0)';
const word =
  "CategoricalDistribution(pmap={'it\\'s \"a\"': 0.5, 2: 0.25, True: 0.125, None: 0.125}, default_value=0.0)";
const half = Math.log(0.5);

/** A text of each family that can be imported. Probabilities of logarithms are 1, 1/2 and 0, which come back exactly. */
const TEXTS = [
  gaussian,
  word,
  `CompositeDistribution(dists=[${gaussian}, ${word}])`,
  `MixtureDistribution(components=[${gaussian}, ${gaussian}], w=[0.25, 0.75])`,
  `OptionalDistribution(dist=${gaussian}, p=0.1, missing_value=float("nan"))`,
  `OptionalDistribution(dist=${gaussian}, p=None, missing_value=None)`,
  `ConditionalDistribution(dmap={'a': ${gaussian}}, default_dist=${poisson}, given_dist=NullDistribution())`,
  `ConditionalDistribution(dmap={1: ${gaussian}}, default_dist=NullDistribution(), given_dist=IntegerCategoricalDistribution(1, [1.0]))`,
  `IgnoredDistribution(dist=${gaussian})`,
  `SequenceDistribution(dist=${gaussian}, len_dist=${poisson}, len_normalized=True)`,
  `MultinomialDistribution(dist=${word}, len_dist=${poisson}, len_normalized=False)`,
  'IntegerMultinomialDistribution(min_val=-1, p_vec=[0.25, 0.75], len_dist=None)',
  `WeightedDistribution(dist=${gaussian})`,
  "BernoulliSetDistribution(pmap={'a': 0.5, 'b': 1.0}, min_prob=1e-06)",
  'BinomialDistribution(p=0.25, n=10, min_val=2)',
  'DiagonalGaussianDistribution(mu=[0.0, 1e-300], covar=[1.0, 2.5e+21])',
  'DiagonalGaussianMixtureDistribution(mu=[[0.0, 1.0]], covar=[[1.0, 2.0]], w=[1.0])',
  'DirichletDistribution(alpha=[1.0, 2.0])',
  'ExponentialDistribution(beta=2.0)',
  'GammaDistribution(k=2.0, theta=0.5)',
  'GaussianMixtureDistribution(mu=[0.0, 3.0], sigma2=[1.0, 2.0], w=[0.25, 0.75])',
  'GeometricDistribution(p=0.25)',
  `ICLTreeDistribution(dependency_list=[None, 0], conditional_log_densities=[[${half}, ${half}], [[0.0, -inf], [${half}, ${half}]]])`,
  `IntegerBernoulliEditDistribution(log_edit_pmat=[[-inf, 0.0], [${half}, ${half}]], init_dist=None)`,
  'IntegerStepBernoulliEditDistribution(log_edit_pmat=[[0.0, -80.0, -80.0, 0.0]], init_dist=IntegerBernoulliSetDistribution([0.0]))',
  'IntegerBernoulliSetDistribution(log_pvec=[0.0, -inf], log_nvec=None)',
  `IntegerBernoulliSetDistribution(log_pvec=[0.0, ${half}], log_nvec=[-80.0, ${half}])`,
  'IntegerCategoricalDistribution(min_val=-3, p_vec=[0.5, 0.5])',
  'LogGaussianDistribution(mu=1.0, sigma2=0.1)',
  'MultivariateGaussianDistribution(mu=[0.0, 1.0], covar=[[2.0, 0.5], [0.5, 1.0]])',
  'SpikeAndSlabDistribution(k=5, num_vals=10, p=0.75, min_val=3)',
  `DiracMixtureDistribution(dist=${poisson}, p=0.75, v=1)`,
  'SpearmanRankingDistribution(sigma=[0, 1, 2], rho=0.5)',
  poisson,
  'VonMisesFisherDistribution(mu=[0.6, 0.8], kappa=4.0)',
  `HeterogeneousMixtureDistribution(components=[${gaussian}, ExponentialDistribution(2.0)], w=[0.5, 0.5])`,
  `HierarchicalMixtureDistribution(topics=[${word}, ${word}], mixture_weights=[1.0], topic_weights=[[0.25, 0.75]], len_dist=${poisson})`,
  `SemiSupervisedMixtureDistribution(components=[${gaussian}], w=[1.0])`,
  `JointMixtureDistribution([${gaussian}], [${poisson}, ${poisson}], w1=[1.0], w2=[0.5, 0.5], taus12=[[0.25, 0.75]], taus21=[[1.0, 1.0]])`,
  `LDADistribution(topics=[${word}], alpha=[0.5], len_dist=${poisson}, gamma_threshold=1e-08)`,
  `IntegerPLSIDistribution([[0.5, 0.0], [0.25, 0.5], [0.25, 0.5]], [[0.75, 0.25]], [1.0], len_dist=${poisson})`,
  `HiddenAssociationDistribution(ConditionalDistribution({'a': ${word}}, NullDistribution()), given_dist=NullDistribution(), len_dist=${poisson})`,
  `IntegerHiddenAssociationDistribution([[0.5, 0.25, 0.25]], [[1.0], [1.0]], alpha=0.125, len_dist=${poisson})`,
  'SparseMarkovAssociationDistribution([0.5, 0.5], ([0.25, 0.75, 1.0], ([0, 0, 1], [0, 1, 1])), alpha=0.125, len_dist=None)',
  `MarkovChainDistribution({'a': 1.0}, {'a': {'a': 0.5, 2: 0.5}, 2: {'a': 1.0}}, len_dist=${poisson}, default_value=0.0)`,
  `IntegerMarkovChainDistribution(num_values=2, cond_dist=[[0.5, 0.5], [1.0, 0.0]], lag=1, init_dist=None, len_dist=${poisson})`,
  `HiddenMarkovModelDistribution([${gaussian}, ${gaussian}], w=[0.5, 0.5], transitions=[[0.5, 0.5], [0.25, 0.75]], taus=None, len_dist=${poisson})`,
  `HiddenMarkovModelDistribution([${word}], w=[1.0], transitions=[[1.0]], taus=[[1.0]], len_dist=None, terminal_values={None, 2})`,
  `LookbackHiddenMarkovDistribution([SequenceDistribution(${gaussian})], w=[1.0], transitions=[[1.0]], lag=0, init_dist=[NullDistribution()], len_dist=${poisson})`,
  `TreeHiddenMarkovModelDistribution([${gaussian}], w=[1.0], transitions=[[1.0]], len_dist=${poisson}, terminal_level=10)`,
];

const built = (text: string) => codecOf().build(importDmx(text)) as AnyDistribution;

describe('the text of dmx-learn', () => {
  it.each(TEXTS)('gives %s again', (text) => {
    const model = built(text);
    expect(built(dmxText(model))).toStrictEqual(model);
  });

  it('prints numbers, levels and strings as Python does', () => {
    expect(dmxText(built(`CompositeDistribution([${gaussian}, ${word}])`))).toBe(
      'CompositeDistribution(dists=[GaussianDistribution(mu=-0.0, sigma2=1.0), ' +
        'CategoricalDistribution(pmap={"it\'s \\"a\\"": 0.5, 2: 0.25, True: 0.125, None: 0.125}, default_value=0.0)])',
    );
  });

  it('writes a record as a composite, and truth values as levels', () => {
    const record = new RecordDistribution({
      size: new GaussianDistribution({ mu: 1, sigma2: 2 }),
      isOld: new BernoulliDistribution({ p: 0.25 }),
    });
    expect(dmxText(record)).toBe(
      'CompositeDistribution(dists=[GaussianDistribution(mu=1.0, sigma2=2.0), ' +
        'CategoricalDistribution(pmap={False: 0.75, True: 0.25}, default_value=0.0)])',
    );
  });

  it('names every family that is not there', () => {
    const others = [
      new NegativeBinomialDistribution({ mean: 1, size: 2 }),
      new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 3 }),
      new DiracDistribution({ value: 1 }),
    ];
    const mixture = new MixtureDistribution(others, { w: [0.5, 0.25, 0.25] });
    expect(() => dmxText(mixture)).toThrow('dmx-learn has no counterpart of Dirac, NegativeBinomial, StudentT.');
  });
});
