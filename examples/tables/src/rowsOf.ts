/** The rows of a table as a model sees them: fields of the types that were chosen, without an object for each row. */

import type { ColumnRows } from '@dml/stats';
import { booleanOf, dateOf, numberOf } from './cells.js';
import type { ColumnType, ReadAs } from './columnTypes.js';
import { nearest } from './nearest.js';
import { type Column, cellAt, shown, type Table, TableError } from './table.js';

/** One row: a field for each column that is used; null where it is missing. */
export type Row = Readonly<Record<string, unknown>>;

const DAY = 86_400_000;

/**
 * The rows of `table`, read as `types` say. They are kept as columns: a record encodes them without making a row, and `rows[i]`
 * makes one.
 * @param types  the columns that become fields: all those of `inferTypes` with `isUsed`, or those that a model file names
 * @param start  the first row, and the one after the last: all rows unless said
 * @throws {TableError} for a column that is not there, and at the first cell that its type cannot hold
 * @example
 * const table = fromTable({ age: [31.5, null], town: ['Ulm', 'Bonn'] });
 * rowsOf(table, inferTypes(table, { types: { age: 'number', town: 'category' } }))[1]; // { age: null, town: 'Bonn' }
 */
export function rowsOf(
  table: Table,
  types: readonly (ReadAs & { readonly isUsed?: boolean })[],
  start = 0,
  end = table.length,
): ColumnRows<Row> {
  const used = types.filter(({ isUsed }) => isUsed !== false);
  const readers = new Map(used.map((type) => [type.name, readerOf(columnNamed(table, type.name), type)]));
  return view(readers, start, end);
}

function columnNamed(table: Table, name: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = table.columns.map((column) => column.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `The columns are ${names.join(', ')}.` : `Is it "${meant}" here?`;
  throw new TableError(`the table has no column "${name}". ${hint}`, { column: name });
}

/** A column as its type reads it. */
interface Reader {
  at(row: number): unknown;
  /** The cells of rows `[start, end)`. */
  list(start: number, end: number): ArrayLike<unknown>;
}

function readerOf(column: Column, type: ReadAs): Reader {
  const at = cellReader(column, type);
  if (column.kind === 'numbers' && column.missing === 0 && isNumeric(type.type)) {
    checkNumbers(column, type.type);
    return { at, list: (start, end) => column.values.subarray(start, end) };
  }
  if (isNumeric(type.type)) checkNumbers(column, type.type);
  return { at, list: (start, end) => Array.from({ length: end - start }, (_, i) => at(start + i)) };
}

function isNumeric(type: ColumnType): boolean {
  return type === 'number' || type === 'positive' || type === 'integer' || type === 'count' || type === 'date';
}

/** What the cell of a row becomes. */
function cellReader(column: Column, { type, levelKind }: ReadAs): (row: number) => unknown {
  if (isNumeric(type)) {
    const numbers = column.kind === 'numbers' ? column.values : numbersOf(column, type);
    return (row) => (Number.isNaN(numbers[row]) ? null : numbers[row]);
  }
  if (type === 'boolean') return (row) => truthOf(column, row);
  if (type === 'nested') return (row) => cellAt(column, row);
  if (column.kind === 'others') return (row) => cellAt(column, row); // levels of several kinds
  if (levelKind === 'numbers' && column.kind === 'texts') {
    const levels = column.levels.map((level) => (Number.isNaN(numberOf(level)) ? level : numberOf(level)));
    return (row) => levels[column.codes[row]!] ?? null;
  }
  if (levelKind === column.kind || (levelKind === undefined && column.kind !== 'dates'))
    return (row) => cellAt(column, row);
  return (row) => {
    const cell = cellAt(column, row);
    if (cell === null) return null;
    return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
  };
}

function truthOf(column: Column, row: number): boolean | null {
  const cell = cellAt(column, row);
  if (cell === null || typeof cell === 'boolean') return cell;
  const truth = cell === 1 || cell === 0 ? cell === 1 : booleanOf(String(cell));
  if (truth !== undefined) return truth;
  throw wrong(column, row, 'true or false', cell);
}

/**
 * The cells as numbers, NaN where missing; moments as days.
 * @throws {TableError} at the first cell that is none
 */
export function numbersOf(column: Column, type: ColumnType): Float64Array {
  if (column.kind === 'numbers') return column.values;
  if (column.kind === 'dates') return column.values.map((time) => time / DAY);
  const expected = type === 'date' ? 'a date such as 2009-11-16' : 'a number';
  if (column.kind === 'texts') {
    const levels = column.levels.map((level) => (type === 'date' ? dateOf(level) / DAY : numberOf(level)));
    return Float64Array.from(column.codes, (code, row) => {
      if (code < 0) return Number.NaN;
      if (Number.isNaN(levels[code])) throw wrong(column, row, expected, column.levels[code]);
      return levels[code]!;
    });
  }
  return Float64Array.from(column.values, (_, row) => {
    const cell = cellAt(column, row);
    if (cell === null) return Number.NaN;
    if (typeof cell === 'boolean') return Number(cell);
    if (typeof cell !== 'number') throw wrong(column, row, expected, cell);
    return cell;
  });
}

/** @throws {TableError} at the first number that the type cannot hold */
export function checkNumbers(column: Column, type: ColumnType): void {
  if (type === 'date' && column.kind === 'dates') return;
  const numbers = numbersOf(column, type);
  const [expected, holds] = RULES[type as keyof typeof RULES] ?? RULES.number;
  for (let row = 0; row < numbers.length; row++) {
    const x = numbers[row]!;
    if (!Number.isNaN(x) && !holds(x)) throw wrong(column, row, expected, x);
  }
}

const RULES = {
  number: ['a finite number', Number.isFinite],
  positive: ['a number > 0', (x: number) => x > 0 && x < Infinity],
  count: ['a whole number >= 0', (x: number) => Number.isSafeInteger(x) && x >= 0],
} as const;

function wrong(column: Column, row: number, expected: string, found: unknown): TableError {
  return new TableError(`row ${row + 1}, column "${column.name}" must be ${expected}, found ${shown(found)}.`, {
    row: row + 1,
    column: column.name,
  });
}

/** Rows `[start, end)`: an array of which each row is made when it is read. */
function view(readers: ReadonlyMap<string, Reader>, start: number, end: number): ColumnRows<Row> {
  const length = end - start;
  const rowAt = (i: number): Row => Object.fromEntries(Array.from(readers, ([name, { at }]) => [name, at(start + i)]));
  const own = {
    length,
    column: (name: string, from = 0, to = length): ArrayLike<unknown> => {
      const reader = readers.get(name);
      if (reader !== undefined) return reader.list(start + from, start + to);
      return new Array(to - from).fill(undefined); // as reading this field of each row
    },
    slice: (from = 0, to = length): ColumnRows<Row> => {
      const first = Math.min(length, from < 0 ? Math.max(0, length + from) : from);
      const last = Math.min(length, to < 0 ? Math.max(0, length + to) : to);
      return view(readers, start + first, start + Math.max(first, last));
    },
  };
  const indexOf = (key: string | symbol): number => {
    if (typeof key !== 'string' || !/^\d+$/.test(key)) return -1;
    const i = Number(key);
    return i < length ? i : -1;
  };
  const target: readonly Row[] = [];
  return new Proxy(target, {
    get(list, key) {
      if (Object.hasOwn(own, key)) return own[key as keyof typeof own];
      const i = indexOf(key);
      return i >= 0 ? rowAt(i) : Reflect.get(list, key);
    },
    has: (list, key) => Object.hasOwn(own, key) || indexOf(key) >= 0 || Reflect.has(list, key),
  }) as ColumnRows<Row>; // it has an index for each row, and `column`
}
