import { describe, expect, it } from 'vitest';
import { DataError, ParameterError } from '../../src/errors.js';
import { BernoulliSetDistribution, BernoulliSetEstimator } from '../../src/families/bernoulliSet.js';
import type { Level } from '../../src/families/categorical.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { SETS, subsetsOf } from '../sets.js';

const MIXED: readonly Level[] = ['a', 1, '1', null];
const set = (p: readonly number[], minP = 0) =>
  new BernoulliSetDistribution<Level>(
    MIXED.map((value, j): [Level, number] => [value, p[j]!]),
    { minP },
  );

const laws = checkFamily({
  offers: SETS,
  distributions: [set([0.25, 0.5, 0.875, 0.0625]), set([0.5, 0.125, 0.5, 0.75], 0.01), set([1, 0.25, 0.5, 1e-3], 1e-6)],
  estimator: new BernoulliSetEstimator<Level>(),
  keyed: new BernoulliSetEstimator<Level>({ key: 'shared' }),
  rows: [MIXED, new Set(MIXED)],
  refused: [null, 'ab', 3, {}, new Map(), [undefined], ['a', Number.NaN], ['a', 'b', 'a'], [['a']]],
  support: { rows: subsetsOf(MIXED) },
  moments: {
    of: (row: readonly Level[]) => row.length,
    mean: ({ p, minP }: BernoulliSetDistribution<Level>) =>
      [...p.values()].reduce((sum, q) => sum + Math.min(Math.max(q, minP), 1 - minP), 0),
    sd: ({ p, minP }: BernoulliSetDistribution<Level>) =>
      Math.sqrt([...p.values()].reduce((sum, q) => sum + Math.max(q, minP) * Math.max(1 - q, minP), 0)),
  },
  parameters: ({ p }: BernoulliSetDistribution<Level>) => MIXED.map((value) => p.get(value) ?? 0),
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('BernoulliSetDistribution', () => {
  it.each([
    ['no table', undefined, {}],
    ['a probability above 1', { a: 1.5 }, {}],
    ['a probability that is NaN', { a: Number.NaN }, {}],
    ['a value that is a list', [[['a'], 0.5]], {}],
    ['a minP above 1/2', { a: 0.5 }, { minP: 0.6 }],
    ['a minP that is NaN', { a: 0.5 }, { minP: Number.NaN }],
  ])('refuses %s', (_, p, options) => {
    expect(() => new BernoulliSetDistribution(p as never, options)).toThrow(ParameterError);
  });

  it('is 1 for the empty set of no values', () => {
    expect(new BernoulliSetDistribution({}).density([])).toBe(1);
  });

  it('finds a set without a required value, and one with an impossible or an unknown value, impossible', () => {
    const d = new BernoulliSetDistribution({ must: 1, may: 0.25, never: 0 });
    const rows = [['must'], ['must', 'may'], ['may'], ['must', 'never'], ['must', 'new'], [], ['never', 'may']];
    const expected = [0.75, 0.25, 0, 0, 0, 0, 0].map((p) => expect.closeTo(p, 12));
    expect(rows.map((row) => d.density(row as never))).toEqual(expected);
    const scores = new Float64Array(rows.length);
    d.seqLogDensity(d.encoder().encode(rows as never), 0, rows.length, scores);
    expect(Array.from(scores, Math.exp)).toEqual(expected);
  });

  it('keeps every probability in [minP, 1 - minP], so that no set is impossible', () => {
    const d = new BernoulliSetDistribution({ must: 1, never: 0 }, { minP: 1e-100 });
    expect(d.logDensity([])).toBeCloseTo(Math.log(1e-100), 9);
    expect(d.logDensity(['must', 'never'])).toBeCloseTo(Math.log(1e-100), 9);
    expect(d.logDensity(['must', 'new' as never])).toBeCloseTo(Math.log(1e-100), 9);
  });

  it('scores NaN what is no set, and -Infinity a list that repeats a value', () => {
    const d = new BernoulliSetDistribution({ a: 0.5 });
    for (const row of [null, undefined, 'a', 3, { a: 1 }, [Number.NaN]]) expect(d.logDensity(row as never)).toBeNaN();
    expect(d.logDensity(['a', 'a'])).toBe(-Infinity);
  });

  it('names the row, the place and the value of what it refuses', () => {
    const encoder = new BernoulliSetEstimator().encoder();
    const errorOf = (rows: unknown) => {
      try {
        encoder.encode(rows as never);
      } catch (error) {
        return error instanceof DataError ? [error.row, error.path, error.found] : error;
      }
      return undefined;
    };
    expect(errorOf([[], ['a'], ['b', 'c', 'b']])).toEqual([2, [2], 'b']);
    expect(errorOf([['a'], new Set([Number.NaN])])).toEqual([1, [0], Number.NaN]);
    expect(errorOf([['a', 'a'], 3])).toEqual([0, [1], 'a']);
    expect(errorOf([['a'], 'ab'])).toEqual([1, [], 'ab']);
  });
});

describe('BernoulliSetEstimator', () => {
  it('counts the share of rows that hold each value: the closed form', () => {
    const rows = [['a'], new Set(['a', 'b']), [], ['c']];
    expect([...optimize(rows, new BernoulliSetEstimator()).model.p]).toEqual([
      ['a', 0.5],
      ['b', 0.25],
      ['c', 0.25],
    ]);
  });

  it('adds imaginary rows, half full or as the prior says, over the values of both', () => {
    const even = optimize([['a'], []], new BernoulliSetEstimator({ pseudoCount: 2 })).model;
    expect([...even.p]).toEqual([['a', 0.5]]);
    const prior = { a: 1, z: 0.25 };
    const { p } = optimize([['a'], ['b']], new BernoulliSetEstimator({ pseudoCount: 2, prior })).model;
    expect([...p]).toEqual([
      ['a', 0.75],
      ['b', 0.25],
      ['z', 0.125],
    ]);
  });

  it.each([
    ['empty sets', [[], [], []]],
    ['one item', [['a'], [], ['a']]],
    [
      'equal rows',
      [
        ['a', 'b'],
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
  ])('fits %s, alone and in a mixture', (_, rows) => {
    const e = new BernoulliSetEstimator();
    const alone = optimize(rows, e);
    for (const row of rows) expect(alone.model.logDensity(row)).toBeGreaterThan(-Infinity);
    const mixed = optimize(rows, new MixtureEstimator([e, e]), { seed: 1 });
    for (const row of rows) expect(mixed.model.logDensity(row)).toBeGreaterThan(-Infinity);
  });

  it('says that rows are all the same set', () => {
    const { findings } = optimize(
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      new BernoulliSetEstimator(),
    );
    expect(findings.map(({ kind }) => kind)).toEqual(['degenerate']);
  });

  it('finds the kinds of basket that drew the rows', () => {
    const items = Array.from({ length: 30 }, (_, j) => `item ${j}`);
    const kind = (first: number) =>
      new BernoulliSetDistribution(items.map((item, j): [string, number] => [item, j % 3 === first ? 0.4 : 0.02]));
    const truth = new MixtureDistribution([kind(0), kind(1), kind(2)], { w: [0.5, 0.3, 0.2] });
    const rows = truth.sampler(1).sample(1500);
    const e = new BernoulliSetEstimator();
    const { model } = optimize(rows, new MixtureEstimator([e, e, e]), { seed: 2 });
    const order = [0, 1, 2].map((k) =>
      model.components.findIndex(({ p }) => items.every((item, j) => p.get(item)! > 0.2 === (j % 3 === k))),
    );
    expect([...order].sort()).toEqual([0, 1, 2]);
    // Five standard errors of a share of 1500 rows.
    order.forEach((at, k) => expect(Math.abs(model.w[at]! - truth.w[k]!)).toBeLessThan(5 * Math.sqrt(0.25 / 1500)));
  });

  it('gives equal sets equal parameters under one key, whatever the order of their values', () => {
    const e = new BernoulliSetEstimator({ key: 'items' });
    const estimator = new MixtureEstimator([e, e]);
    const { model } = optimize([['a'], ['b', 'a'], []], estimator, { seed: 1 });
    expect(model.components[0]).toEqual(model.components[1]);
  });
});
