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
const segmented = {
  ...{ emissions: [gaussian], w: [1], transitions: [[1]], length: none, maxDuration: 5, shift: [0] },
  durations: [new stats.GeometricDistribution({ p: 0.5 })],
};
const hidden = { emissions: [gaussian], w: [1], transitions: [[1]], length: none, terminalValues: [] };
const tree = { emissions: [gaussian], w: [1], transitions: [[1]], childCount: none, maxDepth: 10 };
const lookback = {
  emissions: [new stats.SequenceDistribution(gaussian)],
  initialEmissions: [none],
  w: [1],
  transitions: [[1]],
  lag: 1,
  length: none,
};
const list = { dist: gaussian, length: none, lengthNormalized: false };
const diagonal = (...mu: readonly number[]) => new stats.DiagonalGaussianDistribution({ mu, sigma2: mu.map(() => 1) });
const full = (...mu: readonly number[]) =>
  new stats.MultivariateGaussianDistribution({
    mu,
    covariance: mu.map((_, j) => mu.map((_v, k) => (j === k ? 1 : 0))),
  });
const dirichlet = (...alpha: readonly number[]) => new stats.DirichletDistribution({ alpha });
const even = (components: readonly stats.AnyDistribution[]) => ({
  components,
  w: components.map(() => 1 / components.length),
});
const bag = (topic: stats.AnyDistribution) =>
  new stats.HierarchicalMixtureDistribution([topic], { w: [1], tau: [[1]] });
const states = (emission: stats.AnyDistribution) =>
  new stats.HiddenMarkovDistribution([emission], { w: [1], transitions: [[1]] });
const ofTree = (emission: stats.AnyDistribution) =>
  new stats.TreeHiddenMarkovDistribution([emission], { w: [1], transitions: [[1]] });
const association = (target: stats.AnyDistribution) =>
  new stats.HiddenAssociationDistribution(
    new stats.ConditionalDistribution<stats.AnyDistribution>({ a: target }) as stats.AnyConditional,
  );
const steps = new stats.MarkovChainDistribution({ initial: { a: 1 }, transitions: { a: { a: 1 } } });
const given = (names: readonly unknown[], model: stats.AnyDistribution) => ({
  levels: names,
  dists: names.map(() => gaussian),
  otherwise: gaussian,
  given: model,
});
/** Models of which no two are over the same rows. */
const strangers = [
  gaussian,
  levels,
  diagonal(0, 0),
  diagonal(0, 0, 0),
  dirichlet(1, 1, 1, 1),
  field(gaussian),
  field(levels),
];
const densities = [
  gaussian,
  new stats.UniformDistribution({ min: 0.6, max: 1.4 }),
  new stats.BetaDistribution({ alpha: 2, beta: 2 }),
  new stats.OptionalDistribution(gaussian, { p: 0.5 }),
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
  ['HiddenMarkov', 'transitions\\[0\\]', { ...hidden, transitions: [{ 0: 1, length: 1 }] }],
  ['HiddenMarkov', 'w', { ...hidden, w: { 0: 1, length: 1 } }],
  ['HierarchicalMixture', 'tau\\[0\\]', { topics: [gaussian], w: [1], tau: [{ 0: 1, length: 1 }], length: none }],
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
  [
    'TreeHiddenMarkov',
    'emissions\\[1\\]',
    {
      ...tree,
      emissions: [gaussian, levels],
      w: [1, 0],
      transitions: [
        [1, 0],
        [1, 0],
      ],
    },
  ],
  ['SemiSupervisedMixture', 'components\\[1\\]', { components: [gaussian, levels], w: [0.5, 0.5] }],
  [
    'JointMixture',
    'components2\\[1\\]',
    { components1: [gaussian], components2: [gaussian, levels], w1: [1], w2: [1, 0], tau12: [[1, 0]], tau21: [[1, 1]] },
  ],
  [
    'LatentDirichletAllocation',
    'topics\\[1\\]',
    { topics: [gaussian, levels], alpha: [1, 1], length: none, gammaThreshold: 1e-8 },
  ],
  ['HierarchicalMixture', 'topics\\[1\\]', { topics: [gaussian, levels], w: [1], tau: [[1, 0]], length: none }],
  ...[gaussian, levels, field(gaussian)].flatMap((a) => [
    ['Mixture', 'components\\[1\\]', even([a, new stats.SequenceDistribution(gaussian)])] as const,
    ['Mixture', 'components\\[1\\]', even([steps, a])] as const,
  ]),
  ['Mixture', 'components\\[1\\]', even([new stats.SequenceDistribution(gaussian), steps])],
  ...[diagonal(0), full(0, 0), dirichlet(1, 1, 1)].flatMap((vectors) => [
    ['Mixture', 'components\\[1\\]', even([vectors, steps])] as const,
    ['Mixture', 'components\\[1\\]', even([steps, vectors])] as const,
  ]),
  ...strangers.flatMap((a) =>
    strangers
      .filter((b) => b !== a)
      .map((b) => ['Mixture', 'components\\[1\\]', even([a, new stats.IgnoredDistribution(b)])] as const),
  ),
  ['Mixture', 'components\\[1\\]', even([full(0, 0), full(0, 0, 0)])],
  ['Mixture', 'components\\[2\\]', even([full(0, 0), full(1, 1), diagonal(0, 0, 0)])],
  ['Mixture', 'components\\[1\\]', even([dirichlet(1, 1), dirichlet(1, 1, 1)])],
  ['Mixture', 'components\\[1\\]', even([field(diagonal(0)), field(diagonal(0, 0))])],
  ['Mixture', 'components\\[1\\]', even([new stats.MixtureDistribution([gaussian], { w: [1] }), levels])],
  ['Mixture', 'components\\[1\\]', even([bag(gaussian), states(levels)])],
  ['Mixture', 'components\\[1\\]', even([bag(gaussian), steps])],
  ['Mixture', 'components\\[1\\]', even([new stats.SequenceDistribution(levels), bag(diagonal(0))])],
  [
    'Mixture',
    'components\\[1\\]',
    even([new stats.WeightedDistribution(gaussian), new stats.WeightedDistribution(levels)]),
  ],
  [
    'Mixture',
    'components\\[1\\]',
    even([new stats.MultinomialDistribution(gaussian), new stats.MultinomialDistribution(levels)]),
  ],
  ['HiddenAssociation', 'conditional', { conditional: gaussian, given: none, length: none }],
  ['HiddenAssociation', 'given', { ...association(gaussian).toJSON(), given: levels }],
  ['HiddenAssociation', 'length', { ...association(gaussian).toJSON(), length: gaussian }],
  ['Conditional', 'given', given(['a'], gaussian)],
  ['Conditional', 'given', given(['a', 1], gaussian)],
  ['Conditional', 'given', given([true], new stats.PoissonDistribution({ lambda: 1 }))],
  ['Conditional', 'given', given([1.5], new stats.PoissonDistribution({ lambda: 1 }))],
  ['Conditional', 'given', given([], diagonal(0))],
  ['Conditional', 'given', given(['a'], new stats.SequenceDistribution(levels))],
  ['Conditional', 'given', given(['a'], field(levels))],
  ...[gaussian, levels, diagonal(0), diagonal(0, 0), new stats.SequenceDistribution(gaussian), field(levels)].map(
    (initial) => ['IntegerMarkovChain', 'initial', { conditional: [[1]], lag: 1, initial, length: none }] as const,
  ),
  ['HiddenMarkov', 'terminalValues\\[0\\]', { ...hidden, terminalValues: [{ end: true }] }],
  ['HiddenMarkov', 'terminalValues\\[1\\]', { ...hidden, terminalValues: [1, 'end'] }],
  [
    'HiddenMarkov',
    'terminalValues\\[0\\].a',
    { ...hidden, emissions: [field(gaussian)], terminalValues: [{ a: 'end' }] },
  ],
  ['HiddenSemiMarkov', 'maxDuration', { ...segmented, maxDuration: 0.5 }],
  ['HiddenSemiMarkov', 'shift\\[0\\]', { ...segmented, shift: [-1] }],
  ['HiddenSemiMarkov', 'durations\\[0\\]', { ...segmented, durations: [new stats.PoissonDistribution({ lambda: 1 })] }],
  ['HiddenSemiMarkov', 'durations', { ...segmented, durations: [] }],
  ['HiddenMarkov', 'terminalValues', { ...hidden, terminalValues: gaussian }],
  ['LookbackHiddenMarkov', 'lag', { ...lookback, lag: 0.5 }],
  ['LookbackHiddenMarkov', 'initialEmissions', { ...lookback, initialEmissions: [none, none] }],
  [
    'LookbackHiddenMarkov',
    'initialEmissions\\[1\\]',
    {
      ...lookback,
      emissions: [list.dist, list.dist],
      initialEmissions: [field(gaussian), levels],
      w: [1, 0],
      transitions: [
        [1, 0],
        [1, 0],
      ],
    },
  ],
  ['TreeHiddenMarkov', 'maxDepth', { ...tree, maxDepth: 0.5 }],
  ['Mixture', 'components\\[1\\]', even([ofTree(gaussian), ofTree(levels)])],
  ...[levels, field(gaussian), diagonal(0), new stats.SequenceDistribution(gaussian)].map(
    (length) => ['Sequence', 'length', { ...list, length }] as const,
  ),
  ...densities.flatMap((length) => [
    ['Sequence', 'length', { ...list, length }] as const,
    ['MarkovChain', 'length', { ...chain, length }] as const,
    ['HiddenMarkov', 'length', { ...hidden, length }] as const,
    ['HiddenSemiMarkov', 'length', { ...segmented, length }] as const,
    ['HiddenSemiMarkov', 'durations\\[0\\]', { ...segmented, durations: [length] }] as const,
    ['TreeHiddenMarkov', 'childCount', { ...tree, childCount: length }] as const,
    ['LookbackHiddenMarkov', 'length', { ...lookback, length }] as const,
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

  it('may have a model of its given levels over these', () => {
    const counts = new stats.PoissonDistribution({ lambda: 1 });
    expect(read('Conditional', given([1, 2], counts))).toMatchObject({ given: counts });
    expect(read('Conditional', given([], levels))).toMatchObject({ given: levels });
    expect(read('Conditional', given(['a', 1, null], none))).toMatchObject({ given: none });
  });

  it('may end lists at a record or a vector, which is known by what it holds', () => {
    const end = new stats.RecordDistribution({ a: new stats.CategoricalDistribution({ end: 1 }) });
    const fields = { ...hidden, emissions: [end], terminalValues: [{ a: 'end' }] };
    const model = read('HiddenMarkov', fields) as stats.HiddenMarkovDistribution<[typeof end]>;
    expect(model.sampler(1).sample()).toEqual([{ a: 'end' }]);
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

/** As a program in JavaScript may call: no compiler stands before it. */
const untyped = stats as unknown as Record<string, new (...args: readonly unknown[]) => unknown>;
const make = (name: string, ...args: readonly unknown[]) => Reflect.construct(untyped[name]!, args) as unknown;

describe('children over different rows', () => {
  const w = [0.5, 0.5];
  const transitions = [w, w];

  it.each([
    ['components', 'MixtureDistribution', { w }],
    ['emissions', 'HiddenMarkovDistribution', { w, transitions }],
    ['emissions', 'TreeHiddenMarkovDistribution', { w, transitions }],
    ['topics', 'HierarchicalMixtureDistribution', { w, tau: transitions }],
  ])('are refused as %s by the constructor of %s', (list, name, parameters) => {
    expect(() => make(name, [gaussian, levels], parameters)).toThrow(
      `${name}: ${list}[1] must be a distribution over the rows of ${list}[0]`,
    );
    expect(() => make(name, [diagonal(0), diagonal(0, 0)], parameters)).toThrow(ParameterError);
    expect(make(name, [gaussian, gaussian], parameters)).toBeDefined();
  });

  const numbers = new stats.GaussianEstimator();
  const lists = new stats.SequenceEstimator(numbers);
  it.each([
    ['components', 'MixtureEstimator', {}],
    ['emissions', 'HiddenMarkovEstimator', {}],
    ['emissions', 'TreeHiddenMarkovEstimator', {}],
    ['topics', 'HierarchicalMixtureEstimator', { mixtureCount: 2 }],
  ])('are refused as %s by the constructor of %s', (list, name, options) => {
    const record = (a: stats.AnyEstimator) => new stats.RecordEstimator({ a });
    const message = `${name}: ${list}[1] must be an estimator over the rows of ${list}[0]`;
    for (const pair of [
      [numbers, lists],
      [numbers, record(numbers)],
      [record(numbers), record(lists)],
      [lists, new stats.SequenceEstimator(record(numbers))],
      [numbers, new stats.MarkovChainEstimator()],
      [new stats.DiagonalGaussianEstimator(), numbers],
      [new stats.MixtureEstimator([numbers]), record(numbers)],
    ]) {
      expect(() => make(name, pair, options)).toThrow(message);
    }
    for (const pair of [
      [numbers, new stats.PoissonEstimator()],
      [numbers, new stats.OptionalEstimator(numbers)],
      [record(numbers), record(new stats.PoissonEstimator())],
      [new stats.NullEstimator(), lists],
      [new stats.SelectEstimator([numbers, lists], { choose: (x) => (Array.isArray(x) ? 1 : 0) }), numbers],
    ]) {
      expect(make(name, pair, options)).toBeDefined();
    }
  });

  it('are refused by the fit where only the rows tell', () => {
    const mixed = make('MixtureEstimator', [numbers, new stats.CategoricalEstimator()]) as stats.AnyEstimator;
    expect(() => stats.optimize(['a', 'b', 'a'], mixed)).toThrow(/components\[1\]/);
  });

  it('are refused where a function of the user does not expect a terminal value', () => {
    const kinds = new stats.SelectDistribution([gaussian], { choose: (x) => (x as unknown as string[])[0]!.length });
    const parameters = { w: [1], transitions: [[1]], terminalValues: [5] };
    expect(() => make('HiddenMarkovDistribution', [kinds], parameters)).toThrow(
      /terminalValues\[0\] must be a row that choose takes \(it threw "Cannot read.*\), found 5/,
    );
  });

  it.each([
    ['given', () => make('ConditionalDistribution', { a: gaussian }, { given: gaussian })],
    ['given', () => make('ConditionalEstimator', { a: numbers }, { given: numbers })],
    ['initial', () => make('IntegerMarkovChainEstimator', { valueCount: 2, initial: numbers })],
    ['initial', () => make('IntegerMarkovChainEstimator', { valueCount: 2, initial: lists })],
    ['terminalValues', () => make('HiddenMarkovEstimator', [numbers], { terminalValues: ['end'] })],
    ['length', () => make('SequenceEstimator', numbers, { length: new stats.UniformEstimator() })],
    ['length', () => make('MarkovChainEstimator', { length: numbers })],
    ['length', () => make('HiddenMarkovEstimator', [numbers], { length: lists })],
    ['length', () => make('HierarchicalMixtureEstimator', [numbers], { mixtureCount: 1, length: numbers })],
    ['length', () => make('IntegerMarkovChainEstimator', { valueCount: 2, length: new stats.BetaEstimator() })],
  ])('are refused as %s: %s', (parameter, run) => {
    expect(run).toThrow(ParameterError);
    expect(run).toThrow(new RegExp(`Markov|Conditional|Sequence|Hierarchical.*: ${parameter}`));
  });
});
