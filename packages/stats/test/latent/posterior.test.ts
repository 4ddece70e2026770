import { describe, expect, it } from 'vitest';
import { CompositeDistribution } from '../../src/combinators/composite.js';
import { OptionalDistribution, OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordDistribution, RecordEstimator } from '../../src/combinators/record.js';
import { CategoricalDistribution } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { HierarchicalMixtureDistribution } from '../../src/latent/hierarchicalMixture/hierarchicalMixture.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });

describe('rows far from all components', () => {
  // Both log-densities are -5e15, where doubles are 0.5 apart: log w has no room beside them.
  const far = new MixtureDistribution([gaussian(-1e8), gaussian(1e8)], { w: [0.3, 0.7] });

  it('belong to them by their weights, by rows and by columns', () => {
    expect(far.posterior(0)).toEqual([0.3, 0.7]);
    const out = new Float64Array(6);
    far.seqPosterior(far.encoder().encode([1e8, 0, -1e8]), 0, 3, out);
    expect([...out]).toEqual([0, 1, expect.closeTo(0.3, 14), expect.closeTo(0.7, 14), 1, 0]);
  });

  it.each([1e5, 1e9, 1e12])('a posterior at %d from both sums to 1', (distance) => {
    const d = new MixtureDistribution([gaussian(-distance), gaussian(distance), gaussian(0, 1e30)], {
      w: [0.2, 0.3, 0.5],
    });
    for (const x of [0, 1e-9, 3.7, -distance / 3]) {
      expect(d.posterior(x).reduce((a, b) => a + b)).toBeCloseTo(1, 15);
    }
  });

  it('count in a fit by their weights', () => {
    const e = new GaussianEstimator({ minSigma2: 1 });
    for (const weights of [undefined, [1, 2, 1]]) {
      const fit = optimize([-1e8, 0, 1e8], new MixtureEstimator([e, e]), {
        initialModel: far as never,
        maxIterations: 1,
        delta: null,
        ...(weights === undefined ? {} : { weights }),
      });
      const of = (k: number) => (weights === undefined ? [1.3 / 3, 1.7 / 3] : [1.6 / 4, 2.4 / 4])[k]!;
      fit.model.w.forEach((w, k) => expect(w).toBeCloseTo(of(k), 12));
    }
  });

  it('count in mixtures below mixtures', () => {
    const outer = new MixtureDistribution([far, gaussian(0, 1e40)], { w: [1, 0] });
    const e = new GaussianEstimator({ minSigma2: 1 });
    const { model } = optimize([-1e8, 0, 1e8], new MixtureEstimator([new MixtureEstimator([e, e]), e]), {
      initialModel: outer as never,
      maxIterations: 1,
      delta: null,
    });
    expect(model.components[0].w[0]).toBeCloseTo(1.3 / 3, 12);
  });

  it('bags too', () => {
    const d = new HierarchicalMixtureDistribution([gaussian(-1e8), gaussian(1e8)], {
      w: [0.3, 0.7],
      tau: [
        [1, 0],
        [0, 1],
      ],
    });
    expect(d.posterior([0])).toEqual([0.3, 0.7]);
    const { model } = optimize([[0]], d.estimator(), { initialModel: d as never, maxIterations: 1, delta: null });
    expect(model.w[0]).toBeCloseTo(0.3, 12);
  });
});

describe('what is no row', () => {
  const d = new MixtureDistribution([gaussian(0), gaussian(3)], { w: [0.5, 0.5] });
  it.each([[[1, 2]], [Number.NaN], ['x'], [null]])('has no posterior: %j', (x) => {
    expect(() => d.posterior(x as never)).toThrow(/MixtureDistribution.posterior: x must be a finite number/);
  });
  it('is named by its path', () => {
    const records = new MixtureDistribution([new RecordDistribution({ a: gaussian(0) })], { w: [1] });
    expect(() => records.posterior({ a: Number.NaN })).toThrow(/field "a", must be a finite number, found NaN/);
  });
  it('and no bag has one with it', () => {
    const bags = new HierarchicalMixtureDistribution([gaussian(0)], { w: [1], tau: [[1]] });
    expect(() => bags.posterior([Number.NaN])).toThrow(/field "\[0\]", must be a finite number/);
  });
});

it('gives the weights for a row of density 0', () => {
  const d = new MixtureDistribution([new CategoricalDistribution({ a: 1 }), new CategoricalDistribution({ b: 1 })], {
    w: [0.25, 0.75],
  });
  expect(d.posterior('z' as never)).toEqual([0.25, 0.75]);
});

describe('a gap that training never had', () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({ a: Math.sin(i), b: (i % 2) * 9 + Math.cos(i) / 9 }));
  const part = (options: object) =>
    new RecordEstimator({ a: new OptionalEstimator(new GaussianEstimator(), options), b: new GaussianEstimator() });
  const field = (b: number) =>
    new RecordDistribution({ a: new OptionalDistribution(gaussian(0), { p: 0.5 }), b: gaussian(b) });
  const start = new MixtureDistribution([field(0), field(9)], { w: [0.5, 0.5] });
  const fit = (options: object) =>
    optimize(rows, new MixtureEstimator([part(options), part(options)]), { initialModel: start as never }).model;

  it('is integrated out: the other fields decide', () => {
    const model = fit({});
    const high = model.components[0].fields.b.mu > 4 ? 0 : 1;
    expect(model.components[0].fields.a.p).toBeNull();
    expect(model.posterior({ a: null, b: 9 })[high]).toBeGreaterThan(0.999);
    expect(model.logDensity({ a: null, b: 9 })).toBeGreaterThan(-10);
  });

  it('is an error that names the field when the user asked for gaps to be modelled', () => {
    const model = fit({ ignoreMissing: false });
    expect(model.components[0].fields.a.p).toBe(0);
    expect(model.logDensity({ a: null, b: 9 })).toBe(-Infinity);
    expect(() => model.posterior({ a: null, b: 9 })).toThrow(/x, field "a", must be present/);
  });

  it('is an error in tuples too', () => {
    const never = new CompositeDistribution([gaussian(0), new OptionalDistribution(gaussian(0), { p: 0 })]);
    const d = new MixtureDistribution([never], { w: [1] });
    expect(() => d.posterior([0, null])).toThrow(/field "\[1\]", must be present/);
  });

  it('is modelled in every component when one row has it', () => {
    const { components } = optimize([...rows, { a: null, b: 9 }], new MixtureEstimator([part({}), part({})]), {
      seed: 1,
    }).model;
    expect(components.map(({ fields }) => typeof fields.a.p)).toEqual(['number', 'number']);
  });
});
