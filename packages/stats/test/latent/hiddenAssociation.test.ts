import { describe, expect, expectTypeOf, it } from 'vitest';
import { ConditionalDistribution, ConditionalEstimator } from '../../src/combinators/conditional.js';
import { MultinomialDistribution, MultinomialEstimator } from '../../src/combinators/multinomial.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import type { AnyDistribution, Scratch } from '../../src/contract.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  HiddenAssociationDistribution,
  HiddenAssociationEstimator,
} from '../../src/latent/associations/hiddenAssociation.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

type Row = readonly [readonly (readonly [string, number])[], readonly (readonly [string, number])[]];

const levels = (x: number, y: number) => new CategoricalDistribution({ x, y, z: 1 - x - y });
const conditional = (x: number) =>
  new ConditionalDistribution({ a: levels(x, 0.25), b: levels(0.125, 0.75), c: levels(0.25, 0.125) });
const sources = new MultinomialDistribution(new CategoricalDistribution({ a: 0.5, b: 0.25, c: 0.25 }), {
  length: new PoissonDistribution({ lambda: 3 }),
});
const association = (x: number) =>
  new HiddenAssociationDistribution(conditional(x), { given: sources, length: new PoissonDistribution({ lambda: 4 }) });
const level = new CategoricalEstimator();
const ofLevels = new ConditionalEstimator({ a: level, b: level, c: level });
const options = {
  given: new MultinomialEstimator(level, { length: new PoissonEstimator() }),
  length: new PoissonEstimator(),
};

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded'],
    notShown: ['isUnbounded'],
    distributions: [association(0.5), association(0.25)],
    estimator: new HiddenAssociationEstimator(ofLevels, options),
    keyed: new HiddenAssociationEstimator(ofLevels, { ...options, key: 'shared' }),
    rows: [[[], []], [[['a', 1]], []], [[['a', 0], ['b', 0.5], ['b', 1.5]], [['x', 0], ['y', 2]]]], // biome-ignore format: three rows
    impossible: [[[], [['x', 1]]], [[['b', 0]], [['x', 1]]], [[['a', 1]], [['w', 1]]]], // biome-ignore format: three rows
    refused: [
      3,
      null,
      [[]],
      [[], [], []],
      [[], 1],
      [['a'], []],
      [[['a', 1]], [['x']]],
      [[['a', -1]], []],
      [[['a', 1]], [['x', Number.NaN]]],
      [[[{}, 1]], []],
      [[['a', 1]], [[{}, 1]]],
      [[['a', 1]], [['x', 0.5]]],
    ],
    parameters: (d: ReturnType<typeof association>) =>
      [...d.conditional.dists.values()].flatMap((f) => ['x', 'y', 'z'].map((v) => f.density(v as 'x'))),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with numbers as targets', () => {
  const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
  const numbers = (mu: number) =>
    new HiddenAssociationDistribution(new ConditionalDistribution({ a: gaussian(0), b: gaussian(mu) }), {
      given: new MultinomialDistribution(new CategoricalDistribution({ a: 0.5, b: 0.5 }), {
        length: new PoissonDistribution({ lambda: 2 }),
      }),
      length: new PoissonDistribution({ lambda: 2 }),
    });
  const e = new GaussianEstimator();
  const estimator = (key?: string) =>
    new HiddenAssociationEstimator(new ConditionalEstimator({ a: e, b: e }), {
      ...options,
      ...(key === undefined ? {} : { key }),
    });
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling'],
    distributions: [numbers(8), numbers(4)],
    unbounded: {
      distribution: new HiddenAssociationDistribution(
        new ConditionalDistribution({ a: new GammaDistribution({ shape: 0.5, scale: 1 }) }),
      ),
      pole: [[['a', 1]], [[0, 1]]],
    },
    estimator: estimator(),
    keyed: estimator('shared'),
    parameters: (d: ReturnType<typeof numbers>) => [...d.conditional.dists.values()].map(({ mu }) => mu),
  });
  for (const { law, run } of laws) it(law, run);
});

/** Σ over all ways to give each copy of a target one copy of a source. */
function enumerated(d: ConditionalDistribution<CategoricalDistribution>, [from, to]: Row): number {
  const copies = from.flatMap(([source, count]) => new Array<string>(count).fill(source));
  const drawn = to.flatMap(([target, count]) => new Array<string>(count).fill(target));
  const sum = (n: number): number =>
    n === drawn.length
      ? 1
      : copies.reduce((p, source) => p + (d.density([source, drawn[n]!]) / copies.length) * sum(n + 1), 0);
  return sum(0);
}

describe('the density', () => {
  const d = new HiddenAssociationDistribution(conditional(0.5));

  it('sums over all links', () => {
    const rows: Row[] = [
      [[['a', 2], ['b', 1]], [['x', 2], ['z', 1]]],
      [[['c', 1]], [['y', 3]]],
      [[['a', 1], ['b', 1], ['c', 3]], [['x', 1], ['y', 1], ['z', 1]]],
    ]; // biome-ignore format: a row to a line
    for (const row of rows) expect(d.density(row)).toBeCloseTo(enumerated(conditional(0.5), row), 14);
  });

  it('sums to 1 over all ordered pairs of targets', () => {
    const all = ['x', 'y', 'z'].flatMap((u) => ['x', 'y', 'z'].map((v): Row => [[['a', 1], ['c', 2]], [[u, 1], [v, 1]]])); // biome-ignore format: short
    expect(all.reduce((sum, row) => sum + d.density(row), 0)).toBeCloseTo(1, 14);
  });

  it('adds the scores of the sources and of the length', () => {
    const row: Row = [[['a', 2], ['b', 1]], [['x', 2]]]; // biome-ignore format: short
    const expected =
      d.logDensity(row) + sources.logDensity([['a', 2], ['b', 1]]) + new PoissonDistribution({ lambda: 4 }).logDensity(2); // biome-ignore format: short
    expect(association(0.5).logDensity(row)).toBeCloseTo(expected, 12);
  });

  it('takes the distribution for other sources where there is one', () => {
    const other = new ConditionalDistribution({ a: levels(0.5, 0.25) }, { otherwise: levels(0, 1) });
    const withOther = new HiddenAssociationDistribution(other);
    expect(withOther.density([[['a', 1], ['q' as 'a', 3]], [['y', 1]]])).toBeCloseTo(0.25 / 4 + 3 / 4, 14); // biome-ignore format: short
    expect(d.density([[['a', 1], ['q' as 'a', 3]], [['y', 1]]])).toBeCloseTo(0.25 / 4, 14); // biome-ignore format: short
  });

  it('holds counts of any size', () => {
    const row: Row = [[['a', 1e15], ['b', 1e15]], [['x', 1e15]]]; // biome-ignore format: short
    expect(d.logDensity(row)).toBeCloseTo(1e15 * Math.log(0.3125), -2);
  });
});

describe('the links', () => {
  const d = new HiddenAssociationDistribution(conditional(0.5));

  it('have posteriors by Bayes, a list for each target', () => {
    const found = d.posterior([[['a', 2], ['b', 1]], [['x', 7], ['y', 1]]]); // biome-ignore format: short
    const expected = [[1 / 1.125, 0.125 / 1.125], [0.5 / 1.25, 0.75 / 1.25]]; // biome-ignore format: short
    expect(found).toHaveLength(2);
    found.forEach((shares, t) => shares.forEach((p, s) => expect(p).toBeCloseTo(expected[t]![s]!, 14)));
  });

  it('have the shares of the sources where no source has the target, and none without sources', () => {
    expect(d.posterior([[['a', 3], ['b', 1]], [['w', 1]]])).toEqual([[0.75, 0.25]]); // biome-ignore format: short
    expect(d.posterior([[], [['x', 1]]])).toEqual([[]]);
    expect(() => d.posterior([[['a', -1]], []])).toThrow(ParameterError);
    expect(() => d.posterior(3 as never)).toThrow('must be a pair of two lists of values with counts');
  });

  it('of a row with an impossible target count nothing, its sources and length do', () => {
    const estimator = new HiddenAssociationEstimator(ofLevels, { length: new PoissonEstimator() });
    const columns = estimator.encoder().encode([[[['a', 1]], [['x', 1], ['w', 1]]], [[['a', 1]], [['z', 2]]]]); // biome-ignore format: short
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(d, columns, { float64: (n) => new Float64Array(n) } satisfies Scratch);
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(1, 3), d);
    const { conditional: table, length } = estimator.estimate(accumulator.value());
    expect([...table.dists.get('a')!.p]).toEqual([['x', 0], ['w', 0], ['z', 1]]); // biome-ignore format: short
    expect(length.lambda).toBe(2);
  });
});

it('refuses rows by path', () => {
  const encoder = new HiddenAssociationEstimator(
    new ConditionalEstimator({ a: new GaussianEstimator(), b: new GaussianEstimator() }),
    { length: new PoissonEstimator() },
  ).encoder();
  const bad = (row: unknown) => () => encoder.encode([[[], []], row as never]);
  expect(bad(7)).toThrow(DataError);
  expect(bad(7)).toThrow('HiddenAssociation: row 1 must be a pair of two lists of values with counts, found 7');
  expect(bad([[['a', 1]], [[1, 1], ['x', 1]]])).toThrow('row 1, field "[1][1][0]" must be'); // biome-ignore format: short
  expect(bad([[['b', 0], ['a', 1]], [[1, 0], [1, 1], ['x', 1]]])).toThrow('row 1, field "[1][2][0]" must be'); // biome-ignore format: short
  expect(bad([[['a', 1], ['b', -1]], []])).toThrow('row 1, field "[0][1][1]" must be a finite number >= 0, found -1'); // biome-ignore format: short
  expect(bad([[['a', 1]], [[1, 0.5]]])).toThrow('row 1, field "length" must be an integer >= 0, found 0.5');
});

describe('HiddenAssociationEstimator', () => {
  const words = ['the', 'house', 'book', 'a', 'red'];
  const translations: Readonly<Record<string, string>> = {
    the: 'das',
    house: 'Haus',
    book: 'Buch',
    a: 'ein',
    red: 'rot',
  };
  const word = (right: string) =>
    new CategoricalDistribution(Object.values(translations).map((to) => [to, to === right ? 0.8 : 0.05] as const));
  const truth = new HiddenAssociationDistribution(
    new ConditionalDistribution(words.map((from) => [from, word(translations[from]!)] as const)),
    {
      given: new MultinomialDistribution(new CategoricalDistribution(words.map((from) => [from, 0.2] as const)), {
        length: new PoissonDistribution({ lambda: 3 }),
      }),
      length: new PoissonDistribution({ lambda: 3 }),
    },
  );
  const rows = truth.sampler(1).sample(2000);
  const table = new ConditionalEstimator(words.map((from) => [from, level] as const));

  it.each([1, 2])('learns the table that drew the rows, from seed %i', (seed) => {
    const { model } = optimize(rows, new HiddenAssociationEstimator(table), { seed, maxIterations: 200 });
    for (const from of words) {
      // About 1200 targets for each word, of which links to other words take some away: a standard error of about 0.02.
      expect(Math.abs(model.conditional.dists.get(from)!.density(translations[from]!) - 0.8)).toBeLessThan(0.08);
    }
  });

  it('tells the numbers of two sources apart that always stand together', () => {
    const gaussian = new GaussianEstimator();
    const both = [['a', 1], ['b', 1]] as const; // biome-ignore format: short
    const numbers = [0, 0.5, -0.5, 8, 8.5, 7.5].map((x) => [both, [[x, 1]]] as const);
    const estimator = new HiddenAssociationEstimator(new ConditionalEstimator({ a: gaussian, b: gaussian }));
    const { model } = optimize(numbers, estimator, { seed: 3, maxIterations: 100 });
    expectTypeOf(model.conditional.dists.get('a')!).toEqualTypeOf<GaussianDistribution>();
    const means = [...model.conditional.dists.values()].map(({ mu }) => mu).sort((x, y) => x - y);
    expect(means[0]).toBeCloseTo(0, 6);
    expect(means[1]).toBeCloseTo(8, 6);
  });

  it('takes the types of its rows from the conditional', () => {
    const estimator = new HiddenAssociationEstimator(new ConditionalEstimator({ a: new GaussianEstimator() }));
    // @ts-expect-error: targets are numbers
    expect(() => optimize([[[['a', 1]], [['x', 1]]]], estimator)).toThrow(DataError);
  });

  it('ties what has a key: the whole, and a source among others', () => {
    const tied = new HiddenAssociationEstimator(ofLevels, { key: 'all' });
    const half = rows.map(([, to]) => ({ one: [[['a', 1]], to], two: [[['b', 1]], [['das', 1]]] }) as const);
    const { model } = optimize(half, new RecordEstimator({ one: tied, two: tied }), { seed: 1, maxIterations: 5 });
    expect(JSON.stringify(model.fields.one)).toBe(JSON.stringify(model.fields.two));
    const shared = new CategoricalEstimator({ key: 'shared' });
    const some = new HiddenAssociationEstimator(
      new ConditionalEstimator(words.map((from, k) => [from, k < 2 ? shared : level] as const)),
    );
    const { dists } = optimize(rows, some, { seed: 1, maxIterations: 5 }).model.conditional;
    expect(dists.get('the')!.p).toEqual(dists.get('house')!.p);
    expect(dists.get('the')!.p).not.toEqual(dists.get('book')!.p);
  });

  it('fits inside a mixture, and beside a number', () => {
    const kinds = [0, 1].flatMap((kind) =>
      Array.from({ length: 60 }, (_, i) => ({
        link: [[[i % 2 === 0 ? 'a' : 'b', 1]], [[(i + kind) % 2 === 0 ? 'x' : 'y', 4]]] as const,
        size: 10 * kind + (i % 3),
      })),
    );
    const one = new RecordEstimator({
      link: new HiddenAssociationEstimator(new ConditionalEstimator({ a: level, b: level })),
      size: new GaussianEstimator(),
    });
    const { model } = optimize(kinds, new MixtureEstimator([one, one]), { seed: 1, maxIterations: 50 });
    const first = model.components.find(({ fields }) => fields.size.mu < 5)!.fields.link;
    expect(first.conditional.dists.get('a')!.density('x')).toBeCloseTo(1, 6);
    expect(first.conditional.dists.get('b')!.density('y')).toBeCloseTo(1, 6);
  });

  it('hands pseudo counts to its children', () => {
    const estimator = association(0.5).estimator({ pseudoCount: 8 });
    expect(estimator.hasPrior).toBe(true);
    const columns = estimator.encoder().encode([]);
    const { conditional: table, given, length } = estimator.estimate(estimator.accumulator(columns).value());
    expect(table.dists.get('a')!.p.get('x')).toBe(0.5);
    expect(given.length.lambda).toBe(3);
    expect(length.lambda).toBe(4);
  });

  it('names a source that no target came from', () => {
    const { findings } = optimize([[[['a', 1]], [['x', 1]]] as const], new HiddenAssociationEstimator(ofLevels));
    expect(findings.map(({ kind, path }) => [kind, path])).toContainEqual(['dead', 'conditional.dists.b']);
  });

  it.each([
    ['a conditional that is none', () => new HiddenAssociationEstimator(level as never)],
    [
      'a model of the source in the conditional',
      () => new HiddenAssociationEstimator(new ConditionalEstimator({ a: level }, { given: level }) as never),
    ],
    ['sources that are no list', () => new HiddenAssociationEstimator(ofLevels, { given: level })],
    ['a length that is a density', () => new HiddenAssociationEstimator(ofLevels, { length: new GaussianEstimator() })],
    ['such a model', () => new HiddenAssociationDistribution(levels(0.5, 0.5) as never)],
    ['such a model of sources', () => new HiddenAssociationDistribution(conditional(0.5), { given: levels(0.5, 0.5) })],
    ['draws without a model of the sources', () => new HiddenAssociationDistribution(conditional(0.5)).sampler(1)],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(ParameterError);
  });
});

it('draws targets again that no source can have made', () => {
  const rare = new HiddenAssociationDistribution(conditional(0.5), {
    given: new MultinomialDistribution(new CategoricalDistribution({ a: 1 }), {
      length: new PoissonDistribution({ lambda: 0.25 }),
    }),
    length: new PoissonDistribution({ lambda: 2 }),
  });
  for (const row of rare.sampler(4).sample(200)) expect(rare.logDensity(row)).toBeGreaterThan(-Infinity);
  const none = new HiddenAssociationDistribution(conditional(0.5), {
    given: new MultinomialDistribution(new CategoricalDistribution({ a: 1 }), {
      length: new PoissonDistribution({ lambda: 0 }),
    }),
    length: new PoissonDistribution({ lambda: 50 }),
  });
  expect(() => none.sampler(1).sample()).toThrow('a distribution that draws sources where there are targets');
});

it('stands in no mixture with one over other targets, in models and in estimators', () => {
  const gaussians = () => new GaussianEstimator();
  const bag = new MultinomialEstimator(level);
  const numbers = new HiddenAssociationEstimator(new ConditionalEstimator({ a: gaussians(), b: gaussians() }));
  const words = new HiddenAssociationEstimator(new ConditionalEstimator({ a: bag, c: bag }));
  const told = /components\[1\] must be an estimator over the rows of components\[0\]/;
  expect(() => new MixtureEstimator([numbers, words] as never)).toThrow(told);
  expect(() => new MixtureEstimator([words, words])).not.toThrow();
  const normal = new GaussianDistribution({ mu: 0, sigma2: 1 });
  const models = [normal, new MultinomialDistribution(new CategoricalDistribution({ x: 1 }))].map(
    (target) => new HiddenAssociationDistribution(new ConditionalDistribution({ a: target as AnyDistribution })),
  );
  const w = [0.5, 0.5];
  expect(() => new MixtureDistribution(models as never, { w })).toThrow(/components\[1\] must be a distribution over/);
  expect(() => new MixtureDistribution([models[0]!, models[0]!], { w })).not.toThrow();
});
