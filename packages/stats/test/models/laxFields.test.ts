import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';

const gaussian = new stats.GaussianDistribution({ mu: 0, sigma2: 1 });
const levels = new stats.CategoricalDistribution({ a: 0.5, b: 0.5 });
const pair = (...dists: readonly stats.AnyDistribution[]) => new stats.CompositeDistribution(dists);
const field = (a: stats.AnyDistribution) => new stats.RecordDistribution({ a });
const items = (item: stats.AnyDistribution) => new stats.SequenceDistribution(new stats.OptionalDistribution(item));
const none = new stats.NullDistribution();
const chain = { initial: [['a', 1]], transitions: [['a', [['a', 1]]]], length: none, unseen: 0 };
const hidden = { emissions: [gaussian], w: [1], transitions: [[1]], length: none, terminalValues: [] };
const list = { dist: gaussian, length: none, lengthNormalized: false };
const densities = [
  gaussian,
  new stats.ExponentialDistribution({ mean: 5 }),
  new stats.UniformDistribution({ min: 0, max: 9 }),
  new stats.MixtureDistribution([gaussian], { w: [1] }),
  new stats.IgnoredDistribution(gaussian),
];

/** What a file may hold where a model of another kind is meant. */
const lax: readonly (readonly [string, string, object])[] = [
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', new Map([['a', 1]])]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', new Set([['a', 1]])]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', { a: 1 }]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', gaussian]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', new Date(0)]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [['a', new ArrayBuffer(8)]] }],
  ['MarkovChain', 'transitions', { ...chain, transitions: [[undefined, []]] }],
  ['MarkovChain', 'initial', { ...chain, initial: [[undefined, 1]] }],
  ['MarkovChain', 'initial', { ...chain, initial: [[[1], 1]] }],
  ['Record', 'fields', { fields: [gaussian] }],
  ['Categorical', 'levels', { levels: [undefined], p: [1], unseen: 0 }],
  ['Categorical', 'levels', { levels: [[1]], p: [1], unseen: 0 }],
  ['Optional', 'missing', { dist: gaussian, p: 0.1, missing: [1] }],
  ['Optional', 'missing', { dist: gaussian, p: 0.1, missing: gaussian }],
  ['Mixture', 'components\\[1\\]', { components: [gaussian, levels], w: [0.5, 0.5] }],
  ['Mixture', 'components\\[1\\]', { components: [levels, gaussian], w: [0.5, 0.5] }],
  ['Mixture', 'components\\[1\\]', { components: [pair(gaussian, levels), pair(levels, gaussian)], w: [0.5, 0.5] }],
  ['Mixture', 'components\\[1\\]', { components: [field(gaussian), field(levels)], w: [0.5, 0.5] }],
  ['Mixture', 'components\\[1\\]', { components: [items(gaussian), items(levels)], w: [0.5, 0.5] }],
  [
    'HiddenMarkov',
    'emissions\\[1\\]',
    {
      ...hidden,
      emissions: [gaussian, levels],
      w: [1, 0],
      transitions: [
        [1, 0],
        [1, 0],
      ],
    },
  ],
  ['HierarchicalMixture', 'topics\\[1\\]', { topics: [gaussian, levels], w: [1], tau: [[1, 0]], length: none }],
  ...densities.flatMap((length) => [
    ['Sequence', 'length', { ...list, length }] as const,
    ['MarkovChain', 'length', { ...chain, length }] as const,
    ['HiddenMarkov', 'length', { ...hidden, length }] as const,
    ['HierarchicalMixture', 'length', { topics: [gaussian], w: [1], tau: [[1]], length }] as const,
    ['IntegerMarkovChain', 'length', { conditional: [[1]], lag: 1, initial: none, length }] as const,
  ]),
];

function read(type: string, fields: object): unknown {
  const found = stats.modelTypes.find(({ typeName }) => typeName === type)!;
  // Select alone asks for more than the fields; it is not among these.
  return (found.fromJSON as (fields: object) => unknown)(fields);
}

describe('a model from plain data', () => {
  it.each(lax)('%s is refused by the name of its field %s: %o', (type, field, fields) => {
    expect(() => read(type, fields)).toThrow(ParameterError);
    expect(() => read(type, fields)).toThrow(new RegExp(`^${type}Distribution: ${field}`));
  });

  it.each([
    ['no length', none],
    ['counts', new stats.PoissonDistribution({ lambda: 3 })],
    ['integers', new stats.IntegerCategoricalDistribution({ min: 1, p: [0.5, 0.5] })],
    ['counts that stay as they are', new stats.IgnoredDistribution(new stats.PoissonDistribution({ lambda: 3 }))],
  ])('may have a length model of %s', (_, length) => {
    expect(read('Sequence', { ...list, length })).toMatchObject({ length });
  });

  it.each([
    ['numbers as levels', [gaussian, new stats.CategoricalDistribution([[1, 1]])]],
    ['other levels', [levels, new stats.CategoricalDistribution({ c: 1 })]],
    [
      'other ranges',
      [new stats.UniformDistribution({ min: -2, max: -1 }), new stats.ExponentialDistribution({ mean: 1 })],
    ],
    ['gaps', [new stats.OptionalDistribution(levels, { p: 0.5 }), levels]],
    ['nothing', [none, levels]],
  ])('may have components over %s', (_, components) => {
    expect(read('Mixture', { components, w: [0.5, 0.5] })).toMatchObject({ w: [0.5, 0.5] });
  });
});
