/**
 * When EM stops, and which model it returns. Pure functions of the likelihood path, so that every rank and every resumed
 * run makes the same decisions.
 */
import type { Finding } from '../contract.js';
import { EstimationError, OptionError, ParameterError } from '../errors.js';
import type { StepKind } from '../steps.js';

/** Passes over the rows after which a fit ends in any case. */
const MAX_ITERATIONS = 1000;

/** When to stop. */
export interface StopOptions {
  /** The largest number of iterations, each a pass over the rows. Default 1000. */
  readonly maxIterations?: number;
  /** Stop when an iteration gains less of the objective than this, in nats; null never stops. Default: see `deltaPerRow`. */
  readonly delta?: number | null;
  /** The same, in nats per row, or per item where rows are sequences, times its weight. Default 1e-9 when `delta` is absent. */
  readonly deltaPerRow?: number;
}

/** One model on the path: iterate 0 is the start, iterate i the model after i iterations. */
export interface Iterate {
  readonly iteration: number;
  /** Σ w log f(x) over the rows. */
  readonly logLikelihood: number;
  /**
   * Log-density of the prior, up to a constant. The log-likelihood plus this is the objective, which EM maximises. Absent without a
   * prior; NaN where it is not known: the fit then uses the log-likelihood alone.
   */
  readonly logPrior?: number;
  /** Gain of the objective over the last iterate that was not rejected; NaN for the start. */
  readonly change: number;
  /** How its model was made: by a plain EM step, or by extrapolation. `'plain'` for the start. */
  readonly step: StepKind;
  /** True when the objective fell, and the fit has returned to the iterate before. */
  readonly isRejected: boolean;
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
export function checkStop({ maxIterations = MAX_ITERATIONS, delta, deltaPerRow }: StopOptions): void {
  if (!(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new ParameterError('options', 'maxIterations', 'an integer >= 0', maxIterations);
  }
  if (delta !== undefined && delta !== null && !isNonNegative(delta)) {
    throw new ParameterError('options', 'delta', 'null or a number >= 0', delta);
  }
  if (deltaPerRow !== undefined && !isNonNegative(deltaPerRow)) {
    throw new ParameterError('options', 'deltaPerRow', 'a number >= 0', deltaPerRow);
  }
  if (delta !== undefined && deltaPerRow !== undefined) {
    throw new OptionError('options: give delta or deltaPerRow, not both.');
  }
}

/** What EM maximises: the log-likelihood, with the log-density of the prior where that is known. */
export function objectiveOf({ logLikelihood, logPrior = 0 }: Pick<Iterate, 'logLikelihood' | 'logPrior'>): number {
  return Number.isNaN(logPrior) ? logLikelihood : logLikelihood + logPrior;
}

/** Whether the log-density of the prior is known. */
export function isKnown({ logPrior }: Iterate): boolean {
  return !Number.isNaN(logPrior ?? 0);
}

/** The newest iterate that was not rejected, of the first `length`: a copy of a long path for each iterate would add up. */
function lastAccepted(path: readonly Iterate[], length = path.length): Iterate | undefined {
  let at = length - 1;
  while (at > 0 && path[at]!.isRejected) at--;
  return path[at];
}

/**
 * The iterate after those of `path`.
 * @param logPrior  0 without a prior. One that is infinite after the start says nothing: a parameter sits at the border
 */
export function iterateAfter(
  path: readonly Iterate[],
  pass: Pick<Iterate, 'logLikelihood' | 'step' | 'isRejected'> & {
    readonly logPrior?: number | undefined;
    readonly validationLogLikelihood?: number | undefined;
  },
): Iterate {
  const { logLikelihood, logPrior = 0, validationLogLikelihood, step, isRejected } = pass;
  const before = lastAccepted(path);
  const isUsable = Number.isFinite(logPrior) || (logPrior === -Infinity && before === undefined);
  const own = { logLikelihood, ...(logPrior === 0 ? {} : { logPrior: isUsable ? logPrior : Number.NaN }) };
  const comparesPriors = before !== undefined && isUsable && isKnown(before);
  const gain = (of: (iterate: Pick<Iterate, 'logLikelihood' | 'logPrior'>) => number) =>
    before === undefined ? Number.NaN : of(own) - of(before);
  return {
    iteration: path.length,
    ...own,
    change: comparesPriors ? gain(objectiveOf) : gain((iterate) => iterate.logLikelihood),
    step,
    isRejected,
    ...(validationLogLikelihood === undefined ? {} : { validationLogLikelihood }),
  };
}

/** See {@link decide}. */
export interface Decision {
  /** The reason to stop now, if there is one. */
  readonly stop: StopReason | undefined;
  /** The index of the iterate to return. */
  readonly best: number;
  /** The highest score of an iterate that may be returned. */
  readonly highest: number;
}

/**
 * What follows from the path so far.
 * @param path  all iterates in order, the newest last
 * @param weight  total weight of the rows, those of sequences once per item
 * @param before  the decision at the iterate before the newest. Default: all decisions are made again
 * @returns `best` is the best accepted iterate by validation likelihood if there is any above -Infinity, else by the objective. The
 *   start, plain steps and tries that were not rejected are accepted; one that loses only without a stopping rule (`delta: null`).
 *   With a prior whose density is not known the likelihood may fall on the right way: the fit then ends when it changes by less than
 *   `delta`, up or down, and the newest iterate is the best
 * @throws {OptionError} unless `path` is a list of iterates and `options` an object
 * @throws {EstimationError} for a likelihood that is NaN, +Infinity, or stays at -Infinity
 */
export function decide(path: readonly Iterate[], options: StopOptions, weight: number, before?: Decision): Decision {
  const newest = path?.[path.length - 1];
  if (!newest?.step || !options) {
    throw new OptionError('decide needs iterates and options.');
  }
  return decideAfter(path, options, weight, before);
}

/** {@link decide} for a path that a fit has made. */
export function decideAfter(
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
  before?: Decision,
): Decision {
  const newest = path[path.length - 1]!;
  checkLikelihood(newest);
  const gain = requiredGain(options, weight);
  const { iteration, change } = newest;
  const next = nextBest(
    path,
    newest,
    before ?? bestOfPath(path.slice(0, -1), options, weight),
    gain === -Infinity,
    weight,
  );
  const mayFall = !isKnown(newest) || !isKnown(lastAccepted(path, path.length - 1) ?? newest);
  const progress = mayFall ? Math.abs(change) : change;
  let stop: StopReason | undefined;
  // A try may gain nothing before the limit: only a plain step shows that EM has arrived.
  const isPlain = newest.step === 'plain' && !newest.isRejected;
  if (isPlain && iteration > 0 && gain > -Infinity && progress < gain) {
    stop = progress < -roundingOf(newest, weight) ? 'decreased' : 'converged';
  } else if (iteration >= (options.maxIterations ?? MAX_ITERATIONS)) stop = 'maxIterations';
  return { ...next, stop };
}

function bestOfPath(path: readonly Iterate[], options: StopOptions, weight: number): Decision | undefined {
  const takesAll = requiredGain(options, weight) === -Infinity;
  let decision: Decision | undefined;
  for (const iterate of path) {
    decision = { ...nextBest(path, iterate, decision, takesAll, weight), stop: undefined };
  }
  return decision;
}

/**
 * The best accepted iterate up to `newest`: the newest whose score is the highest, up to rounding. Near its maximum the likelihood
 * is flat, and the parameters of a later iterate are closer to it by many digits. A start that nothing improves is returned as
 * it is.
 */
function nextBest(
  path: readonly Iterate[],
  newest: Iterate,
  before: Decision | undefined,
  takesAll: boolean,
  weight: number,
): Omit<Decision, 'stop'> {
  const { iteration, change, isRejected, validationLogLikelihood = -Infinity } = newest;
  // Validation rows that no iterate finds possible cannot choose between them.
  const wasValidated = before !== undefined && isValidated(path[before.best]!);
  const validates = wasValidated || validationLogLikelihood > -Infinity;
  const score = validates ? validationLogLikelihood : objectiveOf(newest);
  if (before === undefined) return { best: iteration, highest: score };
  const isComparable = isKnown(newest) && isKnown(path[before.best]!);
  const isAccepted = !isRejected && (takesAll || !isComparable || change >= -roundingOf(newest, weight));
  if (!isAccepted) return before;
  // All iterates before the first that the validation rows find possible score -Infinity.
  if ((!isComparable && !validates) || (validates && !wasValidated)) return { best: iteration, highest: score };
  const highest = Math.max(before.highest, score);
  const least = highest - roundingAt(highest, weight);
  const start = path[0]!;
  if ((validates ? (start.validationLogLikelihood ?? -Infinity) : objectiveOf(start)) >= least)
    return { best: 0, highest };
  return { best: score >= least ? iteration : before.best, highest };
}

function isValidated({ validationLogLikelihood = -Infinity }: Iterate): boolean {
  return validationLogLikelihood > -Infinity;
}

/** Diagnostics at the end of a fit. */
export interface Conclusion {
  /**
   * An estimate of the log-likelihood that EM would still gain, in nats: the gain h of the newest EM step, times a ratio from earlier
   * gains. For an earlier EM step that gained g, with a gain of the fit of G since then, the ratio is G / (g - h); the geometric mean
   * of the median and the maximum of these ratios over the second half of the fit is used. Where gains shrink by a constant ratio a, all of
   * them are a / (1 - a), which is Aitken's rule; that rule alone would need consecutive EM steps, which an accelerated fit does not have.
   * Infinity when gains do not shrink; NaN where it is not known: after less than eight EM steps (two when the fit has converged),
   * with a prior whose density is not known, and when a fit has converged while its gains grow.
   * @see Böhning, Dietz, Schaub, Schlattmann & Lindsay (1994), The distribution of the likelihood ratio for mixtures
   */
  readonly remainingGain: number;
  /** `unconverged`, for a fit that `maxIterations` has ended before it was known to be near its limit. */
  readonly findings: readonly Finding[];
}

/** How far a fit is from its limit. */
export function conclude(
  path: readonly Iterate[],
  options: StopOptions,
  weight: number,
  reason: StopReason | 'failed',
): Conclusion {
  const hasConverged = reason === 'converged';
  const fewest = hasConverged ? MIN_AT_END : MIN_STEPS;
  const left = path.every(isKnown) ? remainingGainOf(path, weight, fewest) : Number.NaN;
  const remainingGain = hasConverged && left === Infinity ? Number.NaN : left;
  const gain = requiredGain(options, weight);
  if (reason !== 'maxIterations' || gain === -Infinity || remainingGain <= gain) return { remainingGain, findings: [] };
  const told = Number.isNaN(remainingGain)
    ? 'how much is left to gain is not known'
    : remainingGain === Infinity
      ? 'the gains do not shrink yet'
      : `about ${remainingGain.toPrecision(2)} nats are left to gain`;
  const count = path.length - 1;
  const message = `ended by maxIterations after ${count} iteration${count === 1 ? '' : 's'}: ${told}. Set maxIterations higher.`;
  return { remainingGain, findings: [{ kind: 'unconverged', path: '', message }] };
}

/** EM steps before gains say anything of the limit, and those of a fit whose gains have shrunk below what it asks for. */
const [MIN_STEPS, MIN_AT_END] = [8, 2];

/** See {@link Conclusion}. On the problems of `bench/em/accelerate` two thirds to four fifths of the numbers are right within a factor of 10. */
function remainingGainOf(path: readonly Iterate[], weight: number, fewest: number): number {
  const accepted = path.filter(({ isRejected }) => !isRejected);
  const steps = accepted.filter(({ step, iteration }) => step === 'plain' && iteration > 0);
  if (steps.length < MIN_AT_END) return Number.NaN;
  const newest = steps[steps.length - 1]!;
  if (newest.change <= roundingOf(newest, weight)) return 0;
  if (steps.length < fewest) return Number.NaN;
  const reached = objectiveOf(accepted[accepted.length - 1]!);
  const before = steps.slice(Math.min(Math.floor(steps.length / 2), steps.length - 2), -1);
  const larger = before.filter(({ change }) => change > newest.change);
  if (larger.length < before.length / 2) return Infinity;
  const worth = larger
    .map((step) => (reached - objectiveOf(step)) / (step.change - newest.change))
    .sort((a, b) => a - b);
  return newest.change * Math.sqrt(worth[worth.length >> 1]! * worth[worth.length - 1]!);
}

/** How much the objective of an iterate moves by rounding alone. */
export function roundingOf(iterate: Iterate, weight: number): number {
  const { logLikelihood, logPrior = 0 } = iterate;
  return roundingAt(Number.isFinite(logPrior) ? Math.abs(logLikelihood) + Math.abs(logPrior) : logLikelihood, weight);
}

/** How much a sum of log-densities moves by rounding alone; terms of either sign may cancel in the sum. */
function roundingAt(sum: number, weight: number): number {
  return Number.isFinite(sum) ? 64 * Number.EPSILON * Math.max(Math.abs(sum), weight) : 0;
}

function checkLikelihood({ iteration, logLikelihood, validationLogLikelihood = 0, isRejected }: Iterate): void {
  if (isRejected) return; // the fit has gone back already
  const where = iteration === 0 ? 'the start' : `iteration ${iteration}`;
  const isOfRows = Number.isNaN(logLikelihood);
  if (isOfRows || Number.isNaN(validationLogLikelihood)) {
    const rows = isOfRows ? '' : ' of the validation rows';
    throw new EstimationError(`the log-likelihood${rows} is NaN at ${where}.`);
  }
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
