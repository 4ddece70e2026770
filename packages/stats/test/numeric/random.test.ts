import { describe, expect, it } from 'vitest';
import { childSeed, drawIndex, drawsOf, random, rowHash, seedNumber } from '../../src/numeric/random.js';

describe('random', () => {
  it('is the same for equal seeds, as number or text, and another for others', () => {
    expect(random(1)()).toBe(random('1')());
    expect(random(1)()).not.toBe(random(2)());
    expect(random(childSeed(1, 'a'))()).not.toBe(random(childSeed(1, 'b'))());
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
