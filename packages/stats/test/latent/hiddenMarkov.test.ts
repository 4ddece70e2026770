import { describe, expect, expectTypeOf, it } from 'vitest';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const length = new PoissonDistribution({ lambda: 6 });
const twoStates = (distance: number) =>
  new HiddenMarkovDistribution([gaussian(0), gaussian(distance)], {
    w: [0.6, 0.4],
    transitions: [
      [0.8, 0.2],
      [0.3, 0.7],
    ],
    length,
  });
const e = new GaussianEstimator();
const estimator = new HiddenMarkovEstimator([e, e], { length: new PoissonEstimator() });

const laws = checkFamily({
  offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
  notShown: ['pooling', 'marginalOf'],
  distributions: [twoStates(8), twoStates(-5)],
  unbounded: {
    distribution: new HiddenMarkovDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })], {
      w: [1],
      transitions: [[1]],
    }),
    pole: [0],
  },
  estimator,
  keyed: new HiddenMarkovEstimator([e, e], { keys: { transitions: 'shared' } }),
  rows: [[], [0.5]],
  refused: [[1, 'x'], 3, null, 'abc', [Number.NaN]],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

/** All state paths of a sequence with their probability: the definition, without any recursion. */
function paths(hmm: ReturnType<typeof twoStates>, x: readonly number[]): { z: number[]; p: number }[] {
  return x.reduce<{ z: number[]; p: number }[]>(
    (found, item, t) =>
      found.flatMap(({ z, p }) =>
        hmm.emissions.map((emission, s) => {
          const step = t === 0 ? hmm.w[s]! : hmm.transitions[z[t - 1]!]![s]!;
          return { z: [...z, s], p: p * step * emission.density(item) };
        }),
      ),
    [{ z: [], p: 1 }],
  );
}

describe('inference equals the sum over all paths', () => {
  const hmm = twoStates(2);
  const x = [0.1, 1.2, 2.2, 0.7, 1.9];
  const all = paths(hmm, x);
  const total = all.reduce((sum, { p }) => sum + p, 0);

  it('the density', () => {
    expect(hmm.logDensity(x)).toBeCloseTo(Math.log(total) + length.logDensity(5), 12);
  });
  it('the smoothed probabilities', () => {
    const expected = x.map((_, t) =>
      [0, 1].map((s) => all.filter(({ z }) => z[t] === s).reduce((sum, { p }) => sum + p, 0) / total),
    );
    hmm.posterior(x).forEach((row, t) => {
      row.forEach((p, s) => expect(p).toBeCloseTo(expected[t]![s]!, 12));
    });
  });
  it('the filtered probabilities, which for the last item are the smoothed ones', () => {
    const last = x.length - 1;
    hmm.filtered(x)[last]!.forEach((p, s) => expect(p).toBeCloseTo(hmm.posterior(x)[last]![s]!, 12));
  });
  it('the most probable path', () => {
    expect(hmm.viterbi(x)).toEqual(all.reduce((best, path) => (path.p > best.p ? path : best)).z);
  });
});

it('recovers a chain from its own sequences, up to the names of the states', () => {
  const truth = twoStates(6);
  const { model } = optimize(truth.sampler(3).sample(600), estimator, { seed: 5 });
  const [low, high] = model.emissions[0].mu < model.emissions[1].mu ? [0, 1] : [1, 0];
  expect(model.emissions[low]!.mu).toBeCloseTo(0, 0);
  expect(model.emissions[high]!.mu).toBeCloseTo(6, 0);
  expect(model.transitions[low]![high]!).toBeCloseTo(0.2, 1);
  expect(model.transitions[high]![low]!).toBeCloseTo(0.3, 1);
});

it('gives a state that is never left a uniform row', () => {
  const { model } = optimize([[1], [2]], new HiddenMarkovEstimator([e, e]));
  expect(model.transitions).toEqual([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
});

it('takes missing observations, categories and nested models as emissions', () => {
  const rows = twoStates(6)
    .sampler(9)
    .sample(60)
    .map((row) => row.map((x, t) => (t % 3 === 2 ? null : x)));
  const optional = new OptionalEstimator(e);
  const fit = optimize(
    rows,
    new MixtureEstimator([new HiddenMarkovEstimator([optional, optional]), new HiddenMarkovEstimator([optional])]),
    {
      maxIterations: 5,
    },
  );
  expect(fit.path.every(({ logLikelihood }) => Number.isFinite(logLikelihood))).toBe(true);
  expect(fit.path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
});

it('stops at a terminal value when it draws without a length', () => {
  const hmm = new HiddenMarkovDistribution([new CategoricalDistribution({ a: 0.7, end: 0.3 })], {
    w: [1],
    transitions: [[1]],
    terminalValues: ['end'],
  });
  for (const row of hmm.sampler(1).sample(50)) expect(row.indexOf('end')).toBe(row.length - 1);
});

it('refuses to draw without a length and a terminal value', () => {
  const endless = new HiddenMarkovDistribution([gaussian(0)], { w: [1], transitions: [[1]] });
  expect(() => endless.sampler(1)).toThrow(/length/);
});

it('carries the type of the items', () => {
  const c = new CategoricalEstimator();
  const { model } = optimize([['a', 'b']], new HiddenMarkovEstimator([c, c]), { maxIterations: 1 });
  expectTypeOf(model.emissions[0].p).toEqualTypeOf<ReadonlyMap<string, number>>();
  // @ts-expect-error numbers are not what these states emit
  expect(() => optimize([[{}]], new HiddenMarkovEstimator([c, c]), { maxIterations: 0 })).toThrow();
});

describe('a state that no path reaches, but that gives the items far better', () => {
  // The scaled backward pass overflowed there, and Infinity times the probability 0 was NaN: posteriors, and fits that stayed at
  // their start. All paths stay in state 0, so that the list has the density of independent items of it.
  it.each([
    { distance: 30, x: [0, 30, 30, 0] },
    { distance: 1, x: new Array<number>(2000).fill(1) },
  ])('has posterior 0 and counts nothing: at $distance', ({ distance, x }) => {
    const model = new HiddenMarkovDistribution([gaussian(0), gaussian(distance)], {
      w: [1, 0],
      transitions: [
        [1, 0],
        [0.1, 0.9],
      ],
    });
    expect(model.posterior(x)).toEqual(x.map(() => [1, 0]));
    expect(model.expectedTransitions(x)).toEqual([
      [x.length - 1, 0],
      [0, 0],
    ]);
    const out = new Float64Array(2 * x.length);
    model.seqPosterior(model.encoder().encode([x]), 0, 1, out, new Float64Array(1));
    expect(Array.from(out)).toEqual(x.flatMap(() => [1, 0]));
    const rows = [x, [0, 0.5]];
    const { model: next } = optimize(rows, new HiddenMarkovEstimator([e, e]), {
      initialModel: model,
      maxIterations: 1,
    });
    const items = rows.flat();
    expect(next.emissions[0].mu).toBeCloseTo(items.reduce((sum, item) => sum + item, 0) / items.length, 12);
    expect(next.w).toEqual([1, 0]);
  });

  // Done in logs, as the 1e-310 is lost by scaling: what the scaled pass made of such a list must not reach the sums either.
  it('counts a list that is done in logs once', () => {
    const of = (a: number, b: number, c: number) => new CategoricalDistribution({ a, b, c });
    const model = new HiddenMarkovDistribution([of(1e-10, 1 - 1e-10, 1e-300), of(1e-200, 1e-200, 1)], {
      w: [0.03, 0.97],
      transitions: [
        [1, 0],
        [1e-310, 1],
      ],
    });
    const level = new CategoricalEstimator<string>();
    const options = { initialModel: model, maxIterations: 1 };
    const { model: next } = optimize([['a', 'c', 'a', 'a']], new HiddenMarkovEstimator([level, level]), options);
    expect(next.w[0]).toBeCloseTo(1, 12);
  });
});
