import { describe, expect, it } from 'vitest';
import { forEachBlock, segmentCount, segmentStart } from '../../src/fit/segments.js';
import fc from '../property.js';

describe('the cut into segments', () => {
  it('covers all rows once, in order, for any number of rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (rowCount) => {
        const count = segmentCount(rowCount);
        expect(Math.log2(count) % 1).toBe(0);
        expect([segmentStart(rowCount, 0), segmentStart(rowCount, count)]).toEqual([0, rowCount]);
        let largest = 0;
        for (let s = 0; s < count; s++) {
          const size = segmentStart(rowCount, s + 1) - segmentStart(rowCount, s);
          expect(size).toBeGreaterThanOrEqual(0);
          largest = Math.max(largest, size);
        }
        expect(largest).toBeLessThanOrEqual(65_536);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the cut into blocks', () => {
  const columns = { rowCount: 5000 };
  const plain = { encode: () => columns };

  function blocks(encoder: Parameters<typeof forEachBlock>[0], start: number, end: number) {
    const found: [number, number][] = [];
    forEachBlock(encoder, columns, start, end, (from, to) => found.push([from, to]));
    return found;
  }

  it('has at most 1024 rows in a block', () => {
    expect(blocks(plain, 7, 2500)).toEqual([
      [7, 1031],
      [1031, 2055],
      [2055, 2500],
    ]);
    expect(blocks(plain, 7, 7)).toEqual([]);
  });

  it('has fewer rows that are long, but at least one', () => {
    const long = { ...plain, itemCount: (_: unknown, start: number, end: number) => 1000 * (end - start) };
    expect(blocks(long, 0, 8).every(([from, to]) => to - from <= 4)).toBe(true);
    const huge = { ...plain, itemCount: () => 1e9 };
    expect(blocks(huge, 0, 3)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});
