import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'children', 'begin', 'sameAs', 'pooling'],
  distributions: [
    new GaussianDistribution({ mu: 0, sigma2: 1 }),
    new GaussianDistribution({ mu: 1e6, sigma2: 4 }),
    new GaussianDistribution({ mu: -3, sigma2: 1e-6 }),
  ],
  estimator: new GaussianEstimator(),
  keyed: new GaussianEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, -Infinity, '1', null, undefined, {}, true],
  support: { interval: [-Infinity, Infinity] },
  moments: {
    of: (x: number) => x,
    mean: (d: GaussianDistribution) => d.mu,
    sd: (d: GaussianDistribution) => Math.sqrt(d.sigma2),
  },
  parameters: (d: GaussianDistribution) => [d.mu, d.sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('GaussianDistribution', () => {
  it.each([
    [{ mu: Number.NaN, sigma2: 1 }],
    [{ mu: Infinity, sigma2: 1 }],
    [{ mu: 0, sigma2: 0 }],
    [{ mu: 0, sigma2: -1 }],
    [{ mu: 0, sigma2: Infinity }],
  ])('refuses %j', (parameters) => {
    expect(() => new GaussianDistribution(parameters)).toThrow(ParameterError);
  });

  it('is -Infinity at both infinities', () => {
    const d = new GaussianDistribution({ mu: 1, sigma2: 2 });
    expect([d.logDensity(Infinity), d.logDensity(-Infinity)]).toEqual([-Infinity, -Infinity]);
  });
});

describe('GaussianEstimator', () => {
  const fit = (rows: readonly number[], options = {}) => optimize(rows, new GaussianEstimator(options));

  it('loses no digits far from zero', () => {
    const { model } = fit([1e9, 1e9 + 1, 1e9 + 2]);
    expect(model.mu).toBe(1e9 + 1);
    expect(model.sigma2).toBeCloseTo(2 / 3, 9);
  });

  it('gives equal rows the smallest variance that is allowed, and says so', () => {
    const { model, findings } = fit([5, 5, 5], { minSigma2: 0.01 });
    expect([model.mu, model.sigma2]).toEqual([5, 0.01]);
    expect(findings[0]?.kind).toBe('degenerate');
    expect(fit([5, 5, 5]).model.sigma2).toBe(1);
  });

  it('adds the imaginary rows of a prior', () => {
    // Mean (1 + 3 + 2·5) / 4; variance (Σ(x - 3.5)² + 3·2) / (2 + 3).
    const { model } = fit([1, 3], { prior: { mu: 5, muCount: 2, sigma2: 2, sigma2Count: 3 } });
    expect(model.mu).toBeCloseTo(3.5, 12);
    expect(model.sigma2).toBeCloseTo((6.25 + 0.25 + 6) / 5, 12);
  });

  it('calls a variance degenerate whose inverse overflows: scores would be 0 · Infinity', () => {
    const { model, findings } = fit([1e-160, 2e-160, 3e-160]);
    expect(model.sigma2).toBe(1);
    expect(findings[0]?.kind).toBe('degenerate');
    expect(() => new GaussianDistribution({ mu: 0, sigma2: 1e-310 })).toThrow('sigma2 must be a finite number >= 2.2');
  });

  it('says that the squares of the rows overflow, instead of taking the variance 1', () => {
    expect(() => fit([1e154, -1e154, 3e154])).toThrow(/sigma2 .* found Infinity. Sums over the rows overflow/);
  });
});
