import { describe, expect, it } from 'vitest';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { initialize } from '../../src/fit/initialize.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { random } from '../../src/numeric/random.js';

const seeds = Array.from({ length: 8 }, (_, seed) => seed);
const estimator = (stateCount: number) =>
  new HiddenMarkovEstimator(Array.from({ length: stateCount }, () => new GaussianEstimator()));

/** `count` sequences of `length` items: states stay with probability `stay`, else any state follows. */
function sequences(
  emissions: readonly GaussianDistribution[],
  stay: number,
  count: number,
  length: number,
): number[][] {
  const u = random(`${emissions.length} states`);
  const samplers = emissions.map((emission, s) => emission.sampler(s));
  return Array.from({ length: count }, () => {
    let state = 0;
    return Array.from({ length }, (_, t) => {
      if (t === 0 || u() > stay) state = Math.floor(u() * emissions.length);
      return samplers[state]!.sample();
    });
  });
}

describe('the start of a hidden Markov model', () => {
  // Once states were drawn at random for each item: 7 of 20 such starts found these five states.
  it('finds states that lie apart, from every seed', () => {
    const emissions = [0, 4, 8, 12, 16].map((mu) => new GaussianDistribution({ mu, sigma2: 1 }));
    const rows = sequences(emissions, 0.5, 40, 50);
    const fits = seeds.map((seed) => optimize(rows, estimator(5), { seed }));
    const best = Math.max(...fits.map(({ logLikelihood }) => logLikelihood));
    for (const fit of fits) {
      expect(fit.logLikelihood).toBeCloseTo(best, 3);
      const means = fit.model.emissions.map(({ mu }) => mu).sort((a, b) => a - b);
      // 400 items a state: a mean is off by 0.05 or so.
      means.forEach((mu, s) => expect(Math.abs(mu - 4 * s)).toBeLessThan(0.3));
    }
  });

  // One sequence has one first state. A start that gave it probability 0 or 1 for good lost 15 nats on daily returns.
  it('has no zeros, and finds two variances from every seed', () => {
    const emissions = [1, 9].map((sigma2) => new GaussianDistribution({ mu: 0, sigma2 }));
    const rows = sequences(emissions, 0.97, 1, 3000);
    for (const seed of seeds) {
      const start = initialize(rows, estimator(2), { seed });
      for (const p of [...start.w, ...start.transitions.flatMap((row) => [...row])]) expect(p).toBeGreaterThan(0);
      const drawn = initialize(rows, estimator(2), { seed, start: 'random' });
      for (const p of [...drawn.w, ...drawn.transitions.flatMap((row) => [...row])]) expect(p).toBeGreaterThan(0);
    }
    const fits = seeds.map((seed) => optimize(rows, estimator(2), { seed }));
    const best = Math.max(...fits.map(({ logLikelihood }) => logLikelihood));
    for (const { logLikelihood, reason } of fits) {
      expect(reason).toBe('converged');
      expect(logLikelihood).toBeCloseTo(best, 3);
    }
  });

  it('draws states where items have no distance and determine no mixture', () => {
    const start = initialize([[], [], []], estimator(2), { seed: 1 });
    expect([...start.w]).toEqual([0.5, 0.5]);
  });
});
