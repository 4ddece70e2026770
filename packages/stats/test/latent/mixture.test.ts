import { describe, expect, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE, MIXTURE_QUERIES } from '../offers.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });
const e = new GaussianEstimator();
const two = (w: number, distance: number) =>
  new MixtureDistribution([gaussian(0), gaussian(distance, 0.25)], { w: [w, 1 - w] });

const laws = checkFamily({
  offers: [...MIXTURE, ...MIXTURE_QUERIES, 'pooling'],
  notShown: ['rowCodes'],
  distributions: [two(0.25, 6), two(0.5, 3)],
  unbounded: {
    distribution: new MixtureDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })], { w: [1] }),
    pole: 0,
  },
  estimator: new MixtureEstimator([e, e]),
  keyed: new MixtureEstimator([e, e], { keys: { weights: 'shared' } }),
  refused: [Number.NaN, 'x', null],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: ReturnType<typeof two>) => d.w[1]! * d.components[1].mu,
    sd: (d: ReturnType<typeof two>) =>
      Math.sqrt(d.w[0]! + d.w[1]! * (0.25 + d.components[1].mu ** 2) - (d.w[1]! * d.components[1].mu) ** 2),
  },
  parameters: (d: ReturnType<typeof two>) => [...d.w, ...d.components.flatMap(({ mu, sigma2 }) => [mu, sigma2])],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for levels', () => {
  const levels = (a: number) => new CategoricalDistribution({ a, b: 1 - a });
  const coded = checkFamily({
    offers: MIXTURE,
    notShown: ['isUnbounded', 'kind'],
    distributions: [new MixtureDistribution([levels(0.25), levels(0.75)], { w: [0.5, 0.5] })],
    estimator: new MixtureEstimator([new CategoricalEstimator(), new CategoricalEstimator()]),
  });
  for (const { law, run } of coded) it(law, run);
});

describe('the law, for a mixture of composites of a mixture', () => {
  const inner = (mu: number) => new MixtureDistribution([gaussian(mu), gaussian(mu + 4)], { w: [0.5, 0.5] });
  const field = (mu: number, a: number) =>
    new CompositeDistribution([inner(mu), new CategoricalDistribution({ a, b: 1 - a })]);
  const estimator = new CompositeEstimator([new MixtureEstimator([e, e]), new CategoricalEstimator()]);
  const nested = checkFamily({
    offers: [...MIXTURE, 'pooling'],
    notShown: ['isUnbounded', 'kind', 'rowCodes'],
    distributions: [new MixtureDistribution([field(0, 0.25), field(20, 0.75)], { w: [0.25, 0.75] })],
    estimator: new MixtureEstimator([estimator, estimator]),
    refused: [['x', 'a'], [1, undefined], [1], 3],
    impossible: [[0, 'c']],
  });
  for (const { law, run } of nested) it(law, run);
});

describe('MixtureDistribution', () => {
  it.each([
    ['weights that do not sum to 1', [0.5, 0.4]],
    ['a negative weight', [1.5, -0.5]],
    ['a weight too few', [1]],
  ])('refuses %s', (_, w) => {
    expect(() => new MixtureDistribution([gaussian(0), gaussian(1)], { w })).toThrow(ParameterError);
  });

  it('gives the posterior by Bayes, the same for columns', () => {
    const d = two(0.25, 3);
    const [f, g] = [0.25 * gaussian(0).density(1), 0.75 * gaussian(3, 0.25).density(1)];
    expect(d.posterior(1)).toEqual([expect.closeTo(f / (f + g), 12), expect.closeTo(g / (f + g), 12)]);
    const out = new Float64Array(4);
    d.seqPosterior(d.encoder().encode([1, 40]), 0, 2, out);
    expect(out[0]).toBeCloseTo(f / (f + g), 12);
    expect(out[2]! + out[3]!).toBeCloseTo(1, 12);
  });

  it('falls back to the weights for a row that is impossible everywhere', () => {
    const d = new MixtureDistribution([new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ b: 1 })], {
      w: [0.25, 0.75],
    });
    expect(d.posterior('z' as never)).toEqual([0.25, 0.75]);
  });
});

describe('MixtureEstimator', () => {
  it('keeps fixed weights, and smooths free ones', () => {
    const rows = [0, 0.1, -0.1, 9];
    const start = { responsibilities: rows.map((x) => (x < 5 ? [1, 0] : [0, 1])), maxIterations: 0 };
    expect(optimize(rows, new MixtureEstimator([e, e], { fixedWeights: [0.5, 0.5] }), start).model.w).toEqual([
      0.5, 0.5,
    ]);
    expect(optimize(rows, new MixtureEstimator([e, e], { pseudoCount: 4 }), start).model.w).toEqual([5 / 8, 3 / 8]);
  });

  it('takes no more memory with more iterations', () => {
    const taken: number[] = [];
    const columns = new MixtureEstimator([e, e]).encoder().encode(two(0.5, 4).sampler(1).sample(3000));
    const estimator = new MixtureEstimator([e, e]);
    const accumulator = estimator.accumulator(columns);
    const scratch = {
      float64(length: number) {
        taken.push(length);
        return new Float64Array(length);
      },
    };
    const weights = new Float64Array(1000).fill(1);
    for (let pass = 0; pass < 5; pass++) {
      const model = two(0.5, 4 + pass);
      accumulator.begin(model, columns, scratch);
      for (let start = 0; start < 3000; start += 1000) {
        accumulator.score(model, columns, start, start + 1000, new Float64Array(1000));
        accumulator.seqUpdate(columns, start, start + 1000, weights, model);
      }
    }
    expect(taken.length).toBeLessThanOrEqual(2);
  });
});
