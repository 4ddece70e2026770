import { describe, expect, it } from 'vitest';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';
import { DiagonalGaussianDistribution, DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { DirichletDistribution, DirichletEstimator } from '../../src/families/dirichlet.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import {
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
} from '../../src/families/multivariateGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { VectorEncoder } from '../../src/leaf/vectors/vectors.js';

const diagonal = new DiagonalGaussianDistribution({ mu: [0, 1], sigma2: [1, 2] });
const full = new MultivariateGaussianDistribution({ mu: [0, 1], covariance: diagonal.covariance });
const dirichlet = new DirichletDistribution({ alpha: [2, 3] });
const models: [string, AnyDistribution][] = [
  ['diagonal', diagonal],
  ['full', full],
  ['Dirichlet', dirichlet],
];

describe('scoring a row that a fit would refuse', () => {
  it.each(models)('gives NaN where an entry is no number, and for what is no list: %s', (_, model) => {
    const rows = [
      null,
      undefined,
      1,
      '12',
      new Date(3),
      { length: 2, 0: 0.5, 1: 0.5 },
      new DataView(new ArrayBuffer(2)),
    ];
    const entries = [
      [null, 1],
      ['0.5', '0.5'],
      [0.5, Number.NaN],
      [new Date(0), 1],
      [[0.5], 0.5],
      BigInt64Array.of(0n, 1n),
    ];
    for (const row of [...rows, ...entries]) expect(model.logDensity(row), String(row)).toBeNaN();
    expect(model.density(null)).toBeNaN();
  });

  it.each(models)('gives -Infinity for a list of another length, and infinitely far away: %s', (_, model) => {
    for (const row of [[], [1], [0.5, 0.25, 0.25], [Infinity, 0], [Infinity, Infinity], [-Infinity, Infinity]]) {
      expect(model.logDensity(row), String(row)).toBe(-Infinity);
    }
  });

  it('gives -Infinity where the entries of a correlated Gaussian overflow against each other', () => {
    const covariance = [
      [1, 0.99],
      [0.99, 1],
    ];
    const model = new MultivariateGaussianDistribution({ mu: [0, 0], covariance });
    for (const row of [
      [1.7e308, 1.7e308],
      [Infinity, Infinity],
    ])
      expect(model.logDensity(row)).toBe(-Infinity);
  });
});

describe('the encoder', () => {
  it('makes the same columns as another with the same rule and dimension', () => {
    expect(diagonal.encoder().sameAs(full.encoder())).toBe(true);
    expect(new DiagonalGaussianEstimator().encoder().sameAs(new MultivariateGaussianEstimator().encoder())).toBe(true);
    expect(dirichlet.encoder().sameAs(new DirichletDistribution({ alpha: [1, 1] }).encoder())).toBe(true);
    for (const other of [
      dirichlet.encoder(),
      new DiagonalGaussianEstimator().encoder(),
      new VectorEncoder('Diagonal', 3),
      { encode: diagonal.encoder().encode },
    ]) {
      expect(diagonal.encoder().sameAs(other as VectorEncoder)).toBe(false);
    }
  });

  it('refuses a first row that only claims a length, before it makes room for it', () => {
    const encoder = new DiagonalGaussianEstimator().encoder();
    expect(() => encoder.encode([{ length: 2 ** 40 }])).toThrow(
      expect.objectContaining({ code: 'DATA', row: 0, expected: 'a list of at least one number' }),
    );
    expect(() => encoder.encode([[1, 2], null as never])).toThrow(
      expect.objectContaining({ code: 'DATA', row: 1, expected: 'a list of 2 numbers' }),
    );
  });
});

describe('a row of weight 0', () => {
  const estimators: [string, AnyEstimator][] = [
    ['diagonal', new DiagonalGaussianEstimator()],
    ['full', new MultivariateGaussianEstimator()],
    ['mixture', new MixtureEstimator([new DiagonalGaussianEstimator(), new DiagonalGaussianEstimator()])],
    ['full mixture', new MixtureEstimator([new MultivariateGaussianEstimator(), new MultivariateGaussianEstimator()])],
  ];
  const near = Array.from({ length: 200 }, (_, i) => [10 * (i % 2) + Math.sin(i), Math.cos(1.7 * i)]);

  it.each(estimators)('is as if absent, though it lies at 1e300: %s', (_, estimator) => {
    for (const far of [
      [1e300, -1e300],
      [1e150, 0],
    ]) {
      const rows = [far, ...near, far];
      const weights = rows.map((row) => (row === far ? 0 : 1));
      const fit = optimize(rows, estimator, { weights, seed: 1 });
      expect(fit.findings).toEqual([]);
      // Same rows, but other segments: sums differ by rounding.
      const without = optimize(near, estimator, { seed: 1 });
      expect(fit.logLikelihood / without.logLikelihood).toBeCloseTo(1, 12);
      expect(fit.model.logDensity(near[7])).toBeCloseTo(without.model.logDensity(near[7]), 9);
    }
  });

  it.each(estimators.slice(0, 2))('is no origin for an accumulator that nobody began: %s', (_, estimator) => {
    const columns = estimator.encoder().encode([[1e300, -1e300], ...near]);
    const accumulator = estimator.accumulator(columns);
    accumulator.seqUpdate(
      columns,
      0,
      201,
      Float64Array.from({ length: 201 }, (_, i) => Math.min(i, 1)),
    );
    const expected = optimize(near, estimator).model.logDensity(near[7]);
    expect(estimator.estimate(accumulator.value()).logDensity(near[7])).toBeCloseTo(expected, 9);
  });
});

it('a number of weight 0 is no origin either', () => {
  const estimator = new GaussianEstimator();
  const columns = estimator.encoder().encode([7, 1e300, 1, 2, 3]);
  const accumulator = estimator.accumulator(columns);
  accumulator.seqUpdate(columns, 1, 2, Float64Array.of(0));
  accumulator.seqUpdate(columns, 1, 5, Float64Array.of(0, 1, 1, 1));
  const { mu, sigma2 } = estimator.estimate(accumulator.value());
  expect([mu, sigma2]).toEqual([2, 2 / 3]);
});

describe('what JavaScript lets through', () => {
  it.each([
    ['DiagonalGaussianDistribution', () => new DiagonalGaussianDistribution(undefined as never)],
    ['MultivariateGaussianDistribution', () => new MultivariateGaussianDistribution(undefined as never)],
    ['DirichletDistribution', () => new DirichletDistribution(undefined as never)],
    ['DiagonalGaussianDistribution', () => new DiagonalGaussianDistribution({ mu: [0], sigma2: ['1'] } as never)],
    ['MultivariateGaussianDistribution', () => new MultivariateGaussianDistribution({ mu: [0] } as never)],
    [
      'MultivariateGaussianDistribution',
      () => new MultivariateGaussianDistribution({ mu: '0', covariance: 1 } as never),
    ],
    ['DirichletDistribution', () => new DirichletDistribution({ alpha: [1, '2'] } as never)],
    ['DiagonalGaussianEstimator', () => new DiagonalGaussianEstimator({ prior: { mu: [0], muCount: '2' } } as never)],
    ['DiagonalGaussianEstimator', () => new DiagonalGaussianEstimator({ prior: { mu: ['0'], muCount: 2 } } as never)],
    ['DiagonalGaussianEstimator', () => new DiagonalGaussianEstimator({ minSigma2: '1' } as never)],
    ['MultivariateGaussianEstimator', () => new MultivariateGaussianEstimator({ minEigenvalue: '1' } as never)],
    [
      'MultivariateGaussianEstimator',
      () => new MultivariateGaussianEstimator({ prior: { covariance: 'x', covarianceCount: 1 } } as never),
    ],
    [
      'MultivariateGaussianEstimator',
      () => new MultivariateGaussianEstimator({ prior: { covariance: [[1]], covarianceCount: '1' } } as never),
    ],
    ['DirichletEstimator', () => new DirichletEstimator({ pseudoCount: '2' } as never)],
    ['DirichletEstimator', () => new DirichletEstimator({ pseudoCount: 2, prior: ['-1', -1] } as never)],
  ])('is refused by name: %s', (owner, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'PARAMETER', owner }));
  });
});

describe('mean, covariance, mode and entropy', () => {
  it('are those of samples, and of each other', () => {
    for (const model of [diagonal, full]) {
      expect(model.mean).toEqual([0, 1]);
      expect(model.mode).toEqual([0, 1]);
      expect(model.covariance).toEqual([
        [1, 0],
        [0, 2],
      ]);
      // ½ log((2πe)² · 2)
      expect(model.entropy).toBeCloseTo(Math.log(2 * Math.PI * Math.E) + 0.5 * Math.log(2), 14);
    }
  });

  it('has no mode where a concentration is at most 1', () => {
    expect(new DirichletDistribution({ alpha: [2, 1, 3] }).mode).toBeUndefined();
    expect(new DirichletDistribution({ alpha: [2, 3, 4] }).mode).toEqual([1 / 6, 2 / 6, 3 / 6]);
  });
});

it('keeps a mixture of diagonal and full Gaussians on one set of columns', () => {
  const model = new MixtureDistribution([diagonal, full], { w: [0.5, 0.5] });
  expect(model.logDensity([0, 1])).toBeCloseTo(diagonal.logDensity([0, 1]), 14);
});
