import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  type AnyEstimator,
  CategoricalDistribution,
  CategoricalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  HierarchicalMixtureDistribution,
  HierarchicalMixtureEstimator,
  initialize,
  JointMixtureDistribution,
  JointMixtureEstimator,
  MixtureDistribution,
  optimize,
  PoissonDistribution,
  SemiSupervisedMixtureDistribution,
  SemiSupervisedMixtureEstimator,
  SequenceDistribution,
  SequenceEstimator,
} from '../../src/index.js';

const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));
const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const e = new GaussianEstimator();
const lengths = (lambda: number) => ({ length: new PoissonDistribution({ lambda }) });
const seeds = [0, 1, 2];

/** The most by which a fit from one of the seeds ends below the fit that starts at the truth, in nats. */
function worst(rows: readonly unknown[], estimator: AnyEstimator, truth: AnyDistribution): number {
  const top = optimize(rows, estimator, { initialModel: truth }).logLikelihood;
  return Math.max(...seeds.map((seed) => top - optimize(rows, estimator, { seed }).logLikelihood));
}

describe('a mixture of bags', () => {
  it('finds its topics and its kinds of bags from every seed', () => {
    const model = (own: object) =>
      new HierarchicalMixtureDistribution(
        times(4, (t) => gaussian(4 * t)),
        {
          w: [0.3, 0.3, 0.4],
          tau: [
            [0.7, 0.1, 0.1, 0.1],
            [0.1, 0.7, 0.1, 0.1],
            [0.1, 0.1, 0.4, 0.4],
          ],
          ...own,
        },
      );
    const estimator = new HierarchicalMixtureEstimator(
      times(4, () => e),
      { mixtureCount: 3 },
    );
    expect(worst(model(lengths(12)).sampler(1).sample(200), estimator as AnyEstimator, model({}))).toBeLessThan(0.01);
  });

  it('finds topics over levels, which bags alone tell apart', () => {
    const topics = times(3, (t) => {
      const p = [...'abcdef'].map((level, i) => [level, i >> 1 === t ? 0.4 : 0.05] as const);
      return new CategoricalDistribution(new Map(p));
    });
    const model = (own: object) =>
      new HierarchicalMixtureDistribution(topics, {
        w: [0.5, 0.5],
        tau: [
          [0.8, 0.1, 0.1],
          [0.1, 0.3, 0.6],
        ],
        ...own,
      });
    const estimator = new HierarchicalMixtureEstimator(
      times(3, () => new CategoricalEstimator()),
      { mixtureCount: 2 },
    );
    expect(worst(model(lengths(15)).sampler(1).sample(200), estimator as AnyEstimator, model({}))).toBeLessThan(0.01);
  });

  it('starts when bags are few, equal or empty', () => {
    const estimator = new HierarchicalMixtureEstimator([e, e, e], { mixtureCount: 2 });
    for (const rows of [[[1]], [[]], [[], [1], []], times(5, () => [1, 2])]) {
      const { w, tau } = initialize(rows, estimator, { seed: 1 });
      expect(Math.min(...w, ...tau.flat())).toBeGreaterThan(0);
    }
  });
});

it('a joint mixture finds the kinds of a side without a distance from every seed', () => {
  const lists = (own: object) => times(6, (k) => new SequenceDistribution(gaussian(4 * k), own));
  const values = [gaussian(0), gaussian(5)];
  const tau12 = times(6, (k) => (k % 2 === 0 ? [0.9, 0.1] : [0.2, 0.8]));
  const w1 = times(6, () => 1 / 6);
  const model = (own: object) => new JointMixtureDistribution(lists(own), values, { w1, tau12 });
  const estimator = new JointMixtureEstimator(
    times(6, () => new SequenceEstimator(e)),
    [e, e],
  );
  expect(worst(model(lengths(5)).sampler(1).sample(250), estimator as AnyEstimator, model({}))).toBeLessThan(0.01);
});

describe('a semi-supervised mixture of sequences', () => {
  const kinds = (own: object) => times(4, (k) => new SequenceDistribution(gaussian(1.5 * k), own));
  const w = times(4, () => 1 / 4);
  const rows = new MixtureDistribution(kinds(lengths(6)), { w }).sampler(2).sample(300);
  const known = new MixtureDistribution(kinds({}), { w });
  const estimator = new SemiSupervisedMixtureEstimator(times(4, () => new SequenceEstimator(e)));
  const truth = new SemiSupervisedMixtureDistribution(kinds({}), { w });

  it.each([[[]], [[0]], [[0, 2]]])('finds its components from every seed when rows of %j have labels', (labelled) => {
    const labels = rows.map((row, i) => {
      const posterior = known.posterior(row);
      return i < 40 ? (labelled.find((k) => posterior[k]! > 0.9) ?? null) : null;
    });
    const pairs = rows.map((row, i) => [row, labels[i]!] as const);
    expect(worst(pairs, estimator as AnyEstimator, truth)).toBeLessThan(0.01);
    if (labelled.length === 0) return;
    // Labels hold: a component is that of its labelled rows.
    const { model } = optimize(pairs, estimator, { seed: 1 });
    for (const k of labelled) expect(model.components[k]!.dist.mu).toBeCloseTo(1.5 * k, 0);
  });
});
