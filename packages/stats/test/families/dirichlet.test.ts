import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/contract.js';
import { DirichletDistribution, DirichletEstimator } from '../../src/families/dirichlet.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';

const dirichlet = (...alpha: number[]) => new DirichletDistribution({ alpha });

/** The findings of one M step. */
function findingsOf(estimate: (report: Report) => unknown): string[] {
  const kinds: string[] = [];
  const report: Report = { add: (kind) => void kinds.push(kind), at: () => report };
  estimate(report);
  return kinds;
}

const laws = checkFamily({
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

describe('the estimate', () => {
  // The mean logs of a distribution determine it: ψ(α_j) - ψ(Σα) is one to one.
  it('solves for α from its mean logs, from sparse to sharp', () => {
    const alpha = fc.array(fc.double({ min: -3, max: 5, noNaN: true }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(alpha, (exponents) => {
        const truth = dirichlet(...exponents.map((e) => 10 ** e));
        const estimator = new DirichletEstimator({ pseudoCount: 1, prior: truth.meanLogs() });
        const found = estimator.estimate({ count: 0, sumOfLogs: new Float64Array(truth.alpha.length) });
        // 1e6 · ε is lost to cancellation where Σα is about 1e6.
        truth.alpha.forEach((a, j) => expect(Math.abs(found.alpha[j]! / a - 1)).toBeLessThan(1e-7));
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
