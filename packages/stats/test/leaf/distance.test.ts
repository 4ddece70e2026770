import { describe, expect, it } from 'vitest';
import { DiagonalGaussianEstimator, MixtureEstimator, optimize } from '../../src/index.js';
import { scaledMismatches, scaledSquares, scaledVectorSquares } from '../../src/leaf/distance.js';

/** Distances from one row to all others. */
function from(row: number, count: number, add: (row: number, out: Float64Array) => void): Float64Array {
  const out = new Float64Array(count);
  add(row, out);
  return out;
}

/** Mean over all pairs of rows. */
function meanOverPairs(count: number, add: (row: number, out: Float64Array) => void): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += from(row, count, add).reduce((a, b) => a + b);
  return sum / (count * count);
}

describe('distances between rows', () => {
  it('of numbers have mean 1 over all pairs', () => {
    const x = Float64Array.of(-3, 0, 1e-3, 7, 7, 100);
    expect(meanOverPairs(6, scaledSquares(x))).toBeCloseTo(1, 12);
  });

  it('of levels have mean 1 over all pairs', () => {
    expect(meanOverPairs(5, scaledMismatches(Int32Array.of(0, 1, 1, 2, 0), 3))).toBeCloseTo(1, 12);
  });

  it('are 0 where all rows are equal', () => {
    expect(meanOverPairs(3, scaledSquares(Float64Array.of(4, 4, 4)))).toBe(0);
    expect(meanOverPairs(2, scaledVectorSquares(Float64Array.of(1, 2, 1, 2), 2, 2))).toBe(0);
  });

  it('of vectors scale every coordinate by its own variance', () => {
    // Coordinate 0 has variance 1.25, coordinate 1 has 141 875; the mean of 1 / 2.5 and 1e6 / 283 750 is 1.9621…
    const x = Float64Array.of(0, 0, 1, 1000, 2, 500, 3, 200);
    const variance1 = (425 ** 2 + 575 ** 2 + 75 ** 2 + 225 ** 2) / 4;
    const add = scaledVectorSquares(x, 4, 2);
    expect(from(0, 4, add)[1]).toBeCloseTo((1 / 2.5 + 1e6 / (2 * variance1)) / 2, 12);
    expect(meanOverPairs(4, add)).toBeCloseTo(1, 12);
  });

  it('of vectors of an odd length count every coordinate', () => {
    const x = Float64Array.of(1, 2, 7, 4, 0, 5, 3, 3, 1);
    const alone = [0, 1, 2].map((j) => scaledSquares(x.filter((_, at) => at % 3 === j)));
    const mean = alone
      .map((add) => from(1, 3, add))
      .reduce((sum, one) => sum.map((value, i) => value + one[i]! / 3), new Float64Array(3));
    const all = from(1, 3, scaledVectorSquares(x, 3, 3));
    for (let i = 0; i < 3; i++) expect(all[i]).toBeCloseTo(mean[i]!, 14);
  });

  it('do not count a constant coordinate', () => {
    const x = Float64Array.of(5, 0, 5, 1, 5, 3);
    const alone = scaledVectorSquares(Float64Array.of(0, 1, 3), 3, 1);
    expect(from(0, 3, scaledVectorSquares(x, 3, 2))).toEqual(from(0, 3, alone));
  });

  it('find two groups that differ in the second coordinate alone', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [1, (i % 2) * 10 + Math.sin(i)]);
    const component = new DiagonalGaussianEstimator({ minSigma2: 1e-3 });
    const { model } = optimize(rows, new MixtureEstimator([component, component]), { seed: 1 });
    const means = model.components.map(({ mu }) => mu[1]!).sort((a, b) => a - b);
    expect(means[0]).toBeCloseTo(0, 1);
    expect(means[1]).toBeCloseTo(10, 1);
  });
});
