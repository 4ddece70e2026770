import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  CategoricalDistribution,
  CompositeDistribution,
  given,
  type IncompleteRow,
  imputations,
  impute,
  MixtureDistribution,
  marginal,
  OptionalDistribution,
  ParameterError,
  PoissonDistribution,
  RecordDistribution,
  SequenceDistribution,
  StudentTDistribution,
  VonMisesFisherDistribution,
} from '../../src/index.js';
import { animals, byKind, diagonal, normal, vector } from './models.js';

describe('impute', () => {
  it('fills coordinates with their conditional mean', () => {
    const [a, b, c] = impute(vector, [0.4, null, -1]);
    expect([a, c]).toEqual([0.4, -1]);
    expect(b).toBe(given(vector, { 0: 0.4, 2: -1 }).mu[0]);
    expect(impute(diagonal, [null, 5, undefined])).toEqual([1, 5, 3]);
    expect(impute(vector, [1, 2, 3])).toEqual([1, 2, 3]);
    expect(impute(vector, [null, null, null])).toEqual([1, -1, 0.5]);
  });

  it('takes one row: a list of rows is refused', () => {
    const rows = [{ name: 'Rex', measures: [2.9, null, -3.2], kind: null, visits: null }];
    expect(() => impute(animals, rows as never)).toThrow(
      'impute: row must be one row, a record with the fields of the model',
    );
    expect(() => imputations(animals, rows as never, 0)).toThrow(ParameterError);
    for (const model of [vector, diagonal]) {
      expect(() => impute(model, [[1, 2, null]] as never)).toThrow(ParameterError);
      expect(() =>
        impute(model, [
          [1, 2, 3],
          [1, null, 3],
          [null, 2, 3],
        ] as never),
      ).toThrow(ParameterError);
    }
  });

  it('fills fields of mixtures of records: means, medians of counts, levels; nested vectors too', () => {
    const row = { name: 'Rex', measures: [2.9, null, -3.2], kind: null, visits: null };
    const full = impute(animals, row);
    const rest = given(animals, { measures: { 0: 2.9, 2: -3.2 } });
    expect(full).toEqual({
      name: 'Rex',
      measures: [2.9, marginal(marginal(rest, 'measures'), 0).mean, -3.2],
      kind: 'dog',
      visits: marginal(rest, 'visits').quantile(0.5),
    });
    expect(Number.isInteger(full.visits)).toBe(true);
    expectTypeOf(full.kind).toEqualTypeOf<string>();
    // @ts-expect-error: a level is a string
    expect(() => impute(animals, { kind: 5 })).toThrow(ParameterError);
    expect(impute(animals, {}).measures).toHaveLength(3);
    expect(row.kind).toBeNull();
  });

  it('is the most probable level of a mixture, which may be that of no component', () => {
    const levels = (a: number, b: number) =>
      new RecordDistribution({ c: new CategoricalDistribution({ a, b, m: 1 - a - b }), x: normal(a) });
    const model = new MixtureDistribution([levels(0.6, 0), levels(0, 0.6)], { w: [0.5, 0.5] });
    expect(impute(model, { x: 0.3 }).c).toBe('m');
  });

  it('opens optional parts, and counts a modelled gap as known', () => {
    const part = (mu: number, p: number | null) =>
      new RecordDistribution({ x: new OptionalDistribution(normal(mu), { p }), y: normal(0) });
    const two = (a: number | null, b: number | null) =>
      new MixtureDistribution([part(0, a), part(8, b)], { w: [0.5, 0.5] });
    expect(impute(two(null, null), { x: null, y: 0 }).x).toBeCloseTo(4, 14);
    expect(impute(two(0, 0), { y: 0 }).x).toBeCloseTo(4, 14);
    expect(impute(two(0.125, 0.375), { y: 0 }).x).toBeCloseTo(6, 14);
    // A value that is there says as much.
    const [{ fields }] = two(0.5, 0.5).components;
    expect(impute(fields.x, null)).toBe(0);
    const withY = impute(
      new MixtureDistribution(
        [new CompositeDistribution([part(0, 0.5), normal(1)]), new CompositeDistribution([part(8, 0.9), normal(2)])],
        { w: [0.5, 0.5] },
      ),
      [{ x: 4, y: 0 }, null],
    );
    // Weights (1 - p) / 2 and equal densities of 4.
    expect(withY[1]).toBeCloseTo((0.5 * 1 + 0.1 * 2) / 0.6, 13);
    expectTypeOf(withY[0].x).toEqualTypeOf<number>();
    const marked = new RecordDistribution({
      x: new OptionalDistribution(normal(3), { missing: 'none' }),
      y: normal(0),
    });
    expect(impute(marked, { x: 'none', y: 1 })).toEqual({ x: 3, y: 1 });
  });

  it('keeps the places of a composite, complete parts in it, and pairs of a level and a value', () => {
    const nested = new CompositeDistribution([
      normal(1),
      new RecordDistribution({ n: normal(2), c: new CategoricalDistribution({ a: 1 }) }),
      byKind,
      diagonal,
    ]);
    expect(impute(nested, [null, { n: 7, c: 'a' }, [null, 30], [9, null, 9]])).toEqual([
      1,
      { n: 7, c: 'a' },
      ['dog', 30],
      [9, 2, 9],
    ]);
    expect(impute(nested, [5, { n: 7 }, ['cat', null], null])).toEqual([5, { n: 7, c: 'a' }, ['cat', 4], [1, 2, 3]]);
    expectTypeOf<IncompleteRow<typeof vector>>().toEqualTypeOf<readonly (number | null | undefined)[]>();
  });

  it('takes the median where there is no mean, and says where there is neither', () => {
    const heavy = new RecordDistribution({
      x: new StudentTDistribution({ location: 4, scale: 1, degreesOfFreedom: 1 }),
      y: normal(0),
    });
    expect(impute(heavy, { y: 0 }).x).toBeCloseTo(4, 12);
    const direction = new VonMisesFisherDistribution({ mu: [0.6, 0.8], kappa: 3 });
    expect(impute(new RecordDistribution({ d: direction, y: normal(0) }), { y: 0 }).d).toEqual([0.6, 0.8]);
    const without = new RecordDistribution({ d: new SequenceDistribution(normal(0)), y: normal(0) });
    expect(() => impute(without, { y: 0 })).toThrow('impute: model must be a mean, a median or a mode');
  });

  it('refuses rows whose values are impossible together', () => {
    expect(() => impute(animals, { kind: 'cow' })).toThrow('field "kind", must be possible under the model');
  });
});

describe('imputations', () => {
  it('draw the gaps from their joint distribution, the same for the same seed', () => {
    const row = { measures: [2.9, null, null], kind: 'dog', visits: 4 };
    const drawn = imputations(animals, row, 'row 1').sample(20_000);
    expect(imputations(animals, row, 'row 1').sample(2)).toEqual(drawn.slice(0, 2));
    expect(drawn.every(({ kind, visits, measures }) => kind === 'dog' && visits === 4 && measures[0] === 2.9)).toBe(
      true,
    );
    const { mean, covariance } = marginal(given(animals, { measures: { 0: 2.9 }, kind: 'dog', visits: 4 }), 'measures');
    const second = drawn.map(({ measures }) => measures[1]!);
    const third = drawn.map(({ measures }) => measures[2]!);
    const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value / list.length, 0);
    // Four standard errors; a product of two deviations has a variance of at most 2 s11 s22.
    const error = (variance: number) => 4 * Math.sqrt(variance / drawn.length);
    expect(Math.abs(average(second) - mean[0]!)).toBeLessThan(error(covariance[0]![0]!));
    const products = second.map((x, i) => (x - mean[0]!) * (third[i]! - mean[1]!));
    expect(Math.abs(average(products) - covariance[0]![1]!)).toBeLessThan(
      error(3 * covariance[0]![0]! * covariance[1]![1]!),
    );
  });

  it('draw optional values as values, never as gaps', () => {
    const model = new RecordDistribution({
      x: new OptionalDistribution(new PoissonDistribution({ lambda: 3 }), { p: 0.9 }),
      y: new OptionalDistribution(normal(0), { p: 0.9 }),
    });
    const rows = imputations(model, { x: null, y: null }, 1).sample(50);
    expect(rows.every(({ x, y }) => typeof x === 'number' && typeof y === 'number')).toBe(true);
    expect(imputations(model, { x: 1, y: 2 }, 1).sample()).toEqual({ x: 1, y: 2 });
  });
});
