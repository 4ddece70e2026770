import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  BinomialDistribution,
  CategoricalDistribution,
  CompositeDistribution,
  ConditionalDistribution,
  DiagonalGaussianDistribution,
  ExponentialDistribution,
  explain,
  GaussianDistribution,
  HiddenMarkovDistribution,
  IntegerCategoricalDistribution,
  MarkovChainDistribution,
  MixtureDistribution,
  MultivariateGaussianDistribution,
  NegativeBinomialDistribution,
  OptionalDistribution,
  ParameterError,
  PoissonDistribution,
  RecordDistribution,
  SequenceDistribution,
} from '../../src/index.js';
import { animals, byKind, diagonal, normal, pair, vector } from './models.js';

const sumOf = ({ parts }: ReturnType<typeof explain>) => parts.reduce((sum, part) => sum + part.logDensity, 0);
const tailOf = (model: AnyDistribution, x: unknown) => explain(model, x).parts[0]!.tail;

describe('the parts of a log-density', () => {
  it('are those of the fields, by name and position, down to the leaves', () => {
    const record = new RecordDistribution({ a: pair, b: diagonal });
    const { parts, logDensity } = explain(record, { a: [2, 'a', null], b: [1, 2, 5] });
    expect(parts.map(({ field, of }) => `${field} ${of}`)).toEqual([
      'a[0] value',
      'a[1] value',
      'a[2] presence',
      'b[0] value',
      'b[1] value',
      'b[2] value',
    ]);
    expect(parts[0]!.logDensity).toBe(normal(1).logDensity(2));
    expect(parts[2]!.logDensity).toBe(Math.log(0.125));
    expect(parts[5]!.logDensity).toBeCloseTo(normal(3, 9).logDensity(5), 14);
    expect(sumOf({ parts, logDensity, rowTail: undefined })).toBeCloseTo(logDensity, 13);
    // A value that is there, where it might be missing, has two.
    const there = explain(pair, [0, 'b', 4]);
    expect(there.parts.slice(2).map(({ of }) => of)).toEqual(['presence', 'value']);
    expect(sumOf(there)).toBeCloseTo(there.logDensity, 13);
  });

  it('sum to it for rows of every model with parts', () => {
    const length = new PoissonDistribution({ lambda: 3 });
    const states = [animals.components[0], animals.components[1]] as const;
    const tables = {
      w: [0.3, 0.7],
      transitions: [
        [0.9, 0.1],
        [0.4, 0.6],
      ],
    };
    const models: readonly AnyDistribution[] = [
      animals,
      byKind,
      new ConditionalDistribution({ cat: normal(4) }, { otherwise: normal(9) }),
      new SequenceDistribution(animals, { length }),
      new SequenceDistribution(animals, { length, lengthNormalized: true }),
      new HiddenMarkovDistribution<typeof states, PoissonDistribution>(states, { ...tables, length }),
      new HiddenMarkovDistribution<typeof states>(states, { ...tables, end: [0.2, 0.3] }),
      new MixtureDistribution(
        [new SequenceDistribution(animals, { length }), new SequenceDistribution(states[0], { length })],
        {
          w: [0.5, 0.5],
        },
      ),
    ];
    for (const model of models) {
      const rows =
        model === models[2]
          ? [
              ['cat', 3],
              ['x', 10],
            ]
          : model.sampler('rows').sample(40); // prettier-ignore
      for (const row of rows) {
        const explanation = explain(model, row);
        expect(explanation.logDensity).toBe(model.logDensity(row));
        expect(Math.abs(sumOf(explanation) - explanation.logDensity)).toBeLessThan(
          1e-12 * (1 + Math.abs(explanation.logDensity)),
        );
      }
    }
  });

  it('are, of a list under a hidden Markov model, log p of each item given those before it', () => {
    const hmm = new HiddenMarkovDistribution([normal(0), normal(6)], {
      w: [0.5, 0.5],
      transitions: [
        [0.99, 0.01],
        [0.01, 0.99],
      ],
    });
    const list = [0.3, -0.2, 6.4, 6.1];
    const { parts } = explain(hmm, list);
    parts.forEach(({ path, logDensity, tail }, t) => {
      expect(path).toEqual([t]);
      const before = t === 0 ? 0 : hmm.logDensity(list.slice(0, t));
      expect(logDensity).toBeCloseTo(hmm.logDensity(list.slice(0, t + 1)) - before, 12);
      const next = hmm.forecast(list.slice(0, t));
      expect(tail).toBeCloseTo(2 * Math.min(next.cdf(list[t]!), next.survival(list[t]!)), 12);
    });
    // The jump is what is odd.
    expect(parts[2]!.tail).toBeLessThan(0.02);
    expect(parts[3]!.tail).toBeGreaterThan(0.8);
  });

  it('are, of a walk of a Markov chain, log p of each state given the one before it', () => {
    const length = new PoissonDistribution({ lambda: 3 });
    const transitions = { rain: { rain: 0.7, sun: 0.2, snow: 0.1 }, sun: { rain: 0.2, sun: 0.8 } };
    const chain = new MarkovChainDistribution({ initial: { rain: 0.4, sun: 0.6 }, transitions, length, unseen: 0.01 });
    const { parts, logDensity } = explain(chain, ['sun', 'rain', 'snow', 'fog', 'sun']);
    expect(parts.map(({ field, of }) => field || of)).toEqual(['[0]', '[1]', '[2]', '[3]', '[4]', 'length']);
    expect(parts[2]!.logDensity).toBeCloseTo(Math.log(0.1 / 1.01), 14);
    expect(parts[2]!.tail).toBeCloseTo(0.1 / 1.01, 14);
    expect(parts[1]!.tail).toBeCloseTo(0.2 / 1.01, 14);
    expect(parts[0]!.tail).toBeCloseTo(1 / 1.01, 14);
    expect(sumOf({ parts, logDensity, rowTail: undefined })).toBeCloseTo(logDensity, 13);
  });

  it('say which field is impossible', () => {
    const { logDensity, parts } = explain(animals, { measures: [0, 0, 0], kind: 'cow', visits: 2 });
    expect(logDensity).toBe(-Infinity);
    expect(parts.filter((part) => part.logDensity === -Infinity).map(({ field }) => field)).toEqual(['kind']);
    expect(parts.find(({ field }) => field === 'kind')!.tail).toBe(0);
    expect(() => explain(animals, { measures: [0, 0, Number.NaN], kind: 'cat', visits: 2 })).toThrow(ParameterError);
    const closed = new ConditionalDistribution({ cat: normal(4) });
    expect(explain(closed, ['dog', 1]).parts).toMatchObject([{ field: '[1]', logDensity: -Infinity, tail: 0 }]);
  });

  it('take a family of somebody else as one part', () => {
    class Logistic extends GaussianDistribution {
      override logDensity(x: number): number {
        return -x - 2 * Math.log1p(Math.exp(-x));
      }

      override toJSON() {
        return { type: 'Logistic', mu: 0, sigma2: 1 } as never;
      }
    }
    const model = new CompositeDistribution([new Logistic({ mu: 0, sigma2: 1 }), normal(0)]);
    expect(explain(model, [2, 0]).parts[0]!.logDensity).toBeCloseTo(-2 - 2 * Math.log1p(Math.exp(-2)), 14);
  });
});

describe('the tails of the parts', () => {
  it('are twice the nearer tail of a number', () => {
    expect(tailOf(normal(0), 1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(tailOf(normal(0), -37)).toBeGreaterThan(0);
    expect(tailOf(normal(0), 0)).toBe(1);
    expect(tailOf(new ExponentialDistribution({ mean: 1 }), 5)).toBeCloseTo(2 * Math.exp(-5), 14);
  });

  it('are the probability of all integers that are no more probable', () => {
    const brute = (model: AnyDistribution, x: number, to: number) => {
      let sum = 0;
      const limit = model.logDensity(x) + 1e-9;
      for (let y = 0; y <= to; y++) if (model.logDensity(y) <= limit) sum += model.density(y);
      return sum;
    };
    for (const model of [
      new PoissonDistribution({ lambda: 4.3 }),
      new BinomialDistribution({ n: 12, p: 0.3 }),
      new NegativeBinomialDistribution({ mean: 3.5, size: 2.5 }),
    ]) {
      for (const x of [0, 1, 3, 4, 5, 9, 12]) expect(tailOf(model, x)! / brute(model, x, 400)).toBeCloseTo(1, 10);
    }
    // 4 and 5 are as probable as each other: P(4) = P(5) for λ = 5.
    expect(tailOf(new PoissonDistribution({ lambda: 5 }), 4)).toBeCloseTo(1, 12);
    // Far out nothing is lost, and nothing on the other side counts: poisson.sf(59, 1) of scipy.
    expect(tailOf(new PoissonDistribution({ lambda: 1 }), 60)! / 4.494768303810778e-83).toBeCloseTo(1, 9);
  });

  it('are sums over levels, booleans and tables', () => {
    const levels = new CategoricalDistribution({ a: 0.5, b: 0.25, c: 0.25 });
    expect([tailOf(levels, 'a'), tailOf(levels, 'b'), tailOf(levels, 'x')]).toEqual([1, 0.5, 0]);
    const table = new IntegerCategoricalDistribution({ min: 3, p: [0.1, 0, 0.6, 0.3] });
    expect(tailOf(table, 6)).toBeCloseTo(0.4, 14);
    expect(tailOf(new OptionalDistribution(normal(0), { p: 0.125 }), null)).toBe(0.125);
    expect(tailOf(new OptionalDistribution(normal(0)), null)).toBe(1);
  });

  it('are chi-square for Gaussian vectors', () => {
    const plane = new MultivariateGaussianDistribution({
      mu: [0, 0],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    });
    expect(tailOf(plane, [3, 4])).toBeCloseTo(Math.exp(-12.5), 15);
    expect(tailOf(vector, [1, -1, 0.5])).toBe(1);
  });

  it('compare a value with its like in a mixture', () => {
    const kinds = new MixtureDistribution([normal(0), normal(100)], { w: [0.99, 0.01] });
    const record = new MixtureDistribution(
      [new RecordDistribution({ x: normal(0) }), new RecordDistribution({ x: normal(100) })],
      { w: [0.99, 0.01] },
    );
    const [x, mixing] = explain(record, { x: 100.5 }).parts;
    expect(x!.tail).toBeCloseTo(2 * normal(0).survival(0.5), 12);
    expect(mixing!.logDensity).toBeCloseTo(Math.log(0.01), 12);
    expect(explain(kinds, 0).parts.map(({ of }) => of)).toEqual(['value', 'mixing']);
  });
});

describe('the tail of a row', () => {
  it('is a share of samples with its standard error, the same for the same seed', () => {
    const plane = new CompositeDistribution([normal(0), normal(0, 4)]);
    // The squares of both sum to a chi-square with two degrees of freedom: P = exp(-q / 2).
    const row = [1.5, -2] as const;
    const { rowTail } = explain(plane, row, { samples: 20_000, seed: 3 });
    const exact = Math.exp(-(1.5 ** 2 + 1) / 2);
    expect(rowTail!.standardError).toBeCloseTo(Math.sqrt((exact * (1 - exact)) / 20_000), 4);
    expect(Math.abs(rowTail!.probability - exact)).toBeLessThan(4 * rowTail!.standardError);
    expect(explain(plane, row, { samples: 20_000, seed: 3 }).rowTail).toEqual(rowTail);
    expect(explain(plane, row).rowTail).toBeUndefined();
    const far = explain(plane, [50, 50], { samples: 100 }).rowTail!;
    expect(far.probability).toBe(0);
    expect(far.standardError).toBeGreaterThan(0.009);
    expect(() => explain(plane, row, { samples: -1 })).toThrow('samples must be an integer >= 0');
  });

  it('compares a row with gaps with the same part of others', () => {
    const gaps = { mu: [0, 0, 0], missing: null } as const;
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const vectors = [
      new DiagonalGaussianDistribution({ ...gaps, sigma2: [1, 1, 1] }),
      new MultivariateGaussianDistribution({ ...gaps, covariance: identity }),
    ] as const;
    const exact = 2 * normal(0).survival(1.5);
    const check = ({ rowTail }: ReturnType<typeof explain>, p: number) => {
      expect(Math.abs(rowTail!.probability - p)).toBeLessThan(4 * rowTail!.standardError);
    };
    const options = { samples: 4000, seed: 1 };
    for (const model of vectors) {
      check(explain(model, [1.5, null, null], options), exact);
      check(explain(new MixtureDistribution([model, model], { w: [0.5, 0.5] }), [1.5, null, null], options), exact);
      check(explain(new RecordDistribution({ v: model }), { v: [null, 1.5, null] }, options), exact);
      expect(explain(model, [null, null, null], options).rowTail!.probability).toBe(1);
    }
    // A value that is missing without a probability of that is no part of the score; one with it is.
    const atRandom = new CompositeDistribution([normal(0), new OptionalDistribution(normal(0))]);
    check(explain(atRandom, [1.5, null], options), exact);
    const modelled = new CompositeDistribution([new OptionalDistribution(normal(0), { p: 0.001 })]);
    // Density 0.001 of a gap: 1.2e-3 of the numbers are less probable (0.999 φ(x) <= 0.001 for |x| > 3.461).
    check(explain(modelled, [null], options), 0.001 + 2 * normal(0).survival(3.461));
  });

  it('has tails of components that never exceed 1', () => {
    const w = [0.1, 0.2, 0.3, 0.4];
    for (let x = -2; x <= 2; x += 0.25) {
      const model = new MixtureDistribution(
        w.map((_, k) => normal(k / 7)),
        { w },
      );
      for (const { tail } of explain(model, x).parts) expect(tail ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

it('keeps the parts of optionals in one another apart, also where they call different values missing', () => {
  const nested = (p: number) =>
    new OptionalDistribution(new OptionalDistribution(normal(0), { p: 0.2, missing: -1 }), { p });
  const { parts, logDensity } = explain(new MixtureDistribution([nested(0.1), nested(0.3)], { w: [0.5, 0.5] }), 0.5);
  expect(parts.filter(({ of }) => of === 'presence')).toHaveLength(2);
  for (const { tail } of parts) expect(tail ?? 0).toBeLessThanOrEqual(1);
  expect(parts.reduce((sum, part) => sum + part.logDensity, 0)).toBeCloseTo(logDensity, 12);
});
