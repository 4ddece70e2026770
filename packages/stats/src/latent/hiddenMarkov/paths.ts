/** Several paths of hidden states of one list: the most probable ones, and draws. */
import { addLogs } from '../../numeric/logSumExp.js';
import { drawIndex } from '../../numeric/random.js';
import type { LogChain } from './logForwardBackward.js';

/** A path of states, and log p(path, list) without the length. */
export interface StatePath {
  readonly states: readonly number[];
  readonly logDensity: number;
}

/** The last step of a path: its state, and which of the best paths to that state it is. */
interface Step {
  readonly state: number;
  readonly logDensity: number;
  readonly before: Step | undefined;
}

/**
 * The `count` most probable paths, the best first: to each state the best paths are kept, and each goes on from one of those of
 * the step before. Paths that are impossible are left out. Of equally probable ones those of lower states come first.
 * Source: Seshadri & Sundberg, List Viterbi decoding algorithms with applications (1994), parallel algorithm.
 *
 * @param logEmission  log p(x_t | s), state-major [S × n]
 */
export function mostProbablePaths(
  logEmission: Float64Array,
  length: number,
  { initial, transition }: LogChain,
  count: number,
): StatePath[] {
  const states = [...initial.keys()];
  if (length === 0) return [{ states: [], logDensity: 0 }];
  const start = (s: number): Step[] => [
    { state: s, logDensity: addLogs(initial[s]!, logEmission[s * length]!), before: undefined },
  ];
  let ending = states.map((s) => best(start(s), count));
  for (let t = 1; t < length; t++) {
    const before = ending.flat();
    ending = states.map((s) => {
      const steps = before.map((step): Step => {
        const reached = addLogs(step.logDensity, transition[step.state * states.length + s]!);
        return { state: s, logDensity: addLogs(reached, logEmission[s * length + t]!), before: step };
      });
      return best(steps, count);
    });
  }
  return best(ending.flat(), count).map((last) => {
    const path: number[] = [];
    for (let step: Step | undefined = last; step !== undefined; step = step.before) path.push(step.state);
    return { states: path.reverse(), logDensity: last.logDensity };
  });
}

/** Sorting keeps the order of equal ones. */
function best(steps: readonly Step[], count: number): Step[] {
  const possible = steps.filter(({ logDensity }) => logDensity > -Infinity);
  return possible.sort((a, b) => b.logDensity - a.logDensity).slice(0, count);
}

/**
 * A path drawn from P(path | list): the last state first, then each by P(state at t | x_1 … x_t, next state).
 * Source: Chib, Calculating posterior distributions and modal estimates in Markov mixture models (1996).
 *
 * @param filtered  P(state at t | x_1 … x_t), state-major [S × n]
 * @param transition  P(next | state), row-major [S × S]
 */
export function drawPath(
  filtered: Float64Array,
  length: number,
  transition: Float64Array,
  rng: () => number,
): number[] {
  const stateCount = filtered.length / length;
  const weights = new Float64Array(stateCount);
  const path = new Array<number>(length);
  for (let t = length - 1; t >= 0; t--) {
    for (let s = 0; s < stateCount; s++) {
      const ofNext = t === length - 1 ? 1 : transition[s * stateCount + path[t + 1]!]!;
      weights[s] = filtered[s * length + t]! * ofNext;
    }
    path[t] = drawIndex(rng, weights);
  }
  return path;
}
