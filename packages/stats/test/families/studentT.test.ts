import { describe, expect, it } from 'vitest';
import { GaussianDistribution } from '../../src/families/gaussian.js';
import { StudentTDistribution, StudentTEstimator, type StudentTOptions } from '../../src/families/studentT.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import { digamma } from '../../src/numeric/special.js';
import { checkFamily } from '../../src/testing/index.js';
import { QUERIES } from '../offers.js';

const laws = checkFamily({
  offers: [
    'pooling',
    ...QUERIES,
    'violation',
    'sameAs',
    'seqAddLogDensity',
    'squaredDistances',
    'statisticLength',
    'hasPrior',
    'parameterBlocks',
    'kind',
    'begin',
  ],
  distributions: [
    new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 5 }),
    new StudentTDistribution({ location: -1e4, scale: 0.1, degreesOfFreedom: 2.5 }),
    new StudentTDistribution({ location: 3, scale: 20, degreesOfFreedom: 9 }),
  ],
  estimator: new StudentTEstimator(),
  keyed: new StudentTEstimator({ key: 'shared' }),
  refused: [Number.NaN, Infinity, -Infinity, '1', null, undefined, true],
  support: { interval: [-Infinity, Infinity] },
  parameters: (d: StudentTDistribution) => [d.location, d.scale, 1 / d.degreesOfFreedom],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

/** `count` EM iterations from the standard t with 4 degrees of freedom. */
function iterate(rows: number[], weights: number[], count: number, options?: StudentTOptions): StudentTDistribution {
  const algorithm = em(new StudentTEstimator(options));
  const columns = algorithm.encode(rows);
  const steps = algorithm.steps(columns);
  let model = new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom: 4 });
  for (let i = 0; i < count; i++) {
    const statistic = steps.expectation(model, columns, 0, rows.length, Float64Array.from(weights));
    model = steps.maximization(model, statistic).model;
  }
  steps.release();
  return model;
}

describe('StudentT', () => {
  it('is the Cauchy distribution for ν = 1 and the Gaussian for many degrees of freedom', () => {
    const cauchy = new StudentTDistribution({ location: 1, scale: 2, degreesOfFreedom: 1 });
    for (const x of [-3, 1, 1e6]) expect(cauchy.density(x) * 2 * Math.PI * (1 + ((x - 1) / 2) ** 2)).toBeCloseTo(1, 12);
    const gaussian = new GaussianDistribution({ mu: 1, sigma2: 4 });
    const d = new StudentTDistribution({ location: 1, scale: 2, degreesOfFreedom: 1e13 });
    for (const x of [-3, 1, 9]) expect(d.logDensity(x)).toBeCloseTo(gaussian.logDensity(x), 10);
  });

  it('has the variance σ² ν / (ν - 2)', () => {
    const d = new StudentTDistribution({ location: 2, scale: 3, degreesOfFreedom: 12 });
    const x = d.sampler(1).sample(20_000);
    const mean = x.reduce((a, b) => a + b) / x.length;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    const expected = (9 * 12) / 10;
    // Kurtosis 3 + 6 / (ν - 4) = 3.75, so the variance has standard error σ² √(2.75 / n).
    expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2.75 / x.length));
    expect(Math.abs(mean - 2)).toBeLessThan(5 * Math.sqrt(expected / x.length));
  });

  it('zeroes the score equations to 1e-10', () => {
    const rows = [-1.2, 0.3, 0.1, 0.8, -0.5, 1.4, 6, -9, 0.2, 0.9];
    const weights = rows.map((_, i) => 0.5 + (i % 3));
    const { location, scale, degreesOfFreedom: nu } = iterate(rows, weights, 2000);
    const n = weights.reduce((a, b) => a + b);
    const average = (f: (z: number) => number) =>
      rows.reduce((sum, x, i) => sum + (weights[i]! * f((x - location) / scale)) / n, 0);
    const tau = (z: number) => (nu + 1) / (nu + z * z);
    expect(Math.abs(average((z) => tau(z) * z))).toBeLessThan(1e-10);
    expect(Math.abs(average((z) => tau(z) * z * z) - 1)).toBeLessThan(1e-10);
    // d/dν of the log-likelihood per row, doubled.
    const slope =
      digamma((nu + 1) / 2) - digamma(nu / 2) + average((z) => (tau(z) * z * z - 1) / nu - Math.log1p((z * z) / nu));
    expect(Math.abs(slope)).toBeLessThan(1e-10);
  });

  it('is not moved by an outlier as a mean is', () => {
    const rows = [-1, -0.5, 0, 0.5, 1, -0.2, 0.3, 1e6];
    expect(Math.abs(optimize(rows, new StudentTEstimator()).model.location)).toBeLessThan(0.5);
  });

  it('keeps given degrees of freedom', () => {
    const { location, degreesOfFreedom } = iterate([1, 2, 3, 4, 90], [1, 1, 1, 1, 1], 50, { degreesOfFreedom: 1 });
    expect(degreesOfFreedom).toBe(1);
    expect(location).toBeGreaterThan(2);
    expect(location).toBeLessThan(3.5);
  });

  it('falls back to minScale for equal rows', () => {
    expect(iterate([7, 7], [1, 1], 1, { minScale: 0.25 }).scale).toBe(0.25);
    expect(iterate([7, 7], [1, 1], 1).toJSON()).toMatchObject({ location: 7, scale: 1 });
  });

  it('gives back a prior that outweighs the rows', () => {
    const prior = { location: 2, scale: 3, degreesOfFreedom: 6 };
    const { location, scale, degreesOfFreedom } = iterate([0, 1], [1, 1], 5, { pseudoCount: 1e9, prior });
    expect(location).toBeCloseTo(2, 7);
    expect(scale).toBeCloseTo(3, 7);
    expect(degreesOfFreedom).toBeCloseTo(6, 6);
  });

  it('ends with a finding when so many rows are equal that the scale shrinks to 0', () => {
    // Half of the rows are 2: with 0.005 degrees of freedom the likelihood has no maximum. Squares over σ² overflow.
    const estimator = new StudentTEstimator({ degreesOfFreedom: 0.005 });
    const { findings, reason } = optimize([1, 2, 3.5, 2, 2], estimator, { maxIterations: 300 });
    expect(reason).toBe('decreased');
    expect(findings.map(({ kind }) => kind)).toContain('degenerate');
    const narrow = new StudentTDistribution({ location: 0, scale: 1e-153, degreesOfFreedom: 0.005 });
    expect(narrow.logDensity(6)).toBeGreaterThan(-10);
  });

  it('takes two iterations for equal rows, not one step towards the Gaussian after another', () => {
    expect(optimize([5, 5, 5], new StudentTEstimator()).iterations).toBeLessThanOrEqual(2);
  });
});

it.each([1e-308, 5e-324])(
  'draws numbers with %s degrees of freedom, half of which has no inverse',
  (degreesOfFreedom) => {
    const draws = new StudentTDistribution({ location: 0, scale: 1, degreesOfFreedom }).sampler(1).sample(4);
    expect(draws.map(Math.abs)).toEqual(new Array(4).fill(Number.MAX_VALUE));
  },
);
