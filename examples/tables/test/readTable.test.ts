import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { cellAt, readTable, type Table, TableError } from '../src/index.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const csv = (text: string, name = 'x.csv') => readTable(bytes(text), { name });
const cells = (table: Table) =>
  table.columns.map((column) => [column.name, ...Array.from({ length: table.length }, (_, i) => cellAt(column, i))]);

describe('text with a delimiter', () => {
  it.each([
    ['commas', 'a,b\n1,x\n2.5,y\n'],
    ['semicolons', 'a;b\n1;x\n2.5;y\n'],
    ['tabs', 'a\tb\n1\tx\n2.5\ty'],
    ['bars', 'a|b\r\n1|x\r\n2.5|y\r\n'],
    ['a byte order mark and spaces', '\ufeffa, b\n1, x\n\n2.5 ,y'],
    ['an empty column without a name at the end of rows', 'a,b\n1,x,\n2.5,y,\n'],
  ])('is read with %s', async (_, text) => {
    expect(cells(await csv(text))).toEqual([
      ['a', 1, 2.5],
      ['b', 'x', 'y'],
    ]);
  });

  it('may be UTF-16, as Excel writes it', async () => {
    const text = 'a\tü\n1\tä\n2\tö\n';
    const words = Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(cells(await readTable(words, { name: 'x.txt' }))).toEqual([
      ['a', 1, 2],
      ['ü', 'ä', 'ö'],
    ]);
  });

  it('may be packed, and a Blob', async () => {
    const blob = new Blob([gzipSync('a,b\n1,x\n')]);
    expect(cells(await readTable(blob, { name: 'x.csv.gz' }))).toEqual([
      ['a', 1],
      ['b', 'x'],
    ]);
  });

  it('keeps delimiters, quotes and line breaks between quotes', async () => {
    expect(cells(await csv('a,b\n1,"x, ""y""\nz"\n2,plain "word"\n'))).toEqual([
      ['a', 1, 2],
      ['b', 'x, "y"\nz', 'plain "word"'],
    ]);
  });

  it('knows gaps, truth values, dates and commas before fractions', async () => {
    const table = await csv('n;t;d;m\n1,5;true;2009-11-16;Nov 16 2009\nNA;;;\n2;false;2009-11-17;1 Dec 2009\n');
    expect(table.columns.map(({ kind, missing }) => [kind, missing])).toEqual([
      ['numbers', 1],
      ['booleans', 1],
      ['dates', 1],
      ['dates', 1],
    ]);
    expect(cells(table)).toEqual([
      ['n', 1.5, null, 2],
      ['t', true, null, false],
      ['d', new Date('2009-11-16'), null, new Date('2009-11-17')],
      ['m', new Date('2009-11-16'), null, new Date('2009-12-01')],
    ]);
  });

  it.each([
    ['commas between thousands', 'x\n"1,234"\n950\n', [1234, 950]],
    ['commas between thousands', 'x\n"1,234.5"\n"1,200"\n12.5\n', [1234.5, 1200, 12.5]],
    ['a comma before their fraction', 'x;y\n1,234;a\n950;a\n', [1.234, 950]],
    ['a comma before their fraction', 'x\ty\n1,234\ta\n1500\ta\n', [1.234, 1500]],
    ['a comma before their fraction', 'x\n"1.234,5"\n"0,125"\n', [1234.5, 0.125]],
    ['the sign $ and commas between thousands', 'x\n"$1,234"\n"-$7.50"\n', [1234, -7.5]],
    ['the sign € and a comma before their fraction', 'x;y\n1,50 €;a\n12 €;b\n', [1.5, 12]],
    ['the sign %', 'x\n45.3%\n7 %\n', [45.3, 7]],
  ])('reads numbers with %s', async (what, text, numbers) => {
    const column = (await csv(text)).columns[0]!;
    expect(column.notes).toEqual([`numbers with ${what}`]);
    expect(numbers.map((_, row) => cellAt(column, row))).toEqual(numbers);
  });

  it.each([
    ['a share beside per cents', 'x\n12\n45.3%\n'],
    ['two signs', 'x\n$12\n€7\n'],
    ['a point that may stand between thousands', 'x\n"1.234,5"\n12.345\n'],
    ['commas anywhere', 'x\n"1,23"\n"1,234,5"\n'],
  ])('leaves texts that could be two numbers as they are: %s', async (_, text) => {
    expect((await csv(text)).columns[0]!.kind).toBe('texts');
  });

  it('takes the delimiter from a first line for Excel', async () => {
    const table = await csv('sep=;\r\na;b\r\n1,5;x,y\r\n2;z,z\r\n');
    expect(cells(table)).toEqual([
      ['a', 1.5, 2],
      ['b', 'x,y', 'z,z'],
    ]);
    expect(await csv('sep=;\na;b\n1;2;3\n').catch((error: Error) => error.message)).toMatch(/row 1 \(line 3\)/);
  });

  it('says that the header may be a row', async () => {
    expect((await csv('-0.24,v\n1.5,u\n')).notes).toEqual([expect.stringMatching(/the header has a number, "-0.24"/)]);
    expect((await csv('town,1998\nUlm,1.5\n')).notes).toEqual([]);
  });

  it('reads codes with leading zeros, and integers longer than a double, as texts', async () => {
    const table = await csv('zip,key\n01234,90071992547409931\n89073,90071992547409932\n');
    expect(table.columns.map(({ kind }) => kind)).toEqual(['texts', 'texts']);
    expect(cellAt(table.columns[1]!, 0)).toBe('90071992547409931');
  });

  it('reads a stray word among numbers as missing, and says where the first is', async () => {
    const table = await csv(`x\n${Array.from({ length: 30 }, (_, i) => (i === 7 ? '?' : i + 0.5)).join('\n')}`);
    expect(table.columns[0]).toMatchObject({
      kind: 'numbers',
      missing: 1,
      notes: ['"?" in 1 row among numbers, the first of them row 8: read as missing'],
    });
  });

  it('reads a column with as many texts as numbers as texts', async () => {
    const [column] = (await csv('x,y\n1,1\na,1\n2,1\nb,1\n')).columns;
    expect(column).toMatchObject({ kind: 'texts', levels: ['a', 'b', '1', '2'] });
    expect(column!.notes[0]).toMatch(/^2 numbers and 2 texts, the first "a" in row 2/);
  });

  it('names columns without a name, and the second of two names', async () => {
    const { columns, notes } = await csv('a,a,\n1,2,3\n');
    expect(columns.map(({ name }) => name)).toEqual(['a', 'a (2)', 'column 3']);
    expect(notes).toHaveLength(2);
  });

  it('reads a first line of numbers as data', async () => {
    expect(cells(await csv('1,2\n3,4\n'))).toEqual([
      ['column 1', 1, 3],
      ['column 2', 2, 4],
    ]);
  });
});

describe('a bad file', () => {
  it.each([
    ['is empty', '', /x\.csv is empty/, undefined],
    ['holds spaces alone', ' \n\n', /x\.csv is empty/, undefined],
    ['ends after the header', 'a,b\n', /has a header line and no rows/, undefined],
    ['has a short row', 'a,b\n"1\n1",2\n3\n', /row 2 \(line 4\) has 1 cell, the header has 2.*nothing for "b"/, 2],
    ['has a long row', 'a,b\n1,2\n3,4,5\n', /row 2 \(line 3\) has 3 cells.*first too many is "5"/, 2],
    ['does not close a quote', 'a,b\n1,2\n3,"x\n5,6\n', /row 2 \(line 3\) opens a quote that is not closed/, 2],
    ['holds bytes', 'a\0b\0', /is no text/, undefined],
  ])('%s: it is refused', async (_, text, message, row) => {
    const error = await csv(text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TableError);
    expect((error as TableError).message).toMatch(message);
    expect((error as TableError).row).toBe(row);
  });

  it('of another encoding is refused with its line', async () => {
    const latin = Uint8Array.from(Buffer.from('a,b\n1,x\n2,\xe4\n', 'latin1'));
    await expect(readTable(latin, { name: 'x.csv' })).rejects.toThrow('x.csv: line 3 is not UTF-8.');
  });

  it('of another program is refused by name', async () => {
    await expect(csv('PK\u0003\u0004…', 'x.xlsx')).rejects.toThrow(/Excel workbook/);
    await expect(csv('ARROW1\0\0', 'x.arrow')).rejects.toThrow(/tableFromIPC/);
    await expect(csv('a,b', 'x.parquet')).rejects.toThrow(/does not begin with PAR1/);
    await expect(csv('SQLite format 3\0…')).rejects.toThrow(
      'x.csv is an SQLite database. Export a table of it as CSV.',
    );
    await expect(csv('%PDF-1.7', 'x.csv')).rejects.toThrow(/is a PDF document/);
    await expect(csv('12345678DUCK')).rejects.toThrow(/is a DuckDB database/);
  });

  it('of unknown bytes is called binary, not badly encoded', async () => {
    const bytes = Uint8Array.from({ length: 600 }, (_, i) => (i * 37 + 200) % 256);
    await expect(readTable(bytes, { name: 'x.csv' })).rejects.toThrow(
      /x\.csv is no text: its bytes are those of a binary/,
    );
  });

  it('of broken JSON is refused with its line', async () => {
    await expect(csv('{"a":1}\n{"a":\n', 'x.ndjson')).rejects.toThrow(/line 2 is not JSON/);
    await expect(csv('[{"a":1}, 7]', 'x.json')).rejects.toThrow(/row 2 must be an object/);
    await expect(csv('[{"a":1}', 'x.json')).rejects.toThrow(/x\.json is not JSON/);
    await expect(csv('7', 'x.json')).rejects.toThrow(/must be a list of objects/);
  });
});

describe('JSON', () => {
  const expected = [
    ['a', 1, null],
    ['b', null, 'x'],
  ];
  it.each([
    ['a list of objects', 'x.json', '[{"a":1},{"b":"x"}]'],
    ['an object of lists', 'x.json', '{"a":[1,null],"b":[null,"x"]}'],
    ['an object on each line', 'x.ndjson', '{"a":1}\n{"b":"x"}\n'],
    ['an object on each line, with another ending', 'x.json', '{"a":1}\n{"b":"x"}\n'],
    ['a list of objects without a name', 'the file', ' [{"a":1},{"b":"x"}]'],
  ])('may be %s', async (_, name, text) => {
    expect(cells(await csv(text, name))).toEqual(expected);
  });
});

describe('Parquet', () => {
  const columnData = [
    { name: 'x', data: [1.5, null, 3], type: 'DOUBLE' as const },
    { name: 'n', data: [1n, 2n, 3n], type: 'INT64' as const },
    { name: 't', data: ['a', 'b', null], type: 'STRING' as const },
    { name: 'd', data: [new Date(0), null, new Date(1000)], type: 'TIMESTAMP' as const },
    { name: 'b', data: [true, null, false], type: 'BOOLEAN' as const },
  ];
  const file = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));

  it('is read column by column, over its groups of rows', async () => {
    const table = await readTable(file, { name: 'x.parquet' });
    expect(cells(table)).toEqual([
      ['x', 1.5, null, 3],
      ['n', 1, 2, 3],
      ['t', 'a', 'b', null],
      ['d', new Date(0), null, new Date(1000)],
      ['b', true, null, false],
    ]);
  });

  it('is refused when it is cut off, or damaged', async () => {
    await expect(readTable(file.slice(0, 300), { name: 'x.parquet' })).rejects.toThrow(/may be cut off/);
    const damaged = file.slice();
    damaged.fill(255, 4, 120);
    await expect(readTable(damaged, { name: 'x.parquet' })).rejects.toThrow(/column|"x" cannot be read/);
  });
});

it('reads the files of a public collection', async () => {
  const folder = fileURLToPath(new URL('../node_modules/vega-datasets/data/', import.meta.url));
  const shape = async (name: string) => {
    const { length, columns } = await readTable(readFileSync(folder + name), { name });
    return [length, columns.length];
  };
  expect(await shape('cars.json')).toEqual([406, 9]);
  expect(await shape('seattle-weather.csv')).toEqual([1461, 6]);
  expect(await shape('unemployment.tsv')).toEqual([3218, 2]);
});
