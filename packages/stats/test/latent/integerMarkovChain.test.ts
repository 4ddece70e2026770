import { describe, expect, expectTypeOf, it } from 'vitest';
import { CompositeDistribution, CompositeEstimator } from '../../src/combinators/composite.js';
import { SequenceDistribution } from '../../src/combinators/sequence.js';
import type { AnyDistribution } from '../../src/contract.js';
import { IntegerBernoulliSetDistribution } from '../../src/families/integerBernoulliSet.js';
import { IntegerCategoricalDistribution, IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  IntegerMarkovChainDistribution,
  IntegerMarkovChainEstimator,
} from '../../src/latent/markovChain/integerMarkovChain.js';
import { checkFamily } from '../../src/testing/index.js';

const coin = new IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.5] });
const block = new CompositeDistribution([coin, coin]);
const chain = (p: number) =>
  new IntegerMarkovChainDistribution({
    conditional: [
      [p, 1 - p],
      [0.25, 0.75],
      [0.5, 0.5],
      [0.875, 0.125],
    ],
    lag: 2,
    initial: block,
    length: new PoissonDistribution({ lambda: 5 }),
  });
const estimator = new IntegerMarkovChainEstimator({
  valueCount: 2,
  lag: 2,
  initial: new CompositeEstimator([new IntegerCategoricalEstimator(), new IntegerCategoricalEstimator()]),
  length: new PoissonEstimator(),
});
const rows = [[0, 1, 1, 0, 0, 1], [1, 1, 1], [0, 0], [1], []];

describe('the first block of a list', () => {
  const alternating = (initial: AnyDistribution) =>
    new IntegerMarkovChainDistribution({
      conditional: [
        [0, 1],
        [1, 0],
      ],
      initial,
      length: new PoissonDistribution({ lambda: 6 }),
    });

  it('is drawn with as many values as the chain looks back, by a family of lists of any length, too', () => {
    const model = alternating(new SequenceDistribution(coin, { length: new PoissonDistribution({ lambda: 3 }) }));
    const lists = model.sampler(1).sample(50);
    expect(lists.some((list) => list.length > 5)).toBe(true);
    for (const list of lists) expect(list).toEqual(list.map((_, i) => (i % 2 === 0 ? list[0]! : 1 - list[0]!)));
  });

  it('is refused by name where it is drawn with another length, or with values that the chain does not have', () => {
    const three = new IntegerCategoricalDistribution({ min: 0, p: [0, 0, 1] });
    expect(() => alternating(new SequenceDistribution(three)).sampler(1).sample(9)).toThrow(
      'IntegerMarkovChainDistribution: initial must be a distribution over integers in 0 … 1, found 2.',
    );
    const sets = new IntegerBernoulliSetDistribution({ p: [1, 1] });
    expect(() => alternating(sets).sampler(1).sample(9)).toThrow(
      'initial must be a distribution over lists of 1 items',
    );
  });
});

describe('the law', () => {
  const laws = checkFamily({
    offers: [
      'violation',
      'slice',
      'take',
      'concat',
      'itemCount',
      'statisticLength',
      'hasPrior',
      'parameterBlocks',
      'kind',
      'children',
      'begin',
      'score',
      'seqInitialize',
      'sameAs',
    ],
    distributions: [chain(0.5)],
    estimator,
    keyed: new IntegerMarkovChainEstimator({ ...estimator.options, key: 'chain' }),
    rows,
    refused: [3, null, [0.5], [2], [-1], [Number.NaN]],
  });
  for (const { law, run } of laws) it(law, run);
});

it('scores a list shorter than the lag by its length alone', () => {
  const length = new PoissonDistribution({ lambda: 2 });
  const short = new IntegerMarkovChainDistribution({ conditional: chain(0.5).conditional, lag: 2, length });
  expect(short.logDensity([1])).toBe(length.logDensity(1));
});

it('counts the steps from each context: the closed form', () => {
  const { model } = optimize([[0, 1, 1, 0, 1, 1]], new IntegerMarkovChainEstimator({ valueCount: 2 }));
  expect(model.conditional).toEqual([
    [0, 1],
    [1 / 3, 2 / 3],
  ]);
});

it('gives a context that was never met a uniform row', () => {
  const { model } = optimize([[0, 0, 0]], new IntegerMarkovChainEstimator({ valueCount: 3 }));
  expect(model.conditional[2]).toEqual([1 / 3, 1 / 3, 1 / 3]);
});

it('pulls towards the chain whose estimator it is', () => {
  const chain = new IntegerMarkovChainDistribution({
    conditional: [
      [0.9, 0.1],
      [0.4, 0.6],
    ],
  });
  const { model } = optimize([[0, 1, 1]], chain.estimator({ pseudoCount: 1e9 }));
  model.conditional.forEach((row, r) => row.forEach((p, v) => expect(p).toBeCloseTo(chain.conditional[r]![v]!, 6)));
});

it('draws the value after a list by its last ones', () => {
  const chain = new IntegerMarkovChainDistribution({
    lag: 2,
    conditional: [
      [1, 0],
      [0, 1],
      [0.3, 0.7],
      [1, 0],
    ],
  });
  expect(chain.sampleGiven([1, 0, 1], 1).sample(3)).toEqual([1, 1, 1]);
  const count = 4000;
  const ones = chain
    .sampleGiven([1, 0], 2)
    .sample(count)
    .reduce((sum, value) => sum + value, 0);
  // Five standard errors.
  expect(Math.abs(ones / count - 0.7)).toBeLessThan(5 * Math.sqrt((0.7 * 0.3) / count));
  for (const before of [[1], [0, 2], [0, 0.5], 3]) {
    expect(() => chain.sampleGiven(before as never, 1)).toThrow(
      /before must be a list of at least 2 integers in 0 … 1/,
    );
  }
});

it('carries the types of the families of the first values and of the length', () => {
  const initial = new CompositeEstimator([new IntegerCategoricalEstimator()]);
  const own = { valueCount: 2, initial, length: new PoissonEstimator() };
  const { model } = optimize([[0, 1, 1], [0]], new IntegerMarkovChainEstimator(own));
  expectTypeOf(model.initial.dists[0]).toEqualTypeOf<IntegerCategoricalDistribution>();
  expectTypeOf(model.length).toEqualTypeOf<PoissonDistribution>();
  expect(model.length.lambda).toBe(2);
});
