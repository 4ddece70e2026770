import { describe, expect, it } from 'vitest';
import { NegativeBinomialDistribution } from '../../src/families/negativeBinomial.js';
import { betaQuantile, lowerBeta, upperBeta } from '../../src/numeric/incompleteBeta.js';

describe('the incomplete beta function', () => {
  // mpmath, 60 digits, by the continued fraction of test/fixtures/make/moments.py.
  it.each([
    [100, 10000000000, 9.499999907525002e-9, 0.3173568110499771, 0.6826431889500229],
    [100, 10000000000, 1.59999998097e-8, 0.9999998557977645, 1.4420223553336899e-7],
    [5, 1000000000, 9.472135894222492e-9, 0.9590237504240188, 0.040976249575981206],
    [0.5, 1000000000, 2.878679656592008e-10, 0.5520114297084183, 0.44798857029158173],
    [1000, 1000000000000, 9.051316693372985e-10, 0.001001238995530895, 0.9989987610044692],
    [10000, 2000000, 0.00527288828496649, 0.9999999980477121, 1.9522878658618097e-9],
    [3000000, 1000000, 0.7493504810283516, 0.001356724434488992, 0.998643275565511],
    [1000000, 1000000, 0.5001767766511025, 0.6914624007628168, 0.3085375992371832],
    [330.9, 0.0083, 0.9994251226204786, 0.010487929372471803, 0.9895120706275282],
  ])('keeps its digits at a = %f, b = %f, x = %f', (a, b, x, lower, upper) => {
    expect(Math.abs(lowerBeta(a, b, x, 1 - x) / lower - 1)).toBeLessThan(1e-11);
    expect(Math.abs(upperBeta(a, b, x, 1 - x) / upper - 1)).toBeLessThan(1e-11);
    // By symmetry.
    expect(upperBeta(b, a, 1 - x, x)).toBe(lowerBeta(a, b, x, 1 - x));
  });

  it('is ½ in the middle, however large the parameters', () => {
    for (const a of [1, 150, 1e6, 1e12, 1e300]) expect(lowerBeta(a, a, 0.5, 0.5)).toBeCloseTo(0.5, 12);
  });

  it('goes over from one way of computing to the next without a step', () => {
    // Neighbours on both sides of each border differ by less than 1e-8 of their parameters.
    for (const [a, b, a2, b2] of [
      [99.9999999, 500, 100.0000001, 500],
      [1e11 * (1 - 1e-12), 2e11, 1e11 * (1 + 1e-12), 2e11],
      [1, 2e8 * (1 - 1e-12), 1, 2e8 * (1 + 1e-12)],
    ] as const) {
      const x = a / (a + b);
      expect(lowerBeta(a, b, x, 1 - x) / lowerBeta(a2, b2, x, 1 - x)).toBeCloseTo(1, 6);
    }
  });

  it('is inverted as the pair of x and 1 - x', () => {
    for (const [a, b] of [
      [0.5, 0.5],
      [3, 1e9],
      [1e-3, 40],
      [2000, 3000],
    ] as const) {
      for (const p of [1e-200, 1e-9, 0.3, 0.45]) {
        const [x, y] = betaQuantile(a, b, p, 1 - p);
        if (x > 0) expect(Math.abs(lowerBeta(a, b, x, y) / p - 1)).toBeLessThan(1e-9);
        const [right, left] = betaQuantile(b, a, 1 - p, p);
        expect([left, right]).toEqual([x, y]);
      }
    }
    expect(betaQuantile(2, 3, 0, 1)).toEqual([0, 1]);
    expect(betaQuantile(2, 3, 1, 0)).toEqual([1, 0]);
  });
});

it('gives a negative binomial of size 1 the entropy of a geometric distribution, at any mean', () => {
  for (const mean of [1e-3, 3, 1e6, 1e15, 1e300]) {
    const p = 1 / (1 + mean);
    const q = mean / (1 + mean);
    const expected = -Math.log(p) - (q / p) * Math.log1p(-p);
    expect(new NegativeBinomialDistribution({ mean, size: 1 }).entropy / expected).toBeCloseTo(1, 11);
  }
});
