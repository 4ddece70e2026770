import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AnyDistribution,
  CategoricalDistribution,
  ConditionalDistribution,
  HiddenMarkovDistribution,
  HiddenSemiMarkovDistribution,
  HierarchicalMixtureDistribution,
  IntegerCategoricalDistribution,
  imputations,
  impute,
  LookbackHiddenMarkovDistribution,
  MixtureDistribution,
  MultivariateGaussianDistribution,
  OptionalDistribution,
  PoissonDistribution,
  RecordDistribution,
  SequenceDistribution,
  TreeHiddenMarkovDistribution,
} from '../../src/index.js';
import { normal } from './models.js';

const letters = ['a', 'b', 'c'] as const;
const gapped = (a: number, b: number) => new OptionalDistribution(new CategoricalDistribution({ a, b, c: 1 - a - b }));
const emissions = [gapped(0.7, 0.2), gapped(0.1, 0.2), gapped(0.3, 0.6)] as const;
const table = {
  w: [0.5, 0.3, 0.2],
  transitions: [
    [0.7, 0.2, 0.1],
    [0.1, 0.5, 0.4],
    [0.3, 0.1, 0.6],
  ],
};
const length = new PoissonDistribution({ lambda: 4 });
const duration = (p: readonly number[]) => new IntegerCategoricalDistribution({ min: 1, p });
const hmm = new HiddenMarkovDistribution(emissions, { ...table, length });
const topics = new HierarchicalMixtureDistribution(emissions, {
  w: [0.6, 0.4],
  tau: [
    [0.8, 0.1, 0.1],
    [0.1, 0.3, 0.6],
  ],
  length,
});

/** Lists of letters under models that fill the gaps. */
const models: Readonly<Record<string, AnyDistribution>> = {
  'a hidden Markov model': hmm,
  'one whose states end lists': new HiddenMarkovDistribution(emissions, {
    ...table,
    end: [0.2, 0.6, 0.3],
  }),
  'a hidden semi-Markov model': new HiddenSemiMarkovDistribution(
    emissions,
    [duration([0.2, 0.8]), duration([0.5, 0.2, 0.3]), duration([0.9, 0.1])],
    {
      w: table.w,
      transitions: [
        [0, 0.6, 0.4],
        [0.5, 0, 0.5],
        [0.9, 0.1, 0],
      ],
      maxDuration: 3,
    },
  ),
  'a hierarchical mixture': topics,
  'a mixture of lists': new MixtureDistribution<readonly AnyDistribution[]>(
    [hmm, topics, new SequenceDistribution(emissions[2], { length })],
    { w: [0.4, 0.4, 0.2] },
  ),
};

/** P(values in the gaps | the others), by the density of each completed row. */
function completions(model: AnyDistribution, gaps: number, complete: (values: readonly string[]) => unknown) {
  let all: string[][] = [[]];
  for (let j = 0; j < gaps; j++) all = all.flatMap((values) => letters.map((letter) => [...values, letter]));
  const densities = all.map((values) => model.density(complete(values) as never));
  const total = densities.reduce((sum, density) => sum + density, 0);
  return all.map((values, i) => ({ values, p: densities[i]! / total }));
}

function likeliest(all: ReturnType<typeof completions>, gap: number): string {
  const p = (letter: string) => all.reduce((sum, { values, p }) => sum + (values[gap] === letter ? p : 0), 0);
  return [...letters].sort((a, b) => p(b) - p(a))[0]!;
}

describe('impute, of lists', () => {
  it.each(Object.entries(models))('fills each gap by what is most probable given all items: %s', (_, model) => {
    for (const row of [
      ['b', null, 'b', 'c', null],
      [null, 'a', undefined, 'a'],
      [null, null, 'c'],
      ['c', 'c', null, 'a', 'b'],
      [null],
    ]) {
      const gaps = row.flatMap((item, t) => (item === null || item === undefined ? [t] : []));
      const complete = (values: readonly string[]) => row.map((item, t) => item ?? values[gaps.indexOf(t)]);
      const all = completions(model, gaps.length, complete);
      const expected = gaps.map((__, j) => likeliest(all, j));
      expect(impute(model, row as never), row.join()).toEqual(complete(expected));
    }
    expect(impute(model, ['a', 'b'] as never)).toEqual(['a', 'b']);
  });

  it.each(Object.entries(models))('draws the gaps together: %s', (_, model) => {
    const row = [null, 'b', null, 'a'];
    const complete = ([first, third]: readonly string[]) => [first, 'b', third, 'a'];
    const draws = imputations(model, row as never, 'lists').sample(4000) as unknown as readonly string[][];
    for (const { values, p } of completions(model, 2, complete)) {
      const share = draws.filter((drawn) => drawn.join() === complete(values).join()).length / draws.length;
      // Five standard errors of a share.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws.length) + 1e-9);
    }
    expect(imputations(model, row as never, 1).sample(3)).toEqual(imputations(model, row as never, 1).sample(3));
  });

  it('fills the nodes of a tree', () => {
    const model = new TreeHiddenMarkovDistribution(emissions, table);
    const tree = (x: readonly (string | null)[]) =>
      [
        [[7, 3], x[0]],
        [[3, -1], x[1]],
        [[4, 3], x[2]],
        [[9, 7], x[3]],
      ] as never;
    const complete = ([first, last]: readonly string[]) => tree([first!, 'b', 'c', last!]);
    const all = completions(model, 2, complete);
    const gaps = tree([null, 'b', 'c', null]);
    expect(impute(model, gaps)).toEqual(complete([likeliest(all, 0), likeliest(all, 1)]));
    const draws = imputations(model, gaps, 3).sample(3000);
    for (const { values, p } of all) {
      const share = draws.filter((drawn) => `${drawn}` === `${complete(values)}`).length / draws.length;
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws.length) + 1e-9);
    }
  });

  it('is the mean over the states of a number, and counts a modelled gap as known', () => {
    const two = (p: number | null, q: number | null) =>
      new HiddenMarkovDistribution(
        [new OptionalDistribution(normal(0), { p }), new OptionalDistribution(normal(8), { p: q })],
        {
          w: [0.5, 0.5],
          transitions: [
            [0.9, 0.1],
            [0.3, 0.7],
          ],
        },
      );
    for (const model of [two(null, null), two(0.25, 0.5)]) {
      const list = [0.3, null, 7, null];
      const states = model.posterior(list);
      const full = impute(model, list);
      expectTypeOf(full).toEqualTypeOf<readonly number[]>();
      expect(full[1]).toBeCloseTo(8 * states[1]![1]!, 13);
      expect(full[3]).toBeCloseTo(8 * states[3]![1]!, 13);
      expect([full[0], full[2]]).toEqual([0.3, 7]);
    }
    // No state has met a gap: it says nothing.
    expect(impute(two(0, 0), [null])[0]).toBeCloseTo(4, 14);
    expect(impute(two(0, 0.5), [null])[0]).toBeCloseTo(8, 14);
  });

  it('fills parts of items, and lists in records, levels and lists', () => {
    const plane = (mu: number) =>
      new MultivariateGaussianDistribution({
        mu: [mu, mu],
        covariance: [
          [1, 0.5],
          [0.5, 1],
        ],
      });
    const far = {
      w: [0.5, 0.5],
      transitions: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    };
    const points = new HiddenMarkovDistribution([plane(0), plane(1000)], far);
    // The state is certain from the coordinate that is there: mu + 0.5 (x - mu).
    const filled = impute(points, [
      [2, null],
      [null, 998],
      [1, 1],
    ]);
    expect(filled).toEqual([
      [2, 1],
      [999, 998],
      [1, 1],
    ]);
    const record = new RecordDistribution({ path: points, kind: new CategoricalDistribution({ x: 1 }) });
    expect(impute(record, { path: [[2, null]], kind: null })).toEqual({ path: [[2, 1]], kind: 'x' });
    expect(impute(new SequenceDistribution(points), [[[2, null]], []])).toEqual([[[2, 1]], []]);
    expect(impute(new ConditionalDistribution({ u: points }), ['u', [[null, 998]]])).toEqual(['u', [[999, 998]]]);
    const whole = new HiddenMarkovDistribution([plane(3), plane(3)], far);
    expect(impute(whole, [null, [1, 2]])).toEqual([
      [3, 3],
      [1, 2],
    ]);
  });

  it('gives a complete list back under emissions of unlike families, and refuses impossible ones', () => {
    const unlike = new HiddenMarkovDistribution<readonly AnyDistribution[]>(
      [new PoissonDistribution({ lambda: 2 }), normal(0)],
      {
        w: [0.5, 0.5],
        transitions: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      },
    );
    expect(impute(unlike, [2.5, 1] as never)).toEqual([2.5, 1]);
    expect(impute(unlike, [2.5, null, 2] as never)).toEqual([2.5, 1, 2]);
    expect(() => impute(hmm, ['z', null] as never)).toThrow('must be possible under the model');
  });

  it('says that a list of a lookback model needs all items', () => {
    const model = new LookbackHiddenMarkovDistribution(
      [new ConditionalDistribution({ 0: normal(0), 1: normal(1) } as never)] as never,
      { w: [1], transitions: [[1]], lag: 1 } as never,
    );
    expect(() => impute(model as never, [0, null, 1] as never)).toThrow(
      'impute: item 1 of a list of LookbackHiddenMarkov must be present, as the items after it depend on it',
    );
  });
});
