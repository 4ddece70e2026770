/** Priors that are distributions: what follows from Bayes' rule alone, for every family that has one. */
import { describe, expect, it } from 'vitest';
import { DiagonalNormalGammaDistribution } from '../../src/bayes/diagonalNormalGamma.js';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import type { AnyDistribution, AnyEstimator, Bayes, ParameterDistribution, Scorer } from '../../src/contract.js';
import { ParameterError } from '../../src/errors.js';
import { optimize } from '../../src/fit/optimize.js';
import {
  BernoulliEstimator,
  BetaDistribution,
  CategoricalEstimator,
  CompositeEstimator,
  DiagonalGaussianEstimator,
  ExponentialEstimator,
  GammaDistribution,
  GaussianEstimator,
  GeometricEstimator,
  IntegerCategoricalEstimator,
  OptionalEstimator,
  PoissonEstimator,
  RecordEstimator,
  SequenceEstimator,
  StudentTEstimator,
} from '../../src/models/models.js';
import fc from '../property.js';

const normalGamma = new NormalGammaDistribution({ mu: 0.5, lambda: 1.5, alpha: 2.5, beta: 2 });
const gamma = new GammaDistribution({ shape: 2.5, scale: 0.75 });
const beta = new BetaDistribution({ alpha: 2.5, beta: 3.5 });
const levels = new LevelDirichletDistribution({ a: 1.5, b: 2.5 }, { other: 1.25 });
const integers = new LevelDirichletDistribution<number>([
  [0, 1.5],
  [1, 2.5],
  [2, 1.25],
]);
const diagonal = new DiagonalNormalGammaDistribution({ mu: [0, 1], lambda: [1, 2], alpha: [2, 3], beta: [2, 1] });

const real = fc.integer({ min: -40, max: 40 }).map((k) => k / 8);
const level = fc.constantFrom('a', 'b', 'c');
const count = fc.integer({ min: 1, max: 6 });
const g = new GaussianEstimator({ prior: normalGamma });
const c = new CategoricalEstimator({ prior: levels });

interface Subject {
  readonly name: string;
  readonly estimator: AnyEstimator;
  readonly row: fc.Arbitrary<unknown>;
}

const subjects: readonly Subject[] = [
  { name: 'Gaussian', estimator: g, row: real },
  {
    name: 'DiagonalGaussian',
    estimator: new DiagonalGaussianEstimator({ prior: diagonal }),
    row: fc.tuple(real, real),
  },
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
];

type Known = Bayes<AnyDistribution>;

/** The statistic of rows `[start, end)`, all rows by default. */
function statisticOf(estimator: AnyEstimator, rows: readonly unknown[], start = 0, end = rows.length): unknown {
  const columns = estimator.encoder().encode(rows);
  const accumulator = estimator.accumulator(columns);
  accumulator.begin?.(undefined, columns, { float64: (length) => new Float64Array(length) });
  accumulator.seqUpdate(columns, start, end, new Float64Array(end - start).fill(1));
  return accumulator.value();
}

function scores(scorer: Scorer, estimator: AnyEstimator, rows: readonly unknown[]): Float64Array {
  const columns = estimator.encoder().encode(rows);
  const out = new Float64Array(rows.length);
  scorer.seqLogDensity(columns, 0, rows.length, out);
  return out;
}

/** All numbers of what is known, in order. */
function numbersOf(known: unknown): number[] {
  if (typeof known === 'number') return [known];
  const text = JSON.stringify(known, (_, value) => (value instanceof Map ? [...value] : value));
  return [...text.matchAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/g)].map(([digits]) => Number(digits));
}

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
          got!.forEach((x, k) => expect(x).toBeCloseTo(want![k]!, 10));
        }),
        { numRuns: 40 },
      );
    });

    it('is nearest to itself: the divergence of a posterior is > 0, that of the prior 0', () => {
      fc.assert(
        fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
          expect(bayes.divergence(bayes.posterior(statisticOf(estimator, rows)))).toBeGreaterThanOrEqual(0);
        }),
        { numRuns: 40 },
      );
      expect(bayes.divergence(bayes.posterior(statisticOf(estimator, fc.sample(row, 50))))).toBeGreaterThan(0.01);
      if (name !== 'Categorical') expect(bayes.divergence(bayes.prior)).toBeCloseTo(0, 12);
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
    for (const type of [normalGamma, diagonal, levels, integers]) {
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
    expect(() => new LevelDirichletDistribution({ a: -1 })).toThrow(/alpha of "a" must be a finite number > 0/);
    expect(() => new LevelDirichletDistribution({})).toThrow(/other/);
  });

  it('stands alone: imaginary rows beside it, and keys of one parameter, are refused', () => {
    expect(() => new PoissonEstimator({ prior: gamma, pseudoCount: 2 })).toThrow(/pseudoCount/);
    expect(() => new GaussianEstimator({ prior: normalGamma, keys: { mu: 'm' } })).toThrow(/keys/);
    expect(() => new OptionalEstimator(g, { prior: beta, pseudoCount: 1 })).toThrow(/pseudoCount/);
  });

  it('refuses a level that it cannot have', () => {
    expect(() => optimize([0, 5], new IntegerCategoricalEstimator({ prior: integers }))).toThrow(/5/);
  });
});

it('stands beside children without a prior, whose estimate is then a point', () => {
  const mixed = new RecordEstimator({ x: g, y: new StudentTEstimator() });
  const rows = fc.sample(fc.record({ x: real, y: real }), { numRuns: 30, seed: 8 });
  const known = mixed.bayes!.posterior(statisticOf(mixed, rows) as readonly unknown[]);
  expect(known.y.toJSON().type).toBe('StudentT');
  expect(mixed.bayes!.divergence(known)).toBe(g.bayes!.divergence(known.x));
});
