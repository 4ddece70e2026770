/** The columns of labelled documents: for each row its document, and the words with their counts end to end. */

import { allOf } from '../../checks/rows.js';
import {
  concatColumns,
  encodeChild,
  joinEntries,
  joinOffsets,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  takeEntries,
  violationOf,
  violationWithin,
} from '../../columns/columns.js';
import { type Counted, isCount, isPair } from '../../combinators/multinomialColumns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { isNumber } from '../../leaf/numberEncoder.js';

/** A document by its number, and its words by theirs, with counts. */
export type IntegerPlsiRow = readonly [document: number, words: readonly Counted<number>[]];

/**
 * The words of row i are the entries `offsets[i] … offsets[i + 1]` of `words` and `counts`; `lengths` are the totals. Words of
 * count 0 are left out. Words are below `valueCount`, documents below `documentCount`.
 */
export interface IntegerPlsiColumns extends Columns {
  readonly valueCount: number;
  readonly documentCount: number;
  readonly documents: Int32Array;
  readonly offsets: Int32Array;
  readonly words: Int32Array;
  readonly counts: Float64Array;
  readonly lengths: Columns;
}

const EXPECTED_ROW = 'a pair of a document and a list of words with counts';
const EXPECTED_PAIR = 'a pair of a word and its count';
const EXPECTED_COUNT = 'a finite number >= 0';

/** Lays the words of all rows end to end. */
export class IntegerPlsiEncoder implements Encoder<IntegerPlsiRow, IntegerPlsiColumns> {
  /**
   * @param valueCount  words are 0 … valueCount - 1
   * @param documentCount  documents are 0 … documentCount - 1
   * @param length  the encoder of a total
   */
  constructor(
    readonly valueCount: number,
    readonly documentCount: number,
    readonly length: Encoder<unknown>,
  ) {}

  violation(row: unknown): Violation | undefined {
    const fault = this.#fault(row);
    if (fault !== undefined) return fault;
    return violationWithin(violationOf(this.length, totalOf(row as IntegerPlsiRow)), 'length');
  }

  /** What is wrong with the row, its total aside. */
  #fault(row: unknown): Violation | undefined {
    if (!isPair(row) || !Array.isArray(row[1])) return { path: [], expected: EXPECTED_ROW, found: row };
    if (!isBelow(row[0], this.documentCount)) {
      return { path: [0], expected: `a document, 0 to ${this.documentCount - 1}`, found: row[0] };
    }
    for (const [j, pair] of (row[1] as unknown[]).entries()) {
      if (!isPair(pair)) return { path: [1, j], expected: EXPECTED_PAIR, found: pair };
      const [word, count] = pair;
      if (!isCount(count)) return { path: [1, j, 1], expected: EXPECTED_COUNT, found: count };
      if (isBelow(word, this.valueCount)) continue;
      return { path: [1, j, 0], expected: `a word, 0 to ${this.valueCount - 1}`, found: word };
    }
    return undefined;
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (this.#fault(row) !== undefined) return undefined;
    return [{ step: 'length', value: totalOf(row as IntegerPlsiRow), encoder: this.length }];
  }

  /** @throws {DataError} at a row that is no such pair, or with a total that its family cannot hold */
  encode(rows: readonly IntegerPlsiRow[]): IntegerPlsiColumns {
    const documents = new Int32Array(rows.length);
    const offsets = new Int32Array(rows.length + 1);
    const words: number[] = [];
    const counts: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const fault = this.#fault(rows[row]);
      if (fault !== undefined) throw new DataError('IntegerPlsi', row, fault.expected, fault.found, fault.path);
      const [document, pairs] = rows[row]!;
      documents[row] = document;
      for (const [word, count] of pairs) {
        if (count === 0) continue;
        words.push(word);
        counts.push(count);
      }
      offsets[row + 1] = words.length;
    }
    return {
      ...this.#sizes(rows.length),
      documents,
      offsets,
      words: Int32Array.from(words),
      counts: Float64Array.from(counts),
      lengths: encodeChild(this.length, rows.map(totalOf), (row) => [row, 'length']),
    };
  }

  slice(columns: IntegerPlsiColumns, start: number, end: number): IntegerPlsiColumns {
    const [first, last] = [columns.offsets[start]!, columns.offsets[end]!];
    return {
      ...this.#sizes(end - start),
      documents: columns.documents.subarray(start, end),
      offsets: columns.offsets.slice(start, end + 1).map((at) => at - first),
      words: columns.words.subarray(first, last),
      counts: columns.counts.subarray(first, last),
      lengths: sliceColumns(this.length, columns.lengths, start, end),
    };
  }

  take(columns: IntegerPlsiColumns, rows: Int32Array): IntegerPlsiColumns {
    const offsets = new Int32Array(rows.length + 1);
    for (let i = 0; i < rows.length; i++) {
      offsets[i + 1] = offsets[i]! + columns.offsets[rows[i]! + 1]! - columns.offsets[rows[i]!]!;
    }
    const places = new Int32Array(offsets[rows.length]!);
    for (let i = 0; i < rows.length; i++) {
      const first = columns.offsets[rows[i]!]!;
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++) places[at] = first + at - offsets[i]!;
    }
    return {
      ...this.#sizes(rows.length),
      documents: takeEntries(columns.documents, rows),
      offsets,
      words: takeEntries(columns.words, places),
      counts: takeEntries(columns.counts, places),
      lengths: takeColumns(this.length, columns.lengths, rows),
    };
  }

  concat(parts: readonly IntegerPlsiColumns[]): IntegerPlsiColumns {
    return {
      ...this.#sizes(parts.reduce((sum, part) => sum + part.rowCount, 0)),
      documents: joinEntries(parts.map((part) => part.documents)),
      offsets: joinOffsets(parts.map((part) => part.offsets)),
      words: joinEntries(parts.map((part) => part.words)),
      counts: joinEntries(parts.map((part) => part.counts)),
      lengths: concatColumns(
        this.length,
        parts.map((part) => part.lengths),
      ),
    };
  }

  #sizes(rowCount: number): Pick<IntegerPlsiColumns, 'rowCount' | 'valueCount' | 'documentCount'> {
    return { rowCount, valueCount: this.valueCount, documentCount: this.documentCount };
  }

  itemCount({ offsets }: IntegerPlsiColumns, start: number, end: number): number {
    return Math.max(end - start, offsets[end]! - offsets[start]!);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other) || !sameEncoder(this.length, other.length)) return false;
    return other.valueCount === this.valueCount && other.documentCount === this.documentCount;
  }
}

function isBelow(x: unknown, count: number): boolean {
  return Number.isInteger(x) && (x as number) >= 0 && (x as number) < count;
}

function totalOf([, words]: IntegerPlsiRow): number {
  return words.reduce((total, [, count]) => total + count, 0);
}

/** Whether `x` is a document with words. */
export function isPlsiRow(x: unknown): x is IntegerPlsiRow {
  if (!Array.isArray(x) || x.length !== 2 || typeof x[0] !== 'number' || !Array.isArray(x[1])) return false;
  if (Number.isNaN(x[0])) return false;
  return allOf<unknown>(x[1], (pair) => Array.isArray(pair) && pair.length === 2 && allOf(pair, isNumber));
}
