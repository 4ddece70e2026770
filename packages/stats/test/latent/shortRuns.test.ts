import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  type AnyEstimator,
  CategoricalEstimator,
  ConditionalEstimator,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  IntegerCategoricalDistribution,
  initialize,
  MarkovChainDistribution,
  MarkovChainEstimator,
  MixtureDistribution,
  MixtureEstimator,
  optimize,
  PoissonDistribution,
  SequenceDistribution,
  SequenceEstimator,
} from '../../src/index.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const e = new GaussianEstimator();
const length = new PoissonDistribution({ lambda: 8 });
const times = <T>(count: number, make: (k: number) => T) => Array.from({ length: count }, (_, k) => make(k));

/** How many of the seeds end within 0.01 nats of the fit that starts at the truth. */
function reaching(
  rows: readonly unknown[],
  estimator: AnyEstimator,
  truth: AnyDistribution,
  seeds: readonly number[],
): number {
  const top = optimize(rows, estimator, { initialModel: truth }).logLikelihood;
  const ends = seeds.map((seed) => optimize(rows, estimator, { seed }).logLikelihood);
  return ends.filter((end) => end > top - 0.01).length;
}

it('tries once where every row is a seed and rows hold little: more tries would have the same seeds', () => {
  /** How often a start makes a component. */
  const estimatesOf = (rows: readonly string[][]) => {
    let count = 0;
    const part = new SequenceEstimator(new CategoricalEstimator<string>());
    const counting = Object.assign(part, {
      estimate: (...args: Parameters<typeof part.estimate>) => {
        count++;
        return SequenceEstimator.prototype.estimate.apply(part, args) as ReturnType<typeof part.estimate>;
      },
    });
    initialize(rows, new MixtureEstimator([counting, counting]), { seed: 1 });
    return count;
  };
  expect(estimatesOf([['a'], ['b']]) * 3).toBeLessThan(estimatesOf([['a'], ['b'], ['a']]));
  // Two long lists: what is hidden in them may need another look.
  const long = times(20, (i) => 'ab'[i % 2]!);
  expect(estimatesOf([long, long])).toBe(estimatesOf([['a'], ['b'], ['a']]));
});

describe('a mixture over rows without a distance', () => {
  it('finds eight kinds of sequences from every seed', () => {
    const kinds = times(8, (k) => new SequenceDistribution(gaussian(5 * k)));
    const truth = new MixtureDistribution(kinds, { w: times(8, () => 1 / 8) });
    const drawn = new MixtureDistribution(
      kinds.map(({ dist }) => new SequenceDistribution(dist, { length })),
      { w: truth.w },
    );
    const estimator = new MixtureEstimator(times(8, () => new SequenceEstimator(e)));
    expect(reaching(drawn.sampler(1).sample(400), estimator as AnyEstimator, truth, [0, 1, 2, 3, 4])).toBe(5);
  });

  it('finds three kinds of Markov chains from every seed', () => {
    const states = [...'abc'];
    const even = Object.fromEntries(states.map((state) => [state, 1 / 3]));
    const kinds = (own: object) =>
      times(3, (shift) => {
        const row = (i: number) => Object.fromEntries(states.map((to, j) => [to, j === (i + shift) % 3 ? 0.8 : 0.1]));
        const transitions = Object.fromEntries(states.map((state, i) => [state, row(i)]));
        return new MarkovChainDistribution({ initial: even, transitions, ...own });
      });
    const w = [0.3, 0.3, 0.4];
    const rows = new MixtureDistribution(kinds({ length }), { w }).sampler(1).sample(300);
    const truth = new MixtureDistribution(kinds({}), { w });
    const estimator = new MixtureEstimator(times(3, () => new MarkovChainEstimator()));
    expect(reaching(rows, estimator as AnyEstimator, truth, [0, 1, 2, 3, 4])).toBe(5);
  });

  it('starts the same from the same seed, differently from another, with every component in use', () => {
    const rows = times(60, (i) => [i % 2 === 0 ? 'a' : 'b', (i % 5) + (i % 2)] as const);
    const conditional = new ConditionalEstimator({ a: e, b: e }, { given: new CategoricalEstimator() });
    const estimator = new MixtureEstimator([conditional, conditional, conditional]);
    const [first, again, other] = [1, 1, 2].map((seed) => initialize(rows, estimator, { seed }));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(Math.min(...first!.w)).toBeGreaterThan(0);
    // Not alike anywhere: EM would never tell equal components apart.
    const means = first!.components.flatMap(({ dists }) => [dists.get('a')!.mu, dists.get('b')!.mu]);
    expect(new Set(means).size).toBe(6);
  });

  it('starts when rows are few, equal or empty', () => {
    const sequence = new SequenceEstimator(e);
    const estimator = new MixtureEstimator([sequence, sequence, sequence]);
    for (const rows of [
      [[1]],
      [
        [1, 2],
        [1, 2],
      ],
      [[], []],
      [[], [1], [2, 3]],
    ]) {
      const { w } = initialize(rows, estimator, { seed: 1 });
      expect(w.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });
});

describe('a hidden Markov model', () => {
  it.each([6, 8])('finds %i states 5 standard deviations apart from every seed', (count) => {
    const transitions = times(count, (i) => times(count, (j) => (i === j ? 0.9 : 0.1 / (count - 1))));
    const parts = { w: times(count, () => 1 / count), transitions };
    const emissions = times(count, (k) => gaussian(5 * k));
    const long = new IntegerCategoricalDistribution({ min: 200, p: [1] });
    const rows = new HiddenMarkovDistribution(emissions, { ...parts, length: long }).sampler(1).sample(5);
    const estimator = new HiddenMarkovEstimator(times(count, () => e));
    const truth = new HiddenMarkovDistribution(emissions, parts);
    expect(reaching(rows, estimator as AnyEstimator, truth, [0, 6, 11, 17])).toBe(4);
  });
});

it('a hierarchical mixture starts without a zero, which EM could not leave', () => {
  const estimator = new HierarchicalMixtureEstimator(
    times(4, () => new CategoricalEstimator()),
    { mixtureCount: 3 },
  );
  const { w, tau } = initialize([['a'], ['b'], ['c', 'a']], estimator, { seed: 1 });
  expect(Math.min(...w, ...tau.flat())).toBeGreaterThan(0);
});
