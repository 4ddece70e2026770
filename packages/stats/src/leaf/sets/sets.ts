/** Rows that are sets: which items they hold, as codes into the items of the whole column. */
import { joinOffsets, sameClass } from '../../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { CrowdedNumbers, SPREAD } from '../crowdedNumbers.js';
import { encodeLevels } from '../levels/encodeLevels.js';
import { joinLevelCodes } from '../levels/levelCodes.js';
import type { Level } from '../levels/levels.js';

/** A row: a list without repetitions, or a `Set`. */
export type SetRow<T> = readonly T[] | ReadonlySet<T>;

/** The items of row i are `levels[codes[at]]` for `at` in `offsets[i] … offsets[i + 1]`. Memory is linear in the items present. */
export interface SetColumns<T extends Level = Level> extends Columns {
  readonly offsets: Int32Array;
  readonly codes: Int32Array;
  /** The items of all rows, in order of first appearance. */
  readonly levels: readonly T[];
}

/** Which items a family takes. */
export interface SetRule {
  readonly isItem: (value: unknown) => boolean;
  /** For messages: `'an integer >= 0'`. */
  readonly item: string;
}

const NO_SECOND = 'a value that the set does not hold already';

/** Whether a row has the form of a set; what it holds is not looked at. */
export function isSetRow(row: unknown): row is SetRow<unknown> {
  return Array.isArray(row) || row instanceof Set;
}

/**
 * The score of a row that is not a set of such items: NaN for anything but a set and for one that holds NaN, else -Infinity.
 * `undefined` for a set.
 */
export function misfitOfSet(row: unknown, { isItem }: SetRule): number | undefined {
  if (!isSetRow(row)) return Number.NaN;
  const seen = new Set<unknown>();
  let misfit: number | undefined;
  for (const item of row) {
    if (Number.isNaN(item)) return Number.NaN;
    if (seen.has(item) || !isItem(item)) misfit = -Infinity;
    seen.add(item);
  }
  return misfit;
}

/** Gives each distinct item a code. Refuses anything but a set, and a list in which an item stands twice. */
export class SetEncoder<T extends Level = Level> implements Encoder<SetRow<T>, SetColumns<T>> {
  /** @param family  for messages */
  constructor(
    readonly family: string,
    readonly rule: SetRule,
  ) {}

  violation(row: unknown): Violation | undefined {
    if (!isSetRow(row)) return { path: [], expected: 'a list without repetitions, or a Set', found: row };
    const seen = new Set<unknown>();
    let j = 0;
    for (const item of row) {
      if (!this.rule.isItem(item)) return { path: [j], expected: this.rule.item, found: item };
      if (seen.has(item)) return { path: [j], expected: NO_SECOND, found: item };
      seen.add(item);
      j++;
    }
    return undefined;
  }

  /** @throws {DataError} at the first row that is not a set of items that the family takes */
  encode(rows: readonly SetRow<T>[]): SetColumns<T> {
    const offsets = new Int32Array(rows.length + 1);
    const items: T[] = [];
    for (let row = 0; row < rows.length; row++) {
      if (!isSetRow(rows[row])) throw this.#firstFault(rows);
      for (const item of rows[row]!) items.push(item);
      offsets[row + 1] = items.length;
    }
    const numbers = new CrowdedNumbers();
    const { codes, levels } = encodeLevels(items, (item, at) => {
      if (!this.rule.isItem(item)) throw this.#firstFault(rows);
      if (!numbers.isCrowded(item)) return;
      const row = offsets.findIndex((end) => end > at) - 1;
      throw new DataError(this.family, row, SPREAD, item, [at - offsets[row]!]);
    });
    const lastRow = new Int32Array(levels.length).fill(-1);
    for (let row = 0; row < rows.length; row++) {
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
        if (lastRow[codes[at]!] === row) throw this.#firstFault(rows);
        lastRow[codes[at]!] = row;
      }
    }
    return { rowCount: rows.length, offsets, codes, levels };
  }

  /** The error for the first bad row; called when there is one. */
  #firstFault(rows: readonly unknown[]): DataError {
    const row = rows.findIndex((each) => this.violation(each) !== undefined);
    const { path, expected, found } = this.violation(rows[row])!;
    return new DataError(this.family, row, expected, found, path);
  }

  slice({ offsets, codes, levels }: SetColumns<T>, start: number, end: number): SetColumns<T> {
    const first = offsets[start]!;
    return {
      rowCount: end - start,
      offsets: offsets.slice(start, end + 1).map((at) => at - first),
      codes: codes.subarray(first, offsets[end]!),
      levels,
    };
  }

  take({ offsets, codes, levels }: SetColumns<T>, rows: Int32Array): SetColumns<T> {
    const taken = new Int32Array(rows.length + 1);
    rows.forEach((row, i) => {
      taken[i + 1] = taken[i]! + offsets[row + 1]! - offsets[row]!;
    });
    const takenCodes = new Int32Array(taken[rows.length]!);
    rows.forEach((row, i) => takenCodes.set(codes.subarray(offsets[row]!, offsets[row + 1]!), taken[i]!));
    return { rowCount: rows.length, offsets: taken, codes: takenCodes, levels };
  }

  /** Items keep their order of first appearance; codes of later parts are translated. */
  concat(parts: readonly SetColumns<T>[]): SetColumns<T> {
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
    return { rowCount, offsets: joinOffsets(parts.map((part) => part.offsets)), ...joinLevelCodes(parts) };
  }

  itemCount({ offsets }: SetColumns<T>, start: number, end: number): number {
    return Math.max(end - start, offsets[end]! - offsets[start]!);
  }

  /** Same items, under the name of the same family. */
  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.rule === this.rule && other.family === this.family;
  }

  /** How many items one set holds and the other does not, divided by its mean over all pairs of rows. */
  squaredDistances({ rowCount, offsets, codes, levels }: SetColumns<T>): AddSquaredDistances {
    const shares = new Float64Array(levels.length);
    for (const code of codes) shares[code]! += 1 / rowCount;
    const mean = shares.reduce((sum, share) => sum + 2 * share * (1 - share), 0);
    const scale = mean > 0 ? 1 / mean : 0;
    const isIn = new Uint8Array(levels.length);
    return (row, out) => {
      const [start, end] = [offsets[row]!, offsets[row + 1]!];
      for (let at = start; at < end; at++) isIn[codes[at]!] = 1;
      for (let i = 0; i < rowCount; i++) {
        let common = 0;
        for (let at = offsets[i]!; at < offsets[i + 1]!; at++) common += isIn[codes[at]!]!;
        out[i]! += (end - start + offsets[i + 1]! - offsets[i]! - 2 * common) * scale;
      }
      for (let at = start; at < end; at++) isIn[codes[at]!] = 0;
    };
  }
}
