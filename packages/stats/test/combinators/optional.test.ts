import { describe, it } from 'vitest';
import { OptionalDistribution, OptionalEstimator } from '../../src/combinators/optional.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { checkFamily } from '../../src/testing/index.js';

const value = new GaussianDistribution({ mu: 2, sigma2: 1 });
const maybe = (p: number) => new OptionalDistribution(value, { p });

const laws = checkFamily({
  distributions: [maybe(0.25), maybe(0.75)],
  estimator: new OptionalEstimator(new GaussianEstimator()),
  keyed: new OptionalEstimator(new GaussianEstimator(), { key: 'shared' }),
  rows: [undefined, null],
  refused: ['x', Number.NaN, {}],
  parameters: (d: ReturnType<typeof maybe>) => [d.p!, d.dist.mu, d.dist.sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with missing rows that say nothing', () => {
  const ignoring = checkFamily({
    distributions: [new OptionalDistribution(value, { missing: Number.NaN })],
    estimator: new OptionalEstimator(new GaussianEstimator(), { missing: Number.NaN, ignoreMissing: true }),
    rows: [Number.NaN, Number.NaN],
    refused: [null, undefined, 'x'],
  });
  for (const { law, run } of ignoring) it(law, run);
});
