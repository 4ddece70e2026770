/** The nodes of some trees by generation: all roots, all their children, and so on. What is done to a node waits for one neighbour only. */
export class Generations {
  /** How many trees there are, the empty ones with them. */
  treeCount = 0;
  /** How many generations the deepest tree has. */
  count = 0;
  /** The nodes, generation after generation; in each by number, so a tree's are breadth first. */
  nodes = new Int32Array(0);
  /** The tree of the node at each place in {@link nodes}. */
  trees = new Int32Array(0);
  /** The place of the parent of the node at each place. */
  parents = new Int32Array(0);
  /** The first place of each generation, and after them the number of nodes. */
  starts = new Int32Array(1);
  #depths = new Int32Array(0);
  #places = new Int32Array(0);

  /**
   * @param toParent  how far before each node its parent stands; 0 for a root
   * @param offsets  the nodes of tree `i` are `offsets[start + i] … offsets[start + i + 1] - 1`, less `offsets[start]`
   */
  sort(toParent: Int32Array, offsets: Int32Array, start: number, end: number): void {
    const first = offsets[start]!;
    const nodeCount = offsets[end]! - first;
    this.#reserve(nodeCount);
    const [depths, places, starts] = [this.#depths, this.#places, this.starts];
    this.treeCount = end - start;
    starts.fill(0, 0, nodeCount + 1);
    let deepest = -1;
    for (let t = 0; t < nodeCount; t++) {
      const step = toParent[t]!;
      const depth = step === 0 ? 0 : depths[t - step]! + 1;
      depths[t] = depth;
      starts[depth]!++;
      if (depth > deepest) deepest = depth;
    }
    this.count = deepest + 1;
    let total = 0;
    for (let depth = 0; depth <= deepest; depth++) {
      total += starts[depth]!;
      starts[depth] = total - starts[depth]!;
    }
    for (let tree = start; tree < end; tree++) {
      const last = offsets[tree + 1]! - first;
      for (let t = offsets[tree]! - first; t < last; t++) {
        const place = starts[depths[t]!]!++;
        places[t] = place;
        this.nodes[place] = t;
        this.trees[place] = tree - start;
        this.parents[place] = places[t - toParent[t]!]!;
      }
    }
    // Each start is now where the next one was.
    for (let depth = deepest; depth >= 0; depth--) starts[depth + 1] = starts[depth]!;
    starts[0] = 0;
  }

  #reserve(nodeCount: number): void {
    if (nodeCount <= this.nodes.length) return;
    const length = Math.max(nodeCount, 256);
    this.nodes = new Int32Array(length);
    this.trees = new Int32Array(length);
    this.parents = new Int32Array(length);
    this.starts = new Int32Array(length + 1);
    this.#depths = new Int32Array(length);
    this.#places = new Int32Array(length);
  }
}
