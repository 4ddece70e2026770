/** Typed arrays are rows of families of numbers: the fit is that of the list, to the bit. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as stats from '../../src/index.js';

const real = Float64Array.from(
  new stats.GaussianDistribution({ mu: 5, sigma2: 2 }).sampler(1).sample(500),
  Math.fround,
);
const counts = Int32Array.from(new stats.PoissonDistribution({ lambda: 4 }).sampler(1).sample(500));

describe('typed arrays as rows', () => {
  it('give the fit of the list', () => {
    const e = new stats.GaussianEstimator();
    const mixture = new stats.MixtureEstimator([e, new stats.StudentTEstimator()]);
    const list = Array.from(real);
    for (const typed of [real, Float32Array.from(real)]) {
      expect(stats.optimize(typed, e).model).toEqual(stats.optimize(list, e).model);
      const options = { maxIterations: 5, weights: list.map((_, i) => 1 + (i % 2)) };
      expect(stats.optimize(typed, mixture, options).path).toEqual(stats.optimize(list, mixture, options).path);
      expect(stats.bestOf(typed, mixture, { trials: 2, maxIterations: 3 }).logLikelihood).toBe(
        stats.bestOf(list, mixture, { trials: 2, maxIterations: 3 }).logLikelihood,
      );
      expect(stats.kFold(typed, e).logLikelihood).toBe(stats.kFold(list, e).logLikelihood);
      expect(
        stats.seqLogDensity(stats.seqEncode(typed, e), new stats.GaussianDistribution({ mu: 5, sigma2: 2 })),
      ).toEqual(stats.seqLogDensity(stats.seqEncode(list, e), new stats.GaussianDistribution({ mu: 5, sigma2: 2 })));
      expect(stats.partition(typed, [0.5, 0.5])).toEqual(stats.partition(list, [0.5, 0.5]));
    }
  });

  it('of integers fit families of counts, of levels and of missing values', () => {
    const list = Array.from(counts);
    const estimators = [
      new stats.PoissonEstimator(),
      new stats.NegativeBinomialEstimator(),
      new stats.BinomialEstimator(),
      new stats.IntegerCategoricalEstimator(),
      new stats.CategoricalEstimator<number>(),
      new stats.OptionalEstimator(new stats.PoissonEstimator()),
    ] as const;
    for (const e of estimators) {
      const one = e as stats.PoissonEstimator; // all take numbers
      for (const typed of [counts, Uint8Array.from(list), Int16Array.from(list)])
        expect(JSON.stringify(stats.optimize(typed, one).model)).toBe(JSON.stringify(stats.optimize(list, one).model));
    }
  });

  it('are refused row by row like a list, and other views as no rows', () => {
    expect(() => stats.optimize(Float64Array.of(1, Number.NaN), new stats.GaussianEstimator())).toThrow('row 1');
    // @ts-expect-error bigints are no numbers
    expect(() => stats.optimize(BigInt64Array.of(1n), new stats.PoissonEstimator())).toThrow(stats.DataError);
    // @ts-expect-error no rows
    expect(() => stats.optimize(new DataView(new ArrayBuffer(8)), new stats.PoissonEstimator())).toThrow(
      stats.OptionError,
    );
    // @ts-expect-error rows of this estimator are strings
    expect(() => stats.optimize(real, new stats.CategoricalEstimator<'a'>())).not.toThrow();
  });

  it('keep the types of model and rows', () => {
    const { model } = stats.optimize(real, new stats.MixtureEstimator([new stats.GaussianEstimator()]));
    expectTypeOf(model.components[0].mu).toEqualTypeOf<number>();
    expectTypeOf<stats.Rows<string>>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Float64Array>().toExtend<stats.Rows<number | null>>();
  });
});
