/** Parts over different kinds of rows: a row that one part cannot hold has density 0 there, in columns and alone. */
import { describe, expect, it } from 'vitest';
import type { AnyDistribution } from '../../src/contract.js';
import * as stats from '../../src/index.js';

const number = new stats.GaussianDistribution({ mu: 1, sigma2: 1 });
const word = new stats.CategoricalDistribution<string | number>([
  ['a', 0.25],
  [1, 0.75],
]);
const parts = [number, word] as const;
const chain = {
  w: [0.5, 0.5],
  transitions: [
    [0.75, 0.25],
    [0.25, 0.75],
  ],
};
const tau = [
  [0.75, 0.25],
  [0.5, 0.5],
];
const joint = { w1: [0.5, 0.5], w2: [0.625, 0.375], tau12: tau, tau21: [[0.6, 1 / 3], [0.4, 2 / 3]] }; // biome-ignore format: a table
const duration = new stats.GeometricDistribution({ p: 0.5 });

const cases: Readonly<Record<string, readonly [AnyDistribution, readonly unknown[]]>> = {
  Mixture: [new stats.MixtureDistribution(parts, { w: [0.5, 0.5] }), ['a', 1, 2]],
  SemiSupervisedMixture: [
    new stats.SemiSupervisedMixtureDistribution(parts, { w: [0.5, 0.5] }),
    [
      ['a', null],
      [1, 1],
      [2, null],
    ],
  ],
  HierarchicalMixture: [new stats.HierarchicalMixtureDistribution(parts, { w: [0.5, 0.5], tau }), [['a', 2], [1]]],
  JointMixture: [
    new stats.JointMixtureDistribution(parts, parts, joint),
    [
      ['a', 2],
      [1, 'a'],
    ],
  ],
  HiddenMarkov: [new stats.HiddenMarkovDistribution(parts, chain), [['a', 2, 1], ['a']]],
  HiddenSemiMarkov: [
    new stats.HiddenSemiMarkovDistribution(parts, [duration, duration], {
      w: [0.5, 0.5],
      transitions: [
        [0, 1],
        [1, 0],
      ],
      maxDuration: 3,
    }),
    [['a', 2, 1], ['a']],
  ],
  TreeHiddenMarkov: [
    new stats.TreeHiddenMarkovDistribution(parts, chain),
    [
      [
        [[0, -1], 2],
        [[1, 0], 'a'],
      ],
    ],
  ],
};

describe.each(Object.entries(cases))('%s', (_, [model, rows]) => {
  it('scores a row alone as it does in columns', () => {
    const scores = stats.seqLogDensity(stats.seqEncode(rows, model), model);
    for (const [i, row] of rows.entries()) {
      expect(scores[i]).toBeGreaterThan(-Infinity);
      expect(model.logDensity(row)).toBeCloseTo(scores[i]!, 12);
    }
  });
});

it('asks only the parts that can hold the row', () => {
  const model = new stats.MixtureDistribution(parts, { w: [0.5, 0.5] });
  expect(model.logDensity('a')).toBeCloseTo(Math.log(0.125), 14);
  expect(model.posterior('a')).toEqual([0, 1]);
  expect(model.componentLogDensity('a')).toEqual([-Infinity, expect.closeTo(Math.log(0.25), 14)]);
});
