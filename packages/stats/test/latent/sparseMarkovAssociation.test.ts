import { describe, expect, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import type { IntegerAssociationRow } from '../../src/latent/associations/integerHiddenAssociation.js';
import {
  SparseMarkovAssociationDistribution,
  SparseMarkovAssociationEstimator,
} from '../../src/latent/associations/sparseMarkovAssociation.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { random } from '../../src/numeric/random.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const transitions = (share: number) => ({
  from: [0, 0, 1, 2, 2, 2],
  to: [1, 3, 0, 3, 0, 2],
  p: [share, 1 - share, 1, 0.25, 0.25, 0.5],
});
const initial = [0.5, 0.25, 0.25, 0];
const poisson = (lambda: number) => new PoissonDistribution({ lambda });
const association = (share: number, background: number) =>
  new SparseMarkovAssociationDistribution({
    initial,
    transitions: transitions(share),
    background,
    length: new CompositeDistribution([poisson(12), poisson(6)]),
  });
const length = new CompositeEstimator([new PoissonEstimator(), new PoissonEstimator()]);

describe('the law', () => {
  const laws = checkFamily({
    offers: PARENT,
    distributions: [association(0.75, 0.25), association(0.5, 0.25)],
    estimator: new SparseMarkovAssociationEstimator({ valueCount: 4, background: 0.25, length }),
    keyed: new SparseMarkovAssociationEstimator({
      valueCount: 4,
      background: 0.25,
      length,
      keys: { transitions: 'shared' },
    }),
    rows: [[[], []], [[[3, 1]], []], [[], [[2, 1]]], [[[0, 0], [1, 0.5], [1, 1.5]], [[3, 0], [0, 2], [0, 1]]]], // biome-ignore format: rows
    refused: [
      3,
      [[]],
      [[], 1],
      [[1], []],
      [[[4, 1]], []],
      [[['0', 1]], []],
      [[], [[-1, 1]]],
      [[[0, 1]], [[1, -1]]],
      [[[0, 0.5]], []],
    ],
    parameters: (d: ReturnType<typeof association>) =>
      [0, 1, 2].flatMap((u) => [0, 1, 2, 3].map((v) => d.transition(u, v))),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, without a background', () => {
  const plain = (share: number) =>
    new SparseMarkovAssociationDistribution({
      initial,
      transitions: transitions(share),
      length: new CompositeDistribution([poisson(60), poisson(6)]),
    });
  const laws = checkFamily({
    offers: PARENT,
    distributions: [plain(0.75), plain(0.5)],
    estimator: new SparseMarkovAssociationEstimator({ valueCount: 4, length }),
    keyed: new SparseMarkovAssociationEstimator({ valueCount: 4, length, keys: { initial: 'shared' } }),
    impossible: [[[], [[1, 1]]], [[[0, 0]], [[1, 1]]], [[[3, 1]], [[1, 1]]], [[[1, 1]], [[1, 1]]]], // biome-ignore format: rows
  });
  for (const { law, run } of laws) it(law, run);
});

/** Σ over all ways to give each copy of a target the background or a copy of a source. */
function enumerated(d: SparseMarkovAssociationDistribution, [from, to]: IntegerAssociationRow): number {
  const copies = from.flatMap(([source, count]) => new Array<number>(count).fill(source));
  const drawn = to.flatMap(([target, count]) => new Array<number>(count).fill(target));
  const sum = (n: number): number => {
    if (n === drawn.length) return 1;
    const links = copies.reduce((p, u) => p + ((1 - d.background) / copies.length) * d.transition(u, drawn[n]!) * sum(n + 1), 0); // biome-ignore format: a sum
    return (d.background / 4) * sum(n + 1) + links;
  };
  return sum(0);
}

describe('the density', () => {
  const d = new SparseMarkovAssociationDistribution({ initial, transitions: transitions(0.75), background: 0.125 });

  it('sums over all links and the background', () => {
    const rows: IntegerAssociationRow[] = [
      [[[0, 2], [2, 1]], [[0, 2], [3, 1]]],
      [[[1, 1]], [[1, 2]]],
      [[[3, 1], [0, 1]], [[1, 2]]],
      [[], [[1, 2]]],
      [[[1, 1]], []],
    ]; // biome-ignore format: a row to a line
    for (const row of rows) expect(d.density(row)).toBeCloseTo(enumerated(d, row), 14);
  });

  it('adds the score of both numbers, not that of the sources', () => {
    const row: IntegerAssociationRow = [[[0, 2], [2, 1]], [[0, 2]]]; // biome-ignore format: short
    const both = association(0.75, 0.125);
    expect(both.logDensity(row)).toBeCloseTo(
      d.logDensity(row) + poisson(12).logDensity(3) + poisson(6).logDensity(2),
      12,
    );
    const other = new SparseMarkovAssociationDistribution({
      initial: [0, 0, 0, 1],
      transitions: transitions(0.75),
      background: 0.125,
    });
    expect(other.logDensity(row)).toBe(d.logDensity(row));
  });

  it('is 0 for integers that there are not', () => {
    expect(d.logDensity([[[4, 1]], []])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[4, 1]]])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1]], [[0, -1]]])).toBe(-Infinity);
    expect(d.logDensity([[[0, 1e15]], [[1, 1e15]]])).toBeCloseTo(1e15 * Math.log(0.125 / 4 + 0.875 * 0.75), -2);
  });

  it('has posteriors by Bayes, less the background', () => {
    const [links] = d.posterior([[[0, 1], [2, 3], [3, 0]], [[3, 5]]]); // biome-ignore format: short
    const parts = [0.875 * 0.25 * 0.25, 0.875 * 0.75 * 0.25, 0];
    const norm = 0.125 / 4 + parts[0]! + parts[1]!;
    parts.forEach((part, s) => expect(links![s]).toBeCloseTo(part / norm, 14));
    const plain = new SparseMarkovAssociationDistribution({ initial, transitions: transitions(0.75) });
    expect(plain.posterior([[[1, 3], [3, 1]], [[1, 1]]])).toEqual([[0.75, 0.25]]); // biome-ignore format: short
  });
});

describe('the table', () => {
  const d = association(0.75, 0);

  it('has its entries by source and target, whatever their order was', () => {
    expect(d.transitions).toEqual({
      from: [0, 0, 1, 2, 2, 2],
      to: [1, 3, 0, 0, 2, 3],
      p: [0.75, 0.25, 1, 0.25, 0.5, 0.25],
    });
    expect(d.targetsOf(2)).toEqual([[0, 0.25], [2, 0.5], [3, 0.25]]); // biome-ignore format: short
    expect(d.targetsOf(3)).toEqual([]);
    expect([d.transition(2, 2), d.transition(2, 1), d.transition(9, 0), d.transition(0, 0.5)]).toEqual([0.5, 0, 0, 0]);
  });

  it.each([
    ['lists that are not in step', { from: [0], to: [1], p: [] }],
    ['a value that there is not', { from: [4], to: [1], p: [1] }],
    ['half a value', { from: [0], to: [0.5], p: [1] }],
    ['a pair that stands twice', { from: [0, 0], to: [1, 1], p: [0.5, 0.5] }],
    ['a source whose probabilities do not sum to 1', { from: [0], to: [1], p: [0.5] }],
    ['what is no probability', { from: [0, 0], to: [1, 2], p: [2, -1] }],
    ['no lists', 3],
  ])('refuses %s', (_, bad) => {
    expect(() => new SparseMarkovAssociationDistribution({ initial, transitions: bad as never })).toThrow(
      ParameterError,
    );
  });

  it('may be empty', () => {
    const empty = new SparseMarkovAssociationDistribution({
      initial,
      transitions: { from: [], to: [], p: [] },
      background: 0.5,
    });
    expect(empty.density([[[0, 1]], [[2, 2]]])).toBeCloseTo(1 / 64, 14);
  });
});

it('refuses rows by path', () => {
  const encoder = new SparseMarkovAssociationEstimator({ valueCount: 4 }).encoder();
  const bad = (row: unknown) => () => encoder.encode([[[], []], row as never]);
  expect(bad([[[7, 1]], []])).toThrow(DataError);
  expect(bad([[[0, 1]], [[7, 1]]])).toThrow('SparseMarkovAssociation: row 1, field "[1][0][0]" must be a target, 0 to 3, found 7'); // biome-ignore format: short
});

describe('SparseMarkovAssociationEstimator', () => {
  it('finds the same maximum from any seed', () => {
    const rows = association(0.75, 0.25).sampler(1).sample(400);
    const fits = [1, 2, 3].map((seed) => {
      const estimator = new SparseMarkovAssociationEstimator({ valueCount: 4, background: 0.25 });
      return optimize(rows, estimator, { seed, maxIterations: 2000, delta: 1e-9 });
    });
    for (const { logLikelihood } of fits) expect(logLikelihood).toBeCloseTo(fits[0]!.logLikelihood, 4);
  });

  it('estimates the sources from their counts, by the weights of the rows', () => {
    const rows: IntegerAssociationRow[] = [[[[0, 3]], [[1, 1]]], [[[1, 1]], [[1, 1]]]]; // biome-ignore format: short
    const { model } = optimize(rows, new SparseMarkovAssociationEstimator({ valueCount: 4 }), { weights: [1, 5] });
    expect(model.initial).toEqual([3 / 8, 5 / 8, 0, 0]);
    expect(model.transitions).toEqual({ from: [0, 1], to: [1, 1], p: [1, 1] });
  });

  it('keeps tables of a million values as small as the links that occur', () => {
    const valueCount = 1e6;
    const rng = random(5);
    const value = () => Math.floor(rng() * valueCount);
    // Each source has two targets of its own.
    const rows = Array.from({ length: 500 }, (): IntegerAssociationRow => {
      const source = value();
      return [[[source, 1]], [[(7 * source) % valueCount, 3], [(11 * source + 1) % valueCount, 1]]]; // biome-ignore format: short
    });
    const estimator = new SparseMarkovAssociationEstimator({ valueCount, background: 0.01 });
    const columns = estimator.encoder().encode(rows);
    expect(estimator.statisticLength(columns)).toBe(500 + 1000); // sources and links
    const { model } = optimize(rows, estimator, { seed: 1, maxIterations: 20 });
    const [source] = rows[0]![0][0]!;
    expect(model.transition(source, (7 * source) % valueCount)).toBeCloseTo(0.75, 3);
    expect(model.transitions.p).toHaveLength(1000);
  });

  it('spreads imaginary targets over those that a source has, or like a model', () => {
    const rows: IntegerAssociationRow[] = [[[[0, 1]], [[1, 3], [2, 1]]]]; // biome-ignore format: short
    const even = new SparseMarkovAssociationEstimator({ valueCount: 4, pseudoCount: { transitions: 4, initial: 3 } });
    const { model } = optimize(rows, even);
    expect(model.targetsOf(0)).toEqual([[1, 5 / 8], [2, 3 / 8]]); // biome-ignore format: short
    expect(model.initial).toEqual([1.75 / 4, 0.75 / 4, 0.75 / 4, 0.75 / 4]);
    expect(even.hasPrior).toBe(true);
    const like = association(0.75, 0).estimator({ pseudoCount: 4 });
    const { model: pulled } = optimize(rows, like, { maxIterations: 200 });
    expect(pulled.targetsOf(0)).toEqual([[1, 6 / 8], [2, 1 / 8], [3, 1 / 8]]); // biome-ignore format: short
    expect(pulled.targetsOf(2)).toEqual(association(0.75, 0).targetsOf(2));
  });

  it('ties the links of tables that hold other ones', () => {
    const estimator = () => new SparseMarkovAssociationEstimator({ valueCount: 500, keys: { transitions: 'shared' } });
    const rows = [
      { one: [[[3, 1]], [[5, 1]]], two: [[[3, 1]], [[400, 3]]] },
      { one: [[[3, 1]], [[5, 1]]], two: [[[499, 1]], [[499, 1]]] },
    ] as const;
    const { one, two } = optimize(rows, new RecordEstimator({ one: estimator(), two: estimator() })).model.fields;
    expect(one.transitions).toEqual({ from: [3, 3, 499], to: [5, 400, 499], p: [0.4, 0.6, 1] });
    expect(two.transitions).toEqual(one.transitions);
    expect(two.initial[499]).toBe(0.5);
  });

  it('fits inside a mixture, beside a number', () => {
    const rows = Array.from({ length: 120 }, (_, i) => {
      const kind = i % 2;
      const source = (i >> 1) % 2;
      return { link: [[[source, 1]], [[(source + kind) % 2, 4]]] as IntegerAssociationRow, size: 10 * kind + (i % 3) };
    });
    const one = new RecordEstimator({
      link: new SparseMarkovAssociationEstimator({ valueCount: 2 }),
      size: new GaussianEstimator(),
    });
    const { model } = optimize(rows, new MixtureEstimator([one, one]), { seed: 1, maxIterations: 50 });
    const first = model.components.find(({ fields }) => fields.size.mu < 5)!.fields.link;
    expect([first.transition(0, 0), first.transition(1, 1)]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  });

  it.each([
    ['no values', { valueCount: 0 }],
    ['more values than links have numbers', { valueCount: 1e8 }],
    ['nothing but a background', { valueCount: 2, background: 1 }],
    ['a prior without its number', { valueCount: 2, prior: { initial: [1, 0] } }],
    ['lengths of targets alone', { valueCount: 2, length: new PoissonEstimator() }],
    [
      'lengths that are densities',
      { valueCount: 2, length: new CompositeEstimator([new GaussianEstimator(), new GaussianEstimator()]) },
    ],
  ])('refuses %s', (_, options) => {
    expect(() => new SparseMarkovAssociationEstimator(options as never)).toThrow(ParameterError);
  });
});

it('says why it cannot draw', () => {
  expect(() => new SparseMarkovAssociationDistribution({ initial, transitions: transitions(0.5) }).sampler(1)).toThrow(
    'length must be a distribution, to draw rows from it',
  );
  const open = new SparseMarkovAssociationDistribution({
    initial: [0, 0, 0, 1],
    transitions: transitions(0.5),
    length: new CompositeDistribution([poisson(3), poisson(3)]),
  });
  expect(() => open.sampler(1).sample(20)).toThrow('transitions must be given for each source that is drawn');
  expect(() => new SparseMarkovAssociationDistribution({ initial, transitions: transitions(0.5), length: new GaussianDistribution({ mu: 0, sigma2: 1 }) })).toThrow(ParameterError); // biome-ignore format: short
});
