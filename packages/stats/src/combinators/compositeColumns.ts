/** The columns of fields side by side. */

import {
  concatColumns,
  encodeChild,
  itemCount,
  mayHoldItems,
  sameClass,
  sameEncoders,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import { pairedRowCodes } from '../columns/rowCodes.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, RowCodes, Violation } from '../contract.js';
import { DataError } from '../errors.js';
import { sumDistances } from '../leaf/distance.js';

/** The columns of the fields, in order. */
export interface FieldColumns extends Columns {
  readonly fields: readonly Columns[];
}

/** One child per field. */
export class CompositeEncoder<T extends readonly unknown[]> implements Encoder<T, FieldColumns> {
  /** @param family  of the rows, for errors */
  constructor(
    readonly encoders: readonly Encoder<unknown>[],
    readonly family: string = 'Composite',
  ) {}

  violation(row: unknown): Violation | undefined {
    if (!this.#fits(row)) return { path: [], expected: this.#expected(), found: row };
    for (let j = 0; j < row.length; j++) {
      const violation = violationWithin(violationOf(this.encoders[j]!, row[j]), j);
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!this.#fits(row)) return undefined;
    return this.encoders.map((encoder, j) => ({ step: j, value: row[j], encoder }));
  }

  #fits(row: unknown): row is readonly unknown[] {
    return Array.isArray(row) && row.length === this.encoders.length;
  }

  #expected(): string {
    return `a list of ${this.encoders.length} fields`;
  }

  /** @throws {DataError} at a row with another number of fields, or with a field that its family cannot hold */
  encode(rows: readonly T[]): FieldColumns {
    for (let row = 0; row < rows.length; row++) {
      if (!this.#fits(rows[row])) throw new DataError(this.family, row, this.#expected(), rows[row]);
    }
    const fields = this.encoders.map((encoder, j) =>
      encodeChild(
        encoder,
        rows.map((row) => row[j]),
        (row) => [row, j],
      ),
    );
    return { rowCount: rows.length, fields };
  }

  slice(columns: FieldColumns, start: number, end: number): FieldColumns {
    return this.#map(columns, end - start, (encoder, field) => sliceColumns(encoder, field, start, end));
  }

  take(columns: FieldColumns, rows: Int32Array): FieldColumns {
    return this.#map(columns, rows.length, (encoder, field) => takeColumns(encoder, field, rows));
  }

  concat(parts: readonly FieldColumns[]): FieldColumns {
    const fields = this.encoders.map((encoder, j) =>
      concatColumns(
        encoder,
        parts.map((part) => part.fields[j]!),
      ),
    );
    return { rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0), fields };
  }

  get rowBytes(): number | undefined {
    return this.encoders.reduce<number | undefined>(
      (sum, { rowBytes }) => (sum === undefined || rowBytes === undefined ? undefined : sum + rowBytes),
      0,
    );
  }

  get holdsItems(): boolean {
    return this.encoders.some(mayHoldItems);
  }

  itemCount({ fields }: FieldColumns, start: number, end: number): number {
    return fields.reduce(
      (most, field, j) => Math.max(most, itemCount(this.encoders[j]!, field, start, end)),
      end - start,
    );
  }

  rowCodes({ fields }: FieldColumns, start: number, end: number): RowCodes | undefined {
    return fields
      .map((field, j) => this.encoders[j]!.rowCodes?.(field, start, end))
      .reduce((left, right) => pairedRowCodes(left, right));
  }

  squaredDistances({ fields }: FieldColumns, weights?: Float64Array): AddSquaredDistances | undefined {
    return sumDistances(fields.map((field, j) => this.encoders[j]!.squaredDistances?.(field, weights)));
  }

  #map(
    columns: FieldColumns,
    rowCount: number,
    change: (encoder: Encoder<unknown>, field: Columns) => Columns,
  ): FieldColumns {
    return { rowCount, fields: columns.fields.map((field, j) => change(this.encoders[j]!, field)) };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && sameEncoders(this.encoders, other.encoders);
  }
}
