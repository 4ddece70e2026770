/**
 * Points of the plane in nested squares, so that the pull of many far points can be computed as that of one.
 * Source: Barnes & Hut, A hierarchical O(N log N) force-calculation algorithm (1986).
 *
 * Nodes stand in depth-first order: the first child of a node is the next one, and `skip` leads past all that is below it. So a walk
 * needs no stack.
 */

/** Squares with no more points than this are not divided. */
const LEAF_SIZE = 12;

/** Points that still share a square this deep are equal, or nearly: a square then has 2^-40 of the width. */
const MAX_DEPTH = 40;

export class Quadtree {
  nodeCount = 0;
  /** Mean of the points below each node. */
  meanX = new Float64Array(64);
  meanY = new Float64Array(64);
  /** The width of each square. */
  width = new Float64Array(64);
  /** Distance of the farthest point of each leaf from their mean. */
  radius = new Float64Array(64);
  /** The node that follows when those below are left out. */
  skip = new Uint32Array(64);
  /** The points of each node: `order[first] … order[last - 1]`. */
  first = new Uint32Array(64);
  last = new Uint32Array(64);
  /** 1 for nodes that are not divided. */
  isLeaf = new Uint8Array(64);
  /** The node above; of the root, itself. */
  parent = new Uint32Array(64);
  /** Points in the order of the leaves. */
  readonly order: Uint32Array;
  /** Their positions, in this order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  #positions: Float64Array = new Float64Array(0);

  constructor(readonly pointCount: number) {
    this.order = new Uint32Array(pointCount);
    this.x = new Float64Array(pointCount);
    this.y = new Float64Array(pointCount);
  }

  /** @param positions  x and y of each point, in turn */
  build(positions: Float64Array): void {
    this.nodeCount = 0;
    this.#positions = positions;
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < this.pointCount; i++) {
      left = Math.min(left, positions[2 * i]!);
      right = Math.max(right, positions[2 * i]!);
      bottom = Math.min(bottom, positions[2 * i + 1]!);
      top = Math.max(top, positions[2 * i + 1]!);
    }
    // The order of one build does not change that of the next: equal positions give equal trees.
    for (let i = 0; i < this.pointCount; i++) this.order[i] = i;
    this.#divide(
      0,
      this.pointCount,
      (left + right) / 2,
      (bottom + top) / 2,
      Math.max(right - left, top - bottom),
      0,
      0,
    );
  }

  #divide(first: number, last: number, x: number, y: number, width: number, depth: number, parent: number): void {
    const node = this.#add(first, last, width, parent);
    const isLeaf = last - first <= LEAF_SIZE || depth === MAX_DEPTH;
    this.isLeaf[node] = isLeaf ? 1 : 0;
    if (isLeaf) this.#settle(node);
    else {
      const quarter = width / 4;
      const middle = this.#part(first, last, 1, y);
      const below = this.#part(first, middle, 0, x);
      const above = this.#part(middle, last, 0, x);
      const child = (from: number, to: number, dx: number, dy: number) => {
        if (to > from) this.#divide(from, to, x + dx, y + dy, width / 2, depth + 1, node);
      };
      child(first, below, -quarter, -quarter);
      child(below, middle, quarter, -quarter);
      child(middle, above, -quarter, quarter);
      child(above, last, quarter, quarter);
    }
    this.skip[node] = this.nodeCount;
  }

  /** Moves points below `at` on this axis to the front. @returns where the others begin */
  #part(first: number, last: number, axis: 0 | 1, at: number): number {
    const { order } = this;
    let next = first;
    for (let i = first; i < last; i++) {
      const point = order[i]!;
      if (this.#positions[2 * point + axis]! >= at) continue;
      order[i] = order[next]!;
      order[next++] = point;
    }
    return next;
  }

  #settle(leaf: number): void {
    let most = 0;
    for (let at = this.first[leaf]!; at < this.last[leaf]!; at++) {
      const point = this.order[at]!;
      this.x[at] = this.#positions[2 * point]!;
      this.y[at] = this.#positions[2 * point + 1]!;
      const dx = this.x[at]! - this.meanX[leaf]!;
      const dy = this.y[at]! - this.meanY[leaf]!;
      most = Math.max(most, dx * dx + dy * dy);
    }
    this.radius[leaf] = Math.sqrt(most);
  }

  #add(first: number, last: number, width: number, parent: number): number {
    const node = this.nodeCount++;
    if (node === this.meanX.length) this.#grow();
    let x = 0;
    let y = 0;
    for (let i = first; i < last; i++) {
      x += this.#positions[2 * this.order[i]!]!;
      y += this.#positions[2 * this.order[i]! + 1]!;
    }
    this.meanX[node] = x / (last - first);
    this.meanY[node] = y / (last - first);
    this.width[node] = width;
    this.first[node] = first;
    this.last[node] = last;
    this.parent[node] = parent;
    return node;
  }

  #grow(): void {
    const longer = <A extends Float64Array | Uint32Array | Uint8Array>(array: A): A => {
      const made = new (array.constructor as new (length: number) => A)(2 * array.length);
      made.set(array);
      return made;
    };
    this.meanX = longer(this.meanX);
    this.meanY = longer(this.meanY);
    this.width = longer(this.width);
    this.radius = longer(this.radius);
    this.skip = longer(this.skip);
    this.first = longer(this.first);
    this.last = longer(this.last);
    this.isLeaf = longer(this.isLeaf);
    this.parent = longer(this.parent);
  }
}
