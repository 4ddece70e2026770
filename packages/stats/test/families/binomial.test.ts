import { describe, expect, it } from 'vitest';
import { BinomialDistribution, BinomialEstimator } from '../../src/families/binomial.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const shared = {
  refused: [-1, 1.5, Number.NaN, Infinity, '1', null, undefined, true],
  support: { integers: [-2, 70] as const },
  moments: {
    of: (x: number) => x,
    mean: (d: BinomialDistribution) => d.min + d.n * d.p,
    sd: (d: BinomialDistribution) => Math.sqrt(d.n * d.p * (1 - d.p)),
  },
  parameters: (d: BinomialDistribution) => [d.n, d.p, d.min],
};

const laws = [
  ...checkFamily({
    offers: [...LEAF, ...QUERIES, 'slice', 'take', 'concat', 'rowCodes', 'begin', 'seqInitialize', 'sameAs'],
    ...shared,
    distributions: [
      new BinomialDistribution({ n: 10, p: 0.3 }),
      new BinomialDistribution({ n: 1, p: 0.5 }),
      new BinomialDistribution({ n: 60, p: 0.9 }),
    ],
    estimator: new BinomialEstimator(),
    keyed: new BinomialEstimator({ key: 'shared' }),
  }),
  ...checkFamily({
    offers: [...LEAF, ...QUERIES, 'slice', 'take', 'concat', 'rowCodes', 'begin', 'seqInitialize', 'sameAs'],
    notShown: ['kind'],
    ...shared,
    distributions: [0.2, 0.7].map((p) => new BinomialDistribution({ n: 12, p, min: 4 })),
    estimator: new BinomialEstimator({ min: 4 }),
  }).map(({ law, run }) => ({ law: `${law}, shifted`, run })),
];

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('Binomial', () => {
  it('scores what lies outside its trials as -Infinity', () => {
    const d = new BinomialDistribution({ n: 3, p: 0.5, min: 2 });
    expect([1, 6, 2.5, -1].map((x) => d.logDensity(x))).toEqual(Array(4).fill(-Infinity));
  });

  it('has p = 0 and p = 1 as point masses', () => {
    expect(new BinomialDistribution({ n: 2, p: 0 }).logDensity(0)).toBeCloseTo(0, 14);
    expect(new BinomialDistribution({ n: 2, p: 0 }).density(1)).toBe(0);
    expect(new BinomialDistribution({ n: 2, p: 1 }).logDensity(2)).toBeCloseTo(0, 14);
    expect(optimize([3, 3], new BinomialEstimator()).model.toJSON()).toEqual({ type: 'Binomial', n: 3, p: 1, min: 0 });
  });

  it('keeps its digits for many trials: log C(2n, n) against Stirling', () => {
    const n = 1e9;
    const exact = -0.5 * Math.log(Math.PI * n) - 1 / (8 * n);
    expect(new BinomialDistribution({ n: 2 * n, p: 0.5 }).logDensity(n)).toBeCloseTo(exact, 5);
  });

  it('takes n from the largest row, and no row of weight 0', () => {
    expect(optimize([0, 2, 5], new BinomialEstimator()).model.n).toBe(5);
    const { model } = optimize([0, 2, 5], new BinomialEstimator(), {
      weights: [1, 1, 0],
      initialModel: new BinomialDistribution({ n: 2, p: 0.5 }),
    });
    expect(model.toJSON()).toEqual({ type: 'Binomial', n: 2, p: 0.5, min: 0 });
  });

  it('keeps n in a mixture whose components do not reach each other', () => {
    const component = (p: number) => new BinomialDistribution({ n: 4000, p });
    const rows = [component(0.02), component(0.98)].flatMap((d) => d.sampler(1).sample(50));
    const truth = new MixtureDistribution([component(0.02), component(0.98)], { w: [0.5, 0.5] });
    const e = new BinomialEstimator();
    const { model } = optimize(rows, new MixtureEstimator([e, e]), { initialModel: truth });
    expect(model.components.map(({ n }) => n)).toEqual([4000, 4000]);
  });

  it('scores two rows a million apart one by one, without a table of all values between', () => {
    const d = new BinomialDistribution({ n: 1_000_000, p: 0.5 });
    let calls = 0;
    const logDensity = d.logDensity.bind(d);
    d.logDensity = (x) => {
      calls++;
      return logDensity(x);
    };
    const out = new Float64Array(2);
    d.seqLogDensity(d.encoder().encode([0, 1_000_000]), 0, 2, out);
    expect(Array.from(out)).toEqual([logDensity(0), logDensity(1_000_000)]);
    expect(calls).toBe(2);
  });
});
