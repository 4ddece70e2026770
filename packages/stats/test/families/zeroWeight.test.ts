/** A row of weight 0 is no row, however far from the others it lies. */
import { expect, it } from 'vitest';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';
import * as stats from '../../src/index.js';

const positive = new stats.GammaDistribution({ shape: 3, scale: 2 }).sampler(1).sample(300);
const real = new stats.GaussianDistribution({ mu: 5, sigma2: 2 }).sampler(1).sample(300);
const counts = new stats.NegativeBinomialDistribution({ mean: 4, size: 2 }).sampler(1).sample(300);

const families: readonly (readonly [string, AnyEstimator, readonly number[], number])[] = [
  ['Beta', new stats.BetaEstimator(), positive.map((x) => x / (1 + x)), 1e-300],
  ['Binomial', new stats.BinomialEstimator(), counts, 2 ** 53 - 1],
  ['Exponential', new stats.ExponentialEstimator(), positive, 1e300],
  ['Gamma', new stats.GammaEstimator(), positive, 1e300],
  ['Gaussian', new stats.GaussianEstimator(), real, 1e300],
  ['Gaussian', new stats.GaussianEstimator(), real, -1.7e308],
  ['Geometric', new stats.GeometricEstimator(), counts.map((x) => x + 1), 2 ** 53 - 1],
  ['IntegerCategorical', new stats.IntegerCategoricalEstimator(), counts, 2 ** 21],
  ['LogGaussian', new stats.LogGaussianEstimator(), positive, 1e300],
  ['NegativeBinomial', new stats.NegativeBinomialEstimator(), counts, 2 ** 53 - 1],
  ['Poisson', new stats.PoissonEstimator(), counts, 2 ** 53 - 1],
  ['SpikeAndSlab', new stats.SpikeAndSlabEstimator(), counts, 2 ** 52],
  ['StudentT', new stats.StudentTEstimator(), real, 1e300],
  ['Uniform', new stats.UniformEstimator(), real, 1e300],
  ['Weibull', new stats.WeibullEstimator(), positive, 1e300],
];

function parametersOf(model: AnyDistribution): readonly number[] {
  return Object.values(model.toJSON())
    .flat()
    .filter((value): value is number => typeof value === 'number');
}

it.each(families)('%s is fitted as without the row', (_, estimator, rows, far) => {
  const weights = [...rows.map((__, i) => 1 + (i % 3)), 0];
  const options = { maxIterations: 200 };
  const without = stats.optimize(rows, estimator, { ...options, weights: weights.slice(0, -1) });
  const withRow = stats.optimize([...rows, far], estimator, { ...options, weights });
  expect(withRow.reason).toBe(without.reason);
  const expected = parametersOf(without.model);
  // Rows are summed in other runs of 1024, and iterations stop within the default tolerance.
  parametersOf(withRow.model).forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(expected[i]!)));
  });
  expect(withRow.logLikelihood).toBeCloseTo(without.logLikelihood, 6);
});
