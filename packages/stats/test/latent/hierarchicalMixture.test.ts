import { describe, expect, it } from 'vitest';
import { CompositeDistribution } from '../../src/combinators/composite.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { DirichletDistribution } from '../../src/families/dirichlet.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  HierarchicalMixtureDistribution,
  HierarchicalMixtureEstimator,
} from '../../src/latent/hierarchicalMixture/hierarchicalMixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const topics = [-4, 0, 4].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
const bags = (share: number) =>
  new HierarchicalMixtureDistribution(topics, {
    w: [0.25, 0.75],
    tau: [
      [share, 0.5 - share / 2, 0.5 - share / 2],
      [0.125, 0.125, 0.75],
    ],
    length: new PoissonDistribution({ lambda: 4 }),
  });
const e = new GaussianEstimator();
const pole = new HierarchicalMixtureDistribution([new DirichletDistribution({ alpha: [0.5, 1] })], {
  w: [1],
  tau: [[1]],
});

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling'],
    unbounded: { distribution: pole, pole: [[0, 1]] },
    distributions: [bags(0.75), bags(0.5)],
    estimator: new HierarchicalMixtureEstimator([e, e, e], { mixtureCount: 2, length: new PoissonEstimator() }),
    keyed: new HierarchicalMixtureEstimator([e, e, e], { mixtureCount: 2, keys: { weights: 'shared' } }),
    rows: [[], [0.5]],
    refused: [3, null, ['x'], [Number.NaN]],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('is the mixture of sequences of mixtures that it stands for', () => {
  const d = bags(0.75);
  const plain = d.toMixture();
  const rows = d.sampler(4).sample(50);
  it('in its density', () => {
    for (const row of rows) expect(d.logDensity(row)).toBeCloseTo(plain.logDensity(row), 10);
  });
  it('in its posterior', () => {
    for (const row of rows) {
      d.posterior(row).forEach((p, m) => expect(p).toBeCloseTo(plain.posterior(row)[m]!, 10));
    }
  });
});

it('makes a bag impossible when one item is impossible under every topic', () => {
  const words = new HierarchicalMixtureDistribution(
    [new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ a: 0.5, b: 0.5 })],
    {
      w: [0.5, 0.5],
      tau: [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
    },
  );
  expect(words.logDensity(['a', 'z'])).toBe(-Infinity);
  const columns = words.encoder().encode([['a', 'z'], ['b']]);
  const out = new Float64Array(2);
  words.seqLogDensity(columns, 0, 2, out);
  expect(out[0]).toBe(-Infinity);
  expect(out[1]).toBeCloseTo(words.logDensity(['b']), 12);
});

it('pulls towards the model whose estimator it is', () => {
  const at = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const model = new HierarchicalMixtureDistribution([at(0), at(9)], {
    w: [0.9, 0.1],
    tau: [
      [0.7, 0.3],
      [0.05, 0.95],
    ],
  });
  const fit = optimize([[0, 9], [9]], model.estimator({ pseudoCount: 1e9 }), { maxIterations: 2 }).model;
  fit.w.forEach((p, m) => expect(p).toBeCloseTo(model.w[m]!, 6));
  fit.tau.forEach((row, m) => row.forEach((p, t) => expect(p).toBeCloseTo(model.tau[m]![t]!, 6)));
});

it('is impossible beside a field that is, even at a pole of its own: Infinity - Infinity would be NaN', () => {
  const both = new CompositeDistribution([pole, new CategoricalDistribution({ a: 0.5, b: 0.5 })]);
  const impossible = new CategoricalDistribution({ a: 1, b: 0 });
  const none = new CompositeDistribution([pole, impossible]);
  const columns = both.encoder().encode([[[[0, 1]], 'b']]);
  const out = new Float64Array(1);
  none.seqLogDensity(columns, 0, 1, out);
  expect([out[0], none.logDensity([[[0, 1]], 'b'])]).toEqual([-Infinity, -Infinity]);
});
