import { describe, expect, it } from 'vitest';
import { BinomialDistribution } from '../../src/families/binomial.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { ExponentialDistribution } from '../../src/families/exponential.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution } from '../../src/families/poisson.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
type Hmm = HiddenMarkovDistribution<readonly GaussianDistribution[]>;
const chain = (means: readonly number[], w: readonly number[], transitions: readonly (readonly number[])[]): Hmm =>
  new HiddenMarkovDistribution(means.map(gaussian), { w, transitions });

/** States 0 and 50, the second of which is never left. */
const absorbing = chain(
  [0, 50],
  [1, 0],
  [
    [0.9, 0.1],
    [0, 1],
  ],
);
const leftRight = chain(
  [0, 60, 120],
  [1, 0, 0],
  [
    [0.8, 0.2, 0],
    [0, 0.7, 0.3],
    [0, 0, 1],
  ],
);

/** All possible paths with log p(path, x): the definition, without any recursion. */
function paths(hmm: Hmm, x: readonly number[]): { z: number[]; log: number }[] {
  return x
    .reduce<{ z: number[]; log: number }[]>(
      (found, item, t) =>
        found.flatMap(({ z, log }) =>
          hmm.emissions.map((emission, s) => {
            const step = t === 0 ? hmm.w[s]! : hmm.transitions[z[t - 1]!]![s]!;
            return { z: [...z, s], log: log + Math.log(step) + emission.logDensity(item) };
          }),
        ),
      [{ z: [], log: 0 }],
    )
    .filter(({ log }) => log > -Infinity);
}

/** log of the sum over all paths, and P(state at t | x). */
function bruteForce(hmm: Hmm, x: readonly number[]) {
  const all = paths(hmm, x);
  const largest = Math.max(...all.map(({ log }) => log));
  const total = all.reduce((sum, { log }) => sum + Math.exp(log - largest), 0);
  const share = (keep: (z: readonly number[]) => boolean) =>
    all.reduce((sum, { z, log }) => sum + (keep(z) ? Math.exp(log - largest) : 0), 0) / total;
  const states = hmm.emissions.map((_, s) => s);
  return {
    logDensity: largest + Math.log(total),
    posterior: x.map((_, t) => states.map((s) => share((z) => z[t] === s))),
    steps: states.flatMap((r) =>
      states.map((s) => x.slice(1).reduce((sum, _, t) => sum + share((z) => z[t] === r && z[t + 1] === s), 0)),
    ),
    best: all.reduce((best, path) => (path.log > best.log ? path : best)).z,
  };
}

const lists: Readonly<Record<string, readonly [Hmm, readonly number[]]>> = {
  'an item that only the state behind can give': [absorbing, [0, 0, 50, 0, 50]],
  'a first item far from where the chain starts': [absorbing, [50, 50, 0]],
  'an outlier on the way': [leftRight, [0, 1, 120, 60, 61, 120]],
  'a share that vanishes step by step': [absorbing, [0, ...new Array(5).fill(31), ...new Array(5).fill(0)]],
  'an item between the states, where the scaled pass is right': [absorbing, [0, 20, 27, 50]],
};

describe.each(Object.entries(lists))('%s', (_, [hmm, x]) => {
  const expected = bruteForce(hmm, x);
  const columns = hmm.encoder().encode([[1], x, [], x]);

  it('scores as the sum over all paths', () => {
    expect(hmm.logDensity(x)).toBeCloseTo(expected.logDensity, 9);
    const out = new Float64Array(4);
    hmm.seqLogDensity(columns, 0, 4, out);
    expect([out[1], out[3]]).toEqual([expect.closeTo(expected.logDensity, 9), out[1]]);
  });

  it('gives the posterior and the best path', () => {
    const found = hmm.posterior(x);
    found.forEach((row, t) => row.forEach((p, s) => expect(p).toBeCloseTo(expected.posterior[t]![s]!, 9)));
    hmm.filtered(x)[x.length - 1]!.forEach((p, s) => expect(p).toBeCloseTo(expected.posterior[x.length - 1]![s]!, 9));
    expect(hmm.viterbi(x)).toEqual(expected.best);
  });

  it('counts what the paths imply', () => {
    const states = hmm.emissions.length;
    const estimator = new HiddenMarkovEstimator(hmm.emissions.map(() => new GaussianEstimator()));
    const accumulator = estimator.accumulator(columns);
    accumulator.begin(hmm, columns, { float64: (n) => new Float64Array(n) });
    const weights = Float64Array.of(0, 2, 1, 0.5);
    const scores = new Float64Array(4);
    accumulator.score(hmm, columns, 0, 4, scores);
    accumulator.seqUpdate(columns, 0, 4, weights, hmm);
    const { initial, transitions, emissions } = accumulator.value();
    for (let s = 0; s < states; s++) expect(initial[s]).toBeCloseTo(2.5 * expected.posterior[0]![s]!, 9);
    transitions.forEach((count, at) => expect(count).toBeCloseTo(2.5 * expected.steps[at]!, 9));
    const held = expected.posterior.reduce((sum, row) => sum + row[0]!, 0);
    expect((emissions[0] as { count: number }).count).toBeCloseTo(2.5 * held, 9);
  });
});

it('gives the value that the log domain gives', () => {
  expect(absorbing.logDensity([0, 0, 50, 0, 50])).toBeCloseTo(-1256.409311, 6);
});

it('fits a chain with an absorbing state to lists with an outlier', () => {
  const rows = Array.from({ length: 20 }, (_, i) => [Math.sin(i), 50, Math.cos(i), Math.sin(i + 1), 50 + Math.sin(i)]);
  const e = new GaussianEstimator({ minSigma2: 1 });
  const fit = optimize(rows, new HiddenMarkovEstimator([e, e]), { initialModel: absorbing as never });
  expect(fit.path.every(({ logLikelihood }) => Number.isFinite(logLikelihood))).toBe(true);
  expect(fit.path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
  expect(fit.model.transitions[1]).toEqual([0, 1]);
});

describe('an impossible list', () => {
  const letters = new HiddenMarkovDistribution(
    [new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ b: 1 })],
    {
      w: [1, 0],
      transitions: [
        [0.5, 0.5],
        [0, 1],
      ],
    },
  );
  it('scores -Infinity and has no states', () => {
    expect(letters.logDensity(['a', 'b', 'a'])).toBe(-Infinity);
    expect(letters.posterior(['a', 'b', 'a'])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(letters.filtered(['b'])).toEqual([[0, 0]]);
    expect(letters.logDensity(['a', 'b', 'b'])).toBeCloseTo(Math.log(0.5), 12);
  });
  it('has no best path, and says at which item', () => {
    expect(() => letters.viterbi(['a', 'b', 'a'])).toThrow(/x\[2\] must be an item that some path .* found "a"/);
    expect(() => letters.viterbi(['b'])).toThrow(/x\[0\]/);
    expect(letters.viterbi([])).toEqual([]);
  });
  it('counts nothing beside a possible one', () => {
    const algorithm = em(letters.estimator());
    const columns = algorithm.encode([
      ['a', 'b', 'a'],
      ['a', 'b'],
    ]);
    const out = new Float64Array(2);
    letters.seqLogDensity(columns, 0, 2, out);
    expect([...out]).toEqual([-Infinity, expect.closeTo(Math.log(0.5), 12)]);
  });
});

it('asks about items only', () => {
  expect(() => absorbing.posterior([0, Number.NaN])).toThrow(/posterior: x\[1\] must be a finite number, found NaN/);
  expect(() => absorbing.viterbi(['x'] as never)).toThrow(/viterbi: x\[0\] must be a finite number/);
});

it('keeps a pole a pole in logs', () => {
  // A gamma of shape 1/2 is infinite at 0, which the first state alone can give.
  const hmm = new HiddenMarkovDistribution(
    [new GammaDistribution({ shape: 0.5, scale: 1 }), new ExponentialDistribution({ mean: 1e-3 })],
    {
      w: [1, 0],
      transitions: [
        [0.5, 0.5],
        [0, 1],
      ],
    },
  );
  expect(hmm.logDensity([0, 1e-3, 5])).toBe(Infinity);
  expect(hmm.posterior([0, 5]).every((row) => Math.abs(row[0]! + row[1]! - 1) < 1e-12)).toBe(true);
});

it('keeps the digits of posteriors where only a state that no path reaches is near the items', () => {
  const narrow = (mu: number) => new GaussianDistribution({ mu, sigma2: 1e-6 });
  const hmm = new HiddenMarkovDistribution([narrow(0), narrow(0), narrow(1000)], {
    w: [0.6, 0.4, 0],
    transitions: [
      [0.5, 0.5, 0],
      [0.3, 0.7, 0],
      [0, 0, 1],
    ],
  });
  // The two states that can be there score -2.45e11 alike, so that the items tell nothing of them.
  const x = [700, 700];
  const columns = hmm.encoder().encode([x]);
  const posteriors = [
    [0.6, 0.4, 0],
    [0.42, 0.58, 0],
  ];
  expect(hmm.posterior(x)).toEqual(posteriors.map((row) => row.map((p) => expect.closeTo(p, 14))));
  const e = new GaussianEstimator();
  const accumulator = new HiddenMarkovEstimator([e, e, e]).accumulator(columns);
  accumulator.begin(hmm, columns, { float64: (n) => new Float64Array(n) });
  accumulator.score(hmm, columns, 0, 1, new Float64Array(1));
  accumulator.seqUpdate(columns, 0, 1, Float64Array.of(1), hmm);
  const { initial, transitions } = accumulator.value();
  expect([...initial]).toEqual([0.6, 0.4, 0].map((p) => expect.closeTo(p, 14)));
  expect([...transitions]).toEqual([0.3, 0.3, 0, 0.12, 0.28, 0, 0, 0, 0].map((p) => expect.closeTo(p, 14)));
});

it('counts nothing of a list that becomes impossible after a state was lost', () => {
  // At 5 the state that is never left is lost, and 200 is impossible for both.
  const hmm = new HiddenMarkovDistribution(
    [new BinomialDistribution({ n: 9, p: 1e-100 }), new BinomialDistribution({ n: 9, p: 0.5 })],
    {
      w: [0.5, 0.5],
      transitions: [
        [1, 0],
        [0.5, 0.5],
      ],
    },
  );
  const x = [5, 200, 5];
  const columns = hmm.encoder().encode([x]);
  const e = hmm.estimator();
  const accumulator = e.accumulator(columns);
  accumulator.begin(hmm, columns, { float64: (n) => new Float64Array(n) });
  const out = new Float64Array(1);
  accumulator.score(hmm, columns, 0, 1, out);
  expect(out[0]).toBe(-Infinity);
  accumulator.seqUpdate(columns, 0, 1, Float64Array.of(1), hmm);
  expect([...accumulator.value().initial]).toEqual([0, 0]);
});

it('takes no pole from a state that no path reaches', () => {
  // The gamma of shape 1/2 is infinite at 0; the exponential gives 1 and 0 the densities 1/e and 1.
  const hmm = new HiddenMarkovDistribution(
    [new ExponentialDistribution({ mean: 1 }), new GammaDistribution({ shape: 0.5, scale: 1 })],
    {
      w: [1, 0],
      transitions: [
        [1, 0],
        [0, 1],
      ],
    },
  );
  const out = new Float64Array(1);
  hmm.seqLogDensity(hmm.encoder().encode([[1, 0]]), 0, 1, out);
  expect(out[0]).toBeCloseTo(-1, 14);
  expect(hmm.logDensity([1, 0])).toBeCloseTo(-1, 14);
  expect(hmm.posterior([1, 0])).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

describe('the law, where states are far apart and steps impossible', () => {
  const withLength = ({ emissions, w, transitions }: Hmm) =>
    new HiddenMarkovDistribution(emissions, { w, transitions, length: new PoissonDistribution({ lambda: 4 }) });
  const laws = checkFamily({
    offers: [...PARENT, 'isUnbounded', 'pooling', 'marginalOf'],
    notShown: ['marginalOf', 'isUnbounded', 'kind'],
    distributions: [
      withLength(absorbing),
      withLength(
        chain(
          [0, 100],
          [0, 1],
          [
            [1, 0],
            [0.4, 0.6],
          ],
        ),
      ),
    ],
    estimator: withLength(absorbing).estimator(),
    rows: [[0, 0, 50, 0, 50], [50, 0], []],
  });
  for (const { law, run } of laws) it(law, run);
});

it('is fitted as a component of a mixture', () => {
  const rows = [
    [0, 0, 50, 0, 50],
    [0, 50, 50],
    [50, 0, 0],
    [0, 0, 0, 50],
  ];
  const mixture = new MixtureDistribution([absorbing, leftRight], { w: [0.5, 0.5] });
  const e = new GaussianEstimator({ minSigma2: 1 });
  const fit = optimize(
    rows,
    new MixtureEstimator([new HiddenMarkovEstimator([e, e]), new HiddenMarkovEstimator([e, e, e])]),
    {
      initialModel: mixture as never,
      maxIterations: 10,
    },
  );
  expect(fit.path.slice(1).every(({ change, isRejected }) => isRejected || change > -1e-9)).toBe(true);
});
