import { expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';

const leaves = [
  stats.BernoulliDistribution,
  stats.BetaDistribution,
  stats.BinomialDistribution,
  stats.ExponentialDistribution,
  stats.GammaDistribution,
  stats.GaussianDistribution,
  stats.GeometricDistribution,
  stats.LogGaussianDistribution,
  stats.NegativeBinomialDistribution,
  stats.PoissonDistribution,
  stats.StudentTDistribution,
  stats.UniformDistribution,
  stats.WeibullDistribution,
];

it.each(leaves)('%o refuses a parameter that is left out, as from JavaScript', (Family) => {
  const whole = Family.fromJSON({ ...sample, type: undefined });
  for (const name of Object.keys(whole.toJSON()).filter((field) => !['type', 'min'].includes(field))) {
    const { [name]: _, ...rest } = { ...whole.toJSON() } as Record<string, unknown>;
    expect(() => new Family(rest as never)).toThrow(ParameterError);
  }
});

/** A value that every family accepts under each of its names. */
const sample = {
  ...{ alpha: 2, beta: 2, degreesOfFreedom: 3, lambda: 1, location: 0, max: 2, mean: 1, min: 1, mu: 0, n: 3, p: 0.5 },
  ...{ scale: 1, shape: 2, sigma2: 1, size: 2 },
};
