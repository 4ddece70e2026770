import { describe, expect, it } from 'vitest';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaEstimator } from '../../src/families/gamma.js';
import { GeometricDistribution, GeometricEstimator } from '../../src/families/geometric.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { diracMixture, diracMixtureEstimator } from '../../src/latent/mixtures/diracMixture.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE, MIXTURE_QUERIES } from '../offers.js';

const poisson = new PoissonDistribution({ lambda: 3 });

describe('the law', () => {
  const laws = checkFamily({
    offers: [...MIXTURE, ...MIXTURE_QUERIES],
    notShown: ['isUnbounded', 'scoreSum', 'kind', 'takesLabels'],
    distributions: [
      diracMixture(poisson, { p: 0.7 }),
      diracMixture(new PoissonDistribution({ lambda: 9 }), { p: 0.2 }),
    ],
    estimator: diracMixtureEstimator(new PoissonEstimator()),
    refused: [0.5, -1, '0', null],
    support: { integers: [0, 60] },
    parameters: (d: ReturnType<typeof diracMixture<PoissonDistribution>>) => [d.w[0]!, d.components[0].lambda],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('a Dirac mixture', () => {
  it('scores by the formula, for p = 1 and p = 0 too', () => {
    const half = diracMixture(poisson, { p: 0.25, value: 2 });
    expect(half.density(2)).toBeCloseTo(0.75 + 0.25 * poisson.density(2), 14);
    expect(half.density(5)).toBeCloseTo(0.25 * poisson.density(5), 14);
    expect(diracMixture(poisson, { p: 1 }).logDensity(0)).toBe(poisson.logDensity(0));
    expect(diracMixture(poisson, { p: 0 }).logDensity(1)).toBe(-Infinity);
    expect(half.mean).toBeCloseTo(0.75 * 2 + 0.25 * 3, 14);
    expect(() => diracMixture(poisson, { p: 1.5 })).toThrow('p must be a number in [0, 1]');
  });

  it('takes a family that does not hold the value: it gets the other rows', () => {
    // Geometric counts begin at 1.
    const rows = [0, 0, 0, 1, 2, 1, 3, 1];
    const { model } = optimize(rows, diracMixtureEstimator(new GeometricEstimator()));
    expect(model.w[0]).toBeCloseTo(5 / 8, 12);
    expect(model.components[0].p).toBeCloseTo(5 / 8, 12); // 5 rows, 8 trials
    expect(() => optimize([-1], diracMixtureEstimator(new GeometricEstimator()))).toThrow(
      expect.objectContaining({ code: 'DATA', row: 0, expected: 'an integer >= 1, or the number 0' }),
    );
    // Rain: days without any, and amounts.
    const rain = optimize([0, 0, 0, 0.4, 2.5, 1.1], diracMixtureEstimator(new GammaEstimator())).model;
    expect(rain.w[1]).toBeCloseTo(0.5, 12);
  });

  it('finds the share of extra zeros again', () => {
    const rows = diracMixture(poisson, { p: 0.7 }).sampler(3).sample(20_000);
    const { model } = optimize(rows, diracMixtureEstimator(new PoissonEstimator()), {
      maxIterations: 500,
      delta: 1e-9,
    });
    // Four standard errors of the zeros' share, with room for what is hidden of it.
    expect(Math.abs(model.w[0]! - 0.7)).toBeLessThan(4 * Math.sqrt(0.25 / 20_000));
    expect(Math.abs(model.components[0].lambda - 3)).toBeLessThan(4 * Math.sqrt(3 / 14_000) * 1.2);
  });

  it('keeps fixed weights, and has the priors and keys of any mixture', () => {
    const rows = [0, 0, 0, 1, 4, 2];
    const fixed = optimize(rows, diracMixtureEstimator(new PoissonEstimator(), { fixedWeights: [0.6, 0.4] })).model;
    expect(fixed.w).toEqual([0.6, 0.4]);
    const start = { initialModel: diracMixture(poisson, { p: 0.5 }), maxIterations: 1, delta: null };
    const prior = diracMixtureEstimator(new PoissonEstimator(), { pseudoCount: 3, prior: [0.9, 0.1] });
    const plain = optimize(rows, diracMixtureEstimator(new PoissonEstimator()), start).model.w[0]!;
    expect(optimize(rows, prior, start).model.w[0]).toBeCloseTo((6 * plain + 3 * 0.9) / 9, 12);
    const tied = () => diracMixtureEstimator(new PoissonEstimator(), { keys: { weights: 'w', components: 'c' } });
    const { fields } = optimize(
      rows.map((x, i) => ({ a: x, b: i })),
      new RecordEstimator({ a: tied(), b: tied() }),
    ).model;
    expect(fields.a).toEqual(fields.b);
  });

  it('ends well without zeros, with zeros alone and for one row', () => {
    const fit = (rows: readonly number[]) => optimize(rows, diracMixtureEstimator(new PoissonEstimator()), { seed: 1 });
    expect(fit([3, 4, 5]).model.w).toEqual([1, 0]);
    expect(fit([0, 0, 0]).model.density(0)).toBeCloseTo(1, 12);
    expect(fit([7]).model.components[0].lambda).toBeCloseTo(7, 12);
  });

  it('models lengths, and stands in mixtures, hidden Markov models and optional fields', () => {
    const length = () => diracMixtureEstimator(new PoissonEstimator());
    const lists = Array.from({ length: 60 }, (_, i) => Array<string>(i % 2 === 0 ? 0 : 1 + (i % 7)).fill('ab'[i % 2]!));
    const ofLists = new SequenceEstimator(new CategoricalEstimator<string>(), { length: length() });
    const { model } = optimize(lists, ofLists, { seed: 1 });
    expect(model.length.components[1].value).toBe(0);
    expect(model.length.density(0)).toBeCloseTo(0.5, 6);
    const nested = new MixtureEstimator([length(), length()]);
    expect(optimize([0, 0, 3, 4, 0, 20, 21, 0], nested, { seed: 1 }).model.density(0)).toBeGreaterThan(0.3);
    const counts = Array.from({ length: 30 }, (_, i) => [0, 5 + (i % 3), 0, 0, 6]);
    expect(optimize(counts, new HiddenMarkovEstimator([length(), length()]), { seed: 1 }).model.w.length).toBe(2);
    const gaps = optimize([0, null, 4, 0], new OptionalEstimator(length())).model;
    expect(gaps.p).toBe(0.25);
  });

  it('is drawn from as it scores', () => {
    const d = diracMixture(new GeometricDistribution({ p: 0.5 }), { p: 0.4 });
    const rows = d.sampler(1).sample(10_000);
    for (const x of [0, 1, 2]) {
      const share = rows.filter((row) => row === x).length / rows.length;
      expect(Math.abs(share - d.density(x))).toBeLessThan(5 * Math.sqrt(0.25 / 10_000));
    }
  });
});
