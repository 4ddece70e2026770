import { describe, expect, it } from 'vitest';
import { BernoulliDistribution, BernoulliEstimator } from '../../src/families/bernoulli.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, 'mean', 'variance', 'mode', 'entropy', 'rowCodes', 'seqInitialize', 'sameAs'],
  distributions: [0.1, 0.5, 0.97].map((p) => new BernoulliDistribution({ p })),
  estimator: new BernoulliEstimator(),
  keyed: new BernoulliEstimator({ key: 'shared' }),
  rows: [0, 1],
  refused: [2, -1, 0.5, Number.NaN, 'true', null, undefined],
  support: { rows: [true, false] },
  moments: {
    of: (x: boolean | 0 | 1) => Number(x),
    mean: (d: BernoulliDistribution) => d.p,
    sd: (d: BernoulliDistribution) => Math.sqrt(d.p * (1 - d.p)),
  },
  parameters: (d: BernoulliDistribution) => [d.p],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Bernoulli', () => {
  it('takes 1 for true and 0 for false, and gives anything else the probability 0', () => {
    const d = new BernoulliDistribution({ p: 0.25 });
    expect([d.density(1), d.density(true)]).toEqual([0.25, 0.25]);
    expect([d.density(0), d.density(false)]).toEqual([0.75, 0.75]);
    expect(d.density(2 as 1)).toBe(0);
  });

  it('has p = 0 and p = 1 as point masses, and reaches them', () => {
    expect(optimize([true, true], new BernoulliEstimator()).model.p).toBe(1);
    const { model } = optimize([false], new BernoulliEstimator());
    expect([model.p, model.logDensity(true), model.logDensity(false)]).toEqual([0, -Infinity, -0]);
  });

  it('adds imaginary rows, half of them true without a prior', () => {
    const statistic = { failures: 1, successes: 3 };
    expect(new BernoulliEstimator({ pseudoCount: 4 }).estimate(statistic).p).toBe(5 / 8);
    expect(new BernoulliEstimator({ pseudoCount: 4, prior: { p: 1 } }).estimate(statistic).p).toBe(7 / 8);
  });
});
