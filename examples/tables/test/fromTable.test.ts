import { tableFromArrays, tableFromIPC, tableToIPC } from '@uwdata/flechette';
import { table as arquero, desc } from 'arquero';
import { describe, expect, it } from 'vitest';
import { cellAt, fromTable, inferTypes, type Table } from '../src/index.js';

const rowsOfCells = (table: Table) =>
  Array.from({ length: table.length }, (_, i) => table.columns.map((column) => cellAt(column, i)));

const expected = [
  [1.5, 'a'],
  [null, 'b'],
  [3, null],
];
const x = [1.5, null, 3];
const t = ['a', 'b', null];

describe('a table of another library', () => {
  it.each<[string, unknown]>([
    [
      'objects',
      [
        { x: 1.5, t: 'a' },
        { x: null, t: 'b' },
        { x: 3, t: undefined },
      ],
    ],
    ['lists', { x, t }],
    ['a typed array', { x: Float64Array.of(1.5, Number.NaN, 3), t }],
    ['an Arrow table of flechette', tableFromArrays({ x, t })],
    ['an Arrow file', tableFromIPC(tableToIPC(tableFromArrays({ x, t }), { format: 'file' })!)],
    ['a table of arquero', arquero({ x, t })],
    [
      'chunks of hyparquet',
      [
        { columnName: 'x', columnData: [1.5, null], rowStart: 0, rowEnd: 2 },
        { columnName: 't', columnData: ['a'], rowStart: 0, rowEnd: 1 },
        { columnName: 'x', columnData: [3], rowStart: 2, rowEnd: 3 },
        { columnName: 't', columnData: ['b', null], rowStart: 1, rowEnd: 3 },
      ],
    ],
    [
      'columns of hyparquet-writer',
      [
        { name: 'x', data: x },
        { name: 't', data: t },
      ],
    ],
    // What @duckdb/node-api gives after runAndReadAll, and apache-arrow, which DuckDB gives in a page.
    ['a DuckDB reader', { columnNames: () => ['x', 't'], getColumns: () => [x, t] }],
    [
      'an Arrow table of apache-arrow',
      {
        numRows: 3,
        schema: { fields: [{ name: 'x' }, { name: 't' }] },
        getChild: (name: string) => {
          const values = name === 'x' ? x : t;
          return { length: 3, nullCount: 1, get: (i: number) => values[i], toArray: () => Float64Array.of(1.5, 0, 3) };
        },
      },
    ],
  ])('is known by its shape: %s', (_, source) => {
    const table = fromTable(source);
    expect(table.columns.map(({ name }) => name)).toEqual(['x', 't']);
    expect(rowsOfCells(table)).toEqual(expected);
    expect(table.columns.map(({ kind, missing }) => [kind, missing])).toEqual([
      ['numbers', 1],
      ['texts', 1],
    ]);
  });

  it('reads the values of DuckDB that JavaScript has no type for', () => {
    // With the fields and methods of the classes of @duckdb/node-api 1.5.
    const decimal = (x: number) => Object.assign(Object.create({ toDouble: () => x }), { width: 9, scale: 2 });
    const timed = Object.assign(Object.create({ isFinite: true }), { micros: 1_577_836_800_000_000n });
    const never = Object.assign(Object.create({ isFinite: false }), { days: 2 ** 31 - 1 });
    const list = Object.assign(Object.create({ toString: () => '' }), { items: [1n, decimal(0.5)] });
    const struct = Object.assign(Object.create({ toString: () => '' }), { entries: { a: list, items: [2n] } });
    const clock = Object.assign(Object.create({ toString: () => '01:02:03' }), { micros: 3_723_000_000n });
    const table = fromTable([
      { price: decimal(1.25), at: timed, list, struct, clock },
      { price: decimal(7), at: never, list, struct, clock },
    ]);
    expect(table.columns.map(({ kind, missing }) => [kind, missing])).toEqual([
      ...[
        ['numbers', 0],
        ['dates', 1],
        ['others', 0],
        ['others', 0],
        ['texts', 0],
      ],
    ]);
    expect(rowsOfCells(table)[0]).toEqual([
      1.25,
      new Date('2020-01-01'),
      [1, 0.5],
      { a: [1, 0.5], items: [2] },
      '01:02:03',
    ]);
  });

  it('keeps its filter and its order', () => {
    const sorted = arquero({ x: [1, 2, 3] })
      .filter((d: { x: number }) => d.x > 1)
      .orderby(desc('x'));
    expect(rowsOfCells(fromTable(sorted))).toEqual([[3], [2]]);
  });

  it('lends its doubles, and copies nothing', () => {
    const values = Float64Array.of(1, 2);
    expect(fromTable({ values }).columns[0]).toMatchObject({ kind: 'numbers', values });
    expect((fromTable({ values }).columns[0] as { values: unknown }).values).toBe(values);
  });

  it('may hold lists, and values of several kinds, which stay as they are', () => {
    const table = fromTable({ clicks: [['a'], ['b', 'a'], null], mixed: [true, 'x', 3] });
    expect(table.columns.map(({ kind }) => kind)).toEqual(['others', 'others']);
    expect(rowsOfCells(table)).toEqual([
      [['a'], true],
      [['b', 'a'], 'x'],
      [null, 3],
    ]);
  });

  it('may hold moments of Arrow, which are milliseconds with a type', () => {
    const column = { length: 2, get: (i: number) => (i === 0 ? 86_400_000 : null) };
    const moments = (typeId: number) =>
      fromTable({ numRows: 2, schema: { fields: [{ name: 'd', type: { typeId } }] }, getChild: () => column });
    const day = { kind: 'dates', missing: 1, values: Float64Array.of(86_400_000, Number.NaN) };
    expect(moments(8).columns[0]).toMatchObject(day);
    expect(moments(10).columns[0]).toMatchObject(day);
    expect(moments(3).columns[0]).toMatchObject({ kind: 'numbers' });
    const of = tableFromArrays({ when: [new Date(86_400_000), null] });
    expect(fromTable(of).columns[0]).toMatchObject(day);
  });

  it('may hold 64-bit integers and rows of Arrow inside of lists, which become plain', () => {
    const row = { toJSON: () => ({ n: 2n, big: 2n ** 60n }) };
    const lists = [[1n, 2n], BigInt64Array.of(3n), [row], new Set([4n])];
    expect(rowsOfCells(fromTable({ lists })).flat()).toEqual([
      [1, 2],
      [3],
      [{ n: 2, big: '1152921504606846976' }],
      new Set([4]),
    ]);
  });

  it.each([
    ['a number', 7, /must be a list of objects.*found 7/],
    ['an object of none of these', { a: 1 }, /found an object with "a"/],
    ['lists of different lengths', { a: [1], b: [1, 2] }, /"b" has 2 values, "a" has 1/],
    ['a list of numbers', [1, 2], /row 1 must be an object/],
    ['nothing', [], /has no rows/],
  ])('is refused when it is %s', (_, source, message) => {
    expect(() => fromTable(source)).toThrow(message);
  });
});

describe('columns with names that every object has', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
  const json = `[${[1.5, 2.5].map((x) => `{${names.map((name) => `"${name}":${x}`).join(',')}}`).join(',')},{"x":3.5}]`;
  const table = fromTable(JSON.parse(json));

  it('are read, and missing where a row lacks them', () => {
    expect(table.columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ...names.map((name) => [name, 'numbers', 1]),
      ['x', 'numbers', 2],
    ]);
    expect(rowsOfCells(table)[1]).toEqual([2.5, 2.5, 2.5, 2.5, null]);
  });

  it('have the type of their values, or that of the option', () => {
    const found = inferTypes(table, { types: Object.fromEntries([['__proto__', 'positive']]) });
    expect(found.map(({ type }) => type)).toEqual(['number', 'number', 'number', 'positive', 'number']);
    const given = found.map(({ reason }) => reason === 'as you say');
    expect(given).toEqual([false, false, false, true, false]);
  });
});
