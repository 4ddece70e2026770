import { describe, expect, it } from 'vitest';
import { ExponentialDistribution, ExponentialEstimator } from '../../src/families/exponential.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'sameAs', 'pooling'],
  notShown: ['pooling'],
  distributions: [1, 1e-6, 350].map((mean) => new ExponentialDistribution({ mean })),
  estimator: new ExponentialEstimator(),
  keyed: new ExponentialEstimator({ key: 'shared' }),
  rows: [0],
  refused: [-1e-300, Number.NaN, Infinity, '1', null, undefined, false],
  support: { interval: [0, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: ExponentialDistribution) => d.mean,
    sd: (d: ExponentialDistribution) => d.mean,
  },
  parameters: (d: ExponentialDistribution) => [d.mean],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Exponential', () => {
  it('has 0 in its support and nothing below', () => {
    const d = new ExponentialDistribution({ mean: 4 });
    expect(d.density(0)).toBeCloseTo(0.25, 15);
    expect(d.density(-1e-300)).toBe(0);
  });

  it('keeps a mean > 0 when all rows are 0, and says so', () => {
    const algorithm = em(new ExponentialEstimator());
    const columns = algorithm.encode([0, 0]);
    const steps = algorithm.steps(columns);
    const start = new ExponentialDistribution({ mean: 1 });
    const { model, findings } = steps.maximization(start, steps.expectation(start, columns, 0, 2));
    expect(model.mean).toBe(2 ** -1022);
    expect(findings.map(({ kind }) => kind)).toEqual(['degenerate']);
    expect(optimize([0, 0], new ExponentialEstimator({ minMean: 0.5 })).model.mean).toBe(0.5);
  });

  it('pulls towards mean 1 with a pseudo count alone', () => {
    expect(optimize([5, 5], new ExponentialEstimator({ pseudoCount: 2 })).model.mean).toBe(3);
  });
});
