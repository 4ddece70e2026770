import { describe, expect, it } from 'vitest';
import { BetaDistribution } from '../../src/families/beta.js';
import { ExponentialDistribution } from '../../src/families/exponential.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution } from '../../src/families/gaussian.js';
import { GeometricDistribution } from '../../src/families/geometric.js';
import { LogGaussianDistribution } from '../../src/families/logGaussian.js';
import { PoissonDistribution } from '../../src/families/poisson.js';

const continuous = [
  new GaussianDistribution({ mu: 3, sigma2: 4 }),
  new LogGaussianDistribution({ mu: 0, sigma2: 1 }),
  new ExponentialDistribution({ mean: 2 }),
  new GammaDistribution({ shape: 0.3, scale: 2 }),
  new GammaDistribution({ shape: 5e4, scale: 1e-3 }),
  new BetaDistribution({ alpha: 0.5, beta: 0.5 }),
  new BetaDistribution({ alpha: 3, beta: 900 }),
];
const discrete = [
  new PoissonDistribution({ lambda: 0 }),
  new PoissonDistribution({ lambda: 4.5 }),
  new PoissonDistribution({ lambda: 1e12 }),
  new GeometricDistribution({ p: 1 }),
  new GeometricDistribution({ p: 1e-9 }),
];

describe('the quantile', () => {
  it('inverts the distribution function of a density, in both tails', () => {
    for (const model of continuous) {
      for (const p of [1e-60, 1e-9, 0.2, 0.5, 0.7, 1 - 1e-9]) {
        const x = model.quantile(p);
        const name = `${JSON.stringify(model)} at ${p}`;
        // To first order a relative error of 1e-13 in x is one of 1e-13 x f(x) / F(x), at most some hundreds, in F.
        if (p <= 0.5) expect(Math.abs(model.cdf(x) / p - 1), name).toBeLessThan(1e-10);
        // Near 1, the end of the beta distribution, x itself is rounded by ε.
        else expect(model.survival(x * (1 - 3e-16)), name).toBeGreaterThanOrEqual((1 - p) * (1 - 1e-8));
      }
    }
  });

  it('is the smallest integer that reaches p, and finds its own distribution function back', () => {
    for (const model of discrete) {
      for (const p of [1e-300, 1e-9, 0.2, 0.5, 0.7, 1 - 1e-9]) {
        const x = model.quantile(p);
        expect(Number.isSafeInteger(x)).toBe(true);
        // At λ = 1e12 neighbours differ by less than the rounding of their tails.
        const slack = p <= 0.5 ? 1e-9 * p : 1e-9 * (1 - p) + Number.EPSILON;
        expect(p <= 0.5 ? model.cdf(x) >= p - slack : model.survival(x) <= 1 - p + slack).toBe(true);
        expect(p <= 0.5 ? model.cdf(x - 1) < p + slack : model.survival(x - 1) > 1 - p - slack).toBe(true);
      }
    }
    const model = new PoissonDistribution({ lambda: 4.5 });
    for (let x = 0; x < 20; x++) expect(model.quantile(model.cdf(x))).toBe(x);
  });

  it('has the ends of the support at 0 and 1', () => {
    const ends = (model: { quantile(p: number): number }) => [model.quantile(0), model.quantile(1)];
    expect(ends(new GaussianDistribution({ mu: 3, sigma2: 4 }))).toEqual([-Infinity, Infinity]);
    for (const model of continuous.slice(1, 5)) expect(ends(model)).toEqual([0, Infinity]);
    for (const model of continuous.slice(5)) expect(ends(model)).toEqual([0, 1]);
    expect(discrete.map(ends)).toEqual([
      [0, 0],
      [0, Infinity],
      [0, Infinity],
      [1, 1],
      [1, Infinity],
    ]);
  });

  it('refuses what is no probability', () => {
    for (const model of [...continuous, ...discrete]) {
      for (const p of [-1e-9, 1.1, Number.NaN, '0.5', undefined]) {
        expect(() => model.quantile(p as number)).toThrow(
          expect.objectContaining({ code: 'PARAMETER', parameter: 'p' }),
        );
      }
    }
  });
});

describe('the tails', () => {
  it('score NaN and what is no number as NaN, and the ends as 0 and 1', () => {
    for (const model of [...continuous, ...discrete]) {
      for (const x of [Number.NaN, null, '1', new Date(0), undefined]) {
        expect([model.cdf(x as number), model.survival(x as number)]).toEqual([Number.NaN, Number.NaN]);
      }
      expect([model.cdf(-Infinity), model.survival(-Infinity)]).toEqual([0, 1]);
      expect([model.cdf(Infinity), model.survival(Infinity)]).toEqual([1, 0]);
    }
  });
});
