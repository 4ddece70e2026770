import { describe, expect, it } from 'vitest';
import { rankingDepth } from '../../src/choose/rankingDepth.js';

describe('rankingDepth', () => {
  it('counts the places from the best score on, however the candidates are ordered', () => {
    const candidates = [
      ['a', 0.9],
      ['b', 0.7],
      ['c', 0.8],
      ['b', 0.1],
    ] as const;
    expect(rankingDepth('b', candidates)).toEqual([2, 3]);
    expect(rankingDepth('b', [...candidates].reverse(), 1)).toEqual([2]);
    expect(rankingDepth('z', candidates)).toEqual([]);
    expect(rankingDepth('a', candidates, 3)).toEqual([0, Number.NaN, Number.NaN]);
    expect(rankingDepth('a', [])).toEqual([]);
  });

  it('keeps the order of equal scores, infinite ones too', () => {
    expect(
      rankingDepth('b', [
        ['a', -Infinity],
        ['b', -Infinity],
        ['c', 3],
      ]),
    ).toEqual([2]);
    expect(
      rankingDepth('b', [
        ['b', Infinity],
        ['a', Infinity],
      ]),
    ).toEqual([0]);
  });

  it('names what is no candidate', () => {
    expect(() =>
      rankingDepth('a', [
        ['a', 1],
        ['b', Number.NaN],
      ]),
    ).toThrow(expect.objectContaining({ code: 'DATA', row: 1, path: [1] }));
    expect(() => rankingDepth('a', ['a' as never])).toThrow(expect.objectContaining({ code: 'DATA', row: 0 }));
    expect(() => rankingDepth('a', [], -1)).toThrow('count must be an integer >= 0');
  });
});
