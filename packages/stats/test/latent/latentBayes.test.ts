/** What is known of the parameters of latent families: laws of Bayes' rule, for a given E step. */
import { describe, expect, it } from 'vitest';
import { LevelDirichletDistribution } from '../../src/bayes/levelDirichlet.js';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import type { AnyDistribution, AnyEstimator, Bayes } from '../../src/contract.js';
import { em } from '../../src/fit/em.js';
import {
  CategoricalEstimator,
  CompositeEstimator,
  DirichletDistribution,
  GammaDistribution,
  GaussianEstimator,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  JointMixtureEstimator,
  LookbackHiddenMarkovEstimator,
  MixtureEstimator,
  NullEstimator,
  PoissonEstimator,
  SemiSupervisedMixtureEstimator,
  TreeHiddenMarkovEstimator,
  variational,
} from '../../src/models/models.js';

const g = new GaussianEstimator({ prior: new NormalGammaDistribution({ mu: 0.5, lambda: 0.5, alpha: 2, beta: 2 }) });
const c = new CategoricalEstimator<string>({ prior: new LevelDirichletDistribution<string>({}, { other: 1.5 }) });
const n = new PoissonEstimator({ prior: new GammaDistribution({ shape: 2, scale: 1.5 }) });
const dirichlet = (...alpha: number[]) => new DirichletDistribution({ alpha });

/** Small numbers in two groups, without a generator. */
const number = (i: number) => (i % 3 === 0 ? 4 : 0) + Math.sin(7 * i);
const letter = (i: number) => 'aab'[(i * i) % 3]!;
const list = (i: number) => Array.from({ length: 2 + (i % 4) }, (_, t) => number(5 * i + t));
const tree = (i: number) => list(i).map((x, t) => [[t, t === 0 ? -1 : Math.floor((t - 1) / 2)], x] as const);

interface Case {
  readonly name: string;
  readonly estimator: AnyEstimator;
  readonly row: (i: number) => unknown;
}

const cases: readonly Case[] = [
  { name: 'a mixture', estimator: new MixtureEstimator([g, g], { prior: dirichlet(0.5, 2) }), row: number },
  {
    name: 'a hidden Markov model',
    estimator: new HiddenMarkovEstimator([g, g], { length: n, pseudoCount: { initial: 1, transitions: 2 } }),
    row: list,
  },
  {
    name: 'a hidden Markov model whose states end lists',
    estimator: new HiddenMarkovEstimator([g, g, g], {
      ends: true,
      pseudoCount: { end: 3 },
      prior: { end: [0.2, 0.5, 0.9] },
      allowed: { end: [true, false, true], initial: [true, true, false] },
    }),
    row: list,
  },
  {
    name: 'a hidden Markov tree',
    estimator: new TreeHiddenMarkovEstimator([g, g], { childCount: n, pseudoCount: { transitions: 1 } }),
    row: tree,
  },
  {
    name: 'a lookback hidden Markov model',
    estimator: new LookbackHiddenMarkovEstimator(
      [new CompositeEstimator([new NullEstimator(), g]), new CompositeEstimator([new NullEstimator(), g])],
      { lag: 1, initialEmissions: [new CompositeEstimator([g]), new CompositeEstimator([g])], length: n },
    ),
    row: list,
  },
  {
    name: 'a mixture of bags',
    estimator: new HierarchicalMixtureEstimator([g, g], {
      mixtureCount: 2,
      length: n,
      prior: { w: dirichlet(1.5, 0.75), tau: [dirichlet(1, 2), dirichlet(2, 0.5)] },
    }),
    row: list,
  },
  {
    name: 'a joint mixture',
    estimator: new JointMixtureEstimator([g, g], [c, c, c], { prior: dirichlet(0.5, 1, 1, 1, 2, 1) }),
    row: (i) => [number(i), letter(i)],
  },
  {
    name: 'a mixture with labels',
    estimator: new SemiSupervisedMixtureEstimator([g, g], { prior: dirichlet(2, 1.5) }),
    row: (i) => [
      number(i),
      i % 4 === 0
        ? 0
        : i % 5 === 0
          ? [
              [0, 0.2],
              [1, 0.6],
            ]
          : null,
    ],
  },
];

type Known = Bayes<AnyDistribution>;

/** All numbers of what is known, in order. */
function numbersOf(known: unknown): number[] {
  const text = JSON.stringify(known, (_, value) => (value instanceof Map ? [...value] : value));
  return [...text.matchAll(/-?\d+(\.\d+)?(e[-+]?\d+)?/g)].map(([digits]) => Number(digits));
}

/** Steps of coordinate ascent, and what is needed for one of them in parts. */
function ascent(estimator: AnyEstimator, rows: readonly unknown[]) {
  const algorithm = em(variational(estimator));
  const columns = algorithm.encode(rows);
  const steps = algorithm.steps(columns);
  const model = algorithm.start(columns, { seed: 1, method: 'random' });
  return { columns, steps, model };
}

for (const { name, estimator, row } of cases) {
  const bayes = estimator.bayes as Known;
  const rows = Array.from({ length: 40 }, (_, i) => row(i));

  /** The statistic of rows `[start, end)` under what is known at the start of a fit. */
  const part = (start: number, end: number): unknown => {
    const { columns, model } = ascent(estimator, rows);
    const accumulator = variational(estimator).accumulator(columns);
    accumulator.begin(model as never, columns, { float64: (length) => new Float64Array(length) });
    accumulator.seqUpdate(columns, start, end, new Float64Array(end - start).fill(1), model as never);
    return accumulator.value();
  };

  describe(`what ${name} knows`, () => {
    it('is learned from two parts as from both at once, and moves away from the prior', () => {
      const inTwo = (bayes.withPrior(bayes.posterior(part(0, 23))).bayes as Known).posterior(part(23, 40));
      const atOnce = bayes.posterior(part(0, 40));
      const [got, want] = [numbersOf(inTwo), numbersOf(atOnce)];
      expect(got).toHaveLength(want.length);
      got.forEach((x, k) => expect(Math.abs(x - want[k]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want[k]!))));
      expect(bayes.divergence(atOnce)).toBeGreaterThan(0.1);
      expect(bayes.divergence(atOnce, atOnce)).toBeCloseTo(0, 10);
    });

    it('has its mode where the estimate is', () => {
      const statistic = part(0, 40);
      const [got, want] = [bayes.mode(bayes.posterior(statistic)), estimator.estimate(statistic)].map(numbersOf);
      got!.forEach((x, k) => expect(x).toBeCloseTo(want![k]!, 10));
      expect(Number.isFinite(bayes.logPrior(bayes.mode(bayes.posterior(statistic))))).toBe(true);
    });

    it('raises the bound with every step', () => {
      const inner = variational(estimator);
      const { columns, steps, model: first } = ascent(estimator, rows);
      let model = first;
      let last = -Infinity;
      for (let t = 0; t < 25; t++) {
        const statistic = steps.expectation(model, columns, 0, columns.rowCount);
        const bound = steps.likelihood(statistic).logLikelihood + inner.logPrior(model as never);
        expect(bound).toBeGreaterThanOrEqual(last - 1e-10 * Math.abs(bound));
        last = bound;
        model = steps.maximization(model, statistic).model;
      }
      steps.release();
    });

    it('scores rows in the E step as by its expected densities', () => {
      const { columns, model } = ascent(estimator, rows);
      const accumulator = variational(estimator).accumulator(columns);
      accumulator.begin(model as never, columns, { float64: (length) => new Float64Array(length) });
      const [got, want] = [new Float64Array(40), new Float64Array(40)];
      accumulator.score(model as never, columns, 0, 40, got);
      bayes.expectedScorer((model as { readonly known: unknown }).known).seqLogDensity(columns, 0, 40, want);
      got.forEach((score, i) => expect(score).toBeCloseTo(want[i]!, 10));
      expect(Number.isFinite(got[7])).toBe(true);
    });
  });
}
