/**
 * Scaled forward-backward over sequences.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), section V.A (scaling), eq. 37 and 95.
 */
import { RUN } from '../runs.js';
import { expOf } from './exp.js';
import { sumFrom } from './lanes.js';
import { logOf } from './log.js';

/** Steps of one partial sum of the transition counts, counted from the end of the sequence. */
const TRANSITION_RUN = 64;
/** The smallest normal number: a smaller forward sum counts as 0, since its inverse may overflow. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** exp(log-density - largest of the position) in place; the largest goes to the second row of `scale`. */
function shiftedDensities(
  emission: Float64Array,
  stride: number,
  stateCount: number,
  length: number,
  scale: Float64Array,
  shift: number,
): void {
  for (let t = 0; t < length; t++) {
    let largest = emission[t]!;
    for (let s = 1; s < stateCount; s++) {
      const v = emission[s * stride + t]!;
      if (largest < v) largest = v;
    }
    const infinite = largest === Infinity;
    const subtract = infinite || largest === -Infinity ? 0 : largest;
    for (let s = 0; s < stateCount; s++) {
      const at = s * stride + t;
      const v = emission[at]!;
      if (infinite) emission[at] = v === Infinity ? 1 : 0;
      else emission[at] = expOf(v - subtract);
    }
    scale[shift + t] = infinite ? largest : subtract;
  }
}

/**
 * Scaled forward pass of a hidden Markov model over whole sequences that lie one after the other.
 *
 * Layout: state-major. Position t of state s is at `s * stride + t` of `emission` and of `forward`, with t counted from
 * `offsets[0]`; sequence q covers offsets[q] … offsets[q + 1] - 1 and may be empty.
 * @param emission in: log p(x_t | s), natural log. Out: exp(that - largest of the position), for {@link hmmBackward}
 * @param initial probabilities of the first state, [S]
 * @param transition probabilities, row-major [S × S], from row to column
 * @param forward out: P(state s at t | x_1 … x_t)
 * @param scale out, two rows at distance `stride`: 1 / (forward sum), and log p(x_t | x_1 … x_(t-1))
 * @param evidence out: log p of each sequence; 0 for an empty one. An impossible one has -Infinity; its forward
 *   probabilities are 0 from the impossible position on
 */
export function hmmForward(
  emission: Float64Array,
  stride: number,
  stateCount: number,
  offsets: Int32Array,
  sequenceCount: number,
  initial: Float64Array,
  transition: Float64Array,
  forward: Float64Array,
  scale: Float64Array,
  evidence: Float64Array,
): void {
  const origin = offsets[0]!;
  const length = offsets[sequenceCount]! - origin;
  shiftedDensities(emission, stride, stateCount, length, scale, stride);
  for (let q = 0; q < sequenceCount; q++) {
    const from = offsets[q]! - origin;
    const to = offsets[q + 1]! - origin;
    for (let t = from; t < to; t++) {
      let c = 0;
      for (let s = 0; s < stateCount; s++) {
        let p = 0;
        if (t === from) p = initial[s]!;
        else for (let r = 0; r < stateCount; r++) p += forward[r * stride + t - 1]! * transition[r * stateCount + s]!;
        const a = p * emission[s * stride + t]!;
        forward[s * stride + t] = a;
        c += a;
      }
      if (c < SMALLEST_NORMAL) c = 0;
      const inverse = c === 0 ? 0 : 1 / c;
      for (let s = 0; s < stateCount; s++) forward[s * stride + t]! *= inverse;
      scale[t] = inverse;
      scale[stride + t]! += logOf(c);
    }
    evidence[q] = sequenceEvidence(scale, stride, from, to);
  }
}

/** Sum of the positions' log-densities; -Infinity if one is impossible, even where another is infinite. */
function sequenceEvidence(scale: Float64Array, stride: number, from: number, to: number): number {
  let total = 0;
  for (let t = from; t < to; t += RUN) total += sumFrom(scale, stride + t, Math.min(RUN, to - t));
  if (Number.isNaN(total)) {
    for (let t = from; t < to; t++) if (scale[t] === 0) return -Infinity;
  }
  return total;
}

// Working memory of a backward pass, for as many states as any had so far.
let pairs = new Float64Array(0);
let pairsOfSequence = new Float64Array(0);
let steps = new Float64Array(0);
let beta = new Float64Array(0);

/**
 * Backward pass after {@link hmmForward} with the same arguments: posteriors and expected counts.
 * An impossible sequence gives posteriors and counts of 0.
 *
 * Sums: expected transitions of a sequence are summed in runs of 64 steps from its end, even and odd steps apart;
 * then over the sequences in order.
 * @param emission out: P(state s at t | sequence) · weight of the sequence
 * @param sequenceWeights one per sequence, or null for 1
 * @param initialSum [S]; the weighted posteriors of first positions are added
 * @param transitionSum row-major [S × S]; the weighted expected transitions are added
 */
export function hmmBackward(
  emission: Float64Array,
  stride: number,
  stateCount: number,
  offsets: Int32Array,
  sequenceCount: number,
  transition: Float64Array,
  forward: Float64Array,
  scale: Float64Array,
  sequenceWeights: Float64Array | null,
  initialSum: Float64Array,
  transitionSum: Float64Array,
): void {
  const origin = offsets[0]!;
  const square = stateCount * stateCount;
  if (pairs.length < square) {
    pairs = new Float64Array(square);
    pairsOfSequence = new Float64Array(square);
    steps = new Float64Array(stateCount * TRANSITION_RUN);
    beta = new Float64Array(stateCount);
  }
  pairs.fill(0);
  for (let q = 0; q < sequenceCount; q++) {
    const from = offsets[q]! - origin;
    const to = offsets[q + 1]! - origin;
    const weight = sequenceWeights === null ? 1 : sequenceWeights[q]!;
    if (from === to) continue;
    pairsOfSequence.fill(0);
    beta.fill(1);
    let slot = TRANSITION_RUN;
    for (let t = to - 1; t >= from; t--) {
      slot--;
      for (let s = 0; s < stateCount; s++) {
        const at = s * stride + t;
        const posterior = forward[s * stride + t]! * beta[s]! * weight;
        steps[s * TRANSITION_RUN + slot] = emission[at]! * beta[s]! * scale[t]!;
        emission[at] = posterior;
        if (t === from) initialSum[s]! += posterior;
      }
      if (t === from) break;
      for (let r = 0; r < stateCount; r++) {
        let b = 0;
        for (let s = 0; s < stateCount; s++) b += transition[r * stateCount + s]! * steps[s * TRANSITION_RUN + slot]!;
        beta[r] = b;
      }
      if (slot === 0) {
        addSteps(forward, stride, stateCount, t - 1, slot, steps, pairsOfSequence);
        slot = TRANSITION_RUN;
      }
    }
    // The first position of the sequence, in `slot`, has no step before it.
    if (slot + 1 < TRANSITION_RUN) addSteps(forward, stride, stateCount, from, slot + 1, steps, pairsOfSequence);
    for (let at = 0; at < square; at++) pairs[at]! += weight * pairsOfSequence[at]!;
  }
  for (let at = 0; at < square; at++) transitionSum[at]! += transition[at]! * pairs[at]!;
}

/** Adds Σ forward[r, time + i] · steps[s, slot + i], the even and the odd slots apart. */
function addSteps(
  forward: Float64Array,
  stride: number,
  stateCount: number,
  time: number,
  slot: number,
  steps: Float64Array,
  pairs: Float64Array,
): void {
  for (let r = 0; r < stateCount; r++) {
    for (let s = 0; s < stateCount; s++) {
      let even = 0;
      let odd = 0;
      for (let i = slot; i < TRANSITION_RUN; i++) {
        const product = forward[r * stride + time + i - slot]! * steps[s * TRANSITION_RUN + i]!;
        if (i & 1) odd += product;
        else even += product;
      }
      pairs[r * stateCount + s]! += even + odd;
    }
  }
}
