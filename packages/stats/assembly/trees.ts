/**
 * Upward and downward passes over trees, two states of a node side by side in the two lanes. Twin, with the method and the layout:
 * src/numeric/kernels/twin/trees.ts. Rows of tables and of the numbers of a node are `width` bytes apart, 16 for two states; of an odd
 * number of states the last lane has the messages of the last state once more, and is 0 elsewhere.
 */
import { expOfNegative } from './exp';
import { loadLanes } from './lanes';
import { logOf } from './log';
import { SCRATCH } from './memory';

const LOST: f64 = 1e-280;
const SMALL: f64 = 1e-140;

// @ts-ignore: decorator
@inline
function widthOf(stateCount: i32): usize {
  return (<usize>(stateCount + (stateCount & 1))) << 3;
}

/** ln x */
function ln(x: f64): f64 {
  return f64x2.extract_lane(logOf(f64x2.splat(x)), 0);
}

/** e^x, of an x that is above 0 by errors of rounding only. */
function power(x: f64): f64 {
  return f64x2.extract_lane(expOfNegative(f64x2.splat(x)), 0);
}

function logSum(logs: usize, width: usize, states: usize, node: usize): f64 {
  const rests = node + (width << 1);
  let largest: f64 = -Infinity;
  for (let a: usize = 0; a < states; a += 8) {
    const term = load<f64>(logs + a) + load<f64>(rests + a);
    if (largest < term) largest = term;
  }
  if (largest == -Infinity) return largest;
  let sum: f64 = 0;
  for (let a: usize = 0; a < states; a += 8) sum += power(load<f64>(logs + a) + load<f64>(rests + a) - largest);
  return largest - load<f64>(rests + width) + ln(sum);
}

/** Shares of a sum done in logs: the twin's lostShares. */
function lostShares(logs: usize, width: usize, states: usize, node: usize, out: usize): void {
  const rests = node + (width << 1);
  const sum = logSum(logs, width, states, node);
  const taken = load<f64>(rests + width);
  for (let a: usize = 0; a < states; a += 8) {
    store<f64>(out + a, sum == -Infinity ? 0 : power(load<f64>(logs + a) + load<f64>(rests + a) - taken - sum));
  }
}

function rootSum(initial: usize, states: usize, node: usize): f64 {
  let sum: f64 = 0;
  for (let a: usize = 0; a < states; a += 8) sum += load<f64>(initial + a) * load<f64>(node + a);
  return sum;
}

function completeLogs(width: usize, node: usize): void {
  const products = node + width;
  const rests = products + width;
  for (let a: usize = 0; a < width; a += 16) {
    v128.store(rests + a, f64x2.add(v128.load(rests + a), logOf(v128.load(products + a))));
  }
}

/** Of a node whose largest rest is infinite, only the states that have it count. */
function settleInfinite(width: usize, node: usize): void {
  const products = node + width;
  const rests = products + width;
  for (let a: usize = 0; a < width; a += 8) {
    store<f64>(rests + a, load<f64>(rests + a) == Infinity ? 0 : -Infinity);
    store<f64>(products + a, 1);
  }
}

/** What one message does to the product and the rest of a parent's state: `message` of the node, in state `b * 8`. */
function sendSmall(logRow: usize, width: usize, states: usize, node: usize, parent: usize, b: usize, message: f64): void {
  const before = load<f64>(parent + width + b);
  const product = before * message;
  const rest = parent + (width << 1) + b;
  if (message < LOST) {
    const logMessage = logSum(logRow, width, states, node);
    store<f64>(rest, logMessage == -Infinity ? logMessage : load<f64>(rest) + logMessage);
  } else if (message < SMALL || product < SMALL) {
    store<f64>(rest, load<f64>(rest) + (ln(before) + ln(message)));
    store<f64>(parent + width + b, 1);
  } else {
    store<f64>(parent + width + b, product);
  }
}

/** e of a node and its M. @returns what the evidence gets */
// @ts-ignore: decorator
@inline
function exponentiate(width: usize, states: usize, node: usize): f64 {
  const products = node + width;
  const rests = products + width;
  let largest = load<f64>(rests);
  for (let a: usize = 8; a < states; a += 8) {
    const rest = load<f64>(rests + a);
    largest = largest < rest ? rest : largest;
  }
  let taken = largest;
  if (largest == Infinity || largest == -Infinity) {
    settleInfinite(width, node);
    taken = 0;
  }
  store<f64>(rests + width, taken);
  const shift = f64x2.splat(taken);
  for (let a: usize = 0; a < width; a += 16) {
    const e = expOfNegative(f64x2.sub(v128.load(rests + a), shift));
    v128.store(node + a, f64x2.mul(e, v128.load(products + a)));
  }
  return largest;
}

// @ts-ignore: decorator
@inline
function sendMessages(columns: usize, logRows: usize, width: usize, states: usize, node: usize, parent: usize): void {
  const work = SCRATCH;
  const products = parent + width;
  let lost = f64x2.splat(0);
  let small = f64x2.splat(0);
  for (let b: usize = 0; b < width; b += 16) {
    let message = f64x2.splat(0);
    let column = columns + b;
    for (let a: usize = 0; a < states; a += 8) {
      message = f64x2.add(message, f64x2.mul(v128.load(column), v128.load64_splat(node + a)));
      column += width;
    }
    v128.store(work + b, message);
    const product = f64x2.mul(v128.load(products + b), message);
    lost = v128.or(lost, f64x2.lt(message, f64x2.splat(LOST)));
    small = v128.or(small, f64x2.lt(f64x2.pmin(message, product), f64x2.splat(SMALL)));
  }
  if (v128.any_true(small)) {
    if (v128.any_true(lost)) completeLogs(width, node);
    for (let b: usize = 0; b < states; b += 8) {
      sendSmall(logRows, width, states, node, parent, b, load<f64>(work + b));
      logRows += width;
    }
    if (states < width) store<f64>(products + states, load<f64>(products + states - 8)); // the last state once more
    for (let b: usize = 0; b < width; b += 16) v128.store(node + width + b, v128.load(work + b));
    return;
  }
  for (let b: usize = 0; b < width; b += 16) {
    const message = v128.load(work + b);
    v128.store(node + width + b, message);
    v128.store(products + b, f64x2.mul(v128.load(products + b), message));
  }
}

/** Scores to rests, and products of no messages, of the nodes [node, end). */
// @ts-ignore: decorator
@inline
function placeScores(scores: usize, stride: usize, width: usize, states: usize, node: usize, end: usize): void {
  const one = f64x2.splat(1);
  const length = 3 * width + 16;
  const pairs = states & ~15;
  for (; node < end; node += length) {
    const products = node + width;
    const rests = products + width;
    let from = scores;
    for (let a: usize = 0; a < pairs; a += 16) {
      v128.store(products + a, one);
      v128.store(rests + a, loadLanes(from, from + stride));
      from += stride << 1;
    }
    if (pairs < states) {
      v128.store(products + pairs, one);
      store<f64>(rests + pairs, load<f64>(from));
      store<f64>(rests + states, -Infinity);
    }
    scores += 8;
  }
}

/**
 * @param offsets  treeCount + 1 positions; the arrays start at the first of them
 * @param tables   columns of A; its rows; w; the logarithms of w; those of the rows
 * Takes 8 * (stateCount + 1) bytes of scratch.
 */
export function treeUpward(
  scores: usize, stride: usize, stateCount: i32, toParent: usize, offsets: usize, treeCount: i32, tables: usize,
  nodes: usize, evidence: usize,
): void {
  stride <<= 3;
  const states = (<usize>stateCount) << 3;
  const width = widthOf(stateCount);
  const length = 3 * width + 16;
  const initial = tables + 2 * (<usize>stateCount) * width;
  const logInitial = initial + width;
  const logRows = logInitial + width;
  const origin = load<i32>(offsets);
  for (let q = 0; q < treeCount; q++) {
    const from = load<i32>(offsets) - origin;
    const to = load<i32>(offsets, 4) - origin;
    const root = nodes + <usize>from * length;
    placeScores(scores + ((<usize>from) << 3), stride, width, states, root, nodes + <usize>to * length);
    let total: f64 = 0;
    let isImpossible = false;
    for (let t = to - 1; t >= from; t--) {
      const node = nodes + <usize>t * length;
      const largest = exponentiate(width, states, node);
      total += largest;
      if (largest == -Infinity) isImpossible = true;
      if (t == from) break;
      const parent = node - <usize>load<i32>(toParent + ((<usize>t) << 2)) * length;
      sendMessages(tables, logRows, width, states, node, parent);
    }
    if (from < to) {
      const sum = rootSum(initial, states, root);
      let logRoot: f64;
      if (sum < LOST) {
        completeLogs(width, root);
        logRoot = logSum(logInitial, width, states, root);
      } else {
        logRoot = ln(sum);
      }
      total += logRoot;
      if (logRoot == -Infinity) isImpossible = true;
    }
    store<f64>(evidence, isImpossible ? -Infinity : total);
    offsets += 4;
    evidence += 8;
  }
}

/** P(state of the root | tree) * weight in the place of its e. */
function settleRoot(initial: usize, width: usize, states: usize, root: usize, weight: f64, sums: usize): void {
  const sum = rootSum(initial, states, root);
  if (sum < LOST) {
    lostShares(initial + width, width, states, root, SCRATCH);
  } else {
    for (let a: usize = 0; a < states; a += 8) {
      store<f64>(SCRATCH + a, (load<f64>(initial + a) * load<f64>(root + a)) / sum);
    }
  }
  for (let a: usize = 0; a < states; a += 8) {
    const share = weight * load<f64>(SCRATCH + a);
    store<f64>(root + a, share);
    store<f64>(sums + a, load<f64>(sums + a) + share);
  }
}

/** Steps to a node that are done in logs. */
function addLostSteps(logRows: usize, width: usize, states: usize, node: usize, parent: usize, steps: usize): void {
  for (let b: usize = 0; b < states; b += 8) {
    const share = load<f64>(parent + b);
    if (load<f64>(node + width + b) < LOST && share > 0) {
      lostShares(logRows, width, states, node, SCRATCH);
      for (let a: usize = 0; a < states; a += 8) {
        const step = share * load<f64>(SCRATCH + a);
        store<f64>(node + a, load<f64>(node + a) + step);
        store<f64>(steps + a, load<f64>(steps + a) + step);
      }
    }
    logRows += width;
    steps += width;
  }
}

/** The states of a node from those of its parent, in the place of its e; the steps go to the sums. */
// @ts-ignore: decorator
@inline
function stepDown(rows: usize, logRows: usize, width: usize, states: usize, node: usize, parent: usize, sums: usize): void {
  const ratios = SCRATCH;
  const steps = sums + width;
  let lost = f64x2.splat(0);
  for (let b: usize = 0; b < width; b += 16) {
    const message = v128.load(node + width + b);
    const share = v128.load(parent + b);
    const isLost = f64x2.lt(message, f64x2.splat(LOST));
    v128.store(ratios + b, v128.andnot(f64x2.div(share, message), isLost));
    lost = v128.or(lost, v128.and(isLost, f64x2.gt(share, f64x2.splat(0))));
  }
  for (let a: usize = 0; a < width; a += 16) {
    const e = v128.load(node + a);
    let reached = f64x2.splat(0);
    let row = rows + a;
    let step = steps + a;
    for (let b: usize = 0; b < states; b += 8) {
      const ratio = v128.load64_splat(ratios + b);
      v128.store(step, f64x2.add(v128.load(step), f64x2.mul(ratio, e)));
      reached = f64x2.add(reached, f64x2.mul(ratio, v128.load(row)));
      row += width;
      step += width;
    }
    v128.store(node + a, f64x2.mul(reached, e));
  }
  if (v128.any_true(lost)) addLostSteps(logRows, width, states, node, parent, steps + (states >> 3) * width);
}

export function treeDownward(
  scores: usize, stride: usize, stateCount: i32, toParent: usize, offsets: usize, treeCount: i32, tables: usize,
  nodes: usize, treeWeights: usize, sums: usize,
): void {
  stride <<= 3;
  const states = (<usize>stateCount) << 3;
  const width = widthOf(stateCount);
  const length = 3 * width + 16;
  const rows = tables + <usize>stateCount * width;
  const initial = rows + <usize>stateCount * width;
  const logRows = initial + (width << 1);
  const origin = load<i32>(offsets);
  for (let q = 0; q < treeCount; q++) {
    const from = load<i32>(offsets) - origin;
    const to = load<i32>(offsets, 4) - origin;
    if (from < to) settleRoot(initial, width, states, nodes + <usize>from * length, load<f64>(treeWeights), sums);
    let out = scores + ((<usize>from) << 3);
    for (let t = from; t < to; t++) {
      const node = nodes + <usize>t * length;
      if (t > from) {
        const parent = node - <usize>load<i32>(toParent + ((<usize>t) << 2)) * length;
        stepDown(rows, logRows, width, states, node, parent, sums);
      }
      let at = out;
      for (let a: usize = 0; a < states; a += 8) {
        store<f64>(at, load<f64>(node + a));
        at += stride;
      }
      out += 8;
    }
    offsets += 4;
    treeWeights += 8;
  }
}
