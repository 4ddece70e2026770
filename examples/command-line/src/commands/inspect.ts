import { basename } from 'node:path';
import type { Table, TypedColumn } from '@dml-examples/tables';
import { COLUMN_OPTIONS, typesOf } from '../columnOptions.js';
import type { Command } from '../command.js';
import { columnsOf, counted } from '../output.js';
import { openTable } from '../tableFiles.js';

export const inspect: Command = {
  name: 'inspect',
  summary: 'Shows what is in a table, and how a fit would read its columns.',
  files: 'TABLE',
  details: ['CSV, TSV, JSON, NDJSON or Parquet, packed with gzip or not; "-" reads standard input.'],
  options: { ...COLUMN_OPTIONS, json: { help: 'as JSON' } },
  async run(given, output) {
    const [path] = given.files as [string];
    const table = await openTable(path, output);
    const types = typesOf(table, given);
    if (given.flag('json')) {
      output.printJson({ rowCount: table.length, notes: table.notes, columns: types });
      return;
    }
    output.print(inspectionText(path === '-' ? 'the standard input' : basename(path), table, types));
  },
};

/** A line for each column; what was decided and can be changed stands below it. */
export function inspectionText(name: string, table: Table, types: readonly TypedColumn[]): string {
  const header = ['column', 'type', 'missing', 'values'];
  const lines = types.map((column) => [
    column.name,
    column.isUsed ? typeName(column) : 'left out',
    column.missing.toLocaleString('en-US'),
    wordsOn(column, table),
  ]);
  const [rows, columns] = [counted(table.length, 'row'), counted(types.length, 'column')];
  const text = columnsOf([header, ...lines], (j) => j === 2);
  return `${name}: ${rows}, ${columns}\n${text.replaceAll(/^/gm, '  ')}`;
}

function typeName({ type, levels }: TypedColumn): string {
  return type === 'category' ? `category (${levels?.length ?? 0})` : type;
}

function wordsOn({ name, isUsed, values, reason, change }: TypedColumn, table: Table): string {
  // What was decided while reading, such as cells that are read as missing, is told also where the type is not in doubt.
  const { notes = [] } = table.columns.find((column) => column.name === name) ?? {};
  if (isUsed && change === '') return [values, ...notes].join('; ');
  const option = change === '' ? '' : `; --${quoted(change)} to change`;
  return isUsed ? `${values}; ${reason}${option}` : `${reason}${option}`;
}

/** `type year=count`, quoted for a shell where it must be. */
function quoted(change: string): string {
  const at = change.indexOf(' ');
  const value = change.slice(at + 1);
  return `${change.slice(0, at)} ${/^[\w.=-]+$/.test(value) ? value : `'${value}'`}`;
}
