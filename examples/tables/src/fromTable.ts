/** Tables of other libraries, known by their shape: none of the libraries is needed here. */

import { ColumnBuilder } from './columnBuilder.js';
import { columnNames } from './columnNames.js';
import { type Column, shown, type Table, TableError } from './table.js';

/** The values of a column by index. */
interface Values {
  readonly length: number;
  at(row: number): unknown;
}

/** A name with its values. */
type Named = readonly [name: string, values: Values | ArrayLike<unknown>];

/** An Arrow table, of flechette or apache-arrow. DuckDB in a page gives such tables, too. */
interface ArrowLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly ArrowField[] };
  getChild(name: string): ArrowColumn | null | undefined;
}

interface ArrowField {
  readonly name: string;
  /** With a number for its kind, the same in all libraries: that of the Arrow format. */
  readonly type?: { readonly typeId?: unknown };
}

interface ArrowColumn {
  readonly length: number;
  readonly nullCount?: number;
  at?(row: number): unknown;
  get?(row: number): unknown;
  toArray?(): unknown;
}

/** A table of arquero. */
interface ArqueroLike {
  numRows(): number;
  columnNames(): readonly string[];
  /** The values in the order of the table, without filtered rows. */
  array(name: string): ArrayLike<unknown>;
}

/** What a DuckDB reader in Node holds after `runAndReadAll`. */
interface DuckdbLike {
  columnNames(): readonly string[];
  getColumns(): readonly ArrayLike<unknown>[];
  getColumnsJS?(): readonly ArrayLike<unknown>[];
}

/** A run of a column, as `onChunk` of hyparquet gives it; or a whole one, as hyparquet-writer takes it. */
type ColumnChunk =
  | { readonly columnName: string; readonly columnData: ArrayLike<unknown> }
  | { readonly name: string; readonly data: ArrayLike<unknown> };

/** What {@link fromTable} takes. */
export type TableSource =
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, ArrayLike<unknown>>>
  | readonly ColumnChunk[]
  | ArrowLike
  | ArqueroLike
  | DuckdbLike;

/**
 * The table that `source` holds, whatever made it: an array of objects; an object of arrays or typed arrays; a table of Arrow
 * (`@uwdata/flechette`, `apache-arrow`, DuckDB in a page) or of arquero; columns of hyparquet; a DuckDB reader of Node. Columns
 * are read one by one, no row is made, and a `Float64Array` is taken as it is.
 * @param name  for messages
 * @throws {TableError} for what is none of these, without rows, or with columns of different lengths
 * @example
 * fromTable({ x: Float64Array.of(1, 2), kind: ['a', 'b'] }).columns.map(({ kind }) => kind); // ['numbers', 'texts']
 */
export function fromTable(source: TableSource | unknown, name = 'the table'): Table {
  const columns = columnsOf(source, name);
  const { names, notes } = columnNames(columns.map(([given]) => given));
  const length = columns[0]?.[1].length ?? 0;
  for (const [given, values] of columns) {
    if (values.length === length) continue;
    throw new TableError(`${name}: "${given}" has ${values.length} values, "${columns[0]![0]}" has ${length}.`, {
      column: given,
    });
  }
  if (length === 0) throw new TableError(`${name} has no rows.`);
  return { length, columns: columns.map(([, values], j) => columnOf(names[j]!, values)), notes };
}

function columnsOf(source: unknown, name: string): readonly Named[] {
  if (typeof source !== 'object' || source === null || ArrayBuffer.isView(source)) throw noTable(source, name);
  if (Array.isArray(source)) return isChunks(source) ? joinChunks(source) : fieldsOf(source, name);
  if (isArrow(source)) return source.schema.fields.map((field) => [field.name, arrowValues(source, field.name)]);
  if (isArquero(source)) return source.columnNames().map((column) => [column, source.array(column)]);
  if (isDuckdb(source)) {
    const values = source.getColumnsJS?.() ?? source.getColumns();
    return source.columnNames().map((column, j) => [column, values[j]!]);
  }
  const entries = Object.entries(source);
  if (entries.length > 0 && entries.every(([, values]) => isList(values))) return entries;
  throw noTable(source, name);
}

function noTable(found: unknown, name: string): TableError {
  const what = Array.isArray(found) || typeof found !== 'object' ? shown(found) : `an object with ${keysOf(found)}`;
  return new TableError(
    `${name} must be a list of objects, an object of lists, or a table of Arrow, arquero, Parquet or DuckDB, found ${what}.`,
  );
}

function keysOf(object: object | null): string {
  const keys = Object.keys(object ?? {}).slice(0, 5);
  return keys.length === 0 ? 'no fields' : keys.map((key) => `"${key}"`).join(', ');
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isChunks(list: readonly unknown[]): list is readonly ColumnChunk[] {
  return (
    list.length > 0 &&
    list.every((chunk) => {
      const { columnName, columnData, name, data } = (chunk ?? {}) as Readonly<Record<string, unknown>>;
      return (typeof columnName === 'string' && isList(columnData)) || (typeof name === 'string' && isList(data));
    })
  );
}

/** The chunks of each column one after the other. */
function joinChunks(chunks: readonly ColumnChunk[]): readonly Named[] {
  const byName = new Map<string, ArrayLike<unknown>[]>();
  for (const chunk of chunks) {
    const [name, data] = 'columnName' in chunk ? [chunk.columnName, chunk.columnData] : [chunk.name, chunk.data];
    byName.set(name, [...(byName.get(name) ?? []), data]);
  }
  return Array.from(byName, ([name, parts]) => [name, parts.length === 1 ? parts[0]! : joined(parts)]);
}

function joined(parts: readonly ArrayLike<unknown>[]): Values {
  const ends: number[] = [];
  for (const part of parts) ends.push((ends.at(-1) ?? 0) + part.length);
  let current = 0;
  return {
    length: ends.at(-1)!,
    at(row) {
      // Rows are read in order, so the part is nearly always that of the row before.
      if (row < (ends[current - 1] ?? 0)) current = 0;
      while (row >= ends[current]!) current++;
      return parts[current]![row - (ends[current - 1] ?? 0)];
    },
  };
}

/** All fields that any object has, in order of first appearance. */
function fieldsOf(rows: readonly unknown[], name: string): readonly Named[] {
  const fields = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (typeof row !== 'object' || row === null || isList(row)) {
      throw new TableError(
        `${name}: row ${i + 1} must be an object with a field for each column, found ${shown(row)}.`,
        {
          row: i + 1,
        },
      );
    }
    for (const field of Object.keys(row)) fields.add(field);
  }
  return Array.from(fields, (field) => {
    // The name may be one that every object has, such as "constructor".
    const isCommon = field in Object.prototype;
    const at = (i: number) => {
      const row = rows[i] as Readonly<Record<string, unknown>>;
      return isCommon && !Object.hasOwn(row, field) ? undefined : row[field];
    };
    return [field, { length: rows.length, at }];
  });
}

function isArrow(source: object): source is ArrowLike {
  const { numRows, schema, getChild } = source as Partial<ArrowLike>;
  return typeof numRows === 'number' && Array.isArray(schema?.fields) && typeof getChild === 'function';
}

function isArquero(source: object): source is ArqueroLike {
  const { numRows, columnNames: names, array } = source as Partial<ArqueroLike>;
  return typeof numRows === 'function' && typeof names === 'function' && typeof array === 'function';
}

function isDuckdb(source: object): source is DuckdbLike {
  const { columnNames: names, getColumns } = source as Partial<DuckdbLike>;
  return typeof names === 'function' && typeof getColumns === 'function';
}

/** `Date` and `Timestamp` of the Arrow format. */
const MOMENTS: readonly unknown[] = [8, 10];

function arrowValues(table: ArrowLike, name: string): Values | ArrayLike<unknown> {
  const column = table.getChild(name);
  if (column === null || column === undefined) throw new TableError(`the table has no column "${name}".`);
  if (column.nullCount === 0) {
    const values = column.toArray?.();
    if (values instanceof Float64Array || values instanceof Int32Array || values instanceof Float32Array) return values;
  }
  const { length } = column;
  const at = (row: number) => (typeof column.at === 'function' ? column.at(row) : column.get!(row));
  const field = table.schema.fields.find((other) => other.name === name);
  if (!MOMENTS.includes(field?.type?.typeId)) return { length, at };
  // Dates and timestamps come as milliseconds.
  return {
    length,
    at(row) {
      const value = at(row);
      return typeof value === 'number' || typeof value === 'bigint' ? new Date(Number(value)) : value;
    },
  };
}

/** A column of values. */
export function columnOf(name: string, values: Values | ArrayLike<unknown>): Column {
  if (values instanceof Float64Array) {
    let missing = 0;
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) missing++;
    return { name, kind: 'numbers', values, missing, notes: [] };
  }
  const builder = new ColumnBuilder(name, values.length);
  if (isList(values)) for (let row = 0; row < values.length; row++) builder.add(values[row]);
  else for (let row = 0; row < values.length; row++) builder.add((values as Values).at(row));
  return builder.build();
}
