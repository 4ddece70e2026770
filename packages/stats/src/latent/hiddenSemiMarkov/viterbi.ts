/** The most probable cut of a list into segments of one state each. */
import { addLogs } from '../../numeric/logSumExp.js';
import type { SegmentChain } from './segments.js';

/** Items `start … end - 1` of one state. */
export interface Segment {
  readonly state: number;
  readonly start: number;
  readonly end: number;
}

/** The most probable segments, and log p(segments, list) without the length. */
export interface BestSegments {
  readonly segments: readonly Segment[];
  readonly logDensity: number;
}

/** Segments with the states of their items, and log p(segments, list) without the length. */
export interface SegmentedPath extends BestSegments {
  readonly states: readonly number[];
}

/** The state of each item. */
export function statesOfSegments(segments: readonly Segment[]): number[] {
  return segments.flatMap(({ state, start, end }) => new Array<number>(end - start).fill(state));
}

/**
 * max over all segments of log p(segments, list), by dynamic programming over their ends; the last segment counts with P(duration >=
 * its items). Ties go to the lower state, then to the shorter last segment. `undefined` for an impossible list.
 * Source: Guédon (2003), section 5.
 *
 * @param logEmission  log p(x_t | s), state-major [S × n]
 */
export function bestSegments(chain: SegmentChain, logEmission: Float64Array, length: number): BestSegments | undefined {
  if (length === 0) return { segments: [], logDensity: 0 };
  const { initial, transition, duration, survival, maxDuration } = chain;
  const stateCount = initial.length;
  // Of the best segments of x_1 … x_t whose last one is of s and ends at t: score, items of the last one, state before it.
  const score = new Float64Array(stateCount * (length + 1)).fill(-Infinity);
  const items = new Int32Array(score.length);
  const begins = new Float64Array(score.length).fill(-Infinity);
  const before = new Int32Array(score.length);
  const place = (s: number, t: number) => s * (length + 1) + t;
  for (let s = 0; s < stateCount; s++) begins[place(s, 0)] = initial[s]!;
  for (let t = 1; t <= length; t++) {
    const weights = t === length ? survival : duration;
    for (let s = 0; s < stateCount; s++) {
      let segment = 0;
      for (let d = 1; d <= Math.min(maxDuration, t); d++) {
        segment = addLogs(segment, logEmission[s * length + t - d]!);
        const found = addLogs(addLogs(begins[place(s, t - d)]!, weights[s * (maxDuration + 1) + d]!), segment);
        if (!(found > score[place(s, t)]!)) continue;
        score[place(s, t)] = found;
        items[place(s, t)] = d;
      }
    }
    for (let s = 0; s < stateCount; s++) {
      for (let r = 0; r < stateCount; r++) {
        const found = addLogs(score[place(r, t)]!, transition[r * stateCount + s]!);
        if (!(found > begins[place(s, t)]!)) continue;
        begins[place(s, t)] = found;
        before[place(s, t)] = r;
      }
    }
  }
  let state = 0;
  for (let s = 1; s < stateCount; s++) if (score[place(s, length)]! > score[place(state, length)]!) state = s;
  const logDensity = score[place(state, length)]!;
  if (logDensity === -Infinity) return undefined;
  const segments: Segment[] = [];
  for (let end = length; end > 0; ) {
    const start = end - items[place(state, end)]!;
    segments.push({ state, start, end });
    state = before[place(state, start)]!;
    end = start;
  }
  return { segments: segments.reverse(), logDensity };
}
