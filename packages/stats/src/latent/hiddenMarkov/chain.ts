/** The chain of states as the passes over lists read it. */
import { logOf } from '../../numeric/kernels/twin/log.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { type LogChain, logChain, type Zeros, zerosOf } from './logForwardBackward.js';

/** A chain of S states. */
export interface Chain {
  /** P(first state), [S]. */
  readonly initial: Float64Array;
  /** P(the list goes on, next | state), row-major [S × S]. */
  readonly transition: Float64Array;
  /** P(next | state, the list goes on), row-major [S × S]: what is estimated. */
  readonly next: Float64Array;
  /** P(the list ends | state of its last item), [S]; `undefined` where states do not end lists. */
  readonly end: Float64Array | undefined;
  readonly logEnd: Float64Array | undefined;
  readonly zeros: Zeros;
  readonly logChain: LogChain;
}

/**
 * @param transitions  S rows
 * @param end  P(the list ends | state of its last item), [S]
 * @param rest  P(the list goes on | state), [S]. Default: 1 - `end`
 */
export function chainOf(
  w: readonly number[],
  transitions: readonly (readonly number[])[],
  end: readonly number[] | undefined,
  rest: readonly number[] | undefined = end?.map((p) => 1 - p),
): Chain {
  const initial = Float64Array.from(w);
  const next = Float64Array.from(transitions.flat());
  const transition = rest === undefined ? next : next.map((p, cell) => rest[Math.floor(cell / w.length)]! * p);
  let logs: LogChain | undefined;
  return {
    initial,
    transition,
    next,
    end: end && Float64Array.from(end),
    logEnd: end && Float64Array.from(end, logOf),
    zeros: zerosOf(initial, transition),
    /** For lists that need it; made when it is asked for. */
    get logChain() {
      logs ??= logChain(initial, transition);
      return logs;
    },
  };
}

/** Adds log P(the list ends | state s) to a score of state s for the last item of a list. */
export function withEnd({ logEnd }: Chain, s: number, score: number): number {
  return logEnd === undefined ? score : addLogs(score, logEnd[s]!);
}
