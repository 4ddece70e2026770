/** Normal and gamma variates have the moments of their distributions, within five standard errors. */
import { expect, it } from 'vitest';
import { random } from '../../src/numeric/random.js';
import { gammaVariates, normalVariates } from '../../src/numeric/variates.js';

const COUNT = 100_000;

function momentsOf(draw: () => number): { readonly mean: number; readonly variance: number } {
  const draws = Array.from({ length: COUNT }, draw);
  const mean = draws.reduce((sum, x) => sum + x, 0) / COUNT;
  return { mean, variance: draws.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / COUNT };
}

it('normal variates', () => {
  const { mean, variance } = momentsOf(normalVariates(random(1)));
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(COUNT));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT));
});

it.each([1, 1.04, 2.5, 80])('gamma variates of shape %d', (shape) => {
  const { mean, variance } = momentsOf(gammaVariates(random(2), shape));
  expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / COUNT));
  // The variance of a sample variance is (kurtosis - 1) σ⁴ / n, and the kurtosis is 3 + 6/k.
  expect(Math.abs(variance - shape)).toBeLessThan(5 * shape * Math.sqrt((2 + 6 / shape) / COUNT));
});
