import { describe, expect, expectTypeOf, it } from 'vitest';
import { IgnoredEstimator } from '../../src/combinators/ignored.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { type PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const e = new GaussianEstimator({ minSigma2: 0.01 });
const three = [e, e, e] as const;
const means = [gaussian(0), gaussian(4), gaussian(8)] as const;
const leftRight = [
  [true, true, false],
  [false, true, true],
  [false, false, true],
];
const truth = new HiddenMarkovDistribution(means, {
  w: [1, 0, 0],
  transitions: [
    [0.8, 0.2, 0],
    [0, 0.7, 0.3],
    [0, 0, 1],
  ],
});
/** Walks of 20 items through the truth. */
const rows = new HiddenMarkovDistribution(means, {
  ...truth,
  length: new PoissonEstimator().estimate({ count: 1, sum: 20 } as never),
})
  .sampler(7)
  .sample(150);

describe('estimator({ pseudoCount }) pulls towards the model', () => {
  it('keeps initial and transition probabilities that are not even', () => {
    const model = new HiddenMarkovDistribution([gaussian(0), gaussian(9)], {
      w: [0.9, 0.1],
      transitions: [
        [0.7, 0.3],
        [0.05, 0.95],
      ],
    });
    const fit = optimize([[0, 9, 9, 0]], model.estimator({ pseudoCount: 1e9 }), { maxIterations: 3 }).model;
    fit.w.forEach((p, s) => expect(p).toBeCloseTo(model.w[s]!, 6));
    fit.transitions.forEach((row, r) => row.forEach((p, s) => expect(p).toBeCloseTo(model.transitions[r]![s]!, 6)));
  });

  it('adds imaginary steps as the prior spreads them', () => {
    const estimator = new HiddenMarkovEstimator([e, e], {
      pseudoCount: { initial: 4, transitions: 8 },
      prior: {
        initial: [0.75, 0.25],
        transitions: [
          [1, 0],
          [0.5, 0.5],
        ],
      },
    });
    const statistic = {
      initial: Float64Array.of(1, 1),
      transitions: Float64Array.of(0, 4, 2, 2),
      emissions: [0, 1].map(() => e.accumulator({ rowCount: 0, x: new Float64Array(0) } as never).value()),
      length: null,
    };
    const { w, transitions } = estimator.estimate(statistic);
    expect(w).toEqual([4 / 6, 2 / 6]);
    expect(transitions).toEqual([
      [4 / 8, 4 / 8],
      [4 / 8, 4 / 8],
    ]);
  });
});

describe('zeros of the tables', () => {
  it('a state that is never left keeps its row, so that a left-to-right model stays one', () => {
    // No item is near the last two states.
    const fit = optimize(
      [
        [0, 0.1, -0.2],
        [0.3, 0],
      ],
      new HiddenMarkovEstimator(three),
      { initialModel: truth as never },
    );
    expect(fit.model.transitions[2]).toEqual([0, 0, 1]);
    expect(fit.model.transitions[1]![0]).toBe(0);
    expect(fit.model.transitions[0]![2]).toBe(0);
    expect(fit.findings.some(({ message }) => /its row stays as it was/.test(message))).toBe(true);
  });

  it('allowed steps only, from a random start', () => {
    const estimator = new HiddenMarkovEstimator(three, {
      allowed: { initial: [true, false, false], transitions: leftRight },
    });
    const { model, path } = optimize(rows, estimator, { seed: 3, maxIterations: 300 });
    expect(model.w).toEqual([1, 0, 0]);
    model.transitions.forEach((row, r) => row.forEach((p, s) => leftRight[r]![s] || expect(p).toBe(0)));
    expect(path.slice(2).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
    const counted = estimator.parameterBlocks(model).reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(0 + (1 + 1 + 0) + 6);
  });

  it('imaginary steps fall on allowed ones', () => {
    const estimator = new HiddenMarkovEstimator(three, {
      allowed: { transitions: leftRight },
      pseudoCount: { transitions: 1e9 },
    });
    const { model } = optimize(rows, estimator, { maxIterations: 2 });
    expect(model.transitions[0]).toEqual([expect.closeTo(0.5, 5), expect.closeTo(0.5, 5), 0]);
    expect(model.transitions[2]).toEqual([0, 0, 1]);
  });

  it('keeps fixed tables', () => {
    const { w, transitions } = truth;
    const estimator = new HiddenMarkovEstimator(three, { fixedInitial: w, fixedTransitions: transitions });
    const { model } = optimize(rows, estimator, { seed: 2, maxIterations: 50 });
    expect(model.w).toEqual(w);
    expect(model.transitions).toEqual(transitions);
    expect(estimator.parameterBlocks(model).reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });

  it('keeps frozen emissions', () => {
    const frozen = means.map((mean) => new IgnoredEstimator(mean));
    const { model } = optimize(rows, new HiddenMarkovEstimator(frozen), { seed: 2, maxIterations: 200 });
    expect(model.emissions.map(({ dist }) => dist.mu)).toEqual([0, 4, 8]);
    expect(model.transitions[0]![0]).toBeCloseTo(0.8, 1);
    expect(model.transitions[1]![1]).toBeCloseTo(0.7, 1);
  });

  it('one frozen beside one that is estimated', () => {
    const estimator = new HiddenMarkovEstimator([new IgnoredEstimator(gaussian(0)), e]);
    const pairs = Array.from({ length: 40 }, (_, i) => [Math.sin(i), 6 + Math.cos(i)]);
    const { model } = optimize(pairs, estimator, { seed: 1 });
    expect(model.emissions[0].dist.mu).toBe(0);
    expect(model.emissions[1].mu).toBeCloseTo(6, 0);
  });

  it.each([
    ['a row too few', { fixedTransitions: [[1, 0]] }, /fixedTransitions must be a list of 2 rows/],
    ['a fixed start that does not sum to 1', { fixedInitial: [0.5, 0.4] }, /fixedInitial/],
    [
      'a mask without a true',
      {
        allowed: {
          transitions: [
            [true, true],
            [false, false],
          ],
        },
      },
      /allowed.transitions\[1\]/,
    ],
    [
      'a fixed start that the mask forbids',
      { fixedInitial: [0.5, 0.5], allowed: { initial: [true, false] } },
      /fixedInitial\[1\] must be 0, as allowed says, found 0.5/,
    ],
    [
      'a fixed step that the mask forbids',
      {
        fixedTransitions: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        allowed: {
          transitions: [
            [true, true],
            [false, true],
          ],
        },
      },
      /fixedTransitions\[1\]\[0\] must be 0, as allowed says, found 0.5/,
    ],
    ['a mask of numbers', { allowed: { initial: [1, 0] as never } }, /allowed.initial must be a list of 2 booleans/],
    ['a prior of another length', { prior: { initial: [1] } }, /prior.initial/],
    ['an unknown table', { allowed: { starts: [true] } as never }, /starts/],
  ])('refuses %s', (_, options, message) => {
    expect(() => new HiddenMarkovEstimator([e, e], options)).toThrow(message);
  });
});

describe('the law, for a left-to-right model', () => {
  const walk = new HiddenMarkovDistribution(means, {
    ...truth,
    length: new PoissonEstimator().estimate({ count: 1, sum: 6 } as never),
  });
  const estimator = new HiddenMarkovEstimator(three, {
    length: new PoissonEstimator(),
    allowed: { initial: [true, false, false], transitions: leftRight },
  });
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
    notShown: ['isUnbounded', 'kind', 'marginalOf'],
    distributions: [walk],
    estimator,
  });
  for (const { law, run } of laws) it(law, run);
});

it('keeps the type of the length', () => {
  const { model } = optimize([[1, 2]], new HiddenMarkovEstimator([e, e], { length: new PoissonEstimator() }), {
    maxIterations: 1,
  });
  expectTypeOf(model.length).toEqualTypeOf<PoissonDistribution>();
  expect(model.length.lambda).toBe(2);
  expectTypeOf(model.estimator().estimate).returns.toHaveProperty('length').toEqualTypeOf<PoissonDistribution>();
});
