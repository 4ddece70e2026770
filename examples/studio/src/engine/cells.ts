/** Cells of a table as numbers, and back from what a person types. */
import type { Column, ColumnType, Level, TypedColumn } from '@dml-examples/tables';

export type { Column, ColumnType, TypedColumn };

/** The numbers of a column that is not used; moments as days, as a model would see them. */
export function numbersOfColumn(column: Column): ArrayLike<unknown> {
  if (column.kind === 'dates') return column.values.map((moment) => moment / DAY);
  return column.kind === 'numbers' ? column.values : [];
}

const DAY = 86_400_000;

/**
 * A value that was typed into a field.
 * @throws {RangeError} with what is expected
 */
export function parsedValue({ name, type, levels }: TypedColumn, text: string): Level {
  if (levels !== undefined) {
    const level = levels.find(([known]) => String(known) === text);
    if (level === undefined) throw new RangeError(`"${name}" must be one of its levels, found "${text}".`);
    return level[0];
  }
  const number = type === 'date' ? Date.parse(text) / DAY : Number(text);
  const isWhole = type === 'count';
  const isBad = !Number.isFinite(number) || (isWhole && !(Number.isInteger(number) && number >= 0));
  if (text.trim() !== '' && !isBad && !(type === 'positive' && number <= 0)) return number;
  const expected = { count: 'a whole number >= 0', positive: 'a number > 0', date: 'a day like 2009-11-16' }[
    type as string
  ];
  throw new RangeError(`"${name}" must be ${expected ?? 'a number'}, found "${text}".`);
}

/** A value as the page shows it. */
export function shownValue({ type }: TypedColumn, value: unknown): string {
  if (type === 'date' && typeof value === 'number') return new Date(value * DAY).toISOString().slice(0, 10);
  if (typeof value === 'number') return String(Number(value.toPrecision(12)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
