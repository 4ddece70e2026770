import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/choose/inspect.js';
import { CompositeEstimator } from '../../src/combinators/composite.js';
import { ConditionalEstimator } from '../../src/combinators/conditional.js';
import { OptionalEstimator } from '../../src/combinators/optional.js';
import { RecordEstimator } from '../../src/combinators/record.js';
import { SequenceEstimator } from '../../src/combinators/sequence.js';
import { WeightedEstimator } from '../../src/combinators/weighted.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { DiagonalGaussianEstimator } from '../../src/families/diagonalGaussian.js';
import { GaussianEstimator } from '../../src/families/gaussian.js';
import { MultivariateGaussianEstimator } from '../../src/families/multivariateGaussian.js';
import { HiddenMarkovEstimator } from '../../src/latent/hiddenMarkov/model.js';
import { MixtureEstimator } from '../../src/latent/mixtures/mixture.js';
import { erf } from '../../src/numeric/special.js';

const person = new RecordEstimator({
  age: new GaussianEstimator(),
  height: new OptionalEstimator(new GaussianEstimator()),
  town: new CategoricalEstimator(),
});

/** 60 normals, by the quantiles of an even grid. */
const normals = Array.from({ length: 60 }, (_, i) => Math.sqrt(2) * erfInverse((2 * i + 1) / 60 - 1));

/** The inverse error function by bisection. */
function erfInverse(p: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

describe('inspect', () => {
  it('finds numbers that are nearly equal among numbers that stand alone', () => {
    const spike = Array.from({ length: 8 }, (_, i) => 0.5 + 1e-12 * i);
    const { fields } = inspect([...normals, ...spike], new GaussianEstimator());
    expect(fields[0]!.spikes).toEqual([{ from: 0.5, to: 0.5 + 7e-12, count: 8 }]);
    const zeros = inspect([...normals, ...Array(9).fill(0)], new GaussianEstimator());
    expect(zeros.fields[0]!.spikes).toEqual([{ from: 0, to: 0, count: 9 }]);
  });

  it('finds spikes at their path and coordinate, in records, lists, gaps, vectors and below mixtures', () => {
    const spike = Array.from({ length: 8 }, (_, i) => 0.5 + 1e-12 * i);
    const numbers = [...normals, ...spike];
    const expected = { from: 0.5, to: spike[7], count: 8 };
    const rows = numbers.map((x, i) => ({
      x,
      gap: i % 9 === 0 && i < 60 ? null : x,
      items: [x, 100 + i, 1000 + i],
      pair: ['a', x],
      at: [i, -x, 7],
      typed: Float64Array.of(x, normals[i % 60]! + i),
      path: [[x, i]],
      weighed: [x, 1],
      given: [i % 2 === 0 ? 'even' : 'odd', x],
    }));
    const g = new GaussianEstimator();
    const d = new DiagonalGaussianEstimator();
    const estimator = new RecordEstimator({
      x: g,
      gap: new OptionalEstimator(g),
      items: new SequenceEstimator(g),
      pair: new CompositeEstimator([new CategoricalEstimator(), g]),
      at: d,
      typed: new MixtureEstimator([d, new MultivariateGaussianEstimator()]),
      path: new HiddenMarkovEstimator([d, d]),
      weighed: new WeightedEstimator(g),
      given: new ConditionalEstimator({ even: g, odd: g }),
    });
    const found = inspect(rows, estimator).fields.flatMap(({ path, spikes }) =>
      spikes.map((each) => ({ path, ...each })),
    );
    expect(found).toEqual([
      { path: 'x', ...expected },
      { path: 'gap', ...expected },
      { path: 'items[]', ...expected },
      { path: 'pair[1]', ...expected },
      { path: 'at', from: -spike[7]!, to: -0.5, count: 8, coordinate: 1 },
      { path: 'typed', ...expected, coordinate: 0 },
      { path: 'path[]', ...expected, coordinate: 0 },
      { path: 'weighed[0]', ...expected },
      { path: 'given[1]', ...expected },
    ]);
    expect(inspect(rows, estimator).fields.find(({ path }) => path === 'at')!.constantCoordinates).toEqual([2]);
    // Counts and constants in a coordinate are no spikes; what is no number, or lacks the coordinate, is passed over.
    const odd = numbers.map((x, i) =>
      [Math.round(3 + x), 1, i < 60 && i % 5 === 0 ? 'a' : x].slice(0, i === 1 ? 2 : 3),
    );
    expect(inspect(odd, d).fields.flatMap(({ spikes }) => spikes)).toEqual([{ ...expected, coordinate: 2 }]);
  });

  it.each([
    ['numbers that stand alone', normals],
    ['counts', normals.map((x) => Math.round(3 + x))],
    ['numbers that were rounded', normals.map((x) => Math.round(10 * x) / 10)],
    ['equal numbers', Array(20).fill(7)],
    ['texts', Array(20).fill('a')],
    ['no rows', []],
  ])('finds no spike in %s', (_, rows) => {
    expect(inspect(rows, new GaussianEstimator()).fields.flatMap(({ spikes }) => spikes)).toEqual([]);
  });

  it('finds coordinates that are constant inside vectors', () => {
    const rows = Array.from({ length: 20 }, (_, i) => ({ at: [1, i % 2, -0, i], id: i }));
    const estimator = new RecordEstimator({ at: new DiagonalGaussianEstimator(), id: new GaussianEstimator() });
    const [at, id] = inspect(rows, estimator).fields;
    expect([at!.path, at!.isConstant, at!.constantCoordinates]).toEqual(['at', false, [0, 2]]);
    expect([id!.path, id!.constantCoordinates]).toEqual(['id', []]);
    const typed = rows.map(({ at: vector }) => Float64Array.from(vector));
    expect(inspect(typed, new DiagonalGaussianEstimator()).fields[0]!.constantCoordinates).toEqual([0, 2]);
  });

  it('counts missing coordinates inside vectors, which are no values', () => {
    const rows = Array.from({ length: 12 }, (_, i) => [i % 3 ? i : null, i % 4 ? 5 : undefined, Number.NaN, i]);
    const estimator = new DiagonalGaussianEstimator({ missing: null });
    const [at] = inspect(rows, estimator).fields;
    expect(at!.missingCoordinates).toEqual([
      { coordinate: 0, missing: 4 },
      { coordinate: 1, missing: 3 },
      { coordinate: 2, missing: 12 },
    ]);
    expect([at!.missing, at!.constantCoordinates]).toEqual([0, [1]]);
  });

  it('names every field that the estimator would refuse, with counts and first rows', () => {
    const rows = [
      { age: 40, height: null, town: 'Ulm' },
      { age: 'forty', height: 'tall', town: 'Ulm' },
      { age: Number.NaN, height: 180, town: undefined },
      'no record',
      { height: 170, town: 'Bonn' },
    ];
    const { violations, rowCount } = inspect(rows, person);
    expect(rowCount).toBe(5);
    expect(violations.map(({ path, count, rows: first, found }) => [path, count, first, found])).toEqual([
      ['age', 3, [1, 2, 4], 'forty'],
      ['height', 1, [1], 'tall'],
      ['town', 1, [2], undefined],
      ['', 1, [3], 'no record'],
    ]);
    expect(violations[0]!.expected).toBe('a finite number');
  });

  it('finds no violation exactly when the encoder takes all rows', () => {
    const rows = [{ age: 40, height: null, town: 'Ulm' }];
    expect(inspect(rows, person).violations).toEqual([]);
    expect(() => person.encoder().encode(rows as never)).not.toThrow();
  });

  it('tells missing rates, constant fields and levels seen once', () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({
      age: 30,
      height: i % 4 === 0 ? null : 170 + i,
      town: i === 5 ? 'Blon' : 'Bonn',
    }));
    const { fields } = inspect(rows, person);
    const none = { constantCoordinates: [], missingCoordinates: [], spikes: [] };
    expect(fields).toEqual([
      { path: 'age', count: 8, missing: 0, missingRate: 0, distinct: 1, isConstant: true, levelsSeenOnce: [], ...none },
      {
        path: 'height',
        count: 8,
        missing: 2,
        missingRate: 0.25,
        distinct: 6,
        isConstant: false,
        levelsSeenOnce: [],
        ...none,
      },
      {
        path: 'town',
        count: 8,
        missing: 0,
        missingRate: 0,
        distinct: 2,
        isConstant: false,
        levelsSeenOnce: [{ level: 'Blon', row: 5 }],
        ...none,
      },
    ]);
  });

  it("takes a missing value of one's own as missing", () => {
    const estimator = new OptionalEstimator(new GaussianEstimator(), { missing: -99 });
    expect(inspect([1, -99, 2, -99], estimator).fields[0]).toMatchObject({ missing: 2, distinct: 2 });
  });

  it('puts the items of a list into one field', () => {
    const estimator = new SequenceEstimator(
      new CompositeEstimator([new GaussianEstimator(), new CategoricalEstimator()]),
    );
    const { violations, fields } = inspect(
      [
        [
          [1, 'a'],
          ['x', 'b'],
        ],
        [],
        [
          [2, 'a'],
          [Number.NaN, 'a'],
        ],
      ],
      estimator,
    );
    expect(violations.map(({ path, count, rows }) => [path, count, rows])).toEqual([['[][0]', 2, [0, 2]]]);
    expect(fields.map(({ path, count }) => [path, count])).toContainEqual(['[][1]', 4]);
  });

  it('looks through a mixture', () => {
    const { violations } = inspect([{ age: 1, height: 2, town: {} }], new MixtureEstimator([person, person]));
    expect(violations.map(({ path }) => path)).toEqual(['town']);
  });

  it('takes no rows', () => {
    expect(inspect([], person)).toEqual({ rowCount: 0, violations: [], fields: [] });
  });
});

it('looks at rows that have no JSON', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const rows = [[1, 3n], cycle, cycle, [1, 2]];
  const { violations, fields } = inspect(rows as never, new MultivariateGaussianEstimator());
  expect(violations.flatMap((violation) => violation.rows)).toEqual([0, 1, 2]);
  expect(fields[0]!.distinct).toBe(3);
});
