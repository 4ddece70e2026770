/** Codes by which equal rows are found, and their combination for rows of several parts. */
import type { Columns, Encoder, RowCodes } from '../contract.js';
import type { Subset } from './columns.js';

/** Fewer rows per different row are not worth the copy. */
const WORTHWHILE = 4;
/** Most codes for which a table is kept. */
const MAX_CODES = 2 ** 20;

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
  if (!(max - min < MAX_CODES)) return undefined;
  const codes = new Int32Array(end - start);
  for (let i = start; i < end; i++) codes[i - start] = x[i]! - min;
  return { codes, count: max - min + 1 };
}

/** The codes of rows that have both parts; `undefined` when a part has none, or too many of its rows differ. */
export function pairedRowCodes(left: RowCodes | undefined, right: RowCodes | undefined): RowCodes | undefined {
  if (left === undefined || right === undefined) return undefined;
  const few = left.count * right.count <= MAX_CODES;
  const a = few ? left : inOrder(left);
  const b = few ? right : inOrder(right);
  if (a === undefined || b === undefined || a.count * b.count > MAX_CODES) return undefined;
  const codes = new Int32Array(a.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = a.codes[i]! * b.count + b.codes[i]!;
  return { codes, count: a.count * b.count };
}

/** The child's codes of the subset's rows, and one more for the others. */
export function subsetRowCodes<C extends Columns>(
  encoder: Encoder<never, C>,
  { offsets, columns }: Subset<C>,
  start: number,
  end: number,
): RowCodes | undefined {
  const first = offsets[start]!;
  const among = encoder.rowCodes?.(columns, first, offsets[end]!);
  if (among === undefined) return undefined;
  const codes = new Int32Array(end - start).fill(among.count);
  for (let row = start; row < end; row++) {
    if (offsets[row + 1]! > offsets[row]!) codes[row - start] = among.codes[offsets[row]! - first]!;
  }
  return { codes, count: among.count + 1 };
}

/** The same rows with codes 0, 1, … in order of first appearance; `undefined` when too many rows differ. */
export function inOrder({
  codes,
  count,
}: RowCodes): (RowCodes & { readonly firstRows: readonly number[] }) | undefined {
  if (count > MAX_CODES) return undefined;
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
