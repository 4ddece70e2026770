import { describe, expect, expectTypeOf, it } from 'vitest';
import { kFold } from '../../src/choose/kFold.js';
import { kFoldIndex, partition, partitionIndex } from '../../src/choose/split.js';
import { ParameterError } from '../../src/errors.js';
import { CategoricalEstimator } from '../../src/families/categorical.js';
import { GaussianDistribution, GaussianEstimator } from '../../src/families/gaussian.js';
import { optimize } from '../../src/fit/optimize.js';
import fc from '../property.js';

const uniforms = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 60 });

describe('kFoldIndex', () => {
  it('makes folds whose sizes differ by at most one', () => {
    fc.assert(
      fc.property(uniforms, fc.integer({ min: 2, max: 9 }), (u, k) => {
        const sizes = Array<number>(k).fill(0);
        for (const fold of kFoldIndex(u, k)) sizes[fold]! += 1;
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuses fewer than two folds', () => {
    expect(() => kFoldIndex([0.5], 1)).toThrow(ParameterError);
  });
});

describe('partition', () => {
  it('gives a tuple for proportions that are written out', () => {
    const parts = partition(['a', 'b', 'c', 'd', 'e'], [0.8, 0.2]);
    expectTypeOf(parts).toEqualTypeOf<[string[], string[]]>();
    const [train, test] = parts;
    expect([train.length, test.length]).toEqual([4, 1]);
    // @ts-expect-error there are two parts
    expect(parts[2]).toBeUndefined();
    const proportions: number[] = [0.5, 0.5];
    expectTypeOf(partition([1, 2], proportions)).toEqualTypeOf<number[][]>();
  });

  it('gives every row to one part when the proportions sum to 1', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, p) => {
        const parts = partition(rows, [p, 1 - p], { seed: 1 });
        expect(parts.flat().sort()).toEqual([...rows].sort());
      }),
    );
  });

  it('leaves out what the proportions leave out', () => {
    expect(
      partition(
        Array.from({ length: 10 }, (_, i) => i),
        [0.2, 0.3],
      ).map((part) => part.length),
    ).toEqual([2, 3]);
  });

  it('refuses more than there is', () => {
    expect(() => partitionIndex([0.1, 0.2], [0.7, 0.7])).toThrow(ParameterError);
    expect(() => partitionIndex([0.1, 0.2], [-0.1])).toThrow(ParameterError);
  });
});

describe('kFold', () => {
  const rows = new GaussianDistribution({ mu: 2, sigma2: 4 }).sampler(1).sample(90);
  const e = new GaussianEstimator();

  it('scores each row once, under a fit that has not seen it', () => {
    const { folds, logLikelihood } = kFold(rows, e, { folds: 3, seed: 4 });
    expect(folds.flatMap((fold) => [...fold.rows]).sort((a, b) => a - b)).toEqual([...rows.keys()]);
    const byHand = folds.map((fold) => {
      const left = new Set(fold.rows);
      const { model } = optimize(
        rows.filter((_, row) => !left.has(row)),
        e,
      );
      return [...left].reduce((sum, row) => sum + model.logDensity(rows[row]!), 0);
    });
    folds.forEach((fold, i) => expect(fold.logLikelihood).toBeCloseTo(byHand[i]!, 8));
    expect(logLikelihood).toBeCloseTo(
      byHand.reduce((a, b) => a + b),
      8,
    );
  });

  it('gives the mean per row and its standard error: of two equal folds, half their difference', () => {
    const even = rows.slice(0, 2 * Math.floor(rows.length / 2));
    const { folds, logLikelihood, meanLogLikelihood, standardError, seed } = kFold(even, e, { folds: 2, seed: 4 });
    const [first, second] = folds.map((fold) => fold.logLikelihood / fold.weight) as [number, number];
    expect(folds.map(({ weight }) => weight)).toEqual([even.length / 2, even.length / 2]);
    expect(meanLogLikelihood).toBeCloseTo(logLikelihood / even.length, 12);
    expect(standardError).toBeCloseTo(Math.abs(first - second) / 2, 12);
    expect(seed).toBe(4);
  });

  it('gives the same folds for the same seed', () => {
    const rowsOf = (seed: number) => kFold(rows, e, { folds: 3, seed }).folds.map((fold) => [...fold.rows]);
    expect(rowsOf(1)).toEqual(rowsOf(1));
    expect(rowsOf(1)).not.toEqual(rowsOf(2));
  });

  it('reaches a level that only one fold has by a pseudo count', () => {
    const levels = ['a', 'a', 'b', 'a', 'rare', 'b'];
    expect(kFold(levels, new CategoricalEstimator(), { folds: 6 }).logLikelihood).toBe(-Infinity);
    expect(kFold(levels, new CategoricalEstimator({ pseudoCount: 1 }), { folds: 6 }).logLikelihood).toBeGreaterThan(
      -20,
    );
  });

  it('refuses more folds than rows', () => {
    expect(() => kFold([1, 2], e, { folds: 3 })).toThrow(ParameterError);
  });
});
