import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VonMisesFisherDistribution } from '../../src/families/vonMisesFisher.js';
import { besselIRatio, logBesselI } from '../../src/numeric/besselI.js';
import { logPeak, meanLength, meanLengthSlope, solveKappa } from '../../src/numeric/sphere.js';

type Numbers = readonly number[];
const fixture = JSON.parse(readFileSync(new URL('../fixtures/sphere.json', import.meta.url), 'utf8')) as {
  readonly sphere: readonly Numbers[];
  readonly logBesselI: readonly Numbers[];
};

/** The error relative to the number, or absolute where that is below 1. */
const errorOf = (got: number, want: number) => Math.abs(got - want) / Math.max(1, Math.abs(want));

it('agrees with 40 digits: the constant, the length of the mean, what it lacks to 1, and the entropy', () => {
  for (const [d, kappa, peak, length, rest, entropy] of fixture.sphere as readonly [number, number, ...number[]][]) {
    const at = `d = ${d}, kappa = ${kappa}`;
    expect(errorOf(logPeak(d, kappa), peak!), at).toBeLessThan(1e-12);
    const got = meanLength(d, kappa);
    // Relative: A is about κ/d for small κ, and 1 - A about (d - 1) / 2κ for large κ.
    expect(Math.abs(got.value - length!), at).toBeLessThanOrEqual(1e-12 * length!);
    expect(Math.abs(got.rest - rest!), at).toBeLessThanOrEqual(1e-12 * rest!);
    const mu = new Float64Array(d);
    mu[d - 1] = 1;
    expect(errorOf(new VonMisesFisherDistribution({ mu, kappa }).entropy, entropy!), at).toBeLessThan(1e-12);
  }
});

it('agrees with 40 digits: log I, where I itself would overflow or underflow, too', () => {
  for (const [v, x, value] of fixture.logBesselI as readonly (readonly [number, number, number])[]) {
    expect(errorOf(logBesselI(v, x), value), `v = ${v}, x = ${x}`).toBeLessThan(1e-13);
  }
  expect(logBesselI(0, 0)).toBe(0);
  expect(logBesselI(2, 0)).toBe(-Infinity);
  expect(besselIRatio(3, 0)).toEqual({ value: 0, rest: 1 });
});

it('finds the concentration again from the length of the mean, and its limits', () => {
  for (const [d, kappa] of fixture.sphere as readonly (readonly [number, number])[]) {
    const found = solveKappa(d, meanLength(d, kappa), 1e12);
    expect(Math.abs(found - kappa), `d = ${d}, kappa = ${kappa}`).toBeLessThanOrEqual(1e-11 * kappa);
  }
  expect(solveKappa(3, { value: 1, rest: 0 }, 1e6)).toBe(1e6);
  expect(solveKappa(3, { value: 0, rest: 1 }, 1e6)).toBe(0);
  expect(solveKappa(3, { value: 1e-300, rest: 1 }, 1e6) / 3e-300).toBeCloseTo(1, 12); // A = κ/d near 0
  expect(solveKappa(3, meanLength(3, 50), 10)).toBe(10);
});

it('has the slope of the length of the mean', () => {
  for (const [d, kappa] of [
    [2, 0.1],
    [3, 7],
    [50, 480],
    [50, 700],
    [1000, 900],
  ] as const) {
    const step = kappa * 1e-4;
    const difference = (meanLength(d, kappa - step).rest - meanLength(d, kappa + step).rest) / (2 * step);
    // The error of a central difference is of the order of the step squared.
    expect(meanLengthSlope(d, kappa, meanLength(d, kappa)) / difference).toBeCloseTo(1, 6);
  }
  expect(meanLengthSlope(5, 0, meanLength(5, 0))).toBe(0.2);
});
