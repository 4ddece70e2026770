import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.js';
import { CategoricalDistribution, CategoricalEstimator } from '../../src/families/categorical.js';
import { GammaDistribution } from '../../src/families/gamma.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { PoissonDistribution, PoissonEstimator } from '../../src/families/poisson.js';
import { optimize } from '../../src/fit/optimize.js';
import { JointMixtureDistribution, JointMixtureEstimator } from '../../src/latent/jointMixture/jointMixture.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { checkFamily } from '../../src/testing/index.js';
import { PARENT } from '../offers.js';

const gaussian = (mu: number) => new GaussianDistribution({ mu, sigma2: 1 });
const poisson = (lambda: number) => new PoissonDistribution({ lambda });
const e = new GaussianEstimator();
const p = new PoissonEstimator();
const joint = (w: number, tau: number) =>
  new JointMixtureDistribution([gaussian(0), gaussian(8)], [poisson(1), poisson(12), poisson(40)], {
    w1: [w, 1 - w],
    tau12: [
      [tau, 0.75 - tau, 0.25],
      [0.125, 0.375, 0.5],
    ],
  });

describe('the law', () => {
  const laws = checkFamily({
    offers: [...PARENT, 'rowCodes', 'squaredDistances', 'isUnbounded', 'pooling', 'marginalOf', 'conditioned'],
    notShown: ['rowCodes'],
    distributions: [joint(0.25, 0.5), joint(0.5, 0.25)],
    unbounded: {
      distribution: new JointMixtureDistribution([new GammaDistribution({ shape: 0.5, scale: 1 })], [poisson(1)], {
        w1: [1],
        tau12: [[1]],
      }),
      pole: [0, 1],
    },
    estimator: new JointMixtureEstimator([e, e], [p, p, p]),
    keyed: new JointMixtureEstimator([e, e], [p, p, p], { keys: { cells: 'shared' } }),
    refused: [3, null, [1], [1, 2, 3], ['x', 1], [1, -1], [Number.NaN, 1]],
    parameters: (d: ReturnType<typeof joint>) => [
      ...d.w1,
      ...d.tau12.flat(),
      ...d.components1.map(({ mu }) => mu),
      ...d.components2.map(({ lambda }) => lambda),
    ],
  });
  for (const { law, run } of laws) it(law, run);
});

const levels = (a: number) => new CategoricalDistribution({ a, b: 1 - a });
const words = new JointMixtureDistribution([levels(0.25), levels(1)], [levels(0.5), levels(0)], {
  w1: [0.25, 0.75],
  tau12: [
    [1, 0],
    [0.5, 0.5],
  ],
});
const all = (['a', 'b'] as const).flatMap((x) => (['a', 'b'] as const).map((y) => [x, y] as const));

describe('sums over all pairs of components', () => {
  const joined = (row: (typeof all)[number]) =>
    words.components1.map((f, k) =>
      words.components2.map((g, j) => words.w1[k]! * words.tau12[k]![j]! * f.density(row[0]) * g.density(row[1])),
    );

  it('in its density, which sums to 1', () => {
    let total = 0;
    for (const row of all) {
      const expected = joined(row).flat().reduce((sum, cell) => sum + cell, 0); // biome-ignore format: short
      expect(words.density(row)).toBeCloseTo(expected, 14);
      total += words.density(row);
    }
    expect(total).toBeCloseTo(1, 14);
  });

  it('in its posterior; a pair of density 0 gets the weights', () => {
    for (const row of all) {
      const cells = joined(row);
      const total = cells.flat().reduce((sum, cell) => sum + cell, 0);
      words.posterior(row).forEach((shares, k) => {
        shares.forEach((share, j) => {
          const weight = words.w1[k]! * words.tau12[k]![j]!;
          expect(share).toBeCloseTo(total > 0 ? cells[k]![j]! / total : weight, 14);
        });
      });
    }
  });
});

it('derives the other side by Bayes', () => {
  expect(words.w2).toEqual([0.625, 0.375]);
  expect(words.tau21).toEqual([
    [0.4, 0],
    [0.6, 1],
  ]);
});

it('is possible where the likeliest components exclude each other, however far they lie from the others', () => {
  const apart = new JointMixtureDistribution([gaussian(0), gaussian(1000)], [gaussian(0), gaussian(1000)], {
    w1: [0.5, 0.5],
    tau12: [
      [0, 1],
      [1, 0],
    ],
  });
  const columns = apart.encoder().encode([[0, 0]]);
  const out = new Float64Array(1);
  apart.seqLogDensity(columns, 0, 1, out);
  const expected = Math.log(0.5) - Math.log(2 * Math.PI) - 500_000 + Math.log(2);
  expect(out[0]).toBeCloseTo(expected, 6);
  expect(apart.posterior([0, 0])).toEqual([
    [0, 0.5],
    [0.5, 0],
  ]);
});

describe('JointMixtureEstimator', () => {
  it('finds how the components depend on each other', () => {
    const rows = joint(0.5, 0.625).sampler(3).sample(2000);
    const { model } = optimize(rows, new JointMixtureEstimator([e, e], [p, p, p]), { seed: 1 });
    const low = model.components1[0].mu < model.components1[1].mu ? 0 : 1;
    const order = [0, 1, 2].sort((a, b) => model.components2[a]!.lambda - model.components2[b]!.lambda);
    const row = order.map((j) => model.tau12[low]![j]!);
    // Standard errors: sqrt(0.25 / 1000) = 0.016.
    [0.625, 0.125, 0.25].forEach((share, j) => expect(Math.abs(row[j]! - share)).toBeLessThan(0.06));
  });

  it('gives a component that dies weight 0 and an even row, and says so', () => {
    const dead = new JointMixtureDistribution([gaussian(0), gaussian(9)], [poisson(2), poisson(3)], {
      w1: [1, 0],
      tau12: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    const { model, findings } = optimize([[0, 2], [1, 3], [2, 1]], new JointMixtureEstimator([e, e], [p, p]), { initialModel: dead }); // biome-ignore format: short
    expect(model.w1).toEqual([1, 0]);
    expect(model.tau12[1]).toEqual([0.5, 0.5]);
    expect(findings.map(({ path }) => path)).toContain('components1[1]');
  });

  it('smooths each table by its own imaginary rows', () => {
    const c = new CategoricalEstimator<'a' | 'b'>();
    const estimator = new JointMixtureEstimator([c, c], [c], { pseudoCount: { w1: 2, w2: 1, tau: 4 } });
    const start = new JointMixtureDistribution([levels(1), levels(0)], [levels(0.5)], { w1: [0.5, 0.5], tau12: [[1], [1]] }); // biome-ignore format: short
    const { model } = optimize([['a', 'a'], ['a', 'b'], ['b', 'b']], estimator, { initialModel: start, maxIterations: 1 }); // biome-ignore format: short
    expect(model.w1).toEqual([3 / 5, 2 / 5]);
    expect(model.tau12).toEqual([[1], [1]]);
    expect(model.tau21).toEqual([[4 / 7], [3 / 7]]);
    expect(estimator.hasPrior).toBe(true);
  });

  it('fits inside a mixture', () => {
    const inner = () => new JointMixtureEstimator([e, e], [p, p]);
    const rows = joint(0.5, 0.5).sampler(4).sample(200);
    const { logLikelihood } = optimize(rows, new MixtureEstimator([inner(), inner()]), { seed: 1, maxIterations: 20 });
    expect(Number.isFinite(logLikelihood)).toBe(true);
  });

  it.each([
    ['a prior without its number', { prior: { w1: [0.5, 0.5] } }],
    ['a table of other columns', { pseudoCount: { tau: 1 }, prior: { tau21: [[1], [1]] } }],
  ])('refuses %s', (_, options) => {
    expect(() => new JointMixtureEstimator([e, e], [p, p], options)).toThrow(ParameterError);
  });
});
