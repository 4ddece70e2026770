/**
 * Slices, picks and joins encoded rows, and adds the place to a child's error. The defaults here serve every encoder
 * whose columns have one entry per row.
 */
import type { AddSquaredDistances, Columns, Encoder, Violation } from '../contract.js';
import { DataError, EstimationError } from '../errors.js';

type TypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** Whether a field of columns has an entry per row. */
function isPerRow(value: unknown, rowCount: number): value is TypedArray {
  return ArrayBuffer.isView(value) && (value as Partial<TypedArray>).length === rowCount; // that of a DataView is undefined
}

/** The columns with every per-row field replaced by `change(field)`. The other fields describe the whole and stay. */
function mapFields<C extends Columns>(columns: C, rowCount: number, change: (field: TypedArray) => TypedArray): C {
  const entries = Object.entries(columns).map(([name, field]) => [
    name,
    isPerRow(field, columns.rowCount) ? change(field) : field,
  ]);
  // Same field names and field types as `columns`, so the shape is C again.
  return { ...Object.fromEntries(entries), rowCount } as C;
}

/** Rows `[start, end)`. */
export function sliceColumns<C extends Columns>(encoder: Encoder<never, C>, columns: C, start: number, end: number): C {
  if (encoder.slice !== undefined) return encoder.slice(columns, start, end);
  return mapFields(columns, end - start, (field) => field.subarray(start, end));
}

/** The given entries of a per-row array, in the given order. */
export function takeEntries<A extends TypedArray>(field: A, rows: Int32Array): A {
  // The constructor of a typed array makes arrays of its own kind.
  const taken = new (field.constructor as new (length: number) => A)(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = field[rows[i]!]!;
  return taken;
}

/** The given rows, in the given order. */
export function takeColumns<C extends Columns>(encoder: Encoder<never, C>, columns: C, rows: Int32Array): C {
  if (encoder.take !== undefined) return encoder.take(columns, rows);
  return mapFields(columns, rows.length, (field) => takeEntries(field, rows));
}

/** The entries of all fields, one after the other. */
export function joinEntries<A extends TypedArray>(fields: readonly A[]): A {
  const first = fields[0]!;
  let length = 0;
  for (const field of fields) length += field.length;
  const joined = new (first.constructor as new (length: number) => A)(length);
  let at = 0;
  for (const field of fields) {
    joined.set(field as never, at);
    at += field.length;
  }
  return joined;
}

/** All rows of all parts, in order. At least one part. */
export function concatColumns<C extends Columns>(encoder: Encoder<never, C>, parts: readonly C[]): C {
  const first = parts[0];
  if (first === undefined) throw new EstimationError('concat: no columns were given.');
  if (parts.length === 1) return first;
  if (encoder.concat !== undefined) return encoder.concat(parts);
  let rowCount = 0;
  for (const part of parts) rowCount += part.rowCount;
  const names = Object.keys(first) as (keyof C)[];
  const joined = names.map((name) => {
    const fields = parts.map((part) => part[name]);
    const perRow = fields.every((field, i) => isPerRow(field, parts[i]!.rowCount));
    if (perRow) return [name, joinEntries(fields as unknown as TypedArray[])];
    const described = fields.find((field) => field !== undefined);
    if (name !== 'rowCount' && fields.some((f) => f !== undefined && JSON.stringify(f) !== JSON.stringify(described))) {
      throw new EstimationError(
        `concat: "${String(name)}" differs between parts of the data. Give the encoder a concat of its own.`,
      );
    }
    return [name, described];
  });
  return { ...Object.fromEntries(joined), rowCount } as C;
}

/** Whether a row may hold any number of items. */
export function mayHoldItems(encoder: Encoder<never>): boolean {
  return encoder.holdsItems ?? encoder.itemCount !== undefined;
}

/** How many leaf rows stand under rows `[start, end)`. */
export function itemCount<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  start: number,
  end: number,
): number {
  return encoder.itemCount === undefined ? end - start : encoder.itemCount(columns, start, end);
}

/**
 * Encodes the values that a parent hands to a child. A child's error gets the parent's row and the step to the child.
 * @param rowOf  the parent's row of the child's row `i`, with the steps from that row to the child
 */
export function encodeChild<T, C extends Columns>(
  encoder: Encoder<T, C>,
  values: readonly T[],
  rowOf: (i: number) => readonly [row: number, ...steps: (string | number)[]],
): C {
  try {
    return encoder.encode(values);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const [row, ...steps] = rowOf(error.row);
    throw error.within(row, ...steps);
  }
}

/** The first thing wrong with one row, for any encoder. */
export function violationOf(encoder: Encoder<unknown>, row: unknown): Violation | undefined {
  if (encoder.violation !== undefined) return encoder.violation(row);
  try {
    encoder.encode([row]);
    return undefined;
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}

/** Whether a value is taken as a row. */
export type Accepts = (row: unknown) => boolean;

/** What the encoder accepts. A function of the user's may be part of it that does not expect any value: it then does not. */
export function acceptedBy(encoder: Encoder<unknown>): Accepts {
  return (row) => {
    try {
      return violationOf(encoder, row) === undefined;
    } catch {
      return false;
    }
  };
}

/** A violation seen from the parent. */
export function violationWithin(
  violation: Violation | undefined,
  ...steps: (string | number)[]
): Violation | undefined {
  return violation === undefined ? undefined : { ...violation, path: [...steps, ...violation.path] };
}

/**
 * Whether two encoders make the same columns from every list of rows: they are one, or one of them says so. A `sameAs` that a
 * subclass inherits does not count, on either side: it knows nothing of what the subclass adds.
 */
export function sameEncoder(a: Encoder<unknown>, b: Encoder<unknown>): boolean {
  if (a === b) return true;
  if (inheritsSameAs(a) || inheritsSameAs(b)) return false;
  return a.sameAs?.(b) === true || b.sameAs?.(a) === true;
}

function inheritsSameAs(encoder: Encoder<unknown>): boolean {
  if (encoder.sameAs === undefined || Object.hasOwn(encoder, 'sameAs')) return false;
  return !Object.hasOwn(Object.getPrototypeOf(encoder), 'sameAs');
}

/**
 * Whether two encoders are of one class. A class that asks by its own name (`other instanceof X`) is renamed `_X` by bundlers.
 */
export function sameClass<E extends object>(self: E, other: object): other is E {
  return other.constructor === self.constructor;
}

/** {@link sameEncoder} for children, in order. */
export function sameEncoders(as: readonly Encoder<unknown>[], bs: readonly Encoder<unknown>[]): boolean {
  return as.length === bs.length && as.every((encoder, j) => sameEncoder(encoder, bs[j]!));
}

/** Joins offset lists (each starts at 0 and ends at its total) into one. */
export function joinOffsets(lists: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(1 + lists.reduce((sum, list) => sum + list.length - 1, 0));
  let at = 0;
  for (const list of lists) {
    const base = joined[at]!;
    for (let i = 1; i < list.length; i++) joined[at + i] = base + list[i]!;
    at += list.length - 1;
  }
  return joined;
}

/** Some of a parent's rows, encoded by a child: row i is there when `offsets[i + 1] > offsets[i]`, as `columns`' row `offsets[i]`. */
export interface Subset<C extends Columns = Columns> {
  readonly offsets: Int32Array;
  readonly columns: C;
}

/** The subset of the parent's rows `[start, end)`. */
export function sliceSubset<C extends Columns>(
  encoder: Encoder<never, C>,
  { offsets, columns }: Subset<C>,
  start: number,
  end: number,
): Subset<C> {
  const first = offsets[start]!;
  return {
    offsets: offsets.slice(start, end + 1).map((at) => at - first),
    columns: sliceColumns(encoder, columns, first, offsets[end]!),
  };
}

/** The subset of the parent's given rows, in the given order. */
export function takeSubset<C extends Columns>(
  encoder: Encoder<never, C>,
  { offsets, columns }: Subset<C>,
  rows: Int32Array,
): Subset<C> {
  const taken = new Int32Array(rows.length + 1);
  const childRows: number[] = [];
  rows.forEach((row, i) => {
    if (offsets[row + 1]! > offsets[row]!) childRows.push(offsets[row]!);
    taken[i + 1] = childRows.length;
  });
  return { offsets: taken, columns: takeColumns(encoder, columns, Int32Array.from(childRows)) };
}

/** The subsets of all parts, joined. */
export function concatSubsets<C extends Columns>(encoder: Encoder<never, C>, parts: readonly Subset<C>[]): Subset<C> {
  return {
    offsets: joinOffsets(parts.map((part) => part.offsets)),
    columns: concatColumns(
      encoder,
      parts.map((part) => part.columns),
    ),
  };
}

/** The child's distance between rows of the subset; 1 from these to all others; 0 among the others. */
export function subsetDistances<C extends Columns>(
  encoder: Encoder<never, C>,
  { offsets, columns }: Subset<C>,
  weights?: Float64Array,
): AddSquaredDistances | undefined {
  const isThere = (i: number) => offsets[i + 1]! > offsets[i]!;
  const add = encoder.squaredDistances?.(
    columns,
    weights?.filter((_, i) => isThere(i)),
  );
  if (add === undefined) return undefined;
  const among = new Float64Array(columns.rowCount);
  return (row, out) => {
    const isFromThere = isThere(row);
    if (isFromThere) add(offsets[row]!, among.fill(0));
    for (let i = 0; i < offsets.length - 1; i++) {
      if (isThere(i) !== isFromThere) out[i]! += 1;
      else if (isFromThere) out[i]! += among[offsets[i]!]!;
    }
  };
}
