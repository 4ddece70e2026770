import { describe, expect, it } from 'vitest';
import {
  GaussianDistribution,
  GaussianEstimator,
  kFold,
  optimize,
  ParameterError,
  partition,
} from '../../src/index.js';
import { childSeed, drawIndex, drawsOf, random, rowHash, seedNumber } from '../../src/numeric/random.js';

describe('random', () => {
  it('is the same for equal seeds, as number or text, and another for others', () => {
    expect(random(1)()).toBe(random('1')());
    expect(random(1)()).not.toBe(random(2)());
    expect(random(childSeed(1, 'a'))()).not.toBe(random(childSeed(1, 'b'))());
  });
});

describe('a seed', () => {
  it.each([Number.NaN, Infinity, undefined, null, true, {}, 1n])('may not be %s, wherever it enters', (bad) => {
    const seed = bad as never;
    for (const use of [
      () => random(seed),
      () => childSeed(seed, 'a'),
      () => drawsOf(seed, 'random'),
      () => seedNumber(seed),
      () => new GaussianDistribution({ mu: 0, sigma2: 1 }).sampler(seed),
      () => partition([1, 2, 3], [0.5, 0.5], { seed: bad === undefined ? (Number.NaN as never) : seed }),
      () => optimize([1, 2, 3], new GaussianEstimator(), { seed: bad === undefined ? (Number.NaN as never) : seed }),
      () => kFold([1, 2, 3], new GaussianEstimator(), { folds: 2, seed: bad === undefined ? Number.NaN : seed }),
    ]) {
      expect(use).toThrow(ParameterError);
      expect(use).toThrow('seed must be a finite number or a string, found');
    }
  });
});

describe('a sampler', () => {
  it('draws a whole number of rows, and a count is a number', () => {
    const sampler = new GaussianDistribution({ mu: 0, sigma2: 1 }).sampler(1);
    for (const count of [-1, 0.5, Number.NaN, '3', null])
      expect(() => sampler.sample(count as never)).toThrow(ParameterError);
    expect(sampler.sample(0)).toEqual([]);
  });
});

describe('drawIndex', () => {
  it('never draws an index of weight 0, not even by rounding', () => {
    const almostOne = () => 1 - 2 ** -53;
    expect(drawIndex(almostOne, [0.1, 0.2, 0])).toBe(1);
    expect(drawIndex(() => 0, [0, 0.5, 0.5])).toBe(1);
  });

  it('draws in proportion to the weights', () => {
    const rng = random(5);
    const counts = [0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[drawIndex(rng, [1, 2, 3])]! += 1;
    // Standard errors are 29, 37 and 39; 5 of them are allowed.
    [1000, 2000, 3000].forEach((expected, k) => expect(Math.abs(counts[k]! - expected)).toBeLessThan(195));
  });
});

describe('drawsOf', () => {
  it('depends on seed, node and row alone', () => {
    const first = drawsOf(1, 'random').child(0).row(7);
    expect(drawsOf('1', 'random').child('0').row(7)()).toBe(first());
    expect(drawsOf(1, 'random').child(1).row(7)()).not.toBe(drawsOf(1, 'random').child(0).row(7)());
    expect(drawsOf(1, 'random').row(7)()).not.toBe(drawsOf(1, 'random').row(8)());
  });
});

describe('rowHash', () => {
  it('spreads rows evenly, beyond 2^32 too', () => {
    const number = seedNumber('seed');
    for (const first of [0, 2 ** 32, 2 ** 45]) {
      let below = 0;
      for (let i = 0; i < 4000; i++) if (rowHash(number, first + i) < 2 ** 30) below++;
      // A quarter, within 5 standard errors of 27.
      expect(Math.abs(below - 1000)).toBeLessThan(137);
    }
  });
});
