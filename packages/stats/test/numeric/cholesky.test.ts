import { describe, expect, it } from 'vitest';
import { cholesky, inverseOfLower } from '../../src/numeric/cholesky.js';

/** Of L = [[2, 0, 0], [6, 1, 0], [-8, 5, 3]]. */
const product = [4, 12, -16, 12, 37, -43, -16, -43, 98];

describe('cholesky', () => {
  it('finds the factor, also in the place of the matrix', () => {
    const factor = cholesky(Float64Array.from(product), 3)!;
    expect([...factor]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
    const matrix = Float64Array.from(product);
    expect(cholesky(matrix, 3, matrix)).toBe(matrix);
    for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) expect(matrix[3 * i + j]).toBe(factor[3 * i + j]);
  });

  it('has none of a matrix that is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 4), 2)).toBeUndefined();
    expect(cholesky(Float64Array.of(1, 2, 2, 3), 2)).toBeUndefined();
  });
});

describe('inverseOfLower', () => {
  // 1/2; -6/2 / 1 = -3; (8/2 + 5 · 3) / 3 = 19/3; 1; -5/3; 1/3.
  it('gives the inverse, which is lower triangular too', () => {
    const inverse = inverseOfLower(Float64Array.of(2, 0, 0, 6, 1, 0, -8, 5, 3), 3);
    expect([...inverse]).toEqual([1 / 2, 0, 0, -3, 1, 0, 19 / 3, -5 / 3, 1 / 3]);
  });
});
