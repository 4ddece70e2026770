import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type AnyEstimator,
  BetaEstimator,
  bestOf,
  CategoricalEstimator,
  ConditionalEstimator,
  DiagonalGaussianEstimator,
  ExponentialEstimator,
  type FitResult,
  GammaEstimator,
  GaussianDistribution,
  GaussianEstimator,
  gaussianMixtureEstimator,
  HiddenMarkovDistribution,
  HiddenMarkovEstimator,
  HierarchicalMixtureEstimator,
  initialize,
  LogGaussianEstimator,
  type MixtureDistribution,
  MixtureEstimator,
  MultivariateGaussianEstimator,
  OptionalEstimator,
  optimize,
  PoissonEstimator,
  RecordEstimator,
  StudentTEstimator,
  UniformEstimator,
  VonMisesFisherEstimator,
  WeibullEstimator,
} from '../../src/index.js';
import { boundedShapesOf } from '../../src/leaf/steps/betaShapes.js';
import { cholesky, raiseRelativeEigenvalues, solveLower } from '../../src/numeric/cholesky.js';
import { solveBoundedConcentration } from '../../src/numeric/concentration.js';
import { random } from '../../src/numeric/random.js';
import { lgamma } from '../../src/numeric/special.js';

/** 40 rows of one value among 160 that spread from 1 to 9. */
const SPIKE = 3;
const spiky = Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? SPIKE : 1 + ((i * 37) % 160) / 20));

function variance(x: readonly number[]): number {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
}

/** A start with the spike as a component of its own. */
const shares = (rows: readonly unknown[], isSpike: (i: number) => boolean) =>
  rows.map((_, i) => (isSpike(i) ? [1, 0] : [0, 1]));

function fitWithSpike<E extends AnyEstimator>(rows: readonly never[], e: E, other: AnyEstimator = e) {
  const mixture = new MixtureEstimator([e, other] as never);
  const fit = optimize(rows, mixture as AnyEstimator, { responsibilities: shares(rows, (i) => i % 5 === 0) });
  return fit as unknown as FitResult<MixtureDistribution<readonly never[]>>;
}

function degenerate({ findings }: FitResult<unknown>): readonly string[] {
  return findings.filter(({ kind }) => kind === 'degenerate').map(({ path }) => path);
}

describe('daily rain in Seattle, with 838 dry days of 1461', () => {
  const file = new URL('../fixtures/seattleRain.json', import.meta.url);
  const { daysByAmount } = JSON.parse(readFileSync(file, 'utf8')) as { daysByAmount: Record<string, number> };
  const rows = Object.entries(daysByAmount).flatMap(([tenths, days]) => new Array<number>(days).fill(+tenths / 10));

  it('has the optimum of scikit-learn under the same absolute floor, from every start', () => {
    for (let seed = 0; seed < 10; seed++) {
      const fit = optimize(rows, gaussianMixtureEstimator(2, { minSigma2: 1e-6 }), { seed });
      expect(fit.logLikelihood).toBeCloseTo(1790.37, 3);
      expect([fit.reason, degenerate(fit).length]).toEqual(['converged', 1]);
    }
  });

  it('converges under the floor that the rows give, and says so', () => {
    const fit = bestOf(rows, gaussianMixtureEstimator(2), { trials: 5 });
    expect([fit.reason, fit.agreeing, fit.degenerateTrials]).toEqual(['converged', 5, 5]);
    const dry = fit.model.components.find(({ mu }) => mu < 1e-9)!;
    expect(dry.sigma2 / variance(rows)).toBeCloseTo(1e-6, 12);
    expect(fit.findings[0]!.message).toMatch(/variance is held at its floor, 1e-6 of that of all rows.*minSigma2/);
  });
});

describe('a component on one value', () => {
  const logVariance = variance(spiky.map(Math.log));
  const one = (fit: FitResult<MixtureDistribution<readonly never[]>>) =>
    fit.model.components[0] as unknown as Readonly<Record<string, number>>;
  const scaled = spiky.map((x) => x / 10);

  const directions = spiky.map((x) => [Math.cos(x), Math.sin(x)]);

  it('is held at the floor of its family', () => {
    const [cos, sin] = [0, 1].map((j) => directions.reduce((sum, x) => sum + x[j]! / directions.length, 0));
    const { kappa } = one(fitWithSpike(directions as never, new VonMisesFisherEstimator()));
    // On the circle 1 - A² is about 1/κ for large κ.
    expect(1 / kappa! / (1 - cos! ** 2 - sin! ** 2)).toBeCloseTo(1e-6, 9);
    expect(one(fitWithSpike(spiky as never, new GaussianEstimator())).sigma2! / variance(spiky)).toBeCloseTo(1e-6, 12);
    const onLogs = one(fitWithSpike(spiky as never, new LogGaussianEstimator()));
    expect(onLogs.sigma2! / logVariance).toBeCloseTo(1e-6, 12);
    const weibull = one(fitWithSpike(spiky as never, new WeibullEstimator()));
    expect(Math.PI ** 2 / (6 * weibull.shape! ** 2) / logVariance).toBeCloseTo(1e-6, 9);
    const all = optimize(spiky, new GammaEstimator()).model;
    expect(one(fitWithSpike(spiky as never, new GammaEstimator())).shape! / all.shape).toBeCloseTo(1e6, 3);
    const beta = optimize(scaled, new BetaEstimator()).model;
    const held = one(fitWithSpike(scaled as never, new BetaEstimator()));
    expect((1 + held.alpha! + held.beta!) / (1 + beta.alpha + beta.beta)).toBeCloseTo(1e6, 3);
    const t = one(fitWithSpike(spiky as never, new StudentTEstimator({ degreesOfFreedom: 1e6 })));
    expect(t.scale! ** 2 / variance(spiky)).toBeCloseTo(0.75e-6, 7); // a start trusts far rows less
    const uniform = one(fitWithSpike(spiky as never, new UniformEstimator()));
    expect((uniform.max! - uniform.min!) / (Math.max(...spiky) - Math.min(...spiky))).toBeCloseTo(1e-3, 9);
    const zeros = spiky.map((x, i) => (i % 5 === 0 ? 0 : x));
    const mean = zeros.reduce((a, b) => a + b, 0) / zeros.length;
    expect(one(fitWithSpike(zeros as never, new ExponentialEstimator())).mean! / mean).toBeCloseTo(1e-6, 12);
  });

  it.each([
    ['Gaussian', new GaussianEstimator(), spiky],
    ['LogGaussian', new LogGaussianEstimator(), spiky],
    ['Gamma', new GammaEstimator(), spiky],
    ['Weibull', new WeibullEstimator(), spiky],
    ['Beta', new BetaEstimator(), scaled],
    ['StudentT', new StudentTEstimator(), spiky],
    ['DiagonalGaussian', new DiagonalGaussianEstimator(), spiky.map((x, i) => [x, i % 7])],
    ['MultivariateGaussian', new MultivariateGaussianEstimator(), spiky.map((x, i) => [x, i % 5 === 0 ? 2 : i % 7])],
    ['VonMisesFisher', new VonMisesFisherEstimator(), directions],
  ])('lets a fit of %s converge, with a finding', (_, e, rows) => {
    const fit = fitWithSpike(rows as never, e as AnyEstimator);
    expect([fit.reason, degenerate(fit)]).toEqual(['converged', ['components[0]']]);
    expect(Number.isFinite(fit.logLikelihood)).toBe(true);
    for (const { isRejected, step, change } of fit.path.slice(1)) {
      if (!isRejected && step === 'plain') expect(change).toBeGreaterThan(-1e-6);
    }
  });

  // Where the terms of a log-density of shape 4e6 cancel in the sum, rounding moves the likelihood by 1e-8 a row.
  it.each([
    ['Gamma', new GammaEstimator(), 1],
    ['Weibull', new WeibullEstimator(), 1],
    ['Beta', new BetaEstimator(), 10],
  ])('lets fits of %s to 20 sets of rows converge', (_, e, unit) => {
    for (let seed = 1; seed <= 20; seed++) {
      const rng = random(seed);
      const spike = 2 + 4 * rng();
      const rows = spiky.map((_, i) => (i % 5 === 0 ? spike : 1 + 8 * rng()) / unit);
      const fit = fitWithSpike(rows as never, e as AnyEstimator);
      expect([fit.reason, degenerate(fit)]).toEqual(['converged', ['components[0]']]);
    }
  });

  it('has the floor of all rows when it is the only one of its family', () => {
    const fit = fitWithSpike(spiky as never, new GaussianEstimator(), new ExponentialEstimator());
    expect(one(fit).sigma2! / variance(spiky)).toBeCloseTo(1e-6, 12);
    const noise = new UniformEstimator({ min: 0, max: 10 });
    expect(one(fitWithSpike(spiky as never, new GaussianEstimator(), noise)).sigma2! / variance(spiky)).toBeCloseTo(
      1e-6,
      12,
    );
  });

  it('has another floor, or none, when the user says so', () => {
    const held = one(fitWithSpike(spiky as never, new GaussianEstimator({ minSigma2: 1e-4 })));
    expect(held.sigma2).toBe(1e-4);
    const responsibilities = shares(spiky, (i) => i % 5 === 0);
    const start = initialize(spiky, gaussianMixtureEstimator(2, { minSigma2: 0 }), { responsibilities });
    expect(start.components[0]!.sigma2).toBe(1);
    expect(one(fitWithSpike(spiky as never, new GammaEstimator({ maxShape: 50 }))).shape).toBe(50);
    expect(one(fitWithSpike(spiky as never, new WeibullEstimator({ maxShape: 50 }))).shape).toBe(50);
    expect(() => new GammaEstimator({ maxShape: 0 })).toThrow(/maxShape/);
  });

  it('keeps the rule of its family when all rows are equal', () => {
    const same = new Array<number>(10).fill(2);
    expect(optimize(same, new GaussianEstimator()).model.sigma2).toBe(1);
    const fit = optimize(same, gaussianMixtureEstimator(2));
    expect(fit.model.components.map(({ sigma2 }) => sigma2)).toEqual([1, 1]);
  });

  it('keeps weight 0 and the parameters for no data when it has no rows', () => {
    const rows = [1, 2, 4];
    const fit = optimize(rows, gaussianMixtureEstimator(2), {
      responsibilities: rows.map(() => [0, 1]),
      maxIterations: 3,
    });
    expect([fit.model.w, fit.model.components[0]]).toEqual([[0, 1], new GaussianDistribution({ mu: 0, sigma2: 1 })]);
    expect(fit.findings.map(({ kind, path }) => [kind, path])).toEqual([['dead', 'components[0]']]);
  });
});

describe('a floor reaches a Gaussian', () => {
  const e = new GaussianEstimator();
  const isSpike = (i: number) => i % 5 === 0;

  it('in a field, an optional value and a level', () => {
    const record = new RecordEstimator({
      x: new OptionalEstimator(e),
      y: new ConditionalEstimator({ a: e, b: e }),
    });
    const rows = spiky.map((x, i) => ({
      x: i % 11 === 0 ? null : x,
      y: [i % 2 === 0 ? 'a' : 'b', isSpike(i) ? 7 : x] as const,
    }));
    const fit = optimize(rows, new MixtureEstimator([record, record]), { responsibilities: shares(rows, isSpike) });
    const at = 'components[0].fields';
    expect(degenerate(fit)).toEqual([`${at}.x.dist`, `${at}.y.dists.a`, `${at}.y.dists.b`]);
    const { x, y } = fit.model.components[0].fields;
    expect(x.dist.sigma2 / variance(rows.flatMap((row) => row.x ?? []))).toBeCloseTo(1e-6, 12);
    const ofLevel = rows.filter((row) => row.y[0] === 'b').map((row) => row.y[1]);
    expect(y.dists.get('b')!.sigma2 / variance(ofLevel)).toBeCloseTo(1e-6, 12);
  });

  it('in a state and a topic', () => {
    const lists = Array.from({ length: 40 }, (_, i) => spiky.slice(5 * i, 5 * i + 5));
    const initialModel = new HiddenMarkovDistribution(
      [new GaussianDistribution({ mu: 3, sigma2: 1e-4 }), new GaussianDistribution({ mu: 5, sigma2: 4 })],
      {
        w: [0.5, 0.5],
        transitions: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      },
    );
    const states = optimize(lists, new HiddenMarkovEstimator([e, e]), { initialModel });
    const topics = optimize(lists, new HierarchicalMixtureEstimator([e, e], { mixtureCount: 2 }), {
      seed: 7,
      start: 'random', // which ends at the spike
    });
    for (const gaussians of [states.model.emissions, topics.model.topics]) {
      const least = Math.min(...gaussians.map(({ sigma2 }) => sigma2));
      expect(least / variance(spiky)).toBeCloseTo(1e-6, 12);
    }
    expect([degenerate(states)[0], degenerate(topics)[0]]).toEqual([
      expect.stringMatching(/^emissions/),
      expect.stringMatching(/^topics/),
    ]);
  });

  it('of the outermost rows, in a mixture of mixtures', () => {
    const inner = new MixtureEstimator([e, e]);
    // One inner mixture has only the two values of the spike, so its own rows would give it a smaller floor.
    const rows = spiky.map((x, i) => (isSpike(i) ? SPIKE + (i % 2) / 100 : x));
    const fit = optimize(rows, new MixtureEstimator([inner, inner]), { responsibilities: shares(rows, isSpike) });
    const least = Math.min(...fit.model.components.flatMap(({ components }) => components.map(({ sigma2 }) => sigma2)));
    expect(least).toBeGreaterThanOrEqual(1e-6 * variance(rows) * (1 - 1e-9));
    expect(degenerate(fit).length).toBeGreaterThan(0);
  });

  it('but costs a parent of bounded families nothing', () => {
    expect(new MixtureEstimator([new PoissonEstimator(), new PoissonEstimator()]).pooling).toBeUndefined();
    expect(new RecordEstimator({ a: new CategoricalEstimator() }).pooling).toBeUndefined();
  });
});

describe('the maximum of the likelihood under a floor', () => {
  const rng = random(5);

  it('is that of a covariance: no other one as wide is better', () => {
    const d = 3;
    const covariance = Float64Array.of(2, 1.99, 0.5, 1.99, 2, 0.5, 0.5, 0.5, 1);
    const factor = cholesky(Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 5), d)!;
    const least = 0.2;
    const objective = (sigma: Float64Array) => {
      const l = cholesky(sigma, d)!;
      let value = 0;
      for (let j = 0; j < d; j++) value -= 2 * Math.log(l[j * d + j]!);
      const inverse = Array.from({ length: d }, (_, j) => {
        const z = new Float64Array(d);
        z[j] = 1;
        solveLower(l, d, z);
        return z;
      });
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          let entry = 0;
          for (let k = 0; k < d; k++) entry += inverse[i]![k]! * inverse[j]![k]!;
          value -= entry * covariance[i * d + j]!;
        }
      }
      return value;
    };
    const best = raiseRelativeEigenvalues(covariance, d, factor, least);
    for (let trial = 0; trial < 2000; trial++) {
      const other = best.slice();
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          other[i * d + j]! += (rng() - 0.5) * 10 ** (-1 - 4 * rng());
          other[j * d + i] = other[i * d + j]!;
        }
      }
      // Feasible after raising: raising is the identity where nothing lies below.
      const feasible = raiseRelativeEigenvalues(other, d, factor, least);
      expect(objective(feasible)).toBeLessThanOrEqual(objective(best) + 1e-12);
    }
  });

  it('is that of beta and Dirichlet shapes: no others with as small a sum are better', () => {
    const means = Float64Array.of(-1.2, -0.9, -1.25);
    const most = 20;
    const score = (alpha: ArrayLike<number>, logs: ArrayLike<number>) => {
      let [sum, value] = [0, 0];
      for (let j = 0; j < alpha.length; j++) {
        sum += alpha[j]!;
        value += (alpha[j]! - 1) * logs[j]! - lgamma(alpha[j]!);
      }
      return value + lgamma(sum);
    };
    const alpha = solveBoundedConcentration(means, most);
    const { alpha: a, beta: b } = boundedShapesOf(-0.7, -0.701, most);
    expect([alpha.reduce((x, y) => x + y), a + b]).toEqual([expect.closeTo(most, 9), expect.closeTo(most, 9)]);
    for (let trial = 0; trial < 2000; trial++) {
      const other = alpha.map((x) => x * Math.exp((rng() - 0.5) / 10));
      const sum = other.reduce((x, y) => x + y);
      expect(
        score(
          other.map((x) => x * Math.min(1, most / sum)),
          means,
        ),
      ).toBeLessThanOrEqual(score(alpha, means) + 1e-10);
      const share = a * Math.exp((rng() - 0.5) / 10);
      expect(score([share, most - share], [-0.7, -0.701])).toBeLessThanOrEqual(score([a, b], [-0.7, -0.701]) + 1e-10);
    }
  });
});
