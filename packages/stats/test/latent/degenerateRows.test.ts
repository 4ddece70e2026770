/** Rows that hold nothing, one thing, or all the same: a fit is defined, or its error is one that speaks to the user. */
import { describe, expect, it } from 'vitest';
import type { AnyEstimator } from '../../src/contract.js';
import * as stats from '../../src/index.js';
import { expectDefined } from '../../src/testing/expect.js';

const gaussian = new stats.GaussianEstimator();
const words = new stats.CategoricalEstimator<string>();
const numbers = new stats.IntegerCategoricalEstimator({ pseudoCount: 1 });
const set = new stats.IntegerBernoulliSetEstimator();
const given = new stats.ConditionalEstimator<typeof words, typeof words>({ a: words }, { otherwise: words });

/** Estimator, lists of rows to fit, and rows that no fit has seen. */
const cases: Readonly<
  Record<string, readonly [AnyEstimator, Readonly<Record<string, readonly unknown[]>>, unknown[]]>
> = {
  BernoulliSet: [
    new stats.BernoulliSetEstimator(),
    { empty: [[], []], 'one item': [['a'], ['a']] },
    [['z'], ['a', 'z']],
  ],
  IntegerBernoulliSet: [set, { empty: [[], []], 'one item': [[0], [0]] }, [[7], []]],
  IntegerBernoulliEdit: [
    new stats.IntegerBernoulliEditEstimator({ initial: set }),
    { empty: [[[], []], [[], []]], 'one item': [[[0], [0]], [[0], [0]]] }, // biome-ignore format: pairs of sets
    [[[1], [0]]],
  ],
  IntegerStepBernoulliEdit: [
    new stats.IntegerStepBernoulliEditEstimator({ initial: set }),
    { empty: [[[], []], [[], []]], 'one item': [[[0], [0]], [[0], [0]]] }, // biome-ignore format: pairs of sets
    [[[1], [0]]],
  ],
  SpearmanRanking: [
    new stats.SpearmanRankingEstimator(),
    { 'one item': [[0], [0]], equal: [[1, 0, 2], [1, 0, 2]] }, // biome-ignore format: rankings
    [[2, 0, 1]],
  ],
  IntegerChowLiuTree: [
    new stats.IntegerChowLiuTreeEstimator(),
    { 'one feature': [[0], [1]], equal: [[1, 0], [1, 0]] }, // biome-ignore format: rows
    [[1, 5]],
  ],
  Multinomial: [new stats.MultinomialEstimator(words), { empty: [[], []], 'one item': [[['a', 1]]] }, [[['z', 2]]]],
  SpikeAndSlab: [new stats.SpikeAndSlabEstimator(), { equal: [3, 3, 3], two: [0, 1] }, [9]],
  VonMisesFisher: [
    new stats.VonMisesFisherEstimator(),
    { equal: [[1, 0], [1, 0]], opposite: [[1, 0], [-1, 0]] }, // biome-ignore format: directions
    [[0, 1]],
  ],
  JointMixture: [
    new stats.JointMixtureEstimator([gaussian, gaussian], [words, words]),
    { equal: [[1, 'a'], [1, 'a']], two: [[1, 'a'], [2, 'b']] }, // biome-ignore format: rows
    [[1, 'z']],
  ],
  SemiSupervisedMixture: [
    new stats.SemiSupervisedMixtureEstimator([gaussian, gaussian]),
    {
      'no labels': [[1, null], [1, null], [4, null]],
      'one label': [[1, 0], [3, 0], [3, null]],
    }, // biome-ignore format: rows
    [[9, null], [2, 1]], // biome-ignore format: rows
  ],
  HierarchicalMixture: [
    new stats.HierarchicalMixtureEstimator([gaussian, gaussian], { mixtureCount: 2 }),
    { empty: [[], []], 'one item': [[1], [1]] },
    [[], [2, 3]],
  ],
  MarkovChain: [new stats.MarkovChainEstimator(), { empty: [[], []], 'one item': [['a'], ['a']] }, [['z', 'a']]],
  'MarkovChain with a prior': [
    new stats.MarkovChainEstimator({ pseudoCount: 2 }),
    { empty: [[], []], 'one item': [['a'], ['a']] },
    [['z', 'a']],
  ],
  HiddenMarkov: [
    new stats.HiddenMarkovEstimator([words, words]),
    { empty: [[], []], 'one item': [['a'], ['a']] },
    [['z']],
  ],
  HiddenSemiMarkov: [
    new stats.HiddenSemiMarkovEstimator([words, words], [new stats.PoissonEstimator(), new stats.PoissonEstimator()], {
      maxDuration: 3,
      shift: [1, 1],
    }),
    { empty: [[], []], 'one item': [['a'], ['a']] },
    [['z']],
  ],
  LookbackHiddenMarkov: [
    new stats.LookbackHiddenMarkovEstimator([given, given], { lag: 1 }),
    { empty: [[], []] },
    [['z', 'a']],
  ],
  TreeHiddenMarkov: [
    new stats.TreeHiddenMarkovEstimator([words, words]),
    { empty: [[], []], 'one node': [[[[0, -1], 'a']], []] },
    [[[[0, -1], 'z']]],
  ],
  HiddenAssociation: [
    new stats.HiddenAssociationEstimator(given),
    { empty: [[[], []], [[], []]], 'one item': [[[['a', 1]], [['b', 1]]]], 'no sources': [[[], [['b', 1]]]] }, // biome-ignore format: links
    [[[['z', 1]], [['b', 1]]]],
  ],
  IntegerHiddenAssociation: [
    new stats.IntegerHiddenAssociationEstimator({ sourceCount: 3, targetCount: 3, stateCount: 2, background: 0.05 }),
    { empty: [[[], []], [[], []]], 'one item': [[[[0, 1]], [[0, 1]]]], 'no sources': [[[], [[0, 1]]]] }, // biome-ignore format: links
    [[[[2, 1]], [[2, 1]]]],
  ],
  SparseMarkovAssociation: [
    new stats.SparseMarkovAssociationEstimator({ valueCount: 4, background: 0.05 }),
    { empty: [[[], []], [[], []]], 'one item': [[[[0, 1]], [[0, 1]]]], 'no sources': [[[], [[0, 1]]]] }, // biome-ignore format: links
    [[[[2, 1]], [[2, 1]]]],
  ],
  IntegerPlsi: [
    new stats.IntegerPlsiEstimator({ stateCount: 2, valueCount: 3, documentCount: 2 }),
    { empty: [[0, []], [0, []]], 'one word': [[0, [[0, 3]]], [0, [[0, 1]]]] }, // biome-ignore format: documents
    [[1, [[0, 1]]], [0, [[2, 1]]]], // biome-ignore format: documents
  ],
  LatentDirichletAllocation: [
    new stats.LatentDirichletAllocationEstimator([numbers, numbers]),
    { empty: [[], []], 'one word': [[[0, 3]], [[0, 1]]], 'some empty': [[], [[0, 1], [2, 1]]] }, // biome-ignore format: documents
    [[[9, 1]], []], // biome-ignore format: documents
  ],
};

describe.each(Object.entries(cases))('%s', (_, [estimator, lists, strangers]) => {
  const twoOfThem = new stats.MixtureEstimator([estimator, estimator]);
  it.each(Object.entries(lists))('of rows that are %s', (which, rows) => {
    const one = rows.map((__, i) => (i === 0 ? 1 : 0));
    for (const [what, each, more] of [
      ['alone', estimator, {}],
      ['alone, weight on one', estimator, { weights: one }],
      ['in a mixture', twoOfThem, {}],
    ] as const) {
      try {
        const options = { seed: 1, maxIterations: 4, ...more };
        const { model, logLikelihood } = stats.optimize(rows as never[], each, options);
        expectDefined(model, `${which} ${what}`);
        expect(logLikelihood).not.toBeNaN();
        for (const row of [...rows, ...strangers]) expect(model.logDensity(row as never)).not.toBeNaN();
      } catch (error) {
        if ((error as { readonly code?: unknown }).code !== 'ESTIMATION') throw error;
        expect((error as Error).message).toMatch(/[a-z]{3}.*\.$/s);
        expect((error as Error).message).not.toMatch(/NaN|undefined|\[object/);
      }
    }
  });
});
