import { describe, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixture.js';
import { checkFamily } from '../../src/testing/index.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });
const e = new GaussianEstimator();
const two = (w: number, distance: number) =>
  new MixtureDistribution([gaussian(0), gaussian(distance, 0.25)], { w: [w, 1 - w] });

const laws = checkFamily({
  distributions: [two(0.25, 6), two(0.5, 3)],
  estimator: new MixtureEstimator([e, e]),
  refused: [Number.NaN, 'x', null],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: ReturnType<typeof two>) => d.w[1]! * d.components[1].mu,
    sd: (d: ReturnType<typeof two>) =>
      Math.sqrt(d.w[0]! + d.w[1]! * (0.25 + d.components[1].mu ** 2) - (d.w[1]! * d.components[1].mu) ** 2),
  },
  parameters: (d: ReturnType<typeof two>) => [...d.w, ...d.components.flatMap(({ mu, sigma2 }) => [mu, sigma2])],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for a mixture of composites of a mixture', () => {
  const inner = (mu: number) => new MixtureDistribution([gaussian(mu), gaussian(mu + 4)], { w: [0.5, 0.5] });
  const field = (mu: number, a: number) =>
    new CompositeDistribution([inner(mu), new CategoricalDistribution({ a, b: 1 - a })]);
  const estimator = new CompositeEstimator([new MixtureEstimator([e, e]), new CategoricalEstimator()]);
  const nested = checkFamily({
    distributions: [new MixtureDistribution([field(0, 0.25), field(20, 0.75)], { w: [0.25, 0.75] })],
    estimator: new MixtureEstimator([estimator, estimator]),
    refused: [['x', 'a'], [1, undefined], [1], 3],
    impossible: [[0, 'c']],
  });
  for (const { law, run } of nested) it(law, run);
});
