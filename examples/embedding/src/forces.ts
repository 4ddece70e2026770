/**
 * What moves the rows of an embedding. With k_ij = 1 / (1 + |y_i - y_j|²) and q_ij = k_ij / Z, Z = Σ k_ij, the gradient of KL(P‖Q)
 * at row i is 4 Σ_j (p_ij - q_ij) k_ij (y_i - y_j): attraction by p, and repulsion by q.
 * Source: van der Maaten & Hinton (2008), equation 5.
 *
 * Squares of far points count as one point at their mean. That holds for the attraction, too, where p is a product: the sum over
 * a square of p_ij is then a product of the row's numbers and of sums over the square.
 */
import { log1p } from '@dml/stats/families';
import type { Charges } from './attraction.js';
import type { PairList } from './pairs.js';
import type { Partners } from './partners.js';
import type { Quadtree } from './quadtree.js';

/** Σ_j p_ij k_ij (y_i - y_j), Σ_j k_ij² (y_i - y_j), x and y in turn; Z; and Σ_ij p_ij log(1 + |y_i - y_j|²), where it was asked for. */
export interface Forces {
  readonly attraction: Float64Array;
  readonly repulsion: Float64Array;
  normaliser: number;
  stretch: number;
}

/** Sums of the charges of all points below each node. */
export function chargesOfNodes(tree: Quadtree, { chargeCount, right }: Charges, memory: Float64Array): Float64Array {
  const length = tree.nodeCount * chargeCount;
  const sums = memory.length < length ? new Float64Array(2 * length) : memory.fill(0, 0, length);
  for (let node = tree.nodeCount - 1; node >= 0; node--) {
    const base = node * chargeCount;
    if (tree.isLeaf[node] === 1) {
      for (let at = tree.first[node]!; at < tree.last[node]!; at++) {
        const row = tree.order[at]! * chargeCount;
        for (let m = 0; m < chargeCount; m++) sums[base + m]! += right[row + m]!;
      }
    }
    if (node === 0) break;
    const above = tree.parent[node]! * chargeCount;
    for (let m = 0; m < chargeCount; m++) sums[above + m]! += sums[base + m]!;
  }
  return sums;
}

/**
 * Forces between all points by the tree; sets all fields of `out`.
 * @param nodeCharges  see {@link chargesOfNodes}
 * @param theta  squares count as one point when their width is below this times their distance; 0 computes all pairs
 */
export function treeForces(
  tree: Quadtree,
  charges: Charges,
  nodeCharges: Float64Array,
  theta: number,
  needsStretch: boolean,
  partners: Partners,
  out: Forces,
): void {
  out.normaliser = 0;
  out.stretch = 0;
  for (let leaf = 0; leaf < tree.nodeCount; leaf++) {
    if (tree.isLeaf[leaf] === 0) continue;
    partners.find(tree, leaf, theta);
    if (charges.chargeCount > 0) partners.findCharges(tree, leaf, charges, nodeCharges);
    for (let at = tree.first[leaf]!; at < tree.last[leaf]!; at++) {
      push(tree, at, partners, out);
      pull(tree, at, partners, charges, needsStretch, out);
    }
  }
}

/** Repulsion of the point at `at` in the order of the tree. That from itself is 0, and its k is taken away. */
function push(tree: Quadtree, at: number, partners: Partners, out: Forces): void {
  const { total, x: xs, y: ys, count } = partners;
  const x = tree.x[at]!;
  const y = tree.y[at]!;
  let normaliser = -1;
  let pushX = 0;
  let pushY = 0;
  for (let f = 0; f < total; f++) {
    const dx = x - xs[f]!;
    const dy = y - ys[f]!;
    const k = 1 / (1 + dx * dx + dy * dy);
    const share = count[f]! * k;
    normaliser += share;
    pushX += share * k * dx;
    pushY += share * k * dy;
  }
  const row = tree.order[at]!;
  out.normaliser += normaliser;
  out.repulsion[2 * row] = pushX;
  out.repulsion[2 * row + 1] = pushY;
}

/** Attraction of the point at `at` in the order of the tree by the charges. */
function pull(
  tree: Quadtree,
  at: number,
  partners: Partners,
  { start, place, left }: Charges,
  needsStretch: boolean,
  out: Forces,
): void {
  const { total, x: xs, y: ys, affinity } = partners;
  const row = tree.order[at]!;
  let pullX = 0;
  let pullY = 0;
  if (start[row + 1]! > start[row]!) {
    affinity.fill(0, 0, total);
    for (let e = start[row]!; e < start[row + 1]!; e++) addTo(affinity, left[e]!, partners.chargesAt(place[e]!), total);
    const x = tree.x[at]!;
    const y = tree.y[at]!;
    for (let f = 0; f < total; f++) {
      const dx = x - xs[f]!;
      const dy = y - ys[f]!;
      const p = affinity[f]! / (1 + dx * dx + dy * dy);
      pullX += p * dx;
      pullY += p * dy;
    }
    if (needsStretch) {
      for (let f = 0; f < total; f++) {
        out.stretch += affinity[f]! * log1p((x - xs[f]!) ** 2 + (y - ys[f]!) ** 2);
      }
    }
  }
  out.attraction[2 * row] = pullX;
  out.attraction[2 * row + 1] = pullY;
}

function addTo(sums: Float64Array, factor: number, terms: Float64Array, count: number): void {
  for (let f = 0; f < count; f++) sums[f]! += factor * terms[f]!;
}

/** Adds the attraction of the pairs of a list. */
export function addPairs(pairs: PairList, positions: Float64Array, needsStretch: boolean, out: Forces): void {
  const { rowCount, start, column, value } = pairs;
  const { attraction } = out;
  for (let i = 0; i < rowCount; i++) {
    let pullX = 0;
    let pullY = 0;
    for (let at = start[i]!; at < start[i + 1]!; at++) {
      const j = column[at]!;
      const dx = positions[2 * i]! - positions[2 * j]!;
      const dy = positions[2 * i + 1]! - positions[2 * j + 1]!;
      const squared = dx * dx + dy * dy;
      const p = value[at]! / (1 + squared);
      pullX += p * dx;
      pullY += p * dy;
      if (needsStretch) out.stretch += value[at]! * log1p(squared);
    }
    attraction[2 * i]! += pullX;
    attraction[2 * i + 1]! += pullY;
  }
}
