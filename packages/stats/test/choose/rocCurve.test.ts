import { describe, expect, it } from 'vitest';
import { rocCurve, rocPoints } from '../../src/choose/rocCurve.js';
import fc from '../property.js';

describe('rocCurve', () => {
  it('starts at (0, 0), ends at (1, 1) and makes one point of equal scores, in any order', () => {
    const curve = rocCurve([3, 2, 1], [2, 0]);
    expect(curve.threshold).toEqual([Infinity, 3, 2, 1, 0]);
    expect(curve.detection).toEqual([0, 1 / 3, 2 / 3, 1, 1]);
    expect(curve.falseAlarm).toEqual([0, 0, 0.5, 0.5, 1]);
    expect(rocCurve([1, 2, 3], [0, 2])).toEqual(curve);
  });

  it('has the area that counting pairs gives, ties half', () => {
    const scores = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(scores, scores, (positive, negative) => {
        let pairs = 0;
        for (const p of positive) for (const n of negative) pairs += p > n ? 1 : p === n ? 0.5 : 0;
        expect(rocCurve(positive, negative).area).toBeCloseTo(pairs / positive.length / negative.length, 12);
      }),
    );
  });

  it('takes infinite scores, as log-densities are, and names what is no score', () => {
    expect(rocCurve([-Infinity, 1], [-Infinity]).area).toBe(0.75);
    expect(() => rocCurve([1, Number.NaN], [0])).toThrow(
      expect.objectContaining({ code: 'DATA', row: 1, path: ['positive'] }),
    );
    expect(() => rocCurve([1], [])).toThrow('negative must be a list of at least one score');
    expect(() => rocCurve([1], ['2' as never])).toThrow(expect.objectContaining({ code: 'DATA', path: ['negative'] }));
  });

  it('gives for each level the last point that is not above it', () => {
    const curve = rocCurve([5, 4, 2, 1], [3, 3.5, 0]);
    expect(rocPoints(curve, [0, 0.5, 0.6, 1])).toEqual([
      { detection: 0, falseAlarm: 0 },
      { detection: 0.5, falseAlarm: 2 / 3 },
      { detection: 0.5, falseAlarm: 2 / 3 },
      { detection: 1, falseAlarm: 1 },
    ]);
    expect(() => rocPoints(curve, [1.5])).toThrow('levels[0] must be a number in [0, 1]');
  });
});
