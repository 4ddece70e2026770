/**
 * Scaled forward-backward, two sequences side by side in the two lanes. Lanes never meet, so the result of a sequence
 * does not depend on its neighbour. Twin: src/numeric/kernels/twin/forwardBackward.ts.
 */
import { expOfNegative } from './exp';
import { logOf } from './log';
import { sum } from './moments';

const RUN: i32 = 1024;
const TRANSITION_RUN: i32 = 64;
/** Bytes of one state's steps. */
const STEP_ROW: usize = 64 * 8;
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;

// @ts-ignore: decorator
@inline
function loadLanes(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}

// @ts-ignore: decorator
@inline
function storeLanes(a: usize, b: usize, lanes: v128): void {
  v128.store64_lane(a, lanes, 0);
  v128.store64_lane(b, lanes, 1);
}

/** exp(log-density - largest of the position) in place; the largest goes to `shift`. */
export function shiftedDensities(emission: usize, stride: usize, stateCount: i32, length: i32, shift: usize): void {
  const zero = f64x2.splat(0);
  let left = length;
  while (left > 0) {
    const pair = left >= 2;
    let p = emission;
    let m = pair ? v128.load(p) : v128.load64_zero(p);
    for (let s = 1; s < stateCount; s++) {
      p += stride;
      m = f64x2.pmax(m, pair ? v128.load(p) : v128.load64_zero(p));
    }
    if (v128.any_true(f64x2.ne(f64x2.sub(m, m), zero))) {
      onePosition(emission, stride, stateCount, shift);
      emission += 8;
      shift += 8;
      left -= 1;
      continue;
    }
    p = emission;
    if (pair) {
      for (let s = 0; s < stateCount; s++) {
        v128.store(p, expOfNegative(f64x2.sub(v128.load(p), m)));
        p += stride;
      }
      v128.store(shift, m);
    } else {
      for (let s = 0; s < stateCount; s++) {
        v128.store64_lane(p, expOfNegative(f64x2.sub(v128.load64_zero(p), m)), 0);
        p += stride;
      }
      v128.store64_lane(shift, m, 0);
    }
    emission += 16;
    shift += 16;
    left -= 2;
  }
}

/** The careful way: the largest may be infinite or NaN. */
function onePosition(emission: usize, stride: usize, stateCount: i32, shift: usize): void {
  let p = emission;
  let largest = load<f64>(p);
  for (let s = 1; s < stateCount; s++) {
    p += stride;
    const v = load<f64>(p);
    if (largest < v) largest = v;
  }
  const infinite = largest == Infinity;
  const subtract: f64 = infinite || largest == -Infinity ? 0 : largest;
  p = emission;
  for (let s = 0; s < stateCount; s++) {
    const v = load<f64>(p);
    if (infinite) store<f64>(p, v == Infinity ? 1 : 0);
    else v128.store64_lane(p, expOfNegative(f64x2.splat(v - subtract)), 0);
    p += stride;
  }
  store<f64>(shift, infinite ? largest : subtract);
}

/**
 * `steps` positions of two sequences. Row s of a matrix is `s * stride` bytes on.
 * @param first whether the first of them opens the sequences
 * @param state 32 * stateCount bytes: the forward probabilities before and after a step, lane by lane
 */
function forwardSteps(
  emissionA: usize,
  emissionB: usize,
  forwardA: usize,
  forwardB: usize,
  scaleA: usize,
  scaleB: usize,
  stride: usize,
  stateCount: i32,
  first: bool,
  steps: i32,
  initial: usize,
  transition: usize,
  state: usize,
): void {
  const row = (<usize>stateCount) << 3;
  const next = state + (row << 1);
  const one = f64x2.splat(1);
  const tiny = f64x2.splat(SMALLEST_NORMAL);
  for (let t = 0; t < steps; t++) {
    let c = f64x2.splat(0);
    let eA = emissionA;
    let eB = emissionB;
    if (first && t == 0) {
      for (let s: usize = 0; s < row; s += 8) {
        const a = f64x2.mul(v128.load64_splat(initial + s), loadLanes(eA, eB));
        v128.store(next + (s << 1), a);
        c = f64x2.add(c, a);
        eA += stride;
        eB += stride;
      }
    } else {
      let s: usize = 0;
      for (; s + 8 < row; s += 16) {
        let p = f64x2.splat(0);
        let q = f64x2.splat(0);
        let at = transition + s;
        for (let r: usize = 0; r < row; r += 8) {
          const before = v128.load(state + (r << 1));
          p = f64x2.add(p, f64x2.mul(before, v128.load64_splat(at)));
          q = f64x2.add(q, f64x2.mul(before, v128.load64_splat(at, 8)));
          at += row;
        }
        p = f64x2.mul(p, loadLanes(eA, eB));
        q = f64x2.mul(q, loadLanes(eA + stride, eB + stride));
        v128.store(next + (s << 1), p);
        v128.store(next + (s << 1), q, 16);
        c = f64x2.add(f64x2.add(c, p), q);
        eA += stride << 1;
        eB += stride << 1;
      }
      if (s < row) {
        let p = f64x2.splat(0);
        let at = transition + s;
        for (let r: usize = 0; r < row; r += 8) {
          p = f64x2.add(p, f64x2.mul(v128.load(state + (r << 1)), v128.load64_splat(at)));
          at += row;
        }
        p = f64x2.mul(p, loadLanes(eA, eB));
        v128.store(next + (s << 1), p);
        c = f64x2.add(c, p);
      }
    }
    const impossible = f64x2.lt(c, tiny);
    storeLanes(scaleA, scaleB, v128.andnot(c, impossible));
    const inverse = v128.andnot(f64x2.div(one, c), impossible);
    let fA = forwardA;
    let fB = forwardB;
    for (let s: usize = 0; s < row << 1; s += 16) {
      const a = f64x2.mul(v128.load(next + s), inverse);
      v128.store(state + s, a);
      storeLanes(fA, fB, a);
      fA += stride;
      fB += stride;
    }
    emissionA += 8;
    emissionB += 8;
    forwardA += 8;
    forwardB += 8;
    scaleA += 8;
    scaleB += 8;
  }
}

/** Scale: c becomes 1/c (0 for 0), and its logarithm is added to the shift. */
function finishScale(scale: usize, stride: usize, length: i32): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const c = v128.load(scale);
    v128.store(scale + stride, f64x2.add(v128.load(scale + stride), logOf(c)));
    v128.store(scale, v128.andnot(f64x2.div(one, c), f64x2.eq(c, zero)));
    scale += 16;
  }
  if (i < length) {
    const c = v128.load64_splat(scale);
    v128.store64_lane(scale + stride, f64x2.add(v128.load64_splat(scale + stride), logOf(c)), 0);
    v128.store64_lane(scale, v128.andnot(f64x2.div(one, c), f64x2.eq(c, zero)), 0);
  }
}

function sequenceEvidence(scale: usize, stride: usize, length: i32): f64 {
  let total: f64 = 0;
  for (let t = 0; t < length; t += RUN) {
    total += sum(scale + stride + ((<usize>t) << 3), min(RUN, length - t));
  }
  if (total != total) {
    for (let t = 0; t < length; t++) if (load<f64>(scale + ((<usize>t) << 3)) == 0) return -Infinity;
  }
  return total;
}

/**
 * @param offsets  sequenceCount + 1 positions; the matrices start at the first of them
 * @param scale    two rows at distance `stride`
 * @param scratch  32 * stateCount bytes
 */
export function hmmForward(
  emission: usize,
  stride: usize,
  stateCount: i32,
  offsets: usize,
  sequenceCount: i32,
  initial: usize,
  transition: usize,
  forward: usize,
  scale: usize,
  evidence: usize,
  scratch: usize,
): void {
  const origin = load<i32>(offsets);
  const length = load<i32>(offsets + ((<usize>sequenceCount) << 2)) - origin;
  shiftedDensities(emission, stride, stateCount, length, scale + stride);
  for (let q = 0; q < sequenceCount; q += 2) {
    const here = offsets + ((<usize>q) << 2);
    const startA = load<i32>(here) - origin;
    const endA = load<i32>(here, 4) - origin;
    const paired = q + 1 < sequenceCount;
    const startB = paired ? endA : startA;
    const endB = paired ? load<i32>(here, 8) - origin : endA;
    const lengthA = endA - startA;
    const lengthB = endB - startB;
    const common = min(lengthA, lengthB);
    const a = (<usize>startA) << 3;
    const b = (<usize>startB) << 3;
    forwardSteps(
      emission + a,
      emission + b,
      forward + a,
      forward + b,
      scale + a,
      scale + b,
      stride,
      stateCount,
      true,
      common,
      initial,
      transition,
      scratch,
    );
    if (lengthA != lengthB) {
      // The longer one goes on alone, in both lanes.
      const lane = lengthA > lengthB ? 0 : 1;
      const rest = (<usize>((lane == 0 ? startA : startB) + common)) << 3;
      for (let s: usize = 0; s < (<usize>stateCount) << 4; s += 16) {
        v128.store(scratch + s, v128.load64_splat(scratch + s + (<usize>lane << 3)));
      }
      forwardSteps(
        emission + rest,
        emission + rest,
        forward + rest,
        forward + rest,
        scale + rest,
        scale + rest,
        stride,
        stateCount,
        common == 0,
        max(lengthA, lengthB) - common,
        initial,
        transition,
        scratch,
      );
    }
  }
  finishScale(scale, stride, length);
  for (let q = 0; q < sequenceCount; q++) {
    const start = load<i32>(offsets) - origin;
    const end = load<i32>(offsets, 4) - origin;
    store<f64>(evidence, sequenceEvidence(scale + ((<usize>start) << 3), stride, end - start));
    offsets += 4;
    evidence += 8;
  }
}

/**
 * `count` positions of two sequences, last first: posteriors into `emission`, steps into slots `slot - 1`, ….
 * `beta` holds the backward variables of the first of them, lane by lane, and after that those of the next.
 */
function backwardSteps(
  emissionA: usize,
  emissionB: usize,
  forwardA: usize,
  forwardB: usize,
  scaleA: usize,
  scaleB: usize,
  stride: usize,
  stateCount: i32,
  count: i32,
  transition: usize,
  weights: v128,
  beta: usize,
  stepsA: usize,
  stepsB: usize,
  slot: i32,
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
      addTotal(at, a00);
      if (s < last) addTotal(at + 8, a01);
      if (r < last) addTotal(below, a10);
      if (r < last && s < last) addTotal(below + 8, a11);
    }
  }
}

// @ts-ignore: decorator
@inline
function addTotal(at: usize, lanes: v128): void {
  store<f64>(at, load<f64>(at) + (f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)));
}

/**
 * @param weights weights of the sequences, or 0
 * @param scratch stateCount * (1056 + 24 * stateCount) bytes
 */
export function hmmBackward(
  emission: usize,
  stride: usize,
  stateCount: i32,
  offsets: usize,
  sequenceCount: i32,
  transition: usize,
  forward: usize,
  scale: usize,
  weights: usize,
  initialSum: usize,
  transitionSum: usize,
  scratch: usize,
): void {
  const row = (<usize>stateCount) << 3;
  const square = row * <usize>stateCount;
  const beta = scratch;
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
    store<f64>(transitionSum + at, load<f64>(transitionSum + at) + load<f64>(transition + at) * load<f64>(pairs + at));
  }
}

/** Adds the steps of a full run, or of the last one of a sequence, whose first position has no step before it. */
// @ts-ignore: decorator
@inline
function flush(
  forward: usize,
  stride: usize,
  stateCount: i32,
  start: i32,
  length: i32,
  done: i32,
  steps: usize,
  pairs: usize,
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
    store<f64>(initialSum, load<f64>(initialSum) + load<f64>(emission));
    emission += stride;
    initialSum += 8;
  }
}
