import { describe, expect, expectTypeOf, it } from 'vitest';
import type { DiagonalGaussianDistribution } from '../../src/families/diagonalGaussian.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  diagonalGaussianMixture,
  diagonalGaussianMixtureEstimator,
  gaussianMixture,
  gaussianMixtureEstimator,
} from '../../src/latent/mixtures/gaussianMixture.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE, MIXTURE_QUERIES } from '../offers.js';

const truth = gaussianMixture({ mu: [0, 9], sigma2: [1, 4], w: [0.3, 0.7] });

describe('the law, with a variance that components share', () => {
  const laws = checkFamily({
    offers: [...MIXTURE, ...MIXTURE_QUERIES, 'pooling'],
    notShown: ['isUnbounded', 'kind', 'rowCodes'],
    distributions: [gaussianMixture({ mu: [0, 9], sigma2: 2, w: [0.3, 0.7] })],
    estimator: gaussianMixtureEstimator(2, { keys: { sigma2: 'common' } }),
    refused: ['x', Number.NaN],
    parameters: ({ components, w }: typeof truth) => [...w, ...components.flatMap(({ mu, sigma2 }) => [mu, sigma2])],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, for vectors', () => {
  const laws = checkFamily({
    offers: [...MIXTURE, 'mean', 'covariance', 'pooling'],
    notShown: ['isUnbounded', 'kind', 'rowCodes'],
    distributions: [
      diagonalGaussianMixture({
        mu: [
          [0, 0],
          [8, -8],
        ],
        sigma2: [
          [1, 2],
          [2, 1],
        ],
        w: [0.4, 0.6],
      }),
    ],
    estimator: diagonalGaussianMixtureEstimator(2),
    refused: [[1], [1, 'x'], 1],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a Gaussian mixture', () => {
  it('is a mixture like any other', () => {
    const written = new MixtureDistribution(
      [new GaussianDistribution({ mu: 0, sigma2: 1 }), new GaussianDistribution({ mu: 9, sigma2: 4 })],
      { w: [0.3, 0.7] },
    );
    expect(JSON.stringify(truth)).toBe(JSON.stringify(written));
    const rows = truth.sampler(1).sample(500);
    const e = new GaussianEstimator();
    const named = optimize(rows, gaussianMixtureEstimator(2), { initialModel: truth });
    const plain = optimize(rows, new MixtureEstimator([e, e]), { initialModel: written });
    expect(JSON.stringify(named.model)).toBe(JSON.stringify(plain.model));
  });

  it('shares a variance per coordinate, and counts it once', () => {
    const rows = [
      [0, 0],
      [2, 1],
      [0, 1],
      [50, 10],
      [54, 20],
      [50, 30],
    ];
    const estimator = diagonalGaussianMixtureEstimator(2, { keys: { sigma2: 'v' } });
    const { model } = optimize(rows, estimator, { seed: 1 });
    expect(model.components[0]!.sigma2).toEqual(model.components[1]!.sigma2);
    // Scatter of each cluster about its own mean: 8/3 + 32/3 and 2/3 + 200, over 6 rows.
    expect(model.components[0]!.sigma2[0]).toBeCloseTo((8 / 3 + 32 / 3) / 6, 9);
    expect(model.components[0]!.sigma2[1]).toBeCloseTo((2 / 3 + 200) / 6, 9);
    expectTypeOf(model.components[0]!).toEqualTypeOf<DiagonalGaussianDistribution>();
    // 1 weight, 4 means, 2 shared variances.
    const blocks = estimator.parameterBlocks(model);
    const keyed = new Map(blocks.map(({ key, count }, i) => [key ?? i, count]));
    expect([...keyed.values()].reduce((a, b) => a + b)).toBe(7);
  });

  it('refuses parameters that do not fit together', () => {
    expect(() => gaussianMixture({ mu: [0, 1], sigma2: [1], w: [0.5, 0.5] })).toThrow(
      expect.objectContaining({ code: 'PARAMETER' }),
    );
    expect(() => gaussianMixtureEstimator(0)).toThrow(expect.objectContaining({ code: 'PARAMETER' }));
    // @ts-expect-error rows of a Gaussian mixture are numbers
    expect(() => gaussianMixtureEstimator(1).encoder().encode(['a'])).toThrow(
      expect.objectContaining({ code: 'DATA' }),
    );
  });
});
