/** Models that the tests of this folder ask. */
import {
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  GaussianDistribution,
  MixtureDistribution,
  MultivariateGaussianDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
} from '../../src/index.js';

export const normal = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });

/** Numbers that depend on each other, beside a level and a count. */
const animal = (mu: number, p: number) =>
  new RecordDistribution({
    measures: new MultivariateGaussianDistribution({
      mu: [mu, 2 * mu, -mu],
      covariance: [
        [2, 0.8, -0.3],
        [0.8, 1.5, 0.4],
        [-0.3, 0.4, 1],
      ],
    }),
    kind: new CategoricalDistribution({ cat: p, dog: 1 - p }),
    visits: new PoissonDistribution({ lambda: 1 + mu }),
  });

/** Two kinds of animals. */
export const animals = new MixtureDistribution([animal(0, 0.9), animal(3, 0.2)], { w: [0.4, 0.6] });

export const pair = new CompositeDistribution([
  normal(1),
  new CategoricalDistribution({ a: 0.25, b: 0.75 }),
  new OptionalDistribution(normal(5), { p: 0.125 }),
]);

export const vector = new MultivariateGaussianDistribution({
  mu: [1, -1, 0.5],
  covariance: [
    [2, 0.6, 0.2],
    [0.6, 1, -0.4],
    [0.2, -0.4, 3],
  ],
});

export const diagonal = new DiagonalGaussianDistribution({ mu: [1, 2, 3], sigma2: [1, 4, 9] });

export const byKind = new ConditionalDistribution(
  { cat: normal(4), dog: normal(20, 50) },
  { given: new CategoricalDistribution({ cat: 0.75, dog: 0.25 }) },
);
