import { describe, expect, it } from 'vitest';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'rowCodes', 'sameAs'],
  distributions: [0.2, 3, 140].map((lambda) => new PoissonDistribution({ lambda })),
  estimator: new PoissonEstimator(),
  keyed: new PoissonEstimator({ key: 'shared' }),
  refused: [-1, 0.5, Number.NaN, Infinity, 2 ** 53, '1', null, undefined, true],
  support: { integers: [0, 400] },
  moments: {
    of: (x: number) => x,
    mean: (d: PoissonDistribution) => d.lambda,
    sd: (d: PoissonDistribution) => Math.sqrt(d.lambda),
  },
  parameters: (d: PoissonDistribution) => [d.lambda],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Poisson', () => {
  it('has λ = 0 as the point mass at 0, and reaches it from zeros', () => {
    const { model } = optimize([0, 0, 0], new PoissonEstimator());
    expect(model.lambda).toBe(0);
    expect([0, 1, 0.5].map((x) => model.density(x))).toEqual([1, 0, 0]);
    expect(model.sampler(1).sample(3)).toEqual([0, 0, 0]);
    const out = new Float64Array(2);
    model.seqLogDensity(model.encoder().encode([0, 2]), 0, 2, out);
    expect([...out]).toEqual([0, -Infinity]);
  });

  it('gives values that are not counts the probability 0', () => {
    const d = new PoissonDistribution({ lambda: 3 });
    expect([-1, 2.5, Infinity].map((x) => d.logDensity(x))).toEqual([-Infinity, -Infinity, -Infinity]);
  });

  it('scores a count of 10^12 within the rounding of its terms, which are of size 3e13', () => {
    // Stirling: log P(X = λ) = -log(2πλ)/2 - 1/(12λ) + …
    const d = new PoissonDistribution({ lambda: 1e12 });
    expect(d.logDensity(1e12)).toBeCloseTo(-0.5 * Math.log(2 * Math.PI * 1e12), 1);
  });

  it('adds a prior worth pseudoCount rows', () => {
    const estimator = new PoissonEstimator({ pseudoCount: 2, prior: { lambda: 7 } });
    expect(optimize([1, 3], estimator).model.lambda).toBe((4 + 14) / 4);
    expect(() => new PoissonEstimator({ pseudoCount: 2 })).toThrow(expect.objectContaining({ code: 'PARAMETER' }));
  });
});
