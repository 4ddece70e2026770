import { describe, expect, it } from 'vitest';
import {
  betaln,
  digamma,
  digammaInverse,
  log1pmx,
  logFactorial,
  logMinusDigamma,
  logMinusDigammaSlope,
  trigamma,
} from '../../src/numeric/special.js';

describe('special functions', () => {
  it('inverts digamma over its whole range', () => {
    for (const x of [1e-8, 0.02, 0.3, 1, 1.5, 17, 1e6]) expect(digammaInverse(digamma(x)) / x).toBeCloseTo(1, 12);
    expect([digammaInverse(-Infinity), digammaInverse(Infinity)]).toEqual([0, Infinity]);
  });

  it('has log x - ψ(x) without a step where the series takes over, and 1/2x + 1/12x² far out', () => {
    for (const x of [19.99, 20, 25]) {
      expect(logMinusDigamma(x)).toBeCloseTo(Math.log(x) - digamma(x), 14);
      expect(logMinusDigammaSlope(x)).toBeCloseTo(1 / x - trigamma(x), 15);
    }
    const far = 1e9;
    expect(logMinusDigamma(far) / (0.5 / far + 1 / (12 * far * far))).toBeCloseTo(1, 14);
    expect(logMinusDigammaSlope(far) / (-0.5 / (far * far))).toBeCloseTo(1, 8);
  });

  it('has log(1 + x) - x near 0 to its last digits', () => {
    for (const x of [1e-9, -1e-9, 1e-4, 0.01]) {
      const series = -(x * x) / 2 + x ** 3 / 3 - x ** 4 / 4 + x ** 5 / 5 - x ** 6 / 6 + x ** 7 / 7 - x ** 8 / 8;
      expect(log1pmx(x) / series).toBeCloseTo(1, 14);
    }
    for (const x of [-0.49, 0.3, 0.499, 0.5, 7]) expect(log1pmx(x)).toBeCloseTo(Math.log1p(x) - x, 14);
    expect(log1pmx(0)).toBeCloseTo(0, 15);
    expect(log1pmx(Number.NaN)).toBeNaN();
  });

  it('keeps the digits of log B for large arguments', () => {
    // Γ(a)/Γ(a + 1/2) = a^(-1/2) (1 + 1/8a + …)
    const a = 1e10;
    expect(betaln(a, 0.5)).toBeCloseTo(0.5 * Math.log(Math.PI / a) + 1 / (8 * a), 13);
  });

  it('counts permutations', () => {
    expect([0, 1, 2, 5].map((n) => Math.round(Math.exp(logFactorial(n))))).toEqual([1, 1, 2, 120]);
  });
});
