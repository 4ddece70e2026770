import { describe, expect, it } from 'vitest';
import { OptionError, ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';

const gaussian = new stats.GaussianDistribution({ mu: 0, sigma2: 1 });
const geometric = new stats.GeometricDistribution({ p: 0.5 });
const poisson = new stats.PoissonDistribution({ lambda: 2 });
const pairs = new stats.SequenceDistribution(gaussian);
const even = { w: [0.5, 0.5] };
const rows = [
  [0.9, 0.1],
  [0.2, 0.8],
];

/** Models whose parameters are more than numbers. */
const models = [
  new stats.CategoricalDistribution({ a: 0.3, b: 0.7 }),
  new stats.IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.5] }),
  new stats.DirichletDistribution({ alpha: [1, 2] }),
  new stats.DiagonalGaussianDistribution({ mu: [0, 0], sigma2: [1, 1] }),
  new stats.MultivariateGaussianDistribution({ mu: [0], covariance: [[1]] }),
  new stats.VonMisesFisherDistribution({ mu: [1, 0], kappa: 2 }),
  new stats.CompositeDistribution([gaussian, poisson]),
  new stats.RecordDistribution({ height: gaussian }),
  new stats.OptionalDistribution(gaussian, { p: 0.1 }),
  new stats.SequenceDistribution(gaussian, { length: poisson }),
  new stats.MultinomialDistribution(gaussian, { length: poisson }),
  new stats.WeightedDistribution(gaussian),
  new stats.ConditionalDistribution({ a: gaussian, b: gaussian }),
  new stats.MixtureDistribution([gaussian, gaussian], even),
  new stats.MixtureDistribution([gaussian, new stats.ExponentialDistribution({ mean: 1 })], even),
  new stats.SemiSupervisedMixtureDistribution([gaussian, gaussian], even),
  new stats.JointMixtureDistribution([gaussian, gaussian], [poisson, poisson], { w1: [0.5, 0.5], tau12: rows }),
  new stats.LatentDirichletAllocationDistribution([gaussian, gaussian], { alpha: [1, 2], length: poisson }),
  new stats.IntegerPlsiDistribution({ words: rows, states: rows, documents: [0.5, 0.5], length: poisson }),
  new stats.HiddenAssociationDistribution(new stats.ConditionalDistribution({ a: gaussian }), { length: poisson }),
  new stats.IntegerHiddenAssociationDistribution({ states: rows, targets: rows, background: 0.1, length: poisson }),
  new stats.SparseMarkovAssociationDistribution({
    initial: [0.5, 0.5],
    transitions: { from: [0], to: [1], p: [1] },
    length: new stats.CompositeDistribution([poisson, poisson]),
  }),
  new stats.HierarchicalMixtureDistribution([gaussian, gaussian], { ...even, tau: rows, length: poisson }),
  new stats.MarkovChainDistribution({ initial: { a: 1 }, transitions: { a: { a: 1 } }, length: poisson }),
  new stats.IntegerMarkovChainDistribution({ conditional: rows, length: poisson }),
  new stats.HiddenMarkovDistribution([gaussian, gaussian], { ...even, transitions: rows, length: poisson }),
  new stats.LookbackHiddenMarkovDistribution([pairs, pairs], { ...even, transitions: rows, lag: 1, length: poisson }),
  new stats.HiddenSemiMarkovDistribution([gaussian, gaussian], [geometric, geometric], {
    ...{ ...even, transitions: rows, length: poisson },
    maxDuration: 5,
  }),
  new stats.TreeHiddenMarkovDistribution([gaussian, gaussian], { ...even, transitions: rows, childCount: poisson }),
];

/** What a hand-edited file or a program in JavaScript may hold in the place of anything. */
const odd = [
  ...[null, true, Number.NaN, -1, 'x', [], [null], [[]], [[null]], [1], [[1]], [['a']], [['a', null]], [[1, [1]]]],
  ...[{}, { a: null }, { type: 'Gaussian' }, [gaussian, null], [gaussian, 1], [['a', gaussian], null], () => 1, 1n],
];

describe('a model from plain data', () => {
  it.each(models.map((model) => [model.toJSON().type, model] as const))(
    'says which field of %s is wrong, never in the words of the engine',
    (type, model) => {
      const found = stats.modelTypes.find(({ typeName }) => typeName === type)!;
      // Select alone asks for more than the fields; it is not among the models.
      const fromJSON = (fields: Readonly<Record<string, unknown>>) => found.fromJSON(fields, found.typeVersion);
      const { type: _, ...fields } = model.toJSON() as stats.ModelJSON;
      expect(fromJSON(fields)).toBeDefined();
      let refused = 0;
      for (const name of Object.keys(fields)) {
        for (const value of odd) {
          try {
            fromJSON({ ...fields, [name]: value });
          } catch (error) {
            if (!(error instanceof ParameterError || error instanceof OptionError)) throw error;
            refused += 1;
          }
        }
      }
      expect(refused).toBeGreaterThan(odd.length / 2);
    },
  );
});
