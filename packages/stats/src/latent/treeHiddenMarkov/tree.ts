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

/** The shape of a row, or what is wrong with it. A list without nodes is an empty tree. */
export function treeShape(row: unknown): TreeShape | Violation {
  if (!Array.isArray(row)) return refuse([], EXPECTED_ROW, row);
  const count = row.length;
  let root = -1;
  let isNumbered = true; // by the places of the nodes, as most trees are
  for (let place = 0; place < count; place++) {
    const violation = violationWithin(nodeViolation(row[place]), place);
    if (violation !== undefined) return violation;
    const [[id, parent]] = row[place] as TreeNode<unknown>; // just looked at
    if (id !== place) isNumbered = false;
    if (!isNone(parent)) continue;
    if (root >= 0) return refuse([place, 0, 1], `the id of a node of the tree, whose root is node ${root}`, parent);
    root = place;
  }
  const nodes = row as TreeRow<unknown>;
  const placeOf = new Map<number, number>();
  for (let place = 0; !isNumbered && place < count; place++) {
    const id = nodes[place]![0][0];
    if (placeOf.has(id)) return refuse([place, 0, 0], 'an id that no node before it has', id);
    placeOf.set(id, place);
  }
  const numbered = (id: number): number | undefined => (id < count ? id : undefined);
  const placeOfId = isNumbered ? numbered : (id: number) => placeOf.get(id);
  const parentPlaces = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    const parent = nodes[place]![0][1];
    const at = isNone(parent) ? -1 : placeOfId(parent);
    if (at === undefined) return refuse([place, 0, 1], EXPECTED_PARENT, parent);
    parentPlaces[place] = at;
  }
  const shape = breadthFirst(parentPlaces, root);
  if (shape !== undefined) return shape;
  const place = placeOnCycle(parentPlaces);
  return refuse([place, 0, 1], 'the id of a node that is not below this one', nodes[place]![0][1]);
}

/** `undefined` when some nodes are not below the root. */
function breadthFirst(parentPlaces: Int32Array, root: number): TreeShape | undefined {
  const count = parentPlaces.length;
  const childEnds = new Int32Array(count); // of the children of a place in `children`, counted up as they are put there
  for (const parent of parentPlaces) if (parent >= 0) childEnds[parent]!++;
  let total = 0;
  for (let place = 0; place < count; place++) {
    total += childEnds[place]!;
    childEnds[place] = total - childEnds[place]!;
  }
  const children = new Int32Array(total);
  for (let place = 0; place < count; place++) {
    const parent = parentPlaces[place]!;
    if (parent >= 0) children[childEnds[parent]!++] = place;
  }
  const places = new Int32Array(count);
  const parents = new Int32Array(count).fill(-1);
  const childCounts = new Int32Array(count);
  let found = 0;
  if (root >= 0) places[found++] = root;
  for (let k = 0; k < found; k++) {
    const place = places[k]!;
    const start = place === 0 ? 0 : childEnds[place - 1]!;
    childCounts[k] = childEnds[place]! - start;
    for (let at = start; at < childEnds[place]!; at++) {
      parents[found] = k;
      places[found++] = children[at]!;
    }
  }
  return found === count ? { places, parents, childCounts } : undefined;
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
