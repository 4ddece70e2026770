import { describe, expect, it } from 'vitest';
import { DataError, ParameterError } from '../../src/errors.js';
import { SpearmanRankingDistribution, SpearmanRankingEstimator } from '../../src/families/spearmanRanking.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { rankingsOf } from '../sets.js';

const ranking = (sigma: readonly number[], rho: number) => new SpearmanRankingDistribution({ sigma, rho });

const laws = checkFamily({
  offers: [
    'violation',
    'sameAs',
    'slice',
    'take',
    'concat',
    'squaredDistances',
    'seqAddLogDensity',
    'mode',
    'entropy',
    'statisticLength',
    'hasPrior',
    'parameterBlocks',
    'kind',
  ],
  distributions: [ranking([2, 0, 3, 1], 0.25), ranking([0, 1, 2, 3], 0.02), ranking([3, 2, 1, 0], 1.5)],
  estimator: new SpearmanRankingEstimator(),
  keyed: new SpearmanRankingEstimator({ key: 'shared' }),
  refused: [null, 3, [], [0, 1, 2], [0, 1, 1, 2], [1, 2, 3, 4], [0, 1, 2, 2.5], ['0', 1, 2, 3], [0, 1, 2, Number.NaN]],
  support: { rows: rankingsOf(4) },
  parameters: ({ rho }: SpearmanRankingDistribution) => [rho],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('SpearmanRankingDistribution', () => {
  it.each([
    ['nothing', undefined],
    ['no items', { sigma: [], rho: 1 }],
    ['a rank that stands twice', { sigma: [0, 0], rho: 1 }],
    ['ranks from 1', { sigma: [1, 2], rho: 1 }],
    ['a negative rho', { sigma: [0, 1], rho: -1 }],
    ['an infinite rho', { sigma: [0, 1], rho: Infinity }],
  ])('refuses %s', (_, parameters) => {
    expect(() => new SpearmanRankingDistribution(parameters as never)).toThrow(ParameterError);
  });

  it.each([1, 2, 3, 5, 6])('sums to 1 over all rankings of %i items', (d) => {
    for (const rho of [0, 0.01, 0.3, 4]) {
      const model = ranking(rankingsOf(d).at(-1)!, rho);
      expect(rankingsOf(d).reduce((sum, x) => sum + model.density(x), 0)).toBeCloseTo(1, 12);
    }
  });

  it('is impossible for a list that is no ranking, and NaN for what is no list', () => {
    const d = ranking([0, 1, 2], 1);
    expect(
      [
        [0, 1, 1],
        [0, 1],
        [3, 1, 0],
        [0.5, 1, 2],
      ].map((x) => d.logDensity(x)),
    ).toEqual(new Array(4).fill(-Infinity));
    for (const x of [null, 3, ['0', 1, 2], [0, 1, Number.NaN]]) expect(d.logDensity(x as never)).toBeNaN();
  });

  it.each([
    ['six items, each draw alone', 6, 0.1],
    ['25 items, by a Markov chain', 25, 0.02],
    ['25 items that hardly move', 25, 0.6],
  ])('draws rankings at their mean distance: %s', (_, d, rho) => {
    const sigma = Array.from({ length: d }, (__, j) => (j * 7) % d);
    const model = ranking(sigma, rho);
    const count = 2000;
    const distances = model
      .sampler(3)
      .sample(count)
      .map((x) => x.reduce((sum, rank, j) => sum + (rank - sigma[j]!) ** 2, 0));
    const mean = distances.reduce((sum, x) => sum + x, 0) / count;
    const variance = distances.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    const expected = (model.entropy + model.logDensity(sigma)) / rho; // log Z + rho E - log Z
    // Five standard errors of independent draws; draws of the chain are nearly so.
    expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / count) + 2e-3 * expected);
  });
});

describe('SpearmanRankingEstimator', () => {
  it('has the largest likelihood of all models: by enumeration of sigma and a grid of rho', () => {
    const rows = ranking([1, 3, 0, 2], 0.2).sampler(5).sample(40);
    const { model, logLikelihood } = optimize(rows, new SpearmanRankingEstimator());
    for (const sigma of rankingsOf(4)) {
      for (let rho = 0; rho < 1; rho += 0.02) {
        const other = ranking(sigma, rho);
        expect(rows.reduce((sum, x) => sum + other.logDensity(x), 0)).toBeLessThanOrEqual(logLikelihood + 1e-9);
      }
    }
    expect(model.sigma).toEqual([1, 3, 0, 2]);
  });

  it('keeps rho when asked, and is uniform without weight', () => {
    const rows = [
      [0, 1, 2],
      [0, 2, 1],
      [0, 1, 2],
    ];
    expect(optimize(rows, new SpearmanRankingEstimator({ rho: 1 })).model.toJSON()).toMatchObject({
      sigma: [0, 1, 2],
      rho: 1,
    });
    const e = new SpearmanRankingEstimator();
    expect(e.estimate({ count: 0, sums: new Float64Array(3) })).toEqual(ranking([0, 1, 2], 0));
  });

  it('gives the prior back when there are no other rows, and less concentration for equally likely ones', () => {
    const prior = { sigma: [2, 0, 1], rho: 0.7 };
    const e = new SpearmanRankingEstimator({ pseudoCount: 10, prior });
    const { sigma, rho } = e.estimate({ count: 0, sums: new Float64Array(3) });
    expect(sigma).toEqual(prior.sigma);
    expect(rho).toBeCloseTo(0.7, 10);
    const rows = ranking([2, 0, 1], 0.7).sampler(1).sample(100);
    const shrunk = optimize(rows, new SpearmanRankingEstimator({ pseudoCount: 50 })).model;
    expect(shrunk.rho).toBeLessThan(optimize(rows, new SpearmanRankingEstimator()).model.rho);
  });

  it.each([
    ['one item', [[0], [0]], 0],
    [
      'rows that cancel',
      [
        [0, 1],
        [1, 0],
      ],
      0,
    ],
    [
      'equal rows',
      [
        [1, 0, 2],
        [1, 0, 2],
      ],
      100,
    ],
  ])('fits %s', (_, rows, rho) => {
    const { model } = optimize(rows, new SpearmanRankingEstimator());
    expect(model.rho).toBe(rho);
    for (const row of rows) expect(model.logDensity(row)).toBeGreaterThan(-Infinity);
  });

  it('says that equal rows leave rho without a bound', () => {
    const { findings } = optimize(
      [
        [1, 0],
        [1, 0],
      ],
      new SpearmanRankingEstimator(),
    );
    expect(findings.map(({ kind }) => kind)).toEqual(['degenerate']);
  });

  it('refuses rankings of another number of items, by row', () => {
    const encode = () =>
      new SpearmanRankingEstimator().encoder().encode([
        [0, 1],
        [0, 2, 1],
      ]);
    expect(encode).toThrow(DataError);
    expect(encode).toThrow(/row 1 must be a list of 2 numbers, as row 0 is/);
  });

  it('finds the opinions that drew the rankings', () => {
    const opinions = [ranking([0, 1, 2, 3, 4, 5], 0.15), ranking([5, 3, 4, 1, 2, 0], 0.3)] as const;
    const rows = new MixtureDistribution(opinions, { w: [0.6, 0.4] }).sampler(1).sample(800);
    const e = new SpearmanRankingEstimator();
    const { model } = optimize(rows, new MixtureEstimator([e, e]), { seed: 1 });
    const found = [...model.components].sort((a, b) => a.rho - b.rho);
    expect(found.map(({ sigma }) => sigma)).toEqual(opinions.map(({ sigma }) => sigma));
    // Five standard errors: the information of a row about rho is the variance of the distance, which is above 100 here.
    found.forEach(({ rho }, k) => expect(Math.abs(rho - opinions[k]!.rho)).toBeLessThan(5 / Math.sqrt(100 * 300)));
  });
});
