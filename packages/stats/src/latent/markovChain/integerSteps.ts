/** Lists of integers 0 … V - 1 as steps: the columns and the encoder of integer Markov chains. */

import {
  concatColumns,
  concatSubsets,
  encodeChild,
  joinEntries,
  joinOffsets,
  sameClass,
  sameEncoder,
  sliceColumns,
  sliceSubset,
  takeColumns,
  takeSubset,
  violationOf,
  violationWithin,
} from '../../columns/columns.js';
import type { Columns, Encoder, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';

/**
 * Steps of row i are `offsets[i] … offsets[i + 1]` of `cells`; a step's cell is context · V + value. Rows of at least
 * `lag` values have a first block: row i's is row `blockOffsets[i]` of `blocks`.
 */
export interface IntegerMarkovChainColumns extends Columns {
  /** V of the encoder, by which cells are numbered. */
  readonly valueCount: number;
  readonly offsets: Int32Array;
  readonly cells: Int32Array;
  readonly blockOffsets: Int32Array;
  readonly blocks: Columns;
  readonly lengths: Columns;
}

/** Whether a value is an integer in 0 … V - 1. */
export function isValue(value: unknown, valueCount: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < valueCount;
}

/** The cell of every step: context · V + value, the oldest value of the context most significant. */
export function cellsOf(x: readonly number[], lag: number, valueCount: number): number[] {
  const cells: number[] = [];
  const modulus = valueCount ** lag;
  let context = 0;
  x.forEach((value, t) => {
    if (t >= lag) cells.push(context * valueCount + value);
    context = (context * valueCount + value) % modulus;
  });
  return cells;
}

/** Turns lists of integers into cells. */
export class IntegerMarkovChainEncoder implements Encoder<readonly number[], IntegerMarkovChainColumns> {
  constructor(
    readonly valueCount: number,
    readonly lag: number,
    readonly block: Encoder<unknown>,
    readonly length: Encoder<unknown>,
  ) {}

  violation(row: unknown): Violation | undefined {
    if (!Array.isArray(row)) return { path: [], expected: 'a list of integers', found: row };
    const bad = row.findIndex((value) => !isValue(value, this.valueCount));
    if (bad >= 0) return { path: [bad], expected: `an integer in 0 … ${this.valueCount - 1}`, found: row[bad] };
    const ofLength = violationWithin(violationOf(this.length, row.length), 'length');
    return ofLength ?? (row.length < this.lag ? undefined : violationOf(this.block, row.slice(0, this.lag)));
  }

  /** @throws {DataError} at the first value that is not an integer in 0 … V - 1 */
  encode(rows: readonly (readonly number[])[]): IntegerMarkovChainColumns {
    const offsets = new Int32Array(rows.length + 1);
    const blockOffsets = new Int32Array(rows.length + 1);
    const blockRows: number[] = [];
    const cells: number[] = [];
    rows.forEach((values, row) => {
      const bad = Array.isArray(values) ? values.findIndex((value) => !isValue(value, this.valueCount)) : 0;
      if (bad >= 0) {
        const { path, expected, found } = this.violation(values)!;
        throw new DataError('IntegerMarkovChain', row, expected, found, path);
      }
      for (const cell of cellsOf(values, this.lag, this.valueCount)) cells.push(cell);
      offsets[row + 1] = cells.length;
      if (values.length >= this.lag) blockRows.push(row);
      blockOffsets[row + 1] = blockRows.length;
    });
    return {
      rowCount: rows.length,
      valueCount: this.valueCount,
      offsets,
      cells: Int32Array.from(cells),
      blockOffsets,
      blocks: encodeChild(
        this.block,
        blockRows.map((row) => rows[row]!.slice(0, this.lag)),
        (i) => [blockRows[i]!],
      ),
      lengths: encodeChild(
        this.length,
        rows.map((values) => values.length),
        (row) => [row, 'length'],
      ),
    };
  }

  slice(columns: IntegerMarkovChainColumns, start: number, end: number): IntegerMarkovChainColumns {
    const { offsets, cells, blockOffsets, blocks, lengths } = columns;
    const [first, last] = [offsets[start]!, offsets[end]!];
    const blocksOf = sliceSubset(this.block, { offsets: blockOffsets, columns: blocks }, start, end);
    return {
      rowCount: end - start,
      valueCount: this.valueCount,
      offsets: offsets.slice(start, end + 1).map((at) => at - first),
      cells: cells.subarray(first, last),
      blockOffsets: blocksOf.offsets,
      blocks: blocksOf.columns,
      lengths: sliceColumns(this.length, lengths, start, end),
    };
  }

  take(columns: IntegerMarkovChainColumns, rows: Int32Array): IntegerMarkovChainColumns {
    const { offsets, cells, blockOffsets, blocks, lengths } = columns;
    const taken: number[] = [];
    const takenOffsets = new Int32Array(rows.length + 1);
    const blocksOf = takeSubset(this.block, { offsets: blockOffsets, columns: blocks }, rows);
    rows.forEach((row, i) => {
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) taken.push(cells[at]!);
      takenOffsets[i + 1] = taken.length;
    });
    return {
      rowCount: rows.length,
      valueCount: this.valueCount,
      offsets: takenOffsets,
      cells: Int32Array.from(taken),
      blockOffsets: blocksOf.offsets,
      blocks: blocksOf.columns,
      lengths: takeColumns(this.length, lengths, rows),
    };
  }

  concat(parts: readonly IntegerMarkovChainColumns[]): IntegerMarkovChainColumns {
    const blocksOf = concatSubsets(
      this.block,
      parts.map(({ blockOffsets, blocks }) => ({ offsets: blockOffsets, columns: blocks })),
    );
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      valueCount: this.valueCount,
      offsets: joinOffsets(parts.map((part) => part.offsets)),
      cells: joinEntries(parts.map((part) => part.cells)),
      blockOffsets: blocksOf.offsets,
      blocks: blocksOf.columns,
      lengths: concatColumns(
        this.length,
        parts.map((part) => part.lengths),
      ),
    };
  }

  itemCount({ offsets }: IntegerMarkovChainColumns, start: number, end: number): number {
    return Math.max(end - start, offsets[end]! - offsets[start]!);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) &&
      other.valueCount === this.valueCount &&
      other.lag === this.lag &&
      sameEncoder(this.block, other.block) &&
      sameEncoder(this.length, other.length)
    );
  }
}
