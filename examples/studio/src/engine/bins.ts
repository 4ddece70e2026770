/** Bins of numbers and levels, so that pictures do not depend on the number of rows. */

import type { AnyDistribution, Rows } from '@dml/stats';
import type { Row, TypedColumn } from '@dml-examples/tables';
import type { Bars } from '../protocol.js';

const BINS = 36;
/** Levels beyond these are not drawn. */
const MAX_LEVELS = 12;

/** How a column is drawn; `undefined` for one that is not. */
export function barsOf(column: TypedColumn): Bars | undefined {
  const { levels, numbers, type } = column;
  if (levels !== undefined) return { levels: levels.slice(0, MAX_LEVELS).map(([level]) => String(level)) };
  if (numbers === undefined || numbers.count === 0) return undefined;
  const { least, most } = numbers;
  const isLog = type === 'positive' && least > 0 && most > least;
  const isWhole = type === 'count' || type === 'integer';
  if (isWhole && most - least < BINS) {
    return { edges: Array.from({ length: most - least + 2 }, (_, i) => least - 0.5 + i) };
  }
  const [from, to] = isLog ? [Math.log(least), Math.log(most)] : [least, most];
  const width = to > from ? to - from : 1;
  const edges = Array.from({ length: BINS + 1 }, (_, i) => {
    const at = from + (width * i) / BINS;
    return isLog ? Math.exp(at) : at;
  });
  return { edges, isLog, isDate: type === 'date' };
}

/** The bin or level of a value; -1 for none. */
export function binOf({ edges, levels, isLog }: Bars, value: unknown): number {
  if (levels !== undefined) return levels.indexOf(String(value));
  if (typeof value !== 'number') return -1;
  const first = edges![0]!;
  const last = edges!.at(-1)!;
  const count = edges!.length - 1;
  const share = isLog ? Math.log(value / first) / Math.log(last / first) : (value - first) / (last - first);
  // The largest value stands on the last edge, give or take a rounding error.
  return share < -1e-9 || share > 1 + 1e-9 ? -1 : Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** Rows per bin of a field. */
export function countsOf(bars: Bars, values: ArrayLike<unknown>): number[] {
  const counts = new Array<number>(bars.levels?.length ?? bars.edges!.length - 1).fill(0);
  const places = new Map(bars.levels?.map((level, at) => [level, at]));
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) continue;
    const bin = bars.levels === undefined ? binOf(bars, value) : (places.get(String(value)) ?? -1);
    if (bin >= 0) counts[bin]!++;
  }
  return counts;
}

/** The values of a column that is used, as rows have them. */
export function valuesOf(rows: Rows<Row>, name: string): ArrayLike<unknown> {
  return (rows as Rows<Row> & { column(name: string): ArrayLike<unknown> }).column(name);
}

/** A model of one field, perhaps optional. */
interface FieldModel {
  readonly type: string;
  readonly dist?: AnyDistribution;
  readonly p?: unknown;
}

/** The probability of each bin or level, among values that are there. */
export function massesOf(bars: Bars, model: AnyDistribution, levels: readonly unknown[]): number[] {
  const { type, dist } = model.toJSON() as FieldModel;
  if (type === 'Optional') return massesOf(bars, dist!, levels);
  if (bars.levels !== undefined) return levels.slice(0, bars.levels.length).map((level) => model.density(level));
  const edges = bars.edges!;
  const cdf = (model as { cdf?: (x: number) => number }).cdf?.bind(model);
  if (cdf === undefined) return new Array<number>(edges.length - 1).fill(0);
  const below = edges.map((edge) => cdf(edge));
  return below.slice(1).map((p, i) => Math.max(0, p - below[i]!));
}

/** The levels of a column as rows have them, in the order of its bars. */
export function levelsOf({ levels = [] }: TypedColumn): readonly unknown[] {
  return levels.map(([level]) => level);
}
