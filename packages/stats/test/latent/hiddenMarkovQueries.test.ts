import { describe, expect, expectTypeOf, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import type { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });

/** numpy, by enumeration of all paths. */
const enumerated = {
  data: [3.246, -1.283, 1.89, 0.151, -0.761],
  itemParts: [-10.938905848897074, -0.8717914392580967, -5.919235717875482, -2.547532283558756, -1.2145153699070637],
  expectedTransitions: [
    [0.08043524528899472, 0.09612141607460749, 0.5651804798489606],
    [0.13403995271146305, 0.17696943148702848, 0.7047364705193911],
    [0.9772916934409914, 0.7336611699955256, 0.5315641406330346],
  ],
  stationary: [0.5619786562019574, 0.1616957349425293, 0.2763256088555133],
  forecast: [
    {
      steps: 1,
      w: [0.5583561930623538, 0.1788976634540927, 0.2627461434835532],
      mean: -1.3885224138899872,
      variance: 0.9327088771970078,
    },
    {
      steps: 2,
      w: [0.5558384971961218, 0.1612540807235907, 0.2829074220802873],
      mean: -1.3645226830206056,
      variance: 0.935649754071177,
    },
    {
      steps: 5,
      w: [0.5620282018450986, 0.1617642596805836, 0.2762075384743176],
      mean: -1.3719574828290406,
      variance: 0.9305642343588778,
    },
  ],
};
const model = new HiddenMarkovDistribution([gaussian(-1.66, 0.491), gaussian(-1.761, 1.214), gaussian(-0.558, 0.739)], {
  w: [0.126, 0.351, 0.523],
  transitions: [
    [0.61, 0.1, 0.29],
    [0.272, 0.203, 0.525],
    [0.634, 0.263, 0.103],
  ],
});
const close = (values: readonly number[], digits = 10) => values.map((value) => expect.closeTo(value, digits));
const { data } = enumerated;

describe('answers that numpy found by enumeration', () => {
  it('expected transitions', () => {
    expect(model.expectedTransitions(data)).toEqual(enumerated.expectedTransitions.map((row) => close(row)));
  });
  it('the log-density of each item given those before it', () => {
    expect(model.itemLogDensities(data)).toEqual(close(enumerated.itemParts));
  });
  it('the stationary distribution', () => {
    expect(model.stationary()).toEqual(close(enumerated.stationary, 13));
  });
  it.each(enumerated.forecast)('the forecast by $steps', ({ steps, w, mean, variance }) => {
    const next = model.forecast(data, steps);
    expectTypeOf(next).toEqualTypeOf<MixtureDistribution<(typeof model)['emissions']>>();
    expect(next.w).toEqual(close(w));
    expect(next.mean).toBeCloseTo(mean, 10);
    expect(next.variance).toBeCloseTo(variance, 10);
  });
});

const ending = new HiddenMarkovDistribution(
  [
    [0.9, 0.1],
    [0.2, 0.8],
  ].map(([a, b]) => new CategoricalDistribution({ a: a!, b: b! })),
  {
    w: [0.7, 0.3],
    transitions: [
      [0.4, 0.6],
      [0.5, 0.5],
    ],
    end: [0.1, 0.5],
  },
);
type Letter = 'a' | 'b';
/** All lists of `count` letters. */
const lists = (count: number): Letter[][] =>
  count === 0 ? [[]] : lists(count - 1).flatMap((list) => [[...list, 'a'] as Letter[], [...list, 'b'] as Letter[]]);
/** P(the list begins with these items), by a chain that nothing ends. */
const begins = (x: readonly Letter[]) => {
  let reached: number[] = [...ending.w];
  x.forEach((item, t) => {
    if (t > 0) {
      reached = reached.map((_, s) =>
        reached.reduce((sum, p, r) => sum + p * (1 - ending.end![r]!) * ending.transitions[r]![s]!, 0),
      );
    }
    reached = reached.map((p, s) => p * ending.emissions[s]!.density(item));
  });
  return reached.reduce((sum, p) => sum + p, 0);
};

describe('where states end lists', () => {
  const history: Letter[] = ['b', 'a'];
  it.each([1, 3])('the forecast by %i is given that the list goes on for so long', (steps) => {
    const forecast = ending.forecast(history, steps);
    const total = lists(steps).reduce((sum, rest) => sum + begins([...history, ...rest]), 0);
    for (const item of ['a', 'b'] as const) {
      const p = lists(steps - 1).reduce((sum, rest) => sum + begins([...history, ...rest, item]), 0);
      expect(forecast.density(item)).toBeCloseTo(p / total, 12);
    }
  });
  it('items and the end have the log-density of the list', () => {
    const parts = ending.itemLogDensities(['a', 'b', 'b']);
    expect(parts[1]).toBeCloseTo(Math.log(begins(['a', 'b']) / begins(['a'])), 12);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(ending.logDensity(['a', 'b', 'b']), 12);
  });
  it('stays are shorter by the end', () => {
    expect(ending.meanDurations).toEqual(close([1 / (1 - 0.9 * 0.4), 1 / (1 - 0.5 * 0.5)]));
  });
  it('a list that cannot go on has no forecast', () => {
    const certain = new HiddenMarkovDistribution(ending.emissions, { ...tables(ending), end: [0.5, 1] });
    const last = new HiddenMarkovDistribution([ending.emissions[0]!], { w: [1], transitions: [[1]], end: [1] });
    expect(certain.forecast(['a'], 1).density('a')).toBeGreaterThan(0);
    expect(() => last.forecast(['a'])).toThrow('history must be a list that 1 more items can follow');
  });
});

function tables<D extends { readonly w: readonly number[]; readonly transitions: readonly (readonly number[])[] }>({
  w,
  transitions,
}: D) {
  return { w, transitions };
}

describe('forecasts', () => {
  it('of the first item are those of the start', () => {
    expect(model.forecast([]).w).toEqual(close(model.w, 14));
    const second = model.w.reduce((sum, p, r) => sum + p * model.transitions[r]![1]!, 0);
    expect(model.forecast([], 2).w[1]).toBeCloseTo(second, 14);
  });
  it('are refused for no steps, and for what is no possible list', () => {
    for (const steps of [0, -1, 0.5]) expect(() => model.forecast(data, steps)).toThrow(ParameterError);
    expect(() => model.forecast([Number.NaN])).toThrow('HiddenMarkovDistribution.forecast: x[0]');
    const positive = new HiddenMarkovDistribution([new GammaDistribution({ shape: 2, scale: 1 })], {
      w: [1],
      transitions: [[1]],
    });
    expect(() => positive.forecast([-1])).toThrow('history must be a possible list');
  });
});

describe('the long run', () => {
  const chain = (transitions: readonly (readonly number[])[]) =>
    new HiddenMarkovDistribution(
      transitions.map(() => gaussian(0)),
      { w: transitions.map(() => 1 / transitions.length), transitions },
    );
  it('of two states is known in closed form, however rarely they change', () => {
    const [a, b] = [1e-13, 3e-13];
    const found = chain([
      [1 - a, a],
      [b, 1 - b],
    ]).stationary();
    expect(found).toEqual([0.75, 0.25].map((p) => expect.closeTo(p, 3)));
    // What 1 - a holds of a is what counts: the rows are as they are stored.
    const [x, y] = [a, b];
    expect(found[0]! / found[1]!).toBeCloseTo(y / x, 12);
  });
  it('leaves out states that are not come back to', () => {
    expect(
      chain([
        [0.5, 0.5, 0],
        [0, 0.5, 0.5],
        [0, 0.5, 0.5],
      ]).stationary(),
    ).toEqual([0, 0.5, 0.5]);
    expect(
      chain([
        [0, 1],
        [1, 0],
      ]).stationary(),
    ).toEqual([0.5, 0.5]);
  });
  it('is refused where it depends on the first state', () => {
    expect(() =>
      chain([
        [1, 0, 0],
        [0.5, 0, 0.5],
        [0, 0, 1],
      ]).stationary(),
    ).toThrow(/does not stay in either of \[0\] and \[2\]/);
  });
  it('has mean durations', () => {
    expect(
      chain([
        [0.75, 0.25],
        [0, 1],
      ]).meanDurations,
    ).toEqual([4, Infinity]);
  });
});

it('occupancy is the mean of the posteriors of all items', () => {
  const rows = [data, [], data.slice(0, 2)];
  const all = rows.flatMap((x) => model.posterior(x));
  const mean = [0, 1, 2].map((s) => all.reduce((sum, row) => sum + row[s]!, 0) / all.length);
  expect(model.occupancy(rows)).toEqual(close(mean));
  expect(model.occupancy([])).toEqual([0, 0, 0]);
});

describe('paths with states', () => {
  const walk = new HiddenMarkovDistribution(model.emissions, {
    ...tables(model),
    length: new PoissonDistribution({ lambda: 3 }),
  });
  const count = 20_000;
  const share = <T>(all: readonly T[], is: (one: T) => boolean) => all.filter(is).length / all.length;
  const near = (found: number, p: number) =>
    expect(Math.abs(found - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));

  it('have the lists of the sampler', () => {
    const paths = walk.pathSampler(4).sample(50);
    expect(paths.map(({ items }) => items)).toEqual(walk.sampler(4).sample(50));
    expect(paths.every(({ states, items }) => states.length === items.length)).toBe(true);
  });

  it('visit states as the chain says', () => {
    const paths = model.pathSampler(1, { count: 2 }).sample(count);
    for (const r of [0, 1, 2]) {
      near(
        share(paths, ({ states }) => states[0] === r),
        model.w[r]!,
      );
      for (const s of [0, 1, 2]) {
        near(
          share(paths, ({ states }) => states[0] === r && states[1] === s),
          model.w[r]! * model.transitions[r]![s]!,
        );
      }
    }
    const mean = paths.flatMap(({ states, items }) => (states[0] === 2 ? [items[0]!] : []));
    expect(mean.reduce((sum, x) => sum + x, 0) / mean.length).toBeCloseTo(-0.558, 1);
  });

  it('follow a list as the forecast says, and a state by its row', () => {
    const after = model.pathSampler(2, { after: data, count: 2 }).sample(count);
    for (const s of [0, 1, 2]) {
      near(
        share(after, ({ states }) => states[0] === s),
        enumerated.forecast[0]!.w[s]!,
      );
      near(
        share(after, ({ states }) => states[1] === s),
        enumerated.forecast[1]!.w[s]!,
      );
    }
    const from = model.pathSampler(3, { from: 1, count: 1 }).sample(count);
    for (const s of [0, 1, 2])
      near(
        share(from, ({ states }) => states[0] === s),
        model.transitions[1]![s]!,
      );
  });

  it('go on until states end them', () => {
    const history: Letter[] = ['b'];
    const rests = ending.pathSampler(5, { after: history }).sample(count);
    const goesOn = lists(1).reduce((sum, rest) => sum + begins([...history, ...rest]), 0);
    near(
      share(rests, ({ items }) => items.join('') === 'ab'),
      ending.density([...history, 'a', 'b']) / goesOn,
    );
    expect(
      ending
        .pathSampler(5, { after: history, count: 2 })
        .sample(100)
        .every(({ items }) => items.length <= 2),
    ).toBe(true);
  });

  it.each([
    ['no count after a list', { after: [0] }, /count must be given/],
    ['a list and a state', { after: [0], from: 1, count: 1 }, /from must be left out/],
    ['no state', { from: 3, count: 1 }, /from must be a state, 0 to 2/],
    ['no list', { after: 3 as never, count: 1 }, /x must be a list of items/],
    ['no count', { count: -1 }, /count must be an integer >= 0/],
    ['a slip', { before: [1] } as never, /unknown option "before"/],
  ])('refuse %s', (_, options, message) => {
    expect(() => walk.pathSampler(1, options)).toThrow(message);
  });
});

describe('imaginary rows of single cells', () => {
  const logPrior = (
    estimator: { parameterBlocks: (typeof HiddenMarkovEstimator)['prototype']['parameterBlocks'] },
    at: typeof even,
  ) => estimator.parameterBlocks(at).reduce((sum, block) => sum + (block.logPrior ?? 0), 0);
  const even = new HiddenMarkovDistribution([gaussian(0), gaussian(1)], {
    w: [0.5, 0.5],
    transitions: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  });
  const e = new GaussianEstimator({ minSigma2: 0.01 });
  const counted = (rows: readonly number[][], options: ConstructorParameters<typeof HiddenMarkovEstimator>[1]) => {
    const states = new HiddenMarkovDistribution([gaussian(0), gaussian(50)], {
      w: [0.5, 0.5],
      transitions: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    return optimize(rows, new HiddenMarkovEstimator([e, e], options), { initialModel: states, maxIterations: 1 }).model;
  };
  // The states are certain: starts 1 and 1; steps 0 to 0, 0 to 1, 1 to 1.
  const rows = [
    [0, 0, 50],
    [50, 50],
  ];

  it('are added to the counts', () => {
    const { w, transitions } = counted(rows, {
      pseudoCount: {
        initial: [2, 0],
        transitions: [
          [0, 3],
          [1, 0],
        ],
      },
    });
    expect(w).toEqual(close([3 / 4, 1 / 4]));
    expect(transitions).toEqual([close([1 / 5, 4 / 5]), close([1 / 2, 1 / 2])]);
  });

  it('have the Dirichlet density but for a constant, which with the likelihood never falls', () => {
    const pseudoCount = {
      initial: [1, 2],
      transitions: [
        [4, 0],
        [0.5, 3],
      ],
    };
    const estimator = new HiddenMarkovEstimator([e, e], { pseudoCount });
    const at = new HiddenMarkovDistribution([gaussian(0), gaussian(1)], {
      w: [0.25, 0.75],
      transitions: [
        [0.5, 0.5],
        [0.2, 0.8],
      ],
    });
    // Differences of scipy.stats.dirichlet.logpdf: ([.25, .75], [2, 3]) + ([.5, .5], [5, 1]) + ([.2, .8], [1.5, 4]), less those at even rows.
    expect(logPrior(estimator, at) - logPrior(estimator, even)).toBeCloseTo(1.0696485574565124, 12);
    expect(estimator.hasPrior).toBe(true);
    let current = at;
    let best = -Infinity;
    const walks = new HiddenMarkovDistribution([gaussian(0), gaussian(2)], {
      ...tables(at),
      length: new PoissonDistribution({ lambda: 12 }),
    })
      .sampler(1)
      .sample(40);
    for (let step = 0; step < 30; step++) {
      const objective = walks.reduce((sum, x) => sum + current.logDensity(x), 0) + logPrior(estimator, current);
      expect(objective).toBeGreaterThan(best - 1e-9);
      best = objective;
      current = optimize(walks, estimator, {
        initialModel: current,
        maxIterations: 1,
        acceleration: 'none',
      }).model;
    }
  });

  it('of a number are the same as of even cells', () => {
    const one = counted(rows, { pseudoCount: { initial: 2, transitions: 8 } });
    const each = counted(rows, {
      pseudoCount: {
        initial: [1, 1],
        transitions: [
          [2, 2],
          [2, 2],
        ],
      },
    });
    expect(each.toJSON()).toEqual(one.toJSON());
  });

  it.each([
    ['a list too short', { pseudoCount: { initial: [1] } }, /pseudoCount.initial must be a list of 2 numbers/],
    ['a negative cell', { pseudoCount: { initial: [1, -1] } }, /pseudoCount.initial\[1\] must be a finite number >= 0/],
    ['one row', { pseudoCount: { transitions: [[1, 1]] } }, /pseudoCount.transitions must be a list of 2 rows/],
    ['a word', { pseudoCount: { initial: 'a' as never } }, /pseudoCount.initial/],
    [
      'a prior beside cells',
      { pseudoCount: { initial: [1, 1] }, prior: { initial: [0.5, 0.5] } },
      /prior.initial must be left out, as pseudoCount.initial has a number for each cell/,
    ],
  ])('refuse %s', (_, options, message) => {
    expect(() => new HiddenMarkovEstimator([e, e], options)).toThrow(message);
  });
});
