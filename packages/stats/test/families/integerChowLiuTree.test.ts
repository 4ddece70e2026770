import { describe, expect, it } from 'vitest';
import { explain } from '../../src/ask/explain.js';
import { given } from '../../src/ask/given.js';
import { imputations, impute } from '../../src/ask/impute.js';
import { marginal } from '../../src/ask/marginal.js';
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
    'marginalOf',
    'conditioned',
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

describe('parts of a vector', () => {
  // 3 is the parent of 0, 2 and 4, and 4 that of 1.
  const star = new IntegerChowLiuTreeDistribution({
    parents: [3, 4, 3, null, 3],
    conditional: [
      [[0.7, 0.3], [0.2, 0.8], [1, 0]],
      [[0.5, 0.5], [0.9, 0.1]],
      [[0.4, 0.6], [0.5, 0.5], [0, 1]],
      [[0.3, 0.5, 0.2]],
      [[0.1, 0.9], [0.6, 0.4], [0.5, 0.5]],
    ],
  }); // biome-ignore format: short
  const rows = [0, 1].flatMap((a) =>
    [0, 1].flatMap((b) => [0, 1].flatMap((c) => [0, 1, 2].flatMap((d) => [0, 1].map((e) => [a, b, c, d, e])))),
  );
  const massOf = (known: Readonly<Record<number, number>>) =>
    rows
      .filter((row) => Object.entries(known).every(([j, state]) => row[Number(j)] === state))
      .reduce((sum, row) => sum + star.density(row), 0);

  it('have the sums over the others as their probabilities, alone and given some', () => {
    for (const [a, b, c, d, e] of rows as [number, number, number, number, number][]) {
      expect(marginal(star, 3).density(d)).toBeCloseTo(massOf({ 3: d }), 14);
      expect(marginal(star, [1, 3]).density([b, d])).toBeCloseTo(massOf({ 1: b, 3: d }), 14);
      expect(marginal(star, [2, 1]).density([c, b])).toBeCloseTo(massOf({ 2: c, 1: b }), 14);
      expect(marginal(star, [4, 3, 2]).density([e, d, c])).toBeCloseTo(massOf({ 4: e, 3: d, 2: c }), 14);
      if (massOf({ 0: a, 1: b }) > 0) {
        expect(given(star, { 0: a, 1: b }).density([c, d, e])).toBeCloseTo(
          star.density([a, b, c, d, e]) / massOf({ 0: a, 1: b }),
          13,
        );
      }
    }
    // The parent that is left out connects three.
    expect(() => marginal(star, [0, 1, 2])).toThrow('features that are a tree without those that connect them');
    expect(() => given(star, { 3: 2, 0: 1 })).toThrow(ParameterError);
    expect(() => given(star, { 3: 7 })).toThrow('field "[3]", must be possible');
  });

  it('are filled by the most probable ones, and drawn as they are distributed', () => {
    expect(impute(star, [1, null, 0, null, null])).toEqual([1, ...filledBest([1, null, 0, null, null])]);
    const mixture = new MixtureDistribution([star, star], { w: [0.5, 0.5] });
    expect(impute(mixture, [1, null, 0, null, null])).toEqual(impute(star, [1, null, 0, null, null]));
    const draws = imputations(star, [1, null, null, null, 0], 2).sample(4000);
    const p = massOf({ 0: 1, 3: 1, 4: 0 }) / massOf({ 0: 1, 4: 0 });
    const share = draws.filter((row) => row[3] === 1).length / 4000;
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 4000));
  });

  function filledBest(row: readonly (number | null)[]): readonly number[] {
    const fits = rows.filter((full) => full.every((state, j) => row[j] === null || row[j] === state));
    return fits.reduce((best, full) => (star.density(full) > star.density(best) ? full : best)).slice(1);
  }

  it('are parts of the log-density, each feature given its parent', () => {
    for (const row of rows) {
      const { parts, logDensity } = explain(star, row);
      expect(parts).toHaveLength(5);
      const sum = parts.reduce((total, part) => total + part.logDensity, 0);
      if (logDensity === -Infinity) expect(sum).toBe(-Infinity);
      else expect(sum).toBeCloseTo(logDensity, 13);
    }
    const { parts } = explain(star, [1, 0, 1, 1, 1]);
    expect(parts[4]).toMatchObject({ field: '[4]', logDensity: Math.log(0.4), tail: 0.4 });
    expect(parts[0]).toMatchObject({ field: '[0]', logDensity: Math.log(0.8), tail: 1 });
  });

  it('do not underflow in long chains', () => {
    const count = 3000;
    const long = new IntegerChowLiuTreeDistribution({
      parents: Array.from({ length: count }, (_, j) => (j === 0 ? null : j - 1)),
      conditional: Array.from({ length: count }, (_, j) => (j === 0 ? [[0.5, 0.5]] : [[0.5, 0.5], [0.5, 0.5]])), // biome-ignore format: short
    });
    const known: Readonly<Record<number, number>> = Object.fromEntries(
      Array.from({ length: count - 1 }, (_, j) => [j + 1, j % 2]),
    );
    expect(given(long, known).density([0])).toBeCloseTo(0.5, 12);
  });
});
