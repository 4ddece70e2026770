import { checkFamily } from '@dml/stats/testing';
import { describe, it } from 'vitest';
import { LaplaceDistribution, LaplaceEstimator } from './laplace.js';

const laws = checkFamily({
  offers: ['violation', 'sameAs', 'squaredDistances', 'kind', 'hasPrior', 'parameterBlocks'],
  distributions: [
    new LaplaceDistribution({ mu: 0, b: 1 }),
    new LaplaceDistribution({ mu: -1e3, b: 0.01 }),
    new LaplaceDistribution({ mu: 2, b: 30 }),
  ],
  estimator: new LaplaceEstimator(),
  keyed: new LaplaceEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, '1', null, undefined],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: LaplaceDistribution) => d.mu,
    sd: (d: LaplaceDistribution) => Math.SQRT2 * d.b,
  },
  parameters: (d: LaplaceDistribution) => [d.mu, d.b],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});
