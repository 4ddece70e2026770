import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator, type Level } from '../../src/families/categorical.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, 'mode', 'entropy', 'slice', 'take', 'concat', 'rowCodes', 'seqInitialize', 'sameAs'],
  distributions: [
    new CategoricalDistribution<Level>([
      ['a', 0.25],
      ['b', 0.5],
      ['c', 0.25],
    ]),
    new CategoricalDistribution<Level>([
      [1, 0.125],
      ['1', 0.375],
      [true, 0.25],
      [null, 0.25],
    ]),
    new CategoricalDistribution<Level>([['only', 1]]),
  ],
  estimator: new CategoricalEstimator<Level>(),
  keyed: new CategoricalEstimator<Level>({ key: 'shared' }),
  refused: [Number.NaN, undefined, {}, [], Symbol.iterator, 1n],
  impossible: ['never seen', -17],
  parameters: (d: CategoricalDistribution<Level>) => ['a', 'b', 1, '1', true].map((level) => d.density(level)),
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('CategoricalDistribution', () => {
  it.each([
    ['a sum that is not 1', { a: 0.5, b: 0.4 }, {}],
    ['a negative probability', { a: -0.5, b: 1.5 }, {}],
    ['a probability that is NaN', { a: Number.NaN }, {}],
    ['a floor above 1', { a: 1 }, { unseen: 2 }],
  ])('refuses %s', (_, p, options) => {
    expect(() => new CategoricalDistribution(p, options)).toThrow(ParameterError);
  });

  it('tells 1 from "1", and null from "null"', () => {
    const d = new CategoricalDistribution<Level>([
      [1, 0.25],
      [null, 0.75],
    ]);
    expect([1, '1', null, 'null'].map((level) => d.density(level))).toEqual([0.25, 0, 0.75, 0]);
  });

  it('divides by 1 + unseen', () => {
    const d = new CategoricalDistribution({ a: 1 }, { unseen: 0.25 });
    expect(d.density('a')).toBeCloseTo(0.8, 12);
    expect(d.density('z')).toBeCloseTo(0.2, 12);
  });
});

describe('CategoricalEstimator', () => {
  it('smooths by a pseudo count, evenly or as the prior says', () => {
    const even = optimize(['a', 'b', 'b'], new CategoricalEstimator({ pseudoCount: 2 })).model;
    expect(even.density('a')).toBeCloseTo(2 / 5, 12);
    const prior = { a: 0.25, c: 0.75 };
    const { model } = optimize(['a', 'b', 'b'], new CategoricalEstimator({ pseudoCount: 4, prior }));
    expect(['a', 'b', 'c'].map((level) => model.density(level))).toEqual([
      expect.closeTo(2 / 7, 12),
      expect.closeTo(2 / 7, 12),
      expect.closeTo(3 / 7, 12),
    ]);
  });

  it('gives each unseen value 1/n² when asked', () => {
    expect(optimize(['a', 'b'], new CategoricalEstimator({ allowUnseen: true })).model.unseen).toBe(0.25);
  });
});
