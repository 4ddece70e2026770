/**
 * Sums and maxima over all ways to cut one list into segments of one state each, in logs. Segments have 1 … D items; the last one is
 * cut off by the end of the list, so that it counts with P(duration >= its items).
 * Source: Guédon, Estimating hidden semi-Markov chains from discrete sequences (2003), sections 3 and 4; the names of the passes are
 * those of Yu, Hidden semi-Markov models (2010), section 2.
 *
 * Scores have the largest of each position taken out: see `takeOutLargest`. Positions run from 0 to n - 1, cuts from 0 to n.
 */
import { log1p } from '../../numeric/elementary.js';
import { expOf } from '../../numeric/kernels/twin/exp.js';
import { logOf } from '../../numeric/kernels/twin/log.js';
import { logSum } from '../hiddenMarkov/logForwardBackward.js';

/** A chain of segments, by its logarithms. */
export interface SegmentChain {
  /** P(first state), [S]. */
  readonly initial: Float64Array;
  /** P(state of the next segment | state), row-major [S × S]. */
  readonly transition: Float64Array;
  /** P(duration d | state s) at `s * (D + 1) + d`. */
  readonly duration: Float64Array;
  /** P(d <= duration <= D | state s) at `s * (D + 1) + d`. */
  readonly survival: Float64Array;
  readonly maxDuration: number;
  /** P(first state), [S], and P(state of the next segment | state), row-major [S × S]: not their logarithms. */
  readonly tables: { readonly initial: Float64Array; readonly transitions: Float64Array };
}

/** Where a sum of probabilities is above e to this, its terms below e^-690, which the exponential loses, do not count. */
const SAFE = -600;

/** log P(d <= duration <= D), the small terms first. Those that underflow are summed in logs: a list may need the longest segment. */
export function survivalOf(duration: Float64Array, maxDuration: number): Float64Array {
  const survival = new Float64Array(duration.length).fill(-Infinity);
  for (let first = 0; first < duration.length; first += maxDuration + 1) {
    let tail = 0;
    let logTail = -Infinity;
    for (let d = maxDuration; d > 0; d--) {
      const term = duration[first + d]!;
      if (tail > 0) {
        tail += expOf(term);
        logTail = logOf(tail);
      } else {
        logTail = logSumOfTwo(logTail, term);
        tail = logTail > SAFE ? expOf(logTail) : 0;
      }
      survival[first + d] = logTail;
    }
  }
  return survival;
}

/** log(e^a + e^b). */
function logSumOfTwo(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger === -Infinity ? larger : larger + log1p(expOf(Math.min(a, b) - larger));
}

/** The scores of one list, and what the forward pass leaves of it, state-major: position or cut t of state s at `s * stride + at + t`. */
export interface ListMemory {
  readonly scores: Float64Array;
  readonly scoreStride: number;
  /** The place of the first item. */
  readonly scoreAt: number;
  /** log p(x_1 … x_t, a segment of s begins after t). */
  readonly begins: Float64Array;
  /** log p(x_1 … x_t, a segment of s ends at t); for t = n, ends there or later. */
  readonly ends: Float64Array;
  readonly stride: number;
  /** The place of the cut before the first item. */
  readonly at: number;
  readonly length: number;
}

/** log p(list), without what was taken out. Leaves `begins` and `ends`; `terms` has room for D + 1 numbers. */
export function forwardSegments(chain: SegmentChain, list: ListMemory, terms: Float64Array): number {
  const { initial, transition } = chain;
  const { begins, ends, stride, at, length } = list;
  const stateCount = initial.length;
  for (let s = 0; s < stateCount; s++) begins[s * stride + at] = initial[s]!;
  for (let t = 1; t < length; t++) {
    for (let s = 0; s < stateCount; s++)
      ends[s * stride + at + t] = sumBefore(chain.duration, chain, list, s, t, terms);
    for (let s = 0; s < stateCount; s++) {
      begins[s * stride + at + t] = logSum(
        stateCount,
        (r) => ends[r * stride + at + t]! + transition[r * stateCount + s]!,
      );
    }
  }
  if (length === 0) return 0;
  for (let s = 0; s < stateCount; s++) {
    ends[s * stride + at + length] = sumBefore(chain.survival, chain, list, s, length, terms);
  }
  return logSum(stateCount, (s) => ends[s * stride + at + length]!);
}

/** log Σ_d p(x_1 … x_t, the last d items are of s and begin a segment) · weight of d. */
export function sumBefore(
  weights: Float64Array,
  { maxDuration }: SegmentChain,
  { scores, scoreStride, scoreAt, begins, stride, at }: ListMemory,
  s: number,
  t: number,
  terms: Float64Array,
): number {
  const most = Math.min(maxDuration, t);
  const scoreBase = s * scoreStride + scoreAt + t;
  const beginBase = s * stride + at + t;
  const weightBase = s * (maxDuration + 1);
  let segment = 0;
  let largest = -Infinity;
  let count = 0;
  for (let d = 1; d <= most; d++) {
    segment += scores[scoreBase - d]!;
    if (segment === -Infinity) break;
    const term = begins[beginBase - d]! + weights[weightBase + d]! + segment;
    terms[count++] = term;
    if (term > largest) largest = term;
  }
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += expOf(terms[k]! - largest);
  return largest + logOf(sum);
}

/** Expected counts of the segments of lists. */
export interface SegmentCounts {
  /** Of first states, [S]. */
  readonly initial: Float64Array;
  /** Of steps from segment to segment, row-major [S × S]. */
  readonly transitions: Float64Array;
  /** Of whole segments of d items at `s * (D + 1) + d`. */
  readonly whole: Float64Array;
  /** Of segments that the end of the list cut off after d items. */
  readonly cut: Float64Array;
}

/** Working memory of {@link backwardSegments}: state-major with the stride of the list, at 0. */
export interface BackwardMemory {
  /** log p(x_t+1 … x_n | a segment of s begins after t). */
  readonly after: Float64Array;
  /** log p(x_t+1 … x_n | a segment of s ends at t). */
  readonly ended: Float64Array;
  /** P(state s at t | list), but for rounding. */
  readonly states: Float64Array;
  /** [D + 1] */
  readonly terms: Float64Array;
}

/**
 * P(state s at t | list) times `weight` in place of the scores, and expected counts times `weight` added. An impossible list has
 * posteriors of 0 and counts nothing.
 * @param evidence  what {@link forwardSegments} gave
 */
export function backwardSegments(
  chain: SegmentChain,
  list: ListMemory,
  evidence: number,
  weight: number,
  counts: SegmentCounts,
  { after, ended, states, terms }: BackwardMemory,
): void {
  const { initial, transition, duration, survival, maxDuration } = chain;
  const { scores, scoreStride, scoreAt, begins, ends, stride, at, length } = list;
  const stateCount = initial.length;
  for (let s = 0; s < stateCount; s++) states.fill(0, s * stride, s * stride + length);
  if (evidence === -Infinity || weight === 0) {
    for (let s = 0; s < stateCount; s++) scores.fill(0, s * scoreStride + scoreAt, s * scoreStride + scoreAt + length);
    return;
  }
  for (let t = length - 1; t >= 0; t--) {
    const most = Math.min(maxDuration, length - t);
    for (let s = 0; s < stateCount; s++) {
      const begin = begins[s * stride + at + t]! - evidence;
      const base = s * (maxDuration + 1);
      let segment = 0;
      let largest = -Infinity;
      let count = 0;
      for (let d = 1; d <= most; d++) {
        segment += scores[s * scoreStride + scoreAt + t + d - 1]!;
        if (segment === -Infinity) break;
        const rest = t + d === length ? survival[base + d]! : duration[base + d]! + ended[s * stride + t + d]!;
        const term = segment + rest;
        terms[count++] = term;
        if (term > largest) largest = term;
      }
      if (largest === -Infinity) {
        after[s * stride + t] = largest;
        continue;
      }
      const scale = expOf(begin + largest);
      let sum = 0; // an item is of s where a segment begins at t and has not ended before it
      for (let d = count; d > 0; d--) {
        const part = expOf(terms[d - 1]! - largest);
        sum += part;
        if (scale === 0) continue;
        (t + d === length ? counts.cut : counts.whole)[base + d]! += weight * (scale * part);
        states[s * stride + t + d - 1]! += scale * sum;
      }
      after[s * stride + t] = largest + logOf(sum);
    }
    for (let r = 0; t > 0 && r < stateCount; r++) {
      const end = ends[r * stride + at + t]! - evidence;
      ended[r * stride + t] = logSum(stateCount, (s) => transition[r * stateCount + s]! + after[s * stride + t]!);
      for (let s = 0; s < stateCount; s++) {
        const cell = r * stateCount + s;
        counts.transitions[cell]! += weight * expOf(end + transition[cell]! + after[s * stride + t]!);
      }
    }
  }
  for (let s = 0; length > 0 && s < stateCount; s++) {
    counts.initial[s]! += weight * expOf(begins[s * stride + at]! + after[s * stride]! - evidence);
  }
  replaceScores(list, weight, states, stateCount);
}

/** Puts the states in place of the scores, times the weight. They sum to 1 but for rounding, which is taken out. */
function replaceScores(
  { scores, scoreStride, scoreAt, stride, length }: ListMemory,
  weight: number,
  states: Float64Array,
  stateCount: number,
): void {
  for (let t = 0; t < length; t++) {
    let total = 0;
    for (let s = 0; s < stateCount; s++) total += states[s * stride + t]!;
    for (let s = 0; s < stateCount; s++) {
      scores[s * scoreStride + scoreAt + t] = (states[s * stride + t]! * weight) / total;
    }
  }
}

/**
 * The whole segments that those cut off would have become: after d items or more, by the durations of their state. In logs: the
 * chance to have come so far may underflow.
 */
export function completeSegments(
  { duration, survival, maxDuration }: SegmentChain,
  { whole, cut }: SegmentCounts,
): void {
  for (let base = 0; base < whole.length; base += maxDuration + 1) {
    let logBegun = -Infinity;
    for (let d = 1; d <= maxDuration; d++) {
      const count = cut[base + d]!;
      if (count > 0) logBegun = logSumOfTwo(logBegun, logOf(count) - survival[base + d]!);
      if (logBegun > -Infinity) whole[base + d]! += expOf(logBegun + duration[base + d]!);
    }
  }
}
