/**
 * Rows that are integers as codes into the values of their column, for families that need the weight of each value. The values
 * are settled at encoding; columns of several parts are joined to the values of all.
 */
import { joinEntries, sameClass, takeEntries } from '../columns/columns.js';
import type { Accumulator, AddSquaredDistances, Columns, Draws, Encoder, RowCodes, Violation } from '../contract.js';
import { DataError, EstimationError, formatValue, OptionError } from '../errors.js';
import { scaledSquares } from './distance.js';
import type { LeafStatistic } from './leafEstimator.js';
import { addCodes, countCodes, scoreCodes, smoothCounts } from './levels/codes.js';
import type { Scores } from './scores.js';

/** Columns that span fewer integers have a code for each of them; others only for the integers that occur. */
const MAX_GAPLESS = 2 ** 14;

/** Row i is `values[codes[i]]`. */
export interface IntegerColumns extends Columns {
  readonly codes: Int32Array;
  /** The integers of the whole column that have codes, ascending: {@link seen}, and those between them when they are few. */
  readonly values: Float64Array;
  /** The integers that occur in the whole column, ascending. */
  readonly seen: Float64Array;
}

/** Additive over rows: `counts[k]` is the weight of `values[k]`. Statistics of other values align by value. */
export interface IntegerStatistic {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** The integers from the smallest to the largest row. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

/** The range of the values that have weight; of all values when none has; `undefined` without values. */
export function weightedRange({ values, counts }: IntegerStatistic): IntegerRange | undefined {
  let first = 0;
  let last = counts.length - 1;
  while (first < last && counts[first] === 0) first++;
  while (last > first && counts[last] === 0) last--;
  if (last < 0) return undefined;
  const isEmpty = first === last && counts[first] === 0;
  return isEmpty ? { min: values[0]!, max: values[values.length - 1]! } : { min: values[first]!, max: values[last]! };
}

/** The smallest range that holds all of these; `undefined` when none is given. */
export function joinRanges(ranges: readonly (IntegerRange | undefined)[]): IntegerRange | undefined {
  const given = ranges.filter((range) => range !== undefined);
  if (given.length === 0) return undefined;
  return { min: Math.min(...given.map(({ min }) => min)), max: Math.max(...given.map(({ max }) => max)) };
}

/** The different integers among `x`, ascending. Without a hash table: no choice of integers makes it slow. */
function differentOf(x: Float64Array): Float64Array {
  if (x.length === 0) return x;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < min) min = x[i]!;
    if (x[i]! > max) max = x[i]!;
  }
  if (max - min < MAX_GAPLESS) {
    const occurs = new Uint8Array(max - min + 1);
    for (let i = 0; i < x.length; i++) occurs[x[i]! - min] = 1;
    return Float64Array.from(occurs.keys(), (k) => min + k).filter((_, k) => occurs[k] === 1);
  }
  const sorted = x.slice().sort();
  return sorted.filter((value, k) => k === 0 || value !== sorted[k - 1]);
}

/** The integers that get codes. */
function valuesFor(seen: Float64Array): Float64Array {
  const length = seen.length === 0 ? 0 : seen[seen.length - 1]! - seen[0]! + 1;
  return length <= MAX_GAPLESS ? Float64Array.from({ length }, (_, k) => seen[0]! + k) : seen;
}

/** The code of an integer that is among `values`: by its distance from the first when there are no gaps, else by bisection. */
function codesOf(values: Float64Array): (x: number) => number {
  const first = values[0]!;
  if (values.length > 0 && values[values.length - 1]! - first + 1 === values.length) return (x) => x - first;
  return (x) => {
    let low = 0;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (values[middle]! <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, k) => value === b[k]));
}

/** Encodes integers in `least … most`. */
export class IntegerEncoder implements Encoder<number, IntegerColumns> {
  readonly rowBytes = 4;
  readonly #expected: string;

  /** @param widest  the most integers from the smallest to the largest row, for families that have a parameter for each */
  constructor(
    readonly family: string,
    readonly least = Number.MIN_SAFE_INTEGER,
    readonly widest = Infinity,
  ) {
    this.#expected = least === Number.MIN_SAFE_INTEGER ? 'an integer' : `an integer >= ${least}`;
  }

  #accepts(row: unknown): row is number {
    return Number.isSafeInteger(row) && (row as number) >= this.least;
  }

  violation(row: unknown): Violation | undefined {
    return this.#accepts(row) ? undefined : { path: [], expected: this.#expected, found: row };
  }

  /** @throws {DataError} at the first row that is not such an integer, or is too far from those before it */
  encode(rows: readonly number[]): IntegerColumns {
    const x = new Float64Array(rows.length);
    let min = Infinity;
    let max = -Infinity;
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row];
      if (!this.#accepts(value)) throw new DataError(this.family, row, this.#expected, value);
      if (value < min) min = value;
      if (value > max) max = value;
      if (max - min >= this.widest) {
        throw new DataError(this.family, row, `an integer less than ${this.widest} away from all other rows`, value);
      }
      x[row] = value + 0; // -0 is 0
    }
    const seen = differentOf(x);
    const values = valuesFor(seen);
    const codes = new Int32Array(x.length);
    if (values === seen) codes.set(x.map(codesOf(values)));
    else for (let row = 0; row < x.length; row++) codes[row] = x[row]! - min;
    return { rowCount: x.length, codes, values, seen };
  }

  /** Same integers, no farther apart. */
  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.least === this.least && other.widest === this.widest;
  }

  slice({ codes, ...whole }: IntegerColumns, start: number, end: number): IntegerColumns {
    return { ...whole, rowCount: end - start, codes: codes.subarray(start, end) };
  }

  take({ codes, ...whole }: IntegerColumns, rows: Int32Array): IntegerColumns {
    return { ...whole, rowCount: rows.length, codes: takeEntries(codes, rows) };
  }

  /** @throws {EstimationError} when the parts together are too far apart */
  concat(parts: readonly IntegerColumns[]): IntegerColumns {
    const isOne = parts.length > 0 && parts.every((part) => isSame(part.seen, parts[0]!.seen));
    const seen = isOne ? parts[0]!.seen : differentOf(joinEntries(parts.map((part) => part.seen)));
    const values = isOne ? parts[0]!.values : valuesFor(seen);
    const width = values.length === 0 ? 0 : values[values.length - 1]! - values[0]! + 1;
    if (width > this.widest) {
      throw new EstimationError(
        `${this.family}: the rows span ${width} integers from ${values[0]} on; at most ${this.widest} are possible.`,
      );
    }
    const codes = joinEntries(
      parts.map((part) => {
        if (isOne || part.rowCount === 0) return part.codes;
        const places = Int32Array.from(part.values, codesOf(values));
        return part.codes.map((code) => places[code]!);
      }),
    );
    return { rowCount: codes.length, codes, values, seen };
  }

  rowCodes({ codes, values }: IntegerColumns, start: number, end: number): RowCodes {
    return { codes: codes.subarray(start, end), count: values.length };
  }

  /** (x_i - x_row)² / 2 Var(x). */
  squaredDistances({ codes, values }: IntegerColumns, weights?: Float64Array): AddSquaredDistances {
    return scaledSquares(
      Float64Array.from(codes, (code) => values[code]! - values[0]!),
      weights,
    );
  }
}

/**
 * Log-densities of all values of a column, made once for each column. When there are more values than rows (two rows 0 and
 * 10,000), each row is scored by itself.
 */
export class IntegerScores implements Scores<IntegerColumns> {
  #scored: { readonly values: Float64Array; readonly table: Float64Array } | undefined;

  constructor(readonly logDensity: (x: number) => number) {}

  score(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    const { codes, values, rowCount } = columns;
    if (values.length <= rowCount) scoreCodes(this.#tableFor(values), codes, start, end, out);
    else for (let row = start; row < end; row++) out[row - start] = this.logDensity(values[codes[row]!]!);
  }

  add(columns: IntegerColumns, start: number, end: number, out: Float64Array): void {
    const { codes, values, rowCount } = columns;
    if (values.length <= rowCount) addCodes(this.#tableFor(values), codes, start, end, out);
    else for (let row = start; row < end; row++) out[row - start]! += this.logDensity(values[codes[row]!]!);
  }

  #tableFor(values: Float64Array): Float64Array {
    if (this.#scored === undefined || !isSame(this.#scored.values, values)) {
      this.#scored = { values, table: values.map((x) => this.logDensity(x)) };
    }
    return this.#scored.table;
  }
}

/** Sums the weight of each value. */
export class IntegerAccumulator implements Accumulator<IntegerColumns, IntegerStatistic> {
  statistic: Float64Array;
  #values: Float64Array;

  /** @throws {OptionError} unless these are columns of integers, and `statistic`, if it is given, has a number for each value */
  constructor(
    readonly kind: string,
    columns: IntegerColumns,
    statistic?: Float64Array,
    readonly key?: string,
  ) {
    const values: unknown = columns?.values;
    if (!(values instanceof Float64Array)) {
      throw new OptionError(`IntegerAccumulator: columns of integers are needed, found ${formatValue(columns)}.`);
    }
    this.statistic = statistic ?? new Float64Array(values.length);
    this.#values = values;
    if (this.statistic.length === values.length) return;
    throw new OptionError(
      `IntegerAccumulator: statistic must be a Float64Array of ${values.length} numbers, found ${formatValue(statistic)}.`,
    );
  }

  seqUpdate({ codes }: IntegerColumns, start: number, end: number, weights: Float64Array): void {
    countCodes(codes, start, end, weights, this.statistic);
  }

  /** Below a hidden variable one more row, spread over all values. */
  seqInitialize(columns: IntegerColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    smoothCounts(this.statistic, draws);
  }

  combine({ values, counts }: IntegerStatistic): void {
    if (isSame(values, this.#values)) {
      for (let k = 0; k < counts.length; k++) this.statistic[k]! += counts[k]!;
      return;
    }
    const all = differentOf(joinEntries([this.#values, values]));
    const grown = new Float64Array(all.length);
    const places = codesOf(all);
    for (let k = 0; k < this.#values.length; k++) grown[places(this.#values[k]!)] = this.statistic[k]!;
    for (let k = 0; k < counts.length; k++) grown[places(values[k]!)]! += counts[k]!;
    this.statistic = grown;
    this.#values = all;
  }

  value(): IntegerStatistic {
    return { values: this.#values, counts: this.statistic.slice() };
  }

  fromValue({ values, counts }: IntegerStatistic): void {
    this.#values = values;
    if (counts.length === this.statistic.length) this.statistic.set(counts);
    else this.statistic = counts.slice();
  }
}

/** The statistic of a family that needs the weight of each integer. */
export function integerCounts(kind: string, parameterCount: number): LeafStatistic<IntegerColumns, IntegerStatistic> {
  return {
    length: ({ values }) => values.length,
    accumulator: (schema, statistic, key) => new IntegerAccumulator(kind, schema, statistic, key),
    parameterCount,
  };
}
