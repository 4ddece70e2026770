/** Tables from JSON: a list of objects, an object of lists, or one object on each line. */

import { fromTable } from './fromTable.js';
import { type Table, TableError } from './table.js';

/** @throws {TableError} for text that is not JSON, and for JSON that is no table */
export function tableOfJson(text: string, file: string): Table {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TableError(`${file} is not JSON: ${(error as Error).message}.`);
  }
  return fromTable(value, file);
}

/** @throws {TableError} at the first line that is no JSON object */
export function tableOfNdjson(text: string, file: string): Table {
  const rows: unknown[] = [];
  let line = 0;
  for (const part of text.split('\n')) {
    line++;
    if (part.trim() === '') continue;
    try {
      rows.push(JSON.parse(part));
    } catch (error) {
      throw new TableError(`${file}: line ${line} is not JSON: ${(error as Error).message}.`, { row: rows.length + 1 });
    }
  }
  if (rows.length === 0) throw new TableError(`${file} is empty.`);
  return fromTable(rows, file);
}
