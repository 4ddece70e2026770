/** Options of a fit. */
import { checkOptions } from '../checks/options.js';
import type { Rows, Seed, StartMethod } from '../contract.js';
import { ParameterError } from '../errors.js';
import { checkSeed } from '../numeric/random.js';
import { type Acceleration, checkAcceleration } from './accelerate.js';
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
   * The share of each row that each component of a mixture gets at the start, instead of a random one: n lists of K numbers >= 0,
   * each with a positive sum. The estimator must be a mixture.
   */
  readonly responsibilities?: readonly ArrayLike<number>[];
  /** Weight of each row, finite and >= 0. Rows of weight 0 are ignored, even invalid ones. Default 1. */
  readonly weights?: ArrayLike<number>;
  /**
   * Rows by which the best iterate is chosen; they do not enter the fit. Where they are impossible under every iterate (for example
   * because of a level that only they have), the log-likelihood of the rows decides.
   */
  readonly validation?: Rows<T>;
  /**
   * `'auto'` extrapolates from EM steps where this gains likelihood, and takes plain steps elsewhere; `'none'` is plain EM. Default
   * `'auto'`.
   */
  readonly acceleration?: Acceleration;
  /** Called after every iterate, including the start. */
  readonly onIterate?: (iterate: Iterate) => void;
  /** Ends the fit after the iterate that is being computed. The result is then the best one so far. */
  readonly signal?: AbortSignal;
}

/** The names of all options; an unknown one is a typing error. */
export const OPTIMIZE_OPTIONS = [
  'seed',
  'start',
  'initialModel',
  'responsibilities',
  'weights',
  'validation',
  'acceleration',
  'onIterate',
  'signal',
  'maxIterations',
  'delta',
  'deltaPerRow',
] as const satisfies readonly (keyof OptimizeOptions<unknown, unknown>)[];

/**
 * The names of the options of a driver that fits: its `own`, and those of a fit but for some. A call that bundlers may drop, so that
 * a page does not have the lists of the drivers that it does not use.
 */
export function optionsOfFits(own: readonly string[], leftOut: readonly string[]): readonly string[] {
  return [...own, ...OPTIMIZE_OPTIONS.filter((name) => !leftOut.includes(name))];
}

/** @throws {ParameterError} */
export function checkStart(owner: string, start: unknown): void {
  if (start === 'kmeans++' || start === 'random') return;
  throw new ParameterError(owner, 'start', '"kmeans++" or "random"', start);
}

/**
 * What every driver checks first; what depends on the rows is checked with them.
 * @throws {OptionError} for options that are no object, or have an unknown name
 * @throws {ParameterError} for an invalid seed, start, acceleration, callback or signal
 */
export function checkFitOptions(
  owner: string,
  options: Partial<Pick<OptimizeOptions<never, never>, 'seed' | 'start' | 'acceleration' | 'signal'>> & {
    readonly onIterate?: unknown;
  },
  names: readonly string[],
): void {
  checkOptions(owner, options, names);
  const { seed, start, acceleration, onIterate, signal } = options;
  if (seed !== undefined) checkSeed(owner, seed);
  if (start !== undefined) checkStart(owner, start);
  if (acceleration !== undefined) checkAcceleration(owner, acceleration);
  if (onIterate !== undefined && typeof onIterate !== 'function') {
    throw new ParameterError(owner, 'onIterate', 'a function', onIterate);
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new ParameterError(owner, 'signal', 'an AbortSignal', signal);
  }
}
