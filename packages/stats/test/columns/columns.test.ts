import { describe, expect, it } from 'vitest';
import {
  concatColumns,
  encodeChild,
  joinOffsets,
  sliceColumns,
  takeColumns,
  violationOf,
} from '../../src/columns/columns.js';
import { DataError, EstimationError } from '../../src/errors.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';

const encoder = { encode: () => made };
const made = { rowCount: 3, x: Float64Array.of(1, 2, 3), codes: Int32Array.of(0, 1, 0), unit: 'mm' };

describe('the defaults for columns with an entry per row', () => {
  it('slice without copying, and keep what describes the whole', () => {
    const part = sliceColumns(encoder, made, 1, 3);
    expect(part).toEqual({ rowCount: 2, x: Float64Array.of(2, 3), codes: Int32Array.of(1, 0), unit: 'mm' });
    expect(part.x.buffer).toBe(made.x.buffer);
  });

  it('take rows in any order', () => {
    expect(takeColumns(encoder, made, Int32Array.of(2, 0, 2)).x).toEqual(Float64Array.of(3, 1, 3));
  });

  it('join parts, those without rows included', () => {
    const empty = sliceColumns(encoder, made, 0, 0);
    expect(concatColumns(encoder, [empty, made, empty, made])).toMatchObject({ rowCount: 6, unit: 'mm' });
  });

  it('refuse to join what is described differently', () => {
    expect(() => concatColumns(encoder, [made, { ...made, unit: 'cm' }])).toThrow(EstimationError);
    expect(() => concatColumns(encoder, [])).toThrow(EstimationError);
  });
});

describe('encodeChild', () => {
  it("gives a child's error the parent's row and the steps to the child", () => {
    const encode = () => encodeChild(new GaussianEstimator().encoder(), [1, Number.NaN], (i) => [40 + i, 'visits', 3]);
    expect(encode).toThrow(DataError);
    expect(encode).toThrow('Gaussian: row 41, field "visits[3]" must be a finite number, found NaN.');
  });
});

describe('violationOf', () => {
  it('encodes the row alone when the encoder has no violation', () => {
    const strict = {
      encode(rows: readonly unknown[]) {
        rows.forEach((row, i) => {
          if (row !== 1) throw new DataError('One', i, '1', row, ['a']);
        });
        return { rowCount: rows.length };
      },
    };
    expect(violationOf(strict, 1)).toBeUndefined();
    expect(violationOf(strict, 2)).toMatchObject({ path: ['a'], expected: '1', found: 2 });
  });
});

describe('joinOffsets', () => {
  it('continues each list from the end of the one before', () => {
    expect([...joinOffsets([Int32Array.of(0, 2, 3), Int32Array.of(0), Int32Array.of(0, 0, 4)])]).toEqual([
      0, 2, 3, 3, 7,
    ]);
  });
});
