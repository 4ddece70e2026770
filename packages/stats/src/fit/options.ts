/** What a fit can be told. */
import type { Rows, Seed, StartMethod } from '../contract.js';
import type { Iterate, StopOptions } from './converge.js';

/** Options of `optimize`. */
export interface OptimizeOptions<T, D> extends StopOptions {
  /** Seed of the start. Default 0: the same call gives the same model. */
  readonly seed?: Seed;
  /** How the first model is drawn. Default `'kmeans++'`; rows without a distance fall back to `'random'`. */
  readonly start?: StartMethod;
  /** The first model, instead of a drawn one. */
  readonly initialModel?: D;
  /**
   * How much of each row each component of a mixture gets at the start, instead of drawing it: n lists of K numbers >= 0,
   * each with a positive sum. The estimator must be a mixture.
   */
  readonly responsibilities?: readonly ArrayLike<number>[];
  /** Weight of each row, finite and >= 0. A row of weight 0 is as if absent. Default 1. */
  readonly weights?: ArrayLike<number>;
  /**
   * Rows that choose the best iterate but do not enter the fit. Where they are impossible under every iterate (a level that
   * only they have, say), the log-likelihood of the rows chooses.
   */
  readonly validation?: Rows<T>;
  /** Called after every iterate, the start included. */
  readonly onIterate?: (iterate: Iterate) => void;
  /** Ends the fit after the iterate that is being computed. The result is then the best one so far. */
  readonly signal?: AbortSignal;
}

/** The names of all options: an unknown one is a slip of the pen. */
export const OPTIMIZE_OPTIONS = [
  'seed',
  'start',
  'initialModel',
  'responsibilities',
  'weights',
  'validation',
  'onIterate',
  'signal',
  'maxIterations',
  'delta',
  'deltaPerRow',
] as const satisfies readonly (keyof OptimizeOptions<unknown, unknown>)[];
