/** Gaussian vectors of which some coordinates are missing. One step on known numbers is in the golden file `queries.json`. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { AnyDistribution, AnyEstimator, RowOf } from '../../src/contract.js';
import {
  DataError,
  DiagonalGaussianDistribution,
  DiagonalGaussianEstimator,
  explain,
  GaussianEstimator,
  given,
  HiddenMarkovEstimator,
  imputations,
  impute,
  MixtureDistribution,
  MixtureEstimator,
  MultivariateGaussianDistribution,
  MultivariateGaussianEstimator,
  marginal,
  modelFromJSON,
  multivariateGaussianMixtureEstimator,
  NormalWishartDistribution,
  OptionalDistribution,
  OptionalEstimator,
  optimize,
  ParameterError,
  RecordEstimator,
} from '../../src/index.js';
import { random } from '../../src/numeric/random.js';
import { checkFamily } from '../../src/testing/index.js';
import { LEAF } from '../offers.js';

type Row = readonly (number | null)[];

const full = () => new MultivariateGaussianEstimator({ missing: null });
const diagonal = () => new DiagonalGaussianEstimator({ missing: null });

/** Two clusters in three dimensions; `share` of all coordinates is missing. */
function clusters(count: number, share: number): Row[] {
  const rng = random(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c] = [normal(), normal(), normal()];
    const at = i % 2 === 0 ? 0 : 5;
    const whole = [at + a, at + 0.8 * a + 0.6 * b, 3 - at + 0.5 * c];
    return whole.map((x) => (rng() < share ? null : x));
  });
}

const offers = [...LEAF, 'slice', 'take', 'concat', 'begin', 'sameAs', 'pooling', 'marginalOf', 'conditioned'] as const;
const queries = ['mean', 'covariance', 'mode', 'entropy'] as const;
const laws = {
  diagonal: checkFamily({
    offers: [...offers, ...queries],
    distributions: [new DiagonalGaussianDistribution({ mu: [-3, 50], sigma2: [4, 1], missing: null })],
    estimator: diagonal(),
    keyed: new DiagonalGaussianEstimator({ key: 'shared', missing: null }),
    refused: [[1], [1, 2, 3], [1, Number.NaN], [1, '2'], 'xy', 1, null, []],
    moments: { of: (x) => x[0]!, mean: ({ mu }) => mu[0]!, sd: ({ sigma2 }) => Math.sqrt(sigma2[0]!) },
    parameters: ({ mu, sigma2 }) => [...mu, ...sigma2],
  }),
  full: checkFamily({
    offers: [...offers, ...queries],
    distributions: [
      new MultivariateGaussianDistribution({
        mu: [-3, 50],
        covariance: [
          [4, -1.5],
          [-1.5, 1],
        ],
        missing: null,
      }),
    ],
    estimator: full(),
    keyed: new MultivariateGaussianEstimator({ key: 'shared', missing: null }),
    refused: [[1], [1, 2, 3], [1, Number.NaN], [1, '2'], 'xy', 1, null, []],
    moments: { of: (x) => x[0]!, mean: ({ mu }) => mu[0]!, sd: ({ covariance: c }) => Math.sqrt(c[0]![0]!) },
    parameters: ({ mu, covariance }: MultivariateGaussianDistribution<null>) => [...mu, ...covariance.flat()],
  }),
};

describe.each(Object.entries(laws))('the law: %s', (_, list) => {
  for (const { law, run } of list) it(law, run);
});

describe('a fit with gaps', () => {
  // Crop size and share of wormy fruits of 18 apple trees; Little & Rubin (2002), table 11.4. Their estimates have a closed form,
  // as only one coordinate is missing: 14.72, 49.33, 89.53, -90.70 and 114.69, as R's mvnmle prints them too.
  const size = [8, 6, 11, 22, 14, 17, 18, 24, 19, 23, 26, 40, 4, 4, 5, 6, 8, 10];
  const worms = [59, 58, 56, 53, 50, 45, 43, 42, 39, 38, 30, 27];
  const apples = size.map((x, i): Row => [x, worms[i] ?? null]);

  it('gives the maximum of the likelihood of what is there', () => {
    const { model } = optimize(apples, full(), { maxIterations: 2000, delta: 1e-13 });
    const expected = [
      14.722222222222221, 49.333333333333336, 89.53395061728395, -90.69672919672918, 114.69495511703302,
    ];
    const found = [...model.mu, model.covariance[0]![0]!, model.covariance[0]![1]!, model.covariance[1]![1]!];
    found.forEach((value, i) => expect(value / expected[i]! - 1).toBeCloseTo(0, 6));
    expectTypeOf(model).toEqualTypeOf<MultivariateGaussianDistribution<null>>();
    // Independent coordinates: each from the rows that have it.
    const own = optimize(apples, diagonal()).model;
    expect(own.mu[0]).toBeCloseTo(expected[0]!, 12);
    expect(own.mu[1]).toBeCloseTo(worms.reduce((sum, x) => sum + x, 0) / 12, 12);
    expect(own.sigma2[0]).toBeCloseTo(expected[2]!, 10);
  });

  const estimators: [string, () => AnyEstimator][] = [
    ['full', () => new MixtureEstimator([full(), full()]) as AnyEstimator],
    ['diagonal', () => new MixtureEstimator([diagonal(), diagonal()]) as AnyEstimator],
    ['EEV', () => multivariateGaussianMixtureEstimator(2, { covariance: 'EEV', missing: null }) as AnyEstimator],
  ];

  it.each(estimators)('never loses likelihood, and finds the clusters, from each start: %s', (_, make) => {
    const rows = [...clusters(200, 0.25), [null, null, null]];
    for (const start of ['kmeans++', 'random'] as const) {
      const { model, path } = optimize(rows, make(), { seed: 3, start, acceleration: 'none', maxIterations: 200 });
      path.forEach(({ logLikelihood }, i) => {
        if (i > 0)
          expect(logLikelihood).toBeGreaterThanOrEqual(path[i - 1]!.logLikelihood - 1e-9 * Math.abs(logLikelihood));
      });
      const { components } = model as MixtureDistribution<readonly DiagonalGaussianDistribution[]>;
      const means = components.map(({ mu }) => mu[0]!).sort((a, b) => a - b);
      expect(Math.abs(means[0]! - 0)).toBeLessThan(0.5); // five standard errors of a mean of about 75 numbers
      expect(Math.abs(means[1]! - 5)).toBeLessThan(0.5);
      expect(model.logDensity([null, null, null])).toBeCloseTo(0, 12);
    }
  });

  it('has the bits of a fit without the option where nothing is missing', () => {
    const whole = clusters(300, 0) as number[][];
    const make = (options: object) =>
      [
        new MixtureEstimator([new MultivariateGaussianEstimator(options), new MultivariateGaussianEstimator(options)]),
        new MixtureEstimator([new DiagonalGaussianEstimator(options), new DiagonalGaussianEstimator(options)]),
      ] as readonly AnyEstimator[];
    const fit = (estimator: AnyEstimator) => {
      const responsibilities = whole.map((_, row) => [row % 2, (row + 1) % 2]);
      return (
        optimize(whole, estimator, { responsibilities }).model as MixtureDistribution<
          readonly DiagonalGaussianDistribution[]
        >
      ).components;
    };
    make({ missing: null }).forEach((estimator, i) => {
      const expected = fit(make({})[i]!);
      fit(estimator).forEach((component, k) => expect(component).toMatchObject({ ...expected[k] }));
    });
  });

  it('is the same for NaN, also in typed arrays', () => {
    const rows = clusters(100, 0.2);
    const typed = rows.map((row) => Float64Array.from(row, (x) => x ?? Number.NaN));
    const one = optimize(rows, full()).model;
    const other = optimize(typed, new MultivariateGaussianEstimator({ missing: Number.NaN })).model;
    expect(other.covariance).toEqual(one.covariance);
    expect(other.logDensity([0, Number.NaN, 1])).toBe(one.logDensity([0, null, 1]));
    expect(() => optimize(rows as never, new MultivariateGaussianEstimator({ missing: Number.NaN }))).toThrow(
      DataError,
    );
  });

  it('says nothing of a coordinate that no row has', () => {
    const rows = Array.from({ length: 20 }, (_, i): Row => [i, null]);
    const { model, findings } = optimize(rows, diagonal());
    expect(model.mu).toEqual([9.5, 0]);
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'dead', message: expect.stringContaining('coordinate 1') }),
    ]);
    const nothing = [
      [null, null],
      [null, null],
    ];
    expect(optimize(nothing, full()).model.mu).toEqual([0, 0]);
    expect(optimize(nothing, diagonal()).model.sigma2).toEqual([1, 1]);
  });

  it('places a coordinate that no row has by the prior, in the first step', () => {
    const prior = {
      mu: [0, 5],
      muCount: 1,
      covariance: [
        [1, 0.5],
        [0.5, 2],
      ],
      covarianceCount: 2,
    };
    const rows: Row[] = [1, 2, 4].map((x) => [x, null]);
    const fit = (options: object, most?: number) => {
      const estimator = new MultivariateGaussianEstimator({ missing: null, prior, ...options });
      const ofSteps = { delta: null, maxIterations: most ?? 1, acceleration: 'none' } as const;
      return optimize(rows, estimator, most === undefined ? {} : ofSteps);
    };
    // μ_0 = 7 / 4; μ_1 = 5 + ½ (7 / 4 - 0).
    const { model, findings } = fit({});
    expect(model.mu[0]).toBeCloseTo(1.75, 12);
    expect(model.mu[1]).toBeCloseTo(5.875, 12);
    expect(findings).toEqual([
      expect.objectContaining({ kind: 'dead', message: expect.stringContaining('coordinate 1') }),
    ]);
    // No further step changes anything, also with a ridge; so it is where all steps lead.
    for (const options of [{}, { ridge: 0.25 }]) {
      const [once, often] = [fit(options, 1).model, fit(options, 40).model];
      once.mu.forEach((value, j) => expect(often.mu[j]).toBeCloseTo(value, 10));
      once.covariance.flat().forEach((value, at) => expect(often.covariance.flat()[at]).toBeCloseTo(value, 10));
    }
    const far = {
      mu: [0, 0, 50],
      muCount: 1,
      covariance: [1, 1, 4].map((v, i) => [0, 1, 2].map((j) => (i === j ? v : 0))),
    };
    const more = Array.from({ length: 100 }, (_, i): Row => [Math.sin(i), Math.cos(i * i), null]);
    const three = new MultivariateGaussianEstimator({ missing: null, prior: { ...far, covarianceCount: 5 } });
    const { mu, covariance } = optimize(more, three).model;
    expect(mu[2]).toBeCloseTo(50, 10);
    expect(covariance[2]![2]).toBeCloseTo(4, 10);
  });

  it('works in records and as emissions', () => {
    const rows = clusters(60, 0.2).map((at, i) => ({ at, size: i % 5 }));
    const record = optimize(rows, new RecordEstimator({ at: full(), size: new GaussianEstimator() })).model;
    expect(record.fields.at).toEqual(
      optimize(
        rows.map(({ at }) => at),
        full(),
      ).model,
    );
    const lists = Array.from({ length: 6 }, (_, i) => clusters(60, 0.2).slice(10 * i, 10 * i + 10));
    const chain = optimize(lists, new HiddenMarkovEstimator([full(), full()]), { seed: 1 });
    const means = chain.model.emissions.map(({ mu }) => mu[0]!).sort((a, b) => a - b);
    expect(Math.abs(means[0]!)).toBeLessThan(1);
    expect(Math.abs(means[1]! - 5)).toBeLessThan(1);
  });
});

describe('a model with gaps', () => {
  const covariance = [
    [2, 0.5, 0.3],
    [0.5, 1, -0.2],
    [0.3, -0.2, 1.5],
  ];
  const model = new MultivariateGaussianDistribution({ mu: [1, 2, 3], covariance, missing: null });

  it('is asked as one without: the parts that are there decide', () => {
    const row = [0.3, null, 4];
    expect(model.logDensity(row)).toBeCloseTo(marginal(model, [0, 2]).logDensity([0.3, 4]), 12);
    const rest = given(model, { 0: 0.3, 2: 4 });
    expect(impute(model, row)).toEqual([0.3, rest.mu[0], 4]);
    expect(imputations(model, row, 1).sample()[0]).toBe(0.3);
    const { parts, logDensity } = explain(model, row);
    expect(parts.reduce((sum, part) => sum + part.logDensity, 0)).toBeCloseTo(logDensity, 12);
    expect(parts[0]!.tail).toBeCloseTo(explain(marginal(model, [0, 2]), [0.3, 4]).parts[0]!.tail!, 12);
    const independent = new DiagonalGaussianDistribution({ mu: [0, 1], sigma2: [1, 2], missing: Number.NaN });
    expect(explain(independent, [0.5, Number.NaN]).parts.map(({ field }) => field)).toEqual(['[0]']);
    expect(impute(independent, [0.5, Number.NaN])).toEqual([0.5, 1]);
    expect(new MixtureDistribution([model, model], { w: [0.5, 0.5] }).posterior([null, null, null])).toEqual([
      0.5, 0.5,
    ]);
  });

  it('scores of each block, added to others, are those of the rows', () => {
    const rows = clusters(50, 0.4);
    for (const one of [model, new DiagonalGaussianDistribution({ mu: [1, 2, 3], sigma2: [1, 2, 3], missing: null })]) {
      const columns = one.encoder().encode(rows);
      const taken = one.encoder().take(columns, Int32Array.of(4, 1, 7));
      const joined = one
        .encoder()
        .concat([one.encoder().slice(columns, 0, 0), taken, one.encoder().slice(columns, 9, 12)]);
      const out = new Float64Array(6).fill(100);
      one.seqAddLogDensity(joined, 0, 6, out);
      [4, 1, 7, 9, 10, 11].forEach((row, i) => expect(out[i]).toBeCloseTo(100 + one.logDensity(rows[row]!), 9));
    }
  });

  it('keeps what stands for missing in files', () => {
    const nan = new DiagonalGaussianDistribution({ mu: [0], sigma2: [1], missing: Number.NaN });
    for (const one of [model, nan]) {
      const again = modelFromJSON(JSON.parse(JSON.stringify(one))) as typeof model;
      expect(again).toEqual(one);
      expect(again.missing).toBe(one.missing);
    }
    expect('missing' in new DiagonalGaussianDistribution({ mu: [0], sigma2: [1] }).toJSON()).toBe(false);
  });

  it('has the rows to match, to the compiler; without the option they are refused', () => {
    expectTypeOf<RowOf<typeof model>>().toEqualTypeOf<ArrayLike<number | null>>();
    const strict = new MultivariateGaussianEstimator();
    expectTypeOf<RowOf<typeof strict>>().toEqualTypeOf<ArrayLike<number>>();
    // @ts-expect-error: a gap
    expect(() => optimize([[1, null]], strict)).toThrow(
      expect.objectContaining({ row: 0, path: [1], expected: 'a finite number' }),
    );
    expect(() => optimize([[1, 'x']] as never, full())).toThrow(
      expect.objectContaining({ row: 0, path: [1], expected: 'a finite number or null' }),
    );
  });

  it('is refused beside what a statistic with gaps does not have', () => {
    // @ts-expect-error: a string
    expect(() => new DiagonalGaussianEstimator({ missing: 'NA' })).toThrow(ParameterError);
    expect(() => new DiagonalGaussianEstimator({ missing: null, keys: { mu: 'm' } })).toThrow(/keys/);
    const prior = new NormalWishartDistribution({ mu: [0], lambda: 1, nu: 2, scatter: [[1]] });
    expect(() => new MultivariateGaussianEstimator({ missing: null, prior })).toThrow(/imaginary rows, beside missing/);
  });

  it('is refused beside other components that mark gaps in another way, or have none', () => {
    const others = [
      [{ missing: null }, {}],
      [{}, { missing: null }],
      [{ missing: null }, { missing: Number.NaN }],
    ] as const;
    const vectors = { mu: [0, 0], sigma2: [1, 1] };
    for (const [a, b] of others) {
      const estimators: AnyEstimator[] = [new DiagonalGaussianEstimator(a), new MultivariateGaussianEstimator(b)];
      const models = [a, b].map(
        (gaps) => new DiagonalGaussianDistribution({ ...vectors, ...gaps }),
      ) as AnyDistribution[];
      expect(() => new MixtureEstimator<readonly AnyEstimator[]>(estimators)).toThrow(/components\[1\] must be/);
      expect(() => new HiddenMarkovEstimator<readonly AnyEstimator[]>(estimators)).toThrow(/\[1\] must be/);
      const inRecords = estimators.map((v) => new RecordEstimator({ v }));
      expect(() => new MixtureEstimator<readonly AnyEstimator[]>(inRecords)).toThrow(/components\[1\] must be/);
      expect(() => new MixtureDistribution<readonly AnyDistribution[]>(models, { w: [0.5, 0.5] })).toThrow(
        /components\[1\] must be/,
      );
    }
    expect(() => new MixtureEstimator<readonly AnyEstimator[]>([diagonal(), full()])).not.toThrow();
  });

  it('is refused in optionals that mark gaps in another way, inside or outside', () => {
    const pairs: [AnyEstimator, AnyEstimator][] = [
      [new OptionalEstimator(full()), new OptionalEstimator(new MultivariateGaussianEstimator())],
      [new OptionalEstimator(full()), new OptionalEstimator(full(), { missing: 'none' })],
    ];
    for (const pair of pairs) {
      expect(() => new MixtureEstimator<readonly AnyEstimator[]>(pair)).toThrow(/components\[1\] must be/);
      const inRecords = pair.map((v) => new RecordEstimator({ v }));
      expect(() => new MixtureEstimator<readonly AnyEstimator[]>(inRecords)).toThrow(/components\[1\] must be/);
    }
    const model = new DiagonalGaussianDistribution({ mu: [0], sigma2: [1] });
    const models = [null, 'none'].map((missing) => new OptionalDistribution(model, { missing }));
    expect(() => new MixtureDistribution<readonly AnyDistribution[]>(models, { w: [0.5, 0.5] })).toThrow(
      /components\[1\]/,
    );
    const alike = [new OptionalEstimator(full()), new OptionalEstimator(full())];
    expect(() => new MixtureEstimator<readonly AnyEstimator[]>(alike)).not.toThrow();
  });

  it('of a coordinate that no row has is a finding of every component with a covariance shape', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [i % 2 ? i : i + 50, null, Math.sin(i)]);
    const { findings } = optimize(rows, multivariateGaussianMixtureEstimator(2, { covariance: 'EEI', missing: null }), {
      seed: 1,
      maxIterations: 3,
    });
    const dead = findings.filter(({ kind }) => kind === 'dead').map(({ path, message }) => [path, message]);
    expect(dead).toEqual(
      [0, 1].map((k) => [`components[${k}]`, 'no row has coordinate 1, so only a prior says something of it.']),
    );
  });
});
