/**
 * Sums along the complete binary tree over segments. Each rank adds its own run of segments as far as the tree allows; the
 * root goes on with the nodes of all ranks. Nodes are added in the same order as in one process, so the result is
 * bit-identical.
 */

/** A node of the tree: the sum over segments `[first, first + size)`. `size` is a power of two that divides `first`. */
export interface TreeNode<S> {
  readonly first: number;
  readonly size: number;
  readonly value: S;
}

/** Takes nodes in order, without gaps, and joins siblings as soon as both are there. */
export class TreeSum<S> {
  readonly #nodes: TreeNode<S>[] = [];

  /** @param combine  adds `right` to `left` and returns the sum */
  constructor(readonly combine: (left: S, right: S) => S) {}

  add(node: TreeNode<S>): void {
    let { first, size, value } = node;
    for (;;) {
      const left = this.#nodes.at(-1);
      if (left === undefined || left.size !== size || left.first % (2 * size) !== 0) break;
      this.#nodes.pop();
      value = this.combine(left.value, value);
      first = left.first;
      size *= 2;
    }
    this.#nodes.push({ first, size, value });
  }

  /** The largest nodes that cover what was added, in order. One, when all segments were. */
  get nodes(): readonly TreeNode<S>[] {
    return this.#nodes;
  }
}

/** First segment of rank `rank` (or, for `rank = size`, the number of segments). */
export function firstSegment(segmentCount: number, rank: number, size: number): number {
  return Math.floor((segmentCount * rank) / size);
}

/** The nodes that a rank sends: the largest that cover its run of segments. */
export function coverOf(segmentCount: number, rank: number, size: number): readonly TreeNode<null>[] {
  const cover = new TreeSum<null>(() => null);
  const end = firstSegment(segmentCount, rank + 1, size);
  for (let first = firstSegment(segmentCount, rank, size); first < end; first++)
    cover.add({ first, size: 1, value: null });
  return cover.nodes;
}
