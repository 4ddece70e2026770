/** The columns of a hidden semi-Markov model: those of lists, and the durations that a segment may have, which are the same for all rows. */

import { acceptedBy, sameClass, sameEncoder, sameEncoders } from '../../columns/columns.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import { SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../../contract.js';

/** Durations that the family of a state can hold: row i of `columns` is the duration `values[i]`, less what is counted from. */
export interface DurationColumns {
  readonly values: Int32Array;
  readonly columns: Columns;
}

/** The columns of lists, and the durations 1 … D of each state. */
export interface SegmentedColumns extends SequenceColumns {
  readonly durations: readonly DurationColumns[];
}

/** Encodes the durations 1 … `maxDuration`, less `shift`, as far as the family holds them. */
export function encodeDurations(encoder: Encoder<unknown>, maxDuration: number, shift: number): DurationColumns {
  const accepts = acceptedBy(encoder);
  const values = Int32Array.from({ length: maxDuration }, (_, i) => i + 1).filter((d) => accepts(d - shift));
  return { values, columns: encoder.encode(Array.from(values, (d) => d - shift)) };
}

/** Encodes lists as a sequence does, and adds the durations. */
export class SegmentedEncoder<T> implements Encoder<readonly T[], SegmentedColumns> {
  readonly #lists: SequenceEncoder<T>;
  #durations: readonly DurationColumns[] | undefined;

  /** @param shifts  of each state, what is taken from a duration before its family sees it */
  constructor(
    readonly item: Encoder<unknown>,
    readonly length: Encoder<unknown>,
    readonly durationEncoders: readonly Encoder<unknown>[],
    readonly shifts: readonly number[],
    readonly maxDuration: number,
  ) {
    this.#lists = new SequenceEncoder<T>(item, length, 'HiddenSemiMarkov');
  }

  #with(columns: SequenceColumns): SegmentedColumns {
    this.#durations ??= this.durationEncoders.map((encoder, s) =>
      encodeDurations(encoder, this.maxDuration, this.shifts[s]!),
    );
    return { ...columns, durations: this.#durations };
  }

  violation(row: unknown): Violation | undefined {
    return this.#lists.violation(row);
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    return this.#lists.parts(row);
  }

  /** @throws {DataError} at a row that is not a list, or with an item or a length that its family cannot hold */
  encode(rows: readonly (readonly T[])[]): SegmentedColumns {
    return this.#with(this.#lists.encode(rows));
  }

  slice(columns: SegmentedColumns, start: number, end: number): SegmentedColumns {
    return { ...this.#lists.slice(columns, start, end), durations: columns.durations };
  }

  take(columns: SegmentedColumns, rows: Int32Array): SegmentedColumns {
    return { ...this.#lists.take(columns, rows), durations: columns.durations };
  }

  concat(parts: readonly SegmentedColumns[]): SegmentedColumns {
    return this.#with(this.#lists.concat(parts));
  }

  itemCount(columns: SegmentedColumns, start: number, end: number): number {
    return this.#lists.itemCount(columns, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other) || other.maxDuration !== this.maxDuration) return false;
    const { durationEncoders, shifts, item, length } = other;
    const sameDurations =
      sameEncoders(this.durationEncoders, durationEncoders) && shifts.every((shift, s) => shift === this.shifts[s]);
    return sameDurations && sameEncoder(this.item, item) && sameEncoder(this.length, length);
  }
}
