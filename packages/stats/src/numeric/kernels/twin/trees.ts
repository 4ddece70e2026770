/**
 * Upward and downward passes over trees whose hidden states go from parent to child, node by node.
 *
 * Up: L_u(a) = log f_a(x_u) + Σ_children log m_c(a); M_u is a largest term, e_u(a) = exp(L_u(a) - M_u); the message of a node to its
 * parent is m_u(b) = Σ_a A[b, a] e_u(a). Then log p(tree) = log Σ_a w_a e_root(a) + Σ_u M_u. Down:
 * P(u is b, its child c is a | tree) = P(u is b | tree) A[b, a] e_c(a) / m_c(b). Nothing is divided by prior probabilities
 * of a level, so a state that no node of a level can have does no harm.
 * Source: Durand, Gonçalvès & Guédon, Computational methods for hidden Markov tree models (2004); the upward recursion is
 * Crouse, Nowak & Baraniuk, Wavelet-based statistical signal processing using hidden Markov models (1998), section IV.
 *
 * The messages to a state of a node are multiplied while their product is not small; then its logarithm goes to L. Products
 * alone would not do: of 2000 siblings the first half may point to one state and the second half to another, and both would
 * be lost by then. So e_u(a) is the product times exp(the rest of L_u(a) - M_u), where M_u is the largest rest.
 *
 * Layout of what the passes keep of each node, with W the number S of states rounded up to an even number: W numbers e, which the
 * way down replaces by P(state | tree) · weight; W messages; W rests of L, which are L where a sum was lost; M; one unused.
 */
import { expOf } from './exp.js';
import { logOf } from './log.js';

/** A smaller sum may have lost digits where exponentials were 0: it is then done in logs. */
const LOST = 1e-280;
/** A product of two larger numbers is normal. */
const SMALL = 1e-140;

const widthOf = (stateCount: number): number => stateCount + (stateCount & 1);

/** Numbers that the passes keep of a node with so many states. */
export const nodeLength = (stateCount: number): number => 3 * widthOf(stateCount) + 2;

/** Numbers that the way down adds up: see {@link treeDownward}. */
export const sumsLength = (stateCount: number): number => (1 + 2 * stateCount) * widthOf(stateCount);

/** Where the parts of the tables of a tree begin; rows are at distance `width`. */
interface Tables {
  readonly width: number;
  /** The columns of A. */
  readonly columns: 0;
  /** The rows of A. */
  readonly rows: number;
  readonly initial: number;
  readonly logInitial: number;
  readonly logRows: number;
  readonly length: number;
}

function tablesOf(stateCount: number): Tables {
  const width = widthOf(stateCount);
  const square = stateCount * width;
  return {
    width,
    columns: 0,
    rows: square,
    initial: 2 * square,
    logInitial: 2 * square + width,
    logRows: 2 * square + 2 * width,
    length: 3 * square + 2 * width,
  };
}

/**
 * The tables of a tree as the passes read them: the columns of A, its rows, w, and the logarithms of w and of the rows of A. Of an
 * odd number of states the last one stands twice in the columns, and is followed by zeros elsewhere.
 */
export function treeTables(initial: Float64Array, transition: Float64Array): Float64Array {
  const stateCount = initial.length;
  const { width, ...at } = tablesOf(stateCount);
  const tables = new Float64Array(at.length);
  for (let b = 0; b < width; b++) {
    const row = Math.min(b, stateCount - 1) * stateCount;
    for (let a = 0; a < stateCount; a++) tables[a * width + b] = transition[row + a]!;
  }
  for (let b = 0; b < stateCount; b++) {
    tables[at.initial + b] = initial[b]!;
    tables[at.logInitial + b] = logOf(initial[b]!);
    for (let a = 0; a < stateCount; a++) {
      tables[at.rows + b * width + a] = transition[b * stateCount + a]!;
      tables[at.logRows + b * width + a] = logOf(transition[b * stateCount + a]!);
    }
  }
  return tables;
}

/** log Σ_a exp(tables[first + a] + L_a - M) of the node at `at`, whose L are complete. */
function logSum(tables: Float64Array, first: number, stateCount: number, nodes: Float64Array, at: number): number {
  const rests = at + 2 * widthOf(stateCount);
  let largest = -Infinity;
  for (let a = 0; a < stateCount; a++) {
    const term = tables[first + a]! + nodes[rests + a]!;
    if (largest < term) largest = term;
  }
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let a = 0; a < stateCount; a++) sum += expOf(tables[first + a]! + nodes[rests + a]! - largest);
  return largest - nodes[rests + widthOf(stateCount)]! + logOf(sum);
}

/** Σ_a w_a e_a of the root at `at`. */
function rootSum(tables: Float64Array, stateCount: number, nodes: Float64Array, at: number): number {
  const { initial } = tablesOf(stateCount);
  let sum = 0;
  for (let a = 0; a < stateCount; a++) sum += tables[initial + a]! * nodes[at + a]!;
  return sum;
}

/** L from its rest and the product of messages, which still stands where the messages of the node will. */
function completeLogs(stateCount: number, nodes: Float64Array, at: number): void {
  const width = widthOf(stateCount);
  for (let a = 0; a < stateCount; a++) nodes[at + 2 * width + a]! += logOf(nodes[at + width + a]!);
}

/** e of the node at `at`, and its M; at a pole, the states that have it count alone. Returns what the evidence gets. */
function exponentiate(stateCount: number, nodes: Float64Array, at: number): number {
  const width = widthOf(stateCount);
  const [products, rests] = [at + width, at + 2 * width];
  let largest = nodes[rests]!;
  for (let a = 1; a < stateCount; a++) if (largest < nodes[rests + a]!) largest = nodes[rests + a]!;
  const isInfinite = largest === Infinity || largest === -Infinity;
  if (isInfinite) {
    for (let a = 0; a < stateCount; a++) {
      nodes[rests + a] = nodes[rests + a] === Infinity ? 0 : -Infinity;
      nodes[products + a] = 1;
    }
  }
  const taken = isInfinite ? 0 : largest;
  nodes[at + 3 * width] = taken;
  for (let a = 0; a < stateCount; a++) nodes[at + a] = expOf(nodes[rests + a]! - taken) * nodes[products + a]!;
  return largest;
}

/** As many numbers as any tree so far had states. */
let work = new Float64Array(0);

/** The messages of the node at `at` go to the products of its parent at `parent`. */
function sendMessages(tables: Float64Array, stateCount: number, nodes: Float64Array, at: number, parent: number): void {
  const { width, logRows } = tablesOf(stateCount);
  let isLost = false;
  for (let b = 0; b < stateCount; b++) {
    let message = 0;
    for (let a = 0; a < stateCount; a++) message += tables[a * width + b]! * nodes[at + a]!;
    work[b] = message;
    if (message < LOST) isLost = true;
  }
  if (isLost) completeLogs(stateCount, nodes, at);
  for (let b = 0; b < stateCount; b++) {
    const message = work[b]!;
    const before = nodes[parent + width + b]!;
    const product = before * message;
    nodes[at + width + b] = message;
    if (message < LOST) {
      const logMessage = logSum(tables, logRows + b * width, stateCount, nodes, at);
      // Not even an infinite density makes up for an impossible child.
      if (logMessage === -Infinity) nodes[parent + 2 * width + b] = logMessage;
      else nodes[parent + 2 * width + b]! += logMessage;
    } else if (message < SMALL || product < SMALL) {
      nodes[parent + 2 * width + b]! += logOf(before) + logOf(message);
      nodes[parent + width + b] = 1;
    } else {
      nodes[parent + width + b] = product;
    }
  }
}

/**
 * Upward pass over whole trees that lie one after the other, the nodes of each behind their parents.
 * @param emission  log p(x_t | s) of state s at `s * stride + t`, with t counted from `offsets[0]`
 * @param toParent  how far before each node its parent stands; not read for the first node of a tree, its root
 * @param offsets  the nodes of tree q are `offsets[q] … offsets[q + 1] - 1`; it may be empty
 * @param tables  those of {@link treeTables}
 * @param nodes  out: {@link nodeLength} numbers for each node, for {@link treeDownward}
 * @param evidence  out: log p of each tree; 0 for an empty one, -Infinity for an impossible one, even with an infinite density
 */
export function treeUpward(
  emission: Float64Array,
  stride: number,
  stateCount: number,
  toParent: Int32Array,
  offsets: Int32Array,
  treeCount: number,
  tables: Float64Array,
  nodes: Float64Array,
  evidence: Float64Array,
): void {
  const { width, logInitial } = tablesOf(stateCount);
  if (work.length < width) work = new Float64Array(width);
  const length = nodeLength(stateCount);
  const origin = offsets[0]!;
  for (let q = 0; q < treeCount; q++) {
    const from = offsets[q]! - origin;
    const to = offsets[q + 1]! - origin;
    for (let t = from; t < to; t++) {
      const at = t * length;
      for (let s = 0; s < stateCount; s++) {
        nodes[at + width + s] = 1;
        nodes[at + 2 * width + s] = emission[s * stride + t]!;
      }
    }
    let total = 0;
    let isImpossible = false;
    for (let t = to - 1; t >= from; t--) {
      const at = t * length;
      const largest = exponentiate(stateCount, nodes, at);
      total += largest;
      if (largest === -Infinity) isImpossible = true;
      if (t > from) sendMessages(tables, stateCount, nodes, at, at - toParent[t]! * length);
    }
    if (from < to) {
      const root = from * length;
      const sum = rootSum(tables, stateCount, nodes, root);
      if (sum < LOST) completeLogs(stateCount, nodes, root);
      const logRoot = sum < LOST ? logSum(tables, logInitial, stateCount, nodes, root) : logOf(sum);
      total += logRoot;
      if (logRoot === -Infinity) isImpossible = true;
    }
    evidence[q] = isImpossible ? -Infinity : total;
  }
}

/** P(state of the root at `at` | tree), after {@link treeUpward}; zeros for an impossible tree. */
export function rootShares(
  tables: Float64Array,
  stateCount: number,
  nodes: Float64Array,
  at: number,
  out: Float64Array,
): void {
  const { initial, logInitial } = tablesOf(stateCount);
  const sum = rootSum(tables, stateCount, nodes, at);
  if (sum < LOST) lostShares(tables, logInitial, stateCount, nodes, at, out);
  else for (let a = 0; a < stateCount; a++) out[a] = (tables[initial + a]! * nodes[at + a]!) / sum;
}

/** P(state of the node at `at` | its parent's state b, tree), after {@link treeUpward}; zeros where b is impossible. */
export function childShares(
  tables: Float64Array,
  stateCount: number,
  b: number,
  nodes: Float64Array,
  at: number,
  out: Float64Array,
): void {
  const { width, rows, logRows } = tablesOf(stateCount);
  const message = nodes[at + width + b]!;
  if (message < LOST) lostShares(tables, logRows + b * width, stateCount, nodes, at, out);
  else for (let a = 0; a < stateCount; a++) out[a] = (tables[rows + b * width + a]! * nodes[at + a]!) / message;
}

/** exp(tables[first + a] + L_a) as shares of their sum, of the node at `at`, whose L are complete; zeros where all are 0. */
function lostShares(
  tables: Float64Array,
  first: number,
  stateCount: number,
  nodes: Float64Array,
  at: number,
  out: Float64Array,
): void {
  const width = widthOf(stateCount);
  const sum = logSum(tables, first, stateCount, nodes, at);
  const taken = nodes[at + 3 * width]!;
  for (let a = 0; a < stateCount; a++) {
    out[a] = sum === -Infinity ? 0 : expOf(tables[first + a]! + nodes[at + 2 * width + a]! - taken - sum);
  }
}

/**
 * Downward pass after {@link treeUpward} with the same arguments: posteriors and expected counts. An impossible tree counts nothing.
 *
 * Sums are over the trees in order, and over the nodes of each in order.
 * @param emission  out: P(state s of t | tree) · weight of the tree
 * @param treeWeights  one for each tree
 * @param sums  W numbers for the roots, to whose first S their posteriors are added; then S rows of W, to which the expected steps
 *   are added, divided by A; then S rows of W for steps that are done in logs, not divided
 */
export function treeDownward(
  emission: Float64Array,
  stride: number,
  stateCount: number,
  toParent: Int32Array,
  offsets: Int32Array,
  treeCount: number,
  tables: Float64Array,
  nodes: Float64Array,
  treeWeights: Float64Array,
  sums: Float64Array,
): void {
  const { width, rows, logRows } = tablesOf(stateCount);
  if (work.length < width) work = new Float64Array(width);
  const length = nodeLength(stateCount);
  const lostSteps = (1 + stateCount) * width;
  const origin = offsets[0]!;
  for (let q = 0; q < treeCount; q++) {
    const from = offsets[q]! - origin;
    const to = offsets[q + 1]! - origin;
    if (from < to) {
      rootShares(tables, stateCount, nodes, from * length, work);
      for (let a = 0; a < stateCount; a++) {
        const share = treeWeights[q]! * work[a]!;
        nodes[from * length + a] = share;
        sums[a]! += share;
      }
    }
    for (let t = from + 1; t < to; t++) {
      const at = t * length;
      const parent = at - toParent[t]! * length;
      let isLost = false;
      for (let b = 0; b < stateCount; b++) {
        const message = nodes[at + width + b]!;
        const share = nodes[parent + b]!;
        work[b] = message < LOST ? 0 : share / message;
        if (message < LOST && share > 0) isLost = true;
      }
      for (let a = 0; a < stateCount; a++) {
        const e = nodes[at + a]!;
        let reached = 0;
        for (let b = 0; b < stateCount; b++) {
          const ratio = work[b]!;
          sums[(1 + b) * width + a]! += ratio * e;
          reached += ratio * tables[rows + b * width + a]!;
        }
        nodes[at + a] = reached * e;
      }
      for (let b = 0; isLost && b < stateCount; b++) {
        const share = nodes[parent + b]!;
        if (!(nodes[at + width + b]! < LOST && share > 0)) continue;
        lostShares(tables, logRows + b * width, stateCount, nodes, at, work);
        for (let a = 0; a < stateCount; a++) {
          const step = share * work[a]!;
          nodes[at + a]! += step;
          sums[lostSteps + b * width + a]! += step;
        }
      }
    }
    for (let t = from; t < to; t++) {
      for (let s = 0; s < stateCount; s++) emission[s * stride + t] = nodes[t * length + s]!;
    }
  }
}
