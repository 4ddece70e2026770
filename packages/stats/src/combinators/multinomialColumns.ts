/** The columns of lists of values with counts: the pairs of all rows end to end, and the total of each row. */

import { encodeChild, sameClass, violationOf, violationWithin } from '../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, Violation } from '../contract.js';
import { DataError } from '../errors.js';
import { scaledHellinger } from '../leaf/distance.js';
import { type SequenceColumns, SequenceEncoder } from './sequenceColumns.js';
import { type WeightedColumns, WeightedEncoder } from './weighted.js';

/** A value, and how often it occurs. */
export type Counted<T> = readonly [value: T, count: number];

/**
 * The pairs of row i are rows `offsets[i] … offsets[i + 1]` of `items`, whose weights are the counts. `lengths` are the totals.
 * Pairs of count 0 are left out.
 */
export interface MultinomialColumns extends SequenceColumns {
  readonly items: WeightedColumns;
}

const EXPECTED_ROW = 'a list of pairs of a value and its count';
const EXPECTED_PAIR = 'a pair of a value and its count';
const EXPECTED_COUNT = 'a finite number >= 0';

export function isPair(pair: unknown): pair is readonly [unknown, unknown] {
  return Array.isArray(pair) && pair.length === 2;
}

export function isCount(count: unknown): count is number {
  return typeof count === 'number' && count >= 0 && count < Infinity;
}

/** Lays the pairs of all rows end to end. */
export class MultinomialEncoder<T> implements Encoder<readonly Counted<T>[], MultinomialColumns> {
  /** Cuts and joins the columns: those of lists of weighted values. */
  readonly #lists: SequenceEncoder<unknown>;

  /**
   * @param item  the encoder of a value
   * @param length  the encoder of a total
   */
  constructor(
    readonly item: Encoder<unknown>,
    readonly length: Encoder<unknown>,
    readonly family: string = 'Multinomial',
  ) {
    this.#lists = new SequenceEncoder(new WeightedEncoder(item), length);
  }

  violation(row: unknown): Violation | undefined {
    if (!Array.isArray(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    let total = 0;
    for (const [j, pair] of (row as unknown[]).entries()) {
      const violation = pairViolation(pair);
      if (violation !== undefined) return violationWithin(violation, j);
      const [value, count] = pair as Counted<unknown>;
      const ofValue = count > 0 ? violationOf(this.item, value) : undefined;
      if (ofValue !== undefined) return violationWithin(ofValue, j, 0);
      total += count;
    }
    return violationWithin(violationOf(this.length, total), 'length');
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!Array.isArray(row) || row.some((pair: unknown) => pairViolation(pair) !== undefined)) return undefined;
    const pairs = row as readonly Counted<unknown>[];
    const items = pairs
      .filter(([, count]) => count > 0)
      .map(([value]): EncoderPart => ({ step: 0, isItem: true, value, encoder: this.item }));
    return [...items, { step: 'length', value: totalOf(pairs), encoder: this.length }];
  }

  /** @throws {DataError} at a row that is no such list, or with a value or a total that its family cannot hold */
  encode(rows: readonly (readonly Counted<T>[])[]): MultinomialColumns {
    const offsets = new Int32Array(rows.length + 1);
    const totals: number[] = [];
    const values: T[] = [];
    const counts: number[] = [];
    /** The place of each value in its row. */
    const places: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const pairs = rows[row]!;
      if (!Array.isArray(pairs)) throw new DataError(this.family, row, EXPECTED_ROW, pairs);
      let total = 0;
      for (let j = 0; j < pairs.length; j++) {
        const pair = pairs[j]!;
        const violation = pairViolation(pair);
        if (violation !== undefined) {
          throw new DataError(this.family, row, violation.expected, violation.found, [j, ...violation.path]);
        }
        if (pair[1] === 0) continue;
        values.push(pair[0]);
        counts.push(pair[1]);
        places.push(j);
        total += pair[1];
      }
      totals.push(total);
      offsets[row + 1] = values.length;
    }
    const rowOf = (i: number) => offsets.findIndex((first) => first > i) - 1;
    const encoded = encodeChild(this.item, values, (i) => [rowOf(i), places[i]!, 0]);
    return {
      rowCount: rows.length,
      offsets,
      items: { rowCount: values.length, values: encoded, weights: Float64Array.from(counts) },
      lengths: encodeChild(this.length, totals, (row) => [row, 'length']),
    };
  }

  slice(columns: MultinomialColumns, start: number, end: number): MultinomialColumns {
    return this.#lists.slice(columns, start, end) as MultinomialColumns; // whose items are cut by the encoder of pairs
  }

  take(columns: MultinomialColumns, rows: Int32Array): MultinomialColumns {
    return this.#lists.take(columns, rows) as MultinomialColumns; // as for slice
  }

  concat(parts: readonly MultinomialColumns[]): MultinomialColumns {
    return this.#lists.concat(parts) as MultinomialColumns; // as for slice
  }

  itemCount(columns: MultinomialColumns, start: number, end: number): number {
    return this.#lists.itemCount(columns, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && this.#lists.sameAs(other.#lists);
  }

  /** The squared Hellinger distance of the rows' shares, where the values are few enough to have codes. */
  squaredDistances({ offsets, items: { values, weights } }: MultinomialColumns): AddSquaredDistances | undefined {
    const found = this.item.rowCodes?.(values as Columns, 0, values.rowCount);
    return found === undefined ? undefined : scaledHellinger(offsets, found.codes, weights, found.count);
  }
}

function pairViolation(pair: unknown): Violation | undefined {
  if (!isPair(pair)) return { path: [], expected: EXPECTED_PAIR, found: pair };
  return isCount(pair[1]) ? undefined : { path: [1], expected: EXPECTED_COUNT, found: pair[1] };
}

function totalOf(pairs: readonly Counted<unknown>[]): number {
  return pairs.reduce((total, [, count]) => total + count, 0);
}
