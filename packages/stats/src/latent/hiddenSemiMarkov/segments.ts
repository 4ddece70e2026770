/**
 * Sums and maxima over all ways to cut one list into segments of one state each, in logs. Segments have 1 … D items; the last one is
 * cut off by the end of the list, so that it counts with P(duration >= its items).
 * Source: Guédon, Estimating hidden semi-Markov chains from discrete sequences (2003), sections 3 and 4; the names of the passes are
 * those of Yu, Hidden semi-Markov models (2010), section 2.
 *
 * Scores have the largest of each position taken out: see `takeOutLargest`. Positions run from 0 to n - 1, cuts from 0 to n.
 */
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

/** P(d <= duration <= D), the small terms first. */
export function survivalOf(duration: Float64Array, maxDuration: number): Float64Array {
  const survival = new Float64Array(duration.length).fill(-Infinity);
  for (let first = 0; first < duration.length; first += maxDuration + 1) {
    let tail = 0;
    for (let d = maxDuration; d > 0; d--) {
      tail += expOf(duration[first + d]!);
      survival[first + d] = logOf(tail);
    }
  }
  return survival;
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
  { after, ended, terms }: BackwardMemory,
): void {
  const { initial, transition, duration, survival, maxDuration } = chain;
  const { scores, scoreStride, scoreAt, begins, ends, stride, at, length } = list;
  const stateCount = initial.length;
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
        const isCut = t + d === length;
        const rest = isCut ? survival[base + d]! : duration[base + d]! + ended[s * stride + t + d]!;
        const term = segment + rest;
        terms[count++] = term;
        if (term > largest) largest = term;
        const share = weight * expOf(begin + term);
        if (share > 0) (isCut ? counts.cut : counts.whole)[base + d]! += share;
      }
      let sum = 0;
      for (let k = 0; k < count && largest > -Infinity; k++) sum += expOf(terms[k]! - largest);
      after[s * stride + t] = largest === -Infinity ? largest : largest + logOf(sum);
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
  statesOf(list, evidence, weight, after, ended, stateCount);
}

/** A state is there when more of its segments have begun than ended. Rounding is kept from states that cannot be. */
function statesOf(
  { scores, scoreStride, scoreAt, begins, ends, stride, at, length }: ListMemory,
  evidence: number,
  weight: number,
  after: Float64Array,
  ended: Float64Array,
  stateCount: number,
): void {
  for (let s = 0; s < stateCount; s++) {
    let share = 0;
    for (let t = 0; t < length; t++) {
      const cut = s * stride + at + t;
      share += expOf(begins[cut]! + after[s * stride + t]! - evidence);
      if (t > 0) share -= expOf(ends[cut]! + ended[s * stride + t]! - evidence);
      const place = s * scoreStride + scoreAt + t;
      scores[place] = scores[place] === -Infinity || share < ROUNDING ? 0 : share;
    }
  }
  for (let t = 0; t < length; t++) {
    let total = 0;
    for (let s = 0; s < stateCount; s++) total += scores[s * scoreStride + scoreAt + t]!;
    for (let s = 0; s < stateCount; s++) scores[s * scoreStride + scoreAt + t]! *= weight / total;
  }
}

/** Smaller shares are differences of equal numbers. */
const ROUNDING = 1e-14;

/** The whole segments that those cut off would have become: after d items or more, by the durations of their state. */
export function completeSegments(
  { duration, survival, maxDuration }: SegmentChain,
  { whole, cut }: SegmentCounts,
): void {
  for (let base = 0; base < whole.length; base += maxDuration + 1) {
    let begun = 0;
    for (let d = 1; d <= maxDuration; d++) {
      if (cut[base + d]! > 0) begun += cut[base + d]! * expOf(-survival[base + d]!);
      if (begun > 0) whole[base + d]! += begun * expOf(duration[base + d]!);
    }
  }
}
