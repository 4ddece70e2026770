import { describe, expect, expectTypeOf, it } from 'vitest';
import { DataError, ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';
import { withWorkspace } from '../../src/numeric/scratch.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';
import fc from '../property.js';

const next = (afterA: number, afterB: number) =>
  new stats.ConditionalDistribution({
    a: new stats.CategoricalDistribution({ a: afterA, b: 1 - afterA }),
    b: new stats.CategoricalDistribution({ a: afterB, b: 1 - afterB }),
  });
const first = (a: number) => new stats.SequenceDistribution(new stats.CategoricalDistribution({ a, b: 1 - a }));
const tables = {
  w: [0.6, 0.4],
  transitions: [
    [0.9, 0.1],
    [0.15, 0.85],
  ],
};
/** One state stays with its letter, the other one changes it. */
const letters = (stay: number, change: number) =>
  new stats.LookbackHiddenMarkovDistribution([next(stay, 1 - stay), next(1 - change, change)], {
    ...tables,
    lag: 1,
    initialEmissions: [first(0.7), first(0.3)],
    length: new stats.PoissonDistribution({ lambda: 9 }),
  });
const model = letters(0.9, 0.8);
const categorical = () => new stats.CategoricalEstimator<'a' | 'b'>();
const nextEstimator = () => new stats.ConditionalEstimator({ a: categorical(), b: categorical() });
const firstEstimator = () => new stats.SequenceEstimator(categorical());
const estimator = new stats.LookbackHiddenMarkovEstimator([nextEstimator(), nextEstimator()], {
  lag: 1,
  initialEmissions: [firstEstimator(), firstEstimator()],
  length: new stats.PoissonEstimator(),
});

const laws = checkFamily({
  offers: [...PARENT, 'isUnbounded'],
  distributions: [model, letters(0.95, 0.6)],
  unbounded: {
    distribution: new stats.LookbackHiddenMarkovDistribution(
      [new stats.SequenceDistribution(new stats.GammaDistribution({ shape: 0.5, scale: 1 }))],
      { lag: 0, w: [1], transitions: [[1]] },
    ),
    pole: [0],
  },
  estimator,
  keyed: new stats.LookbackHiddenMarkovEstimator([nextEstimator(), nextEstimator()], {
    lag: 1,
    keys: { transitions: 'shared' },
  }),
  rows: [[], ['a'], ['a', 'b', 'b']],
  refused: [3, null, 'abc', ['a', {}], [['a']]],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

type AnyLookback = stats.LookbackHiddenMarkovDistribution<
  readonly stats.AnyDistribution[],
  stats.AnyDistribution,
  stats.AnyDistribution
>;

/** All paths of states with log p(path, list) without the length: the definition, without any recursion. */
function paths({ emissions, initialEmissions, w, transitions, lag }: AnyLookback, x: readonly unknown[]) {
  const count = Math.max(0, x.length - lag + 1);
  const states = emissions.map((_, s) => s);
  let all: number[][] = [[]];
  for (let t = 0; t < count; t++) all = all.flatMap((z) => states.map((s) => [...z, s]));
  return all.map((z) => {
    const terms = z.map((s, t) =>
      t === 0
        ? Math.log(w[s]!) + initialEmissions[s]!.logDensity(x.slice(0, lag))
        : Math.log(transitions[z[t - 1]!]![s]!) + emissions[s]!.logDensity(x.slice(t - 1, t + lag)),
    );
    return { z, log: terms.reduce((sum, term) => sum + term, 0) };
  });
}

function bruteForce(lookback: AnyLookback, x: readonly unknown[]) {
  const all = paths(lookback, x);
  const largest = Math.max(...all.map(({ log }) => log));
  const total = all.reduce((sum, { log }) => sum + Math.exp(log - largest), 0);
  const share = (keep: (z: readonly number[]) => boolean) =>
    all.reduce((sum, { z, log }) => sum + (keep(z) ? Math.exp(log - largest) : 0), 0) / total;
  const states = lookback.emissions.map((_, s) => s);
  const count = all[0]!.z.length;
  return {
    logDensity: largest + Math.log(total) + lookback.length.logDensity(count),
    posterior: Array.from({ length: count }, (_, t) => states.map((s) => share((z) => z[t] === s))),
    steps: states.flatMap((r) =>
      states.map((s) =>
        Array.from({ length: Math.max(0, count - 1) }).reduce<number>(
          (sum, _, t) => sum + share((z) => z[t] === r && z[t + 1] === s),
          0,
        ),
      ),
    ),
    best: all.reduce((best, path) => (path.log > best.log ? path : best)),
  };
}

function agrees(lookback: AnyLookback, x: readonly unknown[]): void {
  const expected = bruteForce(lookback, x);
  expect(lookback.logDensity(x)).toBeCloseTo(expected.logDensity, 11);
  const columns = lookback.encoder().encode([x, x]);
  const scores = new Float64Array(2);
  lookback.seqLogDensity(columns, 0, 2, scores);
  for (const score of scores) expect(score).toBeCloseTo(expected.logDensity, 11);
  expect(lookback.posterior(x)).toHaveLength(expected.posterior.length);
  lookback.posterior(x).forEach((row, t) => {
    row.forEach((p, s) => expect(p).toBeCloseTo(expected.posterior[t]![s]!, 11));
  });
  expect(lookback.filtered(x).at(-1) ?? []).toEqual(
    (expected.posterior.at(-1) ?? []).map((p) => expect.closeTo(p, 11)),
  );
  const found = paths(lookback, x).find(({ z }) => z.join() === lookback.viterbi(x).join())!;
  expect(found.log).toBeCloseTo(expected.best.log, 10);
  expect(lookback.bestPaths(x, 1)[0]!.logDensity).toBeCloseTo(expected.best.log, 10);
  const ofModel = lookback.estimator();
  const { transitions } = withWorkspace((scratch) => {
    const accumulator = ofModel.accumulator(columns);
    accumulator.begin(lookback, columns, scratch);
    accumulator.seqUpdate(columns, 0, 2, Float64Array.of(0.5, 2), lookback);
    return accumulator.value();
  });
  transitions.forEach((count, at) => expect(count).toBeCloseTo(2.5 * expected.steps[at]!, 10));
}

const gaussianOf = (mu: number) => new stats.GaussianDistribution({ mu, sigma2: 1 });
/** Lag 2: counts of two states by the two numbers before. */
const integers = new stats.LookbackHiddenMarkovDistribution(
  [
    new stats.IntegerMarkovChainDistribution({
      lag: 2,
      conditional: [
        [0.2, 0.8],
        [0.7, 0.3],
        [0.6, 0.4],
        [0.3, 0.7],
      ],
    }),
    new stats.IntegerMarkovChainDistribution({
      lag: 2,
      conditional: [
        [0.6, 0.4],
        [0.5, 0.5],
        [0.7, 0.3],
        [1, 0],
      ],
    }),
  ],
  {
    ...tables,
    lag: 2,
    initialEmissions: [0.3, 0.8].map(
      (p) => new stats.SequenceDistribution(new stats.IntegerCategoricalDistribution({ min: 0, p: [p, 1 - p] })),
    ),
    length: new stats.GeometricDistribution({ p: 0.2 }),
  },
);
/** Lag 0: windows of one item, and a first step without items. */
const alone = new stats.LookbackHiddenMarkovDistribution(
  [0, 2].map((mu) => new stats.SequenceDistribution(gaussianOf(mu))),
  { ...tables, lag: 0 },
);

describe('inference equals the sum over all paths', () => {
  const letter = fc.constantFrom('a', 'b');
  it('for lag 1', () => {
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 6 }), (x) => agrees(model as AnyLookback, x)),
      { numRuns: 40 },
    );
  });
  it('for lag 2, lists that are too short included', () => {
    const list = fc.array(fc.nat(1), { minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(list, (x) => agrees(integers as AnyLookback, x)),
      { numRuns: 40 },
    );
    for (const x of [[], [1]]) {
      const lookback = new stats.LookbackHiddenMarkovDistribution(integers.emissions, { ...tables, lag: 2 });
      agrees(lookback as AnyLookback, x);
      expect(integers.logDensity(x)).toBe(integers.length.logDensity(0));
      expect([lookback.posterior(x), lookback.viterbi(x)]).toEqual([[], []]);
    }
  });
  it('for lag 0', () => {
    const list = fc.array(fc.double({ min: -3, max: 5, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(list, (x) => agrees(alone as AnyLookback, x)),
      { numRuns: 30 },
    );
  });
  it('without families of first items, and for states of several families', () => {
    const plain = new stats.LookbackHiddenMarkovDistribution(model.emissions, { ...tables, lag: 1 });
    agrees(plain as AnyLookback, ['a', 'b', 'b', 'a']);
    expect(plain.logDensity(['a'])).toBeCloseTo(0, 14);
    const mixed = new stats.LookbackHiddenMarkovDistribution(
      [
        new stats.SequenceDistribution(gaussianOf(1)),
        new stats.CompositeDistribution([gaussianOf(0), new stats.ExponentialDistribution({ mean: 2 })]),
      ],
      { ...tables, lag: 1 },
    );
    agrees(mixed as unknown as AnyLookback, [1, -0.5, 2, 0.1]);
  });
  it('where scaling alone would lose a state', () => {
    const hard = new stats.LookbackHiddenMarkovDistribution(
      [0, 50].map((mu) => new stats.CompositeDistribution([gaussianOf(mu), gaussianOf(mu)])),
      {
        lag: 1,
        w: [1, 0],
        transitions: [
          [0.9, 0.1],
          [0, 1],
        ],
      },
    );
    agrees(hard as AnyLookback, [0, 0, 50, 0, 50, 0]);
  });
  it('with paths drawn as often as they are probable', () => {
    const x = ['a', 'b', 'a', 'a'] as const;
    const count = 20_000;
    const draws = model.sampleGiven(x, 1).sample(count);
    const all = paths(model as AnyLookback, x);
    const total = all.reduce((sum, { log }) => sum + Math.exp(log), 0);
    for (const { z, log } of all) {
      const p = Math.exp(log) / total;
      const share = draws.filter((path) => path.join() === z.join()).length / count;
      // Five standard errors.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    }
  });
});

it('is a hidden Markov model where states do not look back', () => {
  const chain = new stats.HiddenMarkovDistribution([gaussianOf(0), gaussianOf(2)], tables);
  const x = [0.3, 1.9, 2.2, -0.4];
  // The first step has no item: its state is that before the first item.
  const before = [0, 1].map((s) => tables.w.reduce((sum, p, r) => sum + p * tables.transitions[r]![s]!, 0));
  const later = new stats.HiddenMarkovDistribution(chain.emissions, { w: before, transitions: tables.transitions });
  expect(alone.logDensity(x)).toBeCloseTo(later.logDensity(x), 12);
  expect(alone.posterior(x).slice(1)).toEqual(later.posterior(x).map((row) => row.map((p) => expect.closeTo(p, 12))));
});

describe('what is no list of its items is refused with its place', () => {
  it.each([
    [model, 5, ''],
    [model, ['a', {}], '[1]'],
    [model, ['a', 'b', {}, 'a'], '[2]'],
    [model, [{}, 'a'], '[0]'],
    [integers, [0, 1, 1, 5], '[3]'],
    [integers, [0.5, 1, 1], '[0]'],
    [alone, [1, 'x'], '[1]'],
  ] as const)('%#', (lookback, row, where) => {
    const encode = () => (lookback as unknown as AnyLookback).encoder().encode([[], row as never]);
    expect(encode).toThrow(DataError);
    expect(encode).toThrow(where === '' ? 'row 1 must be' : `row 1, field "${where}" must be`);
    for (const method of ['posterior', 'filtered', 'viterbi', 'sampleGiven', 'bestPaths'] as const) {
      const ask = lookback[method].bind(lookback) as (x: unknown, more: number) => unknown;
      expect(() => ask(row, 1)).toThrow(`LookbackHiddenMarkovDistribution.${method}: x${where} must be`);
      expect(() => ask(row, 1)).toThrow(ParameterError);
    }
  });

  it('a number of steps that the length cannot hold', () => {
    const long = new stats.LookbackHiddenMarkovDistribution(model.emissions, {
      ...tables,
      lag: 1,
      length: new stats.GeometricDistribution({ p: 0.5 }),
    });
    expect(() => long.encoder().encode([['a'], []])).toThrow('row 1, field "length" must be');
  });

  it('an impossible list, with its first impossible item', () => {
    const strict = letters(1, 1);
    const list = ['a', 'a', 'b', 'b', 'a'] as const;
    const never = new stats.LookbackHiddenMarkovDistribution([next(1, 0)], { lag: 1, w: [1], transitions: [[1]] });
    expect(strict.logDensity(list)).toBeGreaterThan(-Infinity);
    expect(never.logDensity(list)).toBe(-Infinity);
    expect(never.posterior(list).flat()).toEqual([0, 0, 0, 0, 0]);
    expect(() => never.viterbi(list)).toThrow(/viterbi: x\[2\] must be/);
    expect(() => never.sampleGiven(list, 1)).toThrow(/sampleGiven: x must be a possible list/);
    expect(never.bestPaths(list, 3)).toEqual([]);
  });
});

describe('parameters', () => {
  const make = (more: object) => () =>
    new stats.LookbackHiddenMarkovDistribution(model.emissions, { ...tables, lag: 1, ...more });
  it('are checked by name', () => {
    expect(make({ lag: -1 })).toThrow(/lag must be an integer >= 0, found -1/);
    expect(make({ lag: undefined })).toThrow(/lag must be/);
    expect(make({ initialEmissions: [first(0.5)] })).toThrow(/initialEmissions must be a list of 2/);
    expect(make({ w: [1] })).toThrow(/LookbackHiddenMarkovDistribution: w must/);
    expect(make({ length: gaussianOf(0) })).toThrow(/length must be/);
    const one = { lag: 1, initialEmissions: [firstEstimator()] };
    expect(() => new stats.LookbackHiddenMarkovEstimator([nextEstimator(), nextEstimator()], one)).toThrow(
      /initialEmissions must be a list of 2/,
    );
    expect(() => new stats.LookbackHiddenMarkovEstimator([nextEstimator()], {} as never)).toThrow(/lag must be/);
  });

  it('refuse families that no window, or no list of first items, is a row of', () => {
    const pairs = next(0.5, 0.5);
    const numbers = gaussianOf(0);
    const triple = new stats.CompositeDistribution([numbers, numbers, numbers]);
    const one = (windows: stats.AnyDistribution, lag: number, first?: stats.AnyDistribution) => () =>
      new stats.LookbackHiddenMarkovDistribution([windows], {
        lag,
        w: [1],
        transitions: [[1]],
        ...(first && { initialEmissions: [first] }),
      });
    // A list of two items is a pair of a level and its value, and a window where the lag is 1.
    for (const windows of [pairs, new stats.MixtureDistribution([pairs, pairs], { w: [0.5, 0.5] })]) {
      expect(one(windows, 1)).not.toThrow();
      for (const lag of [0, 2, 3]) expect(one(windows, lag)).toThrow(`a family over windows of ${lag + 1} items`);
    }
    expect(one(triple, 2)).not.toThrow();
    expect(one(triple, 1)).toThrow('emissions[0] must be a family over windows of 2 items (as lag is 1), found');
    expect(one(numbers, 1)).toThrow('a family over windows of 2 items');
    const vector = new stats.DiagonalGaussianDistribution({ mu: [0, 0], sigma2: [1, 1] });
    expect(one(vector, 1)).not.toThrow();
    expect(one(vector, 2)).toThrow('a family over windows of 3 items');
    expect(one(pairs, 1, first(0.5))).not.toThrow();
    expect(one(pairs, 1, pairs)).toThrow('initialEmissions[0] must be a family over the first 1 items, found');
    expect(one(triple, 2, vector)).not.toThrow();
    const of = (windows: stats.AnyEstimator, lag: number) => () =>
      new stats.LookbackHiddenMarkovEstimator([windows], { lag });
    expect(of(nextEstimator(), 2)).toThrow(
      'emissions[0] must be a family over windows of 3 items (as lag is 2), found',
    );
    // Shares and directions of any dimension are known by few lists alone.
    for (const windows of [new stats.DirichletEstimator(), new stats.VonMisesFisherEstimator(), firstEstimator()]) {
      for (const lag of [1, 2, 6]) expect(of(windows, lag)).not.toThrow();
    }
  });

  it('refuse to draw lists whose items come from families over different items', () => {
    const numbers = new stats.SequenceDistribution(gaussianOf(0));
    const mixed = new stats.LookbackHiddenMarkovDistribution([numbers as stats.AnyDistribution], {
      ...{ lag: 1, w: [1], transitions: [[1]], initialEmissions: [first(0.5)] },
      length: new stats.PoissonDistribution({ lambda: 5 }),
    });
    expect(() => mixed.sampler(1).sample(20)).toThrow(
      /families over the items that initialEmissions and emissions draw/,
    );
  });

  it('refuse chains of another lag, which would score several steps of a window or none', () => {
    const chain = new stats.IntegerMarkovChainDistribution({ conditional: [[0.5, 0.5], [0.1, 0.9]] }); // biome-ignore format: short
    const words = new stats.MarkovChainDistribution({ initial: {}, transitions: { a: { b: 1 }, b: { a: 1 } } });
    const one = (windows: stats.AnyDistribution, lag: number) => () =>
      new stats.LookbackHiddenMarkovDistribution([windows], { lag, w: [1], transitions: [[1]] });
    const told = /emissions\[0\] must be a distribution of an item given the 2 before it .*found "a chain of lag 1"/;
    const mixed = new stats.MixtureDistribution([chain, new stats.IgnoredDistribution(chain)], { w: [0.5, 0.5] });
    for (const windows of [chain, words, mixed]) {
      expect(one(windows, 2)).toThrow(told);
      expect(one(windows, 0)).toThrow(/given the 0 before it/);
      expect(one(windows, 1)).not.toThrow();
    }
    const estimators = [new stats.MarkovChainEstimator(), new stats.IntegerMarkovChainEstimator({ valueCount: 2 })];
    for (const estimator of [...estimators, mixed.estimator(), new stats.OptionalEstimator(estimators[1]!)]) {
      const emissions = [nextEstimator(), estimator] as never;
      const of = (lag: number) => () => new stats.LookbackHiddenMarkovEstimator(emissions, { lag });
      expect(of(2)).toThrow(/emissions\[1\] must be a distribution of an item given the 2 before it/);
    }
  });

  it('take items that are chains themselves, of a lag of their own', () => {
    const each = new stats.SequenceEstimator(new stats.MarkovChainEstimator());
    const rows = [['ab', 'ba', 'bb'], ['aa', 'aa']].map((list) => list.map((word) => [...word])); // biome-ignore format: lists of words
    const { model } = stats.optimize(rows, new stats.LookbackHiddenMarkovEstimator([each, each], { lag: 0 }), {
      maxIterations: 2,
    });
    expect(model.logDensity(rows[0]!)).toBeGreaterThan(-Infinity);
    expect(model.estimator().encoder().encode(rows).rowCount).toBe(2);
  });
});

describe('draws', () => {
  it('have as many items as the steps say, with states as often as they are probable', () => {
    const drawn = model.pathSampler(4).sample(4000);
    const counts = [0, 0, 0, 0];
    for (const { states, items } of drawn) {
      expect(items).toHaveLength(states.length); // lag 1: as many items as steps, none for none
      states.slice(1).forEach((s, t) => {
        counts[2 * states[t]! + s]!++;
      });
    }
    const count = counts[0]! + counts[1]!;
    expect(Math.abs(counts[1]! / count - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / count));
    // After an item: stay with it in state 0 in nine of ten cases.
    const pairs = drawn.flatMap(({ states, items }) =>
      states.flatMap((s, t) => (t > 0 && s === 0 ? [items[t] === items[t - 1]] : [])),
    );
    const stays = pairs.filter((is) => is).length / pairs.length;
    expect(Math.abs(stays - 0.9)).toBeLessThan(5 * Math.sqrt((0.9 * 0.1) / pairs.length));
    expect(model.sampler(4).sample(3)).toEqual(drawn.slice(0, 3).map(({ items }) => items));
  });

  it('follow a list: its next item as p(list with it) / p(list) says', () => {
    const list = ['a', 'a', 'b'] as const;
    const plain = new stats.LookbackHiddenMarkovDistribution(model.emissions, {
      ...tables,
      lag: 1,
      initialEmissions: model.initialEmissions,
    });
    const p = Math.exp(plain.logDensity([...list, 'a']) - plain.logDensity(list));
    const count = 10_000;
    const drawn = model.pathSampler(2, { after: list, count: 2 }).sample(count);
    expect(drawn.every(({ states, items }) => states.length === 2 && items.length === 2)).toBe(true);
    const share = drawn.filter(({ items }) => items[0] === 'a').length / count;
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    expect(() => model.pathSampler(1, { after: [], count: 1 })).toThrow(/after must be a list of at least 1 items/);
    expect(() => model.pathSampler(1, { after: list })).toThrow(/count must be given/);
    expect(() => model.pathSampler(1, { count: 2 })).toThrow(/count must be left out/);
  });

  it('of integer chains, of independent items, and of a length that is asked for', () => {
    expect(
      integers
        .sampler(1)
        .sample(50)
        .every((x) => x.length >= 2),
    ).toBe(true);
    expect(
      integers
        .sampler(1, { length: 5 })
        .sample(3)
        .map((x) => x.length),
    ).toEqual([5, 5, 5]);
    expect(integers.sampler(1, { length: 0 }).sample()).toEqual([]);
    expect(() => integers.sampler(1, { length: 1 })).toThrow(/length must be 0 or an integer >= 2/);
    expect(alone.sampler(1, { length: 4 }).sample()).toHaveLength(4);
    const chain = new stats.MarkovChainDistribution({ initial: {}, transitions: { a: { b: 1 }, b: { a: 1 } } });
    const alternating = new stats.LookbackHiddenMarkovDistribution([chain], {
      lag: 1,
      w: [1],
      transitions: [[1]],
      initialEmissions: [first(1)],
    });
    expect(alternating.sampler(1, { length: 5 }).sample()).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('need a length, families of first items, and windows that go on', () => {
    const without = new stats.LookbackHiddenMarkovDistribution(model.emissions, { ...tables, lag: 1 });
    expect(() => without.sampler(1)).toThrow(/length must be/);
    expect(() => without.sampler(1, { length: 3 })).toThrow(/initialEmissions\[0\] must be/);
    const joint = new stats.DiagonalGaussianDistribution({ mu: [0, 0], sigma2: [1, 1] });
    const vectors = new stats.LookbackHiddenMarkovDistribution([joint], { lag: 1, w: [1], transitions: [[1]] });
    expect(() => vectors.sampler(1, { length: 3 })).toThrow(/emissions\[0\] must be a distribution that draws/);
    const zero = new stats.LookbackHiddenMarkovDistribution(alone.emissions, {
      ...tables,
      lag: 0,
      length: new stats.DiracDistribution({ value: 0 }),
    });
    expect(() => zero.sampler(1).sample()).toThrow(/as lag is 0/);
  });
});

it('recovers a model from its own lists, up to the names of the states', () => {
  const truth = new stats.LookbackHiddenMarkovDistribution(model.emissions, {
    ...tables,
    lag: 1,
    initialEmissions: model.initialEmissions,
    length: new stats.PoissonDistribution({ lambda: 40 }),
  });
  const lists = truth.sampler(3).sample(500);
  const { model: fitted, path } = stats.optimize(lists, estimator, { seed: 5, maxIterations: 300 });
  // A single window says nothing of its state, so starts by single windows end where both states are alike.
  for (const seed of [1, 2, 3]) {
    const other = stats.optimize(lists, estimator, { seed, maxIterations: 300 });
    expect(other.path.at(-1)!.logLikelihood).toBeCloseTo(path.at(-1)!.logLikelihood, 1);
  }
  const stay = (s: number) => fitted.emissions[s]!.dists.get('a')!.p.get('a')!;
  const [steady, lively] = stay(0) > stay(1) ? [0, 1] : [1, 0];
  // About 10,000 steps of each state, told apart with errors: within 0.05 is about three standard errors.
  expect(Math.abs(stay(steady) - 0.9)).toBeLessThan(0.05);
  expect(Math.abs(stay(lively) - 0.2)).toBeLessThan(0.05);
  expect(Math.abs(fitted.transitions[steady]![lively]! - 0.1)).toBeLessThan(0.04);
  expect(Math.abs(fitted.transitions[lively]![steady]! - 0.15)).toBeLessThan(0.04);
  expect(fitted.length.lambda).toBeCloseTo(40, 0);
});

describe('nesting', () => {
  const rises = (rows: readonly never[], nested: stats.AnyEstimator) => {
    const result = stats.optimize(rows, nested, { seed: 2, maxIterations: 12 });
    expect(result.path.length).toBeGreaterThan(2);
    expect(result.path.every(({ logLikelihood }) => Number.isFinite(logLikelihood))).toBe(true);
    expect(result.path.every(({ change, isRejected }, i) => i === 0 || isRejected || change > -1e-9)).toBe(true);
    return result.model;
  };
  const lists = model.sampler(7).sample(120);
  const e = new stats.GaussianEstimator();

  it('in mixtures, and in records beside other fields', () => {
    rises(lists as never, new stats.MixtureEstimator([estimator, estimator]));
    const record = new stats.RecordEstimator({ list: estimator, size: new stats.PoissonEstimator() });
    const rows = lists.map((list) => ({ list, size: list.length }));
    rises(rows as never, new stats.MixtureEstimator([record, record]));
  });

  it('of items that may be missing, of sets, and of numbers that follow a level', () => {
    const optional = () => new stats.OptionalEstimator(e, { ignoreMissing: true });
    const numbers = lists.map((list) =>
      list.map((x, t) => (t % 4 === 3 ? null : x === 'a' ? Math.sin(t) : 5 + Math.cos(t))),
    );
    const pairs = () => new stats.CompositeEstimator([optional(), optional()]);
    rises(numbers as never, new stats.LookbackHiddenMarkovEstimator([pairs(), pairs()], { lag: 1 }));
    const set = () => new stats.SequenceEstimator(new stats.BernoulliSetEstimator());
    const sets = lists.map((list) => list.map((x, t) => (t % 3 === 0 ? [x] : ['c'])));
    rises(sets as never, new stats.LookbackHiddenMarkovEstimator([set(), set()], { lag: 2 }));
    const of = (l: stats.AnyEstimator) => new stats.SequenceEstimator(l);
    rises(
      numbers.map((list) => list.map((x) => x ?? 1)) as never,
      new stats.LookbackHiddenMarkovEstimator([of(e), of(new stats.StudentTEstimator())], { lag: 1 }),
    );
  });

  it('of states whose windows have encoders of their own', () => {
    const numbers = lists.map((list) => list.map((x, t) => (x === 'a' ? 1 + Math.sin(t) : -1 - (t % 3))));
    const of = (l: stats.AnyEstimator) => new stats.SequenceEstimator(l);
    const states = [of(e), of(new stats.ExponentialEstimator())];
    rises(numbers as never, new stats.LookbackHiddenMarkovEstimator(states, { lag: 1 }));
  });

  it('keys tie two models, and the tables of a chain', () => {
    const keys = { initial: 'i', transitions: 't', emissions: 'e' };
    const tied = () =>
      new stats.LookbackHiddenMarkovEstimator([nextEstimator(), nextEstimator()], {
        lag: 1,
        initialEmissions: [firstEstimator(), firstEstimator()],
        keys,
      });
    const chain = new stats.HiddenMarkovEstimator([categorical(), categorical()], {
      keys: { initial: 'i', transitions: 't' },
    });
    const rows = lists.map((list, i) => [list, lists[i % 7]!, list]);
    const { dists } = rises(rows as never, new stats.CompositeEstimator([tied(), tied(), chain])) as unknown as {
      readonly dists: readonly { w: unknown; transitions: unknown; emissions: unknown; initialEmissions: unknown }[];
    };
    for (const other of dists.slice(1)) {
      expect([other.w, other.transitions]).toEqual([dists[0]!.w, dists[0]!.transitions]);
    }
    expect(dists[1]!.emissions).toEqual(dists[0]!.emissions);
    expect(dists[1]!.initialEmissions).toEqual(dists[0]!.initialEmissions);
  });
});

describe('the edge', () => {
  it('lists without steps leave an even start', () => {
    const { model: fitted } = stats.optimize([[], []] as never[], estimator, { maxIterations: 3 });
    expect(fitted.transitions).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('a state without steps is named at its fields, and keeps its row', () => {
    const { findings, model: fitted } = stats.optimize(
      [
        ['a', 'a', 'b'],
        ['b', 'b'],
      ] as never[],
      estimator,
      {
        initialModel: new stats.LookbackHiddenMarkovDistribution(model.emissions, {
          lag: 1,
          w: [1, 0],
          transitions: [
            [1, 0],
            [0.25, 0.75],
          ],
          initialEmissions: model.initialEmissions,
          length: model.length,
        }),
        maxIterations: 2,
      },
    );
    expect(findings.filter(({ kind }) => kind === 'dead')).toMatchObject([
      { path: 'transitions[1]' },
      { path: 'emissions[1]' },
    ]);
    expect(fitted.transitions[1]).toEqual([0.25, 0.75]);
  });

  it('floors and findings of first items stand at initialEmissions', () => {
    const e = new stats.GaussianEstimator();
    const list = new stats.SequenceEstimator(e);
    const rows = [
      [3, 1, 0.5],
      [3, 0.2, 1.1],
      [3, 4, 0.2, 0.9],
    ];
    const spiky = new stats.LookbackHiddenMarkovEstimator([list], { lag: 1, initialEmissions: [list] });
    const { findings } = stats.optimize(rows, spiky, { maxIterations: 2 });
    expect(findings.map(({ kind, path }) => [kind, path])).toContainEqual(['degenerate', 'initialEmissions[0].dist']);
  });

  it('tables stay fixed, and masked; parameters are counted', () => {
    const lists = model.sampler(5).sample(60);
    const fixed = {
      fixedInitial: [0.5, 0.5],
      allowed: {
        transitions: [
          [true, true],
          [false, true],
        ],
      },
    };
    const masked = new stats.LookbackHiddenMarkovEstimator([nextEstimator(), nextEstimator()], { lag: 1, ...fixed });
    const { model: fitted } = stats.optimize(lists, masked, { maxIterations: 5 });
    expect(fitted.w).toEqual([0.5, 0.5]);
    expect(fitted.transitions[1]).toEqual([0, 1]);
    // Two states of two levels with one free probability each.
    expect(masked.parameterBlocks(fitted).reduce((sum, { count }) => sum + count, 0)).toBe(1 + 4);
    expect(() => masked.parameterBlocks(model as never)).toThrow(/LookbackHiddenMarkovEstimator: w/);
    expect(model.estimator({ pseudoCount: 2 }).hasPrior).toBe(true);
  });
});

it('takes a list of 200,000 items', () => {
  const long = Array.from({ length: 200_000 }, (_, t) => (Math.sin(t * t) > 0.3 ? 'a' : 'b'));
  expect(model.logDensity(long)).toBeLessThan(-1e5);
  expect(model.viterbi(long)).toHaveLength(200_000);
});

it('carries the type of the items', () => {
  const { model: fitted } = stats.optimize([['a', 'b', 'b']], estimator, { maxIterations: 1 });
  expectTypeOf(fitted.emissions[0].dists.get('a')!.p).toEqualTypeOf<ReadonlyMap<'a' | 'b', number>>();
  // @ts-expect-error numbers are not what these states emit
  expect(() => stats.optimize([[1, {}]], estimator)).toThrow();
});
