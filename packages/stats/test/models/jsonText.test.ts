import { describe, expect, it } from 'vitest';
import {
  BernoulliSetDistribution,
  CategoricalDistribution,
  ConditionalDistribution,
  GaussianDistribution,
  MarkovChainDistribution,
  type Missing,
  modelFromJSON,
  OptionalDistribution,
} from '../../src/index.js';

const gaussian = new GaussianDistribution({ mu: 1, sigma2: 2 });
const throughText = (model: object) => modelFromJSON(JSON.parse(JSON.stringify(model)));

describe('a model through JSON.stringify and JSON.parse', () => {
  it.each<[Missing]>([[Number.NaN], [Infinity], [-Infinity], [-0], [null], [''], [0], [false], ['$number']])(
    'keeps %s as the missing value',
    (missing) => {
      const model = new OptionalDistribution<GaussianDistribution, Missing>(gaussian, { p: 0.25, missing });
      const read = throughText(model) as typeof model;
      expect(Object.is(read.missing, missing)).toBe(true);
      expect(read.logDensity(missing)).toBe(model.logDensity(missing));
      expect(model.toJSON().missing).toBe(missing); // a codec gets the value itself
    },
  );

  it('keeps levels that JSON lacks', () => {
    const levels = new Map([
      [Infinity, 0.25],
      [-Infinity, 0.25],
      [2, 0.5],
    ]);
    const categorical = throughText(new CategoricalDistribution(levels)) as CategoricalDistribution<number>;
    expect([...categorical.p]).toEqual([...levels]);
    const set = throughText(new BernoulliSetDistribution(levels)) as BernoulliSetDistribution<number>;
    expect([...set.p]).toEqual([...levels]);
    const chain = throughText(
      new MarkovChainDistribution({ initial: levels, transitions: new Map([[Infinity, levels]]) }),
    ) as MarkovChainDistribution<number>;
    expect(chain.transitions).toEqual(new Map([[Infinity, levels]]));
    expect([...chain.initial]).toEqual([...levels]);
    const conditional = throughText(new ConditionalDistribution([[Infinity, gaussian]]));
    expect(conditional.logDensity([Infinity, 1])).toBe(gaussian.logDensity(1));
  });

  it('takes only the notation itself for such a value', () => {
    const plain = { type: 'Optional', dist: gaussian.toJSON(), p: 0.25 };
    for (const missing of [{ $number: '3' }, { $number: 'NaN', other: 1 }, {}]) {
      expect(() => modelFromJSON({ ...plain, missing })).toThrow(
        /missing must be null, a string, a number or a boolean/,
      );
    }
  });
});

it('names the probabilities of a categorical, or gives them first', () => {
  const named = new CategoricalDistribution({ p: { a: 0.25, b: 0.75 }, unseen: 0.5 });
  expect(named.toJSON()).toEqual(new CategoricalDistribution({ a: 0.25, b: 0.75 }, { unseen: 0.5 }).toJSON());
  expect(new CategoricalDistribution({ p: new Map([[1, 1]]) }).density(1)).toBe(1);
  expect(new CategoricalDistribution({ p: 0.25, q: 0.75 }).density('p')).toBe(0.25); // levels named p and q
});
