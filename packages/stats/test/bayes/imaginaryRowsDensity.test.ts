import { describe, expect, it } from 'vitest';
import type { AnyDistribution, AnyEstimator } from '../../src/contract.js';
import * as stats from '../../src/index.js';
import { optimize } from '../../src/index.js';
import { logPriorOf } from '../../src/tree/children.js';
import fc from '../property.js';

const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const count = fc.double({ min: 0.1, max: 30, noNaN: true });

/** All lists that take one value from each place. */
function product<T>(places: readonly (readonly T[])[]): T[][] {
  return places.reduce<T[][]>((lists, values) => lists.flatMap((list) => values.map((x) => [...list, x])), [[]]);
}

const sets = product([
  [[], [0]],
  [[], [1]],
  [[], [2]],
] as number[][][]).map((parts) => parts.flat());
/** Of three items, whose mean ranks follow from the mean distance, as the middle one's is 1. */
const rankings = product([0, 1, 2].map(() => [0, 1, 2])).filter((x) => new Set(x).size === 3);
const vectors = product([
  [0, 1],
  [0, 1, 2],
  [0, 1],
]);
const normalized = (row: readonly number[]) => row.map((x) => x / row.reduce((sum, y) => sum + y, 0));
const rowOf = (length: number) => fc.array(share, { minLength: length, maxLength: length }).map(normalized);
const tree = fc
  .tuple(rowOf(2), fc.tuple(rowOf(3), rowOf(3)), fc.tuple(rowOf(2), rowOf(2), rowOf(2)))
  .map(
    ([first, second, third]) =>
      new stats.IntegerChowLiuTreeDistribution({ parents: [null, 0, 1], conditional: [[first], second, third] }),
  );
const chances = fc.array(share, { minLength: 3, maxLength: 3 });
const edits = fc.tuple(chances, chances, chances, fc.constantFrom(0, 0.2)).map(
  ([added, kept, before, minP]) =>
    new stats.IntegerBernoulliEditDistribution({
      added,
      kept,
      minP,
      initial: new stats.IntegerBernoulliSetDistribution({ p: before }),
    }),
);
const ranking = fc
  .tuple(fc.constantFrom(...rankings), fc.double({ min: 0, max: 2, noNaN: true }))
  .map(([sigma, rho]) => new stats.SpearmanRankingDistribution({ sigma, rho }));
const itemSet = fc
  .tuple(chances, fc.constantFrom(0, 0.2))
  .map(([p, minP]) => new stats.IntegerBernoulliSetDistribution({ p, minP }));

/** Models over few rows: imaginary rows like the one add to the log-likelihood of the other what all rows do, by probability. */
const enumerated: readonly (readonly [string, fc.Arbitrary<AnyDistribution>, readonly unknown[]])[] = [
  ['rankings', ranking, rankings],
  ['a tree of features', tree, vectors],
  ['edits of sets', edits, product([sets, sets])],
  ['sets of integers', itemSet, sets],
];

describe('the density of a prior that is imaginary rows', () => {
  it.each(enumerated)('is the expected log-density of its rows, by enumeration: %s', (_, models, rows) => {
    const check = fc.property(models, models, models, count, (prior, one, other, pseudoCount) => {
      const estimator = prior.estimator({ pseudoCount });
      const expected = (model: AnyDistribution) =>
        rows.reduce<number>((sum, x) => {
          // A prior with a floor means the probabilities before it.
          const q = unfloored(prior).density(x);
          return sum + (q === 0 ? 0 : pseudoCount * q * model.logDensity(x));
        }, 0);
      const [found, want] = [logPriorOf, (_: AnyEstimator, model: AnyDistribution) => expected(model)].map(
        (of) => of(estimator, one) - of(estimator, other),
      );
      expect(Math.abs(found! - want!)).toBeLessThan(1e-9 * (1 + Math.abs(want!)));
    });
    fc.assert(check, { numRuns: 60 });
  });

  it('is that of evenly spread rows where nothing says what they are like', () => {
    const uniform = new stats.SpearmanRankingEstimator({ pseudoCount: 4 });
    const model = new stats.SpearmanRankingDistribution({ sigma: [2, 0, 1], rho: 0.3 });
    expect(logPriorOf(uniform, model)).toBeCloseTo(
      rankings.reduce((sum, x) => sum + (4 / 6) * model.logDensity(x), 0),
      10,
    );
    const features = new stats.IntegerChowLiuTreeEstimator({ pseudoCount: 4 });
    const tree = new stats.IntegerChowLiuTreeDistribution({
      parents: [null, 0],
      conditional: [
        [[0.3, 0.7]],
        [
          [0.6, 0.4],
          [0.1, 0.9],
        ],
      ],
    });
    const pairs = product([
      [0, 1],
      [0, 1],
    ]);
    expect(logPriorOf(features, tree)).toBeCloseTo(
      pairs.reduce((sum, x) => sum + tree.logDensity(x), 0),
      10,
    );
    const edited = new stats.IntegerStepBernoulliEditEstimator({ pseudoCount: 8 });
    const rates = new stats.IntegerBernoulliEditDistribution({ added: [0.2], kept: [0.7] });
    expect(logPriorOf(edited, rates)).toBeCloseTo(2 * Math.log(0.2 * 0.8 * 0.7 * 0.3), 10);
  });

  it('is the expected log-density on the sphere and the half-line, by quadrature', () => {
    const angles = Array.from({ length: 4000 }, (_, i) => (2 * Math.PI * (i + 0.5)) / 4000);
    const circle = angles.map((a) => [Math.cos(a), Math.sin(a)]);
    const directions = fc
      .tuple(fc.double({ min: 0, max: 6.28, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }))
      .map(([a, kappa]) => new stats.VonMisesFisherDistribution({ mu: [Math.cos(a), Math.sin(a)], kappa }));
    const parameter = fc.double({ min: 0.3, max: 4, noNaN: true });
    const lifetimes = fc
      .tuple(parameter, parameter)
      .map(([shape, scale]) => new stats.WeibullDistribution({ shape, scale }));
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const onCircle = fc.property(directions, directions, count, (prior, model, pseudoCount) => {
      const terms = circle.map((x) => 2 * Math.PI * prior.density(x) * model.logDensity(x));
      expect(logPriorOf(prior.estimator({ pseudoCount }), model)).toBeCloseTo(pseudoCount * mean(terms), 7);
    });
    const onHalfLine = fc.property(lifetimes, lifetimes, count, (prior, model, pseudoCount) => {
      fc.pre(model.shape / prior.shape < 3);
      // With x = λ v^(1/k), v is standard exponential; v = exp(t) makes the trapezoidal rule exact to the last digits.
      let sum = 0;
      for (let t = -60; t < 6; t += 0.01) {
        const v = Math.exp(t);
        const x = prior.scale * v ** (1 / prior.shape);
        if (x > 0) sum += 0.01 * v * Math.exp(-v) * model.logDensity(x);
      }
      const found = logPriorOf(prior.estimator({ pseudoCount }), model);
      expect(found / (pseudoCount * sum)).toBeCloseTo(1, 6);
    });
    fc.assert(onCircle, { numRuns: 30 });
    fc.assert(onHalfLine, { numRuns: 60 });
  });

  const numbers = Array.from({ length: 40 }, (_, i) => ((i * 37) % 17) / 4 + (i % 5 === 0 ? 6 : 0.1));

  it.each([
    [
      'Student t',
      fc.tuple(share, count, count).map(([location, scale, degreesOfFreedom]) => {
        return new stats.StudentTDistribution({ location, scale, degreesOfFreedom });
      }),
    ],
    ['Weibull', fc.tuple(count, count).map(([shape, scale]) => new stats.WeibullDistribution({ shape, scale }))],
  ] as readonly (readonly [string, fc.Arbitrary<AnyDistribution>])[])(
    'has no slope, with the log-likelihood, at the estimate: %s',
    (_, models) => {
      const check = fc.property(models, count, (prior, pseudoCount) => {
        const estimator: AnyEstimator = prior.estimator({ pseudoCount });
        const { model } = optimize(numbers, estimator as never, { delta: null, maxIterations: 200 }) as {
          model: AnyDistribution;
        };
        const { type: _type, ...parameters } = model.toJSON();
        const objective = (name: string, factor: number): number => {
          const changed = { ...model.toJSON(), [name]: (parameters[name] as number) * factor };
          const near = stats.modelFromJSON(changed) as AnyDistribution;
          return numbers.reduce((sum, x) => sum + near.logDensity(x), 0) + logPriorOf(estimator, near);
        };
        for (const name of Object.keys(parameters)) {
          const step = 1e-4;
          const slope = (objective(name, 1 + step) - objective(name, 1 - step)) / (2 * step);
          expect(Math.abs(slope)).toBeLessThan(1e-3 * (numbers.length + pseudoCount));
        }
      });
      fc.assert(check, { numRuns: 10 });
    },
  );

  it('is largest with the chain that the counts give, and at the mass of what was never seen', () => {
    const rows = [['a', 'b', 'a'], ['b', 'b', 'a'], ['a'], []];
    const estimator = new stats.MarkovChainEstimator<string>({ pseudoCount: 2, levels: ['c'] });
    const { model } = optimize(rows, estimator);
    const objective = (unseen: number, first: number) => {
      const initial = new Map([...model.initial].map(([state, p]) => [state, p * (1 - first)]));
      initial.set('a', initial.get('a')! + first);
      const { transitions, length } = model;
      const near = new stats.MarkovChainDistribution({ initial, transitions, length, unseen });
      return rows.reduce((sum, x) => sum + near.logDensity(x), 0) + logPriorOf(estimator, near);
    };
    expect(model.unseen).toBe(2 / 7); // 3 starts and 4 steps
    const most = objective(model.unseen, 0);
    for (const change of [-0.05, -1e-3, 1e-3, 0.05]) {
      expect(objective(model.unseen * (1 + change), 0)).toBeLessThan(most);
      expect(objective(model.unseen, change)).toBeLessThan(most);
    }
  });
});

/** The same model without a floor of its probabilities. */
function unfloored(model: AnyDistribution): AnyDistribution {
  const json = model.toJSON();
  return 'minP' in json ? (stats.modelFromJSON({ ...json, minP: 0 }) as AnyDistribution) : model;
}
