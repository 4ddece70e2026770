import { describe, expect, it } from 'vitest';
import { BetaDistribution, BetaEstimator } from '../../src/families/beta.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'isUnbounded', 'sameAs', 'pooling'],
  unbounded: { distribution: new BetaDistribution({ alpha: 2, beta: 0.5 }), pole: 1 },
  distributions: [
    new BetaDistribution({ alpha: 2, beta: 3 }),
    new BetaDistribution({ alpha: 0.5, beta: 0.8 }),
    new BetaDistribution({ alpha: 90, beta: 10 }),
  ],
  estimator: new BetaEstimator(),
  keyed: new BetaEstimator({ key: 'shared' }),
  refused: [0, 1, -0.1, 1.1, Number.NaN, Infinity, '0.5', null, undefined, true],
  support: { interval: [0, 1] },
  moments: {
    of: (x: number) => x,
    mean: ({ alpha, beta }: BetaDistribution) => alpha / (alpha + beta),
    sd: ({ alpha, beta }: BetaDistribution) => Math.sqrt((alpha * beta) / (alpha + beta + 1)) / (alpha + beta),
  },
  parameters: (d: BetaDistribution) => [d.alpha, d.beta],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Beta', () => {
  it('takes the limits from inside at 0 and 1', () => {
    const ends = (alpha: number, beta: number) => {
      const d = new BetaDistribution({ alpha, beta });
      return [d.logDensity(0), d.logDensity(1)];
    };
    expect(ends(2, 0.5)).toEqual([-Infinity, Infinity]);
    expect(ends(1, 2)).toEqual([Math.log(2), -Infinity]);
    for (const end of ends(1, 1)) expect(end).toBeCloseTo(0, 15);
  });

  it('zeroes the score equations to 1e-10, for flat, peaked and U-shaped rows', () => {
    for (const rows of [
      [0.1, 0.5, 0.7, 0.4],
      [0.3, 0.3001, 0.2999],
      [1e-9, 1 - 1e-9, 0.5],
      [1e-300, 1e-200, 0.1],
    ]) {
      const { alpha, beta } = optimize(rows, new BetaEstimator()).model;
      const mean = (f: (x: number) => number) => rows.reduce((sum, x) => sum + f(x) / rows.length, 0);
      const total = digamma(alpha + beta);
      expect(Math.abs((digamma(alpha) - total) / mean(Math.log) - 1)).toBeLessThan(1e-10);
      expect(Math.abs((digamma(beta) - total) / mean((x) => Math.log1p(-x)) - 1)).toBeLessThan(1e-10);
    }
  });

  it('finds α alone where β is 1 by symmetry of powers: x = u^(1/α) has mean log -1/α', () => {
    // Quantiles of u on a fine grid stand for the uniform distribution.
    const rows = Array.from({ length: 20_000 }, (_, i) => ((i + 0.5) / 20_000) ** (1 / 3));
    const { alpha, beta } = optimize(rows, new BetaEstimator()).model;
    expect(alpha).toBeCloseTo(3, 2);
    expect(beta).toBeCloseTo(1, 2);
  });

  it('has finite shapes for equal rows, with their mean', () => {
    const { alpha, beta } = optimize([0.25, 0.25], new BetaEstimator()).model;
    expect(alpha + beta).toBeCloseTo(1e10, 0);
    expect(alpha / (alpha + beta)).toBeCloseTo(0.25, 12);
  });
});
