import { describe, expect, expectTypeOf, it } from 'vitest';
import { IgnoredEstimator } from '../../src/combinators/ignored.js';
import { integerMultinomial, integerMultinomialEstimator } from '../../src/combinators/integerMultinomial.js';
import { type Counted, MultinomialDistribution, MultinomialEstimator } from '../../src/combinators/multinomial.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceDistribution, SequenceEstimator } from '../../src/combinators/sequence.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';
import fc from '../property.js';

const length = new PoissonDistribution({ lambda: 6 });
const options = { length: new PoissonEstimator() };
const letters = (a: number) => new CategoricalDistribution({ a, b: 1 - a });
const totalOf = (x: readonly Counted<unknown>[]) => x.reduce((sum, [, count]) => sum + count, 0);
const OFFERS = [...PARENT, 'isUnbounded', 'squaredDistances'] as const;

describe('the law', () => {
  const laws = checkFamily({
    offers: OFFERS,
    distributions: [
      new MultinomialDistribution(letters(0.2), { length }),
      new MultinomialDistribution(letters(0.9), { length: new PoissonDistribution({ lambda: 2 }) }),
    ],
    notShown: ['seqInitialize', 'isUnbounded'],
    estimator: new MultinomialEstimator(new CategoricalEstimator(), options),
    keyed: new MultinomialEstimator(new CategoricalEstimator(), { ...options, key: 'shared' }),
    rows: [
      [],
      [],
      [['a', 0]],
      [
        ['a', 2],
        ['a', 1],
      ],
    ],
    refused: [1, 'ab', null, ['a'], [['a']], [['a', -1]], [['a', Number.NaN]], [['a', '1']], [[{}, 1]], [['a', 0.5]]],
    impossible: [[['z', 1]]],
    moments: {
      of: totalOf,
      mean: (d: { readonly length: PoissonDistribution }) => d.length.lambda,
      sd: (d: { readonly length: PoissonDistribution }) => Math.sqrt(d.length.lambda),
    },
    parameters: (d: MultinomialDistribution<CategoricalDistribution<string>, PoissonDistribution>) => [
      d.dist.density('a'),
      d.length.lambda,
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for numbers without a distance of rows, divided by the total', () => {
  const of = (mu: number) =>
    new MultinomialDistribution(new GaussianDistribution({ mu, sigma2: 2 }), { length, lengthNormalized: true });
  const gamma = new GammaDistribution({ shape: 0.5, scale: 1 });
  const laws = checkFamily({
    offers: [...OFFERS, 'pooling'],
    distributions: [of(3), of(-20)],
    notShown: ['seqInitialize', 'kind', 'squaredDistances', 'pooling'],
    unbounded: { distribution: new MultinomialDistribution(gamma), pole: [[0, 2]] },
    estimator: new MultinomialEstimator(new GaussianEstimator(), { ...options, lengthNormalized: true }),
    refused: [[[Number.NaN, 1]]],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for draws from mixtures', () => {
  const mixture = new MixtureDistribution([letters(0.1), new CategoricalDistribution({ a: 0.2, c: 0.8 })], {
    w: [0.4, 0.6],
  });
  const draw = new MixtureEstimator([new CategoricalEstimator(), new CategoricalEstimator()]);
  const laws = checkFamily({
    offers: OFFERS,
    notShown: ['isUnbounded', 'kind', 'squaredDistances'],
    distributions: [new MultinomialDistribution(mixture, { length })],
    estimator: new MultinomialEstimator(draw, options),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('Multinomial', () => {
  it('scores as a sequence of the same draws, and is fitted as one', () => {
    const counts = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(4)), { maxLength: 5 });
    const p = { a: 0.2, b: 0.3, c: 0.5 };
    const draws = (row: readonly Counted<string>[]) => row.flatMap(([value, n]) => Array<string>(n).fill(value));
    const counted = new MultinomialDistribution(new CategoricalDistribution(p), { length });
    const listed = new SequenceDistribution(new CategoricalDistribution(p), { length });
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 8 }), (rows) => {
        for (const row of rows) expect(counted.logDensity(row)).toBeCloseTo(listed.logDensity(draws(row)), 10);
        const table = { pseudoCount: 1 };
        const left = optimize(rows, new MultinomialEstimator(new CategoricalEstimator<string>(table), options)).model;
        const right = optimize(
          rows.map(draws),
          new SequenceEstimator(new CategoricalEstimator<string>(table), options),
        ).model;
        for (const level of 'abc') expect(left.dist.density(level)).toBeCloseTo(right.dist.density(level), 12);
        expect(left.length.lambda).toBeCloseTo(right.length.lambda, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('counts the total of a row once, with the weight of the row', () => {
    const rows: Counted<string>[][] = [
      [['a', 10]],
      [
        ['b', 1],
        ['a', 1],
      ],
    ];
    const { model } = optimize(rows, new MultinomialEstimator(new CategoricalEstimator<string>(), options), {
      weights: [1, 3],
    });
    expect(model.length.lambda).toBe((10 + 3 * 2) / 4);
    expect(model.dist.density('b')).toBeCloseTo(3 / 16, 14);
  });

  it('ignores values of count 0, impossible ones and such as no family could hold', () => {
    const d = new MultinomialDistribution(letters(0.5));
    expect(
      d.logDensity([
        ['a', 1],
        ['z', 0],
      ]),
    ).toBe(Math.log(0.5));
    const columns = d.encoder().encode([
      [['z', 0]],
      [
        ['a', 1],
        [{} as string, 0],
      ],
    ]);
    expect(columns.items.rowCount).toBe(1);
    expect(d.logDensity([['a', -1]])).toBe(-Infinity);
  });

  it('takes counts that are fractions, where no family of integers is asked for their total', () => {
    const { model } = optimize(
      [[['a', 0.5]], [['b', 1.5]]],
      new MultinomialEstimator(new CategoricalEstimator<string>()),
    );
    expect(model.dist.density('b')).toBe(0.75);
  });

  it('names the row, the pair and the place in it', () => {
    const encoder = new MultinomialEstimator(new CategoricalEstimator(), options).encoder();
    const error = (rows: readonly unknown[]) => () => encoder.encode(rows as never);
    const at = (row: number, ...path: readonly (string | number)[]) =>
      expect.objectContaining({ code: 'DATA', row, path });
    expect(error([[], 3])).toThrow(at(1));
    expect(error([[['a', 1]], [['a', 1], ['b']]])).toThrow(at(1, 1));
    expect(
      error([
        [
          ['a', 1],
          ['b', -2],
        ],
      ]),
    ).toThrow(at(0, 1, 1));
    expect(
      error([
        [],
        [
          ['a', 0],
          ['b', 1],
          [{}, 2],
        ],
      ]),
    ).toThrow(at(1, 2, 0));
    expect(error([[], [['a', 0.25]]])).toThrow(at(1, 'length'));
  });

  it('fits rows that are all empty, one value, and equal rows', () => {
    const fit = (rows: Counted<string>[][]) =>
      optimize(rows, new MultinomialEstimator(new CategoricalEstimator<string>(), options));
    expect(fit([[], []]).model.length.lambda).toBe(0);
    const one = fit([[['a', 3]], [['a', 3]]]);
    expect(one.model.dist.density('a')).toBe(1);
    expect(one.model.logDensity([['b', 1]])).toBe(-Infinity);
    expect(() => new MultinomialDistribution(letters(0.5)).sampler(1)).toThrow(
      expect.objectContaining({ code: 'PARAMETER' }),
    );
  });

  it('finds two vocabularies again: a mixture starts from the distance of the shares', () => {
    const truth = new MixtureDistribution(
      [
        integerMultinomial({ min: 0, p: [0.5, 0.3, 0.1, 0.1], length }),
        integerMultinomial({ min: 0, p: [0.1, 0.1, 0.3, 0.5], length }),
      ],
      { w: [0.3, 0.7] },
    );
    const estimator = integerMultinomialEstimator(options);
    const rows = truth.sampler(7).sample(3000);
    const { model } = optimize(rows, new MixtureEstimator([estimator, estimator]), { seed: 3 });
    const k = model.w[0]! < model.w[1]! ? 0 : 1;
    // Three standard errors: 3 √(0.3 · 0.7 / 3000) for the weight, less for 5,400 draws and more.
    expect(Math.abs(model.w[k]! - 0.3)).toBeLessThan(0.03);
    expect(Math.abs(model.components[k]!.dist.p[0]! - 0.5)).toBeLessThan(0.03);
    expect(Math.abs(model.components[1 - k]!.dist.p[3]! - 0.5)).toBeLessThan(0.03);
  });

  it('stands in records, in hidden Markov models, and under keys across components', () => {
    const row = [
      [
        [0, 2],
        [1, 1],
      ],
      [[1, 4]],
    ] as const;
    const tied = () => integerMultinomialEstimator({ key: 'counts', pseudoCount: 1 });
    const inRecords = new MixtureEstimator(
      [0, 1].map(() => new RecordEstimator({ x: new GaussianEstimator(), n: tied() })),
    );
    const records = Array.from({ length: 40 }, (_, i) => ({ x: (i % 2) * 9 + (i % 5) / 9, n: row[i % 2]! }));
    const { components } = optimize(records, inRecords, { seed: 1 }).model;
    expect(components[0]!.fields.n.dist.p).toEqual(components[1]!.fields.n.dist.p);
    const free = integerMultinomialEstimator({ pseudoCount: 1 });
    const lists = Array.from({ length: 30 }, (_, i) => [row[i % 2]!, row[(i + 1) % 2]!, row[i % 2]!]);
    const hidden = optimize(lists, new HiddenMarkovEstimator([free, free]), { seed: 2 }).model;
    expect(hidden.transitions[0]![1]).toBeGreaterThan(0.99);
  });

  it('carries the types of values and total into the model', () => {
    const given = new MultinomialEstimator(new GaussianEstimator(), { length: new IgnoredEstimator(length) });
    const { model } = optimize(
      [
        [
          [1, 2],
          [4, 1],
        ],
      ],
      given,
    );
    expectTypeOf(model.dist.mu).toEqualTypeOf<number>();
    expect(model.dist.mu).toBe(2);
    expect(model.length.dist).toBe(length);
    // @ts-expect-error a row is a list of pairs
    expect(() => optimize([[1, 2]], given)).toThrow(expect.objectContaining({ code: 'DATA' }));
  });
});

describe('the distance of counts', () => {
  it('is the squared Hellinger distance over its mean, as by the definition', () => {
    const rows: Counted<string>[][] = [
      [
        ['a', 1],
        ['b', 3],
      ],
      [
        ['b', 2],
        ['a', 0.5],
        ['b', 1],
      ],
      [],
      [['c', 4]],
      [['a', 7]],
    ];
    const encoder = new MultinomialEstimator(new CategoricalEstimator<string>()).encoder();
    const add = encoder.squaredDistances(encoder.encode(rows))!;
    const roots = rows.map((row) =>
      Array.from('abc', (level) => {
        const count = row.reduce((sum, [value, n]) => sum + (value === level ? n : 0), 0);
        return Math.sqrt(count / (totalOf(row) || 1));
      }),
    );
    const plain = roots.map((p) => roots.map((q) => p.reduce((sum, x, k) => sum + (x - q[k]!) ** 2, 0)));
    const mean = plain.flat().reduce((sum, x) => sum + x / 25, 0);
    plain.forEach((distances, row) => {
      const out = new Float64Array(5);
      add(row, out);
      distances.forEach((x, i) => {
        expect(out[i]!).toBeCloseTo(x / mean, 12);
      });
    });
  });

  it('is 0 between equal rows', () => {
    const encoder = new MultinomialEstimator(new CategoricalEstimator<string>()).encoder();
    const out = new Float64Array(3);
    const equal: Counted<string>[] = [
      ['a', 1],
      ['b', 2],
      ['c', 4],
    ];
    encoder.squaredDistances(encoder.encode([equal, equal, equal]))!(1, out);
    expect([...out]).toEqual([0, 0, 0]);
  });
});
