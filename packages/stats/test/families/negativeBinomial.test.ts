import { describe, expect, it } from 'vitest';
import { NegativeBinomialDistribution, NegativeBinomialEstimator } from '../../src/families/negativeBinomial.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, 'slice', 'take', 'concat', 'rowCodes', 'seqInitialize', 'mean'],
  distributions: [
    new NegativeBinomialDistribution({ mean: 3, size: 2 }),
    new NegativeBinomialDistribution({ mean: 0.4, size: 0.3 }),
    new NegativeBinomialDistribution({ mean: 40, size: 6 }),
  ],
  estimator: new NegativeBinomialEstimator(),
  keyed: new NegativeBinomialEstimator({ key: 'shared' }),
  refused: [-1, 0.5, 2 ** 22, Number.NaN, Infinity, '1', null, undefined, true],
  support: { integers: [0, 800] },
  moments: {
    of: (x: number) => x,
    mean: (d: NegativeBinomialDistribution) => d.mean,
    sd: (d: NegativeBinomialDistribution) => Math.sqrt(d.mean + d.mean ** 2 / d.size),
  },
  parameters: (d: NegativeBinomialDistribution) => [d.mean, 1 / d.size],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('NegativeBinomial', () => {
  it('is geometric on 0, 1, 2, … for size 1', () => {
    const d = new NegativeBinomialDistribution({ mean: 3, size: 1 });
    for (const x of [0, 1, 7]) expect(d.density(x)).toBeCloseTo(0.25 * 0.75 ** x, 14);
  });

  it('becomes the Poisson distribution for a large size, without losing digits', () => {
    const poisson = new PoissonDistribution({ lambda: 7 });
    const d = new NegativeBinomialDistribution({ mean: 7, size: 1e14 });
    for (const x of [0, 3, 7, 40]) expect(d.logDensity(x)).toBeCloseTo(poisson.logDensity(x), 9);
  });

  it('zeroes the score equations to 1e-10', () => {
    const rows = [0, 0, 1, 3, 12, 0, 5];
    const weights = [1, 2, 0.5, 1.5, 1, 0, 3];
    const { mean, size } = optimize(rows, new NegativeBinomialEstimator(), { weights }).model;
    const n = weights.reduce((a, b) => a + b);
    const average = (f: (x: number) => number) => rows.reduce((sum, x, i) => sum + (weights[i]! * f(x)) / n, 0);
    expect(mean).toBeCloseTo(
      average((x) => x),
      12,
    );
    expect(average((x) => digamma(x + size)) - digamma(size) - Math.log1p(mean / size)).toBeCloseTo(0, 11);
  });

  it('finds a size of 20000, where the plain score has no digits', () => {
    // Rows with variance = mean + mean²/size: a fine grid of a negative binomial's own probabilities as weights.
    const truth = new NegativeBinomialDistribution({ mean: 50, size: 2e4 });
    const rows = Array.from({ length: 200 }, (_, x) => x);
    const { model } = optimize(rows, new NegativeBinomialEstimator(), { weights: rows.map((x) => truth.density(x)) });
    expect(model.size / 2e4).toBeCloseTo(1, 6);
  });

  it('has no finite size when rows vary less than Poisson counts', () => {
    expect(optimize([3, 3, 4], new NegativeBinomialEstimator()).model.size).toBe(1e10);
    expect(optimize([0, 0], new NegativeBinomialEstimator()).model.toJSON()).toMatchObject({ mean: 0 });
  });
});
