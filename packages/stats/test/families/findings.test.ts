import { describe, expect, it } from 'vitest';
import type { AnyEstimator } from '../../src/contract.js';
import * as stats from '../../src/index.js';

/** Rows whose estimate sits on the border of the parameter space, for every family that has one. */
const border: readonly (readonly [string, AnyEstimator, readonly unknown[]])[] = [
  ['Bernoulli', new stats.BernoulliEstimator(), [true, true]],
  ['BernoulliSet', new stats.BernoulliSetEstimator(), [['a'], ['a']]],
  ['Beta', new stats.BetaEstimator(), [0.25, 0.25]],
  ['Binomial', new stats.BinomialEstimator(), [3, 3]],
  ['Categorical', new stats.CategoricalEstimator<string>({ pseudoCount: 0, prior: { a: 0.5, b: 0.5 } }), ['a', 'a']],
  [
    'DiagonalGaussian',
    new stats.DiagonalGaussianEstimator(),
    [
      [1, 2],
      [1, 3],
    ],
  ],
  [
    'Dirichlet',
    new stats.DirichletEstimator(),
    [
      [0.25, 0.75],
      [0.25, 0.75],
    ],
  ],
  ['Exponential', new stats.ExponentialEstimator(), [0, 0]],
  ['Gamma', new stats.GammaEstimator(), [2, 2]],
  ['Gaussian', new stats.GaussianEstimator(), [2, 2]],
  ['Geometric', new stats.GeometricEstimator(), [1, 1]],
  [
    'IntegerBernoulliSet',
    new stats.IntegerBernoulliSetEstimator(),
    [
      [1, 2],
      [2, 1],
    ],
  ],
  ['IntegerCategorical', new stats.IntegerCategoricalEstimator({ min: 0, max: 3 }), [2, 2]],
  [
    'IntegerChowLiuTree',
    new stats.IntegerChowLiuTreeEstimator(),
    [
      [1, 0],
      [1, 0],
    ],
  ],
  ['LogGaussian', new stats.LogGaussianEstimator(), [2, 2]],
  ['SpikeAndSlab', new stats.SpikeAndSlabEstimator({ min: 0, max: 3 }), [2, 2]],
  [
    'MultivariateGaussian',
    new stats.MultivariateGaussianEstimator({ minEigenvalue: 1e-3 }),
    [
      [1, 1],
      [2, 2],
    ],
  ],
  ['NegativeBinomial', new stats.NegativeBinomialEstimator(), [2, 2, 3]],
  ['Poisson', new stats.PoissonEstimator(), [0, 0]],
  [
    'SpearmanRanking',
    new stats.SpearmanRankingEstimator(),
    [
      [1, 0],
      [1, 0],
    ],
  ],
  ['StudentT', new stats.StudentTEstimator(), [2, 2]],
  ['Uniform', new stats.UniformEstimator(), [2, 2]],
  [
    'VonMisesFisher',
    new stats.VonMisesFisherEstimator(),
    [
      [0, 1],
      [0, 1],
    ],
  ],
  ['Weibull', new stats.WeibullEstimator(), [2, 2]],
];

/** Families whose rows have a length that only rows tell. */
const dimensioned = new Set([
  'DiagonalGaussian',
  'Dirichlet',
  'IntegerChowLiuTree',
  'MultivariateGaussian',
  'SpearmanRanking',
  'VonMisesFisher',
]);

describe('findings of a leaf', () => {
  it.each(border)('%s on the border of its parameters is degenerate, and says what to do', (_, estimator, rows) => {
    const { findings } = stats.optimize([...rows, rows[0]], estimator);
    expect(findings.map(({ kind }) => kind)).toEqual(['degenerate']);
    expect(findings[0]!.message).toMatch(/Set |Use /);
  });

  it.each(border)('%s without weight is dead, below a parent that has some', (name, estimator, rows) => {
    const optional = new stats.OptionalEstimator(estimator);
    const fit = () => stats.optimize([...rows, null], optional, { weights: [...rows.map(() => 0), 1] });
    // Rows of weight 0 are as if absent, and a family that learns its dimension from rows has none then.
    if (dimensioned.has(name)) return expect(fit).toThrow(/there are no rows/);
    expect(fit().findings).toMatchObject([{ kind: 'dead', path: 'dist', message: 'no weight reached this family.' }]);
  });
});
