import { describe, expect, it } from 'vitest';
import { automaticEstimator } from '../../src/choose/automaticEstimator.js';
import { automaticMixture } from '../../src/choose/automaticMixture.js';
import { NumberSample, SAMPLE_SIZE } from '../../src/choose/numberSample.js';
import { mergeProfiles, profileRows } from '../../src/choose/rowProfile.js';
import {
  BetaDistribution,
  ExponentialDistribution,
  GammaDistribution,
  GaussianDistribution,
  GeometricDistribution,
  LogGaussianDistribution,
  NegativeBinomialDistribution,
  PoissonDistribution,
  StudentTDistribution,
  WeibullDistribution,
} from '../../src/models/models.js';

const gaussian = new GaussianDistribution({ mu: 3, sigma2: 4 });
const gamma = new GammaDistribution({ shape: 2.5, scale: 3 });
const exponential = new ExponentialDistribution({ mean: 4 });

describe('the family that is picked by held-out density', () => {
  it.each([
    ['Gaussian', gaussian],
    ['StudentT', new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 2 })],
    ['LogGaussian', new LogGaussianDistribution({ mu: 1, sigma2: 1 })],
    ['Gamma', gamma],
    ['Weibull', new WeibullDistribution({ shape: 10, scale: 2 })],
    ['Exponential', exponential],
    ['Beta', new BetaDistribution({ alpha: 0.7, beta: 0.7 })],
    ['Poisson', new PoissonDistribution({ lambda: 6 })],
    ['NegativeBinomial', new NegativeBinomialDistribution({ mean: 12, size: 1.5 })],
    ['Geometric', new GeometricDistribution({ p: 0.08 })],
  ])('of numbers that are %s is that one', (family, truth) => {
    const rows = truth.sampler(1).sample(800);
    const { choices } = automaticEstimator<number>(rows, { compareFamilies: true, maxLevels: 5 });
    expect(choices[0]!.family, choices[0]!.reason).toBe(family);
    expect(choices[0]!.reason).toMatch(/numbers|integers/);
    expect(choices[0]!.reason).toMatch(/held-out log-density: \w+ -?\d+\.\d{3}, /);
  });

  it('is the plainest one where others are no better, and one with a conjugate prior where that is asked for', () => {
    // An exponential is a gamma and a Weibull, too.
    const rows = exponential.sampler(2).sample(400);
    const family = (options: object, list = rows) =>
      automaticEstimator(list, { compareFamilies: true, ...options }).choices[0]!.family;
    expect(family({})).toBe('Exponential');
    expect(['Exponential', 'LogGaussian', 'Gaussian']).toContain(
      family({ conjugate: true }, gamma.sampler(3).sample(400)),
    );
    expect(family({}, rows.slice(0, 15))).toBe('Gaussian'); // too few to compare
  });

  it('pulls leaves towards all rows, by as many as the user says', () => {
    const rows = gamma.sampler(4).sample(500);
    const prior = (pseudoCount: number) =>
      (automaticEstimator(rows, { compareFamilies: true, pseudoCount }).estimator as unknown as { options: object })
        .options;
    expect(prior(3)).toMatchObject({ prior: { meanCount: 3, meanLogCount: 3 } });
    expect(prior(0)).toEqual({});
  });

  it('is the same for the parts of the rows as for the whole, wherever they are cut', () => {
    const rows = gamma.sampler(5).sample(3000);
    const whole = automaticEstimator(profileRows(rows), { compareFamilies: true });
    for (const cuts of [[1700], [10, 2500, 2501]]) {
      const edges = [0, ...cuts, rows.length];
      const parts = edges.slice(1).map((end, k) => profileRows(rows.slice(edges[k], end)));
      const merged = automaticEstimator(mergeProfiles(parts), { compareFamilies: true });
      expect(merged.choices).toEqual(whole.choices);
      expect(JSON.stringify(merged.estimator)).toBe(JSON.stringify(whole.estimator));
    }
  });

  it('goes into a Dirichlet-process mixture', () => {
    const rows = exponential.sampler(6).sample(300);
    const { choices } = automaticMixture(rows, { compareFamilies: true, truncation: 4 });
    expect(choices[0]!.family).toBe('Exponential');
  });
});

it('a sample of numbers keeps counts, and the same numbers for any order', () => {
  const add = (numbers: readonly number[]) => {
    const sample = new NumberSample();
    for (const x of numbers) sample.add(x, 2);
    return sample.value();
  };
  const numbers = Array.from({ length: 5000 }, (_, i) => (i % 4000) / 7);
  const sample = add(numbers);
  expect(sample).toHaveLength(SAMPLE_SIZE);
  expect(add([...numbers].reverse())).toEqual(sample);
  for (const [x, count] of sample) expect(count).toBe(Math.round(7 * x) < 1000 ? 4 : 2);
  // A quarter of the different numbers are below a quarter of the range: 5 standard errors of 1024 draws.
  const low = sample.filter(([x]) => x < 1000 / 7).length;
  expect(Math.abs(low - SAMPLE_SIZE / 4)).toBeLessThan(5 * Math.sqrt((SAMPLE_SIZE * 3) / 16));
});
