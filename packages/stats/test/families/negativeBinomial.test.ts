import { describe, expect, it } from 'vitest';
import { NegativeBinomialDistribution, NegativeBinomialEstimator } from '../../src/families/negativeBinomial.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'slice', 'take', 'concat', 'rowCodes', 'seqInitialize', 'sameAs'],
  distributions: [
    new NegativeBinomialDistribution({ mean: 3, size: 2 }),
    new NegativeBinomialDistribution({ mean: 0.4, size: 0.3 }),
    new NegativeBinomialDistribution({ mean: 40, size: 6 }),
  ],
  estimator: new NegativeBinomialEstimator(),
  keyed: new NegativeBinomialEstimator({ key: 'shared' }),
  refused: [-1, 0.5, 2 ** 53, Number.NaN, Infinity, '1', null, undefined, true],
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

  // fixtures/make/negativeBinomialLarge.py, 50 digits. The score is a difference of sums of n·log(m/r): 1e-9 of the size.
  it.each([
    [[12, 530, 99431, 250000, 1234567, 47, 880000, 3, 150321, 40404040], 0.1343464157868675],
    [[1000123, 999100, 1001500, 998800, 1000040, 1003000, 997500], 548553.3506814251],
    [[4096, 4100, 3000, 5200, 4000, 4555], 37.96799037190665],
  ])('finds the size for large counts %j', (rows, expected) => {
    const { mean, size } = optimize(rows, new NegativeBinomialEstimator()).model;
    expect(mean).toBeCloseTo(rows.reduce((a, b) => a + b) / rows.length, 6);
    expect(Math.abs(size / expected - 1)).toBeLessThan(1e-9);
  });

  it('does work in proportion to the different rows, not to their size', () => {
    const estimator = new NegativeBinomialEstimator();
    const columns = estimator.encoder().encode([7, 2 ** 53 - 1, 12, 2 ** 50]);
    expect(estimator.statisticLength(columns)).toBe(4);
  });

  it.each([
    { mean: 1e6, size: 3 },
    { mean: 1e6, size: 1e6 },
    { mean: 5e5, size: 0.2 },
    { mean: 3000, size: 40 },
  ])('is pulled to a prior %j of many rows', (prior) => {
    const estimator = new NegativeBinomialDistribution(prior).estimator({ pseudoCount: 1e12 });
    const { mean, size } = optimize([Math.round(prior.mean)], estimator).model;
    expect(mean / prior.mean).toBeCloseTo(1, 6);
    // The spread rows stand for the prior to about (step / sd)² / 24 of the variance.
    expect(Math.abs(size / prior.size - 1)).toBeLessThan(1e-4);
  });

  it.each([
    { mean: 105, size: 7.7 },
    { mean: 0.4, size: 0.3 },
    { mean: 40, size: 1e6 },
    { mean: 3000, size: 40 },
  ])('knows the log-likelihood of imaginary rows distributed as %j', (prior) => {
    const distribution = new NegativeBinomialDistribution(prior);
    const estimator = distribution.estimator({ pseudoCount: 3 });
    const densities = Array.from({ length: prior.mean > 1000 ? 7000 : 1200 }, (_, x) => distribution.density(x));
    for (const parameters of [
      { mean: 80, size: 1e10 },
      { mean: 105, size: 1e-8 },
      { mean: 0.1, size: 2 },
      { mean: 1e5, size: 3 },
    ]) {
      const model = new NegativeBinomialDistribution(parameters);
      const expected = densities.reduce((sum, density, x) => sum + 3 * density * model.logDensity(x), 0);
      const [block] = estimator.parameterBlocks(model);
      // The rows cover all but 1e-12; above 4096 they are spread in steps, which stand for the prior to 1e-4.
      expect(Math.abs(block!.logPrior! / expected - 1)).toBeLessThan(prior.mean > 1000 ? 1e-4 : 1e-9);
    }
    const point = new NegativeBinomialDistribution({ mean: 0, size: 1 });
    expect(estimator.parameterBlocks(point)[0]!.logPrior).toBe(-Infinity);
  });
});
