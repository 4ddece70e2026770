/** Pairs whose values depend on each other: joint mixtures, and conditionals of which a part of the value is known. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CategoricalDistribution,
  ConditionalDistribution,
  explain,
  type GaussianDistribution,
  given,
  IntegerCategoricalDistribution,
  imputations,
  impute,
  JointMixtureDistribution,
  type MixtureDistribution,
  MultivariateGaussianDistribution,
  marginal,
  OptionalDistribution,
  RecordDistribution,
  SemiSupervisedMixtureDistribution,
} from '../../src/index.js';
import { normal } from './models.js';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const LETTERS = ['a', 'b'] as const;
const COUNTS = [0, 1, 2] as const;
const letter = (a: number) => new CategoricalDistribution({ a, b: 1 - a });
const count = (...p: number[]) => new IntegerCategoricalDistribution({ min: 0, p });

/** w2 and tau21 are left to the cells; one cell is impossible. */
const words = new JointMixtureDistribution([letter(0.9), letter(0.2)], [count(0.5, 0.3, 0.2), count(0.1, 0, 0.9)], {
  w1: [0.3, 0.7],
  tau12: [
    [0, 1],
    [0.6, 0.4],
  ],
});

describe('a joint mixture', () => {
  it('has sums over the other value as its marginals', () => {
    for (const x of LETTERS)
      expect(marginal(words, 0).density(x)).toBeCloseTo(sum(COUNTS.map((n) => words.density([x, n]))), 14);
    for (const n of COUNTS)
      expect(marginal(words, 1).density(n)).toBeCloseTo(sum(LETTERS.map((x) => words.density([x, n]))), 14);
    const counts = marginal(words, 1);
    expect(counts.mean).toBeCloseTo(sum(COUNTS.map((n) => n * counts.density(n))), 14);
    expectTypeOf(counts).toEqualTypeOf<
      MixtureDistribution<readonly [IntegerCategoricalDistribution, IntegerCategoricalDistribution]>
    >();
    // @ts-expect-error: pairs have two values
    expect(() => marginal(words, 2)).toThrow('marginal: steps must be one of 0, 1, found 2.');
    expect(() => marginal(words, [0, 1])).toThrow('0 or 1, one value of the pair');
  });

  it('has, given one value, its share of the sum for the other', () => {
    for (const x of LETTERS) {
      const rest = given(words, { 0: x });
      const total = sum(COUNTS.map((n) => words.density([x, n])));
      for (const n of COUNTS) expect(rest.density(n)).toBeCloseTo(words.density([x, n]) / total, 14);
    }
    const rest = given(words, { 1: 2 });
    expectTypeOf(rest).toEqualTypeOf<
      MixtureDistribution<readonly [CategoricalDistribution, CategoricalDistribution]>
    >();
    expect(rest.density('a')).toBeCloseTo(words.density(['a', 2]) / marginal(words, 1).density(2), 14);
    expect(() => given(words, { 1: 7 })).toThrow(
      'given: part, field "[1]", must be possible under the model, found 7.',
    );
    expect(() => given(words, { 0: 'a', 1: 2 })).toThrow('a part that leaves something to ask about');
  });

  it('stays one, given a part of a value, by the chain rule', () => {
    const vector = (mu: number, s: number) =>
      new MultivariateGaussianDistribution({ mu: [mu, -mu], covariance: [[1, s], [s, 2]] }); // biome-ignore format: short
    const places = new JointMixtureDistribution([vector(0, 0.3), vector(2, -0.5)], words.components1, {
      w1: [0.3, 0.7],
      tau12: words.tau12,
    });
    const rest = given(places, { 0: { 1: -1 } });
    expect(rest.components1).toHaveLength(2);
    expectTypeOf(rest).toEqualTypeOf<
      JointMixtureDistribution<
        readonly [MultivariateGaussianDistribution, MultivariateGaussianDistribution],
        readonly [CategoricalDistribution, CategoricalDistribution]
      >
    >();
    const part = marginal(marginal(places, 0), 1);
    for (const x of LETTERS) {
      expect(part.logDensity(-1) + rest.logDensity([[0.7], x])).toBeCloseTo(places.logDensity([[0.7, -1], x]), 12);
      const both = given(places, { 0: { 1: -1 }, 1: x });
      expect(rest.logDensity([[0.7], x]) - marginal(rest, 1).logDensity(x)).toBeCloseTo(both.logDensity([0.7]), 12);
    }
  });

  it('fills the value that is missing', () => {
    expect(impute(words, ['b', null])).toEqual(['b', given(words, { 0: 'b' }).quantile(0.5)]);
    expect(impute(words, [null, 0])).toEqual([given(words, { 1: 0 }).density('a') > 0.5 ? 'a' : 'b', 0]);
    expect(impute(words, [null, null])).toEqual(['b', marginal(words, 1).quantile(0.5)]);
    const draws = imputations(words, ['a', null], 1).sample(4000);
    const p = given(words, { 0: 'a' }).density(2);
    const share = draws.filter(([x, n]) => x === 'a' && n === 2).length / 4000;
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 4000));
    expect(() => impute(words, ['b', 'two'] as never)).toThrow('impute: a value of IntegerCategorical must be');
  });

  it('explains a pair by its values and by how rare its cells are', () => {
    for (const x of LETTERS) {
      for (const n of COUNTS) {
        const { parts, logDensity } = explain(words, [x, n]);
        expect(parts.map(({ field, of }) => field || of)).toEqual(['[0]', '[1]', 'mixing']);
        expect(sum(parts.map((part) => part.logDensity))).toBeCloseTo(logDensity, 13);
      }
    }
  });
});

describe('a conditional with a part of its value', () => {
  const pet = (mu: number, s: number) =>
    new RecordDistribution({
      size: new MultivariateGaussianDistribution({ mu: [mu, 2 * mu], covariance: [[1, s], [s, 1]] }), // biome-ignore format: short
      age: new OptionalDistribution(normal(mu), { p: mu / 20 }),
    });
  const byKind = new ConditionalDistribution(
    { cat: pet(2, 0.5), dog: pet(8, -0.5) },
    { given: new CategoricalDistribution({ cat: 0.4, dog: 0.6 }) },
  );
  const evidenceOf = (kind: 'cat' | 'dog', share: number) =>
    share * marginal(marginal(byKind.dists.get(kind)!, 'size'), 0).density(5);

  it('keeps the level with the rest of the value', () => {
    const rest = given(byKind, { 1: { size: { 0: 5 } } });
    const [cat, dog] = [evidenceOf('cat', 0.4), evidenceOf('dog', 0.6)];
    expect(rest.given.density('dog')).toBeCloseTo(dog / (cat + dog), 13);
    expect(rest.dists.get('cat')!.fields.size.mu[0]).toBeCloseTo(4 + 0.5 * 3, 13);
    const row = { size: [5, 6], age: 4 };
    expect(Math.log(cat + dog) + rest.logDensity(['cat', { size: [6], age: 4 }])).toBeCloseTo(
      byKind.logDensity(['cat', row]),
      12,
    );
    expectTypeOf(rest.given).toEqualTypeOf<CategoricalDistribution<string>>();
    expectTypeOf(rest.dists.get('cat')!.fields.size).toEqualTypeOf<MultivariateGaussianDistribution>();
  });

  it('takes both, the level and a part', () => {
    const rest = given(byKind, { 0: 'dog', 1: { size: { 0: 5 } } });
    expect(rest.fields.size.mu[0]).toBeCloseTo(16 - 0.5 * -3, 13);
    expectTypeOf(rest.fields.age).toEqualTypeOf<OptionalDistribution<GaussianDistribution>>();
    expect(() => given(byKind, { 0: 'cow', 1: { size: { 0: 5 } } })).toThrow('field "[0]", must be possible');
  });

  it('fills gaps inside the value, and the level from all that is known', () => {
    const full = impute(byKind, ['dog', { size: [5, null], age: null }]);
    expect(full).toEqual(['dog', { size: [5, 17.5], age: 8 }]);
    expectTypeOf(full[1].age).toEqualTypeOf<number>();
    // That the age is missing says something of the kind, too.
    const cat = evidenceOf('cat', 0.4) * (2 / 20);
    const dog = evidenceOf('dog', 0.6) * (8 / 20);
    const draws = imputations(byKind, [null, { size: [5, null], age: null }], 3).sample(4000);
    const share = draws.filter(([kind]) => kind === 'dog').length / 4000;
    const p = dog / (cat + dog);
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 4000));
    expect(draws.every(([, value]) => value.size[0] === 5 && value.size.length === 2)).toBe(true);
    expect(impute(byKind, [null, { size: [2, 4], age: 2 }])[0]).toBe('cat');
  });

  it('fills a whole value that is a vector', () => {
    const vectors = new ConditionalDistribution(
      { cat: byKind.dists.get('cat')!.fields.size, dog: byKind.dists.get('dog')!.fields.size },
      { given: byKind.given },
    );
    expect(impute(vectors, ['dog', null])).toEqual(['dog', [8, 16]]);
    expect(impute(vectors, [null, [2, null]])).toEqual(['cat', [2, 4]]);
    expect(impute(new RecordDistribution({ pet: vectors, x: normal(0) }), { pet: ['cat', null], x: null })).toEqual({
      pet: ['cat', [2, 4]],
      x: 0,
    });
  });
});

it('the values of a labelled mixture are explained with the weights that the label leaves', () => {
  const labelled = new SemiSupervisedMixtureDistribution([normal(0), normal(4)], { w: [0.25, 0.75] });
  for (const label of [
    null,
    1,
    [
      [0, 0.9],
      [1, 0.1],
    ],
  ] as const) {
    // biome-ignore format: short
    const { parts, logDensity } = explain(labelled, [1.5, label as null]);
    expect(parts.map(({ field, of }) => `${field} ${of}`)).toEqual(['[0] value', '[0] mixing']);
    expect(sum(parts.map((part) => part.logDensity))).toBeCloseTo(logDensity, 13);
  }
});
