import { describe, expect, it } from 'vitest';
import { dealFolds } from '../../src/fit/folds.js';

describe('the folds of rows', () => {
  const numberOf = (row: number) => Math.imul(row ^ (row >>> 7), 0x9e3779b1) >>> 0;

  it('differ in size by one row at most, in any order of asking', () => {
    for (const [rowCount, foldCount] of [
      [10, 3],
      [100, 7],
      [99, 10],
    ] as const) {
      const forwards = dealFolds(numberOf, foldCount);
      const folds = Array.from({ length: rowCount }, (_, row) => forwards(row));
      const sizes = Array.from({ length: foldCount }, (_, fold) => folds.filter((f) => f === fold).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const backwards = dealFolds(numberOf, foldCount);
      for (let row = rowCount - 1; row >= 0; row--) expect(backwards(row)).toBe(folds[row]);
    }
  });

  it('are not dealt in turn', () => {
    const foldOf = dealFolds(numberOf, 5);
    expect(Array.from({ length: 50 }, (_, row) => foldOf(row))).not.toEqual(
      Array.from({ length: 50 }, (_, row) => row % 5),
    );
  });
});
