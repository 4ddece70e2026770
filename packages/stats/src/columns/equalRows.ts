/**
 * Equal rows count as one row of their joint weight: sums over rows are the same sums, regrouped. A mixture of Poissons over
 * a million counts of 100 different values is then an E step over 100 rows.
 *
 * Which rows are equal is looked at within one segment, the unit of reduction, so it depends on the data alone.
 */

import type { Columns, Encoder } from '../contract.js';
import { takeColumns } from './columns.js';
import { inOrder } from './rowCodes.js';

/** Telling fewer rows apart takes longer than the E step. */
const MIN_ROWS = 64;

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
  if (end - start < MIN_ROWS) return undefined;
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
