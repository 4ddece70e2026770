/** The passes over hidden Markov trees, by the kernels, which say how they are done: see numeric/kernels/twin/trees.ts. */

import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { childShares, nodeLength, rootShares, treeTables } from '../../numeric/kernels/twin/trees.js';
import { type LogChain, logChain } from '../hiddenMarkov/logForwardBackward.js';
import type { TreeMemory } from './memory.js';

/** The states of a tree: those of its root, and how they go on to the children. */
export interface StateTree {
  /** P(state of the root), [S]. */
  readonly initial: Float64Array;
  /** P(child's state | parent's), row-major [S × S]. */
  readonly transition: Float64Array;
  readonly logChain: LogChain;
  /** All of them as the kernels read them. */
  readonly tables: Float64Array;
}

/** The states of a tree by their tables, which need not sum to 1. */
export function stateTree(w: readonly number[], transitions: readonly (readonly number[])[]): StateTree {
  const initial = Float64Array.from(w);
  const transition = Float64Array.from(transitions.flat());
  return { initial, transition, logChain: logChain(initial, transition), tables: treeTables(initial, transition) };
}

/** Trees that lie one after the other, the nodes of each behind their parents. */
export interface TreeLinks {
  /** How far before each node its parent stands; 0 for a root. */
  readonly toParent: Int32Array;
  /** The nodes of tree q are `offsets[q] … offsets[q + 1] - 1`, less `offsets[0]`. */
  readonly offsets: Int32Array;
  readonly treeCount: number;
}

/** log p of the trees from {@link TreeMemory.scores} into `out`; 0 for an empty tree. */
export function upwardPass(
  { tables, initial }: StateTree,
  { toParent, offsets, treeCount }: TreeLinks,
  { scores, stride, nodes }: TreeMemory,
  out: Float64Array,
): void {
  const { treeUpward } = latentKernels(toParent.length);
  treeUpward(scores, stride, initial.length, toParent, offsets, treeCount, tables, nodes, out);
}

/**
 * The way down, after {@link upwardPass}: P(state | tree) times the weight of the tree takes the place of the scores; expected
 * states of the roots, and expected steps, are added to the sums. An impossible tree counts nothing.
 * @param weights  one for each tree
 */
export function downwardPass(
  { tables, initial, transition }: StateTree,
  { toParent, offsets, treeCount }: TreeLinks,
  { scores, stride, nodes, sums }: TreeMemory,
  weights: Float64Array,
  initialSum: Float64Array,
  transitionSum: Float64Array,
): void {
  const stateCount = initial.length;
  const { treeDownward } = latentKernels(toParent.length);
  sums.fill(0);
  treeDownward(scores, stride, stateCount, toParent, offsets, treeCount, tables, nodes, weights, sums);
  const width = sums.length / (1 + 2 * stateCount);
  for (let b = 0; b < stateCount; b++) {
    initialSum[b]! += sums[b]!;
    for (let a = 0; a < stateCount; a++) {
      const cell = b * stateCount + a;
      const at = (1 + b) * width + a;
      transitionSum[cell]! += transition[cell]! * sums[at]! + sums[at + stateCount * width]!;
    }
  }
}

/** Of one tree after {@link upwardPass}: P(state of the root | tree); zeros for an impossible tree. */
export function sharesOfRoot({ tables, initial }: StateTree, { nodes }: TreeMemory, out: Float64Array): void {
  rootShares(tables, initial.length, nodes, 0, out);
}

/** Of node `t` of one tree after {@link upwardPass}: P(state | its parent's state b, tree); zeros where b is impossible. */
export function sharesOfChild(
  { tables, initial }: StateTree,
  b: number,
  { nodes }: TreeMemory,
  t: number,
  out: Float64Array,
): void {
  childShares(tables, initial.length, b, nodes, t * nodeLength(initial.length), out);
}
