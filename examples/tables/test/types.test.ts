import { MixtureEstimator, optimize } from '@dml/stats';
import { describe, expect, it } from 'vitest';
import { type ColumnType, estimatorOf, fromTable, inferTypes, rowsOf } from '../src/index.js';

const n = 200;
const list = <T>(of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));
const table = fromTable({
  length: list((i) => (i % 10 === 0 ? null : 40 + 5 * Math.sin(i))),
  income: list((i) => 10 ** (2 + 4 * Math.abs(Math.sin(i)))),
  visits: list((i) => Math.round(25 * Math.sin(i) ** 2)),
  year: list((i) => 2007 + (i % 3)),
  kind: list((i) => ['a', 'b', 'c'][i % 3]),
  isNew: list((i) => i % 4 === 0),
  when: list((i) => new Date(86_400_000 * i)),
  id: list((i) => `K-${i}`),
  row: list((i) => i + 1),
  same: list(() => 'x'),
  gone: list(() => null),
  clicks: list((i) => list((j) => ['p', 'q'][j % 2]).slice(0, 1 + (i % 4))),
});
const byName = (options = {}) => new Map(inferTypes(table, options).map((type) => [type.name, type]));

describe('types of columns', () => {
  it('follow from the values, with the reason and what changes it', () => {
    const found = Array.from(byName().values(), ({ name, type, isUsed, change }) => [name, type, isUsed, change]);
    expect(found).toEqual([
      ['length', 'number', true, ''],
      ['income', 'positive', true, 'type income=number'],
      ['visits', 'count', true, 'type visits=number'],
      ['year', 'category', true, 'type year=count'],
      ['kind', 'category', true, ''],
      ['isNew', 'boolean', true, ''],
      ['when', 'date', false, 'type when=date'],
      ['id', 'text', false, 'keep id'],
      ['row', 'integer', false, 'keep row'],
      ['same', 'category', false, 'keep same'],
      ['gone', 'text', false, ''],
      ['clicks', 'nested', true, ''],
    ]);
    expect(byName().get('id')!.reason).toBe('200 different texts in 200 rows tell nothing');
    expect(byName().get('year')!.values).toBe('2007 67, 2008 67, 2009 66');
    expect(byName().get('when')!.values).toBe('1970-01-01 … 1970-07-19');
  });

  it('can be said otherwise', () => {
    const types = byName({ types: { year: 'count', when: 'date' }, keep: ['id', 'row'], ignore: ['kind'] });
    expect(
      ['year', 'when', 'id', 'row', 'kind'].map((name) => [types.get(name)!.type, types.get(name)!.isUsed]),
    ).toEqual([
      ['count', true],
      ['date', true],
      ['category', true],
      ['integer', true],
      ['category', false],
    ]);
  });

  it('are refused for columns and types that are not there, with the nearest word', () => {
    expect(() => inferTypes(table, { ignore: ['knd'] })).toThrow('there is no column "knd". Did you mean "kind"?');
    expect(() => inferTypes(table, { types: { kind: 'categry' as ColumnType } })).toThrow('Did you mean "category"?');
  });

  it('are refused at the first cell that they cannot hold', () => {
    expect(() => inferTypes(table, { types: { length: 'count' } })).toThrow(
      /^row 2, column "length" must be a whole number >= 0, found 44\.2/,
    );
    expect(() => inferTypes(table, { types: { kind: 'number' } })).toThrow(
      'row 1, column "kind" must be a number, found "a".',
    );
  });

  it('leave nothing of a table of prose, and say why', () => {
    const prose = fromTable({ note: list((i) => `note ${i}`), remark: list((i) => `remark ${i}`) });
    expect(() => estimatorOf(inferTypes(prose))).toThrow(/^no column is left for a model. "note": 200 different texts/);
  });

  it('of 100,000 levels are found in time, and left out', () => {
    const many = fromTable({ x: Array.from({ length: 300_000 }, (_, i) => `t${i % 100_000}`) });
    expect(inferTypes(many)[0]).toMatchObject({ isUsed: false, reason: /100,000 different texts: too many/ });
  });
});

describe('a column of many levels', () => {
  const codes = fromTable({ code: Array.from({ length: 3000 }, (_, i) => `t${i % 1500}`) });

  it('that is kept has the advice to leave it out', () => {
    const [column] = inferTypes(codes, { keep: ['code'] });
    expect(column).toMatchObject({ isUsed: true, type: 'category', change: 'ignore code' });
    expect(column!.reason).toBe('as you say, but 1,500 levels tell little of a row and take long to fit');
  });
});

describe('a missing cell', () => {
  const gaps = fromTable({ a: list((i) => i % 7), b: list((i) => (i % 4 === 0 ? null : Math.sin(i))) });
  const shareOf = (options: object) => {
    const record = optimize(rowsOf(gaps, inferTypes(gaps)), estimatorOf(inferTypes(gaps, options))).model;
    return JSON.parse(JSON.stringify(record)).fields.b.p;
  };

  it('says nothing of its row, unless its column is to tell', () => {
    expect(shareOf({})).toBeNull();
    expect(shareOf({ missingTells: ['b'] })).toBe(0.25);
    expect(() => inferTypes(gaps, { missingTells: ['c'] })).toThrow(/no column "c"/);
  });
});

describe('rows of a table', () => {
  const types = inferTypes(table, { types: { when: 'date' } });
  const rows = rowsOf(table, types);
  const objects = [...rows];

  it('are records of the columns that are used', () => {
    expect(rows).toHaveLength(n);
    expect(objects[3]).toEqual({
      ...{ length: 40 + 5 * Math.sin(3), income: 10 ** (2 + 4 * Math.abs(Math.sin(3))), visits: 0, year: 2007 },
      ...{ kind: 'a', isNew: false, when: 3, clicks: ['p', 'q', 'p', 'q'] },
    });
    expect(objects[10]!.length).toBeNull();
    expect([...rows.slice(3, 5)]).toEqual(objects.slice(3, 5));
    expect([...rowsOf(table, types, 3, 5)]).toEqual(objects.slice(3, 5));
    const years = objects.map(({ year }) => year);
    expect(Array.from(rows.column('year', 0, n))).toEqual(years);
    expect(Array.from(rowsOf(table, types, 3, 9).column('year', 2, 4))).toEqual(years.slice(5, 7));
  });

  it('are encoded as the same rows in objects are, and fit the same model to the bit', () => {
    const row = estimatorOf(types, table);
    expect(row.encoder().encode(rows)).toEqual(row.encoder().encode(objects));
    const mixture = new MixtureEstimator([row, row]);
    const options = { seed: 1, maxIterations: 5 };
    expect(JSON.stringify(optimize(rows, mixture, options).model)).toBe(
      JSON.stringify(optimize(objects, mixture, options).model),
    );
  });

  it('have a prior whose density is known, so that a fit knows what it raises', () => {
    const row = estimatorOf(types, table);
    const { logPrior, objective } = optimize(rows, new MixtureEstimator([row, row]), { seed: 1, maxIterations: 5 });
    expect(logPrior).toBeLessThan(0);
    expect(Number.isFinite(objective)).toBe(true);
  });

  it('pull a component of one value to the variance of all rows, and hardly to their mean', () => {
    const numbers = fromTable({ x: [0.5, 2.5, 4.5, 6.5] });
    const column = inferTypes(numbers);
    const far = optimize([{ x: 9.5 }], estimatorOf(column)).model;
    const { mu, sigma2 } = JSON.parse(JSON.stringify(far)).fields.x;
    // All rows have mean 3.5 and variance 5: (9.5 + 0.01 * 3.5) / 1.01, and (5 + 6 ** 2 * 0.01 / 1.01) / 2.
    expect(mu).toBeCloseTo(9.535 / 1.01, 12);
    expect(sigma2).toBeCloseTo((5 + 0.36 / 1.01) / 2, 12);
  });

  it('read another table as the first one was read', () => {
    const year = types.filter(({ name }) => name === 'year' || name === 'kind');
    const other = fromTable({ kind: ['c', 7], year: ['2008', 'old'] });
    expect([...rowsOf(other, year)]).toEqual([
      { year: 2008, kind: 'c' },
      { year: 'old', kind: '7' },
    ]);
    expect(() => rowsOf(fromTable({ knd: ['c'] }), year)).toThrow('the table has no column "year".');
  });
});
