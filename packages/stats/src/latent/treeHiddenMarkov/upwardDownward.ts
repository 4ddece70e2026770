/**
 * Upward and downward passes over trees whose hidden states go from parent to child.
 *
 * Up: L_u(a) = log f_a(x_u) + Σ_children log m_c(a), less its largest value M_u; e_u(a) = exp(L_u(a)); the message of a node to
 * its parent is m_u(b) = Σ_a A[b, a] e_u(a). Then log p(tree) = log Σ_a w_a e_root(a) + Σ_u M_u. Down:
 * P(u is b, its child c is a | tree) = P(u is b | tree) A[b, a] e_c(a) / m_c(b). Nothing is divided by prior probabilities
 * of a level, so a state that no node of a level can have does no harm.
 * Source: Durand, Gonçalvès & Guédon, Computational methods for hidden Markov tree models (2004); the upward recursion is
 * Crouse, Nowak & Baraniuk, Wavelet-based statistical signal processing using hidden Markov models (1998), section IV.
 *
 * The logarithms of messages are added up, not the messages multiplied: of 2000 siblings the first half may point to one state
 * and the second half to another, and the product would have lost both by then.
 */

import type { Scratch } from '../../contract.js';
import { expOf } from '../../numeric/kernels/twin/exp.js';
import { logOf } from '../../numeric/kernels/twin/log.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import type { LogChain } from '../hiddenMarkov/logForwardBackward.js';

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

/** Working memory of the passes, state-major: node t of state s at `s * stride + t`. */
export class TreeMemory {
  readonly #scores = new GrowingScratch();
  readonly #exponentials = new GrowingScratch();
  readonly #messages = new GrowingScratch();
  readonly #childCounts = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  #rows: readonly Float64Array[] = [];
  #sums = new Float64Array(0);
  #shares = new Float64Array(0);
  #lostShares = new Float64Array(0);
  stride = 0;

  /** @param scratch  where the kernels use it in place. Default: the JavaScript heap */
  constructor(scratch?: Scratch) {
    if (scratch !== undefined) this.from(scratch);
  }

  /** What children fill and read comes from `scratch`. */
  from(scratch: Scratch): void {
    for (const part of [this.#scores, this.#childCounts, this.#weights]) part.from(scratch);
    this.stride = 0;
  }

  /** Makes room for `count` nodes of each state. */
  reserve(stateCount: number, count: number): void {
    if (count <= this.stride && this.#rows.length === stateCount) return;
    // Not a multiple of a cache page, or all states would fall into the same cache sets.
    this.stride = Math.max(1024, Math.ceil(count / 8) * 8) + 8;
    const scores = this.#scores.atLeast(stateCount * this.stride);
    this.#exponentials.atLeast(stateCount * this.stride);
    this.#messages.atLeast(stateCount * this.stride);
    this.#rows = Array.from({ length: stateCount }, (_, s) => scores.subarray(s * this.stride, (s + 1) * this.stride));
    this.#sums = new Float64Array(stateCount * (stateCount + 1));
    this.#shares = new Float64Array(stateCount);
    this.#lostShares = new Float64Array(stateCount);
  }

  /** log f_s(x) of the nodes; after the way up L_s; after the way down P(state s | tree) times the weight of the tree. */
  get scores(): Float64Array {
    return this.#scores.atLeast(0);
  }

  /** e_s of the nodes, once the way up is done. */
  get exponentials(): Float64Array {
    return this.#exponentials.atLeast(0);
  }

  /** m_s of the nodes, once the way up is done. */
  get messages(): Float64Array {
    return this.#messages.atLeast(0);
  }

  /** The nodes of state `s` in {@link scores}. */
  row(s: number): Float64Array {
    return this.#rows[s]!;
  }

  /** S × S sums, and S ratios. */
  get sums(): Float64Array {
    return this.#sums;
  }

  /** A number for each state: those of a child, given its parent's state. */
  get shares(): Float64Array {
    return this.#shares;
  }

  /** A number for each state: what of its share was done in logs. */
  get lostShares(): Float64Array {
    return this.#lostShares;
  }

  childCountScores(count: number): Float64Array {
    return this.#childCounts.atLeast(count);
  }

  /** The weight of its tree for each node. */
  weights(count: number): Float64Array {
    return this.#weights.atLeast(count);
  }
}

/** log p of the nodes `[from, to)`, which are one tree, from {@link TreeMemory.scores}; 0 for an empty tree. */
export function upwardPass(
  tree: StateTree,
  toParent: Int32Array,
  from: number,
  to: number,
  { scores, exponentials, messages, stride }: TreeMemory,
): number {
  const { initial, transition, logChain } = tree;
  const stateCount = initial.length;
  let takenOut = 0;
  for (let t = to - 1; t >= from; t--) {
    takenOut = addLogs(takenOut, exponentialsOf(scores, exponentials, stride, stateCount, t));
    if (t === from) break;
    const parent = t - toParent[t]!;
    for (let b = 0; b < stateCount; b++) {
      let message = 0;
      for (let a = 0; a < stateCount; a++) message += transition[b * stateCount + a]! * exponentials[a * stride + t]!;
      messages[b * stride + t] = message;
      const logMessage =
        message < LOST ? logSum(logChain.transition, b * stateCount, scores, t, stride, stateCount) : logOf(message);
      const at = b * stride + parent;
      scores[at] = addLogs(scores[at]!, logMessage);
    }
  }
  if (from === to) return 0;
  let root = 0;
  for (let a = 0; a < stateCount; a++) root += initial[a]! * exponentials[a * stride + from]!;
  const logRoot = root < LOST ? logSum(logChain.initial, 0, scores, from, stride, stateCount) : logOf(root);
  return addLogs(logRoot, takenOut);
}

/** Takes the largest score of a node out of all, and exponentiates the rest; at a pole, the states that have it count alone. */
function exponentialsOf(
  scores: Float64Array,
  exponentials: Float64Array,
  stride: number,
  stateCount: number,
  t: number,
): number {
  let largest = -Infinity;
  for (let s = 0; s < stateCount; s++) {
    const score = scores[s * stride + t]!;
    if (score > largest) largest = score;
  }
  for (let s = 0; s < stateCount; s++) {
    const at = s * stride + t;
    if (largest === Infinity) scores[at] = scores[at] === Infinity ? 0 : -Infinity;
    else if (largest !== -Infinity) scores[at]! -= largest;
    exponentials[at] = expOf(scores[at]!);
  }
  return largest;
}

/** log Σ_a exp(logP[first + a] + L_a) of node t. */
function logSum(
  logP: Float64Array,
  first: number,
  scores: Float64Array,
  t: number,
  stride: number,
  stateCount: number,
): number {
  let largest = -Infinity;
  for (let a = 0; a < stateCount; a++) largest = Math.max(largest, logP[first + a]! + scores[a * stride + t]!);
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let a = 0; a < stateCount; a++) sum += expOf(logP[first + a]! + scores[a * stride + t]! - largest);
  return largest + logOf(sum);
}

/**
 * P(state of the root | tree) times `weight`, into `out` at distance `step`, after {@link upwardPass}; zeros for an impossible
 * tree.
 */
export function rootShares(
  { initial, logChain }: StateTree,
  from: number,
  weight: number,
  { scores, exponentials, stride }: TreeMemory,
  out: Float64Array,
  step: number,
  first: number,
): void {
  const stateCount = initial.length;
  let total = 0;
  for (let a = 0; a < stateCount; a++) total += initial[a]! * exponentials[a * stride + from]!;
  const isLost = total < LOST;
  const logTotal = isLost ? logSum(logChain.initial, 0, scores, from, stride, stateCount) : 0;
  for (let a = 0; a < stateCount; a++) {
    let share = 0;
    if (!isLost) share = (initial[a]! * exponentials[a * stride + from]!) / total;
    else if (logTotal !== -Infinity) share = expOf(logChain.initial[a]! + scores[a * stride + from]! - logTotal);
    out[first + a * step] = weight * share;
  }
}

/** P(state of node t | its parent's state b, tree) into `out`, after {@link upwardPass}; zeros where b is impossible. */
export function childShares(
  { transition, initial, logChain }: StateTree,
  b: number,
  t: number,
  { scores, exponentials, messages, stride }: TreeMemory,
  out: Float64Array,
): void {
  const stateCount = initial.length;
  const message = messages[b * stride + t]!;
  const isLost = message < LOST;
  const logMessage = isLost ? logSum(logChain.transition, b * stateCount, scores, t, stride, stateCount) : 0;
  for (let a = 0; a < stateCount; a++) {
    const at = b * stateCount + a;
    if (!isLost) out[a] = (transition[at]! * exponentials[a * stride + t]!) / message;
    else if (logMessage === -Infinity) out[a] = 0;
    else out[a] = expOf(logChain.transition[at]! + scores[a * stride + t]! - logMessage);
  }
}

/**
 * The way down over the nodes `[from, to)`, after {@link upwardPass}: P(state | tree) times `weight` takes the place of the
 * scores; expected states of the root, and expected steps, are added to the sums. An impossible tree counts nothing.
 */
export function downwardPass(
  tree: StateTree,
  toParent: Int32Array,
  from: number,
  to: number,
  weight: number,
  memory: TreeMemory,
  initialSum: Float64Array,
  transitionSum: Float64Array,
): void {
  if (from === to) return;
  const { transition } = tree;
  const { scores, exponentials, messages, stride, sums, lostShares } = memory;
  const stateCount = tree.initial.length;
  const square = stateCount * stateCount;
  rootShares(tree, from, weight, memory, scores, stride, from);
  for (let a = 0; a < stateCount; a++) initialSum[a]! += scores[a * stride + from]!;
  sums.fill(0);
  for (let t = from + 1; t < to; t++) {
    const parent = t - toParent[t]!;
    let isLost = false;
    for (let b = 0; b < stateCount; b++) {
      const share = scores[b * stride + parent]!;
      const message = messages[b * stride + t]!;
      if (message < LOST && share > 0) isLost = true;
      sums[square + b] = message < LOST ? 0 : share / message;
    }
    if (isLost) addLostSteps(tree, t, parent, memory, transitionSum);
    for (let a = 0; a < stateCount; a++) {
      const e = exponentials[a * stride + t]!;
      let reached = 0;
      for (let b = 0; b < stateCount; b++) {
        const ratio = sums[square + b]!;
        reached += ratio * transition[b * stateCount + a]!;
        sums[b * stateCount + a]! += ratio * e;
      }
      scores[a * stride + t] = reached * e + (isLost ? lostShares[a]! : 0);
    }
  }
  for (let at = 0; at < square; at++) transitionSum[at]! += transition[at]! * sums[at]!;
}

/** The steps to node t whose message is done in logs: what they give to its states, into {@link TreeMemory.lostShares}. */
function addLostSteps(
  tree: StateTree,
  t: number,
  parent: number,
  memory: TreeMemory,
  transitionSum: Float64Array,
): void {
  const { scores, messages, stride, lostShares, shares } = memory;
  const stateCount = tree.initial.length;
  lostShares.fill(0);
  for (let b = 0; b < stateCount; b++) {
    const share = scores[b * stride + parent]!;
    if (!(messages[b * stride + t]! < LOST && share > 0)) continue;
    childShares(tree, b, t, memory, shares);
    for (let a = 0; a < stateCount; a++) {
      lostShares[a]! += share * shares[a]!;
      transitionSum[b * stateCount + a]! += share * shares[a]!;
    }
  }
}
