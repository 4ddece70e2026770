import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/contract.js';
import { DirichletDistribution, DirichletEstimator } from '../../src/families/dirichlet.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma, trigamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import fc from '../property.js';

const dirichlet = (...alpha: number[]) => new DirichletDistribution({ alpha });

/** The findings of one M step. */
function findingsOf(estimate: (report: Report) => unknown): string[] {
  const kinds: string[] = [];
  const report: Report = { add: (kind) => void kinds.push(kind), at: () => report };
  estimate(report);
  return kinds;
}

it('has the covariance and the entropy that numpy and scipy find', () => {
  // scipy.stats.dirichlet([2, 3, 5]): cov(), entropy(); numpy: diag(m) - m mᵀ over Σα + 1.
  const { mean, covariance, entropy } = dirichlet(2, 3, 5);
  expect(mean).toEqual([0.2, 0.3, 0.5]);
  const expected = [0.16, -0.06, -0.1, -0.06, 0.21, -0.15, -0.1, -0.15, 0.25].map((v) => v / 11);
  covariance.flat().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 15));
  expect(entropy).toBeCloseTo(-1.4611820247291334, 13);
});

const laws = checkFamily({
  offers: [
    'pooling',
    'isUnbounded',
    'violation',
    'slice',
    'take',
    'concat',
    'squaredDistances',
    'statisticLength',
    'hasPrior',
    'parameterBlocks',
    'kind',
    'score',
    'sameAs',
    'mean',
    'covariance',
    'mode',
    'entropy',
    'marginalOf',
  ],
  notShown: ['marginalOf'], // the rest of a row, given a part, is no Dirichlet: ask/marginal.test.ts
  unbounded: { distribution: dirichlet(0.4, 6, 1.5), pole: [0, 0.5, 0.5] },
  distributions: [dirichlet(2, 3, 4), dirichlet(1, 1, 1), dirichlet(0.4, 6, 1.5), dirichlet(300, 100, 50)],
  estimator: new DirichletEstimator(),
  keyed: new DirichletEstimator({ key: 'shared' }),
  refused: [[0.5, 0.5], [0.5, 0.6, 0.1], [0.5, -0.1, 0.6], [Number.NaN, 0.5, 0.5], 'x', 1, null, []],
  moments: {
    of: (x: number[]) => x[0]!,
    mean: ({ alpha }: DirichletDistribution) => alpha[0]! / alpha.reduce((a, b) => a + b),
    sd: ({ alpha }: DirichletDistribution) => {
      const total = alpha.reduce((a, b) => a + b);
      const p = alpha[0]! / total;
      return Math.sqrt((p * (1 - p)) / (total + 1));
    },
  },
  parameters: ({ alpha }: DirichletDistribution) => alpha,
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the border of the simplex', () => {
  it('scores a coordinate of 0 by the limit of the density, scalar and in columns', () => {
    const rows = [
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
      [0, 0, 1],
    ];
    const model = dirichlet(0.5, 1, 2);
    const expected = [Infinity, model.logDensity([0.5, 1e-300, 0.5]), -Infinity, Infinity];
    expect(rows.map((x) => model.logDensity(x))).toEqual(expected);
    const out = new Float64Array(4);
    model.seqLogDensity(model.encoder().encode(rows), 0, 4, out);
    expect([...out]).toEqual(expected);
    // An impossible coordinate wins over a pole.
    expect(model.logDensity([0, 1, 0])).toBe(-Infinity);
  });

  it('fits rows that hold zeros', () => {
    const { model } = optimize(
      [
        [0, 1],
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      new DirichletEstimator(),
    );
    expect(model.alpha.every((a) => a > 0 && a < 1)).toBe(true);
  });
});

/**
 * How far α may be off when its mean logs carry the rounding of ψ(α_k) and ψ(Σα), twice: there and in the solver. To first
 * order Δα = J⁻¹ Δm with J = diag(ψ'(α)) - ψ'(Σα) 1 1ᵀ, whose inverse has positive entries (Sherman & Morrison).
 */
function roundingOf(alpha: readonly number[]): number[] {
  const total = alpha.reduce((a, b) => a + b);
  const inverse = alpha.map((a) => 1 / trigamma(a));
  const error = alpha.map((a) => 8 * Number.EPSILON * (Math.abs(digamma(a)) + Math.abs(digamma(total))));
  const shared = trigamma(total) / (1 - trigamma(total) * inverse.reduce((a, b) => a + b));
  const common = shared * inverse.reduce((sum, d, k) => sum + d * error[k]!, 0);
  return inverse.map((d, j) => d * (error[j]! + common) + 1e-12 * alpha[j]!);
}

describe('the estimate', () => {
  // The mean logs of a distribution determine it: ψ(α_j) - ψ(Σα) is one to one.
  it('solves for α from its mean logs, from sparse to sharp', () => {
    const alpha = fc.array(fc.double({ min: -3, max: 5, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(alpha, (exponents) => {
        const truth = dirichlet(...exponents.map((e) => 10 ** e));
        const estimator = new DirichletEstimator({ pseudoCount: 1, prior: truth.meanLogs() });
        const found = estimator.estimate({ count: 0, sumOfLogs: new Float64Array(truth.alpha.length) });
        const limits = roundingOf(truth.alpha);
        truth.alpha.forEach((a, j) => expect(Math.abs(found.alpha[j]! - a)).toBeLessThan(limits[j]!));
      }),
      { numRuns: 300 },
    );
  });

  it('caps the precision of equal rows and says so', () => {
    const row = [0.2, 0.3, 0.5];
    const estimator = new DirichletEstimator();
    const { model } = optimize([row, row, row], estimator);
    expect(model.alpha.reduce((a, b) => a + b) / 1e10).toBeCloseTo(1, 6);
    expect(model.alpha[0]! / 1e10).toBeCloseTo(0.2, 6);
    const statistic = { count: 1, sumOfLogs: Float64Array.from(row, Math.log) };
    expect(findingsOf((report) => estimator.estimate(statistic, report))).toEqual(['degenerate']);
  });
});
