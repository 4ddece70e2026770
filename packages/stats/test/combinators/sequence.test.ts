import { describe, expect, expectTypeOf, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { IgnoredEstimator } from '../../src/combinators/ignored.js';
import { SequenceDistribution, SequenceEstimator } from '../../src/combinators/sequence.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const length = new PoissonDistribution({ lambda: 2 });
const options = { length: new PoissonEstimator() };

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
    distributions: [
      new SequenceDistribution(gaussian(3), { length }),
      new SequenceDistribution(gaussian(-50), { length }),
    ],
    notShown: ['seqInitialize', 'marginalOf'],
    unbounded: { distribution: new SequenceDistribution(new GammaDistribution({ shape: 0.5, scale: 1 })), pole: [0] },
    estimator: new SequenceEstimator(new GaussianEstimator(), options),
    keyed: new SequenceEstimator(new GaussianEstimator(), { ...options, key: 'shared' }),
    rows: [[], []],
    refused: [1, 'x', null, [Number.NaN], [1, 'x']],
    moments: {
      of: (x: number[]) => x.length,
      mean: (d: { readonly length: PoissonDistribution }) => d.length.lambda,
      sd: (d: { readonly length: PoissonDistribution }) => Math.sqrt(d.length.lambda),
    },
    parameters: (d: SequenceDistribution<GaussianDistribution, PoissonDistribution>) => [
      d.dist.mu,
      d.dist.sigma2,
      d.length.lambda,
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for sequences of mixtures of composites, and of sequences', () => {
  const item = (mu: number) =>
    new CompositeDistribution([gaussian(mu), new CategoricalDistribution({ a: 0.3, b: 0.7 })]);
  const mixture = new MixtureDistribution([item(0), item(6)], { w: [0.4, 0.6] });
  const itemEstimator = new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]);
  const nested = new SequenceEstimator(new SequenceEstimator(new GaussianEstimator(), options), options);
  for (const { law, run } of [
    ...checkFamily({
      offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
      notShown: ['isUnbounded', 'kind', 'pooling', 'marginalOf'],
      distributions: [new SequenceDistribution(mixture, { length })],
      estimator: new SequenceEstimator(new MixtureEstimator([itemEstimator, itemEstimator]), options),
    }),
    ...checkFamily({
      offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
      notShown: ['isUnbounded', 'kind', 'seqInitialize', 'pooling', 'marginalOf'],
      distributions: [new SequenceDistribution(new SequenceDistribution(gaussian(1), { length }), { length })],
      estimator: nested,
      refused: [[1], [[1], 2]],
    }),
  ])
    it(law, run);
});

describe('a sequence', () => {
  it('scores the empty list by its length alone', () => {
    expect(new SequenceDistribution(gaussian(0), { length }).logDensity([])).toBe(length.logDensity(0));
    expect(new SequenceDistribution(gaussian(0)).logDensity([])).toBe(0);
  });

  it('divides by the length when normalised, but not the log-density of the length', () => {
    const d = new SequenceDistribution(gaussian(0), { length, lengthNormalized: true });
    const expected = (gaussian(0).logDensity(1) + gaussian(0).logDensity(3)) / 2 + length.logDensity(2);
    expect(d.logDensity([1, 3])).toBeCloseTo(expected, 14);
    const estimator = new SequenceEstimator(new GaussianEstimator(), { ...options, lengthNormalized: true });
    // Each list has weight 1: the items of the long one weigh 1/3 each.
    expect(optimize([[0, 0, 0], [6]], estimator).model.dist.mu).toBeCloseTo(3, 14);
  });

  it('keeps a length model that is given', () => {
    const estimator = new SequenceEstimator(new GaussianEstimator(), { length: new IgnoredEstimator(length) });
    const { model } = optimize([[1], [3]], estimator);
    expect(model.length.dist).toBe(length);
    expect(model.dist.mu).toBe(2);
  });

  it('names the row and the item that it refuses', () => {
    const encoder = new SequenceEstimator(new GaussianEstimator()).encoder();
    expect(() => encoder.encode([[], [1], [], [2, 3, Number.NaN]])).toThrow(
      expect.objectContaining({ code: 'DATA', row: 3, path: [2] }),
    );
  });

  it('fits rows of which all are empty, and draws none without a length model', () => {
    const { model } = optimize([[], [], []], new SequenceEstimator(new GaussianEstimator(), options));
    expect(model.length.lambda).toBe(0);
    expect(() => new SequenceDistribution(gaussian(0)).sampler(1)).toThrow(
      expect.objectContaining({ code: 'PARAMETER' }),
    );
  });

  it('scores a list longer than a block', () => {
    const row = Array.from({ length: 10_000 }, (_, i) => (i % 7) / 7);
    const d = new SequenceDistribution(gaussian(0));
    const out = new Float64Array(2);
    d.seqLogDensity(d.encoder().encode([row, [1]]), 0, 2, out);
    expect(out[0]! / d.logDensity(row)).toBeCloseTo(1, 12);
  });

  it('carries the types of items and length into the fitted model', () => {
    const estimator = new SequenceEstimator(
      new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]),
      options,
    );
    const { model } = optimize([[[1, 'a']], []], estimator);
    expectTypeOf(model.dist.dists[0].mu).toEqualTypeOf<number>();
    expectTypeOf(model.length.lambda).toEqualTypeOf<number>();
    // @ts-expect-error an item is a pair of a number and a string
    expect(() => optimize([[['a', 1]]], estimator)).toThrow(expect.objectContaining({ code: 'DATA' }));
  });
});
