/**
 * Forward and backward passes in logs, for lists that the scaled passes cannot do: where a state is lost because its share of
 * the sum underflows, and the zeros among the transitions let no other state bring it back. With states N(0, 1), which may
 * be left, and N(50, 1), which may not, the list 0, 50, 0 is such a one: after the 50 the scaled pass knows only the second
 * state, which cannot emit the 0.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), eq. 19 to 27.
 */

import { expOf } from '../../numeric/kernels/twin/exp.js';
import { logOf } from '../../numeric/kernels/twin/log.js';

/** A chain of S states by its logarithms. */
export interface LogChain {
  /** [S] */
  readonly initial: Float64Array;
  /** Row-major [S × S], from row to column. */
  readonly transition: Float64Array;
}

/**
 * A smaller probability p counts as zero here. The densities of an item that are below e^-690 of its largest are lost; the largest may
 * itself have so small a share as p, so that what is lost is up to 1e-300 / p of a position. Other states come by the same way with p
 * or more: what is lost has a share of 1e-300 / p² at most, which is too little to see.
 */
const NEARLY_ZERO = 1e-135;
/** A smaller share of the sum of a position has lost digits, or all. */
const LOST = 1e-290;

/** Where a chain has zeros, by which a scaled pass can lose a state for good. */
export type Zeros = 'none' | 'initial' | 'transitions';

export function zerosOf(initial: Float64Array, transition: Float64Array): Zeros {
  if (transition.some((p) => p < NEARLY_ZERO)) return 'transitions';
  return initial.some((p) => p < NEARLY_ZERO) ? 'initial' : 'none';
}

export function logChain(initial: Float64Array, transition: Float64Array): LogChain {
  return { initial: initial.map(logOf), transition: transition.map(logOf) };
}

/**
 * Whether the scaled pass over positions `[from, to)` lost a state that can be there.
 * @param forward  what that pass left, state-major
 * @param logEmission  log p(x_t | s), state-major
 */
export function losesState(
  zeros: Zeros,
  { initial, transition }: { readonly initial: Float64Array; readonly transition: Float64Array },
  forward: Float64Array,
  logEmission: Float64Array,
  stride: number,
  from: number,
  to: number,
): boolean {
  const stateCount = initial.length;
  const end = zeros === 'initial' ? Math.min(from + 1, to) : to;
  for (let t = from; t < end; t++) {
    for (let s = 0; s < stateCount; s++) {
      if (forward[s * stride + t]! >= LOST || logEmission[s * stride + t] === -Infinity) continue;
      if (t === from) {
        if (initial[s]! > 0) return true;
        continue;
      }
      for (let r = 0; r < stateCount; r++) {
        if (forward[r * stride + t - 1]! > 0 && transition[r * stateCount + s]! > 0) return true;
      }
    }
  }
  return false;
}

/**
 * Takes the states that the positions `[from, to)` cannot be in out of the scaled backward pass. Where such a state gives the items
 * far better than those before it can, or somewhat better in a long list, p(x_t+1 … | state) / p(x_t+1 … | x_1 … x_t) has no
 * bound, and overflows; times the probability 0 of the state, that was NaN. Other lists keep their bits.
 * @param isInLogs  whether the list is done in logs, so that nothing of it is to be left to the scaled pass
 * @param forward  what the forward pass left, state-major
 * @param emission  what it left of the densities of the items, state-major; overwritten
 */
export function dropUnreached(
  isInLogs: boolean,
  stateCount: number,
  forward: Float64Array,
  emission: Float64Array,
  stride: number,
  from: number,
  to: number,
): void {
  for (let s = 0; s < stateCount; s++) {
    for (let at = s * stride + from; at < s * stride + to; at++) if (isInLogs || forward[at] === 0) emission[at] = 0;
  }
}

/**
 * log p(x_from … x_to-1). Takes out of `logEmission`, in place, the states that a position cannot be in, and then its largest
 * log-density: where only such a state is near an item, the others may have -1e12, and the logs of their probabilities no digits.
 * @param logForward  receives log p(x_from … x_t, state s at t), at each position less its largest; state-major
 */
export function logForwardPass(
  { initial, transition }: LogChain,
  logEmission: Float64Array,
  stride: number,
  from: number,
  to: number,
  logForward: Float64Array,
): number {
  const stateCount = initial.length;
  let takenOut = 0;
  for (let t = from; t < to; t++) {
    for (let s = 0; s < stateCount; s++) {
      const at = s * stride + t;
      logForward[at] =
        t === from
          ? initial[s]!
          : logSum(stateCount, (r) => logForward[r * stride + t - 1]! + transition[r * stateCount + s]!);
      if (logForward[at] === -Infinity) logEmission[at] = -Infinity;
    }
    takenOut += takeOutLargest(logEmission, stride, stateCount, t);
    for (let s = 0; s < stateCount; s++) logForward[s * stride + t]! += logEmission[s * stride + t]!;
    takenOut += takeOutLargest(logForward, stride, stateCount, t);
  }
  if (from === to) return 0;
  const rest = logSum(stateCount, (s) => logForward[s * stride + to - 1]!);
  return rest === -Infinity ? rest : takenOut + rest;
}

/**
 * Turns what {@link logForwardPass} left into weights: P(state s at t | list) times `weight` into `posterior`, the expected
 * first states and steps, times `weight`, added to the sums. An impossible list counts nothing. Each position is divided by its own
 * sum, so that its posteriors sum to 1 however large the logs are.
 */
export function logBackwardPass(
  { transition }: LogChain,
  logEmission: Float64Array,
  logForward: Float64Array,
  stride: number,
  from: number,
  to: number,
  weight: number,
  posterior: (s: number) => Float64Array,
  initialSum: Float64Array,
  transitionSum: Float64Array,
): void {
  const stateCount = initialSum.length;
  const isImpossible = to > from && logSum(stateCount, (s) => logForward[s * stride + to - 1]!) === -Infinity;
  let next = new Float64Array(stateCount); // log p(x_t+1 … | state at t), less its largest
  for (let t = to - 1; t >= from; t--) {
    const total = logSum(stateCount, (s) => logForward[s * stride + t]! + next[s]!);
    for (let s = 0; s < stateCount; s++) {
      const share = isImpossible ? 0 : weight * expOf(logForward[s * stride + t]! + next[s]! - total);
      posterior(s)[t] = share;
      if (t === from) initialSum[s]! += share;
    }
    if (t === from || isImpossible) continue;
    const here = next.map((v, s) => v + logEmission[s * stride + t]!);
    next = next.map((_, r) => logSum(stateCount, (s) => transition[r * stateCount + s]! + here[s]!));
    const totalOfSteps = logSum(stateCount, (r) => logForward[r * stride + t - 1]! + next[r]!);
    for (let r = 0; r < stateCount; r++) {
      const before = logForward[r * stride + t - 1]!;
      if (before === -Infinity) continue;
      for (let s = 0; s < stateCount; s++) {
        const at = r * stateCount + s;
        transitionSum[at]! += weight * expOf(before + transition[at]! + here[s]! - totalOfSteps);
      }
    }
    takeOutLargest(next, 1, stateCount, 0);
  }
}

/** The largest entry of a position, taken out of all; at a pole, the states that have it count alone. */
export function takeOutLargest(logEmission: Float64Array, stride: number, stateCount: number, t: number): number {
  let largest = -Infinity;
  for (let s = 0; s < stateCount; s++) largest = Math.max(largest, logEmission[s * stride + t]!);
  if (largest === -Infinity) return 0;
  for (let s = 0; s < stateCount; s++) {
    const at = s * stride + t;
    if (largest === Infinity) logEmission[at] = logEmission[at] === Infinity ? 0 : -Infinity;
    else logEmission[at]! -= largest;
  }
  return largest;
}

/** log Σ exp of `count` terms, with the logarithms and exponentials of the kernels. */
export function logSum(count: number, term: (k: number) => number): number {
  let largest = -Infinity;
  for (let k = 0; k < count; k++) largest = Math.max(largest, term(k));
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += expOf(term(k) - largest);
  return largest + logOf(sum);
}
