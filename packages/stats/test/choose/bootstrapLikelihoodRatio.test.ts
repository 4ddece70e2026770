import { expect, it } from 'vitest';
import {
  bootstrapLikelihoodRatio,
  copies,
  GaussianDistribution,
  GaussianEstimator,
  MixtureEstimator,
  PoissonDistribution,
  PoissonEstimator,
  SequenceEstimator,
} from '../../src/index.js';

const gaussians = (k: number) => new MixtureEstimator(copies(k, new GaussianEstimator()));
const poissons = (k: number) => new MixtureEstimator(copies(k, new PoissonEstimator()));

it('finds the second of two groups', () => {
  const rows = [0, 4].flatMap((mu) => new GaussianDistribution({ mu, sigma2: 1 }).sampler(mu).sample(50));
  const { pValue, statistic, smaller, larger, replicates } = bootstrapLikelihoodRatio(rows, gaussians, {
    componentCount: 1,
    replicates: 19,
    trials: 2,
  });
  expect(pValue).toBe(1 / 20); // larger than all that chance gives
  expect(statistic).toBeCloseTo(2 * (larger.logLikelihood - smaller.logLikelihood), 10);
  expect(replicates).toHaveLength(19);
  expect([smaller.model.components.length, larger.model.components.length]).toEqual([1, 2]);
});

it('rejects a true model about as often as the level says', () => {
  // Of 25 tests at the level 0.2, 5 reject on the average; none, or more than 12, has a chance below 0.005.
  let rejected = 0;
  for (let seed = 0; seed < 25; seed++) {
    const rows = new PoissonDistribution({ lambda: 4 }).sampler(seed).sample(60);
    const { pValue } = bootstrapLikelihoodRatio(rows, poissons, { componentCount: 1, replicates: 9, trials: 1, seed });
    if (pValue <= 0.2) rejected += 1;
  }
  expect(rejected).toBeGreaterThan(0);
  expect(rejected).toBeLessThan(13);
});

it('refuses what it cannot do', () => {
  const test = (options: object, of: unknown = gaussians) =>
    bootstrapLikelihoodRatio([1, 2, 3], of as typeof gaussians, { componentCount: 1, ...options });
  expect(() => test({ componentCount: 0 })).toThrow(/componentCount must be an integer >= 1/);
  expect(() => test({ replicates: 0.5 })).toThrow(/replicates must be an integer >= 1/);
  expect(() => test({ weights: [1, 1, 1] })).toThrow(/weights/);
  expect(() => test({}, 3)).toThrow(/a function of the number of components/);
  const lists = (k: number) => new MixtureEstimator(copies(k, new SequenceEstimator(new GaussianEstimator())));
  expect(() => bootstrapLikelihoodRatio([[1, 2], [3]], lists, { componentCount: 1 })).toThrow(
    /length must be a distribution/,
  );
});
