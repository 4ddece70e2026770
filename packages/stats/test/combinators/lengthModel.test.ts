import { expect, it } from 'vitest';
import { SequenceDistribution, SequenceEstimator } from '../../src/combinators/sequence.js';
import { DiracDistribution, DiracEstimator } from '../../src/families/dirac.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';

it.each([0, 1, 11, 12, 99, 101, 5000])('a length may be %i for certain', (value) => {
  const d = new GaussianDistribution({ mu: 0, sigma2: 1 });
  const lists = new SequenceDistribution(d, { length: new DiracDistribution({ value }) });
  expect(lists.logDensity(new Array<number>(value).fill(0))).toBeCloseTo(value * d.logDensity(0), 6);
  expect(() => new SequenceEstimator(new GaussianEstimator(), { length: new DiracEstimator({ value }) })).not.toThrow();
});

it.each([-1, 0.5])('a length may not be %d', (value) => {
  const length = new DiracDistribution({ value });
  expect(() => new SequenceDistribution(new GaussianDistribution({ mu: 0, sigma2: 1 }), { length })).toThrow(/length/);
});
