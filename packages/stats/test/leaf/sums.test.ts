import { expect, it } from 'vitest';
import { type NumberColumns, NumberEncoder, POSITIVE } from '../../src/leaf/numberEncoder.js';
import { LinearScores } from '../../src/leaf/scores.js';
import { SumsAccumulator } from '../../src/leaf/sums.js';

/** Three stored columns, as the inverse Gaussian or the generalised gamma need them. */
interface ThreeColumns extends NumberColumns {
  readonly logX: Float64Array;
  readonly inverse: Float64Array;
}

const encoder = new NumberEncoder<ThreeColumns>('Three', POSITIVE, {
  x: (x) => x,
  logX: Math.log,
  inverse: (x) => 1 / x,
});
const rows = [0.5, 1, 2, 4, 8, 16, 3];
const columns = encoder.encode(rows);

it('scores by three columns as the sum says, stored and added', () => {
  const scores = new LinearScores<ThreeColumns>({ x: -2, logX: 0.5, inverse: 3 }, 1);
  const out = new Float64Array(5);
  scores.score(columns, 1, 6, out);
  for (const [i, x] of rows.slice(1, 6).entries())
    expect(out[i]).toBeCloseTo(1 - 2 * x + 0.5 * Math.log(x) + 3 / x, 13);
  const doubled = out.map((value) => 2 * value);
  scores.add(columns, 1, 6, out);
  for (const [i, value] of doubled.entries()) expect(out[i]).toBeCloseTo(value, 12);
});

it('sums three columns by weight', () => {
  interface Statistic {
    readonly count: number;
    readonly sum: number;
    readonly sumOfLogs: number;
    readonly sumOfInverses: number;
  }
  const sums = { sum: 'x', sumOfLogs: 'logX', sumOfInverses: 'inverse' } as const;
  const accumulator = new SumsAccumulator<ThreeColumns, Statistic>('Three', sums);
  const weights = Float64Array.of(1, 2, 3, 0, 1, 0.5, 4);
  accumulator.seqUpdate(columns, 0, 7, weights);
  const total = (f: (x: number) => number) => rows.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);
  const value = accumulator.value();
  expect(value.count).toBe(11.5);
  expect(value.sum).toBe(total((x) => x));
  expect(value.sumOfLogs).toBeCloseTo(total(Math.log), 13);
  expect(value.sumOfInverses).toBeCloseTo(
    total((x) => 1 / x),
    13,
  );
  accumulator.combine(value);
  expect(accumulator.value().sum).toBe(2 * value.sum);
});
