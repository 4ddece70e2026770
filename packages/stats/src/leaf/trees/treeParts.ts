/**
 * What a tree of features says of some of them: of the others given these, and of these alone.
 * Source: Koller & Friedman, Probabilistic Graphical Models (2009), ch. 9 and 10: messages from the leaves to the roots.
 */
import { log } from '../../numeric/elementary.js';
import { type TreeTables, treeMarginals, treePairs } from './chowLiu.js';

/** The log-probability of the known features, and the tree of the others given them; none where no feature is left. */
export interface GivenTree {
  readonly logDensity: number;
  readonly rest: TreeTables | undefined;
}

/**
 * The other features are trees again: those whose parent is known, or who had none, are roots.
 * @param order  features so that each stands after its parent
 * @param known  the states of some features
 */
export function treeGiven(tree: TreeTables, order: readonly number[], known: ReadonlyMap<number, number>): GivenTree {
  const { parents, conditional } = tree;
  // P(the known features at or below j | state of j), up to a factor that `logDensity` has.
  const below = conditional.map((table) => new Float64Array(table[0]!.length).fill(1));
  let logDensity = 0;
  for (const j of [...order].reverse()) {
    const own = below[j]!;
    const state = known.get(j);
    if (state !== undefined) own.forEach((_, b) => (own[b]! *= b === state ? 1 : 0)); // biome-ignore format: short
    const largest = Math.max(...own);
    if (!(largest > 0)) return { logDensity: -Infinity, rest: undefined };
    own.forEach((_, b) => (own[b]! /= largest)); // biome-ignore format: short
    logDensity += log(largest);
    const parent = parents[j] ?? null;
    const sums = conditional[j]!.map((row) => own.reduce((sum, share, b) => sum + share * row[b]!, 0));
    if (parent === null) logDensity += log(sums[0]!);
    else sums.forEach((sum, a) => (below[parent]![a]! *= sum)); // biome-ignore format: short
  }
  if (!(logDensity > -Infinity)) return { logDensity, rest: undefined };
  const left = parents.flatMap((_, j) => (known.has(j) ? [] : [j]));
  if (left.length === 0) return { logDensity, rest: undefined };
  const placeOf = new Map(left.map((j, place) => [j, place]));
  const rest = {
    parents: left.map((j) => placeOf.get(parents[j] ?? -1) ?? null),
    conditional: left.map((j) => {
      const state = known.get(parents[j] ?? -1);
      const rows = state === undefined ? conditional[j]! : [conditional[j]![state]!];
      return rows.map((row) => weighed(row, below[j]!));
    }),
  };
  return { logDensity, rest };
}

/** The row in proportion to row · weights. A row that has become impossible, as its state of the parent is, stays as it was. */
function weighed(row: ArrayLike<number>, weights: Float64Array): Float64Array {
  const products = weights.map((weight, b) => weight * row[b]!);
  const total = products.reduce((sum, product) => sum + product, 0);
  return total > 0 ? products.map((product) => product / total) : Float64Array.from(row);
}

/**
 * The distribution of some features alone, where it is a tree: each that is left out has at most two neighbours by the time that
 * it goes. `undefined` where one connects more, so that these depend on each other all together.
 * @param kept  features in the order of the result
 */
export function treeMarginal(
  tree: TreeTables,
  order: readonly number[],
  kept: readonly number[],
): TreeTables | undefined {
  const neighbours = neighboursWithout(tree, new Set(kept));
  if (neighbours === undefined) return undefined;
  const marginals = treeMarginals(tree, order);
  const parents = new Array<number | null>(kept.length).fill(null);
  const conditional: ArrayLike<number>[][] = kept.map((j) => [marginals[j]!]);
  const isPlaced = new Set<number>();
  for (const root of kept) {
    const next = isPlaced.has(root) ? [] : [root];
    isPlaced.add(root);
    for (const i of next) {
      const pairs = treePairs(tree, order, marginals, i);
      for (const j of neighbours.get(i)!) {
        if (isPlaced.has(j)) continue;
        isPlaced.add(j);
        next.push(j);
        const width = marginals[j]!.length;
        parents[kept.indexOf(j)] = kept.indexOf(i);
        conditional[kept.indexOf(j)] = Array.from(marginals[i]!, (share, a) => {
          const row = pairs[j]!.subarray(a * width, (a + 1) * width);
          return share > 0 ? weighed(row, new Float64Array(width).fill(1)) : marginals[j]!;
        });
      }
    }
  }
  return { parents, conditional };
}

/** The edges between the kept features once the others are gone. */
function neighboursWithout(
  { parents }: TreeTables,
  kept: ReadonlySet<number>,
): ReadonlyMap<number, ReadonlySet<number>> | undefined {
  const neighbours = new Map(parents.map((_, j) => [j, new Set<number>()]));
  const join = (i: number, j: number) => {
    neighbours.get(i)!.add(j);
    neighbours.get(j)!.add(i);
  };
  parents.forEach((parent, j) => {
    if (parent !== null) join(j, parent);
  });
  const leave = (j: number): void => {
    const own = [...neighbours.get(j)!];
    neighbours.delete(j);
    for (const i of own) neighbours.get(i)!.delete(j);
    if (own.length === 2) join(own[0]!, own[1]!);
    // A neighbour that connected too many may go now.
    for (const i of own) if (canLeave(i)) leave(i);
  };
  const canLeave = (j: number): boolean => !kept.has(j) && (neighbours.get(j)?.size ?? 3) <= 2;
  for (const j of parents.keys()) if (canLeave(j)) leave(j);
  return neighbours.size === kept.size ? neighbours : undefined;
}
