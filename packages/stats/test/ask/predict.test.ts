import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  BetaDistribution,
  CategoricalDistribution,
  DataError,
  DirichletProcessMixtureDistribution,
  GammaDistribution,
  GaussianEstimator,
  gaussianMixture,
  HiddenMarkovDistribution,
  HiddenSemiMarkovDistribution,
  IntegerCategoricalDistribution,
  LatentDirichletAllocationDistribution,
  type ListPrediction,
  LookbackHiddenMarkovDistribution,
  MixtureDistribution,
  MixtureEstimator,
  matchLabels,
  optimize,
  orderComponents,
  PoissonDistribution,
  type Prediction,
  predict,
  SemiSupervisedMixtureDistribution,
  SequenceDistribution,
} from '../../src/index.js';
import { animals, normal } from './models.js';

describe('predict', () => {
  it('gives labels, responsibilities and log-densities of rows, as the model gives them row by row', () => {
    // More rows than the kernels take at once.
    const rows = animals.sampler(1).sample(3000);
    const prediction = predict(animals, rows);
    expectTypeOf(prediction).toEqualTypeOf<Prediction>();
    expect(prediction.shape).toEqual([3000, 2]);
    for (const [i, row] of rows.entries()) {
      const posterior = animals.posterior(row);
      expect(Math.abs(prediction.responsibilities[2 * i]! - posterior[0]!)).toBeLessThan(1e-12);
      expect(prediction.labels[i]).toBe(posterior[1]! > posterior[0]! ? 1 : 0);
      const logDensity = animals.logDensity(row);
      expect(Math.abs(prediction.logDensities[i]! - logDensity)).toBeLessThan(1e-12 * (1 + Math.abs(logDensity)));
    }
    // @ts-expect-error: rows of another model
    expect(() => predict(animals, [1, 2])).toThrow(DataError);
    expect(predict(animals, []).shape).toEqual([0, 2]);
  });

  it('takes typed arrays, the first of equal components, and rows that are impossible or far away', () => {
    const model = gaussianMixture({ mu: [0, 10], sigma2: 1, w: [0.5, 0.5] });
    const { labels, responsibilities } = predict(model, Float64Array.of(0.3, 9.1, 5, 1e9));
    expect([...labels]).toEqual([0, 1, 0, 1]);
    expect(responsibilities[4]).toBe(0.5);
    const levels = new MixtureDistribution(
      [new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ b: 1 })],
      { w: [0.25, 0.75] },
    );
    const found = predict(levels, ['a', 'b', 'c']);
    expect([...found.logDensities]).toEqual([Math.log(0.25), Math.log(0.75), -Infinity]);
    expect([...found.responsibilities.subarray(0, 4)]).toEqual([1, 0, 0, 1]);
    expect(found.responsibilities[4]).toBeCloseTo(0.25, 14);
  });

  it('asks mixtures with labels, and Dirichlet processes', () => {
    const labelled = new SemiSupervisedMixtureDistribution([normal(0), normal(4)], { w: [0.5, 0.5] });
    const rows = labelled.sampler(2).sample(20);
    const { responsibilities, logDensities } = predict(labelled, rows);
    for (const [i, row] of rows.entries()) {
      expect(responsibilities[2 * i]).toBeCloseTo(labelled.posterior(row)[0]!, 12);
      expect(logDensities[i]).toBeCloseTo(labelled.logDensity(row), 12);
    }
    const process = new DirichletProcessMixtureDistribution([normal(0), normal(4)], {
      sticks: [new BetaDistribution({ alpha: 2, beta: 3 })],
      concentration: new GammaDistribution({ shape: 1, scale: 1 }),
      posteriors: [null, null],
    });
    const ofProcess = predict(process, [1.8]);
    expect(ofProcess.responsibilities[1]).toBeCloseTo(process.posterior(1.8)[1]!, 14);
    expect(ofProcess.logDensities[0]).toBeCloseTo(process.logDensity(1.8), 14);
  });

  it('gives the smoothed states of lists, item by item', () => {
    const hmm = new HiddenMarkovDistribution([normal(0), normal(5)], {
      w: [0.5, 0.5],
      transitions: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
    });
    const lists = [[0.1, 5.2, 4.8], [], [2.4]];
    const found = predict(hmm, lists);
    expectTypeOf(found).toEqualTypeOf<ListPrediction>();
    expect([...found.offsets]).toEqual([0, 3, 3, 4]);
    expect(found.shape).toEqual([4, 2]);
    expect([...found.labels]).toEqual([0, 1, 1, 0]);
    agrees(found, hmm, lists);
    expect(() => predict(hmm, [['x']] as never)).toThrow(DataError);
    // @ts-expect-error: a Gaussian has no components
    expect(() => predict(normal(0), [1])).toThrow('predict: model must be a mixture or a hidden Markov model');
    const word = new IntegerCategoricalDistribution({ min: 0, p: [1] });
    const topics = new LatentDirichletAllocationDistribution([word], { alpha: [1] });
    // @ts-expect-error: a document has shares of topics, not one topic
    expect(() => predict(topics, [[[0, 2]]])).toThrow('predict: model must be a mixture or a hidden Markov model');
  });
});

/** The responsibilities and log-densities that a model gives list by list. */
function agrees<T>(
  found: ListPrediction,
  model: { posterior(x: readonly T[]): number[][]; logDensity(x: readonly T[]): number },
  lists: readonly (readonly T[])[],
): void {
  const expected = lists.flatMap((list) => model.posterior(list).flat());
  expect(found.responsibilities).toHaveLength(expected.length);
  expected.forEach((p, i) => expect(Math.abs(found.responsibilities[i]! - p)).toBeLessThan(1e-12));
  lists.forEach((list, i) => {
    const logDensity = model.logDensity(list);
    if (logDensity === -Infinity) expect(found.logDensities[i]).toBe(logDensity);
    else expect(Math.abs(found.logDensities[i]! - logDensity)).toBeLessThan(1e-12 * (1 + Math.abs(logDensity)));
  });
}

describe('predict, of many lists', () => {
  const states = [normal(0), normal(4)] as const;
  const tables = { w: [0.5, 0.5], transitions: [[0.9, 0.1], [0.2, 0.8]] }; // biome-ignore format: short
  const strict = { w: [1, 0], transitions: [[0.9, 0.1], [0, 1]] }; // biome-ignore format: short
  // More items than are smoothed at once, empty lists among them, and one that only the pass in logs can do.
  const lists = [
    ...Array.from({ length: 300 }, (_, i) => Array.from({ length: i % 40 }, (__, t) => 2 + 3 * Math.sin(i + t / 3))),
    [0, 60, 0],
  ];

  it.each([
    ['plain', new HiddenMarkovDistribution(states, tables)],
    ['with zeros', new HiddenMarkovDistribution(states, strict)],
    ['with ends', new HiddenMarkovDistribution(states, { ...tables, end: [0.1, 0.02] })],
    [
      'with a length',
      new HiddenMarkovDistribution(states, { ...tables, length: new PoissonDistribution({ lambda: 9 }) }),
    ],
  ])('agrees with the answers to each, for a hidden Markov model %s', (_, model) => {
    const found = predict(model, lists);
    agrees(found, model, lists);
    expect(found.offsets.at(-1)).toBe(lists.flat().length);
  });

  it('agrees with them for segments, and for steps of a lookback model, of which a list has more or fewer than items', () => {
    const durations = [new PoissonDistribution({ lambda: 3 }), new PoissonDistribution({ lambda: 1 })] as const;
    const semi = new HiddenSemiMarkovDistribution(states, durations, { ...strict, maxDuration: 30, shift: 1 });
    const few = lists.slice(0, 80);
    agrees(predict(semi, few), semi, few);
    for (const lag of [0, 2]) {
      const windows = (mu: number) => new SequenceDistribution(normal(mu));
      const lookback = new LookbackHiddenMarkovDistribution([windows(0), windows(4)], { ...tables, lag });
      const found = predict(lookback, few);
      agrees(found, lookback, few);
      expect(found.offsets[2]).toBe(few.slice(0, 2).reduce((sum, x) => sum + Math.max(0, x.length - lag + 1), 0));
    }
  });

  it('gives impossible lists responsibilities of 0', () => {
    const letters = [new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ b: 1 })] as const;
    const model = new HiddenMarkovDistribution(letters, strict);
    const found = predict(model, [['a', 'b'], ['b'], ['a']]);
    expect([...found.responsibilities]).toEqual([1, 0, 0, 1, 0, 0, 1, 0]);
    expect(found.logDensities[1]).toBe(-Infinity);
  });
});

describe('orderComponents', () => {
  const model = new MixtureDistribution([normal(5), normal(-5, 2), normal(0)], { w: [0.25, 0.5, 0.25] });

  it('puts the heaviest first, and keeps the order of equal ones', () => {
    const ordered = orderComponents(model);
    expect(ordered.w).toEqual([0.5, 0.25, 0.25]);
    expect(ordered.components.map(({ mu }) => mu)).toEqual([-5, 5, 0]);
    expect(ordered.logDensity(1.3)).toBeCloseTo(model.logDensity(1.3), 14);
  });

  it('orders by what a function says of a component, or as a list says', () => {
    expect(orderComponents(model, ({ mu }) => mu).components.map(({ mu }) => mu)).toEqual([-5, 0, 5]);
    expect(orderComponents(model, [2, 0, 1]).components.map(({ mu }) => mu)).toEqual([0, 5, -5]);
    expect(() => orderComponents(model, [0, 0, 1])).toThrow('by must be a list with each of 0 to 2 once');
    expect(() => orderComponents(model, () => Number.NaN)).toThrow('by of component 0 must be a number');
    expect(() => orderComponents(model, 'w' as never)).toThrow("'weight', a function of a component, or a list");
    expect(() => orderComponents(normal(0) as never)).toThrow('a mixture or a hidden Markov model');
  });

  it('takes the rows and columns of the transitions along', () => {
    const tables = {
      w: [0.2, 0.5, 0.3],
      transitions: [
        [0.7, 0.2, 0.1],
        [0.3, 0.3, 0.4],
        [0.05, 0.15, 0.8],
      ],
    };
    const states = [normal(3), normal(1), normal(2)] as const;
    const list = [1.2, 2.8, 2.2, 0.7];
    for (const more of [{}, { end: [0.5, 0.25, 0.125] }, { terminalValues: [9] }]) {
      const hmm = new HiddenMarkovDistribution<typeof states>(states, { ...tables, ...more });
      const ordered = orderComponents(hmm, ({ mu }) => mu);
      expect(ordered.emissions.map(({ mu }) => mu)).toEqual([1, 2, 3]);
      expect(ordered.transitions[0]).toEqual([0.3, 0.4, 0.3]);
      expect(ordered.terminalValues).toEqual(hmm.terminalValues);
      expect(ordered.logDensity(list)).toBeCloseTo(hmm.logDensity(list), 12);
    }
  });
});

describe('matchLabels', () => {
  it('pairs the labels that have most rows in common', () => {
    const { order, labels, agreement } = matchLabels([0, 0, 1, 1, 2], [2, 2, 0, 1, 1]);
    expect(order).toEqual([2, 0, 1]);
    expect([...labels]).toEqual([0, 0, 1, 2, 2]);
    expect(agreement).toBe(0.8);
    expect(matchLabels([], []).agreement).toBe(1);
  });

  it('finds the best of all ways to pair, and leaves over what has no partner', () => {
    // Greedily 0 would go with 0 (3 rows); 0-1 and 1-0 have 2 + 3 together, more than 3 + 0.
    const first = [0, 0, 0, 0, 0, 1, 1, 1];
    const second = [0, 0, 0, 1, 1, 0, 0, 0];
    expect(matchLabels(first, second).order).toEqual([1, 0]);
    expect(matchLabels([0, 0, 1, 1], [0, 1, 2, 2]).labels.filter((label) => label === -1)).toHaveLength(1);
    expect(matchLabels([0, 1, 2, 2], [1, 1, 0, 0]).order.filter((label) => label === -1)).toHaveLength(1);
    expect(() => matchLabels([0], [0, 1])).toThrow('second must be 1 rows, as the first');
    expect(() => matchLabels([0.5], [0])).toThrow('first[0] must be a label 0, 1, 2, …');
  });

  it('brings two fits of the same rows to one order', () => {
    const rows = gaussianMixture({ mu: [0, 6, 12], sigma2: 1, w: [0.5, 0.3, 0.2] })
      .sampler(4)
      .sample(400);
    const e = new GaussianEstimator();
    const fits = [1, 2, 3, 4].map((seed) => optimize(rows, new MixtureEstimator([e, e, e]), { seed }).model);
    const orders = new Set<string>();
    for (const fit of fits) {
      const { order, agreement } = matchLabels(predict(fits[0]!, rows), predict(fit, rows));
      orders.add(order.join());
      expect(agreement).toBeGreaterThan(0.99);
      orderComponents(fit, order).components.forEach(({ mu }, k) => {
        expect(Math.abs(mu - fits[0]!.components[k]!.mu)).toBeLessThan(0.01);
      });
    }
    expect(orders.size).toBeGreaterThan(1);
  });
});
