/**
 * Upward and downward passes over trees whose hidden states go from parent to child.
 *
 * Up: L_u(a) = log f_a(x_u) + Σ_children log m_c(a); M_u = log Σ_a exp(L_u(a)); e_u(a) = exp(L_u(a) - M_u); the message of a node
 * to its parent is m_u(b) = Σ_a A[b, a] e_u(a). Then log p(tree) = log Σ_a w_a e_root(a) + Σ_u M_u. Down:
 * P(u is b, its child c is a | tree) = P(u is b | tree) A[b, a] e_c(a) / m_c(b). Nothing is divided by prior probabilities
 * of a level, so a state that no node of a level can have does no harm.
 * Source: Durand, Gonçalvès & Guédon, Computational methods for hidden Markov tree models (2004); the upward recursion is
 * Crouse, Nowak & Baraniuk, Wavelet-based statistical signal processing using hidden Markov models (1998), section IV.
 *
 * The logarithms of messages are added up, not the messages multiplied: of 2000 siblings the first half may point to one state
 * and the second half to another, and the product would have lost both by then.
 *
 * All trees of a block go up and down together, generation by generation, so that exponentials and logarithms are taken of some
 * hundred numbers at a time. Place j of a generation of n nodes that starts at place `start` has its number for state s at
 * `start * S + s * n + (j - start)`. A tree's own sums are in the order of its nodes, whatever trees stand beside it.
 */

import { kernels, twinKernels } from '../../numeric/kernels/index.js';
import { expOf } from '../../numeric/kernels/twin/exp.js';
import { logOf } from '../../numeric/kernels/twin/log.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { type LogChain, logChain } from '../hiddenMarkov/logForwardBackward.js';
import type { Generations } from './generations.js';
import type { TreeMemory } from './memory.js';
import { addProducts, multiplyAll, WORTH_A_CALL } from './stateColumns.js';

/** A smaller sum may have lost digits where exponentials were 0: it is then done in logs. */
const LOST = 1e-280;

/** The states of a tree: those of its root, and how they go on to the children. */
export interface StateTree {
  /** P(state of the root), [S]. */
  readonly initial: Float64Array;
  /** P(child's state | parent's), row-major [S × S]. */
  readonly transition: Float64Array;
  readonly logChain: LogChain;
}

/** The states of a tree by their tables, which need not sum to 1. */
export function stateTree(w: readonly number[], transitions: readonly (readonly number[])[]): StateTree {
  const initial = Float64Array.from(w);
  const transition = Float64Array.from(transitions.flat());
  return { initial, transition, logChain: logChain(initial, transition) };
}

/** The nodes of a generation, and where their numbers are. */
interface Generation {
  /** The first place. */
  readonly start: number;
  readonly n: number;
  /** Where the numbers of state 0 begin. */
  readonly base: number;
}

function generationOf({ starts }: Generations, generation: number, stateCount: number): Generation {
  const start = starts[generation]!;
  return { start, n: starts[generation + 1]! - start, base: start * stateCount };
}

/**
 * log p of the trees that {@link TreeMemory.generations} has sorted, from {@link TreeMemory.scores}, into `out`; 0 for an empty
 * tree.
 */
export function upwardPass(tree: StateTree, memory: TreeMemory, out: Float64Array): void {
  const { generations, logs, exponentials, messages, taken, work } = memory;
  const { initial, transition, logChain } = tree;
  const stateCount = initial.length;
  const { log } = kernels(generations.starts[generations.count]!);
  out.fill(0, 0, generations.treeCount);
  for (let g = 0; g < generations.count; g++) gather(memory, generationOf(generations, g, stateCount), stateCount);
  for (let g = generations.count - 1; g >= 0; g--) {
    const generation = generationOf(generations, g, stateCount);
    const { n, base } = generation;
    const size = n * stateCount;
    exponentiate(memory, generation, stateCount, out);
    if (g === 0) break;
    const here = { numbers: exponentials, base };
    multiplyAll(transition, [stateCount, 1], stateCount, here, n, { numbers: messages, base });
    if (n < WORTH_A_CALL) {
      for (let at = 0; at < size; at++) work[at] = logOf(messages[base + at]!);
    } else {
      log(messages.subarray(base, base + size), size, work);
    }
    addToParents(tree, memory, generation, generationOf(generations, g - 1, stateCount));
  }
  if (generations.count === 0) return;
  const { n } = generationOf(generations, 0, stateCount);
  for (let i = 0; i < n; i++) {
    let root = 0;
    for (let a = 0; a < stateCount; a++) root += initial[a]! * exponentials[a * n + i]!;
    const logRoot = root < LOST ? logSum(logChain.initial, 0, logs, i, n, stateCount, taken[i]!) : logOf(root);
    const row = generations.trees[i]!;
    out[row] = addLogs(logRoot, out[row]!);
  }
}

/** The scores of a generation from the order of the nodes. */
function gather({ generations, scores, stride, logs }: TreeMemory, { start, n, base }: Generation, S: number): void {
  const { nodes } = generations;
  const end = start + n;
  let to = base;
  for (let s = 0; s < S; s++) {
    const from = s * stride;
    for (let place = start; place < end; place++) logs[to++] = scores[from + nodes[place]!]!;
  }
}

/** e of a generation, and its M, which goes to the sums of the trees; at a pole, the states that have it count alone. */
function exponentiate(
  { generations, logs, exponentials, taken, even }: TreeMemory,
  { start, n, base }: Generation,
  stateCount: number,
  out: Float64Array,
): void {
  const { trees } = generations;
  const end = base + n * stateCount;
  exponentials.set(logs.subarray(base, end), base);
  const { posterior } = n < WORTH_A_CALL ? twinKernels() : kernels(n);
  posterior(exponentials.subarray(base, end), n, stateCount, n, even, taken.subarray(start, start + n));
  for (let i = n - 1; i >= 0; i--) {
    const row = trees[start + i]!;
    const sum = taken[start + i]!;
    out[row] = addLogs(out[row]!, sum);
    if (sum === -Infinity) for (let at = base + i; at < end; at += n) exponentials[at] = 0;
    if (sum !== Infinity) continue;
    taken[start + i] = 0;
    for (let at = base + i; at < end; at += n) logs[at] = logOf(exponentials[at]!);
  }
}

/** Adds the logarithms of the messages, which are in the work, to the scores of the parents: those of later children first. */
function addToParents(
  { logChain }: StateTree,
  { generations, logs, messages, taken, work }: TreeMemory,
  { start, n, base }: Generation,
  above: Generation,
): void {
  const { parents } = generations;
  const stateCount = logChain.initial.length;
  for (let b = 0; b < stateCount; b++) {
    const toState = above.base + b * above.n - above.start;
    for (let i = n - 1; i >= 0; i--) {
      const at = b * n + i;
      const isLost = messages[base + at]! < LOST;
      const message = isLost
        ? logSum(logChain.transition, b * stateCount, logs, base + i, n, stateCount, taken[start + i]!)
        : work[at]!;
      const to = toState + parents[start + i]!;
      const sum = logs[to]! + message;
      logs[to] = Number.isNaN(sum) ? addLogs(logs[to]!, message) : sum;
    }
  }
}

/** log Σ_a exp(logP[first + a] + L_a - M) of the node whose L_0, L_1, … are at `at`, `at + step`, …. */
function logSum(
  logP: Float64Array,
  first: number,
  logs: Float64Array,
  at: number,
  step: number,
  stateCount: number,
  taken: number,
): number {
  if (taken === -Infinity) return taken;
  let largest = -Infinity;
  for (let a = 0; a < stateCount; a++) largest = Math.max(largest, logP[first + a]! + logs[at + a * step]!);
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let a = 0; a < stateCount; a++) sum += expOf(logP[first + a]! + logs[at + a * step]! - largest);
  return largest - taken + logOf(sum);
}

/** P(state of the root | tree) for the root at place `i`, after {@link upwardPass}; zeros for an impossible tree. */
export function rootShares({ initial, logChain }: StateTree, i: number, memory: TreeMemory, out: Float64Array): void {
  const { generations, logs, exponentials, taken } = memory;
  const n = generations.starts[1]!;
  const stateCount = initial.length;
  let total = 0;
  for (let a = 0; a < stateCount; a++) total += initial[a]! * exponentials[a * n + i]!;
  const isLost = total < LOST;
  const logTotal = isLost ? logSum(logChain.initial, 0, logs, i, n, stateCount, taken[i]!) : 0;
  for (let a = 0; a < stateCount; a++) {
    if (!isLost) out[a] = (initial[a]! * exponentials[a * n + i]!) / total;
    else if (logTotal === -Infinity) out[a] = 0;
    else out[a] = expOf(logChain.initial[a]! + logs[a * n + i]! - taken[i]! - logTotal);
  }
}

/**
 * P(state | its parent's state b, tree) of node i of a generation into `out`, after {@link upwardPass}; zeros where b is
 * impossible.
 */
function childShares(
  { transition, initial, logChain }: StateTree,
  b: number,
  { start, n, base }: Generation,
  i: number,
  { logs, exponentials, messages, taken }: TreeMemory,
  out: Float64Array,
): void {
  const stateCount = initial.length;
  const at = base + i;
  const message = messages[at + b * n]!;
  const isLost = message < LOST;
  const sum = taken[start + i]!;
  const logMessage = isLost ? logSum(logChain.transition, b * stateCount, logs, at, n, stateCount, sum) : 0;
  for (let a = 0; a < stateCount; a++) {
    const cell = b * stateCount + a;
    if (!isLost) out[a] = (transition[cell]! * exponentials[at + a * n]!) / message;
    else if (logMessage === -Infinity) out[a] = 0;
    else out[a] = expOf(logChain.transition[cell]! + logs[at + a * n]! - sum - logMessage);
  }
}

/**
 * Visits the places behind the root of the only tree in order, each with a function that puts P(state | its parent's state b,
 * tree) into `out`.
 */
export function visitChildren(
  tree: StateTree,
  memory: TreeMemory,
  visit: (place: number, parent: number, sharesGiven: (b: number, out: Float64Array) => void) => void,
): void {
  const { generations } = memory;
  const stateCount = tree.initial.length;
  for (let g = 1; g < generations.count; g++) {
    const generation = generationOf(generations, g, stateCount);
    for (let i = 0; i < generation.n; i++) {
      const place = generation.start + i;
      visit(place, generations.parents[place]!, (b, out) => childShares(tree, b, generation, i, memory, out));
    }
  }
}

/**
 * The way down, after {@link upwardPass}: P(state | tree) times the weight of the tree takes the place of the scores; expected
 * states of the roots, and expected steps, are added to the sums. An impossible tree counts nothing.
 * @param weights  one for each tree
 */
export function downwardPass(
  tree: StateTree,
  memory: TreeMemory,
  weights: Float64Array,
  initialSum: Float64Array,
  transitionSum: Float64Array,
): void {
  const { generations, scores, stride, logs, sums, shares } = memory;
  const { nodes, trees } = generations;
  const stateCount = tree.initial.length;
  if (generations.count === 0) return;
  const roots = generations.starts[1]!;
  for (let i = 0; i < roots; i++) {
    rootShares(tree, i, memory, shares);
    const weight = weights[trees[i]!]!;
    for (let a = 0; a < stateCount; a++) {
      const share = weight * shares[a]!;
      logs[a * roots + i] = share;
      initialSum[a]! += share;
    }
  }
  sums.fill(0);
  for (let g = 1; g < generations.count; g++) {
    const generation = generationOf(generations, g, stateCount);
    stepDown(tree, memory, generation, generationOf(generations, g - 1, stateCount), transitionSum);
  }
  for (let cell = 0; cell < sums.length; cell++) transitionSum[cell]! += tree.transition[cell]! * sums[cell]!;
  for (let g = 0; g < generations.count; g++) {
    const { start, n, base } = generationOf(generations, g, stateCount);
    let from = base;
    for (let s = 0; s < stateCount; s++) {
      const to = s * stride;
      for (let place = start; place < start + n; place++) scores[to + nodes[place]!] = logs[from++]!;
    }
  }
}

/** From the states of a generation, which have taken the place of its L, to those of the next. */
function stepDown(
  tree: StateTree,
  memory: TreeMemory,
  generation: Generation,
  above: Generation,
  transitionSum: Float64Array,
): void {
  const { start, n, base } = generation;
  const { generations, logs, exponentials, messages, sums, work } = memory;
  const { parents } = generations;
  const stateCount = tree.initial.length;
  let lost: Set<number> | undefined;
  for (let b = 0; b < stateCount; b++) {
    const ofParents = above.base + b * above.n - above.start;
    const ratios = b * n;
    for (let i = 0; i < n; i++) {
      const share = logs[ofParents + parents[start + i]!]!;
      const message = messages[base + ratios + i]!;
      work[ratios + i] = message < LOST ? 0 : share / message;
      if (message < LOST && share > 0) lost = (lost ?? new Set()).add(i);
    }
  }
  const nodes = lost === undefined ? [] : [...lost];
  const lostShares = nodes.map((i) => lostStates(tree, memory, generation, i, above, transitionSum));
  const ratios = { numbers: work, base: 0 };
  addProducts(ratios, { numbers: exponentials, base }, n, stateCount, sums);
  multiplyAll(tree.transition, [1, stateCount], stateCount, ratios, n, { numbers: logs, base });
  const reached = logs.subarray(base, base + n * stateCount);
  const { multiply } = n < WORTH_A_CALL ? twinKernels() : kernels(n);
  multiply(reached, exponentials.subarray(base, base + n * stateCount), n * stateCount, reached);
  nodes.forEach((i, k) => {
    for (let a = 0; a < stateCount; a++) logs[base + a * n + i]! += lostShares[k]![a]!;
  });
}

/** The steps to a node whose messages are done in logs: what they give to its states. */
function lostStates(
  tree: StateTree,
  memory: TreeMemory,
  generation: Generation,
  i: number,
  above: Generation,
  transitionSum: Float64Array,
): Float64Array {
  const { generations, logs, messages, shares } = memory;
  const stateCount = tree.initial.length;
  const reached = new Float64Array(stateCount);
  const parent = above.base + generations.parents[generation.start + i]! - above.start;
  for (let b = 0; b < stateCount; b++) {
    const share = logs[parent + b * above.n]!;
    if (!(messages[generation.base + i + b * generation.n]! < LOST && share > 0)) continue;
    childShares(tree, b, generation, i, memory, shares);
    for (let a = 0; a < stateCount; a++) {
      reached[a]! += share * shares[a]!;
      transitionSum[b * stateCount + a]! += share * shares[a]!;
    }
  }
  return reached;
}
