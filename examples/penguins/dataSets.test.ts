/** The estimators that are inferred for public data sets, field by field, as a person would model them. */
import { readFileSync } from 'node:fs';
import { automaticEstimator } from '@dml/stats';
import { describe, expect, it } from 'vitest';

type Row = Readonly<Record<string, unknown>>;

function textOf(file: string): string {
  return readFileSync(new URL(`../data/${file}`, import.meta.resolve('vega-datasets')), 'utf8');
}

/** Rows of a CSV file without quotes; what reads as a number is one, and nothing between commas is missing. */
function csvRows(file: string): readonly Row[] {
  const [head, ...lines] = textOf(file).trim().split(/\r?\n/);
  const names = head!.split(',');
  const numberOrText = (text: string | undefined) =>
    text === undefined || text === '' ? null : Number.isNaN(Number(text)) ? text : Number(text);
  return lines.map((line) => {
    const parts = line.split(',');
    return Object.fromEntries(names.map((name, j) => [name, numberOrText(parts[j])]));
  });
}

const jsonRows = (file: string) => JSON.parse(textOf(file)) as readonly Row[];

/** The family of each field, without those of gaps around it. */
function families(rows: readonly Row[]): Readonly<Record<string, string>> {
  const { choices } = automaticEstimator(rows);
  return Object.fromEntries(choices.filter(({ path }) => path !== '').map(({ path, family }) => [path, family]));
}

const numbers = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'Gaussian']));
const levels = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'Categorical']));
const ignored = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'Ignored']));

describe('the estimator inferred for', () => {
  it.each<readonly [string, readonly Row[], Readonly<Record<string, string>>]>([
    [
      'cars',
      jsonRows('cars.json'),
      {
        ...ignored('Name'),
        ...numbers('Miles_per_Gallon', 'Displacement', 'Weight_in_lbs', 'Acceleration'),
        ...levels('Cylinders', 'Year', 'Origin'),
        Horsepower: 'NegativeBinomial',
      },
    ],
    [
      'penguins',
      jsonRows('penguins.json'),
      {
        ...levels('Species', 'Island', 'Sex'),
        ...numbers('Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)'),
      },
    ],
    [
      'weather',
      csvRows('weather.csv'),
      {
        ...levels('location', 'weather'),
        ...ignored('date'),
        ...numbers('precipitation', 'temp_max', 'temp_min', 'wind'),
      },
    ],
    ['barley', jsonRows('barley.json'), { ...numbers('yield'), ...levels('variety', 'year', 'site') }],
    ['stocks', csvRows('stocks.csv'), { ...levels('symbol'), ...ignored('date'), ...numbers('price') }],
    [
      'gapminder',
      jsonRows('gapminder.json'),
      { ...levels('year', 'country', 'cluster'), pop: 'LogGaussian', ...numbers('life_expect', 'fertility') },
    ],
    ['disasters', csvRows('disasters.csv'), { ...levels('Entity'), ...numbers('Year'), Deaths: 'LogGaussian' }],
    [
      'income',
      jsonRows('income.json'),
      { ...levels('name', 'region', 'group'), ...ignored('id'), ...numbers('pct', 'total') },
    ],
    [
      'burtin',
      jsonRows('burtin.json'),
      {
        ...ignored('Bacteria'),
        ...{ Penicillin: 'LogGaussian', Streptomycin: 'LogGaussian', Neomycin: 'LogGaussian' },
        ...levels('Gram_Staining', 'Genus'),
      },
    ],
    [
      'zipcodes',
      csvRows('zipcodes.csv').slice(0, 10_000),
      { ...ignored('zip_code', 'city'), ...numbers('latitude', 'longitude'), ...levels('state', 'county') },
    ],
    [
      'crimea',
      jsonRows('crimea.json'),
      {
        ...ignored('date'),
        ...{ wounds: 'NegativeBinomial', other: 'NegativeBinomial', disease: 'LogGaussian' },
        ...numbers('army_size'),
      },
    ],
    ['wheat', jsonRows('wheat.json'), { ...ignored('year'), ...numbers('wheat', 'wages') }],
  ])('%s is that of a person', (_, rows, expected) => {
    expect(families(rows)).toEqual(expected);
  });

  it('dates, numbers and identifiers says what they are', () => {
    const reason = (rows: readonly Row[], field: string) =>
      automaticEstimator(rows).choices.find(({ path, family }) => path === field && family === 'Ignored')?.reason;
    expect(reason(csvRows('stocks.csv'), 'date')).toMatch(/dates: make numbers of them/);
    expect(reason(jsonRows('movies.json').slice(0, 900), 'Release Date')).toMatch(/dates/);
    expect(reason(jsonRows('wheat.json'), 'year')).toMatch(/Number\(text\)/);
    expect(reason(jsonRows('income.json'), 'id')).toMatch(/52 different: identifiers/);
    expect(
      reason(
        jsonRows('countries.json').map((row) => ({ ...row, gone: null })),
        'gone',
      ),
    ).toBe('nothing but missing values');
  });
});
