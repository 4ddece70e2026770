/** Columns as the page shows them. */

import type { ShownColumn, ShownTable } from '../protocol.js';
import { barsOf, countsOf, valuesOf } from './bins.js';
import { type Column, type ColumnType, numbersOfColumn, type TypedColumn } from './cells.js';
import type { Opened } from './engine.js';

/** What a column of each kind can be read as. A type that its cells do not have is refused at the first of them. */
const TYPES: Readonly<Record<Column['kind'], readonly ColumnType[]>> = {
  numbers: ['number', 'positive', 'integer', 'count', 'category'],
  texts: ['category', 'number', 'positive', 'count', 'boolean', 'date'],
  booleans: ['boolean', 'category'],
  dates: ['date', 'category'],
  others: ['nested', 'category'],
};

export function shownTable(opened: Opened): ShownTable {
  const { name, table, types } = opened;
  return {
    name,
    rowCount: table.length,
    notes: table.notes,
    columns: types.map((column, at) => shownColumn(opened, column, table.columns[at]!)),
  };
}

function shownColumn({ rows }: Opened, column: TypedColumn, { kind, ...cells }: Column): ShownColumn {
  const { numbers: _, levels: __, ...shown } = column;
  const bars = barsOf(column);
  const known = TYPES[kind];
  const types = known.includes(column.type) ? known : [column.type, ...known];
  if (bars === undefined) return { ...shown, bars, counts: [], types };
  const values = column.isUsed ? valuesOf(rows, column.name) : numbersOfColumn({ kind, ...cells } as Column);
  return { ...shown, bars, counts: countsOf(bars, values), types };
}
