/** What each column is, with the reason, and whether a model can use it. */

import { automaticEstimator, profileRows } from '@dml/stats';
import { COLUMN_TYPES, type ColumnType, type ReadAs } from './columnTypes.js';
import {
  areDates,
  day,
  digits,
  type Level,
  levelCounts,
  logMoments,
  type NumberFacts,
  numberFacts,
  presentNumbers,
} from './facts.js';
import { nearest } from './nearest.js';
import { checkNumbers, numbersOf } from './rowsOf.js';
import { type Column, cellAt, shown, type Table, TableError } from './table.js';

/** One column, as {@link inferTypes} finds it. Plain data. */
export interface TypedColumn extends ReadAs {
  /** Whether rows have this column as a field. */
  readonly isUsed: boolean;
  readonly missing: number;
  /** Whether a missing cell tells something of its row. Absent: it does not, and what is there decides alone. */
  readonly missingTells?: true;
  /** Why it has this type, or is not used. */
  readonly reason: string;
  /** What changes this, as an option: `type year=count`, `keep id`. Empty where nothing is to be doubted. */
  readonly change: string;
  /** What it holds, for people: `32.1 … 59.6, mean 43.9`. */
  readonly values: string;
  /** Of number, positive, integer, count and date, where not all are missing. */
  readonly numbers?: NumberFacts;
  /** Of category and boolean: how often each level stands there, the most frequent first. */
  readonly levels?: readonly (readonly [Level, number])[];
}

/** Options of {@link inferTypes}. */
export interface InferTypesOptions {
  /** The types of some columns; these are used. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Columns that are not used. */
  readonly ignore?: readonly string[];
  /** Columns that are used, though they seem to tell nothing. */
  readonly keep?: readonly string[];
  /** Columns in which a missing cell tells something of its row, such as an income that was not disclosed. */
  readonly missingTells?: readonly string[];
}

/** More different numbers than this are never levels. */
const MAX_LEVELS = 20;
/** A column of more levels than this is a category only where a person says so. */
const MANY_LEVELS = 1000;
/** Levels are counted up to here. */
const MAX_COUNTED = 100_000;

/**
 * The type of each column, with the reason.
 * @throws {TableError} for an option that names a column that is not there, or a type that is none
 * @example
 * const types = inferTypes(fromTable([{ age: 31.5, town: 'Ulm' }, { age: 18.25, town: 'Bonn' }]));
 * types.map(({ name, type }) => `${name}: ${type}`); // ['age: number', 'town: category']
 */
export function inferTypes(table: Table, options: InferTypesOptions = {}): readonly TypedColumn[] {
  const { types = {}, ignore = [], keep = [], missingTells = [] } = options;
  const names = table.columns.map(({ name }) => name);
  for (const name of [...Object.keys(types), ...ignore, ...keep, ...missingTells]) checkName(name, names);
  for (const [name, type] of Object.entries(types)) {
    if (COLUMN_TYPES.includes(type)) continue;
    const meant = nearest(String(type), COLUMN_TYPES);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    throw new TableError(
      `the type of "${name}" must be one of ${COLUMN_TYPES.join(', ')}, found ${shown(type)}.${hint}`,
      { column: name },
    );
  }
  // A name may be one that every object has, such as "constructor".
  const given = new Map(Object.entries(types));
  return table.columns.map((column): TypedColumn => {
    const { name } = column;
    const guess = guessOf(column);
    const isKept = keep.includes(name);
    const type = given.get(name) ?? (isKept && guess.type === 'text' ? 'category' : guess.type);
    const isAsked = given.has(name) || isKept;
    const isIgnored = ignore.includes(name);
    const isUsed = !isIgnored && (isAsked || guess.isUsed);
    const told = described(column, type, isUsed);
    const levelCount = told.levels?.length ?? 0;
    const isCrowded = isUsed && type === 'category' && levelCount > MANY_LEVELS;
    const crowded = `as you say, but ${levelCount.toLocaleString('en-US')} levels tell little of a row and take long to fit`;
    const asked = isCrowded ? crowded : 'as you say';
    const reason = isIgnored ? 'left out, as you say' : isAsked ? asked : guess.reason;
    const change = isCrowded ? `ignore ${name}` : isAsked || isIgnored ? '' : guess.change;
    const said = [...column.notes, reason].join('; ');
    const gaps = { missing: column.missing, ...(missingTells.includes(name) && { missingTells: true as const }) };
    return { name, isUsed, ...gaps, reason: said, change, ...told };
  });
}

/** @throws {TableError} for a name that no column has */
export function checkName(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const meant = nearest(name, names);
  const hint = meant === undefined ? `The columns are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new TableError(`there is no column "${name}". ${hint}`, { column: name });
}

interface Guess {
  readonly type: ColumnType;
  readonly isUsed: boolean;
  readonly reason: string;
  readonly change: string;
}

function used(type: ColumnType, reason: string, change = ''): Guess {
  return { type, isUsed: true, reason, change };
}

function leftOut(type: ColumnType, reason: string, change: string): Guess {
  return { type, isUsed: false, reason, change };
}

function guessOf(column: Column): Guess {
  const { name, kind, missing } = column;
  const length = kind === 'texts' ? column.codes.length : column.values.length;
  const present = length - missing;
  const keep = `keep ${name}`;
  if (present === 0) return leftOut('text', 'all cells are empty', '');
  if (kind === 'others') return nestedGuess(column, keep);
  const levels = levelCounts(column, 2);
  if (levels?.length === 1 && missing === 0) {
    const type = kind === 'numbers' ? 'number' : kind === 'dates' ? 'date' : 'category';
    const value = levels[0]![0];
    return leftOut(type, `${kind === 'dates' ? day(Number(value)) : shown(value)} in all rows tells nothing`, keep);
  }
  if (kind === 'dates') return leftOut('date', 'a date is no measurement yet', `type ${name}=date`);
  if (kind === 'booleans') return used('boolean', `${present} truth values`);
  return kind === 'numbers' ? numberGuess(column.values, name, present) : textGuess(column.levels, name, present);
}

/** The estimator that the values alone would get says what they are. */
function numberGuess(values: Float64Array, name: string, present: number): Guess {
  const given = present < values.length ? presentNumbers(values) : values;
  const keep = `keep ${name}`;
  const numbering = numberingOf(given, name);
  if (numbering !== undefined) return leftOut('integer', numbering, keep);
  const maxLevels = Math.min(MAX_LEVELS, Math.max(2, Math.floor(present / 10)));
  const levelCount = levelCounts({ name, kind: 'numbers', values, missing: 0, notes: [] }, maxLevels)?.length;
  const options = { maxLevels: levelCount === undefined ? 1 : maxLevels };
  const { choices } = automaticEstimator<number>(profileRows(sampleOf(given)), options);
  const { family, reason } = choices[0]!;
  const said = given.length > SAMPLE ? reason.replace(/^\d+ /, '') : reason;
  switch (family) {
    case 'Categorical':
      return used('category', `whole numbers, ${levelCount} different: read as categories`, `type ${name}=count`);
    case 'Gaussian':
      return used(given.every(Number.isInteger) ? 'integer' : 'number', said);
    case 'LogGaussian':
      return used('positive', said, `type ${name}=number`);
    case 'Poisson':
    case 'NegativeBinomial':
      return used('count', said, `type ${name}=number`);
    default:
      return leftOut('integer', said, keep);
  }
}

/** So many numbers say what all are. */
const SAMPLE = 20_000;

/** Some of the numbers, evenly spread, with the least and the largest, and a fraction if there is one. */
function sampleOf(values: Float64Array): Float64Array {
  if (values.length <= SAMPLE) return values;
  const step = values.length / SAMPLE;
  const sample = Array.from({ length: SAMPLE }, (_, i) => values[Math.floor(i * step)]!);
  const { least, most } = numberFacts(values);
  const fraction = values.find((x) => !Number.isInteger(x));
  return Float64Array.from([...sample, least, most, ...(fraction === undefined ? [] : [fraction])]);
}

/** Why the numbers do nothing but number the rows; `undefined` where they do not. */
function numberingOf(values: Float64Array, name: string): string | undefined {
  if (values.length <= MAX_LEVELS || !values.every(Number.isSafeInteger)) return undefined;
  const isNumber = /^(id|index|row|nr|no)$|[ _.-]id$/i.test(name) || /[a-z]I[Dd]$/.test(name);
  if (isNumber && new Set(values).size === values.length) {
    return `${values.length} different whole numbers under this name number the rows`;
  }
  const { least, most } = numberFacts(values);
  if (most - least + 1 !== values.length) return undefined;
  const isSeen = new Uint8Array(values.length);
  for (const x of values) isSeen[x - least] = 1;
  return isSeen.includes(0) ? undefined : `the whole numbers ${least} to ${most}, each once, number the rows`;
}

function textGuess(levels: readonly string[], name: string, present: number): Guess {
  const keep = `keep ${name}`;
  if (levels.length === present && present > 2) {
    const what = areDates(levels) ? 'dates whose order of day and month is not known' : 'different texts';
    return leftOut('text', `${levels.length} ${what} in ${present} rows tell nothing`, keep);
  }
  if (areDates(levels))
    return leftOut('text', 'dates whose order of day and month is not known: write 2009-11-16', keep);
  if (levels.length > MAX_LEVELS && levels.length > 0.5 * present) {
    return leftOut('text', `${levels.length} different texts in ${present} rows: names or prose`, keep);
  }
  if (levels.length > MANY_LEVELS) {
    return leftOut(
      'text',
      `${levels.length.toLocaleString('en-US')} different texts: too many to be read as categories`,
      keep,
    );
  }
  return used('category', `${present} ${present === 1 ? 'text' : 'texts'}, ${levels.length} different`);
}

function nestedGuess(column: Column & { readonly kind: 'others' }, keep: string): Guess {
  const { choices } = automaticEstimator(profileRows(presentValues(column)));
  const [first] = choices;
  const { family, reason } = first!;
  if (family === 'Ignored') return leftOut('nested', reason, '');
  if (family === 'Categorical') return used('category', reason, '');
  return choices.every((choice) => choice.family === 'Ignored' || choice === first)
    ? leftOut('nested', reason, keep)
    : used(
        'nested',
        `${reason}: ${choices
          .slice(1, 4)
          .map((choice) => choice.family)
          .join(', ')}`,
      );
}

/** Those values of a column that are there. */
export function presentValues({ values }: Column & { readonly kind: 'others' }): unknown[] {
  const present: unknown[] = [];
  for (let row = 0; row < values.length; row++)
    if (values[row] !== null && values[row] !== undefined) present.push(values[row]);
  return present;
}

/** The facts of a column under its type. Those of a column that is not used are said in words alone. */
function described(
  column: Column,
  type: ColumnType,
  isUsed: boolean,
): Pick<TypedColumn, 'type' | 'values' | 'levels' | 'numbers' | 'levelKind'> {
  if (type === 'category' || type === 'boolean') {
    const levels = levelCounts(column, isUsed ? Infinity : MAX_COUNTED) ?? [];
    const levelKind = column.kind === 'numbers' || column.kind === 'booleans' ? column.kind : 'texts';
    return {
      type,
      values: levelSentence(levels),
      ...(isUsed ? { levels, ...(type === 'category' && { levelKind }) } : {}),
    };
  }
  if (type === 'text' || type === 'nested' || (column.kind === 'others' && !isUsed))
    return { type, values: examples(column) };
  if (!isUsed && column.kind === 'texts') return { type, values: examples(column) };
  if (isUsed) checkNumbers(column, type);
  const values = numbersOf(column, type);
  const numbers = numberFacts(values);
  if (numbers.count === 0) return { type, values: '' };
  const { least, most, mean } = numbers;
  const range =
    type === 'date'
      ? `${day(least * DAY)} … ${day(most * DAY)}`
      : `${digits(least)} … ${digits(most)}, mean ${digits(mean)}`;
  if (!isUsed || type !== 'positive') return { type, values: range, numbers };
  return { type, values: range, numbers: { ...numbers, ...logMoments(values) } };
}

/** Milliseconds. */
const DAY = 86_400_000;

function levelSentence(levels: readonly (readonly [Level, number])[]): string {
  const first = levels.slice(0, 4).map(([level, count]) => `${inLine(String(level))} ${count}`);
  const more = levels.length - first.length;
  return first.join(', ') + (more > 0 ? `, ${more} more` : '');
}

/** A text as a piece of a line: without line breaks, and not too long. */
function inLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 24 ? `${line.slice(0, 23)}…` : line;
}

function examples(column: Column): string {
  const found = new Set<string>();
  const length = column.kind === 'texts' ? column.codes.length : column.values.length;
  for (let row = 0; row < length && found.size < 3; row++) {
    const cell = cellAt(column, row);
    if (cell === null) continue;
    const text =
      typeof cell === 'string'
        ? cell
        : (JSON.stringify(cell, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? String(cell));
    found.add(inLine(text));
  }
  return found.size === 0 ? '' : `${[...found].join(', ')}, …`;
}
