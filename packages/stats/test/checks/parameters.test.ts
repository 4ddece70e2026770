import { expect, it } from 'vitest';
import { formatValue, ParameterError } from '../../src/errors.js';
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

it('names what was given instead of a parameter that is left out', () => {
  expect(() => new stats.GaussianDistribution({ mu: 0, sigma: 1 } as never)).toThrow(
    /^GaussianDistribution: sigma2 must be .* \(unknown: sigma\), found undefined\.$/,
  );
  expect(() => new stats.CategoricalDistribution({ q: { a: 0.5, b: 0.5 } } as never)).toThrow(
    'CategoricalDistribution: p of "q" must be a probability, as in { a: 0.3, b: 0.7 }, found {"a":0.5,"b":0.5}.',
  );
});

it.each([
  [new Float64Array(20), 'Float64Array(20)'],
  [[1, Number.NaN, -Infinity], '[1,NaN,-Infinity]'],
  [{ x: [new Int8Array(2), 'NaN'] }, '{"x":[Int8Array(2),"NaN"]}'],
  [new DataView(new ArrayBuffer(3)), 'DataView(3)'],
])('%j in a message', (value, text) => expect(formatValue(value)).toBe(text));

/** A value that every family accepts under each of its names. */
const sample = {
  ...{ alpha: 2, beta: 2, degreesOfFreedom: 3, lambda: 1, location: 0, max: 2, mean: 1, min: 1, mu: 0, n: 3, p: 0.5 },
  ...{ scale: 1, shape: 2, sigma2: 1, size: 2 },
};
