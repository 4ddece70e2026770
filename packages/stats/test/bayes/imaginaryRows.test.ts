import { expect, it } from 'vitest';
import {
  DiagonalGaussianEstimator,
  DiagonalNormalGammaDistribution,
  GaussianEstimator,
  MultivariateGaussianEstimator,
  NormalGammaDistribution,
  NormalWishartDistribution,
  optimize,
  ParameterError,
} from '../../src/index.js';

const rows = { mu: 10, muCount: 2, sigma2: 1, sigma2Count: 2 };

it('of a mean count in the variance of the posterior mode, and not in that of pseudo counts', () => {
  // By hand: μ = (2 + 20) / 4, squares (5.5² + 3.5²) + 2 · 4.5² + 2 · 1 = 85, over 2 + 2.
  const prior = NormalGammaDistribution.ofImaginaryRows(rows);
  const { model } = optimize([0, 2], new GaussianEstimator({ prior }));
  expect(model.mu).toBeCloseTo(5.5, 12);
  expect(model.sigma2).toBeCloseTo(21.25, 12);
  expect(optimize([0, 2], new GaussianEstimator({ prior: rows })).model.sigma2).toBeCloseTo(11.125, 12);
  // Both parameters at once: no neighbour has more of the likelihood times the normal-inverse-gamma density, 2a + 3 = 2, 2b = 2.
  const objective = (mu: number, sigma2: number) =>
    -0.5 * (4 * Math.log(sigma2) + ((0 - mu) ** 2 + (2 - mu) ** 2 + 2 * (mu - 10) ** 2 + 2) / sigma2);
  const best = objective(5.5, 21.25);
  for (const [a, b] of [
    [0.01, 0],
    [-0.01, 0],
    [0, 0.01],
    [0, -0.01],
    [0.01, 0.01],
    [-0.01, 0.01],
  ] as const) {
    expect(objective(model.mu + a, model.sigma2 + b)).toBeLessThan(best);
  }
});

it('are the same for each coordinate, and for a vector of one', () => {
  const both = { mu: [10, -1], muCount: 2, sigma2: [1, 3], sigma2Count: 2 };
  const prior = DiagonalNormalGammaDistribution.ofImaginaryRows(both);
  const { model } = optimize(
    [
      [0, 1],
      [2, 5],
    ],
    new DiagonalGaussianEstimator({ prior }),
  );
  expect(model.sigma2[0]).toBeCloseTo(21.25, 12);
  const other = NormalGammaDistribution.ofImaginaryRows({ ...rows, mu: -1, sigma2: 3 });
  expect(model.sigma2[1]).toBe(optimize([1, 5], new GaussianEstimator({ prior: other })).model.sigma2);
  const wishart = NormalWishartDistribution.ofImaginaryRows({
    mu: [10],
    muCount: 2,
    covariance: [[1]],
    covarianceCount: 2,
  });
  const vector = optimize([[0], [2]], new MultivariateGaussianEstimator({ prior: wishart })).model;
  expect(vector.covariance[0]![0]).toBeCloseTo(21.25, 12);
});

it('give the mode of normal-inverse-Wishart', () => {
  const covariance = [
    [2, 0.5],
    [0.5, 1],
  ];
  const data = [
    [0, 1],
    [2, 5],
    [1, -1],
  ] as const;
  const prior = NormalWishartDistribution.ofImaginaryRows({ mu: [4, 4], muCount: 3, covariance, covarianceCount: 5 });
  const { model } = optimize(data, new MultivariateGaussianEstimator({ prior }));
  const mu = [(3 + 12) / 6, (5 + 12) / 6];
  model.mu.forEach((value, i) => expect(value).toBeCloseTo(mu[i]!, 12));
  for (const [i, j] of [
    [0, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const ofRows = data.reduce((sum, x) => sum + (x[i]! - mu[i]!) * (x[j]! - mu[j]!), 0);
    const ofPrior = 3 * (mu[i]! - 4) * (mu[j]! - 4) + 5 * covariance[i]![j]!;
    expect(model.covariance[i]![j]).toBeCloseTo((ofRows + ofPrior) / 8, 12);
  }
});

it('are refused without a number, and without a value', () => {
  expect(() => NormalGammaDistribution.ofImaginaryRows({ ...rows, muCount: 0 })).toThrow(/muCount/);
  expect(() => NormalGammaDistribution.ofImaginaryRows({ ...rows, mu: Number.NaN })).toThrow(ParameterError);
  const covariance = [[1]];
  const given = { mu: [0], muCount: 1, covariance, covarianceCount: 0 };
  expect(() => NormalWishartDistribution.ofImaginaryRows(given)).toThrow(/covarianceCount/);
  const both = { mu: [0, 1], muCount: 1, sigma2: [1], sigma2Count: 1 };
  expect(() => DiagonalNormalGammaDistribution.ofImaginaryRows(both)).toThrow(/sigma2/);
});

it('are refused where they are no object, or have names that nobody reads', () => {
  const ofVector = { mu: [0], muCount: 1, covariance: [[1]], covarianceCount: 1 };
  const ofDiagonal = { mu: [0], muCount: 1, sigma2: [1], sigma2Count: 1 };
  expect(() => NormalWishartDistribution.ofImaginaryRows(null as never)).toThrow(
    'NormalWishartDistribution.ofImaginaryRows: options must be an object, found null',
  );
  expect(() => DiagonalNormalGammaDistribution.ofImaginaryRows(null as never)).toThrow('must be an object, found null');
  const misspelt = { nuCount: 3 };
  expect(() => NormalWishartDistribution.ofImaginaryRows({ ...ofVector, ...misspelt })).toThrow(
    'did you mean "muCount"?',
  );
  expect(() => DiagonalNormalGammaDistribution.ofImaginaryRows({ ...ofDiagonal, ...misspelt })).toThrow(
    'did you mean "muCount"?',
  );
});
