import { describe, expect, it } from 'vitest';
import { GammaDistribution, GammaEstimator } from '../../src/families/gamma.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'isUnbounded', 'sameAs', 'pooling'],
  unbounded: { distribution: new GammaDistribution({ shape: 0.4, scale: 10 }), pole: 0 },
  distributions: [
    new GammaDistribution({ shape: 2, scale: 1.5 }),
    new GammaDistribution({ shape: 0.4, scale: 10 }),
    new GammaDistribution({ shape: 900, scale: 1e-3 }),
  ],
  estimator: new GammaEstimator(),
  keyed: new GammaEstimator({ key: 'shared' }),
  refused: [0, -1, Number.NaN, Infinity, '1', null, undefined, true],
  support: { interval: [0, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: GammaDistribution) => d.shape * d.scale,
    sd: (d: GammaDistribution) => Math.sqrt(d.shape) * d.scale,
  },
  parameters: (d: GammaDistribution) => [d.shape, d.scale],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Gamma', () => {
  it('takes the limit from the right at 0', () => {
    const at0 = (shape: number) => new GammaDistribution({ shape, scale: 2 }).logDensity(0);
    expect([2, 1, 0.5].map(at0)).toEqual([-Infinity, -Math.log(2), Infinity]);
  });

  it('zeroes the score equations', () => {
    const rows = [0.3, 2.5, 1.1, 7.4, 0.02];
    const weights = [1, 2, 0.5, 1.5, 3];
    const { shape, scale } = optimize(rows, new GammaEstimator(), { weights }).model;
    const n = weights.reduce((a, b) => a + b);
    const mean = (f: (x: number) => number) => rows.reduce((sum, x, i) => sum + (weights[i]! * f(x)) / n, 0);
    expect(shape * scale).toBeCloseTo(
      mean((x) => x),
      12,
    );
    expect(digamma(shape) + Math.log(scale)).toBeCloseTo(mean(Math.log), 12);
  });

  it('has a finite shape for equal rows, with their mean', () => {
    const { shape, scale } = optimize([3, 3, 3], new GammaEstimator()).model;
    expect(shape).toBe(1e10);
    expect(shape * scale).toBeCloseTo(3, 12);
  });

  it('recovers a large shape, whose spread is 5e-7 of the mean', () => {
    const truth = new GammaDistribution({ shape: 1e6, scale: 1e-3 });
    const { shape } = optimize(truth.sampler(1).sample(2000), new GammaEstimator()).model;
    expect(Math.abs(shape / 1e6 - 1)).toBeLessThan(5 * Math.sqrt(2 / 2000)); // sd of log shape: √(2/n)
  });

  it('keeps the scale large enough for a finite inverse, for equal rows near the smallest number', () => {
    const { model, logLikelihood } = optimize([1e-300, 1e-300], new GammaEstimator());
    expect(model.scale).toBe(2 ** -1022);
    expect(logLikelihood).toBeGreaterThan(-Infinity);
  });
});
