/** Estimators with priors that are distributions, rows of each, and what tests do with them. */
import { DiagonalNormalGammaDistribution } from '../../src/bayes/diagonalNormalGamma.js';
import { DirichletTableDistribution } from '../../src/bayes/dirichletTable.js';
import { LevelBetaDistribution } from '../../src/bayes/levelBeta.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import { NormalWishartDistribution } from '../../src/bayes/normalWishart.js';
import type { AnyEstimator, Scorer } from '../../src/contract.js';
import {
  BernoulliEstimator,
  BernoulliSetEstimator,
  BetaDistribution,
  BinomialEstimator,
  CategoricalEstimator,
  CompositeEstimator,
  ConditionalEstimator,
  DiagonalGaussianEstimator,
  ExponentialEstimator,
  GammaDistribution,
  GaussianEstimator,
  GeometricEstimator,
  IntegerBernoulliSetEstimator,
  IntegerCategoricalEstimator,
  IntegerMarkovChainEstimator,
  integerMultinomialEstimator,
  LogGaussianEstimator,
  MarkovChainEstimator,
  MultinomialEstimator,
  MultivariateGaussianEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SequenceEstimator,
  WeightedEstimator,
} from '../../src/models/models.js';
import fc from '../property.js';

export const normalGamma = new NormalGammaDistribution({ mu: 0.5, lambda: 1.5, alpha: 2.5, beta: 2 });
export const gamma = new GammaDistribution({ shape: 2.5, scale: 0.75 });
export const beta = new BetaDistribution({ alpha: 2.5, beta: 3.5 });
export const levels = new LevelDirichletDistribution({ a: 1.5, b: 2.5 }, { other: 1.25 });
export const integers = new LevelDirichletDistribution<number>([
  [0, 1.5],
  [1, 2.5],
  [2, 1.25],
]);
export const diagonal = new DiagonalNormalGammaDistribution({
  mu: [0, 1],
  lambda: [1, 2],
  alpha: [2, 3],
  beta: [2, 1],
});

export const wishart = new NormalWishartDistribution({
  mu: [0.5, -1],
  lambda: 1.5,
  nu: 4.5,
  scatter: [
    [2, 0.5],
    [0.5, 1],
  ],
});
export const shares = new LevelBetaDistribution<string>(
  { a: { alpha: 1.5, beta: 2.5 } },
  { other: { alpha: 1.25, beta: 2 } },
);
export const integerShares = new LevelBetaDistribution<number>([
  [0, { alpha: 1.5, beta: 2.5 }],
  [1, { alpha: 2, beta: 3 }],
  [2, { alpha: 1.25, beta: 2 }],
]);
export const table = new DirichletTableDistribution<string>(
  { a: levels },
  { other: new LevelDirichletDistribution({ b: 2 }, { other: 1.5 }) },
);
export const integerTable = new DirichletTableDistribution<number>([], { other: integers });

export const real = fc.integer({ min: -40, max: 40 }).map((k) => k / 8);
const level = fc.constantFrom('a', 'b', 'c');
const count = fc.integer({ min: 1, max: 6 });
export const g = new GaussianEstimator({ prior: normalGamma });
const c = new CategoricalEstimator({ prior: levels });

export interface Subject {
  readonly name: string;
  readonly estimator: AnyEstimator;
  readonly row: fc.Arbitrary<unknown>;
}

export const subjects: readonly Subject[] = [
  { name: 'Gaussian', estimator: g, row: real },
  {
    name: 'DiagonalGaussian',
    estimator: new DiagonalGaussianEstimator({ prior: diagonal }),
    row: fc.tuple(real, real),
  },
  { name: 'LogGaussian', estimator: new LogGaussianEstimator({ prior: normalGamma }), row: real.map(Math.exp) },
  { name: 'Categorical', estimator: c, row: level },
  {
    name: 'IntegerCategorical',
    estimator: new IntegerCategoricalEstimator({ prior: integers }),
    row: fc.constantFrom(0, 1, 2),
  },
  { name: 'Poisson', estimator: new PoissonEstimator({ prior: gamma }), row: count },
  { name: 'Exponential', estimator: new ExponentialEstimator({ prior: gamma }), row: count },
  { name: 'Geometric', estimator: new GeometricEstimator({ prior: beta }), row: count },
  { name: 'Bernoulli', estimator: new BernoulliEstimator({ prior: beta }), row: fc.boolean() },
  { name: 'Optional', estimator: new OptionalEstimator(g, { prior: beta }), row: fc.option(real) },
  { name: 'Composite', estimator: new CompositeEstimator([g, c]), row: fc.tuple(real, level) },
  { name: 'Record', estimator: new RecordEstimator({ x: g, y: c }), row: fc.record({ x: real, y: level }) },
  {
    name: 'Sequence',
    estimator: new SequenceEstimator(c, { length: new PoissonEstimator({ prior: gamma }) }),
    row: fc.array(level, { maxLength: 4 }),
  },
  {
    name: 'MultivariateGaussian',
    estimator: new MultivariateGaussianEstimator({ prior: wishart }),
    row: fc.tuple(real, real),
  },
  { name: 'Binomial', estimator: new BinomialEstimator({ prior: beta, min: 1, max: 6 }), row: count },
  {
    name: 'BernoulliSet',
    estimator: new BernoulliSetEstimator({ prior: shares }),
    row: fc.uniqueArray(level, { maxLength: 3 }),
  },
  {
    name: 'IntegerBernoulliSet',
    estimator: new IntegerBernoulliSetEstimator({ prior: integerShares }),
    row: fc.uniqueArray(fc.constantFrom(0, 1, 2), { maxLength: 3 }),
  },
  {
    name: 'Multinomial',
    estimator: new MultinomialEstimator(c, { length: new PoissonEstimator({ prior: gamma }) }),
    row: fc.uniqueArray(fc.tuple(level, count), { maxLength: 3, selector: ([value]) => value }),
  },
  {
    name: 'IntegerMultinomial',
    estimator: integerMultinomialEstimator({ prior: integers }),
    row: fc.uniqueArray(fc.tuple(fc.constantFrom(0, 1, 2), count), { maxLength: 3, selector: ([value]) => value }),
  },
  {
    name: 'MarkovChain',
    estimator: new MarkovChainEstimator({
      prior: { initial: levels, transitions: table },
      length: new PoissonEstimator({ prior: gamma }),
    }),
    row: fc.array(level, { maxLength: 6 }),
  },
  {
    name: 'IntegerMarkovChain',
    estimator: new IntegerMarkovChainEstimator({ valueCount: 3, prior: integerTable }),
    row: fc.array(fc.constantFrom(0, 1, 2), { maxLength: 6 }),
  },
  { name: 'Weighted', estimator: new WeightedEstimator(g), row: fc.tuple(real, count) },
  {
    name: 'Conditional',
    estimator: new ConditionalEstimator({ a: g, b: g }, { otherwise: g, given: c }),
    row: fc.tuple(level, real),
  },
];

/** The statistic of rows `[start, end)`, all rows by default. */
export function statisticOf(estimator: AnyEstimator, rows: readonly unknown[], start = 0, end = rows.length): unknown {
  const columns = estimator.encoder().encode(rows);
  const accumulator = estimator.accumulator(columns);
  accumulator.begin?.(undefined, columns, { float64: (length) => new Float64Array(length) });
  accumulator.seqUpdate(columns, start, end, new Float64Array(end - start).fill(1));
  return accumulator.value();
}

export function scores(scorer: Scorer, estimator: AnyEstimator, rows: readonly unknown[]): Float64Array {
  const columns = estimator.encoder().encode(rows);
  const out = new Float64Array(rows.length);
  scorer.seqLogDensity(columns, 0, rows.length, out);
  return out;
}
