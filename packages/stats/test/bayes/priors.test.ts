/** Priors that are distributions: what follows from Bayes' rule alone, for every family that has one. */
import { describe, expect, it } from 'vitest';
import { DiagonalNormalGammaDistribution } from '../../src/bayes/diagonalNormalGamma.js';
import { DirichletTableDistribution } from '../../src/bayes/dirichletTable.js';
import { LevelBetaDistribution } from '../../src/bayes/levelBeta.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import { NormalWishartDistribution } from '../../src/bayes/normalWishart.js';
import { chooseComponents } from '../../src/choose/chooseComponents.js';
import type { AnyDistribution, Bayes, ParameterDistribution } from '../../src/contract.js';
import { ParameterError } from '../../src/errors.js';
import { optimize } from '../../src/fit/optimize.js';
import { variational } from '../../src/latent/variational.js';
import {
  BetaDistribution,
  BinomialEstimator,
  DirichletDistribution,
  GammaDistribution,
  GaussianEstimator,
  IntegerCategoricalEstimator,
  IntegerMarkovChainEstimator,
  MarkovChainEstimator,
  MixtureEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  StudentTEstimator,
} from '../../src/models/models.js';
import fc from '../property.js';
import {
  beta,
  diagonal,
  g,
  gamma,
  integerShares,
  integers,
  integerTable,
  levels,
  normalGamma,
  real,
  scores,
  shares,
  statisticOf,
  subjects,
  table,
  wishart,
} from './subjects.js';

type Known = Bayes<AnyDistribution>;

/** All numbers of what is known, in order. */
function numbersOf(known: unknown): number[] {
  if (typeof known === 'number') return [known];
  const text = JSON.stringify(known, (_, value) => (value instanceof Map ? [...value] : value));
  return [...text.matchAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/g)].map(([digits]) => Number(digits));
}

/** Their priors say something of levels without a name. */
const OPEN: readonly string[] = ['Categorical'];

/** The distributions at the same places of two posteriors. Levels that only one names are open in the other: they have no divergence. */
function distributionsIn(
  known: unknown,
  prior: unknown,
): readonly (readonly [ParameterDistribution<unknown>, ParameterDistribution<unknown>])[] {
  if (typeof known !== 'object' || known === null || typeof prior !== 'object' || prior === null) return [];
  if ('crossEntropy' in known && 'crossEntropy' in prior) {
    return 'other' in known ? [] : [[known as ParameterDistribution<unknown>, prior as ParameterDistribution<unknown>]];
  }
  return Object.entries(known).flatMap(([key, part]) =>
    distributionsIn(part, (prior as Readonly<Record<string, unknown>>)[key]),
  );
}

it('has a divergence of what is known at each place', () => {
  const pairs = subjects.map(({ estimator }) => estimator.bayes!.prior).map((prior) => distributionsIn(prior, prior));
  expect(pairs.filter((list) => list.length > 0).length).toBeGreaterThan(10);
});

for (const { name, estimator, row } of subjects) {
  const { bayes } = estimator as { readonly bayes?: Known };
  if (bayes === undefined) throw new Error(`${name} has no prior`);
  describe(`the prior of ${name}`, () => {
    it('learns from two parts what it learns from both at once', () => {
      fc.assert(
        fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), fc.nat(), (rows, at) => {
          const cut = at % rows.length;
          const first = bayes.posterior(statisticOf(estimator, rows, 0, cut));
          const second = bayes.withPrior(first).bayes!;
          const inTwo = second.posterior(statisticOf(estimator, rows, cut));
          const atOnce = bayes.posterior(statisticOf(estimator, rows));
          const [got, want] = [numbersOf(inTwo), numbersOf(atOnce)].map((list) => list.sort((a, b) => a - b));
          expect(got!.length).toBe(want!.length);
          // Sums of a dozen rows of at most 25 in other orders: some tens of roundings.
          got!.forEach((x, k) =>
            expect(Math.abs(x - want![k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want![k]!))),
          );
        }),
        { numRuns: 40 },
      );
    });

    it('is nearest to itself: the divergence of a posterior is > 0, that of the prior 0', () => {
      fc.assert(
        fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
          const known = bayes.posterior(statisticOf(estimator, rows));
          expect(bayes.divergence(known)).toBeGreaterThanOrEqual(0);
          // What is negative by more than rounding is set to 0 there, and would be wrong.
          for (const [q, p] of distributionsIn(known, bayes.prior)) {
            for (const [one, other] of [
              [q, p],
              [p, q],
            ] as const) {
              const [cross, entropy] = [one.crossEntropy(other), one.entropy];
              expect(cross - entropy).toBeGreaterThanOrEqual(-1e-12 * (1 + Math.abs(cross) + Math.abs(entropy)));
            }
          }
        }),
        { numRuns: 40 },
      );
      expect(bayes.divergence(bayes.posterior(statisticOf(estimator, fc.sample(row, 50))))).toBeGreaterThan(0.01);
      // What is open about levels that no row has shown has no entropy.
      if (!OPEN.includes(name)) expect(bayes.divergence(bayes.prior)).toBeCloseTo(0, 12);
    });

    it('and the likelihood together are greatest at the estimate', () => {
      const rows = fc.sample(row, { numRuns: 30, seed: 3 });
      const model = estimator.estimate(statisticOf(estimator, rows));
      const objective = (m: AnyDistribution) =>
        bayes.logPrior(m) + scores(m, estimator, rows).reduce((a, b) => a + b, 0);
      const others = fc
        .sample(fc.array(row, { minLength: 25, maxLength: 35 }), { numRuns: 20, seed: 4 })
        .map((sample) => estimator.estimate(statisticOf(estimator, [...sample, ...rows])));
      for (const other of others) expect(objective(other)).toBeLessThanOrEqual(objective(model) + 1e-9);
    });

    it('gives expected scores that Jensen bounds, and that meet the log-density when much is known', () => {
      const rows = fc.sample(row, { numRuns: 20, seed: 5 });
      const many = Array.from({ length: 400 }, () => rows).flat();
      const known = bayes.posterior(statisticOf(estimator, many));
      const expected = scores(bayes.expectedScorer(known), estimator, rows);
      const plain = scores(bayes.mode(known), estimator, rows);
      expected.forEach((score, i) => expect(score).toBeCloseTo(plain[i]!, 1));
      expect(expected.reduce((a, b) => a + b, 0)).toBeLessThan(plain.reduce((a, b) => a + b, 0));
    });

    it('is reached by a fit, which says that it has one', () => {
      const rows = fc.sample(row, { numRuns: 30, seed: 6 });
      const { model } = optimize(rows, estimator);
      const want = numbersOf(estimator.estimate(statisticOf(estimator, rows)));
      numbersOf(model).forEach((x, k) => expect(x).toBeCloseTo(want[k]!, 10));
      expect(want.length).toBeGreaterThan(0);
      expect(estimator.hasPrior).toBe(true);
    });
  });
}

/** E log f by drawing parameters. */
function drawnExpectation<P>(known: ParameterDistribution<P>, score: (parameters: P) => number): number {
  const draws = known.sampler(7).sample(40_000);
  return draws.reduce((sum, parameters) => sum + score(parameters), 0) / draws.length;
}

describe('a distribution over parameters', () => {
  it.each<readonly [string, ParameterDistribution<unknown>, ParameterDistribution<unknown>]>([
    ['NormalGamma', normalGamma, new NormalGammaDistribution({ mu: 0, lambda: 1, alpha: 2, beta: 1 })],
    ['Gamma', gamma, new GammaDistribution({ shape: 2, scale: 1 })],
    ['Beta', beta, new BetaDistribution({ alpha: 2, beta: 2 })],
    ['LevelDirichlet', integers, new LevelDirichletDistribution<number>([], { other: 2 })],
    ['DiagonalNormalGamma', diagonal, diagonal],
    [
      'NormalWishart',
      wishart,
      new NormalWishartDistribution({
        mu: [0, 0],
        lambda: 1,
        nu: 3,
        scatter: [
          [1, 0.25],
          [0.25, 2],
        ],
      }),
    ],
    ['LevelBeta', integerShares, new LevelBetaDistribution<number>([], { other: { alpha: 2, beta: 2 } })],
    [
      'DirichletTable',
      new DirichletTableDistribution<number>([
        [0, integers],
        [1, integers],
      ]),
      new DirichletTableDistribution<number>([], { other: new LevelDirichletDistribution<number>([], { other: 2 }) }),
    ],
    ['Dirichlet', new DirichletDistribution({ alpha: [1.5, 2.5, 4] }), new DirichletDistribution({ alpha: [2, 1, 1] })],
  ] as const)('%s has the entropy and cross-entropy of its draws', (_, own, other) => {
    expect(own.entropy).toBeCloseTo(
      drawnExpectation(own, (p) => -own.logDensity(p)),
      1,
    );
    expect(own.crossEntropy(other)).toBeCloseTo(
      drawnExpectation(own, (p) => -other.logDensity(p)),
      1,
    );
    expect(own.crossEntropy(own)).toBeCloseTo(own.entropy, 9);
  });

  it('reads what it writes', () => {
    for (const type of [normalGamma, diagonal, levels, integers, wishart, shares, integerShares]) {
      const { fromJSON } = type.constructor as unknown as { fromJSON(json: unknown): { toJSON(): unknown } };
      const json = JSON.parse(JSON.stringify(type)) as unknown;
      expect(fromJSON.call(type.constructor, json).toJSON()).toEqual(json);
    }
  });

  it('refuses parameters that give no density', () => {
    expect(() => new NormalGammaDistribution({ mu: 0, lambda: 0, alpha: 1, beta: 1 })).toThrow(ParameterError);
    expect(() => new DiagonalNormalGammaDistribution({ mu: [0], lambda: [1, 2], alpha: [1], beta: [1] })).toThrow(
      /lambda/,
    );
    expect(() => new LevelDirichletDistribution({ a: -1 })).toThrow(/alpha\["a"\] must be a finite number > 0/);
    expect(() => new LevelDirichletDistribution({})).toThrow(/other/);
    expect(() => new LevelBetaDistribution({ a: { alpha: 1, beta: 0 } })).toThrow(/shapes\["a"\]\.beta/);
    expect(() => new LevelBetaDistribution({})).toThrow(/other/);
    expect(() => new DirichletTableDistribution({ a: beta as never })).toThrow(/rows\["a"\]/);
    expect(() => new DirichletTableDistribution({})).toThrow(/other/);
    const scatter = [
      [2, 0.5],
      [0.5, 1],
    ];
    expect(() => new NormalWishartDistribution({ mu: [0, 0], lambda: 1, nu: 1, scatter })).toThrow(
      /nu must be a number > 1/,
    );
    expect(
      () =>
        new NormalWishartDistribution({
          mu: [0, 0],
          lambda: 1,
          nu: 2,
          scatter: [
            [1, 2],
            [2, 1],
          ],
        }),
    ).toThrow(/scatter/);
  });

  it('stands alone: imaginary rows beside it, and keys of one parameter, are refused', () => {
    expect(() => new PoissonEstimator({ prior: gamma, pseudoCount: 2 })).toThrow(/pseudoCount/);
    expect(() => new GaussianEstimator({ prior: normalGamma, keys: { mu: 'm' } })).toThrow(/keys/);
    expect(() => new OptionalEstimator(g, { prior: beta, pseudoCount: 1 })).toThrow(/pseudoCount/);
  });

  it('needs what it says nothing about: the trials of a binomial, both tables of a chain, a share for each component', () => {
    expect(() => new BinomialEstimator({ prior: beta })).toThrow(/max/);
    expect(() => optimize([1, 7], new BinomialEstimator({ prior: beta, max: 6 }))).toThrow(/outside 0 … 6/);
    expect(() => new MarkovChainEstimator({ prior: { initial: levels } as never })).toThrow(/transitions/);
    expect(() => new MarkovChainEstimator({ prior: { initial: levels, transitions: table }, levels: ['a'] })).toThrow(
      /levels/,
    );
    expect(() => new IntegerMarkovChainEstimator({ valueCount: 4, prior: integerTable })).toThrow(/context 0 to 3/);
    const prior = new DirichletDistribution({ alpha: [1, 1, 1] });
    expect(() => new MixtureEstimator([g, g], { prior })).toThrow(/over 2 weights/);
    expect(() => new MixtureEstimator([g, g, g], { prior, fixedWeights: [0.5, 0.25, 0.25] })).toThrow(
      /none of them fixed/,
    );
  });

  it('refuses a level that it cannot have', () => {
    expect(() => optimize([0, 5], new IntegerCategoricalEstimator({ prior: integers }))).toThrow(/5/);
  });
});

it('of the weights goes down to one component, whose weight is 1', () => {
  const one = new DirichletDistribution({ alpha: [0.5] });
  expect([one.logDensity([1]), one.entropy, one.crossEntropy(new DirichletDistribution({ alpha: [3] }))]).toEqual([
    0, 0, 0,
  ]);
  expect([one.isUnbounded, one.mean, one.sampler(1).sample()]).toEqual([false, [1], [1]]);
  expect(() => new DirichletDistribution({ alpha: [] })).toThrow(/at least one number/);
  const mixtureOf = (k: number) =>
    new MixtureEstimator(new Array<typeof g>(k).fill(g), {
      prior: new DirichletDistribution({ alpha: new Array<number>(k).fill(2) }),
    });
  const rows = Array.from({ length: 60 }, (_, i) => (i % 2) * 20 + Math.sin(i));
  expect(chooseComponents(rows, mixtureOf, { to: 2, trials: 2, seed: 1 }).componentCount).toBe(2);
  const { model, logPrior } = optimize(rows, variational(mixtureOf(1)));
  expect(model.model.w).toEqual([1]);
  expect(logPrior).toBeCloseTo(-g.bayes!.divergence(model.known.components[0] as never), 12);
});

it('stands beside children without a prior, whose estimate is then a point', () => {
  const mixed = new RecordEstimator({ x: g, y: new StudentTEstimator() });
  const rows = fc.sample(fc.record({ x: real, y: real }), { numRuns: 30, seed: 8 });
  const known = mixed.bayes!.posterior(statisticOf(mixed, rows) as readonly unknown[]);
  expect(known.y.toJSON().type).toBe('StudentT');
  expect(mixed.bayes!.divergence(known)).toBe(g.bayes!.divergence(known.x));
});

it('has the density of a normal-Wishart distribution', () => {
  // scipy 1.17: wishart(df=4.5, scale=inv(S)).logpdf(P) + multivariate_normal(m, inv(1.5 P)).logpdf(mu)
  const precision = [
    [1.2, 0.3],
    [0.3, 0.7],
  ];
  expect(wishart.logDensity({ mu: [1, 0], precision })).toBeCloseTo(-6.93987687532757, 12);
  // In one dimension it is the normal-gamma of half the degrees and half the scatter; the density of t is the same.
  const line = new NormalWishartDistribution({ mu: [0.5], lambda: 1.5, nu: 5, scatter: [[4]] });
  expect(line.logDensity({ mu: [0.2], precision: [[0.7]] })).toBeCloseTo(
    normalGamma.logDensity({ mu: 0.2, precision: 0.7 }),
    12,
  );
  const other = new NormalWishartDistribution({ mu: [0], lambda: 1, nu: 4, scatter: [[2]] });
  const otherGamma = new NormalGammaDistribution({ mu: 0, lambda: 1, alpha: 2, beta: 1 });
  expect(line.crossEntropy(other)).toBeCloseTo(normalGamma.crossEntropy(otherGamma), 12);
});
