import { describe, expect, it } from 'vitest';
import { type EditRow, IntegerBernoulliEditDistribution } from '../../src/combinators/integerBernoulliEdit.js';
import { IntegerStepBernoulliEditEstimator } from '../../src/combinators/integerStepBernoulliEdit.js';
import { ParameterError } from '../../src/errors.js';
import {
  IntegerBernoulliSetDistribution,
  IntegerBernoulliSetEstimator,
} from '../../src/families/integerBernoulliSet.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { EDITS } from '../sets.js';

const initial = new IntegerBernoulliSetDistribution({ p: [0.5, 0.5, 0.5, 0.5] });
const estimator = new IntegerStepBernoulliEditEstimator({ initial: new IntegerBernoulliSetEstimator() });

const laws = checkFamily({
  offers: EDITS,
  distributions: [
    new IntegerBernoulliEditDistribution({ added: [0.2, 0.2, 0.6, 0.6], kept: [0.3, 0.9, 0.3, 0.9], initial }),
    new IntegerBernoulliEditDistribution({ added: [0.1, 0.5, 0.1, 0.1], kept: [0.5, 0.5, 0.5, 0.9], initial }),
  ],
  estimator,
  keyed: new IntegerStepBernoulliEditEstimator({ ...estimator.options, key: 'shared' }),
  refused: [null, [[0]], [[0], [0.5]]],
  parameters: ({ added, kept }: IntegerBernoulliEditDistribution) => [...added, ...kept],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

/** The largest likelihood of binomial trials when the integers are cut into two groups in any way. */
function bestByEnumeration(trials: readonly (readonly [successes: number, count: number])[]): number {
  const scoreOf = (group: readonly (readonly [number, number])[]) => {
    const successes = group.reduce((sum, [s]) => sum + s, 0);
    const count = group.reduce((sum, [, n]) => sum + n, 0);
    if (successes === 0 || successes === count) return 0;
    return successes * Math.log(successes / count) + (count - successes) * Math.log(1 - successes / count);
  };
  const cuts = Array.from({ length: 2 ** trials.length }, (_, cut) => cut);
  return Math.max(
    ...cuts.map(
      (cut) =>
        scoreOf(trials.filter((_, j) => (cut >> j) % 2 === 0)) + scoreOf(trials.filter((_, j) => (cut >> j) % 2)),
    ),
  );
}

describe('IntegerStepBernoulliEditEstimator', () => {
  it('finds the most likely groups of all', () => {
    const truth = new IntegerBernoulliEditDistribution({
      added: [0.1, 0.2, 0.3, 0.5, 0.6, 0.9],
      kept: [0.9, 0.5, 0.4, 0.2, 0.8, 0.1],
      initial: new IntegerBernoulliSetDistribution({ p: [0.1, 0.5, 0.9, 0.3, 0.5, 0.02] }),
    });
    const rows = truth.sampler(1).sample(400);
    const { model } = optimize(rows, new IntegerStepBernoulliEditEstimator());
    const trialsOf = (isHeld: boolean) =>
      [0, 1, 2, 3, 4, 5].map((j): [number, number] => {
        const atRisk = rows.filter(([before]) => before.includes(j) === isHeld);
        return [atRisk.filter(([, after]) => after.includes(j)).length, atRisk.length];
      });
    const expected = bestByEnumeration(trialsOf(false)) + bestByEnumeration(trialsOf(true));
    expect(rows.reduce((sum, row) => sum + model.logDensity(row), 0)).toBeCloseTo(expected, 8);
    expect(new Set(model.added).size).toBe(2);
    expect(new Set(model.kept).size).toBe(2);
  });

  it('lets each integer count once when asked', () => {
    // Kept by 1 of 2 rows, 1 of 1, and 0 of 3. As 1/2, 1 and 0 the first could be in either group: the larger one is kept small.
    const rows: EditRow[] = [
      [[0, 2], [0]],
      [[0, 2], []],
      [[1, 2], [1]],
    ];
    const fit = (weighting: 'rows' | 'integers') =>
      optimize(rows, new IntegerStepBernoulliEditEstimator({ weighting })).model.kept;
    expect(fit('rows')).toEqual([2 / 3, 2 / 3, 0]);
    expect(fit('integers')).toEqual([0.25, 1, 0.25]);
  });

  it('has one level where all integers are alike', () => {
    const rows: EditRow[] = [
      [[0, 1], [0]],
      [[0, 1], [1]],
    ];
    expect(optimize(rows, new IntegerStepBernoulliEditEstimator()).model.kept).toEqual([0.5, 0.5]);
  });

  it.each<[string, EditRow[]]>([
    ['empty sets', [[[], []]]],
    [
      'one integer',
      [
        [[0], [0]],
        [[0], []],
      ],
    ],
    [
      'equal rows',
      [
        [[0], [1]],
        [[0], [1]],
      ],
    ],
  ])('fits %s', (_, rows) => {
    const { model } = optimize(rows, new IntegerStepBernoulliEditEstimator());
    for (const row of rows) expect(model.logDensity(row)).toBeGreaterThan(-Infinity);
  });

  it('refuses another weighting', () => {
    expect(() => new IntegerStepBernoulliEditEstimator({ weighting: 'even' as never })).toThrow(ParameterError);
  });
});
