import { describe, expect, it } from 'vitest';
import { adjustedRandIndex, confusionTable } from '../../src/choose/confusionTable.js';
import fc from '../property.js';

describe('confusionTable', () => {
  it('counts pairs of a true and a predicted label', () => {
    const table = confusionTable(['a', 'a', 'b', 'b', 'b'], ['a', 'b', 'b', 'b', 'c']);
    expect(table.labels).toEqual(['a', 'b', 'c']);
    expect(table.counts).toEqual([
      [1, 1, 0],
      [0, 2, 1],
      [0, 0, 0],
    ]);
    expect(table.accuracy).toBe(3 / 5);
    expect(confusionTable(Int32Array.of(0, 1), Int32Array.of(1, 1)).accuracy).toBe(0.5);
    expect(() => confusionTable(['a'], [])).toThrow('the second argument must be a list of 1 labels');
    expect(() => confusionTable([], [])).toThrow('the first argument must be a list of at least one label');
  });
});

describe('adjustedRandIndex', () => {
  it('has the values that scikit-learn gives', () => {
    // sklearn.metrics.adjusted_rand_score of the same lists, 1.5.
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714285714285714, 14);
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 14);
    expect(adjustedRandIndex([0, 0, 0, 0], [0, 1, 2, 3])).toBe(0);
    expect(adjustedRandIndex([0, 0, 0], [1, 1, 1])).toBe(1);
    expect(adjustedRandIndex([0, 1, 2], [5, 6, 7])).toBe(1);
    expect(adjustedRandIndex(['a'], ['b'])).toBe(1);
  });

  it('is what counting all pairs gives, the same both ways round and under other names', () => {
    const groups = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(groups, (pairs) => {
        const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        let [joint, left, right, all] = [0, 0, 0, 0];
        for (let i = 0; i < a.length; i++) {
          for (let j = 0; j < i; j++) {
            left += Number(a[i] === a[j]);
            right += Number(b[i] === b[j]);
            joint += Number(a[i] === a[j] && b[i] === b[j]);
            all += 1;
          }
        }
        const expected = (left * right) / all;
        const most = (left + right) / 2;
        const index = adjustedRandIndex(a, b);
        expect(index).toBeCloseTo(most === expected ? 1 : (joint - expected) / (most - expected), 12);
        expect(adjustedRandIndex(b, a)).toBeCloseTo(index, 12);
        expect(
          adjustedRandIndex(
            a.map((x) => `group ${x}`),
            b,
          ),
        ).toBe(index);
      }),
    );
  });
});
