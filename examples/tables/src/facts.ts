/** What the cells of a column hold, as few numbers and levels. */

import { LogGaussianEstimator, optimize } from '@dml/stats';
import { dateOf, isLocalDate } from './cells.js';
import type { Column } from './table.js';

/** Numbers, or what is read as numbers. */
export interface NumberFacts {
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** Sum of squared deviations over the count. */
  readonly variance: number;
  /** Of the natural logs; for columns that are read on the log scale. */
  readonly logMean?: number;
  readonly logVariance?: number;
}

/**
 * In two passes: the sum of squares about 0 has no digits left where numbers are far from it.
 * @param values  NaN where missing
 */
export function numberFacts(values: ArrayLike<number>): NumberFacts {
  let [count, sum, least, most] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (Number.isNaN(x)) continue;
    count++;
    sum += x;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) squares += (values[i]! - mean) ** 2;
  return { count, least, most, mean, variance: squares / count };
}

/** Mean and variance of the natural logs of numbers > 0; NaN where missing. With the same digits in every engine, as a fit has them. */
export function logMoments(values: Float64Array): { readonly logMean: number; readonly logVariance: number } {
  const present = presentNumbers(values);
  if (present.every((x) => x === present[0])) return { logMean: Math.log(present[0]!), logVariance: 0 };
  const { mu, sigma2 } = optimize(present, new LogGaussianEstimator()).model;
  return { logMean: mu, logVariance: sigma2 };
}

/** The numbers that are there, in their order. (A filter would make a list of all of them first.) */
export function presentNumbers(values: Float64Array): Float64Array {
  const present = new Float64Array(values.length);
  let count = 0;
  for (const x of values) if (!Number.isNaN(x)) present[count++] = x;
  return present.subarray(0, count);
}

export type Level = string | number | boolean;

/** How often each level stands in the column, the most frequent first; `undefined` above `most` different ones. */
export function levelCounts(column: Column, most = Infinity): readonly (readonly [Level, number])[] | undefined {
  const counts = new Map<Level, number>();
  if (column.kind === 'texts') {
    if (column.levels.length > most) return undefined;
    const byCode = new Float64Array(column.levels.length);
    for (const code of column.codes) if (code >= 0) byCode[code]!++;
    column.levels.forEach((level, code) => {
      counts.set(level, byCode[code]!);
    });
  } else {
    const { values } = column;
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (value === null || value === undefined || Number.isNaN(value) || (column.kind === 'booleans' && value === -1))
        continue;
      const level: Level =
        column.kind === 'booleans' ? value === 1 : typeof value === 'number' ? value : (value as Level);
      counts.set(level, (counts.get(level) ?? 0) + 1);
      if (counts.size > most) return undefined;
    }
  }
  return [...counts].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
}

/** Whether nearly all texts are dates in a spelling that is not read as one. */
export function areDates(levels: readonly string[]): boolean {
  const dates = levels.filter((level) => isLocalDate(level) || !Number.isNaN(dateOf(level)));
  return levels.length > 0 && dates.length >= 0.9 * levels.length;
}

/** A number with as many digits as a person wants: four, and all before the point. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return x.toExponential(2);
  const decimals = size === 0 ? 0 : Math.max(0, 3 - Math.max(0, Math.floor(Math.log10(size))));
  return x.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** The day of a moment: `2009-11-16`. */
export function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
