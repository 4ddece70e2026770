import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../src/families/integerBernoulliSet.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { SETS, subsetsOf } from '../sets.js';

const set = (p: readonly number[], minP = 0) => new IntegerBernoulliSetDistribution({ p, minP });

const laws = checkFamily({
  offers: SETS,
  distributions: [set([0.25, 0.5, 0.875, 0.0625]), set([1, 0.125, 0.5, 0.75], 0.01), set([0.9, 0.25, 0.5, 1e-3], 1e-6)],
  estimator: new IntegerBernoulliSetEstimator(),
  keyed: new IntegerBernoulliSetEstimator({ key: 'shared' }),
  rows: [[3, 1, 0, 2], new Set([0, 3])],
  refused: [null, 3, '12', [0.5], [-1], ['1'], [2 ** 22], [Number.NaN], [1, 2, 1]],
  impossible: [[4], new Set([0, 1000])],
  support: { rows: subsetsOf([0, 1, 2, 3]) },
  parameters: ({ p }: IntegerBernoulliSetDistribution) => p,
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('IntegerBernoulliSetDistribution', () => {
  it.each([
    ['nothing', undefined],
    ['no list', { p: 0.5 }],
    ['a probability above 1', { p: [0.5, 1.5] }],
    ['a text', { p: ['0.5'] }],
    ['a minP below 0', { p: [0.5], minP: -1 }],
  ])('refuses %s', (_, parameters) => {
    expect(() => new IntegerBernoulliSetDistribution(parameters as never)).toThrow(ParameterError);
  });

  it('takes probabilities in a typed array, and does not share them', () => {
    const p = Float64Array.of(0.25, 0.5);
    const d = new IntegerBernoulliSetDistribution({ p });
    p[0] = 1;
    expect(d.p).toEqual([0.25, 0.5]);
  });
});

describe('IntegerBernoulliSetEstimator', () => {
  it('reaches from 0 to the largest integer, or further when asked', () => {
    const fit = (options: object) => optimize([[0], [0, 2], []], new IntegerBernoulliSetEstimator(options)).model.p;
    expect(fit({})).toEqual([2 / 3, 0, 1 / 3]);
    expect(fit({ valueCount: 5 })).toEqual([2 / 3, 0, 1 / 3, 0, 0]);
    expect(fit({ valueCount: 2 })).toEqual([2 / 3, 0, 1 / 3]);
    expect(fit({ valueCount: 4, pseudoCount: 1 })).toEqual([2.5 / 4, 0.5 / 4, 1.5 / 4, 0.5 / 4]);
    expect(fit({ pseudoCount: 1, prior: [1, 0, 0, 1] })).toEqual([3 / 4, 0, 1 / 4, 1 / 4]);
  });

  it('is as likely there as not without weight', () => {
    const e = new IntegerBernoulliSetEstimator({ valueCount: 2 });
    expect(e.estimate(e.accumulator(e.encoder().encode([])).value()).p).toEqual([0.5, 0.5]);
  });

  it('refuses an integer so large that the table would not fit, by its row', () => {
    expect(() => optimize([[0], [1e9]], new IntegerBernoulliSetEstimator())).toThrow(/row 1, field "\[0\]" must be/);
  });
});
