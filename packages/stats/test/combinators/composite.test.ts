import { describe, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const pair = (mu: number, sigma2: number, a: number) =>
  new CompositeDistribution([new GaussianDistribution({ mu, sigma2 }), new CategoricalDistribution({ a, b: 1 - a })]);

const laws = checkFamily({
  offers: [...PARENT, 'isUnbounded', 'rowCodes', 'squaredDistances', 'pooling', 'marginalOf', 'conditioned'],
  notShown: ['rowCodes'],
  distributions: [pair(0, 1, 0.25), pair(5, 0.25, 0.5)],
  unbounded: { distribution: new CompositeDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })]), pole: [0] },
  estimator: new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]),
  keyed: new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()], { key: 'shared' }),
  refused: [[1], [1, 'a', 2], ['a', 1], null, undefined, 'ab', { 0: 1, 1: 'a' }, [Number.NaN, 'a'], [1, undefined]],
  impossible: [[0, 'c']],
  parameters: (d: ReturnType<typeof pair>) => [d.dists[0].mu, d.dists[0].sigma2, d.dists[1].density('a')],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for levels', () => {
  const levels = (a: number) =>
    new CompositeDistribution([
      new CategoricalDistribution({ a, b: 1 - a }),
      new CategoricalDistribution({ x: 1 - a, y: a }),
    ]);
  const coded = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'rowCodes', 'squaredDistances', 'marginalOf', 'conditioned'],
    notShown: ['isUnbounded', 'kind'],
    distributions: [levels(0.25), levels(0.5)],
    estimator: new CompositeEstimator([new CategoricalEstimator(), new CategoricalEstimator()]),
  });
  for (const { law, run } of coded) it(law, run);
});
