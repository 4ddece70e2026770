/** A row of weight 0 is no row, however far from the others it lies. */
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';
import * as stats from '../../src/index.js';
import { everyFamily } from '../everyFamily.js';

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

it.each(families)('%s is fitted as without the row, to the bit', (_, estimator, rows, far) => {
  const weights = [...rows.map((__, i) => 1 + (i % 3)), 0];
  const options = { maxIterations: 200 };
  const without = stats.optimize(rows, estimator, { ...options, weights: weights.slice(0, -1) });
  expect(stats.optimize([...rows, far], estimator, { ...options, weights })).toEqual(without);
});

/** What a fit finds, with all digits. */
function traceOf(fit: () => stats.FitResult<AnyDistribution>): string {
  try {
    const { model, path } = fit();
    return `${JSON.stringify(model)} ${path.map(({ logLikelihood }) => logLikelihood)}`;
  } catch (error) {
    return String(error); // a model that has no start from these rows, or no fit
  }
}

describe.each(Object.entries(everyFamily))('%s', (_, { model: json, row }) => {
  const random = seedrandom.alea('rows');
  const rows = Array.from({ length: 24 }, (__, i) => row(random, i));
  /** Numbers, levels and lengths that no other row has, and rows of other families. */
  const strange = [1e300, 'z', [], {}, null, [[1e300]], changed(rows[0]), changed(rows[1])];
  const mixed: unknown[] = [];
  const weights: number[] = [];
  rows.forEach((each, i) => {
    if (i % 3 === 0) {
      mixed.push(strange[i / 3]);
      weights.push(0);
    }
    mixed.push(each);
    weights.push(1);
  });
  const start = stats.modelFromJSON(json);

  it.each([
    ['drawn', {}],
    ['given', { initialModel: start }],
  ])('is fitted from a %s start as if rows of weight 0 were not there, to the bit', (__, first) => {
    const estimator = start.estimator() as AnyEstimator;
    const options = { maxIterations: 2, delta: null, ...first };
    const without = traceOf(() => stats.optimize(rows, estimator, options));
    expect(traceOf(() => stats.optimize(mixed, estimator, { ...options, weights }))).toBe(without);
  });
});

/** A row like this one with other numbers, levels and lengths. */
function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1e9;
  if (typeof value === 'string') return `${value}${value}`;
  if (Array.isArray(value)) return [...value, ...value].map(changed);
  return value;
}
