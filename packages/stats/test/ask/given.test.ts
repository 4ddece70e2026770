import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AnyDistribution,
  BetaDistribution,
  CategoricalDistribution as Categorical,
  type CategoricalDistribution,
  type CompositeDistribution,
  ConditionalDistribution,
  DirichletProcessMixtureDistribution,
  GammaDistribution,
  type GaussianDistribution,
  given,
  IgnoredDistribution,
  MixtureDistribution as Mixture,
  type MixtureDistribution,
  type MultivariateGaussianDistribution,
  marginal,
  modelFromJSON,
  OptionalDistribution,
  ParameterError,
  PoissonDistribution,
  RecordDistribution,
} from '../../src/index.js';
import { animals, byKind, diagonal, normal, pair, vector } from './models.js';

describe('given', () => {
  it('leaves independent fields as they are', () => {
    const record = new RecordDistribution({ x: normal(1), n: new PoissonDistribution({ lambda: 2 }) });
    const rest = given(record, { x: 0 });
    expect(rest.fields).toEqual({ n: record.fields.n });
    expectTypeOf(rest).toEqualTypeOf<RecordDistribution<{ readonly n: PoissonDistribution }>>();
    // @ts-expect-error: the field is known, and gone
    expect(rest.fields.x).toBeUndefined();
    // @ts-expect-error: there is no such field
    expect(() => given(record, { x: 0, y: 1 })).toThrow('given: a step of part must be one of "x", "n", found "y".');
    // @ts-expect-error: x is a number
    expect(() => given(record, { x: 'one' })).toThrow(
      'given: part, field "x", must be possible under the model, found "one".',
    );
    expect(() => given(record, { x: 0, n: 1 })).toThrow('a part that leaves something to ask about');
  });

  it('moves the positions of a composite up', () => {
    const rest = given(pair, { 1: 'a' });
    expect(rest.logDensity([0, 5])).toBe(pair.logDensity([0, 'a', 5]) - Math.log(0.25));
    expectTypeOf(rest).toEqualTypeOf<
      CompositeDistribution<readonly [GaussianDistribution, OptionalDistribution<GaussianDistribution>]>
    >();
    // @ts-expect-error: three fields
    expect(() => given(pair, { 3: 'a' })).toThrow(ParameterError);
  });

  it('divides the density of a vector by that of its known coordinates', () => {
    const rest = given(vector, { 0: 0.4, 2: -1 });
    expectTypeOf(rest).toEqualTypeOf<MultivariateGaussianDistribution>();
    for (const x of [-2, 0, 3]) {
      const joint = vector.logDensity([0.4, x, -1]) - marginal(vector, [0, 2]).logDensity([0.4, -1]);
      expect(rest.logDensity([x])).toBeCloseTo(joint, 12);
    }
    expect(given(diagonal, { 1: 7 }).toJSON()).toMatchObject({ mu: [1, 3], sigma2: [1, 9] });
    expect(() => given(vector, { 0: Number.NaN })).toThrow('part, field "[0]",');
    expect(() => given(vector, { 3: 1 })).toThrow(ParameterError);
  });

  it('stays positive definite where coordinates nearly determine each other', () => {
    const s = 1 - 1e-9;
    const tight = new (vector.constructor as typeof MultivariateGaussianDistribution)({
      mu: [0, 0, 0],
      covariance: [
        [1, s, s],
        [s, 1, s],
        [s, s, 1],
      ],
    });
    const rest = given(tight, { 0: 2 });
    expect(rest.mu[0]).toBeCloseTo(2 * s, 12);
    expect(rest.covariance[0]![0]! / (1 - s * s)).toBeCloseTo(1, 6);
  });

  it('reads a conditional both ways', () => {
    expect(given(byKind, { 0: 'dog' })).toBe(byKind.dists.get('dog'));
    const kinds = given(byKind, { 1: 6 });
    const [cat, dog] = [0.75 * normal(4).density(6), 0.25 * normal(20, 50).density(6)];
    expect(kinds.density('cat')).toBeCloseTo(cat / (cat + dog), 14);
    expect(kinds.density('dog')).toBeCloseTo(dog / (cat + dog), 14);
    expectTypeOf(kinds).toEqualTypeOf<CategoricalDistribution<string>>();
    expectTypeOf(given(byKind, { 0: 'cat' })).toEqualTypeOf<GaussianDistribution>();
    // @ts-expect-error: a level is a string
    expect(() => given(byKind, { 0: 3 })).toThrow(ParameterError);
    expect(() => given(byKind, { 0: 'cow' })).toThrow('field "[0]", must be possible under the model, found "cow"');
    expect(() => given(new ConditionalDistribution({ cat: normal(4) }), { 1: 3 })).toThrow(
      'the given of the conditional must be a categorical distribution of the levels',
    );
    // All other levels share one distribution: its levels come from the categorical.
    const open = new ConditionalDistribution({ cat: normal(4) }, { otherwise: normal(20, 50), given: byKind.given });
    expect(given(open, { 1: 6 }).density('dog')).toBeCloseTo(dog / (cat + dog), 14);
  });

  it('weighs the components of a mixture by the density of the part', () => {
    const part = { kind: 'dog', measures: { 1: 5.1 } } as const;
    const rest = given(animals, part);
    const shares = animals.components.map(
      ({ fields }, k) =>
        animals.w[k]! * fields.kind.density('dog') * normal(fields.measures.mu[1]!, 1.5).density(part.measures[1]),
    );
    const total = shares[0]! + shares[1]!;
    rest.w.forEach((w, k) => expect(w).toBeCloseTo(shares[k]! / total, 14));
    // The chain rule: f(part, rest) = f(part) f(rest | part).
    const joint = animals.logDensity({ kind: 'dog', visits: 2, measures: [2, 5.1, -2] });
    expect(Math.log(total) + rest.logDensity({ visits: 2, measures: [2, -2] })).toBeCloseTo(joint, 12);
    // The first coordinate of the rest, as a sum over components.
    const first = marginal(marginal(rest, 'measures'), 0);
    const means = animals.components.map(({ fields }) => fields.measures.mu);
    const expected = rest.w.reduce((sum, w, k) => sum + w * (means[k]![0]! + (0.8 / 1.5) * (5.1 - means[k]![1]!)), 0);
    expect(first.mean).toBeCloseTo(expected, 12);
    type Left = { readonly measures: MultivariateGaussianDistribution; readonly visits: PoissonDistribution };
    expectTypeOf(rest.components[0].fields).toExtend<Left>();
    expectTypeOf<keyof (typeof rest.components)[1]['fields']>().toEqualTypeOf<'measures' | 'visits'>();
    // @ts-expect-error: no such field
    expect(() => given(animals, { colour: 'red' })).toThrow(ParameterError);
    // @ts-expect-error: a level is a string
    expect(() => given(animals, { kind: 5 })).toThrow(ParameterError);
  });

  it('agrees with its samples', () => {
    const rest = given(animals, { kind: 'cat', measures: { 0: 1.5 } });
    const rows = rest.sampler(7).sample(20_000);
    const mean = rows.reduce((sum, { visits }) => sum + visits / rows.length, 0);
    const visits = marginal(rest, 'visits');
    expect(Math.abs(mean - visits.mean)).toBeLessThan(4 * Math.sqrt(visits.variance / rows.length));
    // Rejection: rows of the model with that level, and a first coordinate nearby.
    const near = animals
      .sampler(3)
      .sample(200_000)
      .filter(({ kind, measures }) => kind === 'cat' && Math.abs(measures[0]! - 1.5) < 0.1);
    const share = near.filter((row) => row.visits === 0).length / near.length;
    const expected = marginal(rest, 'visits').density(0);
    expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / near.length) + 2e-3);
  });

  it('refuses what is impossible, and says what it is', () => {
    expect(() => given(animals, { kind: 'cow', visits: 1 })).toThrow(
      'given: part, field "kind", must be possible under the model, found "cow".',
    );
    expect(() => given(animals, { visits: -1, kind: 'cat' })).toThrow('field "visits", must be possible');
    expect(() => given(animals, { measures: { 1: Number.NaN } })).toThrow('field "measures[1]"');
    const only = (level: string, n: number) =>
      new RecordDistribution({
        a: new Categorical({ [level]: 1 }),
        n: new Categorical(new Map([[n, 1]])),
        x: normal(0),
      });
    const apart = new Mixture([only('p', 1), only('q', 2)], { w: [0.5, 0.5] });
    expect(() => given(apart, { a: 'p', n: 2 })).toThrow(
      'given: part must be possible under the model: each of its values is',
    );
    expect(given(apart, { a: 'p' }).w).toEqual([1, 0]);
  });

  it('counts a missing value as known, ignores it where missing values say nothing, and refuses an impossible gap', () => {
    const some = (mu: number, p: number | null) =>
      new RecordDistribution({ x: new OptionalDistribution(normal(mu), { p }), y: normal(mu) });
    const two = (a: number | null, b: number | null) => new Mixture([some(0, a), some(4, b)], { w: [0.5, 0.5] });
    expect(given(two(0.25, 0.75), { x: null }).w[1]).toBeCloseTo(0.75, 14);
    expect(given(two(null, null), { x: null }).w).toEqual([0.5, 0.5]);
    expect(given(two(0.25, 0.75), { x: 2 }).w[1]).toBeCloseTo(0.25, 14);
    expect(() => given(two(0, 0), { x: null })).toThrow(
      'given: part, field "x", must be present, as P(missing) is 0 (leave it out when it is not known), found null.',
    );
    expect(given(two(0, 0), { y: 2 }).w).toEqual([0.5, 0.5]);
  });

  it('asks models that hold one, and models of the same rows', () => {
    const ignored = given(new IgnoredDistribution(pair), { 0: 1 });
    expect(ignored.dists).toEqual(pair.dists.slice(1));
    expect(given(new OptionalDistribution(vector, { p: 0.5 }), { 0: 1 }).mu).toHaveLength(2);
    const process = new DirichletProcessMixtureDistribution(animals.components, {
      sticks: [new BetaDistribution({ alpha: 2, beta: 3 })],
      concentration: new GammaDistribution({ shape: 1, scale: 1 }),
      posteriors: [null, null],
    });
    const rest = given(process, { kind: 'cat' });
    const share = process.w[0]! * 0.9;
    expect(rest.w[0]).toBeCloseTo(share / (share + process.w[1]! * 0.2), 14);
    expect(marginal(process, 'visits').mean).toBeCloseTo(process.w[0]! + 4 * process.w[1]!, 13);
  });

  it('gives a pole all the weight, as a posterior does', () => {
    const spiked = new RecordDistribution({ x: new GammaDistribution({ shape: 0.5, scale: 1 }), y: normal(0) });
    const plain = new RecordDistribution({ x: new GammaDistribution({ shape: 1, scale: 1 }), y: normal(9) });
    expect(given(new Mixture([spiked, plain], { w: [0.5, 0.5] }), { x: 0 }).w).toEqual([1, 0]);
  });

  it('does not compile for rows without parts, and takes any part of a model from a file', () => {
    // @ts-expect-error: a number has no parts
    expect(() => given(normal(0), { 0: 1 })).toThrow(
      'given: model must be a distribution of rows that can be known in part',
    );
    const two = new Mixture([normal(0), normal(1)], { w: [0.5, 0.5] });
    // @ts-expect-error: nor do its components have
    expect(() => given(two, { 0: 1 })).toThrow('given: model must be a distribution of rows that can be known in part');
    const model: AnyDistribution = modelFromJSON(JSON.parse(JSON.stringify(animals)));
    const rest = given(model, { kind: 'dog' }) as MixtureDistribution<readonly AnyDistribution[]>;
    expect(rest.w[1]).toBeCloseTo((0.6 * 0.8) / (0.6 * 0.8 + 0.4 * 0.1), 14);
    expect(() => given(model, { colour: 'red' })).toThrow(ParameterError);
  });
});
