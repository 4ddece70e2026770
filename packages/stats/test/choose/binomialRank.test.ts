import { describe, expect, it } from 'vitest';
import { binomialRank, type TrialGroup } from '../../src/choose/binomialRank.js';
import fc from '../property.js';

/** The log-likelihoods of all 2^N outcomes, one by one. */
function all(groups: readonly TrialGroup[]): number[] {
  const trials = groups.flatMap(({ p, count }) => Array<number>(count).fill(p));
  return Array.from({ length: 2 ** trials.length }, (_, outcome) =>
    trials.reduce((sum, p, i) => sum + Math.log((outcome >> i) & 1 ? p : 1 - p), 0),
  );
}

describe('binomialRank', () => {
  it('counts the outcomes that are at least as likely, as enumeration does', () => {
    const group = fc.record({ p: fc.double({ min: 0.01, max: 0.99, noNaN: true }), count: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 3 }), (groups) => {
        const values = all(groups);
        const rank = binomialRank(groups);
        expect(rank.probability.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(rank.lowest).toBeCloseTo(Math.min(...values), 10);
        const slack = groups.length * rank.step;
        for (const value of values) {
          // Between the number of outcomes that are surely as likely, and of those that may be.
          const found = rank.shareAtLeast(value) * values.length;
          expect(found).toBeGreaterThan(values.filter((other) => other >= value).length - 1e-6);
          expect(found).toBeLessThan(values.filter((other) => other >= value - slack - 1e-9).length + 1e-6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leaves out groups with one possible outcome, and is one point without others', () => {
    const rank = binomialRank([
      { p: 1, count: 4 },
      { p: 0, count: 2 },
      { p: 0.3, count: 0 },
    ]);
    expect(rank).toMatchObject({ lowest: 0, totalCount: 0 });
    expect(rank.shareAtLeast(0)).toBe(1);
    const alike = binomialRank([{ p: 0.5, count: 9 }]).probability;
    expect(alike.length).toBe(1);
    expect(alike[0]).toBeCloseTo(1, 12);
  });

  it('handles thousands of trials', () => {
    const rank = binomialRank([
      { p: 0.1, count: 3000 },
      { p: 0.7, count: 500 },
    ]);
    expect(rank.probability.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    // The middle of a symmetric distribution.
    expect(rank.shareAtLeast(3000 * 0.5 * Math.log(0.09) + 500 * 0.5 * Math.log(0.21))).toBeCloseTo(0.5, 1);
  });

  it('takes a billion trials in a moment', () => {
    const start = performance.now();
    const rank = binomialRank([{ p: 0.3, count: 2 ** 30 }]);
    expect(performance.now() - start).toBeLessThan(20_000); // one pass over all outcomes took minutes
    expect(rank.probability.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(() => binomialRank([{ p: 0.3, count: 2 ** 30 + 1 }])).toThrow('groups[0].count must be at most 1073741824');
  });

  it('refuses what is no group, and a step that is too small', () => {
    expect(() => binomialRank([{ p: 1.5, count: 1 }])).toThrow('groups[0].p must be a number in [0, 1]');
    expect(() => binomialRank([{ p: 0.5, count: -1 }])).toThrow('groups[0].count must be an integer >= 0');
    expect(() => binomialRank([{ p: 0.2, count: 5 }], { step: 1e-9 })).toThrow('step must be a number >=');
    expect(() => binomialRank([], { width: 3 } as never)).toThrow('unknown option "width"');
  });
});
