import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AnyDistribution,
  type BetaDistribution,
  CategoricalDistribution,
  type CompositeDistribution,
  ConditionalDistribution,
  DirichletDistribution,
  type GaussianDistribution,
  HiddenMarkovDistribution,
  HiddenSemiMarkovDistribution,
  IgnoredDistribution,
  MixtureDistribution as Mixture,
  type MixtureDistribution,
  type MultivariateGaussianDistribution,
  marginal,
  modelFromJSON,
  OptionalDistribution,
  ParameterError,
  PoissonDistribution,
  RecordDistribution,
  SemiSupervisedMixtureDistribution,
  SequenceDistribution,
} from '../../src/index.js';
import { animals, byKind, diagonal, normal, pair, vector } from './models.js';

const weather = (mu: number, p: number) =>
  new RecordDistribution({ wind: normal(mu), sky: new CategoricalDistribution({ clear: p, grey: 1 - p }) });

describe('marginal', () => {
  it('gives the distribution of one field, with its own queries, and that of records of some', () => {
    const record = weather(3, 0.25);
    expect(marginal(record, 'wind').quantile(0.5)).toBe(3);
    expect(marginal(record, ['sky']).density({ sky: 'clear' })).toBe(0.25);
    expectTypeOf(marginal(record, 'wind')).toEqualTypeOf<GaussianDistribution>();
    expectTypeOf(marginal(record, ['sky']).fields.sky).toEqualTypeOf<CategoricalDistribution<string>>();
    // @ts-expect-error: there is no such field
    expect(() => marginal(record, 'rain')).toThrow('marginal: steps must be one of "wind", "sky", found "rain".');
    // @ts-expect-error: nor here
    expect(() => marginal(record, ['wind', 'rain'])).toThrow(ParameterError);
    expect(() => marginal(record, ['wind', 'wind'])).toThrow('steps[1] must be another one than before it');
    expect(() => marginal(record, [])).toThrow('a list of at least one step');
  });

  it('takes positions in the order that is asked', () => {
    const swapped = marginal(pair, [1, 0]);
    expect(swapped.logDensity(['a', 1.5])).toBe(Math.log(0.25) + normal(1).logDensity(1.5));
    expectTypeOf(swapped).toEqualTypeOf<
      CompositeDistribution<readonly [CategoricalDistribution<string>, GaussianDistribution]>
    >();
    // @ts-expect-error: three fields
    expect(() => marginal(pair, 3)).toThrow('one of 0, 1, 2');
  });

  it('takes coordinates of Gaussian vectors, one of which is a Gaussian', () => {
    expect(marginal(vector, 2)).toEqual(normal(0.5, 3));
    expect(marginal(vector, [2, 0]).toJSON()).toMatchObject({
      mu: [0.5, 1],
      covariance: [
        [3, 0.2],
        [0.2, 2],
      ],
    }); // prettier-ignore
    expect(marginal(diagonal, [2, 0]).toJSON()).toMatchObject({ mu: [3, 1], sigma2: [9, 1] });
    expect(marginal(diagonal, 1).variance).toBe(4);
    expect(() => marginal(vector, 3)).toThrow(ParameterError);
    expectTypeOf(marginal(vector, [0])).toEqualTypeOf<MultivariateGaussianDistribution>();
  });

  it('is the sum of the components of a mixture', () => {
    const visits = marginal(animals, 'visits');
    expect(visits.mean).toBeCloseTo(0.4 * 1 + 0.6 * 4, 14);
    expect(visits.cdf(0)).toBeCloseTo(0.4 * Math.exp(-1) + 0.6 * Math.exp(-4), 14);
    const first = marginal(marginal(animals, 'measures'), 0);
    expect(first.quantile(0.5)).toBeGreaterThan(0);
    expect(first.variance).toBeCloseTo(2 + 0.24 * 9, 13);
    // @ts-expect-error: a mixture of records has their fields
    expect(() => marginal(animals, 'weight')).toThrow(ParameterError);
    expectTypeOf(marginal(marginal(animals, 'measures'), 0)).toEqualTypeOf<
      MixtureDistribution<readonly [GaussianDistribution, GaussianDistribution]>
    >();
  });

  it('weighs the values of a conditional by the probability of their level', () => {
    expect(marginal(byKind, 1).mean).toBe(0.75 * 4 + 0.25 * 20);
    expect(marginal(byKind, 0)).toBe(byKind.given);
    const withoutLevels = new ConditionalDistribution({ cat: normal(4) });
    expect(() => marginal(withoutLevels, 1)).toThrow('the given of the conditional must be a categorical distribution');
    const open = new ConditionalDistribution({ cat: normal(4) }, { given: byKind.given });
    expect(() => marginal(open, 1)).toThrow('model.dists must be a distribution for each level, found "dog"');
  });

  it('reaches through models of optional rows, and of lists of rows', () => {
    const day = weather(3, 0.25);
    const optional = marginal(new OptionalDistribution(day, { p: 0.5 }), ['wind']);
    expect(optional.density(null)).toBe(0.5);
    expect(optional.density({ wind: 3 })).toBeCloseTo(0.5 * normal(3).density(3), 14);
    expect(marginal(new IgnoredDistribution(day), 'wind')).toBe(day.fields.wind);
    expect(marginal(new SequenceDistribution(day), 'wind').logDensity([1, 2])).toBeCloseTo(
      normal(3).logDensity(1) + normal(3).logDensity(2),
      14,
    );
  });

  it('is, for channels of a hidden Markov model, the sum over all values of the others', () => {
    const hmm = new HiddenMarkovDistribution([weather(0, 0.9), weather(4, 0.2)], {
      w: [0.5, 0.5],
      transitions: [
        [0.8, 0.2],
        [0.3, 0.7],
      ],
    });
    const wind = [0.3, 2.5, 4.1];
    const skies = ['clear', 'grey'];
    let sum = 0;
    for (const a of skies) {
      for (const b of skies) {
        for (const c of skies) sum += hmm.density([a, b, c].map((sky, t) => ({ wind: wind[t]!, sky })));
      }
    }
    expect(marginal(hmm, 'wind').density(wind)).toBeCloseTo(sum, 14);
    expect(marginal(hmm, ['wind']).density(wind.map((speed) => ({ wind: speed })))).toBeCloseTo(sum, 14);
    expectTypeOf(marginal(hmm, 'wind').emissions[0]).toEqualTypeOf<GaussianDistribution>();
    // @ts-expect-error: no channel
    expect(() => marginal(hmm, 'rain')).toThrow(ParameterError);
  });

  it('is a beta distribution of one coordinate of a Dirichlet, with its mean and variance', () => {
    const shares = new DirichletDistribution({ alpha: [2, 0.5, 3.5] });
    for (const j of [0, 1, 2]) {
      const share = marginal(shares, j);
      expect(share.mean).toBeCloseTo(shares.mean[j]!, 15);
      expect(share.variance).toBeCloseTo(shares.covariance[j]![j]!, 15);
    }
    // The sum of the density over the other two: a trapezium rule, with an error of about 1e-7.
    const flat = new DirichletDistribution({ alpha: [2, 2, 3] });
    const n = 4000;
    const rest = Array.from({ length: n - 1 }, (_, i) => (0.7 * (i + 1)) / n);
    const sum = rest.reduce((total, x) => total + (0.7 / n) * flat.density([0.3, x, 0.7 - x]), 0);
    expect(marginal(flat, 0).density(0.3)).toBeCloseTo(sum, 6);
    expectTypeOf(marginal(flat, 0)).toEqualTypeOf<BetaDistribution>();
    expect(() => marginal(flat, [0, 1])).toThrow('marginal: steps must be one coordinate');
    expect(() => marginal(flat, 3)).toThrow('one of 0, 1, 2');
  });

  it('is the mixture of the values where rows have labels', () => {
    const labelled = new SemiSupervisedMixtureDistribution([normal(0), normal(4)], { w: [0.25, 0.75] });
    expect(marginal(labelled, 0).mean).toBe(3);
    expect(marginal(labelled, 0).density(1)).toBeCloseTo(labelled.density([1, null]), 15);
    expectTypeOf(marginal(labelled, 0)).toEqualTypeOf<
      MixtureDistribution<readonly [GaussianDistribution, GaussianDistribution]>
    >();
    // @ts-expect-error: a label has no distribution
    expect(() => marginal(labelled, 1)).toThrow('steps must be 0, the value without its label');
  });

  it('keeps the durations of a hidden semi-Markov model, and its type', () => {
    const hsmm = new HiddenSemiMarkovDistribution(
      [weather(0, 0.9), weather(4, 0.2)],
      [new PoissonDistribution({ lambda: 2 }), new PoissonDistribution({ lambda: 1 })],
      { w: [0.5, 0.5], transitions: [[0, 1], [1, 0]], shift: 1, maxDuration: 9 }, // biome-ignore format: short
    );
    const wind = marginal(hsmm, 'wind');
    expectTypeOf(wind.emissions[0]).toEqualTypeOf<GaussianDistribution>();
    const skies = ['clear', 'grey'];
    const sum = skies.flatMap((a) => skies.map((b) => hsmm.density([{ wind: 1, sky: a }, { wind: 3, sky: b }]))); // biome-ignore format: short
    expect(wind.density([1, 3])).toBeCloseTo(sum.reduce((total, p) => total + p, 0), 14); // biome-ignore format: short
    // @ts-expect-error: no channel
    expect(() => marginal(hsmm, 'rain')).toThrow(ParameterError);
  });

  it('does not compile for rows without steps, and says so to who has no compiler', () => {
    // @ts-expect-error: a number has no parts
    expect(() => marginal(normal(0), 0)).toThrow('model must be a distribution of rows with fields, positions');
    // @ts-expect-error: nor have the components
    expect(() => marginal(new Mixture([normal(0), normal(1)], { w: [0.5, 0.5] }), 0)).toThrow(ParameterError);
  });

  it('takes any step of a model from a file, and looks when it runs', () => {
    const model: AnyDistribution = modelFromJSON(JSON.parse(JSON.stringify(animals)));
    expect(marginal(model, 'visits').mean).toBeCloseTo(2.8, 14);
    expect(() => marginal(model, 'weight')).toThrow(ParameterError);
  });
});
