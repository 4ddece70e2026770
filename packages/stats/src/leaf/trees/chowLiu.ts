/**
 * The tree of largest likelihood over categorical features, and the pairs of features of a tree.
 * Source: Chow & Liu, Approximating discrete probability distributions with dependence trees (1968); Prim (1957).
 */
import { log } from '../../numeric/elementary.js';

/** A tree, or several: a feature without a parent (null) has a table of one row. */
export interface TreeTables {
  readonly parents: readonly (number | null)[];
  /** For each feature, P(state of the feature | state of its parent): a row for each state of the parent. */
  readonly conditional: readonly (readonly ArrayLike<number>[])[];
}

/** Counts of features 0 … F - 1 with M states each: `marginal(j)` has M of them, `pair(i, j)` is a table with rows for i, i < j. */
export interface PairCounts {
  readonly dimension: number;
  readonly stateCount: number;
  readonly marginal: (j: number) => Float64Array;
  readonly pair: (i: number, j: number) => Float64Array;
}

/** Σ p_ab log(p_ab / p_a p_b), in nats; of counts that sum to `total`. */
function mutualInformation(pair: Float64Array, ofRows: Float64Array, ofColumns: Float64Array, total: number): number {
  let sum = 0;
  for (let a = 0; a < ofRows.length; a++) {
    for (let b = 0; b < ofColumns.length; b++) {
      const joint = pair[a * ofColumns.length + b]!;
      if (joint > 0) sum += (joint / total) * log((joint * total) / (ofRows[a]! * ofColumns[b]!));
    }
  }
  return sum;
}

/** The parent of each of at least one feature in the tree that has most mutual information along its edges, rooted at feature 0. */
function bestParents({ dimension, marginal, pair }: PairCounts): (number | null)[] {
  const marginals = Array.from({ length: dimension }, (_, j) => marginal(j));
  const total = marginals[0]!.reduce((sum, count) => sum + count, 0);
  const informationOf = (i: number, j: number) => {
    const [first, second] = [Math.min(i, j), Math.max(i, j)];
    return mutualInformation(pair(first, second), marginals[first]!, marginals[second]!, total);
  };
  // The best edge from each feature outside to one inside. Of equal ones the first found: lower features first.
  const parents = new Array<number | null>(dimension).fill(null);
  const best = new Float64Array(dimension).fill(-Infinity);
  const isInside = new Uint8Array(dimension);
  for (let next = 0; next >= 0; ) {
    isInside[next] = 1;
    let nearest = -1;
    for (let j = 0; j < dimension; j++) {
      if (isInside[j] === 1) continue;
      const information = total > 0 ? informationOf(next, j) : 0;
      if (information > best[j]!) {
        best[j] = information;
        parents[j] = next;
      }
      if (nearest < 0 || best[j]! > best[nearest]!) nearest = j;
    }
    next = nearest;
  }
  return parents;
}

/** Counts divided by their sum; where that is 0, `otherwise`. */
function normalized(counts: Float64Array, otherwise: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total > 0 ? counts.map((count) => count / total) : otherwise.slice();
}

/** The tree of largest likelihood, and its tables. The row of a state that a parent never has is the marginal. */
export function chowLiuTree(counts: PairCounts): TreeTables {
  const { stateCount, marginal, pair } = counts;
  const even = new Float64Array(stateCount).fill(1 / stateCount);
  const parents = bestParents(counts);
  const conditional = parents.map((parent, j) => {
    const own = normalized(marginal(j), even);
    if (parent === null) return [own];
    const table = pair(Math.min(parent, j), Math.max(parent, j));
    return Array.from({ length: stateCount }, (_, a) => {
      // The table has rows for the lower feature.
      const row = own.map((__, b) => table[parent < j ? a * stateCount + b : b * stateCount + a]!);
      return normalized(row, own);
    });
  });
  return { parents, conditional };
}

/** Features so that each stands after its parent; `undefined` when the parents form a circle. */
export function parentsFirst(parents: readonly (number | null)[]): number[] | undefined {
  const children = parents.map((): number[] => []);
  const order: number[] = [];
  for (const [j, parent] of parents.entries()) (parent === null ? order : children[parent]!).push(j);
  for (let at = 0; at < order.length; at++) order.push(...children[order[at]!]!);
  return order.length === parents.length ? order : undefined;
}

/** The probability of each state of each feature. */
export function treeMarginals({ parents, conditional }: TreeTables, order: readonly number[]): Float64Array[] {
  const marginals = new Array<Float64Array>(parents.length);
  for (const j of order) {
    const parent = parents[j] ?? null;
    const ofParent = parent === null ? Float64Array.of(1) : marginals[parent]!;
    const own = new Float64Array(conditional[j]![0]!.length);
    conditional[j]!.forEach((row, a) => own.forEach((_, b) => (own[b]! += ofParent[a]! * row[b]!)));
    marginals[j] = own;
  }
  return marginals;
}

/**
 * P(state a of i, state b of j) for one feature i and every j, with rows for i: along the edges of the tree from i.
 * @param marginals  of the tree
 */
export function treePairs(
  { parents, conditional }: TreeTables,
  order: readonly number[],
  marginals: readonly Float64Array[],
  i: number,
): Float64Array[] {
  const own = marginals[i]!;
  const joints = new Array<Float64Array | undefined>(parents.length);
  joints[i] = Float64Array.from({ length: own.length ** 2 }, (_, at) => {
    const a = Math.floor(at / own.length);
    return a === at % own.length ? own[a]! : 0;
  });
  // Up to the root: P(parent | child) by Bayes; then down, where no joint is known yet.
  for (let j = i, parent = parents[j] ?? null; parent !== null; j = parent, parent = parents[j] ?? null) {
    const table = conditional[j]!;
    const [ofParent, ofChild] = [marginals[parent]!, marginals[j]!];
    joints[parent] = through(joints[j]!, own.length, ofParent.length, (b, c) => {
      return ofChild[b]! > 0 ? (ofParent[c]! * table[c]![b]!) / ofChild[b]! : 0;
    });
  }
  for (const j of order) {
    if (joints[j] !== undefined) continue;
    const parent = parents[j] ?? null;
    const size = marginals[j]!.length;
    // A root of another tree is independent.
    if (parent === null)
      joints[j] = Float64Array.from(
        { length: own.length * size },
        (_, at) => own[Math.floor(at / size)]! * marginals[j]![at % size]!,
      );
    else joints[j] = through(joints[parent]!, own.length, size, (b, c) => conditional[j]![b]![c]!);
  }
  return joints as Float64Array[]; // `order` has every feature
}

/** Σ_b joint[a, b] step(b, c), with `rows` rows. */
function through(
  joint: Float64Array,
  rows: number,
  columns: number,
  step: (b: number, c: number) => number,
): Float64Array {
  const inner = joint.length / rows;
  const next = new Float64Array(rows * columns);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < inner; b++) {
      const weight = joint[a * inner + b]!;
      if (weight === 0) continue;
      for (let c = 0; c < columns; c++) next[a * columns + c]! += weight * step(b, c);
    }
  }
  return next;
}
