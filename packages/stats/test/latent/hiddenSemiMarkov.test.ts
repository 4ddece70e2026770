import { describe, expect, expectTypeOf, it } from 'vitest';
import { marginal } from '../../src/ask/marginal.js';
import { chooseComponents } from '../../src/choose/chooseComponents.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import type { AnyDistribution } from '../../src/contract.js';
import { ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { GeometricDistribution, GeometricEstimator } from '../../src/families/geometric.js';
import { IntegerCategoricalDistribution, IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { NegativeBinomialDistribution, NegativeBinomialEstimator } from '../../src/families/negativeBinomial.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { HiddenSemiMarkovDistribution, HiddenSemiMarkovEstimator } from '../../src/latent/hiddenSemiMarkov/model.js';
import { checkFamily } from '../../src/testing/index.js';
import { copies } from '../../src/tree/copies.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const tables = {
  w: [0.5, 0.3, 0.2],
  transitions: [
    [0, 0.7, 0.3],
    [0.4, 0, 0.6],
    [0.2, 0.5, 0.3], // a segment may be followed by one of its own state
  ],
};
const families = [
  new PoissonDistribution({ lambda: 1.5 }),
  new NegativeBinomialDistribution({ mean: 1.7, size: 2.5 }),
  new IntegerCategoricalDistribution({ min: 1, p: [0.1, 0.5, 0.4] }),
] as const;
const emissions = [gaussian(0), gaussian(1), gaussian(2.5)] as const;
const make = (maxDuration: number) =>
  new HiddenSemiMarkovDistribution(emissions, families, { ...tables, maxDuration, shift: [1, 1, 0] });
type Model = ReturnType<typeof make>;

interface Cut {
  readonly states: readonly number[];
  readonly durations: readonly number[];
  readonly p: number;
}

/** Every cut of a list into segments, with p(segments, list): the definition, without any recursion. */
function cuts(model: Model, x: readonly number[]): Cut[] {
  const { maxDuration, shift, w, transitions } = model;
  const g = (s: number, d: number) => model.durations[s]!.density(d - shift[s]!);
  const reaches = (s: number, d: number) => {
    let sum = 0;
    for (let longer = d; longer <= maxDuration; longer++) sum += g(s, longer);
    return sum;
  };
  const from = (start: number, before: Cut): Cut[] => {
    if (start === x.length) return [before];
    const last = before.states.at(-1);
    return [0, 1, 2].flatMap((s) => {
      const step = last === undefined ? w[s]! : transitions[last]![s]!;
      return Array.from({ length: Math.min(maxDuration, x.length - start) }, (_, i) => i + 1).flatMap((d) => {
        const isLast = start + d === x.length;
        const emitted = x.slice(start, start + d).reduce((p, item) => p * model.emissions[s]!.density(item), 1);
        const p = before.p * step * (isLast ? reaches(s, d) : g(s, d)) * emitted;
        return from(start + d, { states: [...before.states, s], durations: [...before.durations, d], p });
      });
    });
  };
  return from(0, { states: [], durations: [], p: 1 });
}
const total = (all: readonly Cut[]) => all.reduce((sum, { p }) => sum + p, 0);
const stateAt = ({ states, durations }: Cut, t: number) =>
  states.flatMap((s, j) => new Array<number>(durations[j]!).fill(s))[t]!;
const list = [0.1, 0.4, 1.2, 2.9, 2.2, 0.7, 1.1, -0.3];

describe.each([
  ['durations up to the list and more', 12],
  ['durations that are shorter than the list', 3],
])('of all cuts of a list, with %s', (_, maxDuration) => {
  const model = make(maxDuration);
  it.each([1, 2, 5, 7])('the density is the sum, for %i items', (n) => {
    expect(model.logDensity(list.slice(0, n))).toBeCloseTo(Math.log(total(cuts(model, list.slice(0, n)))), 11);
  });
  it('the posterior', () => {
    const x = list.slice(0, 7);
    const all = cuts(model, x);
    const sumOfAll = total(all);
    model.posterior(x).forEach((row, t) => {
      row.forEach((share, s) => {
        expect(share).toBeCloseTo(total(all.filter((cut) => stateAt(cut, t) === s)) / sumOfAll, 11);
      });
    });
  });
  it('the most probable segments', () => {
    const all = cuts(model, list);
    const best = all.reduce((winner, cut) => (cut.p > winner.p ? cut : winner));
    const found = model.segments(list);
    expect(found.map(({ state }) => state)).toEqual(best.states);
    expect(found.map(({ start, end }) => end - start)).toEqual(best.durations);
    expect(model.viterbi(list)).toEqual(list.map((__, t) => stateAt(best, t)));
  });
  const byStates = (all: readonly Cut[], t: number) =>
    tables.w.map((__, s) => total(all.filter((cut) => stateAt(cut, t) === s)) / total(all));

  it('states are filtered, as those of the last item of each beginning', () => {
    model.filtered(list).forEach((row, t) => {
      const expected = byStates(cuts(model, list.slice(0, t + 1)), t);
      row.forEach((p, s) => expect(p).toBeCloseTo(expected[s]!, 12));
    });
    expect(model.filtered([])).toEqual([]);
  });

  it.each([
    [[], 1],
    [[], 3],
    [[0.1, 1.2], 1],
    [[2.9, 2.2, 0.7, 1.1], 4],
  ])('items to come are forecast: after %j the one of %i steps', (history, steps) => {
    // Items that are not known: all cuts, with 1 for their densities.
    const unknown = { logDensity: () => 0, density: () => 1 };
    const items = [...history, ...new Array<number>(steps).fill(Number.NaN)];
    const known = model.emissions.map((emission) => ({
      density: (x: number) => (Number.isNaN(x) ? unknown.density() : emission.density(x)),
    }));
    const all = cuts({ ...model, emissions: known } as never, items);
    const { w, components } = model.forecast(history, steps);
    byStates(all, items.length - 1).forEach((p, s) => expect(w[s]).toBeCloseTo(p, 12));
    expect(components).toBe(model.emissions);
  });

  it('the best are listed in their order', () => {
    const all = cuts(model, list)
      .filter(({ p }) => p > 0)
      .sort((a, b) => b.p - a.p);
    const found = model.bestPaths(list, 50);
    expect(found).toHaveLength(50);
    found.forEach(({ segments, states, logDensity }, k) => {
      expect(logDensity).toBeCloseTo(Math.log(all[k]!.p), 9);
      const same = all.find(
        (cut) =>
          String(cut.durations) === String(segments.map((g) => g.end - g.start)) &&
          String(cut.states) === String(segments.map((g) => g.state)),
      );
      expect(Math.log(same!.p)).toBeCloseTo(logDensity, 9);
      expect(states).toEqual(list.map((__, t) => stateAt(same!, t)));
    });
    const few = cuts(model, list.slice(0, 3)).filter(({ p }) => p > 0);
    expect(model.bestPaths(list.slice(0, 3), 10_000)).toHaveLength(few.length);
    expect(model.bestPaths(list, 1)[0]!.segments).toEqual(model.segments(list));
    expect(model.bestPaths([], 3)).toEqual([{ segments: [], states: [], logDensity: 0 }]);
    expect(model.bestPaths(list, 0)).toEqual([]);
  });

  it('states are drawn as often as they are probable', () => {
    const all = cuts(model, list.slice(0, 4));
    const expected = new Map<string, number>();
    for (const cut of all) {
      const states = String([0, 1, 2, 3].map((t) => stateAt(cut, t)));
      expected.set(states, (expected.get(states) ?? 0) + cut.p / total(all));
    }
    const draws = 4000;
    const counts = new Map<string, number>();
    for (const states of model.sampleGiven(list.slice(0, 4), 7).sample(draws)) {
      counts.set(String(states), (counts.get(String(states)) ?? 0) + 1);
    }
    for (const states of counts.keys()) expect(expected.get(states) ?? 0).toBeGreaterThan(0);
    // Each count within 5 standard errors, and 5 for counts that are few.
    for (const [states, p] of expected) {
      const n = counts.get(states) ?? 0;
      expect(Math.abs(n - draws * p)).toBeLessThan(5 * Math.sqrt(draws * p * (1 - p)) + 5);
    }
    expect(model.sampleGiven([], 1).sample()).toEqual([]);
  });

  it('one step of EM', () => {
    const rows = [list, list.slice(2, 5), [1]];
    const weights = [1, 2, 0.5];
    const counts = {
      initial: [0, 0, 0],
      steps: tables.w.map(() => [0, 0, 0]),
      durations: tables.w.map(() => new Map()),
    };
    const add = (s: number, d: number, p: number) =>
      counts.durations[s]!.set(d, (counts.durations[s]!.get(d) ?? 0) + p);
    const items = tables.w.map(() => ({ count: 0, sum: 0 }));
    const g = (s: number, d: number) => model.durations[s]!.density(d - model.shift[s]!);
    rows.forEach((x, i) => {
      const all = cuts(model, x);
      const sumOfAll = total(all);
      for (const cut of all) {
        const share = (weights[i]! * cut.p) / sumOfAll;
        counts.initial[cut.states[0]!]! += share;
        cut.states.slice(1).forEach((s, j) => (counts.steps[cut.states[j]!]![s]! += share));
        cut.durations.slice(0, -1).forEach((d, j) => add(cut.states[j]!, d, share));
        const [last, reached] = [cut.states.at(-1)!, cut.durations.at(-1)!];
        const longer = Array.from({ length: maxDuration - reached + 1 }, (__, k) => reached + k);
        const mass = longer.reduce((sum, d) => sum + g(last, d), 0);
        if (mass > 0) for (const d of longer) add(last, d, (share * g(last, d)) / mass);
        x.forEach((item, t) => {
          const s = stateAt(cut, t);
          items[s]!.count += share;
          items[s]!.sum += share * item;
        });
      }
    });
    const { model: next } = optimize(rows, model.estimator(), { initialModel: model, weights, maxIterations: 1 });
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    next.w.forEach((p, s) => expect(p).toBeCloseTo(counts.initial[s]! / sum(counts.initial), 10));
    next.transitions.forEach((row, r) =>
      row.forEach((p, s) => expect(p).toBeCloseTo(counts.steps[r]![s]! / sum(counts.steps[r]!), 10)),
    );
    next.emissions.forEach(({ mu }, s) => expect(mu).toBeCloseTo(items[s]!.sum / items[s]!.count, 10));
    const entries = counts.durations.map((map) => [...map.entries()] as [number, number][]);
    const weight = entries.map((all) => sum(all.map(([, p]) => p)));
    const mean = sum(entries[0]!.map(([d, p]) => (d - 1) * p)) / weight[0]!;
    expect(next.durations[0].lambda).toBeCloseTo(mean, 10);
    for (const [d, p] of entries[2]!) expect(next.durations[2].density(d)).toBeCloseTo(p / weight[2]!, 10);
  });
});

describe('geometric durations', () => {
  const A = [
    [0.8, 0.15, 0.05],
    [0.3, 0.5, 0.2],
    [0.25, 0.25, 0.5],
  ];
  const plain = new HiddenMarkovDistribution(emissions, { w: tables.w, transitions: A });
  const semi = new HiddenSemiMarkovDistribution(
    emissions,
    A.map((row, s) => new GeometricDistribution({ p: 1 - row[s]! })),
    // P(no segment of more than 400 items) = 1 - 0.8^400 = 1 - 2e-39
    {
      w: tables.w,
      transitions: A.map((row, r) => row.map((p, s) => (r === s ? 0 : p / (1 - row[r]!)))),
      maxDuration: 400,
    },
  );
  const long = Array.from({ length: 300 }, (_, t) => 1.2 + 1.5 * Math.sin(t / 4) + Math.sin(17 * t));

  it('give the hidden Markov model', () => {
    for (const x of [[], [0.3], list, long]) {
      expect(semi.logDensity(x)).toBeCloseTo(plain.logDensity(x), 9);
      const expected = plain.posterior(x);
      semi.posterior(x).forEach((row, t) => {
        row.forEach((p, s) => expect(p).toBeCloseTo(expected[t]![s]!, 10));
      });
    }
    expect(semi.viterbi(long)).toEqual(plain.viterbi(long));
  });

  it('give its EM steps', () => {
    const rows = [list, long, long.slice(30, 90)];
    const e = new GaussianEstimator();
    const g = new GeometricEstimator();
    const options = { maxIterations: 1 };
    const next = optimize(rows, new HiddenSemiMarkovEstimator([e, e, e], [g, g, g], { maxDuration: 400 }), {
      ...options,
      initialModel: semi as never,
    }).model;
    const expected = optimize(rows, new HiddenMarkovEstimator([e, e, e]), {
      ...options,
      initialModel: plain as never,
    }).model;
    next.emissions.forEach(({ mu, sigma2 }, s) => {
      expect(mu).toBeCloseTo(expected.emissions[s]!.mu, 9);
      expect(sigma2).toBeCloseTo(expected.emissions[s]!.sigma2, 9);
    });
    next.w.forEach((p, s) => expect(p).toBeCloseTo(expected.w[s]!, 9));
    // Not so the stays: here the segment that the end of a list cuts off counts with what it would have become.
    next.transitions.forEach((row, r) => {
      const left = 1 - expected.transitions[r]![r]!;
      row.forEach((p, s) => expect(p).toBeCloseTo(r === s ? 0 : expected.transitions[r]![s]! / left, 9));
    });
  });
});

describe('given the length', () => {
  it('probabilities of all lists sum to 1', () => {
    const letters = [
      { a: 0.9, b: 0.1 },
      { a: 0.2, b: 0.8 },
      { a: 0.5, b: 0.5 },
    ].map((p) => new CategoricalDistribution(p));
    const model = new HiddenSemiMarkovDistribution(
      letters,
      [0.5, 1, 2].map((lambda) => new PoissonDistribution({ lambda })),
      { ...tables, maxDuration: 60, shift: 1 },
    );
    const lists = (n: number): ('a' | 'b')[][] =>
      n === 0
        ? [[]]
        : lists(n - 1).flatMap((x) => [
            [...x, 'a' as const],
            [...x, 'b' as const],
          ]);
    for (const n of [0, 1, 4, 8]) {
      expect(lists(n).reduce((sum, x) => sum + model.density(x), 0)).toBeCloseTo(1, 12);
    }
  });

  it('draws have segments as long as their families say', () => {
    const apart = new HiddenSemiMarkovDistribution(
      [gaussian(0), gaussian(100)],
      [new PoissonDistribution({ lambda: 4 }), new IntegerCategoricalDistribution({ min: 2, p: [0.5, 0, 0.5] })],
      {
        w: [1, 0],
        transitions: [
          [0, 1],
          [1, 0],
        ],
        maxDuration: 40,
        shift: [1, 0],
        length: new IntegerCategoricalDistribution({ min: 200, p: [1] }),
      },
    );
    const whole: [number[], number[]] = [[], []];
    for (const x of apart.sampler(3).sample(100)) {
      for (const { state, start, end } of apart.segments(x).slice(0, -1)) whole[state as 0 | 1].push(end - start);
    }
    const mean = whole[0].reduce((sum, d) => sum + d, 0) / whole[0].length;
    expect(Math.abs(mean - 5)).toBeLessThan(5 * Math.sqrt(4 / whole[0].length));
    expect(new Set(whole[1])).toEqual(new Set([2, 4]));
    const share = whole[1].filter((d) => d === 2).length / whole[1].length;
    expect(Math.abs(share - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / whole[1].length));
    expect(() => make(5).sampler(1)).toThrow('length must be a distribution, to draw lists');
  });
});

it('geometric durations forecast and filter as the hidden Markov model does', () => {
  const A = [
    [0.9, 0.1],
    [0.3, 0.7],
  ];
  const two = [gaussian(0), gaussian(3)] as const;
  const plain = new HiddenMarkovDistribution(two, { w: [0.5, 0.5], transitions: A });
  const semi = new HiddenSemiMarkovDistribution(
    two,
    [new GeometricDistribution({ p: 0.1 }), new GeometricDistribution({ p: 0.3 })],
    {
      w: [0.5, 0.5],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 500,
    },
  );
  plain.filtered(list).forEach((row, t) => {
    row.forEach((p, s) => expect(semi.filtered(list)[t]![s]).toBeCloseTo(p, 12));
  });
  for (const steps of [1, 2, 30]) {
    plain.forecast(list, steps).w.forEach((p, s) => expect(semi.forecast(list, steps).w[s]).toBeCloseTo(p, 12));
  }
});

it('is asked for some values of its items', () => {
  const state = (mu: number) =>
    new RecordDistribution({ size: gaussian(mu), kind: new CategoricalDistribution({ a: 0.5, b: 0.5 }) });
  const durations = [new PoissonDistribution({ lambda: 2 }), new PoissonDistribution({ lambda: 5 })] as const;
  const two = { w: [0.4, 0.6], transitions: [[0, 1], [1, 0]], maxDuration: 9, shift: 1 }; // biome-ignore format: short
  const records = new HiddenSemiMarkovDistribution([state(0), state(3)], durations, two);
  const sizes = new HiddenSemiMarkovDistribution([gaussian(0), gaussian(3)], durations, two);
  expect(marginal(records, 'size')).toEqual(sizes);
  expect(sizes.sampler(1, { length: 7 }).sample()).toHaveLength(7);
});

describe('fits', () => {
  const truth = new HiddenSemiMarkovDistribution(
    [gaussian(0), gaussian(3)],
    [new PoissonDistribution({ lambda: 9 }), new PoissonDistribution({ lambda: 2 })],
    {
      w: [0.5, 0.5],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 60,
      shift: 1,
      length: new PoissonDistribution({ lambda: 60 }),
    },
  );
  const rows = truth.sampler(1).sample(120);
  const e = new GaussianEstimator();
  const p = new PoissonEstimator();

  it('find emissions and durations again, and never fall', () => {
    const { model, path } = optimize(
      rows,
      new HiddenSemiMarkovEstimator([e, e], [p, p], { maxDuration: 60, shift: 1 }),
      {
        seed: 1,
      },
    );
    const [low, high] = model.emissions[0].mu < model.emissions[1].mu ? [0, 1] : [1, 0];
    // About 500 segments of each state, some of them uncertain.
    expect(model.emissions[low!]!.mu).toBeCloseTo(0, 0);
    expect(Math.abs(model.durations[low!]!.lambda - 9)).toBeLessThan(0.8);
    expect(Math.abs(model.durations[high!]!.lambda - 2)).toBeLessThan(0.4);
    expect(path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-7)).toBe(true);
    expect(model.transitions).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expectTypeOf(model.durations[0]).toEqualTypeOf<PoissonDistribution>();
  });

  it('take any family of integers, and one for each state', () => {
    const estimator = new HiddenSemiMarkovEstimator(
      [e, e],
      [new NegativeBinomialEstimator(), new IntegerCategoricalEstimator()],
      { maxDuration: 30, shift: [1, 0], length: new PoissonEstimator() },
    );
    const { model } = optimize(rows, estimator, { seed: 2, maxIterations: 60 });
    const mean = [model.durations[0].mean + 1, model.durations[1].mean].sort((a, b) => a - b);
    expect(Math.abs(mean[0]! - 3)).toBeLessThan(0.6);
    expect(Math.abs(mean[1]! - 10)).toBeLessThan(1);
    expect(model.length.lambda).toBeCloseTo(60, -1);
  });

  it('take records with gaps as items', () => {
    const state = new RecordEstimator({
      size: new OptionalEstimator(e, { ignoreMissing: true }),
      kind: new OptionalEstimator(new CategoricalEstimator<'a' | 'b'>(), { ignoreMissing: true }),
    });
    const items = (mu: number, kind: 'a' | 'b', n: number) =>
      Array.from({ length: n }, (_, t) => ({
        size: t % 3 === 1 ? null : mu + Math.sin(5 * t),
        kind: t % 4 ? kind : null,
      }));
    const lists = Array.from({ length: 8 }, (_, i) => [
      ...items(0, 'a', 5 + (i % 3)),
      ...items(9, 'b', 3),
      ...items(0, 'a', 6),
    ]);
    const { model } = optimize(
      lists,
      new HiddenSemiMarkovEstimator([state, state], [p, p], { maxDuration: 20, shift: 1 }),
      { seed: 1 },
    );
    expect(model.segments(lists[1]!).map(({ start, end }) => [start, end])).toEqual([
      [0, 6],
      [6, 9],
      [9, 15],
    ]);
    expect(model.logDensity([...lists[0]!.slice(0, 2), { size: null, kind: null }])).toBeCloseTo(
      model.logDensity(lists[0]!.slice(0, 2)),
      10,
    );
  });

  it('do not multiply a weight of nothing with an item that a state cannot have', () => {
    const gamma = new HiddenSemiMarkovDistribution(
      [new GammaDistribution({ shape: 2, scale: 1 }), gaussian(-1)],
      [new GeometricDistribution({ p: 0.5 }), new GeometricDistribution({ p: 0.5 })],
      {
        w: [0.5, 0.5],
        transitions: [
          [0, 1],
          [1, 0],
        ],
        maxDuration: 10,
      },
    );
    const { model } = optimize([[1, 2, -1, 0.5]], gamma.estimator(), { initialModel: gamma, maxIterations: 1 });
    expect(model.emissions[0].scale).toBeGreaterThan(0);
    expect(gamma.posterior([1, 2, -1, 0.5])[2]).toEqual([0, 1]);
  });
});

describe('lists that are impossible', () => {
  const short = new HiddenSemiMarkovDistribution(
    [new CategoricalDistribution({ a: 1 })],
    [new IntegerCategoricalDistribution({ min: 2, p: [1] })],
    { w: [1], transitions: [[1]], maxDuration: 4 },
  );
  it('score -Infinity, have posteriors of 0, and are named', () => {
    expect(short.logDensity(['a', 'a', 'a'])).toBe(0);
    expect(short.logDensity(['a', 'b' as 'a'])).toBe(-Infinity);
    expect(short.posterior(['a', 'b' as 'a'])).toEqual([[0], [0]]);
    expect(() => short.viterbi(['a', 'b' as 'a'])).toThrow('x must be a list that some segments give');
    expect(short.filtered(['a', 'b' as 'a'])).toEqual([[0], [0]]);
    expect(short.bestPaths(['a', 'b' as 'a'], 2)).toEqual([]);
    expect(() => short.sampleGiven(['a', 'b' as 'a'], 1)).toThrow('x must be a possible list');
    expect(() => short.forecast(['b' as 'a'])).toThrow('history must be a possible list');
    expect(() => short.forecast(['a'], 0)).toThrow('steps must be an integer >= 1');
    expect(() => make(3).filtered([0, 'x' as never])).toThrow('x[1] must be');
    expect(short.segments([])).toEqual([]);
  });
});

describe('parameters', () => {
  const p = new PoissonDistribution({ lambda: 1 });
  const g = new GeometricDistribution({ p: 0.5 });
  const one = { w: [1], transitions: [[1]], maxDuration: 5 };
  it.each([
    ['a family of 0 items', [p], one, /durations\[0\] must be .*set shift to 1/],
    ['a shift that is too large', [g], { ...one, shift: -1 }, /shift must be an integer >= 0/],
    ['a density', [gaussian(1)], one, /durations\[0\] must be a distribution over integers/],
    ['a family too few', [], one, /durations must be/],
    ['no limit', [g], { w: [1], transitions: [[1]] } as never, /maxDuration must be an integer, 1 to/],
    ['a limit of 0', [g], { ...one, maxDuration: 0 }, /maxDuration/],
    ['shifts of other states', [g], { ...one, shift: [0, 1] }, /shift must be an integer >= 0, or a list of 1/],
  ])('refuse %s', (_, durations, parameters, message) => {
    const build = () =>
      new HiddenSemiMarkovDistribution([gaussian(0)], durations as readonly AnyDistribution[], parameters);
    expect(build).toThrow(message);
    expect(build).toThrow(ParameterError);
  });

  it('of an estimator are those of its models', () => {
    const e = new GaussianEstimator();
    const of = (options: object) => () =>
      new HiddenSemiMarkovEstimator([e], [new GeometricEstimator()], options as never);
    expect(of({})).toThrow(/maxDuration must be an integer/);
    expect(of({ maxDuration: 5, shift: 'a' })).toThrow(/shift/);
    expect(of({ maxDuration: 5, fixedEnd: [1] })).toThrow(/unknown option "fixedEnd"/);
    expect(() => new HiddenSemiMarkovEstimator([e], [e], { maxDuration: 5 })).toThrow(/durations\[0\]/);
    const estimator = new HiddenSemiMarkovEstimator([e], [new GeometricEstimator()], { maxDuration: 5 });
    const model = new HiddenSemiMarkovDistribution([gaussian(0)], [g], one);
    expect(estimator.parameterBlocks(model).reduce((sum, { count }) => sum + count, 0)).toBe(2 + 1);
  });

  it('that a fit finds without a shift: the message says what to set, and does not blame sums over the rows', () => {
    const [e, d] = [new GaussianEstimator(), new PoissonEstimator()];
    const fit = () => optimize([[1, 1, 5, 5], [1, 5]], new HiddenSemiMarkovEstimator([e, e], [d, d], { maxDuration: 5 })); // biome-ignore format: short
    expect(fit).toThrow(/set shift to 1 for one that begins at 0\), found .*\}\.$/);
  });
});

describe('the law', () => {
  const length = new PoissonDistribution({ lambda: 5 });
  const two = (families: readonly AnyDistribution[]) =>
    new HiddenSemiMarkovDistribution([gaussian(0), gaussian(8)], families, {
      w: [0.6, 0.4],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 12,
      shift: 1,
      length,
    });
  const e = new GaussianEstimator();
  const p = new PoissonEstimator();
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'marginalOf', 'pooling'],
    notShown: ['isUnbounded', 'marginalOf', 'pooling'],
    distributions: [two([new PoissonDistribution({ lambda: 0.7 }), new PoissonDistribution({ lambda: 1.5 })])],
    estimator: new HiddenSemiMarkovEstimator([e, e], [p, p], { maxDuration: 12, shift: 1, length: p }),
    keyed: new HiddenSemiMarkovEstimator([e, e], [p, p], {
      maxDuration: 12,
      shift: 1,
      length: p,
      keys: { durations: 'shared' },
    }),
    rows: [[], [0.5]],
    refused: [[1, 'x'], 3, null, 'abc', [Number.NaN]],
  });
  for (const { law, run } of laws) it(law, run);
});

it('is chosen by its number of states, whose durations differ in number too', () => {
  const lists = Array.from({ length: 6 }, (_, i) =>
    Array.from({ length: 12 }, (_, t) => ((t + i) % 6 < 3 ? 0 : 6) + Math.sin(t)),
  );
  const statesOf = (k: number) =>
    new HiddenSemiMarkovEstimator(copies(k, new GaussianEstimator()), copies(k, new PoissonEstimator()), {
      maxDuration: 5,
      shift: 1,
    });
  expect(chooseComponents(lists, statesOf, { from: 1, to: 2, trials: 1, seed: 1 }).componentCount).toBe(2);
});
