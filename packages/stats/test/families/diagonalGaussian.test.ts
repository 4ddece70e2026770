import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/contract.js';
import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';

const make = (mu: number[], sigma2: number[]) => new DiagonalGaussianDistribution({ mu, sigma2 });

/** The findings of one M step. */
function findingsOf(estimate: (report: Report) => unknown): string[] {
  const kinds: string[] = [];
  const report: Report = { add: (kind) => void kinds.push(kind), at: () => report };
  estimate(report);
  return kinds;
}

const laws = checkFamily({
  offers: [
    ...LEAF,
    'slice',
    'take',
    'marginalOf',
    'conditioned',
    'concat',
    'children',
    'begin',
    'sameAs',
    'mean',
    'covariance',
    'mode',
    'entropy',
    'pooling',
  ],
  distributions: [make([0, 0], [1, 1]), make([-3, 50], [0.01, 400]), make([1e6, -1e6], [1, 2])],
  estimator: new DiagonalGaussianEstimator(),
  keyed: new DiagonalGaussianEstimator({ key: 'shared' }),
  refused: [[1], [1, 2, 3], [1, Number.NaN], [1, Infinity], [1, '2'], 'xy', 1, null, []],
  moments: {
    of: (x: number[]) => x[1]!,
    mean: (d: DiagonalGaussianDistribution) => d.mu[1]!,
    sd: (d: DiagonalGaussianDistribution) => Math.sqrt(d.sigma2[1]!),
  },
  parameters: ({ mu, sigma2 }: DiagonalGaussianDistribution) => [...mu, ...sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the encoder', () => {
  it('names the ragged row, and the entry that is no number', () => {
    const encoder = new DiagonalGaussianEstimator().encoder();
    expect(() =>
      encoder.encode([
        [1, 2],
        [1, 2],
        [1, 2, 3],
      ]),
    ).toThrow(
      expect.objectContaining({ code: 'DATA', row: 2, path: [], expected: 'a list of 2 numbers, as row 0 is' }),
    );
    expect(() =>
      encoder.encode([
        [1, 2],
        [1, Number.NaN],
      ]),
    ).toThrow(expect.objectContaining({ row: 1, path: [1] }));
  });

  it('takes typed arrays as rows', () => {
    const { model } = optimize([Float64Array.of(1, 4), Float32Array.of(3, 8)], new DiagonalGaussianEstimator());
    expect(model.toJSON()).toEqual({ type: 'DiagonalGaussian', mu: [2, 6], sigma2: [1, 4] });
  });

  it('refuses to join parts of different dimension', () => {
    const encoder = new DiagonalGaussianEstimator().encoder();
    expect(() => encoder.concat([encoder.encode([[1, 2]]), encoder.encode([[1, 2, 3]])])).toThrow(
      expect.objectContaining({ code: 'ESTIMATION' }),
    );
  });
});

describe('the estimate', () => {
  it('keeps the digits of a small variance at a large mean', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [1e8 + (i % 3), i % 2]);
    const { model } = optimize(rows, new DiagonalGaussianEstimator());
    expect(model.mu[0]).toBe(1e8 + 1);
    expect(model.sigma2[0]).toBeCloseTo(2 / 3, 12);
  });

  it('floors the variance of a constant coordinate, and reports it', () => {
    const rows = [
      [7, 1],
      [7, 2],
    ];
    const estimator = new DiagonalGaussianEstimator({ minSigma2: 1e-3 });
    expect(optimize(rows, estimator).model.sigma2).toEqual([1e-3, 0.25]);
    const accumulator = estimator.accumulator(estimator.encoder().encode(rows));
    accumulator.seqUpdate(estimator.encoder().encode(rows), 0, 2, Float64Array.of(1, 1));
    expect(findingsOf((report) => estimator.estimate(accumulator.value(), report))).toEqual(['degenerate']);
    expect(optimize(rows, new DiagonalGaussianEstimator()).model.sigma2).toEqual([1, 0.25]);
  });

  it('counts its parameters, tied ones by their key', () => {
    const model = make([0, 0, 0], [1, 1, 1]);
    const blocks = new DiagonalGaussianEstimator({ keys: { sigma2: 'v' } }).parameterBlocks(model);
    expect(blocks).toEqual([
      { key: undefined, count: 3 },
      { key: 'v', count: 3 },
    ]);
  });
});
