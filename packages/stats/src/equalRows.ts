/**
 * Equal rows count as one row of their joint weight: sums over rows are the same sums, regrouped. A mixture of Poissons over
 * a million counts of 100 different values is then an E step over 100 rows.
 *
 * Which rows are equal is looked at within one segment, the unit of reduction, so it depends on the data alone.
 */
import { takeColumns } from './columns.js';
import type { Columns, Encoder, RowCodes } from './contract.js';

/** Fewer rows per different row are not worth the copy. */
const WORTHWHILE = 4;
/** Telling fewer rows apart takes longer than the E step. */
const FEWEST_ROWS = 64;
/** Most codes for which a table is kept. */
const MOST_CODES = 2 ** 20;

/** Some rows that stand for many. */
export interface DifferentRows<C> {
  readonly columns: C;
  /** How many rows each stands for, or their joint weight. */
  readonly weights: Float64Array;
}

/**
 * The different rows among rows `[start, end)`, in order of first appearance.
 * @param weights  weight per row of `columns`; absent for 1
 * @returns `undefined` when there are too many of them, or the encoder cannot tell
 */
export function differentRows<C extends Columns>(
  encoder: Encoder<never, C>,
  columns: C,
  start: number,
  end: number,
  weights?: Float64Array,
): DifferentRows<C> | undefined {
  if (end - start < FEWEST_ROWS) return undefined;
  const coded = encoder.rowCodes?.(columns, start, end);
  const numbered = coded === undefined ? undefined : inOrder(coded);
  if (numbered === undefined) return undefined;
  const { codes, firstRows } = numbered;
  const joint = new Float64Array(firstRows.length);
  for (let i = 0; i < codes.length; i++) joint[codes[i]!]! += weights === undefined ? 1 : weights[start + i]!;
  const rows = Int32Array.from(firstRows, (row) => start + row);
  return { columns: takeColumns(encoder, columns, rows), weights: joint };
}

/** {@link differentRows}, looked for once in each segment: columns and weights are known by identity. */
export function rememberDifferentRows<C extends Columns>(
  encoder: Encoder<never, C>,
): (columns: C, start: number, end: number, weights?: Float64Array) => DifferentRows<C> | undefined {
  interface Known {
    readonly weights: Float64Array | undefined;
    readonly different: DifferentRows<C> | undefined;
  }
  const segmentsOf = new WeakMap<C, Map<number, Known>>();
  return (columns, start, end, weights) => {
    if (encoder.rowCodes === undefined) return undefined;
    const segments = segmentsOf.get(columns) ?? new Map<number, Known>();
    segmentsOf.set(columns, segments);
    const known = segments.get(start);
    if (known !== undefined && (known.different === undefined || known.weights === weights)) return known.different;
    const different = differentRows(encoder, columns, start, end, weights);
    segments.set(start, { weights, different });
    return different;
  };
}

/** The codes of integers; `undefined` when they are too far apart. */
export function integerRowCodes(x: Float64Array, start: number, end: number): RowCodes | undefined {
  if (start === end) return { codes: new Int32Array(0), count: 0 };
  let min = Infinity;
  let max = -Infinity;
  for (let i = start; i < end; i++) {
    const value = x[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (!(max - min < MOST_CODES)) return undefined;
  const codes = new Int32Array(end - start);
  for (let i = start; i < end; i++) codes[i - start] = x[i]! - min;
  return { codes, count: max - min + 1 };
}

/** The codes of rows that have both parts; `undefined` when a part has none, or too many of its rows differ. */
export function pairedRowCodes(left: RowCodes | undefined, right: RowCodes | undefined): RowCodes | undefined {
  if (left === undefined || right === undefined) return undefined;
  const few = left.count * right.count <= MOST_CODES;
  const a = few ? left : inOrder(left);
  const b = few ? right : inOrder(right);
  if (a === undefined || b === undefined || a.count * b.count > MOST_CODES) return undefined;
  const codes = new Int32Array(a.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = a.codes[i]! * b.count + b.codes[i]!;
  return { codes, count: a.count * b.count };
}

/** The same rows with codes 0, 1, … in order of first appearance; `undefined` when too many rows differ. */
function inOrder({ codes, count }: RowCodes): (RowCodes & { readonly firstRows: readonly number[] }) | undefined {
  if (count > MOST_CODES) return undefined;
  const most = Math.floor(codes.length / WORTHWHILE);
  const numberOf = new Int32Array(count).fill(-1);
  const numbered = new Int32Array(codes.length);
  const firstRows: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (numberOf[code] === -1) {
      if (firstRows.length === most) return undefined;
      numberOf[code] = firstRows.length;
      firstRows.push(i);
    }
    numbered[i] = numberOf[code]!;
  }
  return { codes: numbered, count: firstRows.length, firstRows };
}
