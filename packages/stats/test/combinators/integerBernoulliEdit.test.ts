import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type EditRow,
  IntegerBernoulliEditDistribution,
  IntegerBernoulliEditEstimator,
} from '../../src/combinators/integerBernoulliEdit.js';
import { IntegerStepBernoulliEditEstimator } from '../../src/combinators/integerStepBernoulliEdit.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../src/families/integerBernoulliSet.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { EDITS, subsetsOf } from '../sets.js';

const initial = new IntegerBernoulliSetDistribution({ p: [0.5, 0.25, 0.75] });
const change = (added: readonly number[], kept: readonly number[], minP = 0) =>
  new IntegerBernoulliEditDistribution({ added, kept, initial, minP });
const estimator = new IntegerBernoulliEditEstimator({ initial: new IntegerBernoulliSetEstimator() });
const sets = subsetsOf([0, 1, 2]);
const pairs = sets.flatMap((before) => sets.map((after): EditRow => [before, after]));

const laws = checkFamily({
  offers: EDITS,
  distributions: [
    change([0.25, 0.5, 0.125], [0.75, 0.5, 0.9]),
    change([1e-3, 0.25, 0.5], [0.5, 1 / 3, 0.25], 0.01),
    change([0.3, 0.2, 0.9], [0.6, 0.7, 0.1]),
  ],
  estimator,
  keyed: new IntegerBernoulliEditEstimator({ ...estimator.options, key: 'shared' }),
  rows: [
    [
      [0, 1],
      [2, 1],
    ],
    [new Set([2]), []],
  ],
  refused: [null, [[0]], [[0], [1], [2]], [0, 1], [[0], [0.5]], [[-1], []], [[0, 0], []], [[], [1, 2, 1]]],
  impossible: [
    [[0], [5]],
    [[3], []],
  ],
  support: { rows: pairs },
  parameters: ({ added, kept }: IntegerBernoulliEditDistribution) => [...added, ...kept],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('IntegerBernoulliEditDistribution', () => {
  it('refuses to draw from sets before that hold integers it does not have', () => {
    const wide = new IntegerBernoulliSetDistribution({ p: [0, 0, 1] });
    const model = new IntegerBernoulliEditDistribution({ added: [0.5], kept: [0.5], initial: wide });
    expect(() => model.sampler(1).sample()).toThrow(
      'initial must be a distribution over sets of integers in 0 … 0, found [2].',
    );
  });

  it.each([
    ['nothing', undefined],
    ['lists of two lengths', { added: [0.5], kept: [0.5, 0.5] }],
    ['a probability above 1', { added: [1.5], kept: [0.5] }],
    ['a model of numbers for the set before', { added: [0.5], kept: [0.5], initial: new GaussianEstimator() }],
  ])('refuses %s', (_, parameters) => {
    expect(() => new IntegerBernoulliEditDistribution(parameters as never)).toThrow(ParameterError);
  });

  it('is the product over all integers: every pair by enumeration, certain changes among them', () => {
    const [added, kept] = [
      [1, 0, 0.25],
      [0, 1, 0.5],
    ];
    const d = new IntegerBernoulliEditDistribution({ added, kept });
    const columns = d.encoder().encode(pairs);
    const scores = new Float64Array(pairs.length);
    d.seqLogDensity(columns, 0, pairs.length, scores);
    pairs.forEach(([before, after], i) => {
      let expected = 1;
      for (let j = 0; j < 3; j++) {
        const p = [...before].includes(j) ? kept[j]! : added[j]!;
        expected *= [...after].includes(j) ? p : 1 - p;
      }
      expect(d.density([before, after])).toBeCloseTo(expected, 12);
      expect(Math.exp(scores[i]!)).toBeCloseTo(expected, 12);
    });
  });

  it('draws the next set of a given one with its probabilities, and refuses what is none', () => {
    const d = new IntegerBernoulliEditDistribution({ added: [0.2, 0.6], kept: [0.9, 0.3] });
    const next = d.sampleGiven([1], 1).sample(4000);
    const share = (j: number) => next.filter((set) => set.includes(j)).length / 4000;
    // Five standard errors.
    expect(Math.abs(share(0) - 0.2)).toBeLessThan(5 * Math.sqrt(0.16 / 4000));
    expect(Math.abs(share(1) - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 4000));
    for (const bad of [[2], [0.5], 3, [0, 0]]) expect(() => d.sampleGiven(bad as never, 1)).toThrow(ParameterError);
    expect(() => d.sampler(1)).toThrow(/use sampleGiven/);
  });

  it('names the place of what it refuses', () => {
    const encode = () =>
      estimator.encoder().encode([
        [[0], [1]],
        [[0], [1, 7, 7]],
      ] as never);
    expect(encode).toThrow(DataError);
    expect(encode).toThrow(/row 1, field "\[1\]\[2\]"/);
  });
});

describe('IntegerBernoulliEditEstimator', () => {
  it('takes shares of the rows at risk, and 1/2 where there are none: the closed form', () => {
    const rows: EditRow[] = [
      [[0], [0, 1]],
      [[0], [1]],
      [[0], []],
    ];
    const { model } = optimize(rows, new IntegerBernoulliEditEstimator());
    expect(model.kept).toEqual([expect.closeTo(1 / 3, 12), 0.5]);
    expect(model.added).toEqual([0.5, expect.closeTo(2 / 3, 12)]);
  });

  it('adds imaginary rows, evenly or as the prior says', () => {
    const rows: EditRow[] = [[[0], [0]]];
    const even = optimize(rows, new IntegerBernoulliEditEstimator({ pseudoCount: 4 })).model;
    expect([even.added[0], even.kept[0]]).toEqual([0.5, 2 / 3]);
    const prior = { before: [0.25], added: [1], kept: [0] };
    const { added, kept } = optimize(rows, new IntegerBernoulliEditEstimator({ pseudoCount: 4, prior })).model;
    expect([added[0], kept[0]]).toEqual([1, 0.5]);
  });

  it.each<[string, EditRow[]]>([
    [
      'empty sets',
      [
        [[], []],
        [[], []],
      ],
    ],
    [
      'one integer',
      [
        [[0], []],
        [[], [0]],
        [[0], [0]],
      ],
    ],
    [
      'equal rows',
      [
        [
          [0, 1],
          [1, 2],
        ],
        [
          [0, 1],
          [1, 2],
        ],
      ],
    ],
    [
      'sets that never change',
      [
        [[0], [0]],
        [
          [1, 2],
          [2, 1],
        ],
        [[], []],
      ],
    ],
  ])('fits %s, alone and in a mixture', (_, rows) => {
    for (const { model } of [
      optimize(rows, new IntegerBernoulliEditEstimator(), { seed: 1 }),
      optimize(rows, new MixtureEstimator([estimator, estimator]), { seed: 1 }),
    ]) {
      for (const row of rows) expect(model.logDensity(row)).toBeGreaterThan(-Infinity);
    }
  });

  it('carries the type of the family of the set before', () => {
    const rows: EditRow[] = [[[0], [0, 1]]];
    const { model } = optimize(
      rows,
      new IntegerBernoulliEditEstimator({ initial: new IntegerBernoulliSetEstimator() }),
    );
    expectTypeOf(model.initial).toEqualTypeOf<IntegerBernoulliSetDistribution>();
    expect(model.initial.p).toEqual([1]);
    const stepped = new IntegerStepBernoulliEditEstimator({ initial: new IntegerBernoulliSetEstimator() });
    expectTypeOf(optimize(rows, stepped).model.initial).toEqualTypeOf<IntegerBernoulliSetDistribution>();
  });
});

it('takes what rounding leaves of the rows that lack an integer for none, so that it is as likely to be added as not', () => {
  const rows: EditRow[] = Array.from({ length: 30 }, () => [[0], [0]]);
  const weights = rows.map((_, i) => 0.1 * (i + 1));
  const estimator = new IntegerBernoulliEditEstimator();
  const columns = estimator.encoder().encode(rows);
  const parts = [1, 7, 30].map((step) => {
    const whole = estimator.accumulator(columns);
    for (let start = 0; start < rows.length; start += step) {
      const part = estimator.accumulator(columns);
      const end = Math.min(rows.length, start + step);
      part.seqUpdate(columns, start, end, Float64Array.from(weights.slice(start, end)));
      whole.combine(part.value());
    }
    const { edits, initial } = whole.value();
    // The counts of two sums, one of them an ulp or so lower: what another order of adding may give.
    return { edits: { ...edits, counts: edits.counts.map((count) => count * (1 - 2 ** -52)) }, initial };
  });
  for (const statistic of parts) expect(estimator.estimate(statistic).added).toEqual([0.5]);
});
