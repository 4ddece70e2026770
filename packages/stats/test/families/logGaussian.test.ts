import { describe, expect, it } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { LogGaussianDistribution, LogGaussianEstimator } from '../../src/families/logGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'begin', 'sameAs', 'children', 'pooling'],
  distributions: [
    new LogGaussianDistribution({ mu: 0, sigma2: 0.3 }),
    new LogGaussianDistribution({ mu: 5, sigma2: 0.01 }),
    new LogGaussianDistribution({ mu: -4, sigma2: 0.5 }),
  ],
  estimator: new LogGaussianEstimator(),
  keyed: new LogGaussianEstimator({ key: 'shared' }),
  refused: [0, -1, Number.NaN, Infinity, '1', null, undefined, true],
  support: { interval: [0, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: LogGaussianDistribution) => Math.exp(d.mu + d.sigma2 / 2),
    sd: (d: LogGaussianDistribution) => Math.exp(d.mu + d.sigma2 / 2) * Math.sqrt(Math.expm1(d.sigma2)),
  },
  parameters: (d: LogGaussianDistribution) => [d.mu, d.sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('LogGaussian', () => {
  it('scores 0 and below as -Infinity', () => {
    const d = new LogGaussianDistribution({ mu: 0, sigma2: 1 });
    expect([0, -0, -2, -Infinity, Infinity].map((x) => d.logDensity(x))).toEqual(Array(5).fill(-Infinity));
  });

  it('is the Gaussian of the logarithms', () => {
    const rows = [1, 2, 8, 0.5];
    const { mu, sigma2 } = optimize(rows.map(Math.log), new GaussianEstimator()).model;
    expect(optimize(rows, new LogGaussianEstimator()).model.toJSON()).toEqual({ type: 'LogGaussian', mu, sigma2 });
  });

  it('shares no key with a Gaussian', () => {
    const pair = new CompositeEstimator([new GaussianEstimator({ key: 'k' }), new LogGaussianEstimator({ key: 'k' })]);
    expect(() => optimize([[1, 2]], pair)).toThrow(expect.objectContaining({ code: 'ESTIMATION' }));
  });
});
