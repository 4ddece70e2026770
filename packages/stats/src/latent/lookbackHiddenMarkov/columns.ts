/** Lists as the steps of a lookback chain, end to end. */
import { sameClass } from '../../columns/columns.js';
import { type SequenceColumns, SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type { Encoder, EncoderPart, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { stepsOf } from './steps.js';

const EXPECTED_ROW = 'a list';

/** Cuts lists into steps. `lengths` of the columns are the numbers of steps. */
export class LookbackEncoder<T> implements Encoder<readonly T[], SequenceColumns> {
  readonly #lists: SequenceEncoder<unknown>;

  /**
   * @param step  the encoder of a step
   * @param length  the encoder of the number of steps
   */
  constructor(
    readonly lag: number,
    readonly step: Encoder<unknown>,
    readonly length: Encoder<unknown>,
  ) {
    this.#lists = new SequenceEncoder(step, length);
  }

  violation(row: unknown): Violation | undefined {
    if (!Array.isArray(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    const violation = this.#lists.violation(stepsOf(row, this.lag));
    return violation && { ...violation, path: this.#pathInList(violation.path) };
  }

  /** Where in a list something stands that was found in its steps. */
  #pathInList([step, ...inStep]: readonly (string | number)[]): readonly (string | number)[] {
    if (typeof step !== 'number') return step === undefined ? [] : [step, ...inStep];
    const [at, ...inItem] = inStep;
    const start = Math.max(0, step - 1);
    if (typeof at === 'number') return [start + at, ...inItem];
    // Of a step as a whole its last item is named.
    return this.lag === 0 && step === 0 ? [] : [start + (step === 0 ? this.lag - 1 : this.lag), ...inStep];
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    return Array.isArray(row) ? this.#lists.parts(stepsOf(row, this.lag)) : undefined;
  }

  /** @throws {DataError} at a row that is not a list, or with items or a number of steps that its family cannot hold */
  encode(rows: readonly (readonly T[])[]): SequenceColumns {
    const steps = rows.map((row, i) => {
      if (!Array.isArray(row)) throw new DataError('LookbackHiddenMarkov', i, EXPECTED_ROW, row);
      return stepsOf(row, this.lag);
    });
    try {
      return this.#lists.encode(steps);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const { family, row, expected, found, path } = error;
      throw new DataError(family, row, expected, found, this.#pathInList(path));
    }
  }

  slice(columns: SequenceColumns, start: number, end: number): SequenceColumns {
    return this.#lists.slice(columns, start, end);
  }

  take(columns: SequenceColumns, rows: Int32Array): SequenceColumns {
    return this.#lists.take(columns, rows);
  }

  concat(parts: readonly SequenceColumns[]): SequenceColumns {
    return this.#lists.concat(parts);
  }

  itemCount(columns: SequenceColumns, start: number, end: number): number {
    return this.#lists.itemCount(columns, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && other.lag === this.lag && this.#lists.sameAs(other.#lists);
  }
}
