import { describe, expect, it } from 'vitest';
import * as stats from '../../src/index.js';

const e = new stats.GaussianEstimator();
const d = new stats.GaussianDistribution({ mu: 0, sigma2: 1 });
/** As from JavaScript: any arguments. */
const make = (name: string, ...args: readonly unknown[]) => {
  const made = (stats as unknown as Record<string, (new (...args: readonly unknown[]) => object) & (() => object)>)[
    name
  ]!;
  return /^[A-Z]/.test(name) ? new made(...args) : (made as (...args: readonly unknown[]) => object)(...args);
};

describe('a parent says what it takes', () => {
  const cases: readonly (readonly [name: string, args: readonly unknown[], message: RegExp])[] = [
    ['MixtureDistribution', [[d]], /the argument must be an object with w, found undefined/],
    [
      'MixtureDistribution',
      [d, d],
      /components must be a list of at least one distribution, as in new Mix.*\(\[d, d\], /,
    ],
    ['MixtureDistribution', [], /components must be a list/],
    [
      'MixtureEstimator',
      [3, e],
      /components must be .* as in new MixtureEstimator\(\[e, e\]\) or new MixtureEstimator\(copies\(3, e\)\), found 3/,
    ],
    ['MixtureEstimator', [e, e], /components must be .* as in new MixtureEstimator\(\[e, e\]\)/],
    ['MixtureEstimator', [e, 3], /components must be a list/],
    ['MixtureEstimator', [[d]], /components\[0\] must be an estimator \(not a distribution\)/],
    ['MixtureEstimator', [[e], 3], /options must be an object, found 3/],
    ['CompositeEstimator', [e, e], /as in new CompositeEstimator\(\[e, e\]\)/],
    ['CompositeDistribution', [d, d], /as in new CompositeDistribution\(\[d, d\]\)/],
    ['RecordEstimator', [{ a: d }], /fields.a must be an estimator \(not a distribution\)/],
    ['RecordEstimator', [{ a: undefined }], /fields.a must be an estimator, found undefined/],
    ['RecordEstimator', [[e]], /fields must be an object/],
    ['RecordDistribution', [{ a: e }], /fields.a must be a distribution/],
    ['OptionalEstimator', [], /estimator must be an estimator, found undefined/],
    ['OptionalEstimator', [d], /estimator must be an estimator \(not/],
    ['OptionalDistribution', [], /dist must be a distribution/],
    ['SequenceEstimator', [], /estimator must be an estimator/],
    ['SequenceEstimator', [d], /estimator must be an estimator \(not/],
    ['SequenceEstimator', [e, { length: d }], /length must be an estimator \(not/],
    ['SequenceEstimator', [e, { length: e }], /length must be an estimator of a distribution over integers >= 0/],
    ['SequenceEstimator', [e, { length: new stats.IgnoredEstimator(d) }], /over integers >= 0/],
    ['SequenceDistribution', [], /dist must be a distribution/],
    ['SequenceDistribution', [e], /dist must be a distribution/],
    ['MultinomialEstimator', [], /estimator must be an estimator/],
    ['MultinomialEstimator', [e, { length: e }], /length must be an estimator of a distribution over integers >= 0/],
    ['MultinomialDistribution', [e], /dist must be a distribution/],
    ['MultinomialDistribution', [d, { length: d }], /length must be a distribution over integers >= 0/],
    ['diracMixture', [d], /the argument must be an object with p/],
    ['diracMixture', [e, { p: 0.5 }], /dist must be a distribution/],
    ['diracMixtureEstimator', [d], /estimator must be an estimator \(not/],
    ['integerMultinomial', [], /the argument must be an object with min, p/],
    ['ConditionalEstimator', [{ a: 5 }], /estimators\["a"\] must be an estimator, found 5/],
    ['ConditionalEstimator', [{ a: d }], /estimators\["a"\] must be an estimator \(not/],
    ['ConditionalEstimator', [], /estimators must be an object, a Map or a list of pairs/],
    ['ConditionalEstimator', [{ a: e }, { otherwise: 5 }], /otherwise must be an estimator, found 5/],
    ['ConditionalEstimator', [{ a: e }, { given: d }], /given must be an estimator/],
    ['ConditionalDistribution', [{ a: d }, { given: 3 }], /given must be a distribution, found 3/],
    ['WeightedEstimator', [], /estimator must be an estimator/],
    ['WeightedDistribution', [], /dist must be a distribution/],
    ['IgnoredEstimator', [e], /dist must be a distribution/],
    ['IgnoredDistribution', [], /dist must be a distribution/],
    ['SelectEstimator', [], /estimators must be a list/],
    ['SelectEstimator', [[e]], /options must be an object/],
    ['SelectDistribution', [[d]], /the argument must be an object with choose/],
    [
      'HiddenMarkovEstimator',
      [3, e],
      /emissions must be .* as in new HiddenMarkovEstimator\(\[e, e\]\) or new .*\(copies\(3, e\)\), found 3/,
    ],
    [
      'HiddenSemiMarkovEstimator',
      [3, e],
      /emissions must be .* as in new HiddenSemiMarkovEstimator\(\[e, e\]\) or new .*, found 3/,
    ],
    ['HiddenSemiMarkovEstimator', [[e], 3], /durations must be .* found 3/],
    ['HiddenSemiMarkovEstimator', [[e], [e]], /options must be an object/],
    ['HiddenSemiMarkovDistribution', [[d], [d]], /the argument must be an object with w, transitions, maxDuration/],
    ['HiddenMarkovEstimator', [[e], { length: e }], /length must be .* over integers/],
    ['HiddenMarkovDistribution', [[d]], /the argument must be an object with w, transitions/],
    ['HiddenMarkovDistribution', [], /emissions must be a list/],
    [
      'HiddenMarkovDistribution',
      [[d], { w: [1], transitions: [[1]], terminalValues: 3 }],
      /terminalValues must be a list, found 3/,
    ],
    [
      'TreeHiddenMarkovEstimator',
      [3, e],
      /emissions must be .* as in new TreeHiddenMarkovEstimator\(\[e, e\]\) .* found 3/,
    ],
    ['LookbackHiddenMarkovEstimator', [3, e], /emissions must be .* as in new LookbackHiddenMarkovEstimator/],
    ['LookbackHiddenMarkovEstimator', [[e]], /options must be an object/],
    ['LookbackHiddenMarkovEstimator', [[e], { lag: 1, length: e }], /length must be .* over integers/],
    ['LookbackHiddenMarkovEstimator', [[e], { lag: 1, initialEmissions: 3 }], /initialEmissions must be a list/],
    ['LookbackHiddenMarkovDistribution', [[d]], /the argument must be an object with lag, w, transitions/],
    [
      'LookbackHiddenMarkovDistribution',
      [[d], { lag: 1, w: [1], transitions: [[1]], initialEmissions: 3 }],
      /initialEmissions must be a list/,
    ],
    ['TreeHiddenMarkovEstimator', [[e], { childCount: e }], /childCount must be .* over integers/],
    ['TreeHiddenMarkovEstimator', [[e], { maxDepth: 1.5 }], /maxDepth must be an integer >= 0, found 1.5/],
    ['TreeHiddenMarkovDistribution', [[d]], /the argument must be an object with w, transitions/],
    ['HiddenAssociationEstimator', [e], /conditional must be a ConditionalEstimator/],
    ['HiddenAssociationEstimator', [], /conditional must be an estimator/],
    ['HiddenAssociationDistribution', [d], /conditional must be a ConditionalDistribution/],
    ['IntegerHiddenAssociationDistribution', [], /the argument must be an object with states, targets/],
    ['IntegerHiddenAssociationDistribution', [{ states: [] }], /states must be a list of at least one row/],
    ['IntegerHiddenAssociationEstimator', [{}], /sourceCount must be an integer >= 1, found undefined/],
    ['SparseMarkovAssociationDistribution', [], /the argument must be an object with initial, transitions/],
    ['SparseMarkovAssociationDistribution', [{ initial: [1] }], /the argument must be an object with from, to, p/],
    ['SparseMarkovAssociationEstimator', [{}], /valueCount must be an integer >= 1, found undefined/],
    ['HierarchicalMixtureEstimator', [3, e], /topics must be a list/],
    ['HierarchicalMixtureEstimator', [[e]], /options must be an object/],
    ['HierarchicalMixtureEstimator', [[e], { mixtureCount: 2, length: 4 }], /length must be an estimator, found 4/],
    ['HierarchicalMixtureDistribution', [[d]], /the argument must be an object with w, tau/],
    ['MarkovChainDistribution', [], /the argument must be an object with initial, transitions/],
    ['MarkovChainDistribution', [{ initial: { a: 1 }, transitions: {}, unseen: '0.5' }], /unseen must be a number/],
    ['MarkovChainEstimator', [{ length: 3 }], /length must be an estimator, found 3/],
    ['MarkovChainEstimator', [{ levels: 3 }], /levels must be a list of states, found 3/],
    ['IntegerMarkovChainDistribution', [], /the argument must be an object with conditional/],
    ['IntegerMarkovChainDistribution', [{}], /conditional must be a list/],
    ['IntegerMarkovChainDistribution', [{ conditional: [null] }], /conditional must be a list/],
    ['IntegerMarkovChainEstimator', [{ valueCount: 2, initial: 3 }], /initial must be an estimator, found 3/],
    ['gaussianMixture', [], /the argument must be an object with mu, sigma2, w/],
    ['gaussianMixture', [{}], /mu must be a list/],
    ['diagonalGaussianMixture', [{ mu: [[0]] }], /sigma2 must be a list/],
  ];
  it.each(cases)('%s(%j)', (name, args, message) => {
    expect(() => make(name, ...args)).toThrow(message);
    try {
      make(name, ...args);
    } catch (error) {
      expect(['PARAMETER', 'OPTION']).toContain((error as { code?: unknown }).code);
    }
  });
});

describe('what is no row scores NaN, by no error and no coerced number', () => {
  const one = { w: [1], transitions: [[1]] };
  const models: Readonly<Record<string, readonly [{ logDensity(x: never): number }, readonly unknown[]]>> = {
    Composite: [new stats.CompositeDistribution([d]), [null, 5, [], [1, 2], 'x']],
    Record: [new stats.RecordDistribution({ a: d }), [null, 5, 'x', [1], {}]],
    Sequence: [new stats.SequenceDistribution(d), [null, 5, 'ab']],
    Multinomial: [new stats.MultinomialDistribution(d), [null, 5, ['a'], [['a']], [[1, '2']], [['1', 2]]]],
    Weighted: [new stats.WeightedDistribution(d), [null, 3, [1], [1, '2'], ['1', 2]]],
    Conditional: [new stats.ConditionalDistribution({ a: d }), [null, 3, ['a'], [{}, 1]]],
    Mixture: [new stats.MixtureDistribution([d], one), ['x', null]],
    SemiSupervisedMixture: [new stats.SemiSupervisedMixtureDistribution([d], one), ['x', null, [1], [1, 1], [1, 'x']]],
    JointMixture: [
      new stats.JointMixtureDistribution([d], [d], { w1: [1], tau12: [[1]] }),
      [null, 3, [1], ['x', 1], [1, null], 'ab'],
    ],
    LatentDirichletAllocation: [
      new stats.LatentDirichletAllocationDistribution([d], { alpha: [1] }),
      [null, 3, 'x', [1], [[1]], [[1, 'x']], [['x', 1]]],
    ],
    IntegerHiddenAssociation: [
      new stats.IntegerHiddenAssociationDistribution({ states: [[1]], targets: [[1]] }),
      [null, 3, [[]], [[], 1], [[0], []], [[['0', 1]], []], [[[0, '1']], []], [[[0, 1]], [[Number.NaN, 1]]]],
    ],
    SparseMarkovAssociation: [
      new stats.SparseMarkovAssociationDistribution({ initial: [1], transitions: { from: [0], to: [0], p: [1] } }),
      [null, 3, [[]], [[], 1], [[0], []], [[['0', 1]], []], [[[0, '1']], []], [[[0, 1]], [[Number.NaN, 1]]]],
    ],
    IntegerPlsi: [
      new stats.IntegerPlsiDistribution({ words: [[1]], states: [[1]], documents: [1] }),
      [null, 3, [0], ['0', []], [0, [1]], [0, [['0', 1]]]],
    ],
    HiddenAssociation: [
      new stats.HiddenAssociationDistribution(new stats.ConditionalDistribution({ a: d })),
      [null, 3, [[]], [[], 1], [['a'], []], [[['a', '1']], []], [[[{}, 1]], []], [[['a', 1]], [['x', 1]]]],
    ],
    HiddenSemiMarkov: [
      new stats.HiddenSemiMarkovDistribution([d], [new stats.GeometricDistribution({ p: 0.5 })], {
        ...one,
        maxDuration: 5,
      }),
      [null, 3, 'x'],
    ],
    HiddenMarkov: [new stats.HiddenMarkovDistribution([d], one), [null, 3, 'x']],
    LookbackHiddenMarkov: [
      new stats.LookbackHiddenMarkovDistribution([new stats.SequenceDistribution(d)], { ...one, lag: 1 }),
      [null, 3, 'x', [1, 'x']],
    ],
    TreeHiddenMarkov: [new stats.TreeHiddenMarkovDistribution([d], one), [null, 3, 'x', [1], [[[0, -1], 'x']]]],
    HierarchicalMixture: [new stats.HierarchicalMixtureDistribution([d], { w: [1], tau: [[1]] }), [null, 3, 'x']],
    MarkovChain: [new stats.MarkovChainDistribution({ initial: { a: 1 }, transitions: {} }), [null, 3, 'a', [{}]]],
    IntegerMarkovChain: [new stats.IntegerMarkovChainDistribution({ conditional: [[1]] }), [null, '0', ['0']]],
  };
  it.each(Object.entries(models))('%s', (_, [model, rows]) => {
    for (const x of rows) expect(model.logDensity(x as never)).toBeNaN();
  });
});
