import { describe, expect, expectTypeOf, it } from 'vitest';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { DiagonalGaussianDistribution } from '../../src/families/diagonalGaussian.js';
import { GaussianDistribution } from '../../src/families/gaussian.js';
import { MultivariateGaussianDistribution } from '../../src/families/multivariateGaussian.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { StudentTDistribution } from '../../src/families/studentT.js';
import { UniformDistribution } from '../../src/families/uniform.js';
import { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';

describe('a mixture of numbers', () => {
  const poissons = new MixtureDistribution(
    [new PoissonDistribution({ lambda: 1 }), new PoissonDistribution({ lambda: 9 })],
    {
      w: [0.25, 0.75],
    },
  );

  it('has the moments of its sums', () => {
    let [mean, square] = [0, 0];
    for (let x = 0; x < 200; x++) {
      mean += x * poissons.density(x);
      square += x * x * poissons.density(x);
    }
    expect(poissons.mean).toBeCloseTo(mean, 12);
    expect(poissons.variance).toBeCloseTo(square - mean * mean, 10);
    expect(poissons.covariance).toBeUndefined();
  });

  it('finds the smallest integer that reaches p', () => {
    let below = 0;
    for (let x = 0; x < 25; x++) {
      const at = poissons.cdf(x);
      expect(poissons.quantile(below + 1e-9 * poissons.density(x))).toBe(x);
      expect(poissons.cdf(x) + poissons.survival(x)).toBeCloseTo(1, 14);
      below = at;
    }
    expect([poissons.quantile(0), poissons.quantile(1)]).toEqual([0, Infinity]);
  });

  it('passes over components of weight 0, and says when a moment does not exist', () => {
    const cauchy = new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 1 });
    const gaussian = new GaussianDistribution({ mu: 3, sigma2: 4 });
    expect(new MixtureDistribution([cauchy, gaussian], { w: [0, 1] }).mean).toBe(3);
    const heavy = new MixtureDistribution([cauchy, gaussian], { w: [0.5, 0.5] });
    expect([heavy.mean, heavy.variance]).toEqual([Number.NaN, Number.NaN]);
    expect(heavy.survival(heavy.quantile(1 - 2 ** -40)) / 2 ** -40).toBeCloseTo(1, 8);
  });

  it('skips the gap between two pieces', () => {
    const uniform = (min: number, max: number) => new UniformDistribution({ min, max });
    const mixture = new MixtureDistribution([uniform(-2, -1), uniform(1, 2)], { w: [0.5, 0.5] });
    expect(mixture.quantile(0.5)).toBe(-1);
    expect(mixture.quantile(0.75)).toBe(1.5);
    expect([mixture.quantile(0), mixture.quantile(1)]).toEqual([-2, 2]);
    expect(() => mixture.quantile(1.5)).toThrow(expect.objectContaining({ code: 'PARAMETER', parameter: 'p' }));
  });
});

describe('a mixture of vectors', () => {
  it('has the covariance between its components too', () => {
    const mixture = new MixtureDistribution(
      [
        new DiagonalGaussianDistribution({ mu: [0, 0], sigma2: [1, 2] }),
        new MultivariateGaussianDistribution({
          mu: [4, 8],
          covariance: [
            [1, 0.5],
            [0.5, 1],
          ],
        }),
      ],
      { w: [0.5, 0.5] },
    );
    expect(mixture.mean).toEqual([2, 4]);
    // Means of the covariances, and of (±2, ±4)(±2, ±4)ᵀ.
    expect(mixture.covariance).toEqual([
      [1 + 4, 0.25 + 8],
      [0.25 + 8, 1.5 + 16],
    ]);
    expect([mixture.variance, mixture.cdf, mixture.quantile]).toEqual([undefined, undefined, undefined]);
  });
});

it('answers what its components answer, to the compiler too', () => {
  const gaussian = new GaussianDistribution({ mu: 0, sigma2: 1 });
  const numbers = new MixtureDistribution([gaussian, gaussian], { w: [0.5, 0.5] });
  expectTypeOf(numbers.mean).toExtend<number>();
  expectTypeOf(numbers.quantile(0.5)).toEqualTypeOf<number>();
  const levels = new MixtureDistribution([new CategoricalDistribution({ a: 1 })], { w: [1] });
  // @ts-expect-error: a categorical has no distribution function
  expect(() => levels.cdf('a')).toThrow(TypeError);
  // @ts-expect-error: and no mean
  expect(levels.mean * 2).toBeNaN();
});
