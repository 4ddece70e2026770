/** The columns of lists: the items of all rows end to end. Every family over lists encodes its rows so. */

import {
  concatColumns,
  encodeChild,
  itemCount,
  joinOffsets,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../contract.js';
import { DataError } from '../errors.js';

/** The items of all rows one after the other: those of row i are rows `offsets[i] … offsets[i + 1]` of `items`. */
export interface SequenceColumns extends Columns {
  readonly offsets: Int32Array;
  readonly items: Columns;
  readonly lengths: Columns;
}

/** Lays the items of all rows end to end. */
export class SequenceEncoder<T> implements Encoder<readonly T[], SequenceColumns> {
  /** @param family  of the lists, for errors */
  constructor(
    readonly item: Encoder<unknown>,
    readonly length: Encoder<unknown>,
    readonly family: string = 'Sequence',
  ) {}

  violation(row: unknown): Violation | undefined {
    if (!Array.isArray(row)) return { path: [], expected: 'a list', found: row };
    for (let j = 0; j < row.length; j++) {
      const violation = violationWithin(violationOf(this.item, row[j]), j);
      if (violation !== undefined) return violation;
    }
    return violationWithin(violationOf(this.length, row.length), 'length');
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!Array.isArray(row)) return undefined;
    const items = row.map((value: unknown): EncoderPart => ({ step: 0, isItem: true, value, encoder: this.item }));
    return [...items, { step: 'length', value: row.length, encoder: this.length }];
  }

  /** @throws {DataError} at a row that is not a list, or with an item or a length that its family cannot hold */
  encode(rows: readonly (readonly T[])[]): SequenceColumns {
    const offsets = new Int32Array(rows.length + 1);
    for (let row = 0; row < rows.length; row++) {
      const items = rows[row];
      if (!Array.isArray(items)) throw new DataError(this.family, row, 'a list', items);
      offsets[row + 1] = offsets[row]! + items.length;
    }
    const values = new Array<T>(offsets[rows.length]!);
    let at = 0;
    for (const row of rows) for (let j = 0; j < row.length; j++) values[at++] = row[j]!;
    return {
      rowCount: rows.length,
      offsets,
      items: encodeChild(this.item, values, (i) => {
        const row = rowOfItem(offsets, i);
        return [row, i - offsets[row]!];
      }),
      lengths: encodeChild(
        this.length,
        rows.map((row) => row.length),
        (row) => [row, 'length'],
      ),
    };
  }

  slice({ offsets, items, lengths }: SequenceColumns, start: number, end: number): SequenceColumns {
    const first = offsets[start]!;
    return {
      rowCount: end - start,
      offsets: offsets.slice(start, end + 1).map((at) => at - first),
      items: sliceColumns(this.item, items, first, offsets[end]!),
      lengths: sliceColumns(this.length, lengths, start, end),
    };
  }

  take({ offsets, items, lengths }: SequenceColumns, rows: Int32Array): SequenceColumns {
    const taken = new Int32Array(rows.length + 1);
    for (let i = 0; i < rows.length; i++) taken[i + 1] = taken[i]! + offsets[rows[i]! + 1]! - offsets[rows[i]!]!;
    const itemRows = new Int32Array(taken[rows.length]!);
    for (let i = 0; i < rows.length; i++) {
      const first = offsets[rows[i]!]!;
      for (let at = taken[i]!; at < taken[i + 1]!; at++) itemRows[at] = first + at - taken[i]!;
    }
    return {
      rowCount: rows.length,
      offsets: taken,
      items: takeColumns(this.item, items, itemRows),
      lengths: takeColumns(this.length, lengths, rows),
    };
  }

  concat(parts: readonly SequenceColumns[]): SequenceColumns {
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      offsets: joinOffsets(parts.map((part) => part.offsets)),
      items: concatColumns(
        this.item,
        parts.map((part) => part.items),
      ),
      lengths: concatColumns(
        this.length,
        parts.map((part) => part.lengths),
      ),
    };
  }

  itemCount({ offsets, items }: SequenceColumns, start: number, end: number): number {
    return Math.max(end - start, itemCount(this.item, items, offsets[start]!, offsets[end]!));
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && sameEncoder(this.item, other.item) && sameEncoder(this.length, other.length);
  }
}

/** The row that item `i` stands in: the last one that starts at or before it and is not empty. */
export function rowOfItem(offsets: Int32Array, i: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= i) low = middle;
    else high = middle;
  }
  return low;
}
