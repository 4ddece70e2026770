/** The columns of trees: the nodes of all rows end to end, each tree breadth first. */

import {
  concatColumns,
  encodeChild,
  itemCount,
  joinEntries,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  takeEntries,
  violationOf,
  violationWithin,
} from '../../columns/columns.js';
import { NullEncoder } from '../../combinators/null.js';
import { rowOfItem, type SequenceColumns, SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../../contract.js';
import { DataError } from '../../errors.js';
import { findShape, isShape, ShapeMemory, type TreeRow, type TreeShape, treeShape } from './tree.js';

/** Nodes that come after their parents. */
export interface NodeColumns extends Columns {
  readonly values: Columns;
  /** The number of children of each node. */
  readonly childCounts: Columns;
  /** How far before the node its parent stands; 0 for a root. */
  readonly toParent: Int32Array;
  /** Where the node stands in the list of its tree. */
  readonly places: Int32Array;
}

/** The nodes of row i are `offsets[i] … offsets[i + 1] - 1` of the items. */
export interface TreeColumns extends SequenceColumns {
  readonly items: NodeColumns;
}

/** The nodes of all rows, end to end, whose values and numbers of children are not yet encoded. */
class PlacedNodes {
  readonly values: unknown[];
  readonly childCounts: number[];
  readonly toParent: Int32Array;
  readonly places: Int32Array;

  constructor(count: number) {
    this.values = new Array<unknown>(count);
    this.childCounts = new Array<number>(count);
    this.toParent = new Int32Array(count);
    this.places = new Int32Array(count);
  }

  /** The nodes of a tree, from entry `first` on. */
  put(row: TreeRow<unknown>, { places, parents, childCounts }: TreeShape, first: number): void {
    for (let k = 0; k < row.length; k++) {
      const at = first + k;
      const parent = parents[k]!;
      const place = places[k]!;
      this.values[at] = row[place]![1];
      this.childCounts[at] = childCounts[k]!;
      this.toParent[at] = parent < 0 ? 0 : k - parent;
      this.places[at] = place;
    }
  }
}

class NodeEncoder implements Encoder<never, NodeColumns> {
  constructor(
    readonly value: Encoder<unknown>,
    readonly childCount: Encoder<unknown>,
  ) {}

  /** Of no nodes: those of trees are encoded with their trees. */
  encode(nodes: readonly never[]): NodeColumns {
    const none = new PlacedNodes(nodes.length);
    const { toParent, places } = none;
    const [values, childCounts] = [this.value.encode(none.values), this.childCount.encode(none.childCounts)];
    return { rowCount: nodes.length, values, childCounts, toParent, places };
  }

  slice({ values, childCounts, toParent, places }: NodeColumns, start: number, end: number): NodeColumns {
    return {
      rowCount: end - start,
      values: sliceColumns(this.value, values, start, end),
      childCounts: sliceColumns(this.childCount, childCounts, start, end),
      toParent: toParent.subarray(start, end),
      places: places.subarray(start, end),
    };
  }

  take({ values, childCounts, toParent, places }: NodeColumns, nodes: Int32Array): NodeColumns {
    return {
      rowCount: nodes.length,
      values: takeColumns(this.value, values, nodes),
      childCounts: takeColumns(this.childCount, childCounts, nodes),
      toParent: takeEntries(toParent, nodes),
      places: takeEntries(places, nodes),
    };
  }

  concat(parts: readonly NodeColumns[]): NodeColumns {
    const toParent = joinEntries(parts.map((part) => part.toParent));
    const values = parts.map((part) => part.values);
    const childCounts = parts.map((part) => part.childCounts);
    return {
      rowCount: toParent.length,
      values: concatColumns(this.value, values),
      childCounts: concatColumns(this.childCount, childCounts),
      toParent,
      places: joinEntries(parts.map((part) => part.places)),
    };
  }

  itemCount({ values }: NodeColumns, start: number, end: number): number {
    return itemCount(this.value, values, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) && sameEncoder(this.value, other.value) && sameEncoder(this.childCount, other.childCount)
    );
  }
}

/** Lays the nodes of all trees end to end, parents before their children. */
export class TreeEncoder<V> implements Encoder<TreeRow<V>, TreeColumns> {
  /** Cuts and joins the columns: those of lists of nodes. */
  readonly #lists: SequenceEncoder<unknown>;

  /**
   * @param value  the encoder of the value of a node
   * @param childCount  the encoder of the number of its children
   */
  constructor(
    readonly value: Encoder<unknown>,
    readonly childCount: Encoder<unknown>,
  ) {
    this.#lists = new SequenceEncoder(new NodeEncoder(value, childCount) as Encoder<unknown>, new NullEncoder());
  }

  violation(row: unknown): Violation | undefined {
    const shape = treeShape(row);
    if (!isShape(shape)) return shape;
    const nodes = row as TreeRow<unknown>; // it has a shape
    for (const [place, [, value]] of nodes.entries()) {
      const violation = violationOf(this.value, value);
      if (violation !== undefined) return violationWithin(violation, place, 1);
    }
    for (const [k, place] of shape.places.entries()) {
      const violation = violationOf(this.childCount, shape.childCounts[k]);
      if (violation !== undefined) return violationWithin(violation, place, 'childCount');
    }
    return undefined;
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    const shape = treeShape(row);
    if (!isShape(shape)) return undefined;
    const values = (row as TreeRow<unknown>).map(
      ([, value]): EncoderPart => ({ step: 1, isItem: true, value, encoder: this.value }),
    );
    const counts = Array.from(
      shape.childCounts,
      (value): EncoderPart => ({ step: 'childCount', isItem: true, value, encoder: this.childCount }),
    );
    return [...values, ...counts];
  }

  /** @throws {DataError} at a row that is not a tree, or with a value or a number of children that its family cannot hold */
  encode(rows: readonly TreeRow<V>[]): TreeColumns {
    const offsets = new Int32Array(rows.length + 1);
    for (let row = 0; row < rows.length; row++) {
      offsets[row + 1] = offsets[row]! + (Array.isArray(rows[row]) ? rows[row]!.length : 0);
    }
    const nodes = new PlacedNodes(offsets[rows.length]!);
    const shape = new ShapeMemory();
    for (let row = 0; row < rows.length; row++) {
      const violation = findShape(rows[row], shape);
      if (violation !== undefined) {
        const { expected, found, path } = violation;
        throw new DataError('TreeHiddenMarkov', row, expected, found, path);
      }
      nodes.put(rows[row]!, shape, offsets[row]!);
    }
    const { values, childCounts, toParent, places } = nodes;
    const placeOf = (node: number) => [rowOfItem(offsets, node), places[node]!] as const;
    return {
      rowCount: rows.length,
      offsets,
      items: {
        rowCount: places.length,
        values: encodeChild(this.value, values, (node) => [...placeOf(node), 1]),
        childCounts: encodeChild(this.childCount, childCounts, (node) => [...placeOf(node), 'childCount']),
        toParent,
        places,
      },
      lengths: { rowCount: rows.length },
    };
  }

  slice(columns: TreeColumns, start: number, end: number): TreeColumns {
    return this.#lists.slice(columns, start, end) as TreeColumns; // whose items are cut by the encoder of nodes
  }

  take(columns: TreeColumns, rows: Int32Array): TreeColumns {
    return this.#lists.take(columns, rows) as TreeColumns;
  }

  concat(parts: readonly TreeColumns[]): TreeColumns {
    return this.#lists.concat(parts) as TreeColumns;
  }

  itemCount(columns: TreeColumns, start: number, end: number): number {
    return this.#lists.itemCount(columns, start, end);
  }

  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) && sameEncoder(this.value, other.value) && sameEncoder(this.childCount, other.childCount)
    );
  }
}
