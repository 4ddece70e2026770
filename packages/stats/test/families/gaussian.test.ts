import { describe, it } from 'vitest';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { checkFamily } from '../../src/testing/index.js';

const laws = checkFamily({
  distributions: [
    new GaussianDistribution({ mu: 0, sigma2: 1 }),
    new GaussianDistribution({ mu: 1e6, sigma2: 4 }),
    new GaussianDistribution({ mu: -3, sigma2: 1e-6 }),
  ],
  estimator: new GaussianEstimator(),
  keyed: new GaussianEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, -Infinity, '1', null, undefined, {}, true],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: GaussianDistribution) => d.mu,
    sd: (d: GaussianDistribution) => Math.sqrt(d.sigma2),
  },
  parameters: (d: GaussianDistribution) => [d.mu, d.sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});
