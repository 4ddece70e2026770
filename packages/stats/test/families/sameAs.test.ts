/** Encoders are the same when they make the same columns and refuse the same rows, and then only. */
import { describe, expect, it } from 'vitest';
import type { Encoder } from '../../src/contract.js';
import * as stats from '../../src/index.js';
import { itself, NumberEncoder, REAL } from '../../src/leaf/numberEncoder.js';

const encoders: Readonly<Record<string, () => Encoder<never>>> = {
  Bernoulli: () => new stats.BernoulliEstimator().encoder(),
  Beta: () => new stats.BetaEstimator().encoder(),
  Binomial: () => new stats.BinomialEstimator().encoder(),
  Categorical: () => new stats.CategoricalEstimator().encoder(),
  Dirac: () => new stats.DiracEstimator({ value: 0 }).encoder(),
  Exponential: () => new stats.ExponentialEstimator().encoder(),
  Gamma: () => new stats.GammaEstimator().encoder(),
  Gaussian: () => new stats.GaussianEstimator().encoder(),
  Geometric: () => new stats.GeometricEstimator().encoder(),
  IntegerCategorical: () => new stats.IntegerCategoricalEstimator().encoder(),
  LogGaussian: () => new stats.LogGaussianEstimator().encoder(),
  NegativeBinomial: () => new stats.NegativeBinomialEstimator().encoder(),
  Poisson: () => new stats.PoissonEstimator().encoder(),
  SpikeAndSlab: () => new stats.SpikeAndSlabEstimator().encoder(),
  StudentT: () => new stats.StudentTEstimator().encoder(),
  Uniform: () => new stats.UniformEstimator().encoder(),
  Weibull: () => new stats.WeibullEstimator().encoder(),
};

/** Families that see rows alike. */
const alike = [
  ['Gaussian', 'StudentT', 'Uniform'],
  ['Binomial', 'NegativeBinomial'],
];

const pairs = Object.keys(encoders).flatMap((a) => Object.keys(encoders).map((b) => [a, b] as const));

/** Rows that each family but a categorical refuses some of, and columns that depend on what is computed. */
const rows = [1, 2, 0.5, 0, -1, 1e9, -1e9, 5e6, true, 'a', null];

function columnsOf(encoder: Encoder<never>, list: readonly unknown[]): unknown {
  try {
    return encoder.encode(list as never);
  } catch (error) {
    return (error as { readonly row: number }).row;
  }
}

describe('encoders', () => {
  it.each(pairs)('of %s and %s are the same when families see rows alike', (a, b) => {
    const [left, right] = [encoders[a]!(), encoders[b]!()];
    const isSame = a === b || alike.some((group) => group.includes(a) && group.includes(b));
    expect(left.sameAs!(right as never)).toBe(isSame);
    // The claim itself: the same columns and refusals for every row alone and for two rows, or a difference somewhere.
    const lists = [...rows.map((row) => [row]), ...rows.slice(0, 9).map((row) => [2, row])];
    const agree = lists.every((list) => {
      const [c, d] = [columnsOf(left, list), columnsOf(right, list)];
      return JSON.stringify(c) === JSON.stringify(d);
    });
    expect(agree).toBe(isSame);
  });

  it('of a third party are never taken for equal by their looks', () => {
    const gaussian = encoders.Gaussian!();
    expect(gaussian.sameAs!({ encode: gaussian.encode } as never)).toBe(false);
    const rule = { expected: REAL.expected, accepts: REAL.accepts };
    expect(gaussian.sameAs!(new NumberEncoder('Gaussian', rule, { x: itself }) as never)).toBe(false);
    expect(gaussian.sameAs!(new NumberEncoder('Gaussian', REAL, { x: (x) => x }) as never)).toBe(false);
    expect(gaussian.sameAs!(new NumberEncoder('Mine', REAL, { x: itself }) as never)).toBe(true);
  });
});
