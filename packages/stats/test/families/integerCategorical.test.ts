import { describe, expect, it } from 'vitest';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { concatColumns } from '../../src/columns/columns.js';
import { IntegerCategoricalDistribution, IntegerCategoricalEstimator } from '../../src/families/integerCategorical.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF, QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [...LEAF, ...QUERIES, 'slice', 'take', 'concat', 'rowCodes', 'seqInitialize', 'sameAs'],
  distributions: [
    new IntegerCategoricalDistribution({ min: 0, p: [0.1, 0.2, 0.3, 0.4] }),
    new IntegerCategoricalDistribution({ min: -2, p: [0.5, 0, 0, 0, 0.25, 0.25] }),
  ],
  estimator: new IntegerCategoricalEstimator(),
  keyed: new IntegerCategoricalEstimator({ key: 'shared' }),
  refused: [0.5, Number.NaN, Infinity, 2 ** 53, '1', null, undefined, true],
  impossible: [-3, 4, 1000],
  support: { integers: [-10, 10] },
  moments: {
    of: (x: number) => x,
    mean: (d: IntegerCategoricalDistribution) => moment(d, 1),
    sd: (d: IntegerCategoricalDistribution) => Math.sqrt(moment(d, 2) - moment(d, 1) ** 2),
  },
  parameters: (d: IntegerCategoricalDistribution) => d.p,
});

function moment({ min, p }: IntegerCategoricalDistribution, power: number): number {
  return p.reduce((sum, q, k) => sum + q * (min + k) ** power, 0);
}

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('IntegerCategorical', () => {
  it('joins the ranges of parts, one without rows among them', () => {
    const encoder = new IntegerCategoricalEstimator().encoder();
    const joined = concatColumns(encoder, [encoder.encode([5]), encoder.encode([]), encoder.encode([-1, 2])]);
    expect(joined).toEqual({
      rowCount: 3,
      codes: Int32Array.of(6, 0, 3),
      values: Float64Array.of(-1, 0, 1, 2, 3, 4, 5),
      seen: Float64Array.of(-1, 2, 5),
    });
  });

  it('combines with a statistic of another range, and with one that saw nothing', () => {
    const estimator = new IntegerCategoricalEstimator();
    const encode = (rows: number[]) => estimator.encoder().encode(rows);
    const empty = estimator.accumulator(encode([]));
    const left = estimator.accumulator(encode([3]));
    left.seqUpdate(encode([3]), 0, 1, Float64Array.of(1));
    const right = estimator.accumulator(encode([-1, 0]));
    right.seqUpdate(encode([-1, 0]), 0, 2, Float64Array.of(2, 1));
    empty.combine(left.value());
    empty.combine(right.value());
    expect(estimator.estimate(empty.value()).toJSON()).toEqual({
      type: 'IntegerCategorical',
      min: -1,
      p: [0.5, 0.25, 0, 0, 0.25],
    });
  });

  it('leaves out the range of rows of weight 0, and is uniform over the known range without weight', () => {
    const estimator = new IntegerCategoricalEstimator();
    const columns = estimator.encoder().encode([-4, 1, 2, 9]);
    const accumulator = estimator.accumulator(columns);
    expect(estimator.estimate(accumulator.value()).p).toEqual(Array(14).fill(1 / 14));
    accumulator.seqUpdate(columns, 0, 4, Float64Array.of(0, 1, 1, 0));
    expect(estimator.estimate(accumulator.value()).toJSON()).toMatchObject({ min: 1, p: [0.5, 0.5] });
  });

  it('uses the values of a prior beside a declared range', () => {
    const prior = { min: 0, p: [0.25, 0.75] };
    const estimator = new IntegerCategoricalEstimator({ min: 0, max: 2, pseudoCount: 4, prior });
    const { p } = estimator.estimate({ values: Float64Array.of(2), counts: Float64Array.of(4) });
    expect(p).toEqual([1 / 8, 3 / 8, 1 / 2]);
  });

  it('refuses rows that are too far from a declared range or a prior, before it makes the table', () => {
    const apart =
      'hold integers from 0 to 1000000000, a table of 1000000001 probabilities. It must have at most 4194304.';
    expect(() => optimize([1e9], new IntegerCategoricalEstimator({ min: 0, max: 2 }))).toThrow(apart);
    const prior = { min: 0, p: [0.5, 0.5] };
    expect(() => optimize([1e9], new IntegerCategoricalEstimator({ pseudoCount: 1, prior }))).toThrow(apart);
    const levels = new LevelDirichletDistribution<number>(
      new Map([
        [0, 2],
        [1e9, 2],
      ]),
    );
    expect(() => optimize([0], new IntegerCategoricalEstimator({ prior: levels }))).toThrow(apart);
  });

  it('refuses rows that are too far apart for a table', () => {
    expect(() => new IntegerCategoricalEstimator().encoder().encode([0, 1, 1e9])).toThrow(
      expect.objectContaining({ code: 'DATA', row: 2 }),
    );
  });
});
