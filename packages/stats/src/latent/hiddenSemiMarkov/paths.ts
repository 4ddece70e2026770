/** Several cuts of one list into segments: the most probable ones, and draws. */

import { expOf } from '../../numeric/kernels/twin/exp.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { drawIndex } from '../../numeric/random.js';
import type { ListMemory, SegmentChain } from './segments.js';
import { type Segment, type SegmentedPath, statesOfSegments } from './viterbi.js';

/** The segments up to a cut, the last one first. */
interface Cut extends Segment {
  readonly logDensity: number;
  readonly before: Cut | undefined;
}

/**
 * The `count` most probable cuts of a list, the best first: to each state and place where its segment ends the best are kept, and
 * each goes on from those kept where it began. Impossible ones are left out. Of equally probable ones those of the lower last state
 * come first, then those of the shorter last segment.
 * Source: Seshadri & Sundberg, List Viterbi decoding algorithms with applications (1994), the parallel algorithm, over segments.
 *
 * @param logEmission  log p(x_t | s), state-major [S × n]
 */
export function mostProbableCuts(
  { initial, transition, duration, survival, maxDuration }: SegmentChain,
  logEmission: Float64Array,
  length: number,
  count: number,
): SegmentedPath[] {
  const stateCount = initial.length;
  if (length === 0) return count === 0 ? [] : [{ segments: [], states: [], logDensity: 0 }];
  // By place t: the best that end there, and for each state the best after which a segment of it begins there.
  let ending: Cut[] = [];
  const beginning: Beginning[][][] = [
    Array.from(initial, (logDensity) => (logDensity > -Infinity ? [{ before: undefined, logDensity }] : [])),
  ];
  for (let t = 1; t <= length; t++) {
    const weights = t === length ? survival : duration;
    ending = [];
    for (let state = 0; state < stateCount; state++) {
      const found: Cut[] = [];
      let segment = 0;
      for (let d = 1; d <= Math.min(maxDuration, t); d++) {
        segment = addLogs(segment, logEmission[state * length + t - d]!);
        const added = addLogs(weights[state * (maxDuration + 1) + d]!, segment);
        for (const { before, logDensity } of beginning[t - d]![state]!) {
          found.push({ state, start: t - d, end: t, logDensity: addLogs(logDensity, added), before });
        }
      }
      ending.push(...best(found, count));
    }
    beginning.push(
      Array.from(initial, (_, s) =>
        best(
          ending.map((before) => ({
            before,
            logDensity: addLogs(before.logDensity, transition[before.state * stateCount + s]!),
          })),
          count,
        ),
      ),
    );
  }
  return best(ending, count).map((last) => {
    const segments: Segment[] = [];
    for (let cut: Cut | undefined = last; cut !== undefined; cut = cut.before) {
      segments.push({ state: cut.state, start: cut.start, end: cut.end });
    }
    segments.reverse();
    return { segments, states: statesOfSegments(segments), logDensity: last.logDensity };
  });
}

/** What stands before a segment, with the step to it. */
interface Beginning {
  readonly before: Cut | undefined;
  readonly logDensity: number;
}

/** Sorting keeps the order of equal ones. */
function best<T extends { readonly logDensity: number }>(found: readonly T[], count: number): T[] {
  const possible = found.filter(({ logDensity }) => logDensity > -Infinity);
  return possible.sort((a, b) => b.logDensity - a.logDensity).slice(0, count);
}

/**
 * Segments drawn from P(segments | list): the last one first, its state and its items together, then each by what leads to the one
 * after it.
 * @param list  what a forward pass left of a possible list
 */
export function drawSegments(chain: SegmentChain, list: ListMemory, rng: () => number): Segment[] {
  const { transition, survival, duration, maxDuration } = chain;
  const stateCount = chain.initial.length;
  const { ends, stride, at, length } = list;
  const segments: Segment[] = [];
  for (let end = length; end > 0; ) {
    const next = segments.at(-1);
    const ofState = Float64Array.from(
      chain.initial,
      (_, s) => ends[s * stride + at + end]! + (next === undefined ? 0 : transition[s * stateCount + next.state]!),
    );
    const state = drawIndex(rng, shares(ofState));
    const weights = next === undefined ? survival : duration;
    const start = end - 1 - drawIndex(rng, shares(durationTerms(weights, maxDuration, list, state, end)));
    segments.push({ state, start, end });
    end = start;
  }
  return segments.reverse();
}

/** Of the last segment before a place: log p(x_1 … x_end, it has d items) at d - 1, of one state. */
function durationTerms(
  weights: Float64Array,
  maxDuration: number,
  { scores, scoreStride, scoreAt, begins, stride, at }: ListMemory,
  state: number,
  end: number,
): Float64Array {
  let segment = 0;
  return Float64Array.from({ length: Math.min(maxDuration, end) }, (_, i) => {
    segment += scores[state * scoreStride + scoreAt + end - i - 1]!;
    return segment + begins[state * stride + at + end - i - 1]! + weights[state * (maxDuration + 1) + i + 1]!;
  });
}

/** Proportional to the exponentials; the largest is 1. */
function shares(logs: Float64Array): Float64Array {
  const largest = logs.reduce((max, term) => Math.max(max, term), -Infinity);
  return logs.map((term) => expOf(term - largest));
}
