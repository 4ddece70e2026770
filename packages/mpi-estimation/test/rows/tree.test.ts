import { describe, expect, it } from 'vitest';
import { jointsOf } from '../../src/fit/pairs.js';
import { coverOf, firstSegment, type TreeNode, TreeSum } from '../../src/rows/tree.js';

/** A sum that remembers how it was bracketed. */
const bracket = (left: string, right: string) => `(${left}+${right})`;

function leaf(first: number): TreeNode<string> {
  return { first, size: 1, value: String(first) };
}

describe('the tree of sums', () => {
  it('pairs four segments as (0 + 1) + (2 + 3)', () => {
    const tree = new TreeSum(bracket);
    for (let s = 0; s < 4; s++) tree.add(leaf(s));
    expect(tree.nodes).toEqual([{ first: 0, size: 4, value: '((0+1)+(2+3))' }]);
  });

  it('is bracketed alike for any number of ranks', () => {
    for (const segmentCount of [1, 2, 64, 256]) {
      const whole = new TreeSum(bracket);
      for (let s = 0; s < segmentCount; s++) whole.add(leaf(s));
      for (const size of [1, 2, 3, 5, 7, 64, 100]) {
        const root = new TreeSum(bracket);
        for (let rank = 0; rank < size; rank++) {
          const own = new TreeSum(bracket);
          const end = firstSegment(segmentCount, rank + 1, size);
          for (let s = firstSegment(segmentCount, rank, size); s < end; s++) own.add(leaf(s));
          const shape = own.nodes.map(({ first, size }) => [first, size]);
          expect(coverOf(segmentCount, rank, size).map(({ first, size }) => [first, size])).toEqual(shape);
          for (const node of own.nodes) root.add(node);
        }
        expect(root.nodes).toEqual(whole.nodes);
      }
    }
  });

  it('is completed by the ranks in pairs with the same brackets, and few messages', () => {
    for (const segmentCount of [64, 256]) {
      const whole = new TreeSum(bracket);
      for (let s = 0; s < segmentCount; s++) whole.add(leaf(s));
      for (const size of [1, 2, 3, 5, 7, 64]) {
        const values = new Map<number, string>();
        let messages = 0;
        for (let rank = 0; rank < size; rank++) {
          const own = new TreeSum(bracket);
          const end = firstSegment(segmentCount, rank + 1, size);
          for (let s = firstSegment(segmentCount, rank, size); s < end; s++) own.add(leaf(s));
          for (const { first, value } of own.nodes) values.set(first, value);
        }
        for (const { left, right, leftRank, rightRank } of jointsOf(segmentCount, size)) {
          values.set(left, bracket(values.get(left)!, values.get(right)!));
          values.delete(right);
          if (leftRank !== rightRank) messages++;
        }
        expect([...values]).toEqual([[0, whole.nodes[0]!.value]]);
        // Each rank but the root sends at least once; exactly once when their number is a power of two.
        expect(messages).toBeGreaterThanOrEqual(size - 1);
        if (Number.isInteger(Math.log2(size))) expect(messages).toBe(size - 1);
      }
    }
  });

  it('covers the run of a rank with at most two nodes of each size', () => {
    for (const size of [3, 5, 31]) {
      for (let rank = 0; rank < size; rank++) {
        expect(coverOf(1024, rank, size).length).toBeLessThanOrEqual(20);
      }
    }
  });
});
