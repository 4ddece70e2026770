import { describe, expect, it } from 'vitest';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import {
  MultivariateGaussianEstimator,
  type MultivariateGaussianOptions,
} from '../../src/families/multivariateGaussian.js';
import { shapedGaussians } from '../../src/families/shapedGaussians.js';
import { optimize } from '../../src/fit/optimize.js';
import { modelFromJSON } from '../../src/index.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { random } from '../../src/numeric/random.js';
import { normalVariates } from '../../src/numeric/variates.js';
import { copies } from '../../src/tree/copies.js';
import fc from '../property.js';

/** Pairs of vectors: the second ones are wider, and lie elsewhere. */
function pairs(count: number, seed: number): number[][][] {
  const normal = normalVariates(random(seed));
  return Array.from({ length: count }, () => {
    const [a, b, c, d] = [normal(), normal(), normal(), normal()];
    return [
      [a, 0.6 * a + b],
      [1 + 3 * c - d, 2 + 2 * d],
    ];
  });
}

/** The two vectors of a pair under tied Gaussians. */
function fit(
  rows: readonly number[][][],
  options: MultivariateGaussianOptions,
): { mu: number[]; covariance: number[][] }[] {
  const estimators = [new MultivariateGaussianEstimator(options), new MultivariateGaussianEstimator(options)] as const;
  return optimize(rows as never[], new CompositeEstimator(estimators)).model.dists as never;
}

const meanOf = (x: readonly number[][]) => x[0]!.map((_, j) => x.reduce((sum, row) => sum + row[j]! / x.length, 0));
const scatterOf = (x: readonly number[][], mu: readonly number[]) =>
  mu.map((m, i) => mu.map((other, j) => x.reduce((sum, row) => sum + (row[i]! - m) * (row[j]! - other), 0)));
const close = (found: readonly (readonly number[])[], expected: readonly (readonly number[])[], digits = 10) =>
  expected.flat().forEach((value, at) => expect(found.flat()[at]).toBeCloseTo(value, digits));

const rows = pairs(40, 1);
const sides = [0, 1].map((side) => rows.map((row) => row[side]!));

describe('tied means and covariances of vectors', () => {
  it('pools scatters about own means when only the covariance is shared', () => {
    const [first, second] = fit(rows, { keys: { covariance: 'v' } });
    const scatters = sides.map((x) => scatterOf(x, meanOf(x)));
    close([first!.mu, second!.mu], sides.map(meanOf));
    close(
      first!.covariance,
      scatters[0]!.map((row, i) => row.map((value, j) => (value + scatters[1]![i]![j]!) / 80)),
    );
    expect(second!.covariance).toEqual(first!.covariance);
  });

  it('is one Gaussian of all rows when both are shared, by one key or by two', () => {
    const [first, second] = fit(rows, { keys: { mu: 'm', covariance: 'v' } });
    const all = sides.flat();
    close([first!.mu], [meanOf(all)]);
    close(
      first!.covariance,
      scatterOf(all, meanOf(all)).map((row) => row.map((value) => value / 80)),
    );
    expect(second).toEqual(first);
    close(first!.covariance, fit(rows, { key: 'k' })[0]!.covariance);
  });

  it('takes the likeliest mean when only the mean is shared: no other one is better', () => {
    const found = fit(rows, { keys: { mu: 'm' } });
    expect(found[1]!.mu).toEqual(found[0]!.mu);
    // At the best covariances the likelihood is -½ Σ n log |Σ|, but for a constant.
    const profile = (mu: readonly number[]) =>
      sides.reduce((sum, x) => {
        const [[a, b], [, c]] = scatterOf(x, mu) as [[number, number], [number, number]];
        return sum - (x.length / 2) * Math.log((a * c - b * b) / x.length ** 2);
      }, 0);
    const [x, y] = found[0]!.mu as [number, number];
    const best = profile([x, y]);
    for (let i = -20; i <= 20; i++) {
      for (let j = -20; j <= 20; j++) expect(profile([x + i / 10, y + j / 10])).toBeLessThanOrEqual(best + 1e-9);
    }
    for (const step of [1e-5, -1e-5]) expect(profile([x + step, y - step])).toBeLessThan(best);
    sides.forEach((side, k) =>
      close(
        found[k]!.covariance,
        scatterOf(side, [x, y]).map((row) => row.map((v) => v / 40)),
      ),
    );
  });

  it('solves the cubic equation of a common mean in one dimension', () => {
    // Values 0 ± 1 and 10 ± 3, weighed alike: the likelihood of the mean has two maxima, and the better one is near 0.
    const columns = [
      [[-1], [7]],
      [[1], [13]],
    ];
    const mu = fit(columns, { keys: { mu: 'm' } })[0]!.mu[0]!;
    expect(mu / (1 + mu ** 2) + (mu - 10) / (9 + (mu - 10) ** 2)).toBeCloseTo(0, 10);
    expect(mu).toBeLessThan(1);
  });

  it('agrees with components of equal covariance in a mixture', () => {
    const data = sides.flat();
    const start = { seed: 3, maxIterations: 200 };
    const tied = copies(2, new MultivariateGaussianEstimator({ keys: { covariance: 'v' } }));
    const mine = optimize(data, new MixtureEstimator(tied), start);
    const shaped = optimize(data, new MixtureEstimator(shapedGaussians(2, { covariance: 'EEE' })), start);
    expect(mine.logLikelihood).toBeCloseTo(shaped.logLikelihood, 5);
    expect(mine.model.components[1].covariance).toEqual(mine.model.components[0].covariance);
    expect(modelFromJSON(JSON.parse(JSON.stringify(mine.model)))).toEqual(mine.model);
  });

  it('never lowers the likelihood, with gaps and in hidden Markov models too', () => {
    const shared = [{ mu: 'm' }, { covariance: 'v' }, { mu: 'm', covariance: 'v' }];
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...shared), fc.boolean(), (seed, keys, isChain) => {
        const rng = random(seed);
        const data = pairs(12, seed)
          .flat()
          .map((row) => row.map((x) => (rng() < 0.2 ? null : x)));
        const estimators = copies(2, new MultivariateGaussianEstimator({ keys, missing: null, minEigenvalue: 1e-3 }));
        const options = { seed, maxIterations: 8, acceleration: 'none' } as const;
        const { path } = isChain
          ? optimize([data.slice(0, 12), data.slice(12)], new HiddenMarkovEstimator(estimators), options)
          : optimize(data, new MixtureEstimator(estimators), options);
        for (let i = 1; i < path.length; i++) {
          expect(path[i]!.logLikelihood).toBeGreaterThanOrEqual(path[i - 1]!.logLikelihood - 1e-9);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('counts what is shared once', () => {
    const estimator = new MultivariateGaussianEstimator({ keys: { covariance: 'v' } });
    const { model } = optimize(sides[0]!, estimator);
    expect(estimator.parameterBlocks(model)).toMatchObject([
      { key: undefined, count: 2 },
      { key: 'v', count: 3 },
    ]);
  });

  it('refuses what has no answer', () => {
    const alone = new MultivariateGaussianEstimator({ keys: { mu: 'm' } });
    const beside = new MultivariateGaussianEstimator({ keys: { mu: 'm', covariance: 'v' } });
    expect(() => optimize(rows as never[], new CompositeEstimator([alone, beside]))).toThrow(
      /key "m" is used by MultivariateGaussian\[2\] mean with a covariance of its own and by .* the covariance of key "v"/,
    );
    const other = rows.map(([a, b]) => [a!, [...b!, 1]]);
    expect(() => optimize(other as never[], new CompositeEstimator([alone, alone]))).toThrow(/\[2\].*\[3\]/);
    const prior = { mu: [0, 0], muCount: 1 };
    expect(() => new MultivariateGaussianEstimator({ keys: { covariance: 'v' }, prior })).toThrow(/keys/);
    expect(() => new MultivariateGaussianEstimator({ keys: { sigma2: 'v' } as never })).toThrow(/sigma2/);
    const number = new CompositeEstimator([new GaussianEstimator({ keys: { mu: 'm' } }), alone]);
    expect(() => optimize(rows.map(([a, b]) => [a![0], b]) as never[], number)).toThrow(/key "m"/);
  });

  it('gives a holder without rows what is shared', () => {
    const estimator = new MixtureEstimator(
      copies(2, new MultivariateGaussianEstimator({ keys: { covariance: 'v' } })),
      {
        fixedWeights: [1, 0],
      },
    );
    const { model } = optimize(sides[0]!, estimator, { seed: 1 });
    expect(model.components[1].covariance).toEqual(model.components[0].covariance);
    expect(model.components[1].mu).toEqual([0, 0]);
  });
});
