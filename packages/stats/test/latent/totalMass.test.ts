/** Probabilities of all rows of a small support: they sum to those of the lengths, or to 1. By counting, one row after another. */
import { expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const coin = (a: number) => new stats.CategoricalDistribution({ a, b: 1 - a });
const lengths = new stats.IntegerCategoricalDistribution({ min: 0, p: [0.1, 0.2, 0.3, 0.4] });
const lists = [0, 1, 2, 3].flatMap((n) => wordsOf('ab', n));
const total = (model: { logDensity(row: never): number }, rows: readonly unknown[]) =>
  rows.reduce<number>((sum, row) => sum + Math.exp(model.logDensity(row as never)), 0);

function wordsOf(letters: string, n: number): string[][] {
  return n === 0 ? [[]] : wordsOf(letters, n - 1).flatMap((word) => [...letters].map((letter) => [...word, letter]));
}

it('of all lists, under hidden states that see the item before', () => {
  const next = (stay: number) => new stats.ConditionalDistribution({ a: coin(stay), b: coin(1 - stay) });
  const model = new stats.LookbackHiddenMarkovDistribution([next(0.9), next(0.3)], {
    lag: 1,
    w: [0.6, 0.4],
    transitions: [[0.8, 0.2], [0.1, 0.9]], // biome-ignore format: a small table
    initialEmissions: [new stats.SequenceDistribution(coin(0.7)), new stats.SequenceDistribution(coin(0.2))],
    length: lengths,
  });
  // The length counts the steps: a list of n has as many, as the first item is one.
  expect(total(model, lists)).toBeCloseTo(1, 14);
});

it('of all trees: each node has one of two values, and as many children as its family says', () => {
  const model = new stats.TreeHiddenMarkovDistribution([coin(0.9), coin(0.2)], {
    w: [0.3, 0.7],
    transitions: [[0.6, 0.4], [0.5, 0.5]], // biome-ignore format: a small table
    childCount: new stats.IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.3, 0.2] }),
  });
  // Trees of at most two generations, by the parents of their nodes.
  const shapes = [[-1], [-1, 0], [-1, 0, 0]];
  const trees = shapes.flatMap((parents) =>
    wordsOf('ab', parents.length).map((word) => parents.map((parent, id) => [[id, parent], word[id]])),
  );
  // A root, and children without children: 0.5 + 0.3 · 0.5 + 0.2 · 0.5².
  expect(total(model, trees)).toBeCloseTo(0.5 + 0.3 * 0.5 + 0.2 * 0.25, 14);
});

it('of all bags in every order, under topics and kinds of bags', () => {
  const model = new stats.HierarchicalMixtureDistribution([coin(0.9), coin(0.2)], {
    w: [0.6, 0.4],
    tau: [[0.7, 0.3], [0.1, 0.9]], // biome-ignore format: a small table
    length: lengths,
  });
  expect(total(model, lists)).toBeCloseTo(1, 14);
});

it('of all draws in every order, where only their counts are given', () => {
  const model = new stats.MultinomialDistribution(coin(0.3), { length: lengths });
  const counted = lists.map((list) => ['a', 'b'].map((letter) => [letter, list.filter((x) => x === letter).length]));
  expect(total(model, counted)).toBeCloseTo(1, 14);
});

it('of all words of all authors, in every order', () => {
  const model = new stats.IntegerPlsiDistribution({
    words: [[0.9, 0.1], [0.2, 0.8]], // biome-ignore format: a small table
    states: [[0.5, 0.5], [0.1, 0.9], [1, 0]], // biome-ignore format: a small table
    documents: [0.2, 0.3, 0.5],
    length: lengths,
  });
  const rows = [0, 1, 2].flatMap((author) =>
    lists.map((list) => [author, [0, 1].map((word) => [word, list.filter((x) => x === 'ab'[word]).length])]),
  );
  expect(total(model, rows)).toBeCloseTo(1, 14);
});

it('of all rows of a labelled mixture, for each label and for none', () => {
  const mixed = new stats.SemiSupervisedMixtureDistribution([coin(0.9), coin(0.2)], { w: [0.3, 0.7] });
  expect(total(mixed, [['a', null], ['b', null]])).toBeCloseTo(1, 14); // biome-ignore format: rows
  for (const label of [0, 1]) expect(total(mixed, [['a', label], ['b', label]])).toBeCloseTo(1, 14); // biome-ignore format: rows
});

it('of all sets after a set, and of all pairs of sets', () => {
  const sets = [[], [0], [1], [0, 1]];
  const change = { added: [0.2, 0.7], kept: [0.9, 0.4] };
  const alone = new stats.IntegerBernoulliEditDistribution(change);
  for (const before of sets) expect(total(alone, sets.map((after) => [before, after]))).toBeCloseTo(1, 14); // biome-ignore format: pairs
  const initial = new stats.IntegerBernoulliSetDistribution({ p: [0.3, 0.6] });
  const pairs = sets.flatMap((before) => sets.map((after) => [before, after]));
  expect(total(new stats.IntegerBernoulliEditDistribution({ ...change, initial }), pairs)).toBeCloseTo(1, 14);
});

it('of all targets of each list of sources', () => {
  const links = new stats.SparseMarkovAssociationDistribution({
    initial: [0.5, 0.5],
    transitions: { from: [0, 0, 1], to: [0, 1, 1], p: [0.25, 0.75, 1] },
    background: 0.1,
  });
  const sources = [[0, 2], [1, 1]]; // biome-ignore format: pairs
  const rows = wordsOf('ab', 2).map((list) => [
    sources,
    [0, 1].map((target) => [target, list.filter((x) => x === 'ab'[target]).length]),
  ]);
  expect(total(links, rows)).toBeCloseTo(1, 14);
});
