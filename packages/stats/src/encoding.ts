/**
 * The contract of rows: columns, and the encoders that make them. Types only; `contract.ts` exports them with the rest.
 */

/**
 * Encoded rows: typed arrays with an entry per row, and their description (levels, range, dimension).
 *
 * Columns depend on the data alone, never on a model. Columns without rows are a *schema*: they hold the description
 * only, on which ranks agree before a fit.
 *
 * Columns never change once they are made. During a fit (between `begin` and the end of the fit) their arrays are identified
 * by reference, and what was computed from them is reused. Nothing is kept outside a fit.
 */
export interface Columns {
  /** Number of rows. */
  readonly rowCount: number;
}

/** Which rows of some columns are equal. */
export interface RowCodes {
  /** A code per row, in 0 … count - 1. Rows with equal codes are equal for every model. */
  readonly codes: Int32Array;
  readonly count: number;
}

/** What is wrong with one row. */
export interface Violation {
  /** Where inside the row: field names and indices from the outside in; empty for the row itself. */
  readonly path: readonly (string | number)[];
  /** What would have been accepted, as a noun phrase: `'a finite number'`. */
  readonly expected: string;
  /** The offending value. */
  readonly found: unknown;
}

/** The part of one row that a child of an encoder sees. */
export interface EncoderPart {
  /** The step from the row to the child's value: a field or an index. Absent when the child sees the row itself. */
  readonly step?: string | number;
  /** True for an item of a list of any length: all items belong to one field. Default false. */
  readonly isItem?: boolean;
  readonly value: unknown;
  readonly encoder: Encoder<unknown>;
}

/** Adds the squared distances from row `row` to all rows to `out`, which has an entry per row. */
export type AddSquaredDistances = (row: number, out: Float64Array) => void;

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

/** Rows of type `T` as a list; where a row may be any number, also as a typed array. */
export type Rows<T> = readonly T[] | (number extends T ? NumberArray : never);

/**
 * Rows that are objects, kept as columns. A record encodes them field by field and never makes a row; other code may still read a row
 * by its index.
 */
export interface ColumnRows<T> extends ReadonlyArray<T> {
  /**
   * The values of one field in rows `[start, end)`: what `rows.slice(start, end).map((row) => row[name])` would be; where all are
   * numbers, it may be a typed array. Read once, and not kept.
   */
  column(name: string, start: number, end: number): ArrayLike<unknown>;
}

/**
 * Rows in, columns out, once. Row numbers in errors count from 0 in the list that was passed.
 *
 * `slice`, `take` and `concat` may be left out when every typed array in the columns has one entry per row and every
 * other field describes the whole column and is equal in all parts.
 */
export interface Encoder<T, C extends Columns = Columns> {
  /**
   * Encodes all rows. An empty list is allowed. Where a row is a number, `rows` may be a typed array: read it by index.
   * @throws {DataError} at the first row that the family cannot hold
   */
  encode(rows: readonly T[]): C;
  /** The first thing wrong with one row, or `undefined`. Default: encode the row alone and catch the error. */
  violation?(row: unknown): Violation | undefined;
  /**
   * Whether `other` makes the same columns from every list of rows. A parent whose children see the same rows (a mixture,
   * the states of a hidden Markov model) then encodes once for both. Default: only the encoder itself.
   */
  sameAs?(other: Encoder<unknown>): boolean;
  /**
   * One row as its children see it, so that every violation can be reported; empty when no child sees it (a missing value),
   * `undefined` when the row does not have the expected shape. Default: no children.
   */
  parts?(row: unknown): readonly EncoderPart[] | undefined;
  /** Rows `[start, end)` with the description of the whole. May share memory with `columns`. */
  slice?(columns: C, start: number, end: number): C;
  /** The given rows, in the given order, with the description of the whole. */
  take?(columns: C, rows: Int32Array): C;
  /** All rows of all parts in order; descriptions are merged, those of earlier parts first. */
  concat?(parts: readonly C[]): C;
  /** How many values of rows `[start, end)` the leaf families see, such as the items of sequences. Default: `end - start`. */
  itemCount?(columns: C, start: number, end: number): number;
  /**
   * Whether a row may hold any number of items, as lists do, so that few rows can be much work for many ranks. Default: true where
   * there is an `itemCount`. A parent says what its children say.
   */
  readonly holdsItems?: boolean;
  /**
   * Bytes of the columns for each row, where all rows have as many: narrow rows are processed in larger blocks. A parent adds up its
   * parts. Default: not known.
   */
  readonly rowBytes?: number | undefined;
  /**
   * Which of the rows `[start, end)` are equal, for families of few different values: the E step then processes equal rows once,
   * with their total weight. `undefined` when too many differ. Default: rows are not compared.
   */
  rowCodes?(columns: C, start: number, end: number): RowCodes | undefined;
  /**
   * Squared distances between rows, scaled so that the mean over pairs of rows is 1 (or 0 when all rows are equal), for a
   * k-means++ start; a parent adds those of its parts. Scales are computed here, once; the function that is returned only
   * adds. `undefined` when a part of the row has no distance. Default: no distance.
   * @param weights  how many rows each row stands for: scales are those of all rows. Given to encoders with `rowCodes` only, where
   *   equal rows were put together. Default 1. An encoder may ignore them: its distances are then scaled by the different rows
   */
  squaredDistances?(columns: C, weights?: Float64Array): AddSquaredDistances | undefined;
}
