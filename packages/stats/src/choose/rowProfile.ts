/** The contents of rows, place by place: counts and sums, which are additive over any division of the rows. */

import { checkRows } from '../checks/rows.js';
import { DataError, formatValue, OptionError, ParameterError } from '../errors.js';
import { CrowdedNumbers } from '../leaf/crowdedNumbers.js';
import { isLevel, type Level } from '../leaf/levels/levels.js';
import { log } from '../numeric/elementary.js';
import { addExactly, addSquareExactly } from '../numeric/exactSum.js';
import { NumberSample, type SAMPLE_SIZE } from './numberSample.js';
import { isDateText, isNumberText } from './textKinds.js';

/** What was seen at one place of the rows, as plain data. */
export interface RowProfile {
  /** Values of any kind, including missing ones. */
  count: number;
  /** null or undefined. */
  nulls: number;
  nans: number;
  /** Infinite numbers. */
  infinities: number;
  booleans: number;
  /** Finite numbers without and with a fraction. */
  integers: number;
  fractions: number;
  strings: number;
  /** Strings that read as dates, and as numbers. */
  dateTexts: number;
  numberTexts: number;
  dates: number;
  /** What no family takes: bigints, functions, symbols. */
  others: number;
  /** Of the finite numbers; Infinity and -Infinity without any. */
  least: number;
  most: number;
  /** Σx and Σx² of the finite numbers, exactly. */
  sum: number[];
  squares: number[];
  /** Σ log x and Σ (log x)² of the positive ones. */
  logSum: number[];
  logSquares: number[];
  /** How often each level stands here, in order of first appearance; `undefined` above {@link MAX_VALUES}. */
  values: [Level, number][] | undefined;
  /** Up to {@link SAMPLE_SIZE} different finite numbers with their counts, in random order: a sample, or all of them. */
  sample: [number, number][];
  lists: ListProfile | undefined;
  sets: ListProfile | undefined;
  /** Objects: by field name, in order of first appearance. */
  records: { count: number; fields: [string, RowProfile][] } | undefined;
}

/** Lists, typed arrays or sets. */
export interface ListProfile {
  count: number;
  /** How many of them are typed arrays. */
  typed: number;
  shortest: number;
  longest: number;
  /** Σ and Σ² of the lengths. */
  lengths: [number, number];
  /** A profile for each position, while all lists have one length of at most {@link MAX_POSITIONS}. */
  positions: RowProfile[] | undefined;
  /** All items together, once there are no positions. */
  items: RowProfile | undefined;
}

/** Different levels are counted up to here. */
export const MAX_VALUES = 2048;
/** The largest depth of rows: an estimator for a row that contains itself would be infinite. */
const MAX_DEPTH = 100;
/** Longer lists are sequences, not tuples. */
export const MAX_POSITIONS = 64;

/**
 * The profile of rows.
 * @param rows  of any type: an array, a typed array, a set, or any other iterable of rows
 * @throws {OptionError} unless `rows` can be iterated
 * @throws {DataError} for a row that is nested deeper than {@link MAX_DEPTH}, such as one that contains itself
 */
export function profileRows(rows: Iterable<unknown>): RowProfile {
  const isIterable = typeof rows === 'object' && rows !== null && Symbol.iterator in rows;
  if (!isIterable) throw new OptionError(`profileRows: rows must be iterable, found ${formatValue(rows)}.`);
  const profiler = new Profiler(0);
  let i = 0;
  for (const row of rows) {
    try {
      profiler.add(row);
    } catch (error) {
      throw error instanceof DataError ? error.within(i) : error;
    }
    i++;
  }
  return profiler.value();
}

/**
 * The profile of all rows from those of its parts.
 * @throws {OptionError} unless `parts` is a list
 * @throws {ParameterError} for a part that is not a profile
 */
export function mergeProfiles(parts: readonly RowProfile[]): RowProfile {
  checkRows('mergeProfiles: parts', parts);
  for (const [i, part] of parts.entries()) {
    if (!isProfile(part)) throw new ParameterError('mergeProfiles', `parts[${i}]`, 'a profile of rows', part);
  }
  const profiler = new Profiler(0);
  for (const part of parts) profiler.merge(part);
  return profiler.value();
}

/** Whether `value` has what every profile has. */
export function isProfile(value: unknown): value is RowProfile {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return (
    Array.isArray(fields.sample) &&
    COUNTS.every((name) => typeof fields[name] === 'number') &&
    SUMS.every((name) => Array.isArray(fields[name]))
  );
}

class Profiler {
  readonly #profile: RowProfile = {
    ...{ count: 0, nulls: 0, nans: 0, infinities: 0, booleans: 0, integers: 0, fractions: 0 },
    ...{
      strings: 0,
      dateTexts: 0,
      numberTexts: 0,
      dates: 0,
      others: 0,
      least: Infinity,
      most: -Infinity,
      sum: [],
      squares: [],
    },
    ...{ logSum: [], logSquares: [] },
    ...{ values: [], sample: [], lists: undefined, sets: undefined, records: undefined },
  };
  #values: Map<Level, number> | undefined = new Map();
  readonly #crowd = new CrowdedNumbers();
  readonly #sample = new NumberSample();
  #lists: ListProfiler | undefined;
  #sets: ListProfiler | undefined;
  #records: { count: number; readonly fields: Map<string, Profiler> } | undefined;

  /** @param depth  how many lists and records are around */
  constructor(readonly depth: number) {}

  add(value: unknown): void {
    if (this.depth > MAX_DEPTH) {
      throw new DataError('profileRows', 0, `nested at most ${MAX_DEPTH} deep (does it hold itself?)`, value);
    }
    const profile = this.#profile;
    profile.count++;
    if (value === null || value === undefined) profile.nulls++;
    else if (typeof value === 'number') this.#addNumber(value);
    else if (typeof value === 'boolean') profile.booleans++;
    else if (typeof value === 'string') this.#addText(value);
    else if (typeof value !== 'object') profile.others++;
    else if (value instanceof Date) profile.dates++;
    else if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
      this.#lists ??= new ListProfiler(this.depth + 1);
      this.#lists.add(value as ArrayLike<unknown>, !Array.isArray(value));
    } else if (value instanceof Set) {
      this.#sets ??= new ListProfiler(this.depth + 1);
      this.#sets.add([...(value as Set<unknown>)], false);
    } else if (isRecord(value)) this.#addRecord(value);
    else profile.others++;
    if (isLevel(value) && value !== null) this.#addValue(value, 1);
  }

  #addNumber(x: number): void {
    const profile = this.#profile;
    if (Number.isNaN(x)) profile.nans++;
    else if (!Number.isFinite(x)) profile.infinities++;
    else {
      if (Number.isInteger(x)) profile.integers++;
      else profile.fractions++;
      profile.least = Math.min(profile.least, x);
      profile.most = Math.max(profile.most, x);
      addExactly(profile.sum, x);
      addSquareExactly(profile.squares, x);
      this.#sample.add(x, 1);
      if (x <= 0) return;
      addExactly(profile.logSum, log(x));
      addSquareExactly(profile.logSquares, log(x));
    }
  }

  #addText(text: string): void {
    const profile = this.#profile;
    profile.strings++;
    if (isDateText(text)) profile.dateTexts++;
    else if (isNumberText(text)) profile.numberTexts++;
  }

  #addRecord(value: Readonly<Record<string, unknown>>): void {
    this.#records ??= { count: 0, fields: new Map() };
    this.#records.count++;
    for (const [name, field] of Object.entries(value)) this.#field(name).add(field);
  }

  #field(name: string): Profiler {
    const { fields } = this.#records!;
    const known = fields.get(name) ?? new Profiler(this.depth + 1);
    fields.set(name, known);
    return known;
  }

  /** Too many different values, and numbers that were chosen to make a map slow, are not counted any more. */
  #addValue(value: Level, count: number): void {
    if (this.#values === undefined) return;
    const before = this.#values.get(value);
    if (before === undefined && (this.#values.size === MAX_VALUES || this.#crowd.isCrowded(value))) {
      this.#values = undefined;
    } else this.#values.set(value, (before ?? 0) + count);
  }

  merge(other: RowProfile): void {
    const profile = this.#profile;
    for (const name of COUNTS) profile[name] += other[name];
    profile.least = Math.min(profile.least, other.least);
    profile.most = Math.max(profile.most, other.most);
    for (const name of SUMS) for (const part of other[name]) addExactly(profile[name], part);
    for (const [x, count] of other.sample) this.#sample.add(x, count);
    if (other.values === undefined) this.#values = undefined;
    else for (const [value, count] of other.values) this.#addValue(value, count);
    if (other.lists !== undefined) {
      this.#lists ??= new ListProfiler(this.depth + 1);
      this.#lists.merge(other.lists);
    }
    if (other.sets !== undefined) {
      this.#sets ??= new ListProfiler(this.depth + 1);
      this.#sets.merge(other.sets);
    }
    if (other.records !== undefined) {
      this.#records ??= { count: 0, fields: new Map() };
      this.#records.count += other.records.count;
      for (const [name, field] of other.records.fields) this.#field(name).merge(field);
    }
  }

  value(): RowProfile {
    const records = this.#records;
    return {
      ...this.#profile,
      ...Object.fromEntries(SUMS.map((name) => [name, [...this.#profile[name]]])),
      values: this.#values && [...this.#values],
      sample: this.#sample.value(),
      lists: this.#lists?.value(),
      sets: this.#sets?.value(),
      records: records && {
        count: records.count,
        fields: [...records.fields].map(([name, field]): [string, RowProfile] => [name, field.value()]),
      },
    };
  }
}

const COUNTS = [
  ...([
    'count',
    'nulls',
    'nans',
    'infinities',
    'booleans',
    'integers',
    'fractions',
    'strings',
    'dateTexts',
    'numberTexts',
    'dates',
  ] as const),
  'others',
] as const;

const SUMS = ['sum', 'squares', 'logSum', 'logSquares'] as const;

class ListProfiler {
  #count = 0;
  #typed = 0;
  #shortest = Infinity;
  #longest = 0;
  readonly #lengths: [number, number] = [0, 0];
  /** One for each position; `undefined` once lists differ in length, or are long. */
  #positions: Profiler[] | undefined;
  #items: Profiler | undefined;

  constructor(readonly depth: number) {}

  add(list: ArrayLike<unknown>, isTyped: boolean): void {
    const { length } = list;
    this.#enter({
      count: 1,
      typed: isTyped ? 1 : 0,
      shortest: length,
      longest: length,
      lengths: [length, length ** 2],
    });
    for (let i = 0; i < length; i++) (this.#positions?.[i] ?? this.#items!).add(list[i]);
  }

  merge(other: ListProfile): void {
    this.#enter(other);
    if (this.#positions !== undefined) other.positions!.forEach((position, i) => this.#positions![i]!.merge(position));
    else for (const part of other.positions ?? [other.items!]) this.#items!.merge(part);
  }

  #enter({ count, typed, shortest, longest, lengths }: Omit<ListProfile, 'positions' | 'items'>): void {
    const isFirst = this.#count === 0;
    this.#count += count;
    this.#typed += typed;
    this.#shortest = Math.min(this.#shortest, shortest);
    this.#longest = Math.max(this.#longest, longest);
    this.#lengths[0] += lengths[0];
    this.#lengths[1] += lengths[1];
    const isTuple = this.#shortest === this.#longest && this.#longest <= MAX_POSITIONS;
    if (isFirst && isTuple) this.#positions = Array.from({ length: this.#longest }, () => new Profiler(this.depth));
    if (isTuple) return;
    this.#items ??= new Profiler(this.depth);
    for (const position of this.#positions ?? []) this.#items.merge(position.value());
    this.#positions = undefined;
  }

  value(): ListProfile {
    return {
      count: this.#count,
      typed: this.#typed,
      shortest: this.#shortest,
      longest: this.#longest,
      lengths: [...this.#lengths],
      positions: this.#positions?.map((position) => position.value()),
      items: this.#items?.value(),
    };
  }
}

/** A plain object, or one without a prototype. */
function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
