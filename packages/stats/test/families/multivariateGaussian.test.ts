import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/contract.js';
import {
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
} from '../../src/families/multivariateGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { cholesky, raiseEigenvalues } from '../../src/numeric/cholesky.js';
import { random } from '../../src/numeric/random.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';
import fc from '../property.js';

const make = (mu: number[], covariance: number[][]) => new MultivariateGaussianDistribution({ mu, covariance });
const standard = make(
  [0, 0],
  [
    [1, 0],
    [0, 1],
  ],
);

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
    'concat',
    'begin',
    'sameAs',
    'mean',
    'covariance',
    'mode',
    'entropy',
    'pooling',
    'marginalOf',
    'conditioned',
  ],
  distributions: [
    standard,
    make(
      [-3, 50],
      [
        [4, -1.5],
        [-1.5, 1],
      ],
    ),
    make(
      [1e6, -1e6],
      [
        [1, 0.9],
        [0.9, 1],
      ],
    ),
  ],
  estimator: new MultivariateGaussianEstimator(),
  keyed: new MultivariateGaussianEstimator({ key: 'shared' }),
  refused: [[1], [1, 2, 3], [1, Number.NaN], [1, '2'], 'xy', 1, null, []],
  moments: {
    of: (x: number[]) => x[0]! + x[1]!,
    mean: ({ mu }: MultivariateGaussianDistribution) => mu[0]! + mu[1]!,
    sd: ({ covariance: c }: MultivariateGaussianDistribution) => Math.sqrt(c[0]![0]! + 2 * c[0]![1]! + c[1]![1]!),
  },
  parameters: ({ mu, covariance }: MultivariateGaussianDistribution) => [...mu, ...covariance.flat()],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

it('adds a ridge to every coordinate', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i, 2 * i]);
  const { model } = optimize(rows, new MultivariateGaussianEstimator({ ridge: 1 }));
  // The variance of 0 … 39 is (40² - 1) / 12.
  expect(model.covariance[0]![0]).toBeCloseTo(134.25, 9);
  expect(model.covariance[1]![1]).toBeCloseTo(4 * 133.25 + 1, 9);
  expect(model.covariance[0]![1]).toBeCloseTo(2 * 133.25, 9);
  expect(() => new MultivariateGaussianEstimator({ ridge: -1 })).toThrow(/ridge/);
});

describe('a singular covariance', () => {
  const rows = [
    [0, 0, 0],
    [1, 2, 3],
    [2, 4, 7],
  ]; // 3 rows in 3 dimensions span a plane

  it('is an error that says what to set', () => {
    expect(() => optimize(rows, new MultivariateGaussianEstimator())).toThrow(
      expect.objectContaining({ code: 'ESTIMATION', message: expect.stringContaining('minEigenvalue') }),
    );
  });

  it('is raised to the smallest eigenvalue, and reported', () => {
    const estimator = new MultivariateGaussianEstimator({ minEigenvalue: 0.01 });
    const columns = estimator.encoder().encode(rows);
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(columns, 0, 3, Float64Array.of(1, 1, 1));
    expect(findingsOf((report) => estimator.estimate(accumulator.value(), report))).toEqual(['degenerate']);
    const { model } = optimize(rows, estimator);
    // The largest eigenvalue stays; the trace tells how much the others were raised.
    const trace = model.covariance.reduce((sum, row, i) => sum + row[i]!, 0);
    expect(trace).toBeGreaterThan(2 / 3 + 8 / 3 + 74 / 9);
    expect(trace).toBeLessThan(2 / 3 + 8 / 3 + 74 / 9 + 0.02 + 1e-9);
    expect(Number.isFinite(model.logDensity([1, 1, 1]))).toBe(true);
  });

  it('is regular with a prior covariance', () => {
    const prior = {
      covariance: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      covarianceCount: 1,
    };
    const { model } = optimize(rows.slice(0, 1), new MultivariateGaussianEstimator({ prior }));
    expect(model.covariance).toEqual([
      [0.5, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.5],
    ]);
  });
});

describe('ill-conditioned covariances', () => {
  it('scores by substitution, with the digits that the covariance allows', () => {
    // Σ = [[1, 1 - e], [1 - e, 1]] has the quadratic form (x + y)²/(2(2 - e)) + (x - y)²/2e.
    for (const e of [2 ** -30, 2 ** -44]) {
      const model = make(
        [5, 5],
        [
          [1, 1 - e],
          [1 - e, 1],
        ],
      );
      const rows = [
        [5, 5],
        [6, 6],
        [5.5, 4.5],
      ].map((x) => Float64Array.from(x));
      const out = new Float64Array(3);
      model.seqLogDensity(model.encoder().encode(rows), 0, 3, out);
      rows.forEach(([x, y], i) => {
        const [u, v] = [x! - 5 + (y! - 5), x! - y!];
        const quadratic = (u * u) / (2 * (2 - e)) + (v * v) / (2 * e);
        const expected = -Math.log(2 * Math.PI) - 0.5 * Math.log(e * (2 - e)) - 0.5 * quadratic;
        expect(Math.abs(out[i]! / expected - 1)).toBeLessThan(1e-4);
        expect(out[i]).toBeCloseTo(model.logDensity(rows[i]!), 3);
      });
    }
  });

  it('is not upset by units of measurement', () => {
    const model = make(
      [0, 0],
      [
        [1e-12, 0],
        [0, 1e12],
      ],
    );
    expect(model.logDensity([0, 0])).toBeCloseTo(standard.logDensity([0, 0]), 12);
  });
});

describe('raiseEigenvalues', () => {
  it('changes nothing but the small eigenvalues', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), (d, seed) => {
        const rng = random(seed);
        const b = Float64Array.from({ length: d * d }, () => rng() - 0.5);
        const a = new Float64Array(d * d);
        for (let i = 0; i < d; i++) {
          for (let j = 0; j < d; j++) for (let k = 0; k < d - 1; k++) a[i * d + j]! += b[i * d + k]! * b[j * d + k]!;
        }
        // One eigenvalue is 0. Raised by almost nothing, the matrix stays; raised far, all of it is the identity times that.
        raiseEigenvalues(a, d, 1e-14).forEach((value, i) => expect(value).toBeCloseTo(a[i]!, 12));
        const raised = raiseEigenvalues(a, d, 100);
        raised.forEach((value, i) => expect(value).toBeCloseTo(i % (d + 1) === 0 ? 100 : 0, 10));
        expect(cholesky(raiseEigenvalues(a, d, 1e-6), d)).toBeDefined();
      }),
      { numRuns: 50 },
    );
  });
});
