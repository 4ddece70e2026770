import { describe, expect, it } from 'vitest';
import { MAX_PRECISION, solveConcentration } from '../../src/numeric/concentration.js';

describe('the concentrations of a Dirichlet distribution', () => {
  it('for two equal means of far below 0 are -1 / (2 m), as ψ(a) = -1/a + O(1)', () => {
    for (const a of [1e-3, 1e-8, 1e-100]) {
      const [first, second] = solveConcentration(Float64Array.of(-1 / (2 * a), -1 / (2 * a)));
      expect(first! / a).toBeCloseTo(1, 4);
      expect(second).toBe(first);
    }
  });

  it('end where no step leaves a concentration above 0', () => {
    expect(solveConcentration(Float64Array.of(-Infinity, -1))[0]).toBe(0);
    expect(solveConcentration(Float64Array.of(-1e300, -1))[0]).toBeLessThan(1e-290);
  });

  it('have the largest sum, divided in proportion to exp(m), where the exponentials overflow', () => {
    const alpha = solveConcentration(Float64Array.of(2137, 2137 + Math.log(3)));
    expect(alpha[0]! + alpha[1]!).toBeCloseTo(MAX_PRECISION, 4);
    expect(alpha[1]! / alpha[0]!).toBeCloseTo(3, 9);
  });
});
