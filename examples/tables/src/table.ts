/** A table: columns of equal length. Plain data, so that it can be sent to a worker. */

/** What every column has. */
interface ColumnFacts {
  readonly name: string;
  /** How many cells are empty, or stand for a gap. */
  readonly missing: number;
  /** What was decided while reading that a person should know, in sentences. */
  readonly notes: readonly string[];
}

/** Numbers; NaN where missing. */
export interface NumberColumn extends ColumnFacts {
  readonly kind: 'numbers';
  readonly values: Float64Array;
}

/** Texts: cell i is `levels[codes[i]]`, and missing where the code is -1. */
export interface TextColumn extends ColumnFacts {
  readonly kind: 'texts';
  readonly codes: Int32Array;
  /** In order of first appearance. */
  readonly levels: readonly string[];
}

/** Truth values as 1 and 0; -1 where missing. */
export interface BooleanColumn extends ColumnFacts {
  readonly kind: 'booleans';
  readonly values: Int8Array;
}

/** Moments in milliseconds since 1970, UTC; NaN where missing. */
export interface DateColumn extends ColumnFacts {
  readonly kind: 'dates';
  readonly values: Float64Array;
}

/** Lists, objects, sets, and values of several kinds; null or undefined where missing. */
export interface OtherColumn extends ColumnFacts {
  readonly kind: 'others';
  readonly values: ArrayLike<unknown>;
}

export type Column = NumberColumn | TextColumn | BooleanColumn | DateColumn | OtherColumn;

export interface Table {
  /** How many rows. */
  readonly length: number;
  /** In the order of the source; names differ. */
  readonly columns: readonly Column[];
  /** What was decided while reading that concerns the whole table, in sentences. */
  readonly notes: readonly string[];
}

/** What is wrong with a file or a table, and where. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly code = 'TABLE';
  /** Number of the row, from 1; `undefined` where the whole column or file is meant. */
  readonly row: number | undefined;
  readonly column: string | undefined;

  constructor(message: string, place: { readonly row?: number; readonly column?: string } = {}) {
    super(message);
    this.row = place.row;
    this.column = place.column;
  }
}

/** One cell: a number, a text, a truth value, a Date, or what a column of others holds; null where missing. */
export function cellAt(column: Column, row: number): unknown {
  switch (column.kind) {
    case 'numbers':
      return Number.isNaN(column.values[row]) ? null : column.values[row];
    case 'texts':
      return column.levels[column.codes[row]!] ?? null;
    case 'booleans':
      return column.values[row]! < 0 ? null : column.values[row] === 1;
    case 'dates':
      return Number.isNaN(column.values[row]) ? null : new Date(column.values[row]!);
    case 'others':
      return column.values[row] ?? null;
  }
}

/** A value as a short piece of a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
