/** Scores of columns whose arrays were filled again: nothing is remembered outside a fit, nor by an open one for others. */
import { describe, expect, it } from 'vitest';
import {
  type AnyDistribution,
  CategoricalDistribution,
  DiagonalGaussianDistribution,
  DirichletDistribution,
  GammaDistribution,
  GaussianDistribution,
  GaussianEstimator,
  HiddenMarkovDistribution,
  IntegerCategoricalDistribution,
  MixtureDistribution,
  MixtureEstimator,
  MultivariateGaussianDistribution,
  optimizeSteps,
  PoissonDistribution,
  RecordDistribution,
  WeibullDistribution,
} from '../../src/index.js';
import { numbersOf } from '../numeric/kernels/numbers.js';

/** One block. */
const ROWS = 1000;
const random = numbersOf(1);
const list = <T>(row: (i: number) => T): T[] => Array.from({ length: ROWS }, (_, i) => row(i));
const positive = (): number => 0.1 + random();
const gaussian = (mu: number): GaussianDistribution => new GaussianDistribution({ mu, sigma2: 2 });
/** All levels within the first rows, so that equal levels have equal codes in any two lists. */
const level = (i: number): string => 'abc'[i < 3 ? i : Math.floor(3 * random())]!;

// The rows of a case are drawn twice: the second list goes into the columns of the first.
const cases: Readonly<Record<string, readonly [AnyDistribution, (i: number) => unknown]>> = {
  Gaussian: [gaussian(0.5), random],
  Gamma: [new GammaDistribution({ shape: 2, scale: 0.7 }), positive],
  Weibull: [new WeibullDistribution({ shape: 2, scale: 0.7 }), positive],
  Poisson: [new PoissonDistribution({ lambda: 3 }), () => Math.floor(9 * random())],
  Categorical: [new CategoricalDistribution({ a: 0.2, b: 0.3, c: 0.5 }), level],
  IntegerCategorical: [
    new IntegerCategoricalDistribution({ min: 0, p: [0.5, 0.25, 0.25] }),
    (i) => (i < 3 ? i : Math.floor(3 * random())),
  ],
  DiagonalGaussian: [new DiagonalGaussianDistribution({ mu: [0, 1], sigma2: [1, 2] }), () => [random(), random()]],
  MultivariateGaussian: [
    new MultivariateGaussianDistribution({
      mu: [0, 1],
      covariance: [
        [2, 1],
        [1, 2],
      ],
    }),
    () => [random(), random()],
  ],
  Dirichlet: [
    new DirichletDistribution({ alpha: [2, 3] }),
    () => {
      const p = 0.1 + 0.8 * random();
      return [p, 1 - p];
    },
  ],
  Mixture: [new MixtureDistribution([gaussian(0), gaussian(1)], { w: [0.4, 0.6] }), random],
  Record: [
    new RecordDistribution({ x: gaussian(0), y: new PoissonDistribution({ lambda: 2 }) }),
    () => ({ x: random(), y: Math.floor(5 * random()) }),
  ],
  HiddenMarkov: [
    new HiddenMarkovDistribution([gaussian(0), gaussian(1)], {
      w: [0.5, 0.5],
      transitions: [
        [0.9, 0.1],
        [0.2, 0.8],
      ],
    }),
    () => [random(), random()],
  ],
};

/** Copies the numbers of all typed arrays of `from` into those of `to`. */
function refill(to: object, from: object): void {
  for (const [name, value] of Object.entries(to)) {
    const other = (from as Record<string, unknown>)[name];
    if (value instanceof Float64Array || value instanceof Int32Array) value.set(other as typeof value);
    else if (typeof value === 'object' && value !== null) refill(value, other as object);
  }
}

/** Scores the same block twice: staged once, it could be remembered. */
function scoresOf(distribution: AnyDistribution, columns: { readonly rowCount: number }): Float64Array {
  const out = new Float64Array(ROWS);
  for (let pass = 0; pass < 2; pass++) distribution.seqLogDensity(columns, 0, ROWS, out);
  return out;
}

describe.each(Object.entries(cases))('%s', (_, [distribution, row]) => {
  const first = list(row);
  const second = list(row);
  const fresh = (): Float64Array => scoresOf(distribution, distribution.encoder().encode(second));

  it('scores what the columns hold now', () => {
    const columns = distribution.encoder().encode(first);
    const before = scoresOf(distribution, columns);
    refill(columns, distribution.encoder().encode(second));
    const after = scoresOf(distribution, columns);
    expect(after).toEqual(fresh());
    expect(after).not.toEqual(before);
  });

  it('does so while two fits are open', async () => {
    const estimator = new MixtureEstimator(Array.from({ length: 2 }, () => new GaussianEstimator()));
    const fits = [1, 2].map((seed) =>
      optimizeSteps(Array.from({ length: 3000 }, random), estimator, { seed, maxIterations: 5, delta: null }),
    );
    const columns = distribution.encoder().encode(first);
    for (const fit of fits) await fit.next();
    scoresOf(distribution, columns);
    for (const fit of fits) await fit.next();
    refill(columns, distribution.encoder().encode(second));
    expect(scoresOf(distribution, columns)).toEqual(fresh());
    for (const fit of fits) await fit.return(undefined as never);
  });
});
