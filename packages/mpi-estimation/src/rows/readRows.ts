/** Reads and encodes the rows that a rank brings. */

import { formatValue, OptionError } from '../errors.js';
import type { Algorithm, Columns } from '../ports.js';
import type { BroughtRows, Part, RowsBuilder, UnreadRows } from './encodedRows.js';

/** A typed array of numbers. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** Rows as a list; where a row may be any number, also as a typed array, which is read in place. */
export type RowList<T> = readonly T[] | (number extends T ? NumberArray : never);

/**
 * The rows of one rank: a list; a stream of lists, read once; or null for none. The rows of rank 0 come first, then those
 * of rank 1, and so on. One rank may bring all rows, or each its own.
 */
export type Rows<T> = RowList<T> | AsyncIterable<RowList<T>> | null;

/** Weights of the rows that a rank brings: one per row, or computed from the row. Finite and >= 0. */
export type Weights<T> = ArrayLike<number> | ((row: T) => number);

/** Reads and encodes all rows of this rank. An error is kept for {@link UnreadRows}, never thrown. */
export async function readRows<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  rows: Rows<T>,
  weights: Weights<T> | undefined,
  makeBuilder: () => RowsBuilder<C>,
): Promise<BroughtRows<C> | UnreadRows> {
  let givenCount = 0;
  const numbers = new CountedNumbers();
  let errorAt = (_firstRow: number, error: unknown): unknown => error;
  let builder: RowsBuilder<C> | undefined;
  try {
    builder = makeBuilder();
    const rowWeights = weightReader(rows, weights);
    for await (const chunk of chunksOf(rows)) {
      const firstOfChunk = givenCount;
      const encode = (firstRow: number): Part<C> & { readonly counted: readonly number[] | undefined } => {
        const weights = rowWeights?.(chunk, firstOfChunk, firstRow);
        if (weights?.includes(0) !== true) {
          return { columns: algorithm.encode(chunk, firstRow + firstOfChunk), weights, counted: undefined };
        }
        // A row of weight 0 is as if absent, whatever it holds.
        const counted = Array.from(weights.keys()).filter((row) => weights[row]! > 0);
        const rowsThatCount = counted.map((row) => chunk[row]!);
        return {
          columns: algorithm.encode(rowsThatCount, firstRow + firstOfChunk, counted),
          weights: weights.filter((weight) => weight > 0),
          counted,
        };
      };
      // Ranks learn the numbers of their rows after reading, so a bad chunk is encoded again for its message.
      errorAt = (firstRow, error) => errorOf(() => encode(firstRow)) ?? error;
      const { counted, ...part } = encode(0);
      builder.add(part);
      errorAt = (_firstRow, error) => error;
      numbers.add(firstOfChunk, chunk.length, counted);
      givenCount += chunk.length;
    }
    return { ...builder.build(), givenCount, numbers: numbers.list() };
  } catch (error) {
    builder?.discard();
    return { givenCount, errorAt: (firstRow) => errorAt(firstRow, error) };
  }
}

/** The numbers of the rows that count, as they are read. Nothing is kept as long as all do. */
class CountedNumbers {
  #count = 0;
  #list: Int32Array | undefined;

  /** @param counted  which rows of a chunk count; absent for all */
  add(firstOfChunk: number, chunkLength: number, counted: readonly number[] | undefined): void {
    if (this.#list === undefined && counted === undefined) {
      this.#count += chunkLength;
      return;
    }
    const length = this.#count + (counted?.length ?? chunkLength);
    const before = this.#list ?? Int32Array.from({ length: this.#count }, (_, i) => i);
    if (length > before.length) {
      this.#list = new Int32Array(2 * length);
      this.#list.set(before);
    } else this.#list = before;
    for (let i = this.#count; i < length; i++) {
      this.#list[i] = firstOfChunk + (counted?.[i - this.#count] ?? i - this.#count);
    }
    this.#count = length;
  }

  list(): Int32Array | undefined {
    return this.#list?.slice(0, this.#count);
  }
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether rows stand in a list. An encoder reads a typed array by index and length, as it reads an array. */
export function isRowList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

async function* chunksOf<T>(rows: Rows<T>): AsyncGenerator<readonly T[]> {
  if (rows === null) return;
  if (isRowList(rows)) {
    yield rows as readonly T[];
    return;
  }
  if (typeof (rows as Partial<AsyncIterable<RowList<T>>>)[Symbol.asyncIterator] !== 'function') {
    throw new OptionError(`rows must be an array, an async iterable of arrays, or null, found ${formatValue(rows)}.`);
  }
  for await (const chunk of rows) {
    if (!isRowList(chunk))
      throw new OptionError(`a stream of rows must yield arrays of rows, found ${formatValue(chunk)}.`);
    if (chunk.length > 0) yield chunk as readonly T[];
  }
}

type WeightReader<T> = (chunk: readonly T[], firstOfChunk: number, firstRow: number) => Float64Array;

function weightReader<T>(rows: Rows<T>, weights: Weights<T> | undefined): WeightReader<T> | undefined {
  if (weights === undefined) return undefined;
  if (typeof weights !== 'function') {
    if (rows !== null && !isRowList(rows)) {
      throw new OptionError('weights of a stream of rows must be a function of the row.');
    }
    const expected = rows?.length ?? 0;
    if (weights.length !== expected) {
      throw new OptionError(`weights must have one entry per row of this rank, ${expected}, found ${weights.length}.`);
    }
  }
  const weightOf = (row: T, i: number): number => (typeof weights === 'function' ? weights(row) : weights[i]!);
  return (chunk, firstOfChunk, firstRow) =>
    Float64Array.from(chunk, (row, i) => {
      const weight: unknown = weightOf(row, firstOfChunk + i);
      if (typeof weight === 'number' && weight >= 0 && weight < Infinity) return weight;
      const number = firstRow + firstOfChunk + i;
      const message = `weights: row ${number} must have a finite weight >= 0, found ${formatValue(weight)}.`;
      throw Object.assign(new OptionError(message), { row: number });
    });
}
