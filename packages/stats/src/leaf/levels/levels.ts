/** Rows that are levels, as codes into the levels of their column; and the weight of each level. */
import { sameClass, takeEntries } from '../../columns/columns.js';
import type { Accumulator, AddSquaredDistances, Columns, Draws, Encoder, RowCodes, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { CrowdedNumbers, SPREAD } from '../crowdedNumbers.js';
import { scaledMismatches } from '../distance.js';
import type { Scores } from '../scores.js';
import { addCodes, countCodes, scoreCodes, smoothCounts } from './codes.js';
import { encodeLevels } from './encodeLevels.js';
import { joinLevelCodes } from './levelCodes.js';

/** What a categorical row may be. */
export type Level = string | number | boolean | null;

/** A code per row into the levels of the whole column, in order of first appearance. */
export interface CategoricalColumns<T extends Level = Level> extends Columns {
  readonly codes: Int32Array;
  readonly levels: readonly T[];
}

/** What a level is, for messages. */
export const LEVEL = 'a string, a number, a boolean or null';

/** Whether a value may be a level. */
export function isLevel(value: unknown): value is Level {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    value === null ||
    (typeof value === 'number' && !Number.isNaN(value))
  );
}

/** Gives each distinct value a code, in order of first appearance. */
export class CategoricalEncoder<T extends Level = Level> implements Encoder<T, CategoricalColumns<T>> {
  readonly rowBytes = 4;

  violation(row: unknown): Violation | undefined {
    return isLevel(row) ? undefined : { path: [], expected: LEVEL, found: row };
  }

  /** @throws {DataError} at the first row that is not a string, number, boolean or null */
  encode(rows: readonly T[]): CategoricalColumns<T> {
    const numbers = new CrowdedNumbers();
    const { codes, levels } = encodeLevels(rows, (value, row) => {
      if (!isLevel(value)) throw new DataError('Categorical', row, LEVEL, value);
      if (numbers.isCrowded(value)) throw new DataError('Categorical', row, SPREAD, value);
    });
    return { rowCount: rows.length, codes, levels };
  }

  slice({ codes, levels }: CategoricalColumns<T>, start: number, end: number): CategoricalColumns<T> {
    return { rowCount: end - start, codes: codes.subarray(start, end), levels };
  }

  take({ codes, levels }: CategoricalColumns<T>, rows: Int32Array): CategoricalColumns<T> {
    return { rowCount: rows.length, codes: takeEntries(codes, rows), levels };
  }

  /** Levels keep their order of first appearance; codes of later parts are translated. */
  concat(parts: readonly CategoricalColumns<T>[]): CategoricalColumns<T> {
    const { codes, levels } = joinLevelCodes(parts);
    return { rowCount: codes.length, codes, levels };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other);
  }

  rowCodes({ codes, levels }: CategoricalColumns<T>, start: number, end: number): RowCodes {
    return { codes: codes.subarray(start, end), count: levels.length };
  }

  /** 1 for another level, scaled by how often two rows differ. */
  squaredDistances({ codes, levels }: CategoricalColumns<T>, weights?: Float64Array): AddSquaredDistances {
    return scaledMismatches(codes, levels.length, weights);
  }
}

/** Log-densities by level; the table is made once for each dictionary, not for each block. */
export class LevelScores implements Scores<CategoricalColumns> {
  #scored: { readonly levels: readonly Level[]; readonly table: Float64Array } | undefined;

  constructor(readonly logDensity: (level: Level) => number) {}

  score({ codes, levels }: CategoricalColumns, start: number, end: number, out: Float64Array): void {
    scoreCodes(this.#tableFor(levels), codes, start, end, out);
  }

  add({ codes, levels }: CategoricalColumns, start: number, end: number, out: Float64Array): void {
    addCodes(this.#tableFor(levels), codes, start, end, out);
  }

  #tableFor(levels: readonly Level[]): Float64Array {
    if (this.#scored?.levels !== levels) {
      this.#scored = { levels, table: Float64Array.from(levels, (level) => this.logDensity(level)) };
    }
    return this.#scored.table;
  }
}

/** Additive over rows: the total weight of each level of the column. */
export interface CategoricalStatistic<T extends Level = Level> {
  readonly levels: readonly T[];
  readonly counts: Float64Array;
}

/** Sums the weight of each level. */
export class CategoricalAccumulator<T extends Level = Level>
  implements Accumulator<CategoricalColumns<T>, CategoricalStatistic<T>>
{
  readonly kind = 'Categorical';
  statistic: Float64Array;

  constructor(
    public levels: readonly T[],
    statistic: Float64Array = new Float64Array(levels.length),
    readonly key?: string,
  ) {
    this.statistic = statistic;
  }

  seqUpdate(columns: CategoricalColumns<T>, start: number, end: number, weights: Float64Array): void {
    countCodes(columns.codes, start, end, weights, this.statistic);
  }

  /** Below a hidden variable one more row, spread over all levels. */
  seqInitialize(columns: CategoricalColumns<T>, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    smoothCounts(this.statistic, draws);
  }

  /** Levels that are new to this accumulator are added after its own. */
  combine({ levels, counts }: CategoricalStatistic<T>): void {
    if (levels !== this.levels) this.#include(levels);
    const codeOf = levels === this.levels ? undefined : new Map(this.levels.map((level, code) => [level, code]));
    for (let k = 0; k < levels.length; k++) {
      this.statistic[codeOf === undefined ? k : codeOf.get(levels[k]!)!]! += counts[k]!;
    }
  }

  #include(levels: readonly T[]): void {
    const all = [...new Set([...this.levels, ...levels])];
    if (all.length === this.levels.length) return;
    const counts = new Float64Array(all.length);
    counts.set(this.statistic);
    this.levels = all;
    this.statistic = counts;
  }

  value(): CategoricalStatistic<T> {
    return { levels: this.levels, counts: this.statistic.slice() };
  }

  fromValue({ levels, counts }: CategoricalStatistic<T>): void {
    this.levels = levels;
    if (counts.length === this.statistic.length) this.statistic.set(counts);
    else this.statistic = counts.slice();
  }
}
