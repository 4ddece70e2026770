import { expect, it } from 'vitest';
import { lowerGamma, upperGamma } from '../../src/numeric/incompleteGamma.js';

it('is right near x = a for large a, where stdlib is off by up to 15 %', () => {
  // mpmath, 60 digits: gammainc(a, 0, x, regularized=True) and its complement.
  expect(lowerGamma(2015.5086554683505, 1971.1143202586281)).toBeCloseTo(0.16138603697940662, 14);
  expect(upperGamma(1137.2101410396751, 1137.2101410396751)).toBeCloseTo(0.49605660241035265, 14);
  expect(upperGamma(200.5, 1203) / 2.450705590993681e-282).toBeCloseTo(1, 12);
  expect(upperGamma(1000, 2000.1) / 6.512742807744492e-136).toBeCloseTo(1, 12);
  expect(upperGamma(2000, 4001) / 1.598011556837437e-269).toBeCloseTo(1, 12);
  expect(upperGamma(1100, 2201) / 1.865816971274378e-149).toBeCloseTo(1, 12);
  expect(lowerGamma(1500, 700) / 1.702650110522283e-151).toBeCloseTo(1, 12);
});

it('joins its two ways of computing without a step', () => {
  for (const a of [150, 1000, 1e5]) {
    for (const ratio of [0.5, 2]) {
      const [below, above] = [ratio * a * (1 - 1e-15), ratio * a * (1 + 1e-15)];
      for (const f of [lowerGamma, upperGamma]) {
        // 3e-15 of x is 3e-15 · a of log f where f is small.
        if (f(a, above) > 0) expect(Math.abs(f(a, below) / f(a, above) - 1)).toBeLessThan(1e-12 + 6e-15 * a);
      }
    }
  }
});

it('has its limits at the ends', () => {
  for (const a of [1e-3, 1, 300, 1e15]) {
    expect([lowerGamma(a, 0), upperGamma(a, 0)]).toEqual([0, 1]);
    expect([lowerGamma(a, Infinity), upperGamma(a, Infinity)]).toEqual([1, 0]);
  }
  // By symmetry ½ + 1 / (3 √(2πa)) to first order.
  expect(lowerGamma(1e15, 1e15)).toBeCloseTo(0.5 + 1 / (3 * Math.sqrt(2 * Math.PI * 1e15)), 12);
});
