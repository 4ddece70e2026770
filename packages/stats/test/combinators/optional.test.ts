import { describe, expect, it } from 'vitest';
import { marginal } from '../../src/ask/marginal.js';
import { OptionalDistribution, OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordDistribution } from '../../src/combinators/record.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { MultivariateGaussianDistribution } from '../../src/families/multivariateGaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { MIXTURE_QUERIES, PARENT } from '../offers.js';

const value = new GaussianDistribution({ mu: 2, sigma2: 1 });
const maybe = (p: number) => new OptionalDistribution(value, { p });

const laws = checkFamily({
  offers: [
    ...PARENT,
    ...MIXTURE_QUERIES,
    'mode',
    'presence',
    'isUnbounded',
    'rowCodes',
    'squaredDistances',
    'pooling',
    'marginalOf',
    'conditioned',
  ],
  notShown: ['rowCodes', 'seqInitialize', 'marginalOf', 'conditioned'],
  distributions: [maybe(0.25), maybe(0.75)],
  unbounded: { distribution: new OptionalDistribution(new GammaDistribution({ shape: 0.5, scale: 1 })), pole: 0 },
  estimator: new OptionalEstimator(new GaussianEstimator()),
  keyed: new OptionalEstimator(new GaussianEstimator(), { key: 'shared' }),
  rows: [undefined, null],
  refused: ['x', Number.NaN, {}],
  parameters: (d: ReturnType<typeof maybe>) => [d.p!, d.dist.mu, d.dist.sigma2],
});

describe('the law', () => {
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with missing rows that say nothing', () => {
  const ignoring = checkFamily({
    offers: [
      ...PARENT,
      ...MIXTURE_QUERIES,
      'mode',
      'presence',
      'isUnbounded',
      'rowCodes',
      'squaredDistances',
      'pooling',
      'marginalOf',
      'conditioned',
    ],
    notShown: ['isUnbounded', 'kind', 'rowCodes', 'seqInitialize', 'marginalOf', 'conditioned'],
    distributions: [new OptionalDistribution(value, { missing: Number.NaN })],
    estimator: new OptionalEstimator(new GaussianEstimator(), { missing: Number.NaN, ignoreMissing: true }),
    rows: [Number.NaN, Number.NaN],
    refused: [null, undefined, 'x'],
  });
  for (const { law, run } of ignoring) it(law, run);
});

describe('the law, for levels', () => {
  const levels = checkFamily({
    offers: [...PARENT, 'mode', 'presence', 'isUnbounded', 'rowCodes', 'squaredDistances', 'marginalOf', 'conditioned'],
    notShown: ['isUnbounded', 'kind', 'marginalOf', 'conditioned'],
    distributions: [new OptionalDistribution(new CategoricalDistribution({ a: 0.25, b: 0.75 }), { p: 0.25 })],
    estimator: new OptionalEstimator(new CategoricalEstimator()),
    rows: [null],
  });
  for (const { law, run } of levels) it(law, run);
});

describe('OptionalDistribution', () => {
  it('scores a missing row p, and a present one (1 - p) times the child', () => {
    expect(maybe(0.25).density(null)).toBeCloseTo(0.25, 12);
    expect(maybe(0.25).density(2)).toBeCloseTo(0.75 * value.density(2), 12);
  });

  it('scores missing rows 0 when they say nothing', () => {
    const d = new OptionalDistribution(value);
    expect([d.logDensity(null), d.logDensity(undefined)]).toEqual([0, 0]);
    expect(d.logDensity(2)).toBe(value.logDensity(2));
  });

  it.each([[0], [1]])('is defined at p = %i', (p) => {
    expect(maybe(p).logDensity(null)).toBe(Math.log(p));
    expect(maybe(p).logDensity(2)).toBe(p === 1 ? -Infinity : value.logDensity(2));
  });
});

describe('the answers of a value that may be missing', () => {
  it('are those of a value given that it is there', () => {
    const d = maybe(0.25);
    expect([d.presence, d.mean, d.variance, d.mode]).toEqual([0.75, 2, 1, 2]);
    expect([d.cdf(2), d.survival(2), d.quantile(0.5)]).toEqual([0.5, 0.5, 2]);
    const levels = new OptionalDistribution(new CategoricalDistribution({ a: 0.25, b: 0.75 }), { p: 0.9 });
    expect([levels.mode, levels.presence, (levels as { mean?: unknown }).mean]).toEqual([
      'b',
      expect.closeTo(0.1),
      undefined,
    ]);
    const covariance = [
      [2, 1],
      [1, 3],
    ];
    const vector = new MultivariateGaussianDistribution({ mu: [5, 6], covariance });
    expect(new OptionalDistribution(vector, { p: 0.9 })).toMatchObject({ mean: [5, 6], covariance });
  });

  it('weigh components by how often they have a value', () => {
    // Half of the rows: 0 ± 1, there in one of four; the others: 3 ± 2, always there. So 1/5 and 4/5 of the values.
    const components = [
      new OptionalDistribution(new GaussianDistribution({ mu: 0, sigma2: 1 }), { p: 0.75 }),
      new OptionalDistribution(new GaussianDistribution({ mu: 3, sigma2: 4 })),
    ] as const;
    const mixture = new MixtureDistribution(components, { w: [0.5, 0.5] });
    const values = new MixtureDistribution([components[0].dist, components[1].dist], { w: [0.2, 0.8] });
    expect(mixture.presence).toBe(0.625);
    expect(mixture.mean).toBeCloseTo(values.mean, 12);
    expect(mixture.variance).toBeCloseTo(values.variance, 12);
    expect(mixture.cdf(1)).toBeCloseTo(values.cdf(1), 12);
    expect(mixture.quantile(0.3)).toBeCloseTo(values.quantile(0.3), 9);
    const records = new MixtureDistribution(
      [new RecordDistribution({ x: components[0] }), new RecordDistribution({ x: components[1] })],
      { w: [0.5, 0.5] },
    );
    expect(marginal(records, 'x').mean).toBeCloseTo(values.mean, 12);
    const never = new MixtureDistribution([maybe(1)], { w: [1] });
    expect([never.mean, never.presence]).toEqual([Number.NaN, 0]);
  });
});

describe('OptionalEstimator', () => {
  it('counts a pseudo count on both sides', () => {
    const { model } = optimize([1, null, 3], new OptionalEstimator(new GaussianEstimator(), { pseudoCount: 1 }));
    expect(model.p).toBeCloseTo(2 / 5, 12);
  });

  it('fits rows that are all missing', () => {
    const { model, findings } = optimize([null, null], new OptionalEstimator(new GaussianEstimator()));
    expect([model.p, model.dist.mu, model.dist.sigma2]).toEqual([1, 0, 1]);
    expect(findings).toMatchObject([{ kind: 'dead', path: 'dist' }]);
  });
});

describe('the share of imaginary rows that are missing', () => {
  it('is that of the model that a prior pulls towards', () => {
    const { p } = optimize([1, 2, null], maybe(0.1).estimator({ pseudoCount: 1e9 })).model;
    expect(p).toBeCloseTo(0.1, 6);
  });
  it('is given as prior: (m + 2cs) / (m + o + 2c)', () => {
    const estimator = new OptionalEstimator(new GaussianEstimator(), { pseudoCount: 2, prior: 0.25 });
    expect(optimize([1, null, 3], estimator).model.p).toBeCloseTo((1 + 1) / (3 + 4), 12);
  });
  it.each([[{ prior: 2, pseudoCount: 1 }], [{ prior: '0.5' as never, pseudoCount: 1 }], [{ prior: 0.5 }]])(
    'is refused: %j',
    (options) => {
      expect(() => new OptionalEstimator(new GaussianEstimator(), options)).toThrow(/OptionalEstimator: p/);
    },
  );
});

it('leaves p null when no row of the whole column has a gap, also in a part of it', () => {
  const estimator = new OptionalEstimator(new GaussianEstimator());
  expect(optimize([1, 2, 3], estimator).model.p).toBeNull();
  expect(optimize([1, 2, 3], new OptionalEstimator(new GaussianEstimator(), { ignoreMissing: false })).model.p).toBe(0);
  const encoder = estimator.encoder();
  const columns = encoder.encode([1, 2, null]);
  const part = estimator.accumulator(encoder.slice(columns, 0, 0));
  part.seqUpdate(columns, 0, 2, Float64Array.of(1, 1));
  expect(estimator.estimate(part.value()).p).toBe(0);
  const joined = encoder.concat([encoder.encode([1]), encoder.encode([null])]);
  expect(estimator.accumulator(joined).value().hasMissing).toBe(true);
});

it('says how NaN becomes a gap, where the value is one', () => {
  const estimator = new OptionalEstimator(new GaussianEstimator());
  const message = 'Gaussian: row 2 must be a finite number (NaN is a gap with the option missing: NaN), found NaN.';
  expect(() => optimize([1, null, Number.NaN], estimator)).toThrow(message);
  expect(estimator.encoder().violation(Number.NaN)!.expected).toContain('missing: NaN');
  expect(() => optimize([1, 'x' as never], estimator)).toThrow('row 1 must be a finite number, found "x".');
  const withNaN = new OptionalEstimator(new GaussianEstimator(), { missing: Number.NaN });
  expect(optimize([1, Number.NaN], withNaN).model.p).toBe(0.5);
});
