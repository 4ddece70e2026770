import { describe, expect, it } from 'vitest';
import { newtonRoot } from '../../src/numeric/newtonRoot.js';
import fc from '../property.js';

const range = { lower: 1e-10, upper: 1e10 };

describe('newtonRoot', () => {
  it('finds the zero of log(root / x) from any start', () => {
    fc.assert(
      fc.property(fc.double({ min: -22, max: 22, noNaN: true }), fc.double(), (logRoot, start) => {
        const root = Math.exp(logRoot);
        const found = newtonRoot((x) => ({ value: Math.log(root / x), slope: -1 / x }), { ...range, start });
        expect(Math.abs(found / root - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  it('finds a zero behind an exponential wall, where Newton alone creeps', () => {
    const f = (x: number) => ({ value: 1 - Math.expm1(50 * (x - 1)), slope: -50 * Math.exp(50 * (x - 1)) });
    for (const start of [1e-9, 1, 14, 1e9]) {
      expect(newtonRoot(f, { ...range, start })).toBeCloseTo(1 + Math.LN2 / 50, 13);
    }
  });

  it('stays at a zero that it starts from, up to rounding', () => {
    const f = (x: number) => ({ value: 1 / x - 0.3, slope: -1 / (x * x) });
    expect(newtonRoot(f, { ...range, start: 1 / 0.3 })).toBeCloseTo(1 / 0.3, 14);
  });

  it('goes to the end that the sign points to when there is no zero', () => {
    const constant = (value: number) => () => ({ value, slope: -1e-30 });
    expect(newtonRoot(constant(1), { ...range, start: 1 }) / 1e10).toBeCloseTo(1, 12);
    expect(newtonRoot(constant(-1), { ...range, start: 1 }) / 1e-10).toBeCloseTo(1, 12);
  });
});
