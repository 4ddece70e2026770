/** What JavaScript lets through and TypeScript does not: values that are no rows, parameters and options that are no numbers. */
import { describe, expect, it } from 'vitest';
import { OptionError, ParameterError } from '../../src/errors.js';
import * as stats from '../../src/index.js';

/** A model of each family over single numbers that is exported: what its estimator gives without rows. */
const numbers = stats.modelTypes.flatMap(({ typeName }) => {
  type Leaf = new () => Pick<stats.PoissonEstimator, 'encoder' | 'accumulator' | 'estimate'>;
  try {
    const estimator = new (stats as unknown as Readonly<Record<string, Leaf>>)[`${typeName}Estimator`]!();
    const model = estimator.estimate(estimator.accumulator(estimator.encoder().encode([])).value());
    return typeof model.sampler(1).sample() === 'number' ? [model] : [];
  } catch {
    return []; // a family with children, or with levels
  }
});

it('finds the families over numbers', () => {
  expect(numbers.length).toBeGreaterThanOrEqual(13);
});

/** Everything here becomes a number when JavaScript is asked to compute with it, or is compared with one. */
const impostors: readonly unknown[] = [
  null,
  undefined,
  '',
  '3',
  true,
  new Date(3),
  [3],
  [],
  {},
  { valueOf: () => 3 },
  Object(3),
  3n,
  Symbol('3'),
  Float64Array.of(3),
];

describe('a scalar score', () => {
  it.each(numbers.map((d) => [d.toJSON().type, d] as const))(
    'of %s is NaN for what is no number',
    (_, distribution) => {
      for (const x of impostors) {
        expect(distribution.logDensity(x as never)).toBeNaN();
        expect(distribution.density(x as never)).toBeNaN();
      }
      expect(distribution.logDensity(Number.NaN)).toBeNaN();
    },
  );

  it('of a Bernoulli is -Infinity for all but true, false, 1 and 0', () => {
    const d = new stats.BernoulliDistribution({ p: 0.5 });
    for (const x of impostors) if (x !== true) expect(d.logDensity(x as never)).toBe(-Infinity);
    expect(d.logDensity(Number.NaN as never)).toBeNaN();
  });

  it('of a categorical is -Infinity for what is no level, also where unseen levels have mass', () => {
    const d = new stats.CategoricalDistribution<stats.Level>(
      [
        ['3', 0.5],
        [3, 0.5],
      ],
      { unseen: 0.1 },
    );
    const levels = [null, '', '3', true];
    for (const x of impostors) {
      if (levels.includes(x as never)) expect(d.logDensity(x as never)).toBeGreaterThan(-Infinity);
      else expect(d.logDensity(x as never)).toBe(-Infinity);
    }
    expect(d.logDensity(Number.NaN)).toBeNaN();
  });
});

const families = [
  ...numbers.map((d) => d.constructor as new (parameters: never) => object),
  stats.BernoulliDistribution,
  stats.CategoricalDistribution,
];

describe('a constructor', () => {
  it.each(families)('%o says what it needs when called without it, or in the form of another library', (Family) => {
    for (const given of [undefined, null, 3, 'x', true]) {
      const make = () => new (Family as new (given: never) => object)(given as never);
      expect(make).toThrow(ParameterError);
      expect(make).toThrow(`${Family.name}: `);
      expect(make).toThrow(/must be an object/);
    }
  });

  it.each(numbers.map((d) => [d] as const))('%o takes no string, boolean or bigint for a number', (d) => {
    const { type: _, ...parameters } = d.toJSON();
    for (const name of Object.keys(parameters))
      for (const bad of ['1', true, null, 1n, name === 'p' ? ['1'] : [1], new Date(1)]) {
        const make = () => new (d.constructor as new (p: never) => object)({ ...parameters, [name]: bad } as never);
        expect(make).toThrow(ParameterError);
      }
  });
});

/** Options of every estimator that has numbers among them, all valid. */
const options: Readonly<Record<string, readonly [make: (options: never) => unknown, valid: object]>> = {
  Bernoulli: [(o) => new stats.BernoulliEstimator(o), { pseudoCount: 1, prior: { p: 0.5 } }],
  BernoulliSet: [(o) => new stats.BernoulliSetEstimator(o), { pseudoCount: 1, minP: 0.1 }],
  Beta: [(o) => new stats.BetaEstimator(o), { pseudoCount: 1, prior: { alpha: 1, beta: 2 } }],
  Binomial: [(o) => new stats.BinomialEstimator(o), { min: 0, max: 5, pseudoCount: 1, prior: { successes: 2 } }],
  Categorical: [(o) => new stats.CategoricalEstimator(o), { pseudoCount: 1 }],
  DiagonalGaussian: [
    (o) => new stats.DiagonalGaussianEstimator(o),
    { prior: { muCount: 1, sigma2Count: 1, mu: [0], sigma2: [1] }, minSigma2: 1 },
  ],
  Dirichlet: [(o) => new stats.DirichletEstimator(o), { pseudoCount: 1 }],
  Exponential: [(o) => new stats.ExponentialEstimator(o), { pseudoCount: 1, prior: { mean: 1 }, minMean: 1 }],
  Gamma: [(o) => new stats.GammaEstimator(o), { prior: { mean: 1, meanCount: 1, meanLog: -1, meanLogCount: 1 } }],
  Gaussian: [
    (o) => new stats.GaussianEstimator(o),
    { prior: { mu: 1, muCount: 1, sigma2: 1, sigma2Count: 1 }, minSigma2: 1 },
  ],
  Geometric: [(o) => new stats.GeometricEstimator(o), { pseudoCount: 1, prior: { p: 0.5 } }],
  HiddenMarkov: [
    // Two states: a list of one number would be the imaginary rows of a single one.
    (o) => new stats.HiddenMarkovEstimator([new stats.GaussianEstimator(), new stats.GaussianEstimator()], o),
    { pseudoCount: { initial: 1, transitions: 1 } },
  ],
  LookbackHiddenMarkov: [
    (o) => {
      const window = new stats.SequenceEstimator(new stats.GaussianEstimator());
      return new stats.LookbackHiddenMarkovEstimator([window, window], o);
    },
    { lag: 1, pseudoCount: { initial: 1, transitions: 1 } },
  ],
  HiddenSemiMarkov: [
    (o) => {
      const [e, g] = [new stats.GaussianEstimator(), new stats.GeometricEstimator()];
      return new stats.HiddenSemiMarkovEstimator([e, e], [g, g], o as never);
    },
    { maxDuration: 9, shift: 0, pseudoCount: { initial: 1, transitions: 1 } },
  ],
  TreeHiddenMarkov: [
    (o) => new stats.TreeHiddenMarkovEstimator([new stats.GaussianEstimator(), new stats.GaussianEstimator()], o),
    { pseudoCount: { initial: 1, transitions: 1 }, maxDepth: 3 },
  ],
  HierarchicalMixture: [
    (o) => new stats.HierarchicalMixtureEstimator([new stats.GaussianEstimator()], o),
    { mixtureCount: 2, pseudoCount: 1 },
  ],
  IntegerBernoulliEdit: [
    (o) => new stats.IntegerBernoulliEditEstimator(o),
    { valueCount: 3, pseudoCount: 1, prior: { before: [0.5], added: [0.5], kept: [0.5] }, minP: 0.1 },
  ],
  IntegerStepBernoulliEdit: [
    (o) => new stats.IntegerStepBernoulliEditEstimator(o),
    { valueCount: 3, pseudoCount: 1, prior: { added: [0.5], kept: [0.5] }, minP: 0.1 },
  ],
  IntegerBernoulliSet: [
    (o) => new stats.IntegerBernoulliSetEstimator(o),
    { valueCount: 3, pseudoCount: 1, prior: [0.5], minP: 0.1 },
  ],
  IntegerCategorical: [
    (o) => new stats.IntegerCategoricalEstimator(o),
    { min: 0, max: 3, pseudoCount: 1, prior: { min: 0, p: [1] } },
  ],
  IntegerChowLiuTree: [(o) => new stats.IntegerChowLiuTreeEstimator(o), { stateCount: 2, pseudoCount: 1 }],
  IntegerMarkovChain: [(o) => new stats.IntegerMarkovChainEstimator(o), { valueCount: 2, lag: 1, pseudoCount: 1 }],
  IntegerHiddenAssociation: [
    (o) => new stats.IntegerHiddenAssociationEstimator(o),
    {
      sourceCount: 1,
      targetCount: 2,
      stateCount: 1,
      background: 0.1,
      pseudoCount: { states: 1, targets: 1 },
      prior: { states: [[1]], targets: [[0.5, 0.5]] },
    },
  ],
  SparseMarkovAssociation: [
    (o) => new stats.SparseMarkovAssociationEstimator(o),
    {
      valueCount: 2,
      background: 0.1,
      pseudoCount: { initial: 1, transitions: 1 },
      prior: { initial: [0.5, 0.5], transitions: { from: [0], to: [1], p: [1] } },
    },
  ],
  IntegerPlsi: [
    (o) => new stats.IntegerPlsiEstimator(o),
    {
      stateCount: 1,
      valueCount: 2,
      documentCount: 1,
      pseudoCount: { words: 1, states: 1, documents: 1 },
      prior: { words: [[0.5, 0.5]], states: [[1]], documents: [1] },
    },
  ],
  JointMixture: [
    (o) => new stats.JointMixtureEstimator([new stats.GaussianEstimator()], [new stats.GaussianEstimator()], o),
    { pseudoCount: { w1: 1, w2: 1, tau: 1 }, prior: { w1: [1], w2: [1], tau12: [[1]], tau21: [[1]] } },
  ],
  LatentDirichletAllocation: [
    (o) => new stats.LatentDirichletAllocationEstimator([new stats.GaussianEstimator()], o),
    { fixedAlpha: [1], pseudoCount: 1, prior: [1], gammaThreshold: 1e-6 },
  ],
  LogGaussian: [
    (o) => new stats.LogGaussianEstimator(o),
    { prior: { mu: 1, muCount: 1, sigma2: 1, sigma2Count: 1 }, minSigma2: 1 },
  ],
  MarkovChain: [(o) => new stats.MarkovChainEstimator(o), { pseudoCount: 1 }],
  Mixture: [(o) => new stats.MixtureEstimator([new stats.GaussianEstimator()], o), { pseudoCount: 1, prior: [1] }],
  MultivariateGaussian: [
    (o) => new stats.MultivariateGaussianEstimator(o),
    { prior: { mu: [0], muCount: 1, covariance: [[1]], covarianceCount: 1 }, minEigenvalue: 1 },
  ],
  NegativeBinomial: [(o) => new stats.NegativeBinomialEstimator(o), { pseudoCount: 1, prior: { mean: 1, size: 1 } }],
  Optional: [(o) => new stats.OptionalEstimator(new stats.GaussianEstimator(), o), { pseudoCount: 1 }],
  Poisson: [(o) => new stats.PoissonEstimator(o), { pseudoCount: 1, prior: { lambda: 1 } }],
  SemiSupervisedMixture: [
    (o) => new stats.SemiSupervisedMixtureEstimator([new stats.GaussianEstimator()], o),
    { pseudoCount: 1, prior: [1] },
  ],
  Dirac: [(o) => new stats.DiracEstimator(o), { value: 1 }],
  SpikeAndSlab: [
    (o) => new stats.SpikeAndSlabEstimator(o),
    { min: 0, max: 3, pseudoCount: 1, prior: { spike: 1, p: 0.5 } },
  ],
  SpearmanRanking: [
    (o) => new stats.SpearmanRankingEstimator(o),
    { rho: 1, pseudoCount: 1, prior: { sigma: [0], rho: 1 } },
  ],
  StudentT: [
    (o) => new stats.StudentTEstimator(o),
    { pseudoCount: 1, prior: { location: 0, scale: 1, degreesOfFreedom: 3 }, degreesOfFreedom: 3, minScale: 1 },
  ],
  Uniform: [(o) => new stats.UniformEstimator(o), { min: 0, max: 3, prior: { min: 0, max: 1 }, minWidth: 1 }],
  VonMisesFisher: [
    (o) => new stats.VonMisesFisherEstimator(o),
    { pseudoCount: 1, prior: { mu: [1, 0], kappa: 2 }, maxKappa: 10 },
  ],
  Weibull: [(o) => new stats.WeibullEstimator(o), { pseudoCount: 1, prior: { shape: 1, scale: 1 } }],
};

/** The same options with one number replaced by each bad value, one after the other. */
function* spoiled(valid: object): Generator<object> {
  for (const [name, value] of Object.entries(valid)) {
    if (typeof value === 'number')
      for (const bad of [String(value), true, Number.NaN, 1n, [value], new Date(1)]) yield { ...valid, [name]: bad };
    else
      for (const inner of spoiled(value))
        yield { ...valid, [name]: Array.isArray(value) ? Object.values(inner) : inner };
  }
}

describe('a numeric option', () => {
  it.each(Object.entries(options))('of %s is a number, never what JavaScript makes one of', (_, [make, valid]) => {
    expect(() => make(valid as never)).not.toThrow();
    let count = 0;
    for (const bad of spoiled(valid)) {
      let error: unknown;
      try {
        make(bad as never);
      } catch (thrown) {
        error = thrown;
      }
      const isClear = error instanceof ParameterError || error instanceof OptionError;
      expect(isClear, `${Object.entries(bad).map(([k, v]) => `${k}: ${typeof v} ${String(v)}`)} gave ${error}`).toBe(
        true,
      );
      count++;
    }
    expect(count).toBeGreaterThan(0);
  });

  it('of `estimator` of a distribution, too', () => {
    for (const d of numbers)
      for (const bad of ['2', Number.NaN, -1, true, null])
        expect(() => d.estimator({ pseudoCount: bad as never })).toThrow(ParameterError);
  });
});
