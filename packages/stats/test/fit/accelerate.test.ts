import { describe, expect, it } from 'vitest';
import { RecordEstimator } from '../../src/combinators/record.js';
import type { AnyEstimator } from '../../src/contract.js';
import { ParameterError } from '../../src/errors.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { MultivariateGaussianEstimator } from '../../src/families/multivariateGaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { em } from '../../src/fit/em.js';
import { optimize } from '../../src/fit/optimize.js';
import type { OptimizeOptions } from '../../src/fit/options.js';
import { seqEncode, seqEstimate } from '../../src/fit/sequential.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { random } from '../../src/numeric/random.js';

/** Death notices of women of 80 years and over in The Times, 1910-1912: days with 0, 1, … 9 of them. */
const times = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1].flatMap((days, deaths) => Array<number>(days).fill(deaths));
const poissons = new MixtureEstimator([new PoissonEstimator(), new PoissonEstimator()]);

const u = random('accelerate');
const normal = () => Math.sqrt(-2 * Math.log(u() + 1e-300)) * Math.cos(2 * Math.PI * u());
const draw = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
const e = new GaussianEstimator();
const record = () => new RecordEstimator({ x: e, c: new CategoricalEstimator<string>(), n: new PoissonEstimator() });
const records = draw(600, () => {
  const k = Math.floor(u() * 3);
  return { x: 1.5 * k + normal(), c: 'abc'[Math.floor(u() * (1 + k))]!, n: Math.floor(-Math.log(u()) * (1 + k)) };
});

const problems: Readonly<Record<string, readonly [readonly unknown[], AnyEstimator]>> = {
  'counts of the Times': [times, poissons as AnyEstimator],
  'Gaussians that overlap': [
    draw(600, () => {
      const k = Math.floor(u() * 3);
      const [a, b] = [normal(), normal()];
      return [1.5 * k + a, 0.5 * k + 0.6 * a + 0.8 * b];
    }),
    new MixtureEstimator([0, 1, 2].map(() => new MultivariateGaussianEstimator())) as AnyEstimator,
  ],
  records: [records, new MixtureEstimator([record(), record(), record()]) as AnyEstimator],
  'a hidden Markov model': [
    draw(40, () => {
      let state = Math.floor(u() * 3);
      return draw(30, () => {
        if (u() > 0.8) state = Math.floor(u() * 3);
        return 1.8 * state + normal();
      });
    }),
    new HiddenMarkovEstimator([e, e, e]) as AnyEstimator,
  ],
};

describe('acceleration', () => {
  // Titterington, Smith & Makov (1985), Statistical Analysis of Finite Mixture Distributions, p. 89: the maximum for the Times.
  it('finds the published maximum for the Times in a tenth of the passes', () => {
    const options = { seed: 1, maxIterations: 4000 };
    const plain = optimize(times, poissons, { ...options, acceleration: 'none' });
    const fit = optimize(times, poissons, options);
    expect(fit.reason).toBe('converged');
    expect(fit.iterations).toBeLessThan(plain.iterations / 10);
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(plain.logLikelihood);
    expect(fit.logLikelihood).toBeCloseTo(-1989.946, 3);
    const [low, high] = fit.model.components.map(({ lambda }) => lambda).sort((a, b) => a - b);
    expect([low, high].map((lambda) => lambda!.toFixed(2))).toEqual(['1.26', '2.66']);
  });

  it.each(Object.entries(problems))(
    'of %s never loses likelihood, and arrives in fewer passes',
    (_, [rows, estimator]) => {
      const options: OptimizeOptions<unknown, never> = { seed: 2, maxIterations: 3000 };
      const plain = optimize(rows, estimator, { ...options, acceleration: 'none' });
      const fit = optimize(rows, estimator, options);
      expect(fit.reason).toBe('converged');
      expect(fit.acceleration).toBe('auto');
      expect(fit.iterations).toBeLessThan(plain.iterations / 2);
      expect(fit.logLikelihood).toBeGreaterThan(plain.logLikelihood - 1e-6 * rows.length);
      const accepted = fit.path.filter(({ isRejected }) => !isRejected).slice(1);
      // Rounding of a sum of n terms.
      for (const { change, logLikelihood } of accepted) expect(change).toBeGreaterThan(1e-12 * logLikelihood);
      for (const iterate of fit.path) if (iterate.isRejected) expect(iterate.step).not.toBe('plain');
      expect(fit.path.filter(({ step }) => step !== 'plain').length).toBeGreaterThan(2);
      // Its likelihood is the one that is told.
      const scored = rows.reduce<number>((sum, x) => sum + fit.model.logDensity(x), 0);
      expect(scored).toBeCloseTo(fit.logLikelihood, 6);
    },
  );

  it('returns the best model that the path has seen, wherever maxIterations ends it', () => {
    const whole = optimize(times, poissons, { seed: 1 });
    const ends = whole.path.slice(1).map((last, i) => {
      const fit = optimize(times, poissons, { seed: 1, maxIterations: i + 1 });
      const accepted = fit.path.filter(({ isRejected }) => !isRejected);
      const best = fit.path[fit.bestIteration]!;
      expect(fit.path).toEqual(whole.path.slice(0, i + 2));
      expect(best.isRejected).toBe(false);
      expect([fit.logLikelihood, best.logLikelihood]).toEqual(
        Array(2).fill(Math.max(...accepted.map(({ logLikelihood }) => logLikelihood))),
      );
      expect(fit.reason).toBe(i + 2 === whole.path.length ? 'converged' : 'maxIterations');
      const scored = times.reduce((sum, x) => sum + fit.model.logDensity(x), 0);
      expect(scored).toBeCloseTo(fit.logLikelihood, 8);
      return last.step !== 'plain' && fit.bestIteration === i + 1;
    });
    expect(ends.filter((isTry) => isTry).length).toBeGreaterThan(5);
  });

  it('of one family without hidden variables has nothing to do', () => {
    const fit = optimize([1, 2, 4, 8], e);
    expect(fit.path).toEqual(optimize([1, 2, 4, 8], e, { acceleration: 'none' }).path);
    expect(fit.path.every(({ step }) => step === 'plain')).toBe(true);
  });

  it('leaves plain EM alone when asked to', () => {
    const initialModel = new MixtureDistribution(
      [new PoissonDistribution({ lambda: 1 }), new PoissonDistribution({ lambda: 4 })],
      { w: [0.5, 0.5] },
    );
    const fit = optimize(times, poissons, { initialModel, acceleration: 'none', maxIterations: 20 });
    const columns = seqEncode(times, poissons);
    let model = initialModel;
    for (let i = 0; i < 20; i++) model = seqEstimate(columns, poissons, model);
    expect(fit.model).toEqual(model);
    expect(fit.acceleration).toBe('none');
  });

  it('is unavailable where a family has no flat statistic, and the result says so', () => {
    const wrapped = Object.defineProperty(new GaussianEstimator(), 'statisticLength', { value: undefined });
    const rows = draw(100, () => (u() < 0.5 ? 2 : 0) + normal());
    const fit = optimize(rows, new MixtureEstimator([wrapped, wrapped]), { maxIterations: 12 });
    expect(fit.acceleration).toBe('unavailable');
    expect(fit.path.every(({ step }) => step === 'plain')).toBe(true);
  });

  it('finds the same model in any unit and about any mean', () => {
    const rows = draw(400, () => (u() < 0.4 ? 2.2 : 0) + normal());
    const fitOf = (scale: number, shift: number) =>
      optimize(
        rows.map((x) => shift + scale * x),
        new MixtureEstimator([e, e]),
        { seed: 1, maxIterations: 2000, deltaPerRow: 1e-11 },
      );
    const here = fitOf(1, 0);
    for (const [scale, shift] of [
      [1e-9, 0],
      [1e6, 0],
      [1, 1e6],
    ] as const) {
      const there = fitOf(scale, shift);
      expect(there.reason).toBe('converged');
      expect(there.iterations).toBeLessThan(2 * here.iterations);
      there.model.components.forEach(({ mu }, k) => {
        expect((mu - shift) / scale).toBeCloseTo(here.model.components[k]!.mu, 3);
      });
    }
  });

  it('ends at the posterior mode with a prior', () => {
    const part = () => new PoissonEstimator({ pseudoCount: 5, prior: { lambda: 3 } });
    const estimator = new MixtureEstimator([part(), part()], { pseudoCount: 2 });
    const fit = optimize(times, estimator, { seed: 1, maxIterations: 3000, deltaPerRow: 1e-13 });
    expect(fit.reason).toBe('converged');
    expect(fit.path.some(({ step }) => step !== 'plain')).toBe(true);
    const next = seqEstimate(seqEncode(times, estimator), estimator, fit.model);
    next.components.forEach(({ lambda }, k) => {
      expect(lambda).toBeCloseTo(fit.model.components[k]!.lambda, 5);
    });
  });

  it('goes on from a stored state at the same bits, wherever a cycle is cut', () => {
    const algorithm = em(new MixtureEstimator([record(), record(), record()]));
    const columns = algorithm.encode(records);
    const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
    const pass = (model: Parameters<typeof steps.expectation>[0]) =>
      Float64Array.from(steps.expectation(model, columns, 0, records.length) as Float64Array);
    const start = algorithm.start(columns, { seed: 1, method: 'kmeans++' });
    /** Log-likelihoods of 40 passes; before pass `cut` another process takes over. */
    const run = (cut: number) => {
      let advance = steps.advance('auto');
      let next = { state: advance.initial, model: start };
      return Array.from({ length: 40 }, (_, at) => {
        if (at === cut) {
          advance = algorithm.steps(algorithm.slice(columns, 0, 0)).advance('auto');
          next = { ...next, state: structuredCopy(next.state) };
        }
        const statistic = pass(next.model);
        next = advance.next(next.state, next.model, statistic);
        return statistic[0]!;
      });
    };
    const whole = run(-1);
    for (let cut = 1; cut < 40; cut++) expect(run(cut)).toEqual(whole);
    steps.release();
  });

  it('refuses a word that it does not know', () => {
    expect(() => optimize([1, 2], e, { acceleration: 'fast' as 'auto' })).toThrow(ParameterError);
  });
});

/** A copy in which no array is shared; models are immutable. */
function structuredCopy<V>(value: V): V {
  if (value instanceof Float64Array) return value.slice() as V;
  if (Array.isArray(value)) return value.map(structuredCopy) as V;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, structuredCopy(entry)])) as V;
}
