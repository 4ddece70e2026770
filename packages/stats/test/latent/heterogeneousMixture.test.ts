import { describe, expect, it } from 'vitest';
import { ConditionalDistribution } from '../../src/combinators/conditional.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { ExponentialDistribution, ExponentialEstimator } from '../../src/families/exponential.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  HeterogeneousMixtureDistribution,
  HeterogeneousMixtureEstimator,
} from '../../src/latent/heterogeneousMixture.js';
import { checkFamily } from '../../src/testing/index.js';

const exponential = ExponentialDistribution.fromJSON(
  JSON.parse(JSON.stringify(new ExponentialEstimator().estimate({ count: 2, sum: 1 }))),
);
const both = (mu: number) =>
  new HeterogeneousMixtureDistribution([new GaussianDistribution({ mu, sigma2: 1 }), exponential], { w: [0.5, 0.5] });
const estimator = new HeterogeneousMixtureEstimator([new GaussianEstimator(), new ExponentialEstimator()]);

describe('the law', () => {
  const laws = checkFamily({
    distributions: [both(-3), both(6)],
    estimator,
    refused: [Number.NaN, 'x', null],
  });
  for (const { law, run } of laws) it(law, run);
});

it('scores a row outside the support of one component by the others', () => {
  const d = both(-3);
  expect(d.posterior(-1)).toEqual([1, 0]);
  expect(d.logDensity(-1)).toBeCloseTo(Math.log(0.5) + d.components[0].logDensity(-1), 12);
});

it('refuses a row that no component can hold, naming it', () => {
  const counts = new HeterogeneousMixtureEstimator([new PoissonEstimator(), new ExponentialEstimator()]);
  expect(() => optimize([1, -2], counts)).toThrow(/row 1 must be .*, found -2/);
});

it('separates a Gaussian from an exponential', () => {
  const { model } = optimize(both(-6).sampler(1).sample(4000), estimator, { seed: 2, start: 'random' });
  expect(model.w[0]).toBeCloseTo(0.5, 1);
  expect(model.components[0].mu).toBeCloseTo(-6, 0);
});

it('encodes conditionals over different families apart, though they look alike from outside', () => {
  // Their encoders once differed in private fields only, and the second scored the columns of the first.
  const given = new CategoricalDistribution({ a: 1 });
  const d = new HeterogeneousMixtureDistribution(
    [
      new ConditionalDistribution({ a: new GaussianDistribution({ mu: 0, sigma2: 1 }) }, { given }),
      new ConditionalDistribution({ a: new PoissonDistribution({ lambda: 2 }) }, { given }),
    ],
    { w: [0.5, 0.5] },
  );
  const out = new Float64Array(1);
  d.seqLogDensity(d.encoder().encode([['a', 3]]), 0, 1, out);
  expect(out[0]).toBeCloseTo(d.logDensity(['a', 3]), 12);
  expect(d.posterior(['a', 3])[1]).toBeGreaterThan(0.9);
});
