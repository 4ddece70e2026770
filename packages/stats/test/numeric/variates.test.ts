/** Variates have the moments of their distributions, within five standard errors, and counts their probabilities. */
import { expect, it } from 'vitest';
import { random } from '../../src/numeric/random.js';
import {
  binomialVariates,
  exponentialVariates,
  gammaVariates,
  geometricVariates,
  normalVariates,
  poissonVariates,
  uniformVariates,
} from '../../src/numeric/variates.js';

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

it.each([0.3, 0.99, 1, 1.04, 2.5, 80])('gamma variates of shape %d', (shape) => {
  const { mean, variance } = momentsOf(gammaVariates(random(2), shape));
  expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / COUNT));
  // The variance of a sample variance is (kurtosis - 1) σ⁴ / n, and the kurtosis is 3 + 6/k.
  expect(Math.abs(variance - shape)).toBeLessThan(5 * shape * Math.sqrt((2 + 6 / shape) / COUNT));
});

/** Mean and variance of `draw`, with fourth moments for the error of the variance. */
function expectMoments(draw: () => number, mean: number, variance: number, fourth: number): void {
  const found = momentsOf(draw);
  expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / COUNT));
  expect(Math.abs(found.variance - variance)).toBeLessThan(5 * Math.sqrt((fourth - variance * variance) / COUNT));
}

it('exponential and uniform variates', () => {
  expectMoments(exponentialVariates(random(3)), 1, 1, 9);
  expectMoments(uniformVariates(random(4), -1, 3), 1, 16 / 12, 256 / 80);
  const wide = Array.from({ length: 1000 }, uniformVariates(random(5), -1.7e308, 1.7e308));
  expect(wide.every(Number.isFinite)).toBe(true);
  expect(wide.filter((x) => x > 0).length / 1000).toBeCloseTo(0.5, 1);
});

// Central fourth moments: λ + 3λ², npq (1 + (3n - 6) pq).
it.each([0.01, 0.7, 5, 15.9, 16.1, 40, 1000, 3e6])('Poisson variates of mean %d', (lambda) => {
  expectMoments(poissonVariates(random(6), lambda), lambda, lambda, lambda + 3 * lambda * lambda);
});

it.each([
  [1, 0.3],
  [7, 0.5],
  [40, 0.9],
  [100, 0.5],
  [1000, 0.02],
  [1e5, 0.3],
  [1e9, 0.999],
  [1e12, 1e-12],
])('binomial variates of %d trials of chance %d', (n, p) => {
  const variance = n * p * (1 - p);
  expectMoments(binomialVariates(random(7), n, p), n * p, variance, variance * (1 + (3 * n - 6) * p * (1 - p)));
});

it('binomial variates of no chance and of certainty', () => {
  expect(Array.from({ length: 3 }, binomialVariates(random(1), 5, 0))).toEqual([0, 0, 0]);
  expect(Array.from({ length: 3 }, binomialVariates(random(1), 5, 1))).toEqual([5, 5, 5]);
});

it.each([0.9, 0.3, 1e-3])('geometric variates of chance %d', (p) => {
  const variance = (1 - p) / (p * p);
  expectMoments(geometricVariates(random(8), p), 1 / p, variance, variance * (9 * variance + 1));
});

/** Σ (observed - expected)² / expected over 0 … last and the rest, against its mean and five standard deviations. */
function expectProbabilities(draw: () => number, probabilities: readonly number[]): void {
  const counts = new Array<number>(probabilities.length + 1).fill(0);
  for (let i = 0; i < COUNT; i++) counts[Math.min(draw(), probabilities.length)]!++;
  const rest = 1 - probabilities.reduce((sum, p) => sum + p, 0);
  const chiSquare = [...probabilities, rest].reduce(
    (sum, p, k) => sum + (counts[k]! - COUNT * p) ** 2 / (COUNT * p),
    0,
  );
  const freedom = probabilities.length;
  expect(chiSquare).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
}

it('counts have the probabilities of their distributions', () => {
  const poisson = [Math.exp(-20)];
  for (let k = 1; k < 36; k++) poisson.push((poisson[k - 1]! * 20) / k);
  const few = poisson.slice(0, 9).reduce((sum, p) => sum + p, 0); // cells of enough draws
  const draw = poissonVariates(random(9), 20);
  expectProbabilities(() => Math.max(0, draw() - 8), [few, ...poisson.slice(9)]);
  const binomial = [0.4 ** 50];
  for (let k = 1; k < 42; k++) binomial.push((binomial[k - 1]! * (51 - k) * 0.6) / (k * 0.4));
  const rare = binomial.slice(0, 19).reduce((sum, p) => sum + p, 0);
  const trials = binomialVariates(random(10), 50, 0.6);
  expectProbabilities(() => Math.max(0, trials() - 18), [rare, ...binomial.slice(19)]);
});
