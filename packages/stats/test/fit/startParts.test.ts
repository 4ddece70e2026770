import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  type AnyEstimator,
  CategoricalEstimator,
  ConditionalEstimator,
  DirichletProcessMixtureEstimator,
  em,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  MixtureDistribution,
  MixtureEstimator,
  SemiSupervisedMixtureEstimator,
  SequenceEstimator,
} from '../../src/index.js';

const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));
const e = new GaussianEstimator();
const lists = times(300, (i) => times(3 + (i % 4), (j) => Math.sin(7 * i + 3 * j) + 4 * (i % 3)));
const pairs = times(4500, (i) => [i % 2 === 0 ? 'a' : 'b', Math.cos(5 * i) + 3 * (i % 3)] as const);
const numbers = times(4500, (i) => Math.sin(11 * i) + 2.5 * (i % 3));
const conditional = () => new ConditionalEstimator({ a: e, b: e }, { given: new CategoricalEstimator() });

/** The first model from rows of which each rank has encoded some, as a driver for many ranks makes it. */
function startOfParts(rows: readonly unknown[], estimator: AnyEstimator, partCount: number, near?: AnyDistribution) {
  const algorithm = em(estimator);
  const seed = 'parts';
  const { count, start } = algorithm.segments;
  const segments = count(rows.length);
  const parts = times(partCount, (rank) => {
    const [from, to] = [rank, rank + 1].map((r) => Math.floor((segments * r) / partCount));
    const firstRow = start(rows.length, from!);
    const columns = algorithm.encode(rows.slice(firstRow, start(rows.length, to!)), firstRow);
    const taken = times(to! - from!, (s) => {
      const [begin, end] = [start(rows.length, from! + s), start(rows.length, from! + s + 1)];
      const own = algorithm.startRows(rows.length, begin, end - begin, seed);
      return algorithm.take(
        columns,
        own.map((row) => row + begin - firstRow),
      );
    });
    return algorithm.concat([algorithm.slice(columns, 0, 0), ...taken]);
  });
  return algorithm.start(algorithm.concat(parts), { seed, method: 'kmeans++', near });
}

const starts: readonly (readonly [string, readonly unknown[], AnyEstimator])[] = [
  ['short runs over sequences', lists, new MixtureEstimator(times(3, () => new SequenceEstimator(e)))],
  ['short runs over some of the rows', pairs, new MixtureEstimator(times(3, conditional))],
  ['short runs of a Dirichlet process', pairs, new DirichletProcessMixtureEstimator(conditional(), { truncation: 4 })],
  [
    'short runs where some rows are labelled',
    lists.map((list, i) => [list, i % 20 === 0 ? [[i % 2, 1]] : null]),
    new SemiSupervisedMixtureEstimator(times(3, () => new SequenceEstimator(e))),
  ],
  ['the states of items, and pieces', lists.slice(0, 60), new HiddenMarkovEstimator(times(3, () => e))],
  [
    'bags',
    lists,
    new HierarchicalMixtureEstimator(
      times(3, () => e),
      { mixtureCount: 2 },
    ),
  ],
  ['k-means++', numbers, new MixtureEstimator(times(3, () => e))],
] as const;

describe('a start', () => {
  it.each(starts)('from %s has the same bits for 1, 2, 3 and 5 parts', (_, rows, estimator) => {
    const [one, ...others] = [1, 2, 3, 5].map((count) => JSON.stringify(startOfParts(rows, estimator, count)));
    expect(one).toContain('"type"');
    for (const other of others) expect(other).toBe(one);
  });

  it('near a model has the same bits for 1, 2, 3 and 5 parts, and moves one of its components', () => {
    const estimator = new MixtureEstimator(times(3, () => e));
    const near = new MixtureDistribution(
      [0, 0.1, 4].map((mu) => new GaussianDistribution({ mu, sigma2: 1 })),
      { w: [0.3, 0.3, 0.4] },
    );
    const [one, ...others] = [1, 2, 3, 5].map((count) => JSON.stringify(startOfParts(numbers, estimator, count, near)));
    for (const other of others) expect(other).toBe(one);
    expect(one).not.toBe(JSON.stringify(startOfParts(numbers, estimator, 1)));
  });
});
