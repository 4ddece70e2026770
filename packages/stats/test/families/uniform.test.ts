import { describe, expect, it } from 'vitest';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { UniformDistribution, UniformEstimator } from '../../src/families/uniform.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE_QUERIES } from '../offers.js';

const OFFERS = [
  'pooling',
  ...MIXTURE_QUERIES,
  'entropy',
  'violation',
  'sameAs',
  'seqAddLogDensity',
  'squaredDistances',
  'statisticLength',
  'hasPrior',
  'parameterBlocks',
  'kind',
] as const;

const laws = checkFamily({
  offers: OFFERS,
  notShown: ['statisticLength', 'hasPrior'],
  distributions: [
    new UniformDistribution({ min: 0, max: 1 }),
    new UniformDistribution({ min: -1e-3, max: 1e-3 }),
    new UniformDistribution({ min: 1e6, max: 1e6 + 10 }),
  ],
  estimator: new UniformEstimator(),
  keyed: new UniformEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, -Infinity, '1', null, undefined, true],
  moments: {
    of: (x: number) => x,
    mean: (d: UniformDistribution) => (d.min + d.max) / 2,
    sd: (d: UniformDistribution) => (d.max - d.min) / Math.sqrt(12),
  },
  parameters: (d: UniformDistribution) => [d.min, d.max],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with fixed ends', () => {
  const fixed = checkFamily({
    offers: OFFERS.filter((member) => member !== 'pooling'),
    notShown: ['parameterBlocks', 'kind', 'hasPrior'],
    distributions: [new UniformDistribution({ min: 0, max: 1 })],
    estimator: new UniformEstimator({ min: 0, max: 1 }),
  });
  for (const { law, run } of fixed) it(law, run);
});

describe('Uniform', () => {
  it('holds both ends and nothing beyond', () => {
    const d = new UniformDistribution({ min: 2, max: 6 });
    expect([2, 4, 6].map((x) => d.density(x))).toEqual([0.25, 0.25, 0.25]);
    expect([1.999, 6.001, Infinity].map((x) => d.density(x))).toEqual([0, 0, 0]);
  });

  it('takes its ends from rows of positive weight alone', () => {
    const { model } = optimize([-9, 1, 2, 3, 9], new UniformEstimator(), { weights: [0, 1, 1e-9, 2, 0] });
    expect(model.toJSON()).toEqual({ type: 'Uniform', min: 1, max: 3 });
  });

  it('widens a single point to minWidth, or 1', () => {
    const statistic = { count: 2, min: 5, max: 5 };
    expect(new UniformEstimator().estimate(statistic).toJSON()).toMatchObject({ min: 4.5, max: 5.5 });
    expect(new UniformEstimator({ minWidth: 4 }).estimate(statistic).toJSON()).toMatchObject({ min: 3, max: 7 });
    expect(new UniformEstimator({ min: 5 }).estimate(statistic).toJSON()).toMatchObject({ min: 5, max: 6 });
  });

  it('keeps fixed ends, and covers its prior', () => {
    const statistic = { count: 2, min: 1, max: 3 };
    expect(new UniformEstimator({ min: 0, max: 10 }).estimate(statistic).toJSON()).toMatchObject({ min: 0, max: 10 });
    const prior = { min: -1, max: 2 };
    expect(new UniformEstimator({ prior }).estimate(statistic).toJSON()).toMatchObject({ min: -1, max: 3 });
  });

  it('takes up the background of a Gaussian', () => {
    const background = new UniformDistribution({ min: -50, max: 50 }).sampler(1).sample(300);
    const rows = [...background, ...new GaussianDistribution({ mu: 5, sigma2: 0.01 }).sampler(2).sample(700)];
    const noise = new UniformEstimator({ min: -50, max: 50 });
    const { components, w } = optimize(rows, new MixtureEstimator([new GaussianEstimator(), noise])).model;
    expect(Math.abs(w[1]! - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 1000));
    expect(Math.abs(components[0].mu - 5)).toBeLessThan((5 * 0.1) / Math.sqrt(700));
  });

  it('has a flat statistic, one number, when both ends are fixed', () => {
    const noise = new UniformEstimator({ min: 0, max: 10 });
    const columns = noise.encoder().encode([1, 9]);
    expect([noise.statisticLength(), new UniformEstimator({ min: 0 }).statisticLength()]).toEqual([1, undefined]);
    const gaussian = new GaussianEstimator();
    const mixture = new MixtureEstimator([gaussian, noise]);
    // The Gaussian is alone of its kind: its floor takes the moments of all rows.
    expect(mixture.statisticLength(columns)).toBe(2 + 3 + 1 + 3);
    const rows = [4.9, 5, 5.1, 5.05, 4.95, 0.5, 9.5, 2.5];
    const initialModel = new MixtureDistribution(
      [new GaussianDistribution({ mu: 5, sigma2: 0.1 }), new UniformDistribution({ min: 0, max: 10 })],
      { w: [0.5, 0.5] },
    );
    const { model } = optimize(rows, mixture, { initialModel });
    expect(model.components[1]).toEqual(initialModel.components[1]);
    expect(model.w[1]).toBeCloseTo(3 / 8, 1);
  });
});
