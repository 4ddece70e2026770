import { describe, expect, it } from 'vitest';
import { approximateLogZ, rankingConcentration, rankingSums } from '../../src/numeric/rankings.js';
import { rankingsOf } from '../sets.js';

const GRID = [1e-5, 1e-3, 0.01, 0.02, 0.03, 0.035, 0.04, 0.1, 0.5, 2];

/** log Z by all d! rankings, and mean and variance of the distance. */
function byEnumeration(d: number, rho: number): readonly number[] {
  const distances = rankingsOf(d).map((x) => x.reduce((sum, rank, j) => sum + (rank - j) ** 2, 0));
  const weights = distances.map((distance) => Math.exp(-rho * distance));
  const z = weights.reduce((sum, w) => sum + w, 0);
  const mean = distances.reduce((sum, distance, i) => sum + (weights[i]! / z) * distance, 0);
  return [
    Math.log(z),
    mean,
    distances.reduce((sum, distance, i) => sum + (weights[i]! / z) * (distance - mean) ** 2, 0),
  ];
}

describe('sums over rankings', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('of %i items are those of all rankings', (d) => {
    for (const rho of [0, ...GRID]) {
      const { logZ, mean, variance } = rankingSums(d, rho);
      const expected = byEnumeration(d, rho);
      [logZ, mean, variance].forEach((value, i) => {
        // Relative: for a large rho the moments are tiny; the variance of equally likely ones is a difference of squares.
        expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(
          1e-11 * Math.abs(expected[i]!) + (i === 0 ? 1e-14 : 1e-300),
        );
      });
    }
  });

  it('of 18 items are approximated within 0.001, where the approximation begins at 16', () => {
    for (const rho of GRID) {
      expect(Math.abs(approximateLogZ(18, rho) - rankingSums(18, rho).logZ)).toBeLessThan(1e-3);
    }
  });

  it('of many items have the moments of equally likely rankings for a small rho', () => {
    const d = 60;
    const rho = 1e-7;
    const [mean, variance] = [(d ** 3 - d) / 6, ((d - 1) * d * d * (d + 1) ** 2) / 36];
    const atZero = rankingSums(d, 0);
    expect([atZero.mean, atZero.variance]).toEqual([mean, variance]);
    // Two terms of the expansion: the third cumulant is 0.
    const { logZ } = rankingSums(d, rho);
    expect(logZ - atZero.logZ).toBeCloseTo(-rho * mean + (rho * rho * variance) / 2, 9);
  });

  it('fall with rho, also where one approximation takes over from the other', () => {
    let before = Infinity;
    for (let rho = 0.015; rho < 0.05; rho += 0.0005) {
      const { mean, variance } = rankingSums(40, rho);
      expect(mean).toBeLessThan(before);
      expect(variance).toBeGreaterThan(0);
      before = mean;
    }
  });
});

describe('the concentration', () => {
  it.each([
    [2, 3],
    [5, 0.3],
    [12, 0.004],
    [17, 0.03],
    [30, 0.2],
    [60, 1e-3],
  ])('of %i items with rho %d is found from the mean distance', (d, rho) => {
    const found = rankingConcentration(d, rankingSums(d, rho).mean, 100);
    expect(Math.abs(found - rho)).toBeLessThan(1e-9 * rho);
  });

  it('is 0 for the distance of equally likely rankings or more, and the most for none', () => {
    expect(rankingConcentration(5, 20, 100)).toBe(0);
    expect(rankingConcentration(5, 25, 100)).toBe(0);
    expect(rankingConcentration(5, 0, 100)).toBe(100);
    expect(rankingConcentration(1, 0, 100)).toBe(0);
  });
});
