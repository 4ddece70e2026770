import { describe, expect, it } from 'vitest';
import { DataError, EstimationError, ParameterError } from '../../src/errors.js';
import {
  IntegerChowLiuTreeDistribution,
  IntegerChowLiuTreeEstimator,
  type IntegerVector,
} from '../../src/families/integerChowLiuTree.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';

/** All vectors of `dimension` integers 0 … stateCount - 1. */
function vectorsOf(dimension: number, stateCount: number): number[][] {
  return Array.from({ length: stateCount ** dimension }, (_, code) =>
    Array.from({ length: dimension }, (__, j) => Math.floor(code / stateCount ** j) % stateCount),
  );
}

const chain = new IntegerChowLiuTreeDistribution({
  parents: [null, 2, 0],
  conditional: [
    [[0.5, 0.25, 0.25]],
    [
      [0.7, 0.2, 0.1],
      [0.1, 0.8, 0.1],
      [0.25, 0.25, 0.5],
    ],
    [
      [0.8, 0.1, 0.1],
      [0.2, 0.6, 0.2],
      [0.1, 0.2, 0.7],
    ],
  ],
});
const forest = new IntegerChowLiuTreeDistribution({
  parents: [null, null, 1],
  conditional: [
    [[0.2, 0.3, 0.5]],
    [[0.6, 0.2, 0.2]],
    [
      [0.7, 0.2, 0.1],
      [0.1, 0.1, 0.8],
      [0.3, 0.4, 0.3],
    ],
  ],
});

const laws = checkFamily({
  offers: [
    'violation',
    'sameAs',
    'slice',
    'take',
    'concat',
    'rowCodes',
    'squaredDistances',
    'mean',
    'covariance',
    'mode',
    'entropy',
    'statisticLength',
    'hasPrior',
    'parameterBlocks',
    'kind',
    'seqInitialize',
  ],
  distributions: [chain, forest],
  estimator: new IntegerChowLiuTreeEstimator(),
  keyed: new IntegerChowLiuTreeEstimator({ key: 'shared' }),
  rows: vectorsOf(3, 3),
  refused: [null, 3, [], [0, 1], [0, 1, 2, 0], [0, 0.5, 0], [0, -1, 0], ['0', 0, 0], [0, 0, Number.NaN], [0, 0, 1024]],
  impossible: [
    [0, 0, 3],
    [7, 0, 0],
  ],
  support: { rows: vectorsOf(3, 3) },
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('IntegerChowLiuTreeDistribution', () => {
  const rows = [[1]];
  it.each([
    ['nothing', undefined],
    ['no features', { parents: [], conditional: [] }],
    ['a circle', { parents: [1, 0], conditional: [rows, rows] }],
    ['its own parent', { parents: [0], conditional: [rows] }],
    ['an unknown parent', { parents: [null, 2], conditional: [rows, rows] }],
    ['a table missing', { parents: [null, 0], conditional: [rows] }],
    ['a row missing', { parents: [null, 0], conditional: [[[0.5, 0.5]], rows] }],
    ['rows of two lengths', { parents: [null, 0], conditional: [[[0.5, 0.5]], [[1], [0.5, 0.5]]] }],
    ['a sum that is not 1', { parents: [null], conditional: [[[0.5, 0.4]]] }],
    ['a row that is null', { parents: [null], conditional: [[null]] }],
  ])('refuses %s', (_, parameters) => {
    expect(() => new IntegerChowLiuTreeDistribution(parameters as never)).toThrow(ParameterError);
  });

  it('has the moments, the mode and the pairs of all vectors, by enumeration', () => {
    for (const d of [chain, forest]) {
      const all = vectorsOf(3, 3).map((x) => [x, d.density(x)] as const);
      const mean = [0, 1, 2].map((j) => all.reduce((sum, [x, p]) => sum + p * x[j]!, 0));
      d.mean.forEach((m, j) => expect(m).toBeCloseTo(mean[j]!, 12));
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const covariance = all.reduce((sum, [x, p]) => sum + p * (x[i]! - mean[i]!) * (x[j]! - mean[j]!), 0);
          expect(d.covariance[i]![j]).toBeCloseTo(covariance, 12);
          for (const [a, b] of vectorsOf(2, 3)) {
            const pair = all.reduce((sum, [x, p]) => sum + (x[i] === a && x[j] === b ? p : 0), 0);
            expect(d.pairsOf(i)[j]![3 * a! + b!]).toBeCloseTo(pair, 12);
          }
        }
      }
      expect(d.entropy).toBeCloseTo(-all.reduce((sum, [, p]) => sum + p * Math.log(p), 0), 12);
      expect(d.density(d.mode)).toBeCloseTo(Math.max(...all.map(([, p]) => p)), 12);
    }
  });
});

describe('IntegerChowLiuTreeEstimator', () => {
  /** Σ log p of the best tables on given edges: the closed form by counting. */
  function likelihoodOf(rows: readonly IntegerVector[], parents: readonly (number | null)[]): number {
    const count = (test: (x: IntegerVector) => boolean) => rows.filter(test).length;
    return rows.reduce((sum, x) => {
      return parents.reduce<number>((part, parent, j) => {
        const both = count((y) => y[j] === x[j] && (parent === null || y[parent] === x[parent]));
        const given = parent === null ? rows.length : count((y) => y[parent] === x[parent]);
        return part + Math.log(both / given);
      }, sum);
    }, 0);
  }

  it('finds the tree of largest likelihood: by enumeration of all trees over four features', () => {
    const truth = new IntegerChowLiuTreeDistribution({
      parents: [null, 3, 1, 0],
      conditional: [
        [[0.5, 0.5]],
        ...[0.8, 0.7, 0.9].map((p) => [
          [p, 1 - p],
          [1 - p, p],
        ]),
      ],
    });
    const rows = truth.sampler(1).sample(80);
    const parentLists = vectorsOf(3, 4).map((list) => [null, ...list] as (number | null)[]);
    const trees = parentLists.filter((parents) => {
      // From each feature the root is reached within as many steps as there are features.
      return parents.every((_, j) => {
        let at: number | null = j;
        for (let step = 0; step < 4 && at !== null; step++) at = parents[at]!;
        return at === null;
      });
    });
    expect(trees).toHaveLength(16); // Cayley: 4^2 trees
    const best = Math.max(...trees.map((parents) => likelihoodOf(rows, parents)));
    const { model, logLikelihood } = optimize(rows, new IntegerChowLiuTreeEstimator());
    expect(logLikelihood).toBeCloseTo(best, 9);
    expect(model.parents).toEqual(truth.parents);
  });

  it('gives a state that a parent never has the marginal, and a state of no row probability 0', () => {
    const rows = [
      [0, 0],
      [0, 1],
      [2, 1],
    ];
    const { conditional } = optimize(rows, new IntegerChowLiuTreeEstimator({ stateCount: 4 })).model;
    expect(conditional[0]).toEqual([[2 / 3, 0, 1 / 3, 0]]);
    expect(conditional[1]).toEqual([
      [0.5, 0.5, 0, 0],
      [1 / 3, 2 / 3, 0, 0],
      [0, 1, 0, 0],
      [1 / 3, 2 / 3, 0, 0],
    ]);
  });

  it('adds imaginary rows: even ones, or those of a tree, which it gives back when there are no others', () => {
    const even = optimize([[0], [0]], new IntegerChowLiuTreeEstimator({ pseudoCount: 2, stateCount: 2 })).model;
    expect(even.conditional).toEqual([[[0.75, 0.25]]]);
    const e = chain.estimator({ pseudoCount: 7 });
    const alone = e.estimate(e.accumulator(e.encoder().encode([])).value());
    expect(alone.parents).toEqual(chain.parents);
    for (const x of vectorsOf(3, 3)) expect(alone.density(x)).toBeCloseTo(chain.density(x), 12);
    const { model } = optimize([[0, 0, 0]], chain.estimator({ pseudoCount: 1e9 }));
    for (const x of vectorsOf(3, 3)) expect(model.density(x)).toBeCloseTo(chain.density(x), 8);
  });

  it.each([
    ['one feature', [[0], [2], [2]]],
    [
      'one state',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    ['one row', [[1, 0, 2]]],
    [
      'equal rows',
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'features that are copies',
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
    ],
  ])('fits %s, alone and in a mixture', (_, rows) => {
    const e = new IntegerChowLiuTreeEstimator();
    for (const estimator of [e, new MixtureEstimator([e, e])]) {
      const { model } = optimize(rows, estimator as typeof e, { seed: 1 });
      for (const row of rows) expect(model.logDensity(row)).toBeGreaterThan(-Infinity);
    }
  });

  it('says that no row was there to tell the number of features, and which row has another', () => {
    const e = new IntegerChowLiuTreeEstimator();
    expect(() => e.estimate(e.accumulator(e.encoder().encode([])).value())).toThrow(EstimationError);
    expect(() => e.encoder().encode([[0, 1], [0]])).toThrow(DataError);
    expect(() => e.encoder().encode([[0, 1], [0]])).toThrow(/row 1 must be a list of 2 integers, as row 0 is/);
    const wide = { rowCount: 1, dimension: 1000, stateCount: 1000, x: new Int32Array(1000) };
    expect(() => e.accumulator(wide)).toThrow(/1000 features of 1000 states need/);
  });

  it('finds the two trees that drew the rows', () => {
    const tree = (parents: (number | null)[], p: number) =>
      new IntegerChowLiuTreeDistribution({
        parents,
        conditional: parents.map((parent) =>
          parent === null
            ? [[p, 1 - p]]
            : [
                [p, 1 - p],
                [1 - p, p],
              ],
        ),
      });
    const truth = new MixtureDistribution([tree([null, 0, 1, 2], 0.95), tree([null, 0, 0, 0], 0.1)], { w: [0.5, 0.5] });
    const rows = truth.sampler(2).sample(2000);
    const e = new IntegerChowLiuTreeEstimator();
    const { logLikelihood } = optimize(rows, new MixtureEstimator([e, e]), { seed: 1 });
    // A maximum is not below the truth.
    expect(logLikelihood).toBeGreaterThan(rows.reduce((sum, x) => sum + truth.logDensity(x), 0));
  });
});
