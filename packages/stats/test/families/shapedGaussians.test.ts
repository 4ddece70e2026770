import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bestOf,
  CategoricalEstimator,
  type CovarianceShape,
  HiddenMarkovEstimator,
  informationCriteria,
  MixtureDistribution,
  MixtureEstimator,
  MultivariateGaussianDistribution,
  multivariateGaussianMixture,
  multivariateGaussianMixtureEstimator,
  optimize,
  parameterCount,
  RecordEstimator,
  shapedGaussians,
} from '../../src/index.js';
import {
  COVARIANCE_SHAPES,
  type ComponentScatter,
  shapedCovariances,
} from '../../src/leaf/vectors/covarianceShapes.js';
import { random } from '../../src/numeric/random.js';
import { symmetricEigen } from '../../src/numeric/symmetricEigen.js';
import fc from '../property.js';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/classical/${name}.json`, import.meta.url), 'utf8')) as unknown;
const rowsOf = (name: string) => (read(name) as { readonly rows: readonly (readonly number[])[] }).rows;

describe('a mixture', () => {
  const fits = read('mclust-fits') as readonly {
    readonly data: string;
    readonly covariance: CovarianceShape;
    readonly k: number;
    readonly logLikelihood: number;
    readonly parameters: number;
    readonly bic: number;
  }[];

  it.each(fits)('of $data, $covariance, $k, is as likely as that of mclust', (published) => {
    const { data, covariance, k, logLikelihood, parameters, bic } = published;
    const rows = rowsOf(data);
    const estimator = new MixtureEstimator(shapedGaussians(k, { covariance }));
    const fit = bestOf(rows, estimator, { trials: 8, seed: 1 });
    expect(fit.logLikelihood).toBeGreaterThan(logLikelihood - 1e-4);
    const criteria = informationCriteria(rows, estimator, fit.model);
    expect(criteria.parameterCount).toBe(parameters);
    // The same formula, with its sign turned.
    expect(criteria.bic).toBeCloseTo(bic - 2 * (fit.logLikelihood - logLikelihood), 4);
  });
});

/** Scatters of components with different counts. */
const scatters = (dimension: number) =>
  fc
    .array(
      fc.record({
        count: fc.double({ min: 1, max: 50, noNaN: true }),
        root: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
          minLength: dimension ** 2,
          maxLength: dimension ** 2,
        }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts): ComponentScatter[] =>
      parts.map(({ count, root }) => {
        const scatter = new Float64Array(dimension ** 2);
        for (let i = 0; i < dimension; i++) {
          for (let j = 0; j < dimension; j++) {
            for (let l = 0; l < dimension; l++)
              scatter[i * dimension + j]! += root[i * dimension + l]! * root[j * dimension + l]!;
            if (i === j) scatter[i * dimension + j]! += 0.5;
          }
        }
        return { count, scatter: scatter.map((value) => value * count) };
      }),
    );

/** -2 log-likelihood of the parts, but for a constant: Σ n log |Σ| + tr(Σ⁻¹ W). */
function loss(parts: readonly ComponentScatter[], covariances: readonly Float64Array[], dimension: number): number {
  let sum = 0;
  parts.forEach(({ count, scatter }, k) => {
    const { values, vectors } = symmetricEigen(covariances[k]!, dimension);
    values.forEach((value, a) => {
      let along = 0;
      for (let i = 0; i < dimension; i++) {
        for (let j = 0; j < dimension; j++) {
          along += vectors[i * dimension + a]! * scatter[i * dimension + j]! * vectors[j * dimension + a]!;
        }
      }
      sum += count * Math.log(value) + along / value;
    });
  });
  return sum;
}

/** Shapes that hold all matrices of another, from the fewest parameters to the most. */
const NESTED: readonly (readonly [CovarianceShape, CovarianceShape])[] = [
  ['EII', 'VII'],
  ['EII', 'EEI'],
  ['VII', 'VEI'],
  ['EEI', 'VEI'],
  ['EEI', 'EVI'],
  ['VEI', 'VVI'],
  ['EVI', 'VVI'],
  ['EEI', 'EEE'],
  ['EEE', 'VEE'],
  ['EEE', 'EVE'],
  ['EEE', 'EEV'],
  ['VEE', 'VEV'],
  ['VEE', 'VVE'],
  ['EVE', 'VVE'],
  ['EEV', 'VEV'],
  ['EEV', 'EVV'],
  ['EVE', 'EVV'],
  ['VVI', 'VVE'],
  ['VVE', 'VVV'],
  ['VEV', 'VVV'],
  ['EVV', 'VVV'],
];

describe('the covariances of a shape', () => {
  it.each([2, 3])('are no less likely than those of a shape within it, in %i dimensions', (dimension) => {
    fc.assert(
      fc.property(scatters(dimension), (parts) => {
        const losses = new Map(
          COVARIANCE_SHAPES.map((shape) => [shape, loss(parts, shapedCovariances(shape, parts, dimension), dimension)]),
        );
        for (const [narrow, wide] of NESTED) {
          const [least, most] = [losses.get(wide)!, losses.get(narrow)!];
          expect(least, `${wide} within ${narrow}`).toBeLessThanOrEqual(most + 1e-7 * (1 + Math.abs(most)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('cannot be bettered by scaling one of them, or all, where that keeps the shape', () => {
    fc.assert(
      fc.property(scatters(3), fc.double({ min: 0.9, max: 1.1, noNaN: true }), (parts, factor) => {
        for (const shape of COVARIANCE_SHAPES) {
          const found = shapedCovariances(shape, parts, 3);
          const scaled = found.map((matrix, k) =>
            shape[0] === 'E' || k === 0 ? matrix.map((value) => value * factor) : matrix,
          );
          const reached = loss(parts, found, 3);
          expect(loss(parts, scaled, 3), shape).toBeGreaterThanOrEqual(reached - 1e-8 * (1 + Math.abs(reached)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have in common what their letters say', () => {
    fc.assert(
      fc.property(scatters(3), (parts) => {
        for (const shape of COVARIANCE_SHAPES) {
          const eigen = shapedCovariances(shape, parts, 3).map((matrix) => symmetricEigen(matrix, 3));
          const sorted = eigen.map(({ values }) => Array.from(values).sort((a, b) => a - b));
          const volumes = sorted.map((values) => Math.cbrt(values[0]! * values[1]! * values[2]!));
          const forms = sorted.map((values, k) => values.map((value) => value / volumes[k]!));
          const close = (a: number, b: number) => expect(Math.abs(a - b), shape).toBeLessThan(1e-7 * (1 + Math.abs(b)));
          for (let k = 1; k < parts.length; k++) {
            if (shape[0] === 'E') close(volumes[k]!, volumes[0]!);
            if (shape[1] !== 'V') forms[k]!.forEach((value, j) => close(value, forms[0]![j]!));
          }
          if (shape[1] === 'I') for (const form of forms) form.forEach((value) => close(value, 1));
        }
      }),
      { numRuns: 30 },
    );
  });
});

it('make a mixture by the number of its components', () => {
  const rows = rowsOf('faithful');
  const listed = optimize(rows, new MixtureEstimator(shapedGaussians(2, { covariance: 'EEE' })), { seed: 1 }).model;
  const { model } = optimize(rows, multivariateGaussianMixtureEstimator(2, { covariance: 'EEE' }), { seed: 1 });
  expect(model.toJSON()).toEqual(listed.toJSON());
  const [mu, covariance] = [model.components.map((one) => one.mu), model.components.map((one) => one.covariance)];
  expect(multivariateGaussianMixture({ mu, covariance, w: model.w }).logDensity([3, 70])).toBe(
    model.logDensity([3, 70]),
  );
  expect(() => multivariateGaussianMixture({ mu, covariance: [covariance[0]!], w: model.w })).toThrow(
    /covariance must be a list with an entry for each component/,
  );
  expect(() => multivariateGaussianMixtureEstimator(2, { covarianc: 'EEE' } as object)).toThrow(/covariance/);
});

describe('shapedGaussians', () => {
  const states = [
    new MultivariateGaussianDistribution({
      mu: [0, 0],
      covariance: [
        [1, 0.5],
        [0.5, 1],
      ],
    }),
    new MultivariateGaussianDistribution({
      mu: [5, 5],
      covariance: [
        [2, 1],
        [1, 2],
      ],
    }),
  ];
  const rows = new MixtureDistribution(states, { w: [0.5, 0.5] }).sampler(1).sample(400);

  it('are the emissions of a hidden Markov model, and parts of records', () => {
    const lists = Array.from({ length: 20 }, (_, i) => rows.slice(20 * i, 20 * i + 20));
    const { model } = optimize(lists, new HiddenMarkovEstimator(shapedGaussians(2, { covariance: 'VEE' })), {
      seed: 1,
    });
    const ratio = (i: number, j: number) =>
      model.emissions[1].covariance[i]![j]! / model.emissions[0].covariance[i]![j]!;
    expect(ratio(0, 1)).toBeCloseTo(ratio(0, 0), 10);
    expect(ratio(1, 1)).toBeCloseTo(ratio(0, 0), 10);
    const [one, other] = shapedGaussians(2, { covariance: 'EEE' });
    const kind = () => new CategoricalEstimator();
    const estimator = new MixtureEstimator([
      new RecordEstimator({ x: one, kind: kind() }),
      new RecordEstimator({ x: other, kind: kind() }),
    ]);
    const records = rows.map((x, i) => ({ x, kind: i % 3 ? 'a' : 'b' }));
    const fit = optimize(records, estimator, { seed: 1 });
    const [first, second] = fit.model.components;
    expect(first.fields.x.covariance).toEqual(second.fields.x.covariance);
    expect(parameterCount(estimator, fit.model)).toBe(1 + 2 * 2 + 3 + 2);
  });

  it('never lose likelihood in plain EM', () => {
    for (const covariance of COVARIANCE_SHAPES) {
      const estimator = new MixtureEstimator(shapedGaussians(3, { covariance }));
      const { path } = optimize(rows, estimator, { seed: 2, acceleration: 'none', maxIterations: 40, delta: null });
      for (const { change } of path.slice(1)) expect(change, covariance).toBeGreaterThan(-1e-8);
    }
  });

  it('keep two groups of one fit apart', () => {
    const pair = () => new MixtureEstimator(shapedGaussians(2, { covariance: 'EEE' }));
    const estimator = new RecordEstimator({ a: pair(), b: pair() });
    const { model } = optimize(
      rows.map((x) => ({ a: x, b: Array.from(x, (value) => 10 * value) })),
      estimator,
      { seed: 1 },
    );
    const [a, b] = [model.fields.a.components[0].covariance, model.fields.b.components[0].covariance];
    expect(b[0]![0]! / a[0]![0]!).toBeGreaterThan(50);
  });

  it('add a ridge, and hold a spike at its floor', () => {
    const line = Array.from({ length: 40 }, (_, i) => [i, 2 * i]);
    expect(() =>
      optimize(line, new MixtureEstimator(shapedGaussians(1, { covariance: 'VVV', minEigenvalue: 0 }))),
    ).toThrow(/singular/);
    const ridged = optimize(line, new MixtureEstimator(shapedGaussians(1, { covariance: 'VVV', ridge: 1 })));
    // The variance of 0 … 39 is (40² - 1) / 12.
    expect(ridged.model.components[0].covariance[0]![0]).toBeCloseTo(133.25 + 1, 8);
    const spiked = [...rows, ...Array.from({ length: 30 }, (_, i) => [20 + 1e-9 * i, 20])];
    const { findings } = optimize(spiked, new MixtureEstimator(shapedGaussians(3, { covariance: 'VVV' })), { seed: 3 });
    expect(findings.some(({ kind }) => kind === 'degenerate')).toBe(true);
  });

  it('refuse what they cannot be', () => {
    expect(() => shapedGaussians(0, { covariance: 'EEE' })).toThrow(/count must be an integer >= 1/);
    expect(() => shapedGaussians(2, { covariance: 'XXX' as 'EEE' })).toThrow(/covariance must be one of EII, VII/);
    expect(() => shapedGaussians(2, { covariance: 'EEE', ridge: -1 })).toThrow(/ridge/);
    expect(() => shapedGaussians(2, {} as { covariance: 'EEE' })).toThrow(/covariance must be one of/);
    expect(() => shapedGaussians(2, { covariance: 'EEE', shape: 1 } as { covariance: 'EEE' })).toThrow(/shape/);
  });
});

it('a group in two mixtures is refused', () => {
  const group = shapedGaussians(2, { covariance: 'EEE' });
  const pairs = Array.from({ length: 40 }, (_, i) => [
    [Math.sin(i), Math.cos(2 * i)],
    [Math.sin(3 * i), i % 7],
  ]) as [number[], number[]][];
  const estimator = new RecordEstimator({ a: new MixtureEstimator(group), b: new MixtureEstimator(group) });
  expect(() =>
    optimize(
      pairs.map(([a, b]) => ({ a, b })),
      estimator,
    ),
  ).toThrow(/component 0 of one group stands in two places/);
});

it('a cluster without volume is held at the floor before shapes are compared', () => {
  const rows = Array.from({ length: 100 }, (_, i) =>
    i % 2 ? [5 + Math.sin(i), 5 + Math.cos(3 * i)] : [0, Math.sin(i)],
  );
  for (const covariance of ['EVI', 'EVV', 'EVE'] as const) {
    for (const options of [{}, { minEigenvalue: 0.01 }, { ridge: 0.01 }]) {
      const { model } = optimize(rows, multivariateGaussianMixtureEstimator(2, { covariance, ...options }), {
        seed: 1,
      });
      const volumes = model.components.map(({ covariance: [a, b] }) => a![0]! * b![1]! - a![1]! * b![0]!);
      expect(volumes[0]! / volumes[1]!, covariance).toBeCloseTo(1, 5);
    }
  }
});

describe('at the floor', () => {
  const spiked = (seed: number) => {
    const rng = random(seed);
    const wide = Array.from({ length: 24 }, () => [4 * rng(), 40 * rng() + rng(), 3 * rng()]);
    // Half of the others on a point, half on a line.
    return [...wide, ...Array.from({ length: 16 }, (_, i) => [9, 90, i % 2 ? 9 : 9 + rng()])];
  };
  const pathOf = (seed: number, covariance: CovarianceShape, minEigenvalue?: number) =>
    optimize(
      spiked(seed),
      multivariateGaussianMixtureEstimator(3, { covariance, ...(minEigenvalue && { minEigenvalue }) }),
      {
        seed,
        acceleration: 'none',
        maxIterations: 15,
        delta: null,
      },
    );

  it('steps that keep the shape never lose likelihood', () => {
    const exact = ['EII', 'VII', 'EEI', 'VVI', 'EEE', 'VVV'] as const;
    for (let seed = 0; seed < 2; seed++) {
      for (const [covariance, least] of [
        ...exact.flatMap((one) => [[one], [one, 0.05]] as const),
        ['EEV', 0.05] as const,
      ]) {
        const { path, model } = pathOf(seed, covariance, least);
        for (const { change } of path.slice(1)) expect(change, `${covariance} ${least} ${seed}`).toBeGreaterThan(-1e-8);
        const [first, ...others] = model.components.map((one) => one.covariance);
        if (covariance[0] === 'E' && covariance !== 'EEV') for (const other of others) expect(other).toEqual(first);
        const beside = [first!, ...others].flatMap((rows) => [rows[0]![1]!, rows[0]![2]!, rows[1]![2]!]);
        if (covariance[2] === 'I') expect(beside.every((value) => value === 0)).toBe(true);
      }
    }
  });

  it('other steps may lose it: the best model is kept, and a finding says that a floor was reached', () => {
    for (const covariance of COVARIANCE_SHAPES) {
      const { path, logLikelihood, findings } = pathOf(1, covariance);
      expect(logLikelihood, covariance).toBeGreaterThanOrEqual(
        Math.max(...path.map((one) => one.logLikelihood)) - 1e-6,
      );
      if (path.slice(1).every(({ change }) => change > -1e-8)) continue;
      expect(
        findings.some(({ kind }) => kind === 'degenerate'),
        covariance,
      ).toBe(true);
    }
  });
});
