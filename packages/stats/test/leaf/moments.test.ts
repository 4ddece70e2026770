import { describe, expect, it } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import type { GaussianOptions } from '../../src/families/gaussian.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { tie } from '../../src/tree/tie.js';

/** Two columns of numbers under tied Gaussians: means and variances of both. */
function fit(columns: readonly (readonly [number, number])[], options: GaussianOptions): number[][] {
  const estimators = [new GaussianEstimator(options), new GaussianEstimator(options)];
  const { model } = optimize(columns as never[], new CompositeEstimator(estimators));
  return model.dists.map(({ mu, sigma2 }) => [mu, sigma2]);
}

// Means 2 and 20, scatters 8 and 200.
const rows = [
  [0, 10],
  [2, 20],
  [4, 30],
] as const;

describe('tied moments', () => {
  it('pools scatters about own means when only the variance is shared', () => {
    expect(fit(rows, { keys: { sigma2: 'v' } })).toEqual([
      [2, 208 / 6],
      [20, 208 / 6],
    ]);
  });

  it('takes own scatters about the shared mean when only the mean is shared', () => {
    expect(fit(rows, { keys: { mu: 'm' } })).toEqual([
      [11, (8 + 3 * 81) / 3],
      [11, (200 + 3 * 81) / 3],
    ]);
  });

  it('is one Gaussian of all rows when both are shared, by one key or by two', () => {
    const both = [11, (208 + 6 * 81) / 6];
    expect(fit(rows, { keys: { mu: 'm', sigma2: 'v' } })).toEqual([both, both]);
    expect(fit(rows, { key: 'k' })).toEqual([both, both]);
  });

  it('takes the scatter about the mean that a prior has moved', () => {
    // Three imaginary rows at 0 halve the means to 1 and 10.
    const prior = { mu: 0, muCount: 3 };
    const pooled = (8 + 3 * 1 + 200 + 3 * 100) / 6;
    expect(fit(rows, { prior, keys: { sigma2: 'v' } })).toEqual([
      [1, pooled],
      [10, pooled],
    ]);
  });

  it('gives a holder without rows the shared variance', () => {
    const estimator = new GaussianEstimator({ keys: { sigma2: 'v' } });
    const columns = estimator.encoder().encode([0, 2, 4]);
    const [full, empty] = [estimator.accumulator(columns), estimator.accumulator(columns)];
    full.seqUpdate(columns, 0, 3, Float64Array.of(1, 1, 1));
    tie({ children: [empty, full], value: () => undefined, combine() {}, fromValue() {} });
    expect(estimator.estimate(empty.value())).toMatchObject({ mu: 0, sigma2: 8 / 3 });
    expect(estimator.estimate(full.value())).toMatchObject({ mu: 2, sigma2: 8 / 3 });
  });
});
