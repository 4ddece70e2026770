import { describe, expect, it } from 'vitest';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { ParameterError } from '../../src/errors.js';
import { BernoulliSetDistribution } from '../../src/families/bernoulliSet.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovDistribution, HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const model = new HiddenMarkovDistribution([gaussian(-1), gaussian(0), gaussian(1.5)], {
  w: [0.2, 0.5, 0.3],
  transitions: [
    [0.6, 0.1, 0.3],
    [0, 0.2, 0.8],
    [0.6, 0.3, 0.1],
  ],
});
const list = [0.4, -1.2, 1.9, 0.1, -0.7];

/** Every path of states with its log-density, the best first. */
function byEnumeration(x: readonly number[]) {
  const paths = Array.from({ length: 3 ** x.length }, (_, code) =>
    x.map((__, t) => Math.floor(code / 3 ** (x.length - 1 - t)) % 3),
  );
  return paths
    .map((states) => {
      const logDensity = states.reduce((sum, s, t) => {
        const p = t === 0 ? model.w[s]! : model.transitions[states[t - 1]!]![s]!;
        return sum + Math.log(p) + model.emissions[s]!.logDensity(x[t]!);
      }, 0);
      return { states, logDensity };
    })
    .filter(({ logDensity }) => logDensity > -Infinity)
    .sort((a, b) => b.logDensity - a.logDensity);
}

describe('the best paths', () => {
  it.each([1, 2, 7, 50, 1000])('are the %i most probable of all', (count) => {
    const expected = byEnumeration(list).slice(0, count);
    const found = model.bestPaths(list, count);
    expect(found.map(({ states }) => states)).toEqual(expected.map(({ states }) => states));
    found.forEach(({ logDensity }, i) => expect(logDensity).toBeCloseTo(expected[i]!.logDensity, 10));
  });

  it('begin with that of Viterbi, and all together have the probability of the list', () => {
    const all = model.bestPaths(list, 1000);
    expect(all[0]!.states).toEqual(model.viterbi(list));
    const total = all.reduce((sum, { logDensity }) => sum + Math.exp(logDensity), 0);
    expect(Math.log(total)).toBeCloseTo(model.logDensity(list), 10);
  });

  it('are one for an empty list, and none for an impossible one or when none is asked for', () => {
    expect(model.bestPaths([], 3)).toEqual([{ states: [], logDensity: 0 }]);
    expect(model.bestPaths(list, 0)).toEqual([]);
    const sets = new HiddenMarkovDistribution([new BernoulliSetDistribution({ a: 1 })], { w: [1], transitions: [[1]] });
    expect(sets.bestPaths([['a'], []], 2)).toEqual([]);
    expect(() => sets.sampleGiven([['a'], []], 1)).toThrow(ParameterError);
  });

  it('are refused for what is no item, and a count that is none', () => {
    expect(() => model.bestPaths([0, Number.NaN], 1)).toThrow(/x\[1\]/);
    for (const count of [-1, 0.5, Number.NaN]) expect(() => model.bestPaths(list, count)).toThrow(ParameterError);
  });
});

it.each([['abc'], [5], [undefined], [null], [{ length: 2 }]])(
  'no question is asked about %j, which is no list',
  (x) => {
    for (const method of ['viterbi', 'posterior', 'filtered', 'bestPaths', 'sampleGiven'] as const) {
      const ask = model[method].bind(model) as (list: unknown, more: number) => unknown;
      expect(() => ask(x, 1)).toThrow(`HiddenMarkovDistribution.${method}: x must be a list of items, found `);
      expect(() => ask(x, 1)).toThrow(ParameterError);
    }
  },
);

describe('paths given a list', () => {
  it('are drawn as often as they are probable', () => {
    const count = 20_000;
    const paths = model.sampleGiven(list, 1).sample(count);
    const logEvidence = model.logDensity(list);
    for (const { states, logDensity } of byEnumeration(list).slice(0, 12)) {
      const p = Math.exp(logDensity - logEvidence);
      const share = paths.filter((path) => path.every((s, t) => s === states[t])).length / count;
      // Five standard errors.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count));
    }
  });

  it('are reproducible, and empty for an empty list', () => {
    expect(model.sampleGiven(list, 5).sample(3)).toEqual(model.sampleGiven(list, '5').sample(3));
    expect(model.sampleGiven([], 1).sample()).toEqual([]);
  });
});

it('takes several channels, each with gaps of its own: a gap says nothing about the state', () => {
  const channels = (mu: number, p: number) =>
    Array.from({ length: 40 }, (_, t) => ({
      warmth: t % 3 === 0 ? null : mu + Math.sin(5 * t),
      sound: t % 4 === 1 ? null : Math.sin(7 * t) > p ? ('loud' as const) : ('still' as const),
    }));
  const days = Array.from({ length: 6 }, (_, i) => [...channels(5 + i / 10, 0.8), ...channels(20, -0.8)]);
  const state = new RecordEstimator({
    warmth: new OptionalEstimator(new GaussianEstimator(), { ignoreMissing: true }),
    sound: new OptionalEstimator(new CategoricalEstimator<'loud' | 'still'>(), { ignoreMissing: true }),
  });
  const { model: fitted } = optimize(days, new HiddenMarkovEstimator([state, state]), { seed: 1 });
  const means = fitted.emissions.map(({ fields }) => fields.warmth.dist.mu);
  expect(Math.min(...means)).toBeCloseTo(5.25, 0);
  expect(Math.max(...means)).toBeCloseTo(20, 0);
  const path = fitted.viterbi(days[0]!);
  expect(new Set(path.slice(0, 40)).size).toBe(1);
  expect(new Set(path.slice(40)).size).toBe(1);
  // An item without any channel leaves the density of the list as it is: it has no length model.
  const shown = days[0]!.slice(0, 2);
  const gap = { warmth: null, sound: null };
  expect(fitted.logDensity([...shown, gap])).toBeCloseTo(fitted.logDensity(shown), 10);
});
