import { BinomialDistribution, BinomialEstimator } from '../../../src/families/binomial.js';
import { ExponentialDistribution, ExponentialEstimator } from '../../../src/families/exponential.js';
import { GammaDistribution, GammaEstimator } from '../../../src/families/gamma.js';
import { GeometricDistribution, GeometricEstimator } from '../../../src/families/geometric.js';
import {
  IntegerCategoricalDistribution,
  IntegerCategoricalEstimator,
} from '../../../src/families/integerCategorical.js';
import { LogGaussianDistribution, LogGaussianEstimator } from '../../../src/families/logGaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../../src/families/poisson.js';
import { type Adapter, defined, type Json, optionalNumber, partOf, varianceOf } from '../adapter.js';

const key = (json: Json) => (json.keys ?? undefined) as string | undefined;

/** The entries of a pair of optional numbers. */
function pair(x: unknown): readonly (number | undefined)[] {
  return ((x as unknown[] | null | undefined) ?? []).map(optionalNumber);
}

const poisson: Adapter = {
  type: 'Poisson',
  parameters: ['lam'],
  options: ['pseudoCount', 'suffStat'],
  distribution: ({ lam }) => new PoissonDistribution({ lambda: lam as number }),
  estimator(json) {
    const lambda = optionalNumber(json.suffStat);
    // The reference ignores a pseudo count without a prior mean; ours refuses it.
    const prior = lambda === undefined ? {} : { pseudoCount: optionalNumber(json.pseudoCount) ?? 0, prior: { lambda } };
    return new PoissonEstimator(defined({ ...prior, key: key(json) }));
  },
  is: (model) => model instanceof PoissonDistribution,
  describe: (model) => ({ type: 'Poisson', lam: (model as PoissonDistribution).lambda }),
};

const exponential: Adapter = {
  type: 'Exponential',
  parameters: ['beta'],
  options: ['pseudoCount', 'suffStat'],
  distribution: ({ beta }) => new ExponentialDistribution({ mean: beta as number }),
  estimator(json) {
    const mean = optionalNumber(json.suffStat);
    const prior = mean === undefined ? undefined : { mean };
    return new ExponentialEstimator(defined({ pseudoCount: optionalNumber(json.pseudoCount), prior, key: key(json) }));
  },
  is: (model) => model instanceof ExponentialDistribution,
  describe: (model) => ({ type: 'Exponential', beta: (model as ExponentialDistribution).mean }),
};

const geometric: Adapter = {
  type: 'Geometric',
  parameters: ['p'],
  options: ['pseudoCount', 'suffStat'],
  distribution: ({ p }) => new GeometricDistribution({ p: Math.min(p as number, 1) }),
  estimator(json) {
    const p = optionalNumber(json.suffStat);
    const prior = p === undefined ? undefined : { p };
    return new GeometricEstimator(defined({ pseudoCount: optionalNumber(json.pseudoCount), prior, key: key(json) }));
  },
  is: (model) => model instanceof GeometricDistribution,
  describe: (model) => ({ type: 'Geometric', p: (model as GeometricDistribution).p }),
};

const gamma: Adapter = {
  type: 'Gamma',
  parameters: ['k', 'theta'],
  options: ['pseudoCount', 'suffStat', 'threshold'],
  distribution: ({ k, theta }) => new GammaDistribution({ shape: k as number, scale: theta as number }),
  estimator(json) {
    const [meanCount, meanLogCount] = pair(json.pseudoCount);
    const [mean, meanLog] = pair(json.suffStat);
    return new GammaEstimator(defined({ prior: defined({ mean, meanCount, meanLog, meanLogCount }), key: key(json) }));
  },
  is: (model) => model instanceof GammaDistribution,
  describe(model) {
    const { shape, scale } = model as GammaDistribution;
    return { type: 'Gamma', k: shape, theta: scale };
  },
};

const logGaussian: Adapter = {
  type: 'LogGaussian',
  parameters: ['mu', 'sigma2'],
  options: ['pseudoCount', 'suffStat'],
  distribution: ({ mu, sigma2 }) => new LogGaussianDistribution({ mu: mu as number, sigma2: varianceOf(sigma2) }),
  estimator(json) {
    const [muCount, sigma2Count] = pair(json.pseudoCount);
    const [mu, sigma2] = pair(json.suffStat);
    return new LogGaussianEstimator(
      defined({ prior: { ...partOf('mu', mu, muCount), ...partOf('sigma2', sigma2, sigma2Count) }, key: key(json) }),
    );
  },
  is: (model) => model instanceof LogGaussianDistribution,
  describe: (model) => ({ ...(model as LogGaussianDistribution).toJSON() }),
};

const binomial: Adapter = {
  type: 'Binomial',
  parameters: ['p', 'n', 'minVal'],
  options: ['minVal', 'maxVal', 'pseudoCount', 'suffStat'],
  distribution: ({ p, n, minVal }) =>
    new BinomialDistribution({ p: p as number, n: n as number, min: (minVal as number | null | undefined) ?? 0 }),
  estimator(json) {
    const successes = optionalNumber(json.suffStat);
    return new BinomialEstimator(
      defined({
        min: optionalNumber(json.minVal),
        max: optionalNumber(json.maxVal),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: successes === undefined ? undefined : { successes },
        key: key(json),
      }),
    );
  },
  is: (model) => model instanceof BinomialDistribution,
  describe(model) {
    const { p, n, min } = model as BinomialDistribution;
    return { type: 'Binomial', p, n, minVal: min };
  },
};

const integerCategorical: Adapter = {
  type: 'IntegerCategorical',
  parameters: ['minVal', 'pVec'],
  options: ['minVal', 'maxVal', 'pseudoCount', 'suffStat'],
  distribution: ({ minVal, pVec }) =>
    new IntegerCategoricalDistribution({ min: minVal as number, p: pVec as number[] }),
  estimator(json) {
    const suffStat = (json.suffStat ?? undefined) as readonly [number, number[]] | undefined;
    return new IntegerCategoricalEstimator(
      defined({
        min: optionalNumber(json.minVal),
        max: optionalNumber(json.maxVal),
        pseudoCount: optionalNumber(json.pseudoCount),
        prior: suffStat === undefined ? undefined : { min: suffStat[0], p: suffStat[1] },
        key: key(json),
      }),
    );
  },
  is: (model) => model instanceof IntegerCategoricalDistribution,
  describe(model) {
    const { min, p } = model as IntegerCategoricalDistribution;
    return { type: 'IntegerCategorical', minVal: min, pVec: p };
  },
};

export const adapters: readonly Adapter[] = [
  poisson,
  exponential,
  geometric,
  gamma,
  logGaussian,
  binomial,
  integerCategorical,
];
