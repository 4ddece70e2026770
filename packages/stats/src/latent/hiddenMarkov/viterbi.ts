import { addLogs } from '../../numeric/logSumExp.js';
import type { LogChain } from './logForwardBackward.js';

/** The most probable path, or the first item that no possible path reaches. */
export type MostProbablePath =
  | { readonly path: Int32Array; readonly impossibleAt?: undefined }
  | { readonly path?: undefined; readonly impossibleAt: number };

/**
 * The most probable path of hidden states: max over z of p(z, x), by dynamic programming with back-pointers.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), eq. 32 to 35.
 *
 * @param logEmission  log p(x_t | s), state-major: position t of state s at `s * length + t`
 * @returns the states of positions 0 … length - 1; ties go to the lower state
 */
export function viterbiPath(
  logEmission: Float64Array,
  length: number,
  { initial, transition }: LogChain,
): MostProbablePath {
  const stateCount = initial.length;
  const path = new Int32Array(length);
  if (length === 0) return { path };
  const backPointer = new Int32Array(stateCount * length);
  let best = new Float64Array(stateCount);
  for (let t = 0; t < length; t++) {
    const next = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      let from = 0;
      let score = t === 0 ? initial[s]! : -Infinity;
      for (let r = 0; t > 0 && r < stateCount; r++) {
        const candidate = addLogs(best[r]!, transition[r * stateCount + s]!);
        if (candidate > score) {
          score = candidate;
          from = r;
        }
      }
      backPointer[s * length + t] = from;
      next[s] = addLogs(score, logEmission[s * length + t]!);
    }
    if (next.every((score) => score === -Infinity)) return { impossibleAt: t };
    best = next;
  }
  path[length - 1] = best.reduce((winner, score, s) => (score > best[winner]! ? s : winner), 0);
  for (let t = length - 1; t > 0; t--) path[t - 1] = backPointer[path[t]! * length + t]!;
  return { path };
}
