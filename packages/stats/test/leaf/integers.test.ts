import { describe, expect, it } from 'vitest';
import { IntegerAccumulator, IntegerEncoder, IntegerScores, type IntegerStatistic } from '../../src/leaf/integers.js';
import fc from '../property.js';

const encoder = new IntegerEncoder('Binomial', 0);
const rowsOf = ({ codes, values }: ReturnType<typeof encoder.encode>) => Array.from(codes, (code) => values[code]!);

/** Counts that lie close together, and counts that lie far apart: the two ways to hold values. */
const counts = fc.array(fc.oneof(fc.nat(50), fc.nat(1e6), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })), {
  maxLength: 40,
});

describe('columns of integers', () => {
  it('hold far values without those between', () => {
    const { codes, values } = encoder.encode([1e9, 0, 7, 0]);
    expect([...codes]).toEqual([2, 0, 1, 0]);
    expect([...values]).toEqual([0, 7, 1e9]);
    expect([...encoder.encode([3, 1]).values]).toEqual([1, 2, 3]);
  });

  it('are joined to what encoding all rows at once gives, however far the parts lie apart', () => {
    fc.assert(
      fc.property(fc.array(counts, { minLength: 1, maxLength: 4 }), (parts) => {
        const whole = encoder.encode(parts.flat());
        const joined = encoder.concat(parts.map((rows) => encoder.encode(rows)));
        expect(joined).toEqual(whole);
        expect(rowsOf(joined)).toEqual(parts.flat());
      }),
    );
  });

  it('give the same statistic in any grouping, by value', () => {
    fc.assert(
      fc.property(counts, counts, (left, right) => {
        const sum = (rows: readonly number[]) => {
          const columns = encoder.encode(rows);
          const accumulator = new IntegerAccumulator('Binomial', columns);
          accumulator.seqUpdate(columns, 0, rows.length, new Float64Array(rows.length).fill(0.5));
          return accumulator;
        };
        const parts = sum(left);
        parts.combine(sum(right).value());
        const weights = ({ values, counts }: IntegerStatistic) =>
          Array.from(values, (value, k) => [value, counts[k]!]).filter(([, count]) => count !== 0);
        expect(weights(parts.value())).toEqual(weights(sum([...left, ...right]).value()));
      }),
    );
  });

  it('score by table or row by row alike', () => {
    const scores = new IntegerScores((x) => -x / 3);
    for (const rows of [
      [0, 1e9, 5, 5, 0, 1e9],
      [2, 9000],
      [4, 4, 4, 5],
    ]) {
      const out = new Float64Array(rows.length);
      scores.score(encoder.encode(rows), 0, rows.length, out);
      expect([...out]).toEqual(rows.map((x) => -x / 3));
      scores.add(encoder.encode(rows), 0, rows.length, out);
      expect([...out]).toEqual(rows.map((x) => -x / 3 - x / 3));
    }
  });
});
