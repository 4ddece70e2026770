import { describe, expect, it } from 'vitest';
import { WeightedDistribution, WeightedEstimator } from '../../src/combinators/weighted.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { MultivariateGaussianEstimator } from '../../src/families/multivariateGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const weighted = (mu: number) => new WeightedDistribution(new GaussianDistribution({ mu, sigma2: 4 }));

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'squaredDistances', 'pooling'],
    notShown: ['seqInitialize'],
    distributions: [weighted(1), weighted(-20)],
    unbounded: {
      distribution: new WeightedDistribution(new GammaDistribution({ shape: 0.5, scale: 1 })),
      pole: [0, 1],
    },
    estimator: new WeightedEstimator(new GaussianEstimator()),
    keyed: new WeightedEstimator(new GaussianEstimator(), { key: 'shared' }),
    rows: [
      [1, 0],
      [2, 0.5],
      [-3, 7],
    ],
    refused: [1, [1], [1, -1], [1, Number.NaN], [1, Infinity], [Number.NaN, 1], [1, 2, 3]],
    moments: {
      of: ([x]: [number, number]) => x,
      mean: (d: WeightedDistribution<GaussianDistribution>) => d.dist.mu,
      sd: (d: WeightedDistribution<GaussianDistribution>) => Math.sqrt(d.dist.sigma2),
    },
    parameters: (d: WeightedDistribution<GaussianDistribution>) => [d.dist.mu, d.dist.sigma2],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for levels', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'squaredDistances'],
    notShown: ['isUnbounded', 'kind'],
    distributions: [new WeightedDistribution(new CategoricalDistribution({ a: 0.25, b: 0.75 }))],
    estimator: new WeightedEstimator(new CategoricalEstimator()),
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a weighted row', () => {
  it('counts as so many rows, on top of the weight of the row', () => {
    const estimator = new WeightedEstimator(new GaussianEstimator());
    const fit = optimize(
      [
        [1, 3],
        [5, 1],
        [9, 0],
      ],
      estimator,
      { weights: [1, 2, 1] },
    );
    expect(fit.model.dist.mu).toBe((3 * 1 + 2 * 5) / 5);
    // @ts-expect-error a row is a value and its weight
    expect(() => optimize([1, 2], estimator)).toThrow(expect.objectContaining({ code: 'DATA' }));
  });

  it.each([1e10, 1e300, 1.7e308])('of weight 0 is no row, though its value is %d', (far) => {
    const values = [1, 2, 3, 4.5].map((x) => [x, 1] as const);
    const rows = [[far, 0], ...values, [-far, 0], [far, 0]] as const;
    const vectors = (list: readonly (readonly [number, number])[]) => list.map(([x, w]) => [[x, -x], w] as const);
    const numbers = new WeightedEstimator(new GaussianEstimator());
    const diagonal = new WeightedEstimator(new DiagonalGaussianEstimator());
    const full = new WeightedEstimator(new MultivariateGaussianEstimator({ minEigenvalue: 0.1 }));
    for (const maxIterations of [0, 3]) {
      const options = { maxIterations, seed: 1 };
      expect(optimize(rows, numbers, options).model).toEqual(optimize(values, numbers, options).model);
      expect(optimize(vectors(rows), diagonal, options).model).toEqual(
        optimize(vectors(values), diagonal, options).model,
      );
      expect(optimize(vectors(rows), full, options).model).toEqual(optimize(vectors(values), full, options).model);
    }
  });

  it('scores 0 with weight 0, possible or not', () => {
    expect(weighted(0).logDensity([Number.POSITIVE_INFINITY, 0])).toBe(0);
    expect(weighted(0).logDensity([1, -1])).toBe(-Infinity);
    expect(weighted(0).logDensity([1, Number.NaN])).toBeNaN();
  });
});
