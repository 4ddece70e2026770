import { describe, expect, it } from 'vitest';
import { GeometricDistribution, GeometricEstimator } from '../../src/families/geometric.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'rowCodes', 'sameAs'],
  distributions: [0.07, 0.5, 0.95].map((p) => new GeometricDistribution({ p })),
  estimator: new GeometricEstimator(),
  keyed: new GeometricEstimator({ key: 'shared' }),
  refused: [0, -1, 1.5, Number.NaN, Infinity, '1', null, undefined, true],
  support: { integers: [-5, 600] },
  moments: {
    of: (x: number) => x,
    mean: (d: GeometricDistribution) => 1 / d.p,
    sd: (d: GeometricDistribution) => Math.sqrt(1 - d.p) / d.p,
  },
  parameters: (d: GeometricDistribution) => [d.p],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Geometric', () => {
  it('has p = 1 as the point mass at 1, and reaches it from ones', () => {
    const { model } = optimize([1, 1, 1], new GeometricEstimator());
    expect(model.p).toBe(1);
    expect([0, 1, 2].map((x) => model.density(x))).toEqual([0, 1, 0]);
    const out = new Float64Array(2);
    model.seqLogDensity(model.encoder().encode([1, 2]), 0, 2, out);
    expect([...out]).toEqual([0, -Infinity]);
  });

  it('counts the success as a trial: 0 and below are impossible', () => {
    const d = new GeometricDistribution({ p: 0.25 });
    expect([0, -4, 2.5].map((x) => d.density(x))).toEqual([0, 0, 0]);
  });

  it('refuses p = 0, which no data estimate', () => {
    expect(() => new GeometricDistribution({ p: 0 })).toThrow(expect.objectContaining({ code: 'PARAMETER' }));
  });
});
