import { describe, expect, it } from 'vitest';
import {
  CategoricalDistribution,
  GaussianDistribution,
  HierarchicalMixtureDistribution,
  IntegerCategoricalDistribution,
  IntegerMarkovChainDistribution,
  IntegerPlsiDistribution,
  LatentDirichletAllocationDistribution,
  type ListSamplerOptions,
  MarkovChainDistribution,
  MultinomialDistribution,
  PoissonDistribution,
  SequenceDistribution,
} from '../../src/index.js';

const gaussian = new GaussianDistribution({ mu: 1, sigma2: 2 });
const letters = new CategoricalDistribution({ a: 0.25, b: 0.75 });
const rows = new Map([
  ['a', { a: 0.5, b: 0.5 }],
  ['b', { a: 0.5, b: 0.5 }],
]);
const total = (bag: readonly (readonly [unknown, number])[]) => bag.reduce((sum, [, count]) => sum + count, 0);

/** The length of what a sampler draws. */
const drawn: Readonly<Record<string, (options?: ListSamplerOptions) => number>> = {
  Sequence: (options) => new SequenceDistribution(gaussian).sampler(1, options).sample().length,
  MarkovChain: (options) =>
    new MarkovChainDistribution({ initial: { a: 0.5, b: 0.5 }, transitions: rows }).sampler(1, options).sample().length,
  IntegerMarkovChain: (options) =>
    new IntegerMarkovChainDistribution({
      lag: 1,
      conditional: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      initial: new SequenceDistribution(new IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.5] }), {
        length: new PoissonDistribution({ lambda: 1 }),
      }),
    })
      .sampler(1, options)
      .sample().length,
  Multinomial: (options) => total(new MultinomialDistribution(letters).sampler(1, options).sample()),
  HierarchicalMixture: (options) =>
    new HierarchicalMixtureDistribution([gaussian, gaussian], { w: [1], tau: [[0.5, 0.5]] })
      .sampler(1, options)
      .sample().length,
  LatentDirichletAllocation: (options) =>
    total(
      new LatentDirichletAllocationDistribution([letters, letters], { alpha: [1, 1] }).sampler(1, options).sample(),
    ),
  IntegerPlsi: (options) =>
    total(
      new IntegerPlsiDistribution({ words: [[0.5, 0.5]], states: [[1]], documents: [1] })
        .sampler(1, options)
        .sample()[1],
    ),
};

describe.each(Object.entries(drawn))('%s', (_, draw) => {
  it('draws lists of the length asked for', () => {
    expect([0, 1, 7].map((length) => draw({ length }))).toEqual([0, 1, 7]);
  });

  it('refuses to draw without one, and what is no length', () => {
    expect(() => draw()).toThrow(/length must be a distribution, to draw lists from it \(or give sampler a length/);
    for (const length of [-1, 0.5, Number.NaN, '3' as unknown as number]) {
      expect(() => draw({ length })).toThrow(/length must be an integer >= 0/);
    }
    expect(() => draw({ lenght: 3 } as ListSamplerOptions)).toThrow(/lenght/);
  });
});

it('the length asked for takes the place of the model, and changes nothing else', () => {
  const model = new SequenceDistribution(gaussian, { length: new PoissonDistribution({ lambda: 3 }) });
  const items = model.sampler(5).sample(20).flat();
  expect(model.sampler(5, { length: 4 }).sample(3).flat()).toEqual(items.slice(0, 12));
});

it('a drawn length that no list has is refused, and not drawn item by item', () => {
  const length = new PoissonDistribution({ lambda: 6.5e10 });
  const words = { words: [[1]], states: [[1]], documents: [1] };
  const models = [
    new SequenceDistribution(gaussian, { length }),
    new MultinomialDistribution(letters, { length }),
    new IntegerPlsiDistribution({ ...words, length }),
  ];
  for (const model of models) expect(() => model.sampler(1).sample()).toThrow(/length must be .* <= 10000000, found 6/);
});
