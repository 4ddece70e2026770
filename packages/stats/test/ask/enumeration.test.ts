/**
 * Answers of models whose rows can be listed, gaps among them, against sums over all rows: optional fields of records in a mixture, a
 * conditional with gaps, and a hidden Markov model of such records.
 */
import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  explain,
  given,
  HiddenMarkovDistribution,
  IntegerCategoricalDistribution,
  MixtureDistribution,
  marginal,
  OptionalDistribution,
  predict,
  RecordDistribution,
} from '../../src/index.js';

const KINDS = ['a', 'b', null] as const;
const SIZES = [0, 1, 2, null] as const;
type Kind = (typeof KINDS)[number];
type Size = (typeof SIZES)[number];

const kindOf = (a: number, p: number) => new OptionalDistribution(new CategoricalDistribution({ a, b: 1 - a }), { p });
const sizeOf = (p: readonly number[], missing: number) =>
  new OptionalDistribution(new IntegerCategoricalDistribution({ min: 0, p }), { p: missing });
const record = (a: number, pKind: number, sizes: readonly number[], pSize: number) =>
  new RecordDistribution({ kind: kindOf(a, pKind), size: sizeOf(sizes, pSize) });

const parts = [record(0.9, 0.1, [0.5, 0.3, 0.2], 0.3), record(0.3, 0.25, [0.1, 0.1, 0.8], 0.05)] as const;
const mixture = new MixtureDistribution(parts, { w: [0.35, 0.65] });
const rows = KINDS.flatMap((kind) => SIZES.map((size) => ({ kind, size })));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const massOf = (is: (row: { kind: Kind; size: Size }) => boolean) =>
  sum(rows.filter(is).map((row) => mixture.density(row)));
const partsSum = (model: AnyDistribution, row: unknown) => sum(explain(model, row).parts.map((one) => one.logDensity));

describe('optional fields of records in a mixture', () => {
  it('sum to 1, and so do their marginals, which are sums over the other field', () => {
    expect(massOf(() => true)).toBeCloseTo(1, 14);
    for (const kind of KINDS) {
      expect(marginal(mixture, 'kind').density(kind)).toBeCloseTo(
        massOf((row) => row.kind === kind),
        14,
      );
    }
    const sizes = marginal(mixture, 'size');
    for (const size of SIZES)
      expect(sizes.density(size)).toBeCloseTo(
        massOf((row) => row.size === size),
        14,
      );
    // Moments and tails of a size given that it is there.
    const there = massOf((row) => row.size !== null);
    const p = [0, 1, 2].map((size) => massOf((row) => row.size === size) / there);
    expect(sizes.presence).toBeCloseTo(there, 14);
    expect(sizes.mean).toBeCloseTo(p[1]! + 2 * p[2]!, 14);
    expect(sizes.variance).toBeCloseTo(p[1]! + 4 * p[2]! - (p[1]! + 2 * p[2]!) ** 2, 14);
    expect(sizes.cdf(1)).toBeCloseTo(p[0]! + p[1]!, 14);
    expect(sizes.survival(0)).toBeCloseTo(p[1]! + p[2]!, 14);
    expect([0.05, 0.5, 0.99].map((q) => sizes.quantile(q))).toEqual([0, 2, 2]);
  });

  it('are, given one of them, its part of the sum', () => {
    for (const kind of KINDS) {
      const rest = given(mixture, { kind });
      for (const size of SIZES) {
        const both = massOf((row) => row.kind === kind && row.size === size);
        expect(rest.density({ size })).toBeCloseTo(both / massOf((row) => row.kind === kind), 13);
      }
    }
    for (const size of SIZES) {
      expect(given(mixture, { size }).density({ kind: 'a' })).toBeCloseTo(
        massOf((row) => row.kind === 'a' && row.size === size) / massOf((row) => row.size === size),
        13,
      );
    }
  });

  it('explain and predict every row', () => {
    const { responsibilities, logDensities, labels } = predict(mixture, rows);
    rows.forEach((row, i) => {
      const shares = parts.map((part, k) => mixture.w[k]! * part.density(row));
      expect(logDensities[i]).toBeCloseTo(Math.log(sum(shares)), 12);
      shares.forEach((share, k) => expect(responsibilities[2 * i + k]).toBeCloseTo(share / sum(shares), 13));
      expect(labels[i]).toBe(shares[0]! >= shares[1]! ? 0 : 1);
      expect(partsSum(mixture, row)).toBeCloseTo(mixture.logDensity(row), 12);
    });
  });
});

describe('a conditional with gaps', () => {
  const byKind = new ConditionalDistribution(
    { a: sizeOf([0.5, 0.3, 0.2], 0.3), b: sizeOf([0.1, 0.1, 0.8], 0.05) },
    { given: new CategoricalDistribution({ a: 0.35, b: 0.65 }) },
  );
  const joint = (kind: 'a' | 'b', size: Size) => byKind.density([kind, size]);

  it('has sums over levels as the marginal of its value, and Bayes as the level given a gap', () => {
    expect(sum(SIZES.flatMap((size) => [joint('a', size), joint('b', size)]))).toBeCloseTo(1, 14);
    const sizes = marginal(byKind, 1);
    for (const size of SIZES) {
      const both = joint('a', size) + joint('b', size);
      expect(sizes.density(size)).toBeCloseTo(both, 14);
      expect(given(byKind, { 1: size }).density('a')).toBeCloseTo(joint('a', size) / both, 14);
      expect(given(byKind, { 0: 'b' }).density(size)).toBeCloseTo(joint('b', size) / 0.65, 14);
      expect(partsSum(byKind, ['a', size])).toBeCloseTo(Math.log(joint('a', size)), 13);
    }
  });

  it('is one field of a composite in a mixture like any other', () => {
    const swapped = new ConditionalDistribution(
      { a: byKind.dists.get('b')!, b: byKind.dists.get('a')! },
      { given: new CategoricalDistribution({ a: 0.5, b: 0.5 }) },
    );
    const coin = (p: number) => new CategoricalDistribution({ x: p, y: 1 - p });
    const both = new MixtureDistribution(
      [new CompositeDistribution([byKind, coin(0.9)]), new CompositeDistribution([swapped, coin(0.2)])],
      { w: [0.25, 0.75] },
    );
    const pairs = (['a', 'b'] as const).flatMap((kind) => SIZES.map((size) => [kind, size] as [string, Size]));
    for (const pair of pairs) {
      const total = both.density([pair, 'x']) + both.density([pair, 'y']);
      expect(marginal(both, 0).density(pair)).toBeCloseTo(total, 14);
      expect(given(both, { 0: pair } as never).density(['x'] as never)).toBeCloseTo(
        both.density([pair, 'x']) / total,
        13,
      );
      expect(partsSum(both, [pair, 'y'])).toBeCloseTo(both.logDensity([pair, 'y']), 12);
    }
  });
});

describe('a hidden Markov model of records with gaps', () => {
  const tables = { w: [0.7, 0.3], transitions: [[0.8, 0.2], [0.4, 0.6]] }; // biome-ignore format: short
  const hmm = new HiddenMarkovDistribution(parts, tables);
  const list = [
    { kind: 'a', size: null },
    { kind: null, size: 2 },
    { kind: 'b', size: 0 },
  ] as const;
  /** The paths of three states, with the probability of each together with some items. */
  const paths = [0, 1].flatMap((i) => [0, 1].flatMap((j) => [0, 1].map((k) => [i, j, k])));
  const withPath = (states: readonly number[], densityOf: (state: number, t: number) => number) =>
    states.reduce(
      (product, state, t) =>
        product * (t === 0 ? tables.w[state]! : tables.transitions[states[t - 1]!]![state]!) * densityOf(state, t),
      1,
    );
  const densityOf = (of: (state: number, t: number) => number) => sum(paths.map((states) => withPath(states, of)));

  it('scores lists and channels by the sum over paths', () => {
    expect(hmm.density(list)).toBeCloseTo(
      densityOf((s, t) => parts[s]!.density(list[t]!)),
      14,
    );
    expect(marginal(hmm, 'kind').density(list.map(({ kind }) => kind))).toBeCloseTo(
      densityOf((s, t) => parts[s]!.fields.kind.density(list[t]!.kind)),
      14,
    );
    // And by the sum over all sizes of the three items.
    const all = SIZES.flatMap((x) => SIZES.flatMap((y) => SIZES.map((z) => [x, y, z])));
    expect(marginal(hmm, 'kind').density(list.map(({ kind }) => kind))).toBeCloseTo(
      sum(all.map((sizes) => hmm.density(list.map(({ kind }, t) => ({ kind, size: sizes[t]! }))))),
      13,
    );
  });

  it('predicts states, explains items and forecasts the next one', () => {
    const { responsibilities } = predict(hmm, [list]);
    const total = hmm.density(list);
    list.forEach((_, t) => {
      const own = paths.filter((states) => states[t] === 0);
      const share = sum(own.map((states) => withPath(states, (s, at) => parts[s]!.density(list[at]!)))) / total;
      expect(responsibilities[2 * t]).toBeCloseTo(share, 13);
    });
    const found = explain(hmm, list);
    const byItem = list.map((_, t) =>
      sum(found.parts.filter(({ path }) => path[0] === t).map((one) => one.logDensity)),
    );
    byItem.forEach((value, t) => {
      const before = t === 0 ? 0 : hmm.logDensity(list.slice(0, t));
      expect(value).toBeCloseTo(hmm.logDensity(list.slice(0, t + 1)) - before, 12);
    });
    const next = hmm.forecast(list.slice(0, 2));
    expect(next.density(list[2]!)).toBeCloseTo(total / hmm.density(list.slice(0, 2)), 13);
    const sizes = marginal(next, 'size');
    const weighed = SIZES.map((size) => sum(KINDS.map((kind) => next.density({ kind, size }))));
    expect(sizes.mean).toBeCloseTo((weighed[1]! + 2 * weighed[2]!) / (1 - weighed[3]!), 13);
  });
});
