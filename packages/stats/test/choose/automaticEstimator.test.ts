import { describe, expect, it } from 'vitest';
import { NormalGammaDistribution } from '../../src/bayes/normalGamma.js';
import { type AutomaticChoice, automaticEstimator } from '../../src/choose/automaticEstimator.js';
import { automaticMixture } from '../../src/choose/automaticMixture.js';
import { mergeProfiles, profileRows } from '../../src/choose/rowProfile.js';
import { ParameterError } from '../../src/errors.js';
import type { GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import { addExactly, momentsOfSums, roundedSum } from '../../src/numeric/exactSum.js';
import fc from '../property.js';

const many = (count: number, row: (i: number) => unknown) => Array.from({ length: count }, (_, i) => row(i));
const familiesOf = (choices: readonly AutomaticChoice[]) =>
  choices.map(({ path, family }) => `${path} ${family}`.trim());

describe('the family of one value', () => {
  it.each<readonly [string, unknown[], string]>([
    ['numbers with fractions', many(30, (i) => Math.sin(i)), 'Gaussian'],
    ['positive numbers over orders of magnitude', many(30, (i) => 1.5 ** i), 'LogGaussian'],
    ['numbers of which one is near 0', [0.001, ...many(40, (i) => 50 + 9 * Math.sin(i))], 'Gaussian'],
    ['few integers', many(30, (i) => i % 3), 'Categorical'],
    ['counts that vary more than a Poisson', many(90, (i) => (i * i) % 71), 'NegativeBinomial'],
    ['counts that do not', many(90, (i) => 40 + ((i * 7) % 25)), 'Gaussian'],
    ['integers of both signs', many(90, (i) => ((i * i) % 71) - 30), 'Gaussian'],
    ['row numbers', many(50, (i) => i + 1), 'Ignored'],
    ['truth values', [true, false, true], 'Bernoulli'],
    ['labels', ['a', 'b', 'a'], 'Categorical'],
    ['prose', many(50, (i) => `text ${i}`), 'Ignored'],
    ['dates', [new Date(0), new Date(1)], 'Ignored'],
    ['bigints', [1n, 2n], 'Ignored'],
    ['sets', [new Set(['a', 'b']), new Set(['a']), new Set<string>()], 'BernoulliSet'],
    ['typed arrays of one length', many(9, (i) => Float64Array.of(i, Math.sin(i))), 'DiagonalGaussian'],
    [
      'typed arrays with NaN',
      many(9, (i) => Float64Array.of(i % 4 === 0 ? Number.NaN : i, Math.sin(i))),
      'DiagonalGaussian',
    ],
    ['typed arrays with Infinity', [Float64Array.of(1, Infinity), Float64Array.of(2, 1)], 'Ignored'],
    ['typed arrays of several lengths', [Float64Array.of(1, 2), Float64Array.of(1, 2, 3)], 'Ignored'],
    ['typed arrays among lists', [Float64Array.of(1.5), [2.5]], 'Ignored'],
    ['one word among many numbers', [...many(40, (i) => Math.sin(i)), 'n/a', 'n/a'], 'Optional'],
    ['labels and integers', ['a', 1, 'a', 2], 'Categorical'],
    ['numbers and lists', [1, [2]], 'Ignored'],
    ['infinite numbers', [1.5, Infinity], 'Ignored'],
    ['nothing', [null, null], 'Ignored'],
  ])('of %s', (_, rows, family) => {
    const { estimator, choices } = automaticEstimator(rows);
    expect(choices[0]!.family).toBe(family);
    expect(choices[0]!.reason).not.toBe('');
    expect(Number.isFinite(optimize(rows, estimator).objective)).toBe(true);
    const known = automaticEstimator(rows, { conjugate: true }).estimator;
    expect(Number.isFinite(optimize(rows, known).objective)).toBe(true);
  });
});

describe('nested rows', () => {
  const rows = many(60, (i) => ({
    id: `visitor ${i}`,
    age: i % 7 === 0 ? null : 30 + 9 * Math.sin(i),
    ...(i % 5 === 4 ? {} : { town: i % 2 ? 'Ulm' : 'Bonn' }),
    visits: many(1 + (i % 4), (j) => ({ minutes: j + Math.cos(i), paid: j % 2 === 0 })),
    size: [Math.sin(i), i % 2 ? 'l' : 's'],
  }));
  const { estimator, choices } = automaticEstimator(rows);

  it('get a family at each place, in words', () => {
    expect(familiesOf(choices)).toEqual([
      'Record',
      ...['id Ignored', 'age Optional', 'age Gaussian', 'town Optional', 'town Categorical'],
      ...['visits Sequence', 'visits[] Record', 'visits[].minutes Gaussian', 'visits[].paid Bernoulli'],
      ...['size Composite', 'size[0] Gaussian', 'size[1] Categorical'],
    ]);
    expect(choices.find(({ path }) => path === 'id')!.reason).toBe('60 different texts in 60 rows: names or prose');
    expect(choices.find(({ family }) => family === 'Sequence')!.reason).toBe('60 lists of 1 to 4 values');
  });

  it('are fitted, scored and drawn by what was chosen', () => {
    const { model } = optimize(rows, estimator);
    expect(Number.isFinite(model.logDensity(rows[3]))).toBe(true);
    expect(Object.keys(model.sampler(1).sample() as object)).toEqual(['id', 'age', 'town', 'visits', 'size']);
  });
});

it('pulls leaves towards the whole by as many rows as the user says', () => {
  const prior = ({ estimator }: ReturnType<typeof automaticEstimator>) =>
    (estimator as unknown as GaussianEstimator).options;
  const rows = { mu: 1, muCount: 3, sigma2: 0.25, sigma2Count: 3 };
  expect(prior(automaticEstimator([0.5, 1.5], { pseudoCount: 3 })).prior).toEqual(
    NormalGammaDistribution.ofImaginaryRows(rows),
  );
  expect(prior(automaticEstimator([0.5, 1.5], { pseudoCount: 0 }))).toEqual({});
  expect(prior(automaticEstimator([0.5, 1.5], { conjugate: true })).prior).toMatchObject({ mu: 1, lambda: 0.01 });
});

it("refuses what is no list, no rows' option, and no number", () => {
  expect(() => automaticEstimator(3 as never)).toThrow(/rows/);
  expect(() => automaticEstimator([1], { pseudoCount: -1 })).toThrow(ParameterError);
  expect(() => automaticEstimator([1], { maxLevel: 3 } as never)).toThrow(/did you mean "maxLevels"/);
});

/** Rows of every kind. */
const anyRow = fc.letrec((tie) => ({
  row: fc.oneof(
    { depthSize: 'small' },
    fc.double({ min: -1e9, max: 1e9 }),
    fc.integer({ min: 0, max: 40 }),
    fc.constantFrom('a', 'b', null, true),
    fc.array(tie('row'), { maxLength: 3 }),
    fc.record({ x: tie('row'), y: tie('row') }, { requiredKeys: ['x'] }),
  ),
})).row;

it('sees the same in the parts of the rows as in the whole, wherever they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyRow, { minLength: 1, maxLength: 20 }),
      fc.array(fc.nat(20), { maxLength: 4 }),
      (rows, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, rows.length)).sort((a, b) => a - b), rows.length];
        const parts = edges.slice(1).map((end, k) => profileRows(rows.slice(edges[k], end)));
        const merged = automaticEstimator(mergeProfiles(parts));
        const whole = automaticEstimator(rows);
        expect(merged.choices).toEqual(whole.choices);
        expect(JSON.stringify(merged.estimator)).toBe(JSON.stringify(whole.estimator));
      },
    ),
    { numRuns: 150 },
  );
});

it('takes any rows whatever: what it infers encodes them', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), (rows) => {
      const { estimator } = automaticEstimator(rows);
      expect(estimator.encoder().encode(rows).rowCount).toBe(rows.length);
    }),
    { numRuns: 150 },
  );
});

describe('exact sums', () => {
  it('do not depend on the order, and round once', () => {
    const sum: number[] = [];
    for (const x of [1e100, 1, -1e100, 1e-20, 3]) addExactly(sum, x);
    expect(roundedSum(sum)).toBe(4);
  });

  it('round to the same number for all orders and cuts of the terms', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 }),
        fc.nat(),
        (terms, at) => {
          const cut = at % terms.length;
          const whole: number[] = [];
          for (const x of terms) addExactly(whole, x);
          const turned: number[] = [];
          for (const x of [...terms.slice(cut), ...terms.slice(0, cut)].reverse()) addExactly(turned, x);
          expect(roundedSum(turned)).toBe(roundedSum(whole));
        },
      ),
      { numRuns: 300 },
    );
    expect(roundedSum([2 ** -60, 2 ** -53, 1])).toBe(1 + 2 ** -52); // just above half of the last digit
    expect(roundedSum([-(2 ** -60), 2 ** -53, 1])).toBe(1);
    expect(roundedSum([])).toBe(0);
  });

  it('keep the variance of numbers far from 0', () => {
    const rows = [1e9 + 1, 1e9 + 2, 1e9 + 3];
    const { sum, squares } = profileRows(rows);
    expect(momentsOfSums(3, sum, squares)).toEqual({ mean: 1e9 + 2, variance: 2 / 3 });
  });
});

describe('automaticMixture', () => {
  const rows = many(240, (i) => ({ size: [0, 9, 25][i % 3]! + Math.sin(i), kind: ['s', 'm', 'l'][i % 3]! }));

  it('has the components that the rows ask for', () => {
    const { model, fit, choices } = automaticMixture(rows, { truncation: 8 });
    expect(model.w.length).toBe(3);
    expect(model.w.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(fit.model.components.length).toBe(8);
    expect(familiesOf(choices)).toEqual(['Record', 'size Gaussian', 'kind Categorical']);
  });

  it('has one component for equal rows, also for few of them', () => {
    // With few rows the process leaves two components with the same parameters.
    for (const count of [3, 5, 10]) {
      const { model, fit } = automaticMixture(new Array<string>(count).fill('q'), { fit: { seed: 1 } });
      expect(fit.model.w.filter((w) => w * count >= 0.5).length).toBeGreaterThan(1);
      expect(model.components).toHaveLength(1);
      expect(model.w).toEqual([1]);
    }
  });

  it('refuses options that it does not have', () => {
    expect(() => automaticMixture(rows, { conjugate: true } as never)).toThrow(/conjugate/);
    expect(() => automaticMixture(rows, { leastRows: 0 })).toThrow(/leastRows/);
  });

  it('names a row that holds itself', () => {
    const row: Record<string, unknown> = { name: 'a' };
    row.parent = row;
    expect(() => automaticEstimator([{ name: 'b' }, row])).toThrow(expect.objectContaining({ code: 'DATA', row: 1 }));
  });
});
