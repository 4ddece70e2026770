/** Trees as lists of nodes: what a row looks like, and how its nodes hang together. */
import { violationWithin } from '../../columns/columns.js';
import type { Violation } from '../../contract.js';

/** A node of a tree: its id with that of its parent, and its value. Ids are integers >= 0; the root has the parent -1 or null. */
export type TreeNode<V> = readonly [link: readonly [id: number, parent: number | null], value: V];

/** A tree: its nodes in any order. */
export type TreeRow<V> = readonly TreeNode<V>[];

/** How the nodes of a list hang together, breadth first from the root on; siblings are in the order of the list. */
export interface TreeShape {
  /** The place in the list of the k-th node. */
  readonly places: Int32Array;
  /** The parent of the k-th node, by its number in this order; -1 for the root. Parents come before their children. */
  readonly parents: Int32Array;
  readonly childCounts: Int32Array;
}

const EXPECTED_ROW = 'a list of nodes [[id, parent], value]';
const EXPECTED_NODE = 'a node [[id, parent], value]';
const EXPECTED_LINK = 'a pair of the id of the node and that of its parent';
const EXPECTED_ID = 'an integer >= 0';
const EXPECTED_PARENT = 'the id of a node of the tree, or -1 or null for the root';

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isNone = (parent: unknown): parent is null | -1 => parent === null || parent === -1;

const refuse = (path: readonly (string | number)[], expected: string, found: unknown): Violation => ({
  path,
  expected,
  found,
});

function nodeViolation(node: unknown): Violation | undefined {
  if (!isPair(node)) return refuse([], EXPECTED_NODE, node);
  const link = node[0];
  if (!isPair(link)) return refuse([0], EXPECTED_LINK, link);
  if (!isId(link[0])) return refuse([0, 0], EXPECTED_ID, link[0]);
  return isNone(link[1]) || isId(link[1]) ? undefined : refuse([0, 1], EXPECTED_PARENT, link[1]);
}

export function isShape(found: TreeShape | Violation): found is TreeShape {
  return 'places' in found;
}

/** Where shapes are found, one after the other: with arrays of its own for each row, an encoder spent half its time on them. */
export class ShapeMemory implements TreeShape {
  places = new Int32Array(0);
  parents = new Int32Array(0);
  childCounts = new Int32Array(0);
  /** The place of the parent of the node at each place; -1 for the root. */
  parentPlaces = new Int32Array(0);
  /** Where the children of the node at each place end in {@link children}. */
  childEnds = new Int32Array(0);
  /** The places of the children of all nodes, those of the first place first. */
  children = new Int32Array(0);

  reserve(count: number): void {
    if (count <= this.places.length) return;
    this.places = new Int32Array(count);
    this.parents = new Int32Array(count);
    this.childCounts = new Int32Array(count);
    this.parentPlaces = new Int32Array(count);
    this.childEnds = new Int32Array(count);
    this.children = new Int32Array(count);
  }
}

/** The shape of a row, or what is wrong with it. A list without nodes is an empty tree. */
export function treeShape(row: unknown): TreeShape | Violation {
  const memory = new ShapeMemory();
  return findShape(row, memory) ?? memory;
}

/** Finds the shape of a row, whose first entries are those of the memory until it finds another. Returns what is wrong with it. */
export function findShape(row: unknown, memory: ShapeMemory): Violation | undefined {
  if (!Array.isArray(row)) return refuse([], EXPECTED_ROW, row);
  const count = row.length;
  let root = -1;
  let isNumbered = true; // by the places of the nodes, as most trees are
  for (let place = 0; place < count; place++) {
    const node: unknown = row[place];
    const violation = nodeViolation(node);
    if (violation !== undefined) return violationWithin(violation, place);
    const link = (node as TreeNode<unknown>)[0]; // just looked at
    if (link[0] !== place) isNumbered = false;
    if (!isNone(link[1])) continue;
    if (root >= 0) return refuse([place, 0, 1], `the id of a node of the tree, whose root is node ${root}`, link[1]);
    root = place;
  }
  const nodes = row as TreeRow<unknown>;
  const placeOf = new Map<number, number>();
  for (let place = 0; !isNumbered && place < count; place++) {
    const id = nodes[place]![0][0];
    if (placeOf.has(id)) return refuse([place, 0, 0], 'an id that no node before it has', id);
    placeOf.set(id, place);
  }
  memory.reserve(count);
  const { parentPlaces } = memory;
  for (let place = 0; place < count; place++) {
    const parent = nodes[place]![0][1];
    let at: number | undefined = -1;
    if (!isNone(parent)) at = isNumbered ? parent : placeOf.get(parent);
    if (at === undefined || at >= count) return refuse([place, 0, 1], EXPECTED_PARENT, parent);
    parentPlaces[place] = at;
  }
  if (orderBreadthFirst(count, root, memory)) return undefined;
  const place = placeOnCycle(parentPlaces.subarray(0, count));
  return refuse([place, 0, 1], 'the id of a node that is not below this one', nodes[place]![0][1]);
}

/** Whether all `count` nodes are below the root. */
function orderBreadthFirst(count: number, root: number, memory: ShapeMemory): boolean {
  const { places, parents, childCounts, parentPlaces, childEnds, children } = memory;
  childEnds.fill(0, 0, count);
  for (let place = 0; place < count; place++) {
    const parent = parentPlaces[place]!;
    if (parent >= 0) childEnds[parent]!++;
  }
  let total = 0;
  for (let place = 0; place < count; place++) {
    const children = childEnds[place]!;
    childEnds[place] = total; // counted up to the end as the children are put there
    total += children;
  }
  for (let place = 0; place < count; place++) {
    const parent = parentPlaces[place]!;
    if (parent >= 0) children[childEnds[parent]!++] = place;
  }
  let found = 0;
  if (root >= 0) {
    places[0] = root;
    parents[0] = -1;
    found = 1;
  }
  for (let k = 0; k < found; k++) {
    const place = places[k]!;
    const start = place === 0 ? 0 : childEnds[place - 1]!;
    const end = childEnds[place]!;
    childCounts[k] = end - start;
    for (let at = start; at < end; at++) {
      parents[found] = k;
      places[found++] = children[at]!;
    }
  }
  return found === count;
}

/** The first place of a cycle of parents, of which there is one. */
function placeOnCycle(parentPlaces: Int32Array): number {
  const walk = new Int32Array(parentPlaces.length); // the walk on which a place was seen first
  for (let start = 0; start < parentPlaces.length; start++) {
    let place = start;
    while (place >= 0 && walk[place] === 0) {
      walk[place] = start + 1;
      place = parentPlaces[place]!;
    }
    if (place >= 0 && walk[place] === start + 1) return place;
  }
  return 0;
}
