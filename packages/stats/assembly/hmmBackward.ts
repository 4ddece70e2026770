/**
 * Backward pass, posteriors and expected transitions, two sequences side by side in the two lanes.
 * Twin: src/numeric/kernels/twin/forwardBackward.ts.
 */
import { loadLanes, storeLanes } from './lanes';
import { SCRATCH } from './memory';
import { addPair, addTo } from './moments';

const TRANSITION_RUN: i32 = 64;
/** Bytes of one state's steps. */
const STEP_ROW: usize = 64 * 8;

/**
 * `count` positions of two sequences, last first: posteriors into `emission`, steps into slots `slot - 1`, ….
 * `beta` holds the backward variables of the first of them, lane by lane, and after that those of the next.
 */
function backwardSteps(
  emissionA: usize, emissionB: usize, forwardA: usize, forwardB: usize, scaleA: usize, scaleB: usize, stride: usize, stateCount: i32,
  count: i32, transition: usize, weights: v128, beta: usize, stepsA: usize, stepsB: usize, slot: i32,
): void {
  const row = (<usize>stateCount) << 3;
  const step = beta + (row << 1);
  stepsA += (<usize>slot) << 3;
  stepsB += (<usize>slot) << 3;
  for (let t = 0; t < count; t++) {
    stepsA -= 8;
    stepsB -= 8;
    const inverse = loadLanes(scaleA, scaleB);
    let eA = emissionA;
    let eB = emissionB;
    let fA = forwardA;
    let fB = forwardB;
    let uA = stepsA;
    let uB = stepsB;
    for (let s: usize = 0; s < row << 1; s += 16) {
      const b = v128.load(beta + s);
      const u = f64x2.mul(f64x2.mul(loadLanes(eA, eB), b), inverse);
      storeLanes(eA, eB, f64x2.mul(f64x2.mul(loadLanes(fA, fB), b), weights));
      v128.store(step + s, u);
      storeLanes(uA, uB, u);
      eA += stride;
      eB += stride;
      fA += stride;
      fB += stride;
      uA += STEP_ROW;
      uB += STEP_ROW;
    }
    let at = transition;
    let r: usize = 0;
    for (; r + 8 < row; r += 16) {
      let p = f64x2.splat(0);
      let q = f64x2.splat(0);
      for (let s: usize = 0; s < row; s += 8) {
        const u = v128.load(step + (s << 1));
        p = f64x2.add(p, f64x2.mul(v128.load64_splat(at), u));
        q = f64x2.add(q, f64x2.mul(v128.load64_splat(at + row), u));
        at += 8;
      }
      v128.store(beta + (r << 1), p);
      v128.store(beta + (r << 1), q, 16);
      at += row;
    }
    if (r < row) {
      let p = f64x2.splat(0);
      for (let s: usize = 0; s < row; s += 8) {
        p = f64x2.add(p, f64x2.mul(v128.load64_splat(at), v128.load(step + (s << 1))));
        at += 8;
      }
      v128.store(beta + (r << 1), p);
    }
    emissionA -= 8;
    emissionB -= 8;
    forwardA -= 8;
    forwardB -= 8;
    scaleA -= 8;
    scaleB -= 8;
  }
}

/** Adds Σ forward[r, i] · steps[s, slot + i] to `pairs`, the even and the odd slots in lanes of their own. */
function addSteps(forward: usize, stride: usize, stateCount: i32, slot: i32, steps: usize, pairs: usize): void {
  const odd = slot & 1;
  const last = stateCount - 1;
  const from = (<usize>slot) << 3;
  for (let r = 0; r < stateCount; r += 2) {
    const f0 = forward + <usize>r * stride;
    const f1 = forward + <usize>min(r + 1, last) * stride;
    for (let s = 0; s < stateCount; s += 2) {
      const u0 = steps + <usize>s * STEP_ROW + from;
      const u1 = steps + <usize>min(s + 1, last) * STEP_ROW + from;
      let a00 = f64x2.splat(0);
      let a01 = f64x2.splat(0);
      let a10 = f64x2.splat(0);
      let a11 = f64x2.splat(0);
      let i: usize = 0;
      if (odd) {
        const none = f64x2.splat(0);
        const p0 = v128.load64_lane(f0, none, 1);
        const p1 = v128.load64_lane(f1, none, 1);
        const q0 = v128.load64_lane(u0, none, 1);
        const q1 = v128.load64_lane(u1, none, 1);
        a00 = f64x2.mul(p0, q0);
        a01 = f64x2.mul(p0, q1);
        a10 = f64x2.mul(p1, q0);
        a11 = f64x2.mul(p1, q1);
        i = 8;
      }
      const end = STEP_ROW - from;
      for (; i < end; i += 16) {
        const p0 = v128.load(f0 + i);
        const p1 = v128.load(f1 + i);
        const q0 = v128.load(u0 + i);
        const q1 = v128.load(u1 + i);
        a00 = f64x2.add(a00, f64x2.mul(p0, q0));
        a01 = f64x2.add(a01, f64x2.mul(p0, q1));
        a10 = f64x2.add(a10, f64x2.mul(p1, q0));
        a11 = f64x2.add(a11, f64x2.mul(p1, q1));
      }
      const at = pairs + ((<usize>(r * stateCount + s)) << 3);
      const below = at + ((<usize>stateCount) << 3);
      addPair(at, a00);
      if (s < last) addPair(at + 8, a01);
      if (r < last) addPair(below, a10);
      if (r < last && s < last) addPair(below + 8, a11);
    }
  }
}

/** @param weights  of the sequences, or 0. Takes stateCount * (1056 + 24 * stateCount) bytes of scratch. */
export function hmmBackward(
  emission: usize, stride: usize, stateCount: i32, offsets: usize, sequenceCount: i32, transition: usize,
  forward: usize, scale: usize, weights: usize, initialSum: usize, transitionSum: usize,
): void {
  stride <<= 3;
  const row = (<usize>stateCount) << 3;
  const square = row * <usize>stateCount;
  const beta = SCRATCH;
  const stepsA = beta + (row << 2);
  const stepsB = stepsA + <usize>stateCount * STEP_ROW;
  const pairsA = stepsB + <usize>stateCount * STEP_ROW;
  const pairsB = pairsA + square;
  const pairs = pairsB + square;
  const origin = load<i32>(offsets);
  memory.fill(pairs, 0, square);
  for (let q = 0; q < sequenceCount; q += 2) {
    const here = offsets + ((<usize>q) << 2);
    const startA = load<i32>(here) - origin;
    const endA = load<i32>(here, 4) - origin;
    const paired = q + 1 < sequenceCount;
    const startB = paired ? endA : startA;
    const endB = paired ? load<i32>(here, 8) - origin : endA;
    const weightA: f64 = weights ? load<f64>(weights + ((<usize>q) << 3)) : 1;
    const weightB: f64 = !paired ? weightA : weights ? load<f64>(weights + ((<usize>q + 1) << 3)) : 1;
    let lanes = f64x2.replace_lane(f64x2.splat(weightA), 1, weightB);
    memory.fill(pairsA, 0, square << 1);
    for (let s: usize = 0; s < row << 1; s += 16) v128.store(beta + s, f64x2.splat(1));
    // Counted from the ends, so that both sequences cut their steps at the same places.
    let done = 0;
    const lengthA = endA - startA;
    const lengthB = endB - startB;
    const common = min(lengthA, lengthB);
    const longest = max(lengthA, lengthB);
    while (done < longest) {
      if (done == common) {
        const lane: usize = lengthA > lengthB ? 0 : 8;
        for (let s: usize = 0; s < row << 1; s += 16) v128.store(beta + s, v128.load64_splat(beta + s + lane));
        lanes = f64x2.splat(lane == 0 ? weightA : weightB);
      }
      const slot = TRANSITION_RUN - (done & (TRANSITION_RUN - 1));
      const limit = done < common ? common : longest;
      const count = min(slot, limit - done);
      const onlyA = done >= common && lengthA > lengthB;
      const onlyB = done >= common && lengthB > lengthA;
      const a = (<usize>((onlyB ? endB : endA) - 1 - done)) << 3;
      const b = (<usize>((onlyA ? endA : endB) - 1 - done)) << 3;
      backwardSteps(
        emission + a,
        emission + b,
        forward + a,
        forward + b,
        scale + a,
        scale + b,
        stride,
        stateCount,
        count,
        transition,
        lanes,
        beta,
        onlyB ? stepsB : stepsA,
        onlyA ? stepsA : stepsB,
        slot,
      );
      done += count;
      if (!onlyB) flush(forward, stride, stateCount, startA, lengthA, done, stepsA, pairsA);
      if (!onlyA) flush(forward, stride, stateCount, startB, lengthB, done, stepsB, pairsB);
    }
    for (let at: usize = 0; at < square; at += 8) {
      let total = load<f64>(pairs + at);
      if (lengthA > 0) total += weightA * load<f64>(pairsA + at);
      if (paired && lengthB > 0) total += weightB * load<f64>(pairsB + at);
      store<f64>(pairs + at, total);
    }
    if (lengthA > 0) addFirst(emission + ((<usize>startA) << 3), stride, stateCount, initialSum);
    if (paired && lengthB > 0) addFirst(emission + ((<usize>startB) << 3), stride, stateCount, initialSum);
  }
  for (let at: usize = 0; at < square; at += 8) {
    addTo(transitionSum + at, load<f64>(transition + at) * load<f64>(pairs + at));
  }
}

/** Adds the steps of a full run, or of the last one of a sequence, whose first position has no step before it. */
// @ts-ignore: decorator
@inline
function flush(
  forward: usize, stride: usize, stateCount: i32, start: i32,
  length: i32, done: i32, steps: usize, pairs: usize,
): void {
  if (done == length) {
    const slot = TRANSITION_RUN - ((done - 1) & (TRANSITION_RUN - 1));
    if (slot < TRANSITION_RUN) addSteps(forward + ((<usize>start) << 3), stride, stateCount, slot, steps, pairs);
  } else if ((done & (TRANSITION_RUN - 1)) == 0) {
    addSteps(forward + ((<usize>(start + length - 1 - done)) << 3), stride, stateCount, 0, steps, pairs);
  }
}

function addFirst(emission: usize, stride: usize, stateCount: i32, initialSum: usize): void {
  for (let s = 0; s < stateCount; s++) {
    addTo(initialSum, load<f64>(emission));
    emission += stride;
    initialSum += 8;
  }
}
