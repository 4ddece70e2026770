/**
 * What acts on the points of one leaf: squares that are far from all of them, and the single points of the others. They stand side by
 * side, so that one walk through the tree serves the whole leaf, and the loops over them are plain.
 */
import type { Charges } from './attraction.js';
import type { Quadtree } from './quadtree.js';

export class Partners {
  total = 0;
  x = new Float64Array(256);
  y = new Float64Array(256);
  /** Points that each of them stands for. */
  count = new Float64Array(256);
  /** Memory for p_ij of one point i. */
  affinity = new Float64Array(256);
  /** The square of each, or for a point its row and `isRow` 1. */
  #source = new Uint32Array(256);
  #isRow = new Uint8Array(256);
  /** The charges at each place that a point of the leaf needs; of others what was there before. */
  #charges: Float64Array[] = [];
  #isNeeded = new Uint8Array(0);

  /** @param theta  see `treeForces` */
  find(tree: Quadtree, leaf: number, theta: number): void {
    const { nodeCount, meanX, meanY, width, radius, skip, first, last, isLeaf } = tree;
    this.total = 0;
    let node = 0;
    while (node < nodeCount) {
      const dx = meanX[leaf]! - meanX[node]!;
      const dy = meanY[leaf]! - meanY[node]!;
      // No point of the leaf is nearer than this.
      const distance = Math.sqrt(dx * dx + dy * dy) - radius[leaf]!;
      if (width[node]! < theta * distance) {
        this.#add(meanX[node]!, meanY[node]!, last[node]! - first[node]!, node, 0);
        node = skip[node]!;
      } else if (isLeaf[node] === 1) {
        for (let at = first[node]!; at < last[node]!; at++) this.#add(tree.x[at]!, tree.y[at]!, 1, tree.order[at]!, 1);
        node = skip[node]!;
      } else node++;
    }
  }

  /** The charges of what `find` has found. */
  findCharges(tree: Quadtree, leaf: number, charges: Charges, nodeCharges: Float64Array): void {
    const { chargeCount, start, place, right } = charges;
    if (this.#isNeeded.length !== chargeCount) this.#isNeeded = new Uint8Array(chargeCount);
    this.#isNeeded.fill(0);
    for (let at = tree.first[leaf]!; at < tree.last[leaf]!; at++) {
      const row = tree.order[at]!;
      for (let e = start[row]!; e < start[row + 1]!; e++) this.#isNeeded[place[e]!] = 1;
    }
    for (let m = 0; m < chargeCount; m++) {
      if (this.#isNeeded[m] === 0) continue;
      const into = this.chargesAt(m);
      for (let f = 0; f < this.total; f++) {
        const from = this.#source[f]! * chargeCount + m;
        into[f] = this.#isRow[f] === 1 ? right[from]! : nodeCharges[from]!;
      }
    }
  }

  /** The charge m of each. */
  chargesAt(m: number): Float64Array {
    let found = this.#charges[m];
    if (found === undefined || found.length < this.total) {
      found = new Float64Array(this.x.length);
      this.#charges[m] = found;
    }
    return found;
  }

  #add(x: number, y: number, count: number, source: number, isRow: 0 | 1): void {
    if (this.total === this.x.length) this.#grow();
    const f = this.total++;
    this.x[f] = x;
    this.y[f] = y;
    this.count[f] = count;
    this.#source[f] = source;
    this.#isRow[f] = isRow;
  }

  #grow(): void {
    const length = 2 * this.x.length;
    const longer = (array: Float64Array<ArrayBuffer>) => {
      const made = new Float64Array(length);
      made.set(array);
      return made;
    };
    this.x = longer(this.x);
    this.y = longer(this.y);
    this.count = longer(this.count);
    this.affinity = new Float64Array(length);
    const source = new Uint32Array(length);
    source.set(this.#source);
    this.#source = source;
    const isRow = new Uint8Array(length);
    isRow.set(this.#isRow);
    this.#isRow = isRow;
  }
}
