/**
 * Posteriors and evidence of a mixture, four rows at a time. Twin: src/numeric/kernels/twin/softmax.ts.
 * One file: all its kernels work on the same four rows, whose infinite terms need the same care.
 */
import { expOfNegative } from './exp';
import { logOfNormal } from './log';
import { SCRATCH } from './memory';
import { addTo, firstLanes, lastLanes, total } from './moments';

// @ts-ignore: decorator
@inline
function isInfinite(x: f64): bool {
  return x == Infinity || x == -Infinity;
}

/** The largest term of row `at`. */
function largestTerm(at: usize, stride: usize, componentCount: i32, logWeights: usize): f64 {
  let largest = load<f64>(at) + load<f64>(logWeights);
  for (let k = 1; k < componentCount; k++) {
    at += stride;
    logWeights += 8;
    const v = load<f64>(at) + load<f64>(logWeights);
    if (largest < v) largest = v;
  }
  return largest;
}

/** Rewrites a row whose largest term is infinite so that the ordinary formula gives the defined posterior. */
function settleInfinite(at: usize, stride: usize, componentCount: i32, largest: f64): void {
  for (let k = 0; k < componentCount; k++) {
    store<f64>(at, largest < 0 || load<f64>(at) == Infinity ? 0 : -Infinity);
    at += stride;
  }
}

/** @param special out: the largest terms of the four rows */
function settleFour(at: usize, stride: usize, componentCount: i32, logWeights: usize, special: usize): void {
  for (let i = 0; i < 4; i++) {
    const largest = largestTerm(at, stride, componentCount, logWeights);
    if (isInfinite(largest)) settleInfinite(at, stride, componentCount, largest);
    store<f64>(special, largest);
    at += 8;
    special += 8;
  }
}

/** A row whose largest term was infinite has it as evidence: largest + ln 1. */
function keepInfinite(parts: usize, special: usize): void {
  for (let i = 0; i < 4; i++) {
    if (isInfinite(load<f64>(special))) {
      store<f64>(parts, load<f64>(special));
      store<f64>(parts, 1, 32);
    }
    parts += 8;
    special += 8;
  }
}

/** Whether a lane is infinite or NaN: then its difference with itself is not 0. */
// @ts-ignore: decorator
@inline
function anyNotFinite(a: v128, b: v128): bool {
  const zero = f64x2.splat(0);
  return v128.any_true(
    v128.or(f64x2.ne(f64x2.sub(a, a), zero), f64x2.ne(f64x2.sub(b, b), zero)),
  );
}

/**
 * Four rows. Leaves the largest terms m, then the sums s, of four rows at `parts`: the evidence is m + ln s.
 * With `keep`, the exponentials are written, and 1 / s to `scales`: their products are the posteriors. Its branches
 * vanish, since the function is inlined with a constant.
 * @param parts  96 bytes of scratch
 */
// @ts-ignore: decorator
@inline
function fourRows(
  at: usize, stride: usize, componentCount: i32, logWeights: usize,
  scales: usize, parts: usize, keep: bool,
): void {
  let m0: v128;
  let m1: v128;
  let odd = false;
  for (; ; odd = true) {
    const lw = v128.load64_splat(logWeights);
    m0 = f64x2.add(v128.load(at), lw);
    m1 = f64x2.add(v128.load(at, 16), lw);
    let p = at;
    let q = logWeights;
    for (let k = 1; k < componentCount; k++) {
      p += stride;
      q += 8;
      const lwk = v128.load64_splat(q);
      m0 = f64x2.pmax(m0, f64x2.add(v128.load(p), lwk));
      m1 = f64x2.pmax(m1, f64x2.add(v128.load(p, 16), lwk));
    }
    if (odd || !anyNotFinite(m0, m1)) break;
    settleFour(at, stride, componentCount, logWeights, parts + 64);
  }
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let p = at;
  let q = logWeights;
  for (let k = 0; k < componentCount; k++) {
    const lw = v128.load64_splat(q);
    const e0 = expOfNegative(f64x2.sub(f64x2.add(v128.load(p), lw), m0));
    const e1 = expOfNegative(f64x2.sub(f64x2.add(v128.load(p, 16), lw), m1));
    if (keep) {
      v128.store(p, e0);
      v128.store(p, e1, 16);
    }
    s0 = f64x2.add(s0, e0);
    s1 = f64x2.add(s1, e1);
    p += stride;
    q += 8;
  }
  if (keep) {
    const one = f64x2.splat(1);
    v128.store(scales, f64x2.div(one, s0));
    v128.store(scales, f64x2.div(one, s1), 16);
  }
  v128.store(parts, m0);
  v128.store(parts, m1, 16);
  v128.store(parts, s0, 32);
  v128.store(parts, s1, 48);
  if (odd) keepInfinite(parts, parts + 64);
}

/** The posteriors of four rows, as a call. */
function posteriorOfFour(
  at: usize,
  stride: usize,
  componentCount: i32,
  logWeights: usize,
  parts: usize,
): void {
  const scales = parts + 96;
  fourRows(at, stride, componentCount, logWeights, scales, parts, true);
  const scale0 = v128.load(scales);
  const scale1 = v128.load(scales, 16);
  for (let k = 0; k < componentCount; k++) {
    v128.store(at, f64x2.mul(v128.load(at), scale0));
    v128.store(at, f64x2.mul(v128.load(at, 16), scale1), 16);
    at += stride;
  }
}

/** Two components: one exponential gives both terms, to the same bits. */
// @ts-ignore: decorator
@inline
function fourRowsOfTwo(at: usize, stride: usize, logWeights: usize, parts: usize): void {
  const other = at + stride;
  const lw0 = v128.load64_splat(logWeights);
  const lw1 = v128.load64_splat(logWeights, 8);
  const a0 = f64x2.add(v128.load(at), lw0);
  const a1 = f64x2.add(v128.load(at, 16), lw0);
  const b0 = f64x2.add(v128.load(other), lw1);
  const b1 = f64x2.add(v128.load(other, 16), lw1);
  const m0 = f64x2.pmax(a0, b0);
  const m1 = f64x2.pmax(a1, b1);
  if (anyNotFinite(m0, m1)) return posteriorOfFour(at, stride, 2, logWeights, parts);
  const d0 = f64x2.sub(a0, b0);
  const d1 = f64x2.sub(a1, b1);
  const e0 = expOfNegative(f64x2.neg(f64x2.abs(d0)));
  const e1 = expOfNegative(f64x2.neg(f64x2.abs(d1)));
  const one = f64x2.splat(1);
  const s0 = f64x2.add(one, e0);
  const s1 = f64x2.add(one, e1);
  const scale0 = f64x2.div(one, s0);
  const scale1 = f64x2.div(one, s1);
  const small0 = f64x2.mul(e0, scale0);
  const small1 = f64x2.mul(e1, scale1);
  const less0 = f64x2.lt(d0, f64x2.splat(0));
  const less1 = f64x2.lt(d1, f64x2.splat(0));
  v128.store(at, v128.bitselect(small0, scale0, less0));
  v128.store(at, v128.bitselect(small1, scale1, less1), 16);
  v128.store(other, v128.bitselect(scale0, small0, less0));
  v128.store(other, v128.bitselect(scale1, small1, less1), 16);
  v128.store(parts, m0);
  v128.store(parts, m1, 16);
  v128.store(parts, s0, 32);
  v128.store(parts, s1, 48);
}

/** Rows [from, count) of the matrix as rows 0 … 3 of a small one; the rest repeats the first of them. */
function copyTail(matrix: usize, stride: usize, componentCount: i32, tail: i32, small: usize): void {
  for (let k = 0; k < componentCount; k++) {
    for (let i = 0; i < 4; i++) store<f64>(small + ((<usize>i) << 3), load<f64>(matrix + (<usize>(i < tail ? i : 0) << 3)));
    matrix += stride;
    small += 32;
  }
}

/** Components of weight 0 have no say, not even with an infinite density or NaN. */
function silenceDead(matrix: usize, stride: usize, componentCount: i32, count: i32, logWeights: usize): void {
  for (let k = 0; k < componentCount; k++) {
    if (load<f64>(logWeights) == -Infinity) {
      for (let i = 0; i < count; i++) store<f64>(matrix + ((<usize>i) << 3), -Infinity);
    }
    matrix += stride;
    logWeights += 8;
  }
}

/** The evidence of the four rows at `parts`. */
// @ts-ignore: decorator
@inline
function storeEvidence(parts: usize, evidence: usize): void {
  v128.store(evidence, f64x2.add(v128.load(parts), logOfNormal(v128.load(parts, 32))));
  v128.store(evidence, f64x2.add(v128.load(parts, 16), logOfNormal(v128.load(parts, 48))), 16);
}

/** Bytes in front of the small matrix of the last rows: parts, scales of four rows, their evidence. */
const SMALL: usize = 160;

/** The last one to three rows, through a small matrix. */
function tailRows(
  at: usize,
  stride: usize,
  componentCount: i32,
  tail: i32,
  logWeights: usize,
  scratch: usize,
): void {
  const small = scratch + SMALL;
  copyTail(at, stride, componentCount, tail, small);
  posteriorOfFour(small, 32, componentCount, logWeights, scratch);
  for (let k = 0; k < componentCount; k++) {
    memory.copy(at + <usize>k * stride, small + ((<usize>k) << 5), (<usize>tail) << 3);
  }
}

/**
 * The evidence of all rows, and with `keep` their posteriors. Its branches vanish, since it is inlined with a constant.
 */
// @ts-ignore: decorator
@inline
function allRows(
  matrix: usize, stride: usize, componentCount: i32, count: i32,
  logWeights: usize, evidence: usize, keep: bool,
): void {
  const scratch = SCRATCH;
  const bytes = stride << 3;
  silenceDead(matrix, bytes, componentCount, count, logWeights);
  const quads = count >> 2;
  for (let i = 0; i < quads; i++) {
    if (!keep) fourRows(matrix, bytes, componentCount, logWeights, 0, scratch, false);
    else if (componentCount == 2) fourRowsOfTwo(matrix, bytes, logWeights, scratch);
    else posteriorOfFour(matrix, bytes, componentCount, logWeights, scratch);
    storeEvidence(scratch, evidence);
    matrix += 32;
    evidence += 32;
  }
  const tail = count & 3;
  if (tail) {
    tailRows(matrix, bytes, componentCount, tail, logWeights, scratch);
    storeEvidence(scratch, scratch + 128);
    memory.copy(evidence, scratch + 128, (<usize>tail) << 3);
  }
}

export function posterior(
  logDensity: usize, stride: usize, componentCount: i32, count: i32, logWeights: usize, evidence: usize,
): void {
  allRows(logDensity, stride, componentCount, count, logWeights, evidence, true);
}

export function logEvidence(
  logDensity: usize, stride: usize, componentCount: i32, count: i32, logWeights: usize, evidence: usize,
): void {
  allRows(logDensity, stride, componentCount, count, logWeights, evidence, false);
}

/** Quadruples of rows whose sums s are multiplied before a logarithm is taken: 4000^16 is a double. */
const PRODUCT: i32 = 16;

/**
 * Posteriors of `quads` quadruples, at most PRODUCT, scaled component by component: then the four lanes of a
 * component's total stay in registers.
 * @param lanes   four lanes for each component: posteriors are added
 * @param scales  32 bytes for each quadruple
 * @param sums    64 bytes: Σ m is added to the first four numbers, Π s multiplied into the others
 */
function posteriorOfMany(
  matrix: usize, stride: usize, componentCount: i32, quads: i32, logWeights: usize,
  lanes: usize, scales: usize, sums: usize, parts: usize,
): void {
  const one = f64x2.splat(1);
  const bytes = (<usize>quads) << 5;
  let largest0 = v128.load(sums);
  let largest1 = v128.load(sums, 16);
  let product0 = v128.load(sums, 32);
  let product1 = v128.load(sums, 48);
  for (let i: usize = 0; i < bytes; i += 32) {
    fourRows(matrix + i, stride, componentCount, logWeights, scales + i, parts, true);
    largest0 = f64x2.add(largest0, v128.load(parts));
    largest1 = f64x2.add(largest1, v128.load(parts, 16));
    product0 = f64x2.mul(product0, v128.load(parts, 32));
    product1 = f64x2.mul(product1, v128.load(parts, 48));
  }
  v128.store(sums, largest0);
  v128.store(sums, largest1, 16);
  v128.store(sums, product0, 32);
  v128.store(sums, product1, 48);
  for (let k = 0; k < componentCount; k++) {
    let total0 = v128.load(lanes);
    let total1 = v128.load(lanes, 16);
    for (let i: usize = 0; i < bytes; i += 32) {
      const r0 = f64x2.mul(v128.load(matrix + i), v128.load(scales + i));
      const r1 = f64x2.mul(v128.load(matrix + i, 16), v128.load(scales + i, 16));
      v128.store(matrix + i, r0);
      v128.store(matrix + i, r1, 16);
      total0 = f64x2.add(total0, r0);
      total1 = f64x2.add(total1, r1);
    }
    v128.store(lanes, total0);
    v128.store(lanes, total1, 16);
    matrix += stride;
    lanes += 32;
  }
}

/**
 * {@link posteriorOfMany} for two components: one exponential gives both terms, to the same bits. In three short loops,
 * whose steps do not wait for each other.
 * @param buffer  1024 bytes: the differences of the terms, then e^-|difference|
 */
function posteriorOfManyPairs(
  matrix: usize, stride: usize, quads: i32, logWeights: usize,
  lanes: usize, buffer: usize, sums: usize, parts: usize,
): void {
  const one = f64x2.splat(1);
  const sign = i64x2.splat(0x8000000000000000);
  const other = matrix + stride;
  const bytes = (<usize>quads) << 5;
  const lw0 = v128.load64_splat(logWeights);
  const lw1 = v128.load64_splat(logWeights, 8);
  let largest0 = v128.load(sums);
  let largest1 = v128.load(sums, 16);
  for (let i: usize = 0; i < bytes; i += 32) {
    const a0 = f64x2.add(v128.load(matrix + i), lw0);
    const a1 = f64x2.add(v128.load(matrix + i, 16), lw0);
    const b0 = f64x2.add(v128.load(other + i), lw1);
    const b1 = f64x2.add(v128.load(other + i, 16), lw1);
    const m0 = f64x2.pmax(a0, b0);
    const m1 = f64x2.pmax(a1, b1);
    largest0 = f64x2.add(largest0, m0);
    largest1 = f64x2.add(largest1, m1);
    v128.store(buffer + i, f64x2.sub(a0, b0));
    v128.store(buffer + i, f64x2.sub(a1, b1), 16);
  }
  // A term that is not finite makes the sum so. A sum that was so before takes the long way for nothing.
  if (anyNotFinite(largest0, largest1)) {
    posteriorOfMany(matrix, stride, 2, quads, logWeights, lanes, buffer, sums, parts);
    return;
  }
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(buffer + i, expOfNegative(v128.or(v128.load(buffer + i), sign)), 512);
    v128.store(buffer + i, expOfNegative(v128.or(v128.load(buffer + i, 16), sign)), 528);
  }
  let product0 = v128.load(sums, 32);
  let product1 = v128.load(sums, 48);
  let totalA0 = v128.load(lanes);
  let totalA1 = v128.load(lanes, 16);
  let totalB0 = v128.load(lanes, 32);
  let totalB1 = v128.load(lanes, 48);
  for (let i: usize = 0; i < bytes; i += 32) {
    const e0 = v128.load(buffer + i, 512);
    const e1 = v128.load(buffer + i, 528);
    const s0 = f64x2.add(one, e0);
    const s1 = f64x2.add(one, e1);
    const scale0 = f64x2.div(one, s0);
    const scale1 = f64x2.div(one, s1);
    const small0 = f64x2.mul(e0, scale0);
    const small1 = f64x2.mul(e1, scale1);
    const less0 = f64x2.lt(v128.load(buffer + i), f64x2.splat(0));
    const less1 = f64x2.lt(v128.load(buffer + i, 16), f64x2.splat(0));
    // The first component has the small one where it is less; the second has the other.
    const both0 = v128.xor(small0, scale0);
    const both1 = v128.xor(small1, scale1);
    const a0 = v128.xor(scale0, v128.and(both0, less0));
    const a1 = v128.xor(scale1, v128.and(both1, less1));
    const b0 = v128.xor(a0, both0);
    const b1 = v128.xor(a1, both1);
    v128.store(matrix + i, a0);
    v128.store(matrix + i, a1, 16);
    v128.store(other + i, b0);
    v128.store(other + i, b1, 16);
    totalA0 = f64x2.add(totalA0, a0);
    totalA1 = f64x2.add(totalA1, a1);
    totalB0 = f64x2.add(totalB0, b0);
    totalB1 = f64x2.add(totalB1, b1);
    product0 = f64x2.mul(product0, s0);
    product1 = f64x2.mul(product1, s1);
  }
  v128.store(sums, largest0);
  v128.store(sums, largest1, 16);
  v128.store(sums, product0, 32);
  v128.store(sums, product1, 48);
  v128.store(lanes, totalA0);
  v128.store(lanes, totalA1, 16);
  v128.store(lanes, totalB0, 32);
  v128.store(lanes, totalB1, 48);
}

/**
 * Posteriors, and their sums for each component, added to `totals`. Takes 1248 + 64 * componentCount bytes of scratch.
 * @returns the sum of the evidences: Σ m in four lanes, plus Σ ln Π s in four lanes
 */
export function posteriorTotal(
  matrix: usize,
  stride: usize,
  componentCount: i32,
  count: i32,
  logWeights: usize,
  totals: usize,
): f64 {
  const scratch = SCRATCH;
  stride <<= 3;
  silenceDead(matrix, stride, componentCount, count, logWeights);
  const one = f64x2.splat(1);
  const sums = scratch + SMALL + ((<usize>componentCount) << 5);
  const buffer = sums + 64;
  const lanes = buffer + 1024;
  memory.fill(sums, 0, 32);
  memory.fill(lanes, 0, (<usize>componentCount) << 5);
  let logs0 = f64x2.splat(0);
  let logs1 = f64x2.splat(0);
  v128.store(sums, one, 32);
  v128.store(sums, one, 48);
  let left = count >> 2;
  for (; left >= PRODUCT; left -= PRODUCT) {
    if (componentCount == 2) posteriorOfManyPairs(matrix, stride, PRODUCT, logWeights, lanes, buffer, sums, scratch);
    else posteriorOfMany(matrix, stride, componentCount, PRODUCT, logWeights, lanes, buffer, sums, scratch);
    logs0 = f64x2.add(logs0, logOfNormal(v128.load(sums, 32)));
    logs1 = f64x2.add(logs1, logOfNormal(v128.load(sums, 48)));
    v128.store(sums, one, 32);
    v128.store(sums, one, 48);
    matrix += <usize>PRODUCT << 5;
  }
  if (componentCount == 2) posteriorOfManyPairs(matrix, stride, left, logWeights, lanes, buffer, sums, scratch);
  else posteriorOfMany(matrix, stride, componentCount, left, logWeights, lanes, buffer, sums, scratch);
  matrix += (<usize>left) << 5;
  const tail = count & 3;
  if (tail) addTail(matrix, stride, componentCount, tail, logWeights, lanes, sums, scratch);
  logs0 = f64x2.add(logs0, logOfNormal(v128.load(sums, 32)));
  logs1 = f64x2.add(logs1, logOfNormal(v128.load(sums, 48)));
  for (let k = 0; k < componentCount; k++) {
    const at = lanes + ((<usize>k) << 5);
    addTo(totals + ((<usize>k) << 3), total(v128.load(at), v128.load(at, 16)));
  }
  return total(v128.load(sums), v128.load(sums, 16)) + total(logs0, logs1);
}

/** {@link posteriorOfMany} for the last one to three rows. Rows that are not there add 0 and multiply by 1. */
function addTail(
  matrix: usize, stride: usize, componentCount: i32, tail: i32,
  logWeights: usize, lanes: usize, sums: usize, scratch: usize,
): void {
  const one = f64x2.splat(1);
  tailRows(matrix, stride, componentCount, tail, logWeights, scratch);
  for (let i: usize = <usize>tail << 3; i < 32; i += 8) {
    store<f64>(scratch + i, 0);
    store<f64>(scratch + i, 1, 32);
  }
  for (let half: usize = 0; half < 32; half += 16) {
    v128.store(sums + half, f64x2.add(v128.load(sums + half), v128.load(scratch + half)));
    v128.store(sums + half, f64x2.mul(v128.load(sums + half, 32), v128.load(scratch + half, 32)), 32);
  }
  for (let k = 0; k < componentCount; k++) {
    v128.store(lanes, f64x2.add(v128.load(lanes), firstLanes(matrix, tail)));
    v128.store(lanes, f64x2.add(v128.load(lanes, 16), lastLanes(matrix, tail)), 16);
    matrix += stride;
    lanes += 32;
  }
}
