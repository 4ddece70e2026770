import { describe, expect, it } from 'vitest';
import { WeibullDistribution, WeibullEstimator } from '../../src/families/weibull.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { lgamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { QUERIES } from '../offers.js';

const gamma = (x: number) => Math.exp(lgamma(x));

const laws = checkFamily({
  offers: [
    'pooling',
    ...QUERIES,
    'isUnbounded',
    'violation',
    'sameAs',
    'concat',
    'seqAddLogDensity',
    'squaredDistances',
    'statisticLength',
    'hasPrior',
    'parameterBlocks',
    'kind',
    'begin',
  ],
  notShown: ['pooling'], // from one row it takes many steps
  unbounded: { distribution: new WeibullDistribution({ shape: 0.6, scale: 1e-3 }), pole: 0 },
  distributions: [
    new WeibullDistribution({ shape: 1.5, scale: 2 }),
    new WeibullDistribution({ shape: 0.6, scale: 1e-3 }),
    new WeibullDistribution({ shape: 12, scale: 700 }),
  ],
  estimator: new WeibullEstimator(),
  keyed: new WeibullEstimator({ key: 'shared' }),
  refused: [0, -1, Number.NaN, Infinity, '1', null, undefined, true],
  support: { interval: [0, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: ({ shape, scale }: WeibullDistribution) => scale * gamma(1 + 1 / shape),
    sd: ({ shape, scale }: WeibullDistribution) => scale * Math.sqrt(gamma(1 + 2 / shape) - gamma(1 + 1 / shape) ** 2),
  },
  parameters: (d: WeibullDistribution) => [d.shape, d.scale],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

/** `count` EM iterations from `start`. */
function iterate(rows: number[], weights: number[], start: WeibullDistribution, count: number): WeibullDistribution {
  const algorithm = em(new WeibullEstimator());
  const columns = algorithm.encode(rows);
  const steps = algorithm.steps(columns);
  let model = start;
  for (let i = 0; i < count; i++) {
    const statistic = steps.expectation(model, columns, 0, rows.length, Float64Array.from(weights));
    model = steps.maximization(model, statistic).model;
  }
  steps.release();
  return model;
}

describe('Weibull', () => {
  it('is the exponential distribution for shape 1', () => {
    const d = new WeibullDistribution({ shape: 1, scale: 2 });
    for (const x of [0, 0.5, 3]) expect(d.logDensity(x)).toBeCloseTo(-x / 2 - Math.log(2), 14);
  });

  it('takes the limit from the right at 0', () => {
    const at0 = (shape: number) => new WeibullDistribution({ shape, scale: 1 }).logDensity(0);
    expect([2, 1, 0.5].map(at0)).toEqual([-Infinity, 0, Infinity]);
  });

  it('zeroes the score equations to 1e-10, from starts far below and above', () => {
    const rows = [0.3, 2.5, 1.1, 7.4, 0.02];
    const weights = [1, 2, 0.5, 1.5, 3];
    for (const shape of [0.05, 1, 60]) {
      const { shape: k, scale } = iterate(rows, weights, new WeibullDistribution({ shape, scale: 5 }), 60);
      const total = (f: (x: number) => number) => rows.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);
      const power = total((x) => x ** k);
      const score = total((x) => x ** k * Math.log(x)) / power - 1 / k - total(Math.log) / total(() => 1);
      expect(Math.abs(score)).toBeLessThan(1e-10);
      expect(power / total(() => 1) / scale ** k).toBeCloseTo(1, 10);
    }
  });

  it('is fitted by optimize to 1e-10: where the likelihood is flat, the last step counts', () => {
    const rows = new WeibullDistribution({ shape: 2, scale: 1e-6 }).sampler(200).sample(200);
    const { shape, scale } = optimize(rows, new WeibullEstimator()).model;
    const powers = rows.map((x) => (x / scale) ** shape);
    const total = powers.reduce((a, b) => a + b, 0);
    const weighted = powers.reduce((sum, p, i) => sum + p * Math.log(rows[i]!), 0) / total;
    const mean = rows.reduce((sum, x) => sum + Math.log(x), 0) / rows.length;
    expect(Math.abs(1 / shape - weighted + mean)).toBeLessThan(1e-11);
    expect(Math.abs(total / rows.length - 1)).toBeLessThan(1e-11);
  });

  it('converges quadratically near the maximum', () => {
    const rows = new WeibullDistribution({ shape: 3, scale: 2 }).sampler(5).sample(500);
    const ones = rows.map(() => 1);
    const limit = iterate(rows, ones, new WeibullDistribution({ shape: 3, scale: 2 }), 40).shape;
    const errors = [1, 2, 3].map((count) => {
      const start = new WeibullDistribution({ shape: limit * 1.03, scale: 2 });
      return Math.abs(iterate(rows, ones, start, count).shape - limit);
    });
    expect(errors[0]!).toBeGreaterThan(1e-9); // else there is nothing to compare
    expect(errors[2]!).toBeLessThan(1e-10);
  });

  it('caps the shape for equal rows, with their value as scale', () => {
    const { shape, scale } = optimize([3, 3, 3], new WeibullEstimator()).model;
    expect(shape).toBe(1e8);
    expect(scale).toBeCloseTo(3, 6);
  });

  it('is pulled to its prior, which alone gives itself back', () => {
    const prior = new WeibullDistribution({ shape: 2.5, scale: 4 });
    const estimator = prior.estimator({ pseudoCount: 1e9 });
    const columns = estimator.encoder().encode([1, 2]);
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(prior, columns, { float64: (length) => new Float64Array(length) });
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(1, 1));
    const { shape, scale } = estimator.estimate(accumulator.value());
    expect(shape).toBeCloseTo(2.5, 7);
    expect(scale).toBeCloseTo(4, 7);
  });

  it('has a scale as large as equal rows near the largest number', () => {
    const { model, logLikelihood } = optimize([1e308, 1e308], new WeibullEstimator());
    expect(model.scale / 1e308).toBeCloseTo(1, 12);
    expect(logLikelihood).toBeGreaterThan(-1500);
  });

  it('takes a prior of no rows as no prior: its width would only shorten the steps', () => {
    const prior = { shape: 2, scale: 3 };
    const rows = [0.9999999, 1, 1.0000001];
    expect(optimize(rows, new WeibullEstimator({ pseudoCount: 0, prior })).model).toEqual(
      optimize(rows, new WeibullEstimator()).model,
    );
  });
});

// The largest shape follows the variance of all rows. Where it fell far below that of a component at one value, the bound of the step
// was 0 · Infinity, and the fit ended with an error.
it('goes on where the largest shape falls below that of a component', () => {
  const weibull = new WeibullEstimator();
  const state = new MixtureEstimator([weibull, weibull, weibull]);
  for (let seed = 1; seed < 8; seed++) {
    const { model } = optimize([[0.3, 0.7, 0.1]], new HiddenMarkovEstimator([state, state]), {
      seed,
      maxIterations: 6,
    });
    for (const { components } of model.emissions) {
      for (const { shape, scale } of components) expect([shape, scale].every(Number.isFinite)).toBe(true);
    }
  }
});

it('starts anew where all rows lie so far below the entering scale that their powers are 0', () => {
  const far = new WeibullDistribution({ shape: 1000, scale: 100 });
  const { model } = optimize([1, 2, 3, 4], new WeibullEstimator(), { initialModel: far, maxIterations: 50 });
  const { shape, scale } = optimize([1, 2, 3, 4], new WeibullEstimator()).model;
  expect(model.shape).toBeCloseTo(shape, 4);
  expect(model.scale).toBeCloseTo(scale, 4);
});
