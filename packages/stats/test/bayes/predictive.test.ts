/** The density of one more row, its parameters integrated out. */
import { describe, expect, it } from 'vitest';
import { LevelBetaDistribution } from '../../src/bayes/levelBeta.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import { NormalWishartDistribution } from '../../src/bayes/normalWishart.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../src/contract.js';
import {
  BernoulliSetEstimator,
  BetaDistribution,
  BinomialEstimator,
  CategoricalEstimator,
  DirichletDistribution,
  ExponentialEstimator,
  GammaDistribution,
  GaussianEstimator,
  GeometricEstimator,
  integerMultinomialEstimator,
  MixtureEstimator,
  MultivariateGaussianEstimator,
  PoissonEstimator,
  SequenceEstimator,
  StudentTEstimator,
} from '../../src/models/models.js';
import predictive from '../fixtures/predictive.json' with { type: 'json' };
import fc from '../property.js';
import { g, scores, statisticOf, subjects } from './subjects.js';

type Known = Bayes<AnyDistribution>;
const bayesOf = (estimator: AnyEstimator) => estimator.bayes as Known;

/** The posterior of the prior of `estimator` after these rows, as an estimator. */
function after(estimator: AnyEstimator, rows: readonly unknown[]): AnyEstimator {
  const bayes = bayesOf(estimator);
  return bayes.withPrior(bayes.posterior(statisticOf(estimator, rows)));
}

const withPrior: Readonly<Record<string, (prior: never) => AnyEstimator>> = {
  Gaussian: (prior) => new GaussianEstimator({ prior: new NormalGammaDistribution(prior) }),
  MultivariateGaussian: (prior) => new MultivariateGaussianEstimator({ prior: new NormalWishartDistribution(prior) }),
  Poisson: (prior) => new PoissonEstimator({ prior: new GammaDistribution(prior) }),
  Exponential: (prior) => new ExponentialEstimator({ prior: new GammaDistribution(prior) }),
  Binomial: (prior) => new BinomialEstimator({ prior: new BetaDistribution(prior), max: 12 }),
  Geometric: (prior) => new GeometricEstimator({ prior: new BetaDistribution(prior) }),
  Multinomial: ({ alpha }: { readonly alpha: readonly number[] }) =>
    integerMultinomialEstimator({
      prior: new LevelDirichletDistribution<number>(alpha.map((a, k): [number, number] => [k, a])),
    }),
};

describe('the predictive log-density', () => {
  it.each(predictive.cases)('of $family is that of scipy', ({ family, prior, rows, logDensities }) => {
    const bayes = bayesOf(withPrior[family]!(prior as never));
    const asRow = (row: unknown) => (family === 'Multinomial' ? [...(row as number[]).entries()] : row);
    rows.forEach((row, i) => {
      const want = logDensities[i]!; // differences of log-gammas there, of log-betas here: some tens of roundings
      expect(Math.abs(bayes.predictiveLogDensity!(bayes.prior, asRow(row)) - want)).toBeLessThan(
        1e-12 * Math.abs(want) + 1e-12,
      );
    });
  });

  for (const { name, estimator, row } of subjects.filter(({ name }) => name !== 'Weighted')) {
    it(`of ${name} is what Bayes' rule says: f(x) q(θ) / q(θ | x), at any θ`, () => {
      fc.assert(
        fc.property(fc.array(row, { minLength: 8, maxLength: 20 }), row, (rows, x) => {
          const known = after(estimator, rows);
          const model = known.estimate(statisticOf(estimator, rows));
          const [before, afterwards] = [bayesOf(known), bayesOf(after(known, [x]))];
          const want = scores(model, estimator, [x])[0]! + before.logPrior(model) - afterwards.logPrior(model);
          const got = before.predictiveLogDensity!(before.prior, x);
          expect(Math.abs(got - want)).toBeLessThan(1e-9); // of sums of some hundred log-gammas
        }),
        { numRuns: 30 },
      );
    });
  }

  it('of a mixture weighs its components by the mean weights', () => {
    const prior = new DirichletDistribution({ alpha: [1, 3] });
    const other = new GaussianEstimator({
      prior: new NormalGammaDistribution({ mu: 4, lambda: 1, alpha: 2, beta: 1 }),
    });
    const bayes = bayesOf(new MixtureEstimator([g, other], { prior }));
    const [a, b] = [bayesOf(g), bayesOf(other)];
    const of = (known: Known) => Math.exp(known.predictiveLogDensity!(known.prior, 1.5));
    expect(bayes.predictiveLogDensity!(bayes.prior, 1.5)).toBeCloseTo(Math.log(0.25 * of(a) + 0.75 * of(b)), 13);
  });

  it('of open levels shares all probability among those that are named, whatever the order of a list', () => {
    const open = new CategoricalEstimator({ prior: new LevelDirichletDistribution<string>({}, { other: 2 }) });
    const known = bayesOf(after(open, ['a', 'b', 'b']));
    const p = (level: string) => Math.exp(known.predictiveLogDensity!(known.prior, level));
    expect([p('a'), p('b'), p('c')]).toEqual([
      expect.closeTo(3 / 7, 14), // 2 + 1 of 2 + 1 + 2 + 2
      expect.closeTo(4 / 7, 14),
      0,
    ]);
    const length = new PoissonEstimator({ prior: new GammaDistribution({ shape: 1, scale: 1 }) });
    const lists = bayesOf(after(new SequenceEstimator(open, { length }), [['a', 'b'], ['b']]));
    const score = (...row: string[]) => lists.predictiveLogDensity!(lists.prior, row);
    expect(score('a', 'b', 'b')).toBeCloseTo(score('b', 'b', 'a'), 13);
    expect(score('a', 'c')).toBe(-Infinity);
    expect(score('c', 'c')).toBe(-Infinity);
    const sets = new BernoulliSetEstimator({
      prior: new LevelBetaDistribution<string>({}, { other: { alpha: 1, beta: 1 } }),
    });
    const items = bayesOf(after(sets, [['a'], ['a', 'b']]));
    const all = [[], ['a'], ['b'], ['a', 'b']].map((row) => Math.exp(items.predictiveLogDensity!(items.prior, row)));
    expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
    expect(items.predictiveLogDensity!(items.prior, ['c'])).toBe(-Infinity);
  });

  it('is absent where it has no closed form', () => {
    const t = new StudentTEstimator();
    expect(
      new SequenceEstimator(t, {
        length: new PoissonEstimator({ prior: new GammaDistribution({ shape: 1, scale: 1 }) }),
      }).bayes,
    ).not.toHaveProperty('predictiveLogDensity');
    expect(subjects.find(({ name }) => name === 'Weighted')!.estimator.bayes).not.toHaveProperty(
      'predictiveLogDensity',
    );
  });
});
