/**
 * When EM stops, and which model it returns. Pure functions of the likelihood path, so that every rank and every resumed
 * run decides alike.
 */
import { EstimationError, OptionError, ParameterError } from '../errors.js';

/** When to stop. */
export interface StopOptions {
  /** Most EM iterations. Default 100. */
  readonly maxIterations?: number;
  /** Stop when an iteration gains less log-likelihood than this, in nats; null never stops. Default: see `deltaPerRow`. */
  readonly delta?: number | null;
  /** The same, in nats per unit of weight (per row, with weights of 1). Default 1e-9 when `delta` is absent. */
  readonly deltaPerRow?: number;
}

/** One model on the path: iterate 0 is the start, iterate i the model after i iterations. */
export interface Iterate {
  readonly iteration: number;
  /** Σ w log f(x) over the rows. */
  readonly logLikelihood: number;
  /** Gain over the iterate before; NaN for the start. */
  readonly change: number;
  /** The same sum over the validation rows, if there are any. */
  readonly validationLogLikelihood?: number;
}

/** Why a fit ended. */
export type StopReason = 'converged' | 'decreased' | 'maxIterations' | 'aborted';

/** The smallest gain that lets the fit go on; -Infinity for none. */
export function requiredGain(options: StopOptions, weight: number): number {
  if (options.delta === null) return -Infinity;
  return options.delta ?? (options.deltaPerRow ?? 1e-9) * weight;
}

function isNonNegative(x: unknown): boolean {
  return typeof x === 'number' && x >= 0;
}

/** @throws {ParameterError} for options out of range */
export function checkStop({ maxIterations = 100, delta, deltaPerRow }: StopOptions): void {
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new ParameterError('stop', 'maxIterations', 'an integer >= 0', maxIterations);
  }
  if (delta !== undefined && delta !== null && !isNonNegative(delta)) {
    throw new ParameterError('stop', 'delta', 'null or a number >= 0', delta);
  }
  if (deltaPerRow !== undefined && !isNonNegative(deltaPerRow)) {
    throw new ParameterError('stop', 'deltaPerRow', 'a number >= 0', deltaPerRow);
  }
  if (delta !== undefined && deltaPerRow !== undefined) {
    throw new OptionError('stop: give delta or deltaPerRow, not both.');
  }
}

/**
 * What follows from the path so far.
 * @param path  all iterates in order, the newest last
 * @param weight  total weight of the rows
 * @param hasPrior  imaginary rows enter the estimates, so that the likelihood of the rows alone may fall. The fit then ends
 *   when the likelihood changes by less than `delta`, up or down, and the newest iterate is the best. Default false
 * @returns `stop`: the reason to stop now, if there is one; `best`: the index of the iterate to return, which is the best
 *   accepted one by validation likelihood if there is any above -Infinity, else by likelihood. An iterate that loses likelihood is
 *   accepted only with a prior, or without a stopping rule (`delta: null`).
 * @throws {EstimationError} for a likelihood that is NaN, +Infinity, or stays at -Infinity
 */
export function decide(
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
  hasPrior = false,
): { readonly stop: StopReason | undefined; readonly best: number } {
  const newest = path[path.length - 1]!;
  checkLikelihood(path);
  const gain = requiredGain(options, weight);
  const { iteration, change } = newest;
  const rounding = roundingOf(newest.logLikelihood, weight);
  const takesAll = hasPrior || gain === -Infinity;
  const accepted = path.filter((iterate) => takesAll || iterate.iteration === 0 || iterate.change >= -rounding);
  // Validation rows that no iterate finds possible cannot choose between them.
  const isValidated = accepted.some(({ validationLogLikelihood = -Infinity }) => validationLogLikelihood > -Infinity);
  const scoreOf = (iterate: Iterate) => (isValidated ? iterate.validationLogLikelihood! : iterate.logLikelihood);
  const best = hasPrior && !isValidated ? iteration : newestBest(accepted, scoreOf, weight);
  const progress = hasPrior ? Math.abs(change) : change;
  let stop: StopReason | undefined;
  if (iteration > 0 && gain > -Infinity && progress < gain) stop = progress < -rounding ? 'decreased' : 'converged';
  else if (iteration >= (options.maxIterations ?? 100)) stop = 'maxIterations';
  return { stop, best };
}

/** How much a sum of log-densities moves by rounding alone; terms of either sign may cancel in the sum. */
function roundingOf(logLikelihood: number, weight: number): number {
  return Number.isFinite(logLikelihood) ? 64 * Number.EPSILON * Math.max(Math.abs(logLikelihood), weight) : 0;
}

/**
 * The newest iterate whose score is the highest, up to rounding: near its maximum the likelihood is flat, and the parameters of a
 * later iterate are closer to it by many digits. A start that nothing improves is returned as it is.
 */
function newestBest(accepted: readonly Iterate[], scoreOf: (iterate: Iterate) => number, weight: number): number {
  const highest = accepted.reduce((most, iterate) => Math.max(most, scoreOf(iterate)), -Infinity);
  const least = highest - roundingOf(highest, weight);
  if (scoreOf(accepted[0]!) >= least) return accepted[0]!.iteration;
  return accepted.reduce((best, iterate) => (scoreOf(iterate) >= least ? iterate : best)).iteration;
}

function checkLikelihood(path: readonly Iterate[]): void {
  const { iteration, logLikelihood, validationLogLikelihood = 0 } = path[path.length - 1]!;
  const where = iteration === 0 ? 'the start' : `iteration ${iteration}`;
  if (Number.isNaN(validationLogLikelihood)) {
    throw new EstimationError(`the log-likelihood of the validation rows is NaN at ${where}.`);
  }
  if (Number.isNaN(logLikelihood)) throw new EstimationError(`the log-likelihood is NaN at ${where}.`);
  if (logLikelihood === Infinity) {
    throw new EstimationError(
      `the log-likelihood is +Infinity at ${where}: a component has shrunk onto a pole. Set a prior or a minimum.`,
    );
  }
  if (logLikelihood === -Infinity && iteration > 0) {
    throw new EstimationError(
      `the log-likelihood is -Infinity at ${where}: at least one row is impossible under the model. ` +
        'Set a pseudo count or a prior.',
    );
  }
}
