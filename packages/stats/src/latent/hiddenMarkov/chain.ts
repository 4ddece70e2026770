/** The chain of states as the passes over lists read it. */
import { type LogChain, logChain, type Zeros, zerosOf } from './logForwardBackward.js';

/** A chain of S states. */
export interface Chain {
  /** P(first state), [S]. */
  readonly initial: Float64Array;
  /** P(next | state), row-major [S × S]. */
  readonly transition: Float64Array;
  readonly zeros: Zeros;
  readonly logChain: LogChain;
}

/** @param transitions  S rows */
export function chainOf(w: readonly number[], transitions: readonly (readonly number[])[]): Chain {
  const initial = Float64Array.from(w);
  const transition = Float64Array.from(transitions.flat());
  let logs: LogChain | undefined;
  return {
    initial,
    transition,
    zeros: zerosOf(initial, transition),
    /** For lists that need it; made when it is asked for. */
    get logChain() {
      logs ??= logChain(initial, transition);
      return logs;
    },
  };
}
