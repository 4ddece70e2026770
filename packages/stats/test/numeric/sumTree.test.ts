import { describe, expect, it } from 'vitest';
import { sumTree } from '../../src/numeric/sumTree.js';

const text = (leafCount: number) => sumTree(leafCount, String, (left, right) => `(${left}+${right})`);

describe('sumTree', () => {
  it('adds neighbours, then pairs of neighbours', () => {
    expect(text(1)).toBe('0');
    expect(text(4)).toBe('((0+1)+(2+3))');
    expect(text(8)).toBe('(((0+1)+(2+3))+((4+5)+(6+7)))');
  });

  it('makes its leaves in order, and keeps few at a time', () => {
    const made: number[] = [];
    let alive = 0;
    let most = 0;
    const leaf = (s: number) => {
      made.push(s);
      most = Math.max(most, ++alive);
      return s;
    };
    const sum = sumTree(64, leaf, (left, right) => {
      alive--;
      return left + right;
    });
    expect(made).toEqual([...Array(64).keys()]);
    expect([sum, most]).toEqual([2016, 7]);
  });
});
