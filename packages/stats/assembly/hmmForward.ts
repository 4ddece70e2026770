/**
 * Scaled forward pass, two sequences side by side in the two lanes. Lanes never meet, so the result of a sequence does
 * not depend on its neighbour. Twin: src/numeric/kernels/twin/forwardBackward.ts.
 */
import { expOfNegative } from './exp';
import { loadLanes, storeLanes } from './lanes';
import { logOf } from './log';
import { SCRATCH } from './memory';
import { sum } from './moments';

const RUN: i32 = 1024;
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;

/** exp(log-density - largest of the position) in place, four positions at a time; the largest goes to `shift`. */
function shiftedDensities(emission: usize, stride: usize, stateCount: i32, length: i32, shift: usize): void {
  const zero = f64x2.splat(0);
  let left = length;
  for (; left >= 4; left -= 4) {
    let p = emission;
    let m0 = v128.load(p);
    let m1 = v128.load(p, 16);
    for (let s = 1; s < stateCount; s++) {
      p += stride;
      m0 = f64x2.pmax(m0, v128.load(p));
      m1 = f64x2.pmax(m1, v128.load(p, 16));
    }
    // Infinite or NaN: the difference with itself is not 0.
    if (v128.any_true(v128.or(f64x2.ne(f64x2.sub(m0, m0), zero), f64x2.ne(f64x2.sub(m1, m1), zero)))) {
      for (let i: usize = 0; i < 32; i += 8) onePosition(emission + i, stride, stateCount, shift + i);
    } else {
      p = emission;
      for (let s = 0; s < stateCount; s++) {
        const e0 = expOfNegative(f64x2.sub(v128.load(p), m0));
        const e1 = expOfNegative(f64x2.sub(v128.load(p, 16), m1));
        v128.store(p, e0);
        v128.store(p, e1, 16);
        p += stride;
      }
      v128.store(shift, m0);
      v128.store(shift, m1, 16);
    }
    emission += 32;
    shift += 32;
  }
  for (; left > 0; left--) {
    onePosition(emission, stride, stateCount, shift);
    emission += 8;
    shift += 8;
  }
}

/** One position, whose largest may be infinite or NaN. */
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
  emissionA: usize, emissionB: usize, forwardA: usize, forwardB: usize, scaleA: usize, scaleB: usize, stride: usize,
  stateCount: i32, first: bool, steps: i32, initial: usize, transition: usize, state: usize,
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
 * Takes 32 * stateCount bytes of scratch.
 */
export function hmmForward(
  emission: usize, stride: usize, stateCount: i32, offsets: usize, sequenceCount: i32,
  initial: usize, transition: usize, forward: usize, scale: usize, evidence: usize,
): void {
  const scratch = SCRATCH;
  stride <<= 3;
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
