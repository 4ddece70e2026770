/** One rule for all priors that are imaginary rows: what they are like is given together with their number. */
import { expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';

type Make = (options: never) => { readonly hasPrior?: boolean };

const mixture: Make = (o) => stats.gaussianMixtureEstimator(2, { componentPrior: o });

/** Each value of a prior with its count, and whether the count may stand alone because there is a default. */
const priors: readonly (readonly [string, Make, like: object, count: object, hasDefault: boolean])[] = [
  ['Beta', (o) => new stats.BetaEstimator(o), { prior: { alpha: 1, beta: 2 } }, { pseudoCount: 2 }, true],
  ['Exponential', (o) => new stats.ExponentialEstimator(o), { prior: { mean: 2 } }, { pseudoCount: 2 }, true],
  ['Geometric', (o) => new stats.GeometricEstimator(o), { prior: { p: 0.5 } }, { pseudoCount: 2 }, true],
  ['Poisson', (o) => new stats.PoissonEstimator(o), { prior: { lambda: 2 } }, { pseudoCount: 2 }, false],
  [
    'SpikeAndSlab',
    (o) => new stats.SpikeAndSlabEstimator(o),
    { prior: { spike: 2, p: 0.5 } },
    { pseudoCount: 2 },
    true,
  ],
  [
    'VonMisesFisher',
    (o) => new stats.VonMisesFisherEstimator(o),
    { prior: { mu: [1, 0], kappa: 2 } },
    { pseudoCount: 2 },
    false,
  ],
  ...([stats.GaussianEstimator, stats.LogGaussianEstimator] as const).flatMap((Family) => {
    const make: Make = (o: { readonly prior?: object }) => new Family({ prior: o } as never);
    return [
      [`${Family.name} mean`, make, { mu: 1 }, { muCount: 2 }, false],
      [`${Family.name} variance`, make, { sigma2: 1 }, { sigma2Count: 2 }, false],
    ] as const;
  }),
  ['mixture means', mixture, { mu: [0, 1] }, { muCount: 2 }, false],
  ['mixture variances', mixture, { sigma2: [1, 1] }, { sigma2Count: 2 }, false],
  ['Gamma mean', (o) => new stats.GammaEstimator({ prior: o }), { mean: 1 }, { meanCount: 2 }, true],
  ['Gamma log', (o) => new stats.GammaEstimator({ prior: o }), { meanLog: 1 }, { meanLogCount: 2 }, true],
];

it.each(priors)(
  '%s: a prior without its count is refused by name, and the other way round',
  (_, make, like, count, hasDefault) => {
    const [countName] = Object.keys(count);
    expect(() => make(like as never)).toThrow(ParameterError);
    expect(() => make(like as never)).toThrow(`${countName} must be given together with`);
    if (hasDefault) expect(make(count as never).hasPrior).toBe(true);
    else expect(() => make(count as never)).toThrow(ParameterError);
    expect(make({ ...like, ...count } as never).hasPrior).toBe(true);
    const off = Object.fromEntries(Object.keys(count).map((name) => [name, 0]));
    expect(make({ ...like, ...off } as never).hasPrior).toBe(false);
    expect(make(off as never).hasPrior).toBe(false);
  },
);
