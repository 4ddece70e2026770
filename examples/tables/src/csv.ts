/** Tables from text with a delimiter. */

import { parse } from '#csv';
import { numberOf } from './cells.js';
import { ColumnBuilder } from './columnBuilder.js';
import { columnNames } from './columnNames.js';
import { type Column, type Table, TableError } from './table.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The table of a CSV or TSV file: a header line, then a line for each row. The delimiter is guessed; cells may be quoted, and quoted
 * cells hold line breaks. Where the first line is nothing but numbers, it is data.
 * @param file  the name of the file, for messages
 * @param given  the delimiter, where it is known
 * @throws {TableError} for a row with more or fewer cells than the header, and for a quote that is not closed
 */
export function tableOfCsv(text: string, file: string, given?: string): Table {
  // Excel reads and writes such a line, which is neither a header nor a row.
  const said = /^\ufeff?sep=(.)\r?\n/i.exec(text);
  const delimiter = given ?? said?.[1] ?? guessDelimiter(text);
  let builders: ColumnBuilder[] | undefined;
  let lastLine = 0;
  const notes: string[] = [];
  const begin = (header: readonly string[]): boolean => {
    const isData = header.length > 0 && header.every((cell) => !Number.isNaN(numberOf(cell)));
    const { names, notes: renamed } = columnNames(isData ? header.map((_, j) => `column ${j + 1}`) : header);
    if (isData) notes.push('the first line holds numbers alone: it is read as data, and the columns are numbered');
    notes.push(...renamed);
    const expected = Math.ceil(text.length / Math.max(8, header.join().length / 2));
    builders = names.map((name) => new ColumnBuilder(name, Math.min(expected, 100_000), delimiter === ';'));
    return isData;
  };
  const add = (record: readonly string[], lines: number): void => {
    if (builders === undefined && !begin(record)) return;
    const columns = builders!;
    if (record.length !== columns.length) checkLength(record, columns, lines, file);
    for (let j = 0; j < columns.length; j++) columns[j]!.addCell(record[j]!);
  };
  try {
    parse(text, {
      ...{ bom: true, delimiter, trim: true, skip_empty_lines: true },
      ...{ relax_column_count: true, relax_quotes: true, from_line: said === null ? 1 : 2 },
      on_record: (record: readonly string[], { lines }) => {
        add(record, lines);
        lastLine = lines;
        return null; // nothing is kept but the columns
      },
    });
  } catch (error) {
    throw error instanceof TableError ? error : csvError(error, file, lastLine + 1, (builders?.[0]?.length ?? -1) + 1);
  }
  if (builders === undefined) throw new TableError(`${file} is empty: there is no header line.`);
  const length = builders[0]!.length;
  if (length === 0) throw new TableError(`${file} has a header line and no rows.`);
  const columns = builders.map((builder) => builder.build());
  notes.push(...valuesAmongNames(columns));
  return { length, columns, notes };
}

/** A column of numbers may have a year as its name; a name with a fraction or a sign is a value, in a file without a header. */
function valuesAmongNames(columns: readonly Column[]): readonly string[] {
  const value = columns.find(
    ({ name, kind }) => kind === 'numbers' && /[-+.]/.test(name) && !Number.isNaN(numberOf(name)),
  );
  if (value === undefined) return [];
  return [`the header has a number, "${value.name}": if the first line is a row, write a line of names above it`];
}

/** Empty cells past the last column are none. */
function checkLength(record: readonly string[], columns: readonly ColumnBuilder[], lines: number, file: string): void {
  const { length } = columns;
  if (record.length > length && record.slice(length).every((cell) => cell === '')) return;
  const row = columns[0]!.length + 1;
  const cells = record.length === 1 ? '1 cell' : `${record.length} cells`;
  throw new TableError(
    `${file}: row ${row} (line ${lines}) has ${cells}, the header has ${length}: ` +
      `${record.length < length ? `there is nothing for "${columns[record.length]!.name}"` : `the first too many is "${record[length]}"`}. ` +
      'Cells that hold the delimiter must be quoted.',
    { row },
  );
}

function csvError(error: unknown, file: string, line: number, row: number): TableError {
  const { code, lines, message } = error as {
    readonly code?: string;
    readonly lines?: number;
    readonly message?: string;
  };
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    const where = row === 0 ? 'the header' : `row ${row} (line ${line})`;
    return new TableError(`${file}: ${where} opens a quote that is not closed before the end of the file.`, { row });
  }
  return new TableError(`${file}${lines === undefined ? '' : `, line ${lines}`}: ${message}`);
}

/** The delimiter that cuts the first lines into most cells, as many in each. Those between quotes do not count. */
function guessDelimiter(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .replaceAll(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== '')
    .slice(0, 20);
  const whole = text.length > 20_000 ? lines.slice(0, -1) : lines;
  let best: string = ',';
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const counts = whole.map((line) => line.split(delimiter).length - 1);
    const least = Math.min(...counts);
    const score = least + (counts.every((count) => count === least) ? 0.5 : 0);
    if (least > 0 && score > most) {
      best = delimiter;
      most = score;
    }
  }
  return best;
}
