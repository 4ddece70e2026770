import { describe, expect, it } from 'vitest';
import { RecordEstimator } from '../../src/combinators/record.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { VonMisesFisherDistribution, VonMisesFisherEstimator } from '../../src/families/vonMisesFisher.js';
import { optimize } from '../../src/fit/optimize.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { meanLength } from '../../src/numeric/sphere.js';
import { checkFamily } from '../../src/testing/index.js';
import fc from '../property.js';

type VonMisesFisher = VonMisesFisherDistribution;

const around = (mu: readonly number[], kappa: number) => new VonMisesFisherDistribution({ mu, kappa });
const pole = (dimension: number, kappa: number) =>
  around(
    Array.from({ length: dimension }, (_, j) => (j === 0 ? 1 : 0)),
    kappa,
  );
const lengthOf = (x: readonly number[]) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
const unit = (x: readonly number[]) => x.map((v) => v / lengthOf(x));

describe.each([2, 3, 20])('the law in %i dimensions', (d) => {
  const mu = unit(Array.from({ length: d }, (_, j) => 1 + (j % 3) - 0.4 * j));
  const laws = checkFamily({
    offers: [
      'violation',
      'slice',
      'take',
      'concat',
      'squaredDistances',
      'seqAddLogDensity',
      'statisticLength',
      'hasPrior',
      'parameterBlocks',
      'kind',
      'begin',
      'sameAs',
      'mean',
      'covariance',
      'mode',
      'entropy',
      'pooling',
    ],
    distributions: [around(mu, 5), pole(d, 400), pole(d, 3e4)],
    estimator: new VonMisesFisherEstimator(),
    keyed: new VonMisesFisherEstimator({ key: 'shared' }),
    refused: [Array(d).fill(1), Array(d).fill(0), [1], [], [Number.NaN, ...Array(d - 1).fill(0)], 'x', 1, null],
    moments: {
      of: (x: number[]) => x[0]!,
      mean: (of: VonMisesFisher) => of.mean[0]!,
      sd: (of: VonMisesFisher) => Math.sqrt(of.covariance[0]![0]!),
    },
    parameters: (of: VonMisesFisher) => [...of.mu, Math.log(of.kappa)],
  });
  for (const { law, run } of laws) it(law, run);
});

describe('VonMisesFisher', () => {
  it('has the closed form on the sphere of three dimensions, and integrates to 1 on the circle', () => {
    const d = around([0.6, 0, 0.8], 4);
    expect(d.logDensity([0.6, 0, 0.8])).toBeCloseTo(4 + Math.log(4 / (4 * Math.PI * Math.sinh(4))), 13);
    expect(d.logDensity([-0.6, 0, -0.8])).toBeCloseTo(-4 + Math.log(4 / (4 * Math.PI * Math.sinh(4))), 13);
    const circle = around([0, -1], 7);
    let sum = 0; // the trapezoid rule is exact for smooth periodic functions
    for (let k = 0; k < 200; k++) sum += circle.density([Math.cos((k * Math.PI) / 100), Math.sin((k * Math.PI) / 100)]);
    expect((sum * Math.PI) / 100).toBeCloseTo(1, 12);
    expect(pole(2, 0).density([0, 1])).toBeCloseTo(1 / (2 * Math.PI), 14);
    expect(pole(3, 0).mode).toBeUndefined();
  });

  it('keeps the digits of a score where kappa is large', () => {
    // log C(κ) + κ = log(κ / 2π) on the sphere of three dimensions, up to e^-2κ.
    const d = pole(3, 1e8);
    expect(d.logDensity([1, 0, 0])).toBeCloseTo(Math.log(1e8 / (2 * Math.PI)), 12);
    const s = 2 ** -13;
    const c = Math.sqrt(1 - s * s);
    const fall = (1e8 * s * s) / (1 + c); // κ (1 - cos)
    expect(d.logDensity([c, s, 0]) - d.logDensity([1, 0, 0])).toBeCloseTo(-fall, 9);
  });

  // Columns are scored by products with μ up to κ = 64 d, by distances from it beyond; single rows always by distances.
  it.each([2, 3, 50, 301])(
    'scores columns of %i dimensions as single rows, on either side of κ = 64 d',
    (dimension) => {
      for (const kappa of [0, 1, 64 * dimension, 65 * dimension]) {
        const d = pole(dimension, kappa);
        const rows = d.sampler(4).sample(40);
        const out = new Float64Array(40);
        d.seqLogDensity(d.encoder().encode(rows), 0, 40, out);
        // Of the sum of products, which is at most 1, and of the square of a length, which the encoder makes 1 within 2^-48.
        const rounding = kappa * (dimension * 2 ** -53 + 2 ** -49) + Math.abs(d.logDensity(d.mu)) * 2 ** -50;
        rows.forEach((x, i) => {
          expect(Math.abs(out[i]! - d.logDensity(x))).toBeLessThanOrEqual(rounding);
        });
      }
    },
  );

  it.each([
    [2, 1],
    [2, 128],
    [5, 300],
    [50, 3000],
  ])('estimates the same from sums about the centre as about the mean: d = %i, kappa = %i', (dimension, kappa) => {
    const rows = pole(dimension, kappa).sampler(5).sample(3000);
    const e = new VonMisesFisherEstimator();
    const columns = e.encoder().encode(rows);
    const estimateUnder = (model: VonMisesFisher) => {
      const accumulator = e.accumulator(columns);
      accumulator.begin(model, columns);
      accumulator.seqUpdate(columns, 0, 3000, new Float64Array(3000).fill(0.5));
      const statistic = accumulator.value();
      return { statistic, model: e.estimate(statistic) };
    };
    const centre = estimateUnder(pole(dimension, kappa));
    const mean = estimateUnder(pole(dimension, 1e6));
    expect(centre.statistic.origin.every((o) => o === 0)).toBe(true);
    expect(centre.statistic.sumOfSquares).toBe(1500);
    expect(mean.statistic.origin[0]).toBe(1);
    // 1 - r², at least 1/128, is the difference of numbers near 1 that have been rounded some hundred times.
    expect(Math.abs(centre.model.kappa / mean.model.kappa - 1)).toBeLessThan(1e-12);
    for (let j = 0; j < dimension; j++) expect(centre.model.mu[j]).toBeCloseTo(mean.model.mu[j]!, 14);
    // Statistics about either origin combine: twice the rows.
    for (const [one, other] of [
      [centre.statistic, mean.statistic],
      [mean.statistic, centre.statistic],
    ] as const) {
      const both = e.accumulator(columns);
      both.fromValue(one);
      both.combine(other);
      expect(both.value().count).toBe(3000);
      expect(Math.abs(e.estimate(both.value()).kappa / mean.model.kappa - 1)).toBeLessThan(1e-12);
    }
  });

  it('keeps the digits of the concentration where it is large and the first model is wide', () => {
    // Pairs around the pole: r is cos of the angle, whose 1 - r² is 1e-8, so κ is 1 / 1e-8 nearly, in 3 dimensions.
    const sin = 1e-4;
    const cos = Math.sqrt(1 - sin * sin);
    const rows = [1, -1].flatMap((sign) => [
      [cos, sign * sin, 0],
      [cos, 0, sign * sin],
    ]);
    const { model } = optimize(rows, new VonMisesFisherEstimator(), { initialModel: pole(3, 1) });
    // In 3 dimensions 1 - A(κ) is 1/κ, up to e^-2κ.
    const exact = 1 / (sin ** 2 / (1 + cos));
    expect(Math.abs(model.kappa / exact - 1)).toBeLessThan(1e-12);
  });

  it('takes vectors in single precision as unit vectors, and scores others as impossible', () => {
    const d = around(unit([1, 2, 3]), 50);
    const x = unit([1.1, 2, 2.9]);
    expect(d.logDensity(Float32Array.from(x))).toBeCloseTo(d.logDensity(x), 5);
    const { x: encoded } = d.encoder().encode([Float32Array.from(x)]);
    expect(lengthOf([...encoded])).toBeCloseTo(1, 15);
    expect(d.logDensity([1, 1, 1])).toBe(-Infinity);
    expect(d.logDensity([1, 0])).toBe(-Infinity);
    expect(d.logDensity(['1', 0, 0] as never)).toBeNaN();
    expect(() => around([1, 1], 2)).toThrow('mu must be a vector of length 1');
    expect(() => around([1, 0], -1)).toThrow('kappa must be a finite number >= 0');
  });

  it.each([
    [2, 0],
    [2, 3],
    [3, 1e3],
    [5, 0.5],
    [50, 100],
    [50, 1e8],
    [400, 30],
  ])('draws rows of the right concentration: d = %i, kappa = %f', (dimension, kappa) => {
    const count = 2000;
    const d = pole(dimension, kappa);
    const falls = d
      .sampler(3)
      .sample(count)
      .map((x) => {
        expect(Math.abs(lengthOf(x) - 1)).toBeLessThan(1e-14);
        return x.reduce((sum, v, j) => sum + (v - d.mu[j]!) ** 2, 0) / 2; // 1 - μ·x
      });
    const mean = falls.reduce((sum, t) => sum + t, 0) / count;
    const sd = Math.sqrt(falls.reduce((sum, t) => sum + (t - mean) ** 2, 0) / count);
    const { rest } = meanLength(dimension, kappa);
    expect(Math.abs(mean - rest)).toBeLessThan((4 * sd) / Math.sqrt(count));
  });

  it('estimates the direction of the mean and the concentration of its length, for all lengths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.double({ min: -3, max: 8, noNaN: true }), (dimension, power) => {
        // Pairs μ cos ± v sin: the mean is μ cos exactly.
        const kappa = 10 ** power;
        const { value: cos, rest } = meanLength(dimension, kappa);
        const sin = Math.sqrt(rest * (1 + cos));
        const rows = Array.from({ length: dimension - 1 }, (_, k) =>
          [1, -1].map((sign) =>
            Array.from({ length: dimension }, (__, j) => (j === 0 ? cos : j === k + 1 ? sign * sin : 0)),
          ),
        ).flat();
        const { model } = optimize(rows, new VonMisesFisherEstimator());
        expect(model.mu[0]).toBeCloseTo(1, 12);
        expect(Math.abs(model.kappa / kappa - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('is uniform without rows or with rows that cancel, and says that equal rows have no maximum', () => {
    const e = new VonMisesFisherEstimator({ maxKappa: 1e6 });
    const none = e.estimate(e.accumulator(e.encoder().encode([[1, 0, 0]])).value());
    expect(none.kappa).toBe(0);
    expect(none.mu[0]).toBeCloseTo(1 / Math.sqrt(3), 15);
    expect(
      optimize(
        [
          [1, 0],
          [-1, 0],
        ],
        e,
      ).model.kappa,
    ).toBe(0);
    const equal = optimize(
      [
        [0.6, 0.8],
        [0.6, 0.8],
      ],
      e,
    );
    expect(equal.model.kappa).toBe(1e6);
    expect(equal.findings[0]).toMatchObject({
      kind: 'degenerate',
      message: expect.stringContaining('the maxKappa that was given'),
    });
    expect(optimize([[0.6, 0.8]], new VonMisesFisherEstimator()).model.kappa).toBe(1e10);
    expect(() =>
      optimize(
        [
          [1, 0],
          [1, 0, 0],
        ],
        e,
      ),
    ).toThrow(expect.objectContaining({ code: 'DATA', row: 1 }));
  });

  it('adds imaginary rows: alone they are the prior, with rows in proportion', () => {
    const prior = { mu: [0.6, 0, -0.8], kappa: 1e5 };
    const e = new VonMisesFisherEstimator({ pseudoCount: 7, prior });
    const alone = e.estimate(e.accumulator(e.encoder().encode([])).value());
    expect(alone.kappa / 1e5).toBeCloseTo(1, 10);
    expect(alone.mu[2]).toBeCloseTo(-0.8, 12);
    // Seven rows of the prior's own moments: the mean of both is half way.
    const opposite = around(
      [0.6, 0, -0.8].map((m) => -m),
      1e5,
    );
    const rows = opposite.sampler(1).sample(7);
    expect(optimize(rows, e).model.kappa).toBeLessThan(0.1);
    const again = optimize(rows, opposite.estimator({ pseudoCount: 1e9 })).model;
    expect(again.kappa / 1e5).toBeCloseTo(1, 6);
  });

  it('finds directions again in a mixture, in records, hidden Markov models and under keys', () => {
    const [a, b, c] = [unit([1, 0, 1, 0, 0]), unit([-1, 2, 0, 0, 0]), unit([0, 0, -1, 1, 1])];
    const truth = new MixtureDistribution([around(a, 60), around(b, 200), around(c, 20)], { w: [0.3, 0.2, 0.5] });
    const rows = truth.sampler(9).sample(4000);
    const e = new VonMisesFisherEstimator();
    const { model } = optimize(rows, new MixtureEstimator([e, e, e]), { seed: 2 });
    for (const { mu, kappa } of truth.components) {
      const k = model.components.findIndex((one) => one.mu.reduce((sum, m, j) => sum + m * mu[j]!, 0) > 0.99);
      expect(k).toBeGreaterThanOrEqual(0);
      // The standard error of log κ is about √(2 / (4 n)), n >= 800 rows.
      expect(Math.abs(Math.log(model.components[k]!.kappa / kappa))).toBeLessThan(4 * Math.sqrt(0.5 / 800));
    }
    const lists = Array.from({ length: 60 }, (_, i) => [
      ...around(a, 90).sampler(i).sample(3),
      ...around(b, 90).sampler(i).sample(3),
    ]);
    const hidden = optimize(lists, new HiddenMarkovEstimator([e, e]), { seed: 1 }).model;
    expect(hidden.emissions.map(({ kappa }) => kappa > 60 && kappa < 130)).toEqual([true, true]);
    const tied = () =>
      new RecordEstimator({ x: new VonMisesFisherEstimator({ key: 'x' }), kind: new CategoricalEstimator<string>() });
    const records = rows.slice(0, 200).map((x, i) => ({ x, kind: 'ab'[i % 2]! }));
    const { components } = optimize(records, new MixtureEstimator([tied(), tied()]), { seed: 1 }).model;
    expect(components[0]!.fields.x).toEqual(components[1]!.fields.x);
  });
});

it.each([1e155, 7e200, Number.MAX_VALUE])('draws its direction where kappa is %s, whose square overflows', (kappa) => {
  expect(new VonMisesFisherDistribution({ mu: [0.6, 0, -0.8], kappa }).sampler(1).sample()).toEqual(
    [0.6, 0, -0.8].map((m) => (m === 0 ? expect.closeTo(0, 12) : m)),
  );
});
