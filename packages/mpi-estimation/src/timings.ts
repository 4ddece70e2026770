/** Where the time of a fit goes, on one rank. */

/** Seconds that one rank spent in each phase. */
export interface Timings {
  /** Reading and encoding the rows this rank brought. */
  readonly encode: number;
  /** Agreeing on the rows' description, and moving rows. */
  readonly distribute: number;
  /** Drawing the first model. */
  readonly start: number;
  /** E steps. */
  readonly expectation: number;
  /** Sending statistics and waiting for other ranks. */
  readonly reduction: number;
  /** M steps. */
  readonly maximization: number;
  /** Writing checkpoints. */
  readonly checkpoint: number;
  /** From the call to the result. */
  readonly total: number;
}

/** A phase of a fit. */
export type Phase = Exclude<keyof Timings, 'total'>;

/** Adds up seconds by phase. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #seconds: Record<Phase, number> = {
    encode: 0,
    distribute: 0,
    start: 0,
    expectation: 0,
    reduction: 0,
    maximization: 0,
    checkpoint: 0,
  };

  async time<V>(phase: Phase, work: () => Promise<V>): Promise<V> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#seconds[phase] += (performance.now() - started) / 1000;
    }
  }

  timeSync<V>(phase: Phase, work: () => V): V {
    const started = performance.now();
    try {
      return work();
    } finally {
      this.#seconds[phase] += (performance.now() - started) / 1000;
    }
  }

  read(): Timings {
    return { ...this.#seconds, total: (performance.now() - this.#started) / 1000 };
  }
}
