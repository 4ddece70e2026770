import { GaussianDistribution, LogGaussianDistribution, OptionalDistribution, PoissonDistribution } from '@dml/stats';
import { fromTable, inferTypes } from '@dml-examples/tables';
import { expect, it } from 'vitest';
import { barsOf, binOf, countsOf, massesOf } from '../src/engine/bins.js';
import { parsedValue } from '../src/engine/cells.js';

const normal = Array.from({ length: 400 }, (_, i) => 100 + 15 * Math.sin(i) + 0.25 * (i % 7));
const skewed = Array.from({ length: 400 }, (_, i) => Math.exp(3 * Math.sin(i)));
const counts = Array.from({ length: 400 }, (_, i) => (i * i) % 23);
const table = fromTable({ normal, skewed, counts, colour: normal.map((_, i) => 'abc'[i % 3]!) });
const types = inferTypes(table, {
  types: { normal: 'number', skewed: 'positive', counts: 'count', colour: 'category' },
});
const column = (name: string) => types.find((type) => type.name === name)!;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it.each([
  ['normal', normal],
  ['skewed', skewed],
  ['counts', counts],
])('every value of %s is in one bin, the smallest in the first and the largest in the last', (name, values) => {
  const bars = barsOf(column(name))!;
  expect(sum(countsOf(bars, values))).toBe(400);
  expect(binOf(bars, Math.min(...values))).toBe(0);
  expect(binOf(bars, Math.max(...values))).toBe(bars.edges!.length - 2);
  values.forEach((value) => {
    const bin = binOf(bars, value);
    // Numbers on an edge may go either way by a rounding error.
    expect(value).toBeGreaterThanOrEqual(bars.edges![bin]! - 1e-9 * Math.abs(value));
    expect(value).toBeLessThanOrEqual(bars.edges![bin + 1]! + 1e-9 * Math.abs(value));
  });
});

it('gaps are in no bin, and levels in their own', () => {
  expect(countsOf(barsOf(column('normal'))!, [null, Number.NaN, 1e9, 100])).toSatisfy(
    (found: number[]) => sum(found) === 1,
  );
  expect(countsOf(barsOf(column('colour'))!, ['a', 'b', null, 'a'])).toEqual(
    column('colour').levels!.map(([level]) => ({ a: 2, b: 1, c: 0 })[String(level)]),
  );
});

it('the masses of a distribution over its bins are those of its tails, of an optional one among values that are there', () => {
  const bars = barsOf(column('normal'))!;
  const gaussian = new GaussianDistribution({ mu: 100, sigma2: 100 });
  const inside = gaussian.cdf(bars.edges!.at(-1)!) - gaussian.cdf(bars.edges![0]!);
  expect(sum(massesOf(bars, gaussian, []))).toBeCloseTo(inside, 12);
  const optional = new OptionalDistribution(gaussian, { p: 0.25 });
  expect(massesOf(bars, optional, [])).toEqual(massesOf(bars, gaussian, []));
  const logBars = barsOf(column('skewed'))!;
  expect(sum(massesOf(logBars, new LogGaussianDistribution({ mu: 0, sigma2: 0.1 }), []))).toBeCloseTo(1, 9);
  // A bin of a count holds one integer.
  const poisson = new PoissonDistribution({ lambda: 4 });
  massesOf(barsOf(column('counts'))!, poisson, []).forEach((mass, x) =>
    expect(mass).toBeCloseTo(poisson.density(x), 12),
  );
});

it.each([
  ['counts', '2.5', 'a whole number >= 0'],
  ['skewed', '0', 'a number > 0'],
  ['normal', 'much', 'a number'],
  ['colour', 'd', 'one of its levels'],
])('a value that %s cannot have is refused: %s', (name, text, expected) => {
  expect(() => parsedValue(column(name), text)).toThrow(`"${name}" must be ${expected}, found "${text}".`);
});
