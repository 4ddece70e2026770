/**
 * The columns of children that see the same rows. Children with equal encoders share one set of columns. Others get columns
 * of their own, with those rows that they can hold.
 */

import type { Subset } from '../columns/columns.js';
import {
  concatColumns,
  concatSubsets,
  encodeChild,
  itemCount,
  mayHoldItems,
  sameClass,
  sameEncoder,
  sliceColumns,
  sliceSubset,
  subsetDistances,
  takeColumns,
  takeSubset,
  violationOf,
} from '../columns/columns.js';
import { pairedRowCodes, subsetRowCodes } from '../columns/rowCodes.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, RowCodes, Violation } from '../contract.js';
import { DataError } from '../errors.js';

/** Columns of children whose encoders differ. */
export interface RoutedColumns extends Columns {
  /**
   * The depth of the parent that routes: 1 when its children are no such parents themselves, and so on. A mixture of
   * mixtures tells by it whose columns these are.
   */
  readonly routeDepth: number;
  /** The group of each child. */
  readonly groupOf: readonly number[];
  /** For each group the rows that its encoder accepts. */
  readonly groups: readonly Subset[];
}

/** Whether the children have columns of their own, or share one set. */
export function isRouted(columns: Columns): columns is RoutedColumns {
  return 'routeDepth' in columns;
}

/**
 * Encodes rows once for each group of children with equal encoders. With one group its columns are those of the children;
 * with several a row must be accepted by one of them at least.
 */
export class RoutedEncoder<T> implements Encoder<T, Columns> {
  /** One encoder for each group. */
  readonly encoders: readonly Encoder<unknown>[];
  readonly groupOf: readonly number[];
  readonly routeDepth: number;

  /**
   * @param family  the parent, for messages
   * @param children  the encoder of each child
   */
  constructor(
    readonly family: string,
    children: readonly Encoder<unknown>[],
  ) {
    const encoders: Encoder<unknown>[] = [];
    this.groupOf = children.map((encoder) => {
      const known = encoders.findIndex((other) => sameEncoder(encoder, other));
      return known >= 0 ? known : encoders.push(encoder) - 1;
    });
    this.encoders = encoders;
    this.routeDepth = 1 + children.reduce((most, encoder) => Math.max(most, depthOf(encoder)), 0);
  }

  sameAs(other: Encoder<unknown>): boolean {
    if (this.encoders.length === 1) return sameEncoder(this.encoders[0]!, childrenOf(other));
    return (
      sameClass(this, other) &&
      other.routeDepth === this.routeDepth &&
      other.groupOf.join() === this.groupOf.join() &&
      this.encoders.every((encoder, g) => sameEncoder(encoder, other.encoders[g]!))
    );
  }

  violation(row: unknown): Violation | undefined {
    const violations: Violation[] = [];
    for (const encoder of this.encoders) {
      const violation = violationOf(encoder, row);
      if (violation === undefined) return undefined;
      violations.push(violation);
    }
    return joinViolations(violations);
  }

  /** The row as the first child that can hold it sees it. */
  parts(row: unknown): readonly EncoderPart[] | undefined {
    const encoder = this.encoders.find((candidate) => violationOf(candidate, row) === undefined);
    if (encoder === undefined && this.encoders.length > 1) return undefined;
    return [{ value: row, encoder: encoder ?? this.encoders[0]! }];
  }

  /** @throws {DataError} at the first row that no child can hold */
  encode(rows: readonly T[]): Columns {
    if (this.encoders.length === 1) return this.encoders[0]!.encode(rows);
    const isAccepted = new Uint8Array(rows.length);
    const groups = this.encoders.map((encoder) => encodeAccepted(encoder, rows, isAccepted));
    const refused = isAccepted.indexOf(0);
    if (refused >= 0) {
      const { path, expected, found } = this.violation(rows[refused])!;
      throw new DataError(this.family, refused, expected, found, path);
    }
    return this.#columns(rows.length, groups);
  }

  slice(columns: Columns, start: number, end: number): Columns {
    if (!this.#routes(columns)) return sliceColumns(this.encoders[0]!, columns, start, end);
    return this.#columns(
      end - start,
      columns.groups.map((group, g) => sliceSubset(this.encoders[g]!, group, start, end)),
    );
  }

  take(columns: Columns, rows: Int32Array): Columns {
    if (!this.#routes(columns)) return takeColumns(this.encoders[0]!, columns, rows);
    return this.#columns(
      rows.length,
      columns.groups.map((group, g) => takeSubset(this.encoders[g]!, group, rows)),
    );
  }

  concat(parts: readonly Columns[]): Columns {
    if (!parts.every((part) => this.#routes(part))) return concatColumns(this.encoders[0]!, parts);
    const routed = parts as readonly RoutedColumns[]; // just looked at
    const groups = this.encoders.map((encoder, g) =>
      concatSubsets(
        encoder,
        routed.map((part) => part.groups[g]!),
      ),
    );
    return this.#columns(
      routed.reduce((sum, part) => sum + part.rowCount, 0),
      groups,
    );
  }

  get rowBytes(): number | undefined {
    return this.encoders.length === 1 ? this.encoders[0]!.rowBytes : undefined;
  }

  get holdsItems(): boolean {
    return this.encoders.some(mayHoldItems);
  }

  /** Those of the group that has most. */
  itemCount(columns: Columns, start: number, end: number): number {
    if (!this.#routes(columns)) return itemCount(this.encoders[0]!, columns, start, end);
    const inGroup = ({ offsets, columns: accepted }: Subset, g: number) =>
      itemCount(this.encoders[g]!, accepted, offsets[start]!, offsets[end]!);
    return columns.groups.reduce((most, group, g) => Math.max(most, inGroup(group, g)), end - start);
  }

  /** Rows are equal when they are equal for each group. */
  rowCodes(columns: Columns, start: number, end: number): RowCodes | undefined {
    if (!this.#routes(columns)) return this.encoders[0]!.rowCodes?.(columns, start, end);
    let joint: RowCodes | undefined;
    for (const [g, group] of columns.groups.entries()) {
      const codes = subsetRowCodes(this.encoders[g]!, group, start, end);
      joint = g === 0 ? codes : pairedRowCodes(joint, codes);
      if (joint === undefined) return undefined;
    }
    return joint;
  }

  /** The mean of the distances of the groups that have one. */
  squaredDistances(columns: Columns, weights?: Float64Array): AddSquaredDistances | undefined {
    if (!this.#routes(columns)) return this.encoders[0]!.squaredDistances?.(columns, weights);
    const adders = columns.groups.flatMap((group, g) => subsetDistances(this.encoders[g]!, group, weights) ?? []);
    if (adders.length === 0) return undefined;
    const sum = new Float64Array(columns.rowCount);
    return (row, out) => {
      sum.fill(0);
      for (const add of adders) add(row, sum);
      for (let i = 0; i < sum.length; i++) out[i]! += sum[i]! / adders.length;
    };
  }

  #routes(columns: Columns): columns is RoutedColumns {
    return this.encoders.length > 1 && isRouted(columns);
  }

  #columns(rowCount: number, groups: readonly Subset[]): RoutedColumns {
    return { rowCount, routeDepth: this.routeDepth, groupOf: this.groupOf, groups };
  }
}

/** The encoder of the children, where they share one: its columns are the parent's. */
function childrenOf(encoder: Encoder<unknown>): Encoder<unknown> {
  return encoder instanceof RoutedEncoder && encoder.encoders.length === 1 ? encoder.encoders[0]! : encoder;
}

function depthOf(encoder: Encoder<unknown>): number {
  return encoder instanceof RoutedEncoder ? encoder.routeDepth : 0;
}

/** What would have been accepted by one or the other. The violation that lies deepest says most about the row. */
function joinViolations(violations: readonly Violation[]): Violation {
  const deepest = violations.reduce((best, other) => (other.path.length > best.path.length ? other : best));
  const there = violations.filter(({ path }) => path.join('\0') === deepest.path.join('\0'));
  return { ...deepest, expected: [...new Set(there.map(({ expected }) => expected))].join(', or ') };
}

/** The rows that `encoder` can hold; marks them. */
function encodeAccepted(encoder: Encoder<unknown>, rows: readonly unknown[], isAccepted: Uint8Array): Subset {
  try {
    // Nearly always all rows are fine, and need no look before.
    const columns = encoder.encode(rows);
    isAccepted.fill(1);
    return { offsets: Int32Array.from({ length: rows.length + 1 }, (_, i) => i), columns };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  const offsets = new Int32Array(rows.length + 1);
  const accepted: number[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (violationOf(encoder, rows[row]) === undefined) {
      accepted.push(row);
      isAccepted[row] = 1;
    }
    offsets[row + 1] = accepted.length;
  }
  const columns = encodeChild(
    encoder,
    accepted.map((row) => rows[row]),
    (i) => [accepted[i]!],
  );
  return { offsets, columns };
}
