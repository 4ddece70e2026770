import { describe, expect, it } from 'vitest';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import { DataError, ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution, GammaEstimator } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { MixtureDistribution, MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import type { LabelledRow } from '../../src/latent/semiSupervisedMixture/labelledColumns.js';
import {
  SemiSupervisedMixtureDistribution,
  SemiSupervisedMixtureEstimator,
} from '../../src/latent/semiSupervisedMixture/semiSupervisedMixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { countParameters } from '../../src/tree/children.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number, sigma2 = 1) => new GaussianDistribution({ mu, sigma2 });
const e = new GaussianEstimator();
const two = (w: number, distance: number) =>
  new SemiSupervisedMixtureDistribution([gaussian(0), gaussian(distance, 0.25)], { w: [w, 1 - w] });
const parts = (d: ReturnType<typeof two>) => [...d.w, ...d.components.flatMap(({ mu, sigma2 }) => [mu, sigma2])];

const offers = [...PARENT, 'squaredDistances', 'isUnbounded', 'takesLabels', 'pooling', 'marginalOf'] as const;
const unbounded = {
  distribution: new SemiSupervisedMixtureDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })], { w: [1] }),
  pole: [0, null],
};

describe('the law', () => {
  const laws = checkFamily({
    offers,
    notShown: ['hasPrior', 'marginalOf'],
    distributions: [two(0.25, 6), two(0.5, 3)],
    unbounded,
    estimator: new SemiSupervisedMixtureEstimator([e, e]),
    keyed: new SemiSupervisedMixtureEstimator([e, e], { keys: { weights: 'shared' } }),
    refused: [3, null, [1], [Number.NaN, 0], ['x', null]],
    parameters: parts,
  });
  for (const { law, run } of laws) it(law, run);
});

describe('the law, with labels', () => {
  // With fixed weights: the likelihood given the labels then rises too.
  const options = { fixedWeights: [0.25, 0.75], keys: { components: 'shared' } };
  const laws = checkFamily({
    offers,
    notShown: ['hasPrior', 'marginalOf'],
    distributions: [two(0.25, 6), two(0.25, 3)],
    unbounded,
    estimator: new SemiSupervisedMixtureEstimator([e, e], { fixedWeights: [0.25, 0.75] }),
    keyed: new SemiSupervisedMixtureEstimator([e, e], options),
    rows: [
      [0.25, 0],
      [0.25, null],
      [4, [[1, 2]]],
      [1, []],
      [1, [[0, 0]]],
      [2, [[1, 3], [0, 1]]], // biome-ignore format: two pairs
    ],
    refused: [
      [1, 2],
      [1, -1],
      [1, 0.5],
      [1, '0'],
      [1, [0, 1]],
      [1, [[2, 1]]],
      [1, [[0, -1]]],
      [1, [[0, Infinity]]],
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

it('says that its likelihood may fall: labels count as rows of the weights', () => {
  expect(new SemiSupervisedMixtureEstimator([e, e]).hasPrior).toBe(true);
});

describe('a label', () => {
  const d = two(0.25, 3);
  const [f, g] = [gaussian(0).density(1), gaussian(3, 0.25).density(1)];

  it('that is unknown leaves the density and the posterior of the mixture', () => {
    const mixture = new MixtureDistribution(d.components, { w: d.w });
    for (const unknown of [null, undefined, [], [[0, 0]] as const]) {
      expect(d.logDensity([1, unknown])).toBeCloseTo(mixture.logDensity(1), 14);
      d.posterior([1, unknown]).forEach((p, k) => expect(p).toBeCloseTo(mixture.posterior(1)[k]!, 14));
    }
  });

  it('that is one component leaves its density', () => {
    expect(d.logDensity([1, 0])).toBeCloseTo(gaussian(0).logDensity(1), 14);
    expect(d.posterior([1, 1])).toEqual([0, 1]);
  });

  it('that is soft weighs the components: Σ v w f / Σ v w, whatever the sum of the values', () => {
    const expected = (0.25 * 0.3 * f + 0.75 * 0.7 * g) / (0.25 * 0.3 + 0.75 * 0.7);
    for (const scale of [1, 1e300, 1e-300]) {
      const label = [
        [0, 0.3 * scale],
        [1, 0.7 * scale],
      ] as const;
      expect(d.density([1, label])).toBeCloseTo(expected, 14);
      expect(d.posterior([1, label])[0]).toBeCloseTo((0.25 * 0.3 * f) / (0.25 * 0.3 * f + 0.75 * 0.7 * g), 13);
    }
  });

  it('may list a component twice: its values add', () => {
    const once: LabelledRow<number> = [1, [[1, 1], [0, 3]]]; // biome-ignore format: two pairs
    const twice: LabelledRow<number> = [1, [[0, 1], [1, 1], [0, 2]]]; // biome-ignore format: three pairs
    expect(d.logDensity(twice)).toBeCloseTo(d.logDensity(once), 14);
  });

  it('of a component of weight 0 makes the row impossible, and a fit gives it its row back', () => {
    const dead = new SemiSupervisedMixtureDistribution([gaussian(0), gaussian(3)], { w: [1, 0] });
    expect(dead.logDensity([1, 1])).toBe(-Infinity);
    expect(dead.posterior([1, 1])).toEqual([0, 1]);
    const rows: LabelledRow<number>[] = [
      [0, null],
      [1, null],
      [8, 1],
      [9, 1],
    ];
    const { model } = optimize(rows, new SemiSupervisedMixtureEstimator([e, e]), { initialModel: dead });
    expect(model.components[1].mu).toBeCloseTo(8.5, 6);
    expect(model.w[1]).toBeCloseTo(0.5, 6);
  });

  it('gives columns the posteriors of single rows, also far from all components and where all are impossible', () => {
    const levels = (a: number) => new CategoricalDistribution({ a, b: 1 - a });
    const words = new SemiSupervisedMixtureDistribution([levels(0), levels(1)], { w: [0.5, 0.5] });
    const impossible: LabelledRow<'a' | 'b'>[] = [
      ['a', 0],
      ['a', [[0, 1]]],
      ['a', null],
    ];
    const far: LabelledRow<number>[] = [
      [1e9, null],
      [1e9, 0],
      [-1e9, [[0, 1], [1, 5]]], // biome-ignore format: two pairs
      [1, null],
    ];
    const check = <T>(model: { posterior(row: T): number[]; seqPosterior(...a: never[]): void }, rows: T[]) => {
      const columns = (model as unknown as typeof d).encoder().encode(rows as never);
      const out = new Float64Array(2 * rows.length);
      (model as unknown as typeof d).seqPosterior(columns, 0, rows.length, out);
      rows.forEach((row, i) => {
        model.posterior(row).forEach((p, k) => expect(out[2 * i + k]).toBeCloseTo(p, 12));
      });
    };
    check(words as never, impossible);
    check(d as never, far);
  });
});

describe('rows are refused by path', () => {
  const encoder = new SemiSupervisedMixtureEstimator([e, e]).encoder();
  it.each([
    [[1, 5], 'row 1, field "[1]" must be a component, 0 to 1, found 5'],
    [[1, [[0, 1], [1, Number.NaN]]], 'row 1, field "[1][1][1]" must be a finite number >= 0'], // biome-ignore format: short
    [['x', 0], 'row 1, field "[0]"'],
  ])('%j', (bad, message) => {
    expect(() => encoder.encode([[0, null], bad as never])).toThrow(DataError);
    expect(() => encoder.encode([[0, null], bad as never])).toThrow(message);
  });
});

describe('SemiSupervisedMixtureEstimator', () => {
  const truth = new SemiSupervisedMixtureDistribution([gaussian(0), gaussian(2), gaussian(4)], { w: [0.5, 0.3, 0.2] });
  const pairs = truth.labelledSampler(5).sample(3000);

  it('with all labels gives the estimates of each class alone', () => {
    const { model } = optimize(pairs, new SemiSupervisedMixtureEstimator([e, e, e]), { seed: 1 });
    [0, 1, 2].forEach((k) => {
      const rows = pairs.filter(([, label]) => label === k).map(([x]) => x);
      const alone = optimize(rows, e).model;
      expect(model.components[k]!.mu).toBeCloseTo(alone.mu, 10);
      expect(model.w[k]).toBeCloseTo(rows.length / pairs.length, 12);
    });
  });

  it('with a few labels names the components as the labels do, from any seed, and predicts most of the others', () => {
    const rows = pairs.map(([x, k], i): LabelledRow<number> => [x, i % 100 === 0 ? k : null]);
    for (let seed = 1; seed <= 5; seed++) {
      const { model } = optimize(rows, new SemiSupervisedMixtureEstimator([e, e, e]), { seed });
      const right = pairs.filter(([x, k]) => {
        const p = model.posterior([x, null]);
        return p.indexOf(Math.max(...p)) === k;
      });
      // Bayes' rule with the true parameters is right for 78 % of these rows.
      expect(right.length / pairs.length).toBeGreaterThan(0.74);
    }
  });

  it('without labels is the fit of a mixture', () => {
    const values = pairs.slice(0, 500).map(([x]) => x);
    const rows = values.map((x): LabelledRow<number> => [x, null]);
    const start = { initialModel: truth, maxIterations: 30, delta: null, acceleration: 'none' } as const;
    const { model } = optimize(rows, new SemiSupervisedMixtureEstimator([e, e, e]), start);
    const mixture = new MixtureDistribution(truth.components, { w: truth.w });
    const plain = optimize(values, new MixtureEstimator([e, e, e]), { ...start, initialModel: mixture }).model;
    model.w.forEach((w, k) => expect(w).toBeCloseTo(plain.w[k]!, 9));
  });

  it('starts from labels where rows have no distance', () => {
    const words = new SequenceEstimator(new CategoricalEstimator<'a' | 'b'>());
    const rows: LabelledRow<('a' | 'b')[]>[] = [
      [['a', 'a', 'a', 'b'], 1],
      [['b', 'b', 'b', 'a'], 0],
      [['a', 'a'], null],
      [['b', 'b'], null],
    ];
    const { model } = optimize(rows, new SemiSupervisedMixtureEstimator([words, words]), { seed: 2 });
    expect(model.posterior([['a', 'a', 'a'], null])[1]).toBeGreaterThan(0.9);
  });

  it('fits inside a mixture and around records', () => {
    const record = new RecordEstimator({ x: e, y: new CategoricalEstimator<'a' | 'b'>() });
    const inner = () => new SemiSupervisedMixtureEstimator([record, record]);
    const rows = pairs
      .slice(0, 200)
      .map(([x, k]): LabelledRow<{ x: number; y: 'a' | 'b' }> => [{ x, y: k === 0 ? 'a' : 'b' }, k === 0 ? 0 : null]);
    const { model, logLikelihood } = optimize(rows, new MixtureEstimator([inner(), inner()]), { seed: 1 });
    expect(Number.isFinite(logLikelihood)).toBe(true);
    expect(model.components[0].components).toHaveLength(2);
  });

  it('keeps fixed weights', () => {
    const estimator = new SemiSupervisedMixtureEstimator([e, e], { fixedWeights: [0.5, 0.5] });
    expect(optimize([[0, 0], [0.1, 0], [5, 1]], estimator).model.w).toEqual([0.5, 0.5]); // biome-ignore format: short
  });

  it('counts no fixed weights, and refuses to count for other ones', () => {
    const estimator = new SemiSupervisedMixtureEstimator([e, e], { fixedWeights: [0.5, 0.5] });
    expect(countParameters(estimator.parameterBlocks(two(0.5, 3)))).toBe(4);
    expect(() => estimator.parameterBlocks(two(0.25, 3))).toThrow(/w\[0\] of the model must be 0.5, as fixed/);
  });

  // Once such a component took its floor from its own rows, which shrink with it.
  it('holds a component that is alone of its kind at the floor of all rows', () => {
    const rows: LabelledRow<number>[] = [2, 2, 2, 2, 1, 3, 5, 8].map((x, i) => [x, i < 4 ? 0 : 1]);
    const estimator = new SemiSupervisedMixtureEstimator([e, new GammaEstimator()]);
    const mean = 25 / 8;
    const variance = rows.reduce((sum, [x]) => sum + (x - mean) ** 2, 0) / rows.length;
    expect(optimize(rows, estimator).model.components[0].sigma2).toBeCloseTo(1e-6 * variance, 12);
  });

  it('refuses weights that do not sum to 1', () => {
    expect(() => new SemiSupervisedMixtureDistribution([gaussian(0)], { w: [0.5] })).toThrow(ParameterError);
  });
});
