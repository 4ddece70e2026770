/** States of one list, from the log-densities of its items: filtered, smoothed, most probable. */

import { isRows } from '../../checks/rows.js';
import type { AnyDistribution, Violation } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { exp } from '../../numeric/elementary.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { componentScores } from '../posterior.js';
import { type Chain, withEnd } from './chain.js';
import { dropUnreached, logBackwardPass, logForwardPass, losesState } from './logForwardBackward.js';

/** log p(x_t | s), state-major [S × n]. */
export function logEmissionOf(emissions: readonly AnyDistribution[], x: readonly unknown[]): Float64Array {
  const scores = new Float64Array(emissions.length * x.length);
  x.forEach((item, t) => {
    componentScores(emissions, item).forEach((score, s) => {
      scores[s * x.length + t] = score;
    });
  });
  return scores;
}

/** {@link logEmissionOf} where every item has a density. @throws {ParameterError} for anything but a list of items */
export function knownEmissionOf(
  owner: string,
  emissions: readonly AnyDistribution[],
  encoder: { violation(row: unknown): Violation | undefined },
  x: readonly unknown[],
): Float64Array {
  if (!isRows(x)) throw new ParameterError(owner, 'x', 'a list of items', x);
  const logEmission = logEmissionOf(emissions, x);
  const bad = logEmission.findIndex(Number.isNaN);
  if (bad < 0) return logEmission;
  const item = x[bad % x.length];
  const expected = encoder.violation(item)?.expected ?? 'an item with a density';
  throw new ParameterError(owner, `x[${bad % x.length}]`, expected, item);
}

/**
 * Counts in, in place, that the list of these items is whole: that it ends after the last one.
 * @param logEmission  log p(x_t | s), state-major [S × n]
 */
export function ended(chain: Chain, logEmission: Float64Array, length: number): Float64Array {
  for (let at = length - 1; at >= 0 && at < logEmission.length; at += length) {
    logEmission[at] = withEnd(chain, (at + 1) / length - 1, logEmission[at]!);
  }
  return logEmission;
}

/** Whether a list without items is impossible: states end lists after an item. */
export function needsItem({ logEnd }: Chain): boolean {
  return logEnd !== undefined;
}

/** State-major [S × n] as a row of S numbers for each of the n items. */
export function itemRows(stateMajor: Float64Array, length: number): number[][] {
  const stateCount = length === 0 ? 0 : stateMajor.length / length;
  return Array.from({ length }, (_, t) => Array.from({ length: stateCount }, (_, s) => stateMajor[s * length + t]!));
}

/** What a forward pass over one list leaves. */
interface Forward {
  /** log p(list). */
  readonly evidence: number;
  /** P(state at t | x_1 … x_t), state-major [S × n]. */
  filtered(): Float64Array;
  /** P(state at t | x_1 … x_n), state-major [S × n], and the expected steps from state to state, row-major [S × S]. Once. */
  smoothed(): { readonly states: Float64Array; readonly steps: Float64Array };
}

/**
 * Runs forward over one list of `length` items. All probabilities of an impossible list are 0.
 * @param logEmission  log p(x_t | s), state-major [S × n]; overwritten
 */
export function forwardOf(chain: Chain, logEmission: Float64Array, length: number): Forward {
  const { initial, transition, zeros } = chain;
  const stateCount = initial.length;
  const emission = logEmission.slice();
  const forward = new Float64Array(emission.length);
  const scale = new Float64Array(2 * length);
  const offsets = Int32Array.of(0, length);
  const evidence = new Float64Array(1);
  latentKernels().hmmForward(emission, length, stateCount, offsets, 1, initial, transition, forward, scale, evidence);
  if (zeros !== 'none' && losesState(zeros, chain, forward, logEmission, length, 0, length)) {
    return logForwardOf(chain, logEmission, length);
  }
  if (zeros === 'transitions') dropUnreached(false, stateCount, forward, emission, length, 0, length);
  const isImpossible = evidence[0] === -Infinity;
  return {
    evidence: evidence[0]!,
    filtered: () => (isImpossible ? new Float64Array(forward.length) : forward),
    smoothed() {
      const steps = new Float64Array(stateCount * stateCount);
      if (isImpossible) return { states: new Float64Array(forward.length), steps };
      const first = new Float64Array(stateCount);
      latentKernels().hmmBackward(
        emission,
        length,
        stateCount,
        offsets,
        1,
        transition,
        forward,
        scale,
        null,
        first,
        steps,
      );
      return { states: emission, steps };
    },
  };
}

function logForwardOf({ logChain }: Chain, logEmission: Float64Array, length: number): Forward {
  const stateCount = logChain.initial.length;
  const logForward = new Float64Array(logEmission.length);
  return {
    evidence: logForwardPass(logChain, logEmission, length, 0, length, logForward),
    filtered() {
      const filtered = logForward.slice();
      for (let t = 0; t < length; t++) {
        let largest = -Infinity;
        for (let s = 0; s < stateCount; s++) largest = Math.max(largest, filtered[s * length + t]!);
        let total = 0;
        for (let at = t; at < filtered.length; at += length) {
          filtered[at] = largest === -Infinity ? 0 : exp(filtered[at]! - largest);
          total += filtered[at]!;
        }
        for (let at = t; at < filtered.length; at += length) filtered[at]! /= total === 0 ? 1 : total;
      }
      return filtered;
    },
    smoothed() {
      const smoothed = new Float64Array(logEmission.length);
      const row = (s: number) => smoothed.subarray(s * length, (s + 1) * length);
      const first = new Float64Array(stateCount);
      const steps = new Float64Array(stateCount * stateCount);
      logBackwardPass(logChain, logEmission, logForward, length, 0, length, 1, row, first, steps);
      return { states: smoothed, steps };
    },
  };
}
