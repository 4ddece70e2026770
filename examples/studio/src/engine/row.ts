/** One row: why it is odd, and what its values let expect of the others. */

import { type AnyDistribution, explain, marginal } from '@dml/stats';
import { digits, type TypedColumn } from '@dml-examples/tables';
import type { ShownRow, ShownValue } from '../protocol.js';
import { barsOf, levelsOf, massesOf } from './bins.js';
import { parsedValue, shownValue } from './cells.js';
import type { Opened } from './engine.js';
import { fieldsOf, type Mixture, usedColumns } from './picture.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * @param edits  values in place of those of the row; null empties one
 * @throws {RangeError} for a row that is not there, or a value that its column cannot have
 */
export function shownRow(
  { rows, types }: Opened,
  model: Mixture,
  row: number,
  edits: Readonly<Record<string, string | null>>,
): ShownRow {
  const found = rows[row];
  if (found === undefined) throw new RangeError(`The rows are 1 … ${rows.length}.`);
  const columns = usedColumns(types);
  const values: Record<string, unknown> = {};
  for (const column of columns) {
    const edit = edits[column.name];
    const value = edit === undefined ? found[column.name] : edit === null ? null : parsedValue(column, edit);
    // A value that the file lacks is known to be missing; one that was emptied is not known.
    const isKnown = (value !== null && value !== undefined) || (edit === undefined && column.missing > 0);
    if (isKnown) values[column.name] = value ?? null;
  }
  const { logDensity, parts } = partsOf(model, values);
  return {
    row,
    isEdited: Object.keys(edits).length > 0,
    logDensity,
    responsibilities: sharesOf(model, values),
    values: columns.map((column) => shownValueOf(model, column, values, parts)),
  };
}

interface Part {
  readonly path: readonly unknown[];
  readonly of: string;
  readonly logDensity: number;
  readonly tail: number | undefined;
}

/** Of the values that are known, whatever the others are. */
function partsOf(model: Mixture, values: Values): { readonly logDensity: number; readonly parts: readonly Part[] } {
  const names = Object.keys(values);
  if (names.length === 0) return { logDensity: 0, parts: [] };
  return explain(marginal(model as AnyDistribution, names), values);
}

/** P(component | these values); without any the weights. */
function sharesOf(model: Mixture, values: Values): readonly number[] {
  const names = Object.keys(values);
  if (names.length === 0) return model.w;
  return (marginal(model as AnyDistribution, names) as Mixture).posterior(values);
}

function shownValueOf(model: Mixture, column: TypedColumn, values: Values, parts: readonly Part[]): ShownValue {
  const { name } = column;
  const isKnown = name in values;
  const isThere = isKnown && values[name] !== null;
  const { [name]: _, ...others } = values;
  const shares = sharesOf(model, others);
  const ofValue = parts.filter(({ path }) => path[0] === name);
  const tail = ofValue.find(({ of }) => of === 'value')?.tail;
  const bars = barsOf(column);
  return {
    field: name,
    value: isThere ? shownValue(column, values[name]) : null,
    ...(column.levels && { levels: column.levels.map(([level]) => String(level)) }),
    ...(isThere && { logDensity: ofValue.reduce((sum, part) => sum + part.logDensity, 0) }),
    ...(isThere && tail !== undefined && { tail }),
    ...(isKnown &&
      !isThere &&
      ofValue.length > 0 && { missing: Math.exp(ofValue.reduce((sum, part) => sum + part.logDensity, 0)) }),
    expected: expectedOf(column, fieldsOf(model, name), shares),
    ...(!isThere && bars !== undefined && { distribution: mixed(column, fieldsOf(model, name), shares) }),
  };
}

function mixed(column: TypedColumn, fields: readonly AnyDistribution[], shares: readonly number[]): number[] {
  const bars = barsOf(column)!;
  const sums = new Array<number>(bars.levels?.length ?? bars.edges!.length - 1).fill(0);
  fields.forEach((field, k) => {
    massesOf(bars, field, levelsOf(column)).forEach((mass, at) => {
      sums[at]! += shares[k]! * mass;
    });
  });
  return sums;
}

/** The most probable level with its probability, or mean and standard deviation. */
function expectedOf(column: TypedColumn, fields: readonly AnyDistribution[], shares: readonly number[]): string {
  const present = fields.map((field) => (field.toJSON() as { readonly dist?: AnyDistribution }).dist ?? field);
  if (column.levels !== undefined) {
    const chances = levelsOf(column).map((level) => ({
      level,
      p: present.reduce((sum, field, k) => sum + shares[k]! * field.density(level), 0),
    }));
    const { level, p } = chances.reduce((high, other) => (other.p > high.p ? other : high));
    return `${String(level)} (${(100 * p).toFixed(0)} %)`;
  }
  const moments = present.map((field) => [field.mean, field.variance] as const);
  if (!moments.every(([mean, variance]) => typeof mean === 'number' && typeof variance === 'number')) return '';
  const mean = moments.reduce((sum, [m], k) => sum + shares[k]! * (m as number), 0);
  const variance = moments.reduce((sum, [m, v], k) => sum + shares[k]! * (v! + ((m as number) - mean) ** 2), 0);
  if (column.type === 'date') return `${shownValue(column, Math.round(mean))} ± ${digits(Math.sqrt(variance))} days`;
  return `${digits(mean)} ± ${digits(Math.sqrt(variance))}`;
}
