/** The columns of values whose component is known, or partly known: the child's columns, and the labels of each row. */

import {
  concatColumns,
  encodeChild,
  itemCount,
  joinEntries,
  joinOffsets,
  mayHoldItems,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { exp, log } from '../../numeric/elementary.js';

/**
 * What is known of the component of a row: nothing (`null`); the component; or the components that are possible, each with a
 * value in proportion to P(label | component).
 */
export type ComponentLabel = number | null | undefined | readonly (readonly [component: number, value: number])[];

/** A value and its label. */
export type LabelledRow<T> = readonly [value: T, label: ComponentLabel];

/**
 * The labels of row i are the entries `offsets[i] … offsets[i + 1]`: components in ascending order, and the logarithms of
 * their values, which sum to 1. A row without labels has none.
 */
export interface LabelledColumns extends Columns {
  readonly values: Columns;
  readonly offsets: Int32Array;
  readonly components: Int32Array;
  readonly logValues: Float64Array;
}

const EXPECTED_ROW = 'a pair of a value and its label (null where it is unknown)';

/** Takes the label off the value. */
export class LabelledEncoder<T> implements Encoder<LabelledRow<T>, LabelledColumns> {
  constructor(
    readonly child: Encoder<unknown>,
    readonly componentCount: number,
  ) {}

  violation(row: unknown): Violation | undefined {
    if (!isPair(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    return violationWithin(this.#labelFault(row[1]), 1) ?? violationWithin(violationOf(this.child, row[0]), 0);
  }

  #labelFault(label: unknown): Violation | undefined {
    if (label === null || label === undefined) return undefined;
    if (typeof label === 'number') return this.#componentFault(label, []);
    if (!Array.isArray(label)) {
      return { path: [], expected: 'null, a component or a list of pairs of a component and its value', found: label };
    }
    for (const [j, entry] of label.entries()) {
      if (!isPair(entry)) return { path: [j], expected: 'a pair of a component and its value', found: entry };
      const fault = this.#componentFault(entry[0], [j, 0]);
      if (fault !== undefined) return fault;
      const value = entry[1];
      if (typeof value === 'number' && value >= 0 && value < Infinity) continue;
      return { path: [j, 1], expected: 'a finite number >= 0', found: value };
    }
    return undefined;
  }

  #componentFault(component: unknown, path: readonly number[]): Violation | undefined {
    if (Number.isInteger(component) && (component as number) >= 0 && (component as number) < this.componentCount) {
      return undefined;
    }
    return { path, expected: `a component, 0 to ${this.componentCount - 1}`, found: component };
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!isPair(row) || this.#labelFault(row[1]) !== undefined) return undefined;
    return [{ step: 0, value: row[0], encoder: this.child }];
  }

  /** @throws {DataError} at a row that is not a pair, or with a value or a label that cannot be held */
  encode(rows: readonly LabelledRow<T>[]): LabelledColumns {
    const offsets = new Int32Array(rows.length + 1);
    const components: number[] = [];
    const logValues: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const pair: unknown = rows[row];
      if (!isPair(pair)) throw new DataError('SemiSupervisedMixture', row, EXPECTED_ROW, pair);
      const fault = this.#labelFault(pair[1]);
      if (fault !== undefined) {
        throw new DataError('SemiSupervisedMixture', row, fault.expected, fault.found, [1, ...fault.path]);
      }
      for (const [component, value] of sharesOf(pair[1] as ComponentLabel)) {
        components.push(component);
        logValues.push(log(value));
      }
      offsets[row + 1] = components.length;
    }
    const values = encodeChild(
      this.child,
      rows.map(([value]) => value),
      (row) => [row, 0],
    );
    return {
      rowCount: rows.length,
      values,
      offsets,
      components: Int32Array.from(components),
      logValues: Float64Array.from(logValues),
    };
  }

  slice(columns: LabelledColumns, start: number, end: number): LabelledColumns {
    const first = columns.offsets[start]!;
    const last = columns.offsets[end]!;
    return {
      rowCount: end - start,
      values: sliceColumns(this.child, columns.values, start, end),
      offsets: columns.offsets.slice(start, end + 1).map((at) => at - first),
      components: columns.components.subarray(first, last),
      logValues: columns.logValues.subarray(first, last),
    };
  }

  take(columns: LabelledColumns, rows: Int32Array): LabelledColumns {
    const offsets = new Int32Array(rows.length + 1);
    const lengthOf = (row: number) => columns.offsets[row + 1]! - columns.offsets[row]!;
    for (let i = 0; i < rows.length; i++) offsets[i + 1] = offsets[i]! + lengthOf(rows[i]!);
    const components = new Int32Array(offsets[rows.length]!);
    const logValues = new Float64Array(offsets[rows.length]!);
    for (let i = 0; i < rows.length; i++) {
      const first = columns.offsets[rows[i]!]!;
      const last = columns.offsets[rows[i]! + 1]!;
      components.set(columns.components.subarray(first, last), offsets[i]);
      logValues.set(columns.logValues.subarray(first, last), offsets[i]);
    }
    const values = takeColumns(this.child, columns.values, rows);
    return { rowCount: rows.length, values, offsets, components, logValues };
  }

  concat(parts: readonly LabelledColumns[]): LabelledColumns {
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      values: concatColumns(
        this.child,
        parts.map((part) => part.values),
      ),
      offsets: joinOffsets(parts.map((part) => part.offsets)),
      components: joinEntries(parts.map((part) => part.components)),
      logValues: joinEntries(parts.map((part) => part.logValues)),
    };
  }

  get holdsItems(): boolean {
    return mayHoldItems(this.child);
  }

  itemCount({ values }: LabelledColumns, start: number, end: number): number {
    return itemCount(this.child, values, start, end);
  }

  /** The distance of the values. */
  squaredDistances({ values }: LabelledColumns): AddSquaredDistances | undefined {
    return this.child.squaredDistances?.(values);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other)) return false;
    return other.componentCount === this.componentCount && sameEncoder(this.child, other.child);
  }
}

function isPair(row: unknown): row is readonly [unknown, unknown] {
  return Array.isArray(row) && row.length === 2;
}

/** Positive shares that sum to 1, by component in ascending order; none where nothing is known. */
export function sharesOf(label: ComponentLabel): readonly (readonly [component: number, share: number])[] {
  if (label === null || label === undefined) return [];
  if (typeof label === 'number') return [[label, 1]];
  // The largest is taken out first, so that no sum overflows.
  const largest = label.reduce((most, [, value]) => Math.max(most, value), 0);
  const shares = new Map<number, number>();
  for (const [component, value] of label) {
    const share = value / largest;
    if (share > 0) shares.set(component, (shares.get(component) ?? 0) + share);
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return [...shares].sort(([a], [b]) => a - b).map(([component, share]) => [component, share / total] as const);
}

/** Adds the log values of the labels to log-densities (row i of component k at `k * stride + i`): -Infinity where unlisted. */
export function addLabels(
  { offsets, components, logValues }: LabelledColumns,
  start: number,
  count: number,
  logDensity: Float64Array,
  stride: number,
  componentCount: number,
): void {
  for (let i = 0; i < count; i++) {
    let at = offsets[start + i]!;
    const last = offsets[start + i + 1]!;
    if (at === last) continue;
    for (let k = 0; k < componentCount; k++) {
      const isListed = at < last && components[at] === k;
      const place = k * stride + i;
      logDensity[place] = isListed ? logDensity[place]! + logValues[at]! : -Infinity;
      if (isListed) at++;
    }
  }
}

/** log Σ_k v_k w_k over the labels of one row: the probability of the label. 0 for a row without. */
export function labelEvidence(
  { offsets, components, logValues }: LabelledColumns,
  row: number,
  logWeights: Float64Array,
): number {
  const first = offsets[row]!;
  const last = offsets[row + 1]!;
  if (first === last) return 0;
  let total = 0;
  for (let at = first; at < last; at++) total += exp(logValues[at]! + logWeights[components[at]!]!);
  return log(total);
}
