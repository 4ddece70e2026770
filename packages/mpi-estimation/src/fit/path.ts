/** The path of a fit: its iterates, and what they are compared by. */
import type { Iterate } from '../ports.js';

/** What EM raises: the log-likelihood, with the log-density of the prior where that is known. */
export function objectiveOf({ logLikelihood, logPrior = 0 }: Pick<Iterate, 'logLikelihood' | 'logPrior'>): number {
  return Number.isNaN(logPrior) ? logLikelihood : logLikelihood + logPrior;
}

/** What a result says of its iterate. */
export function scoresOf({ logLikelihood, logPrior = 0 }: Iterate): {
  readonly logLikelihood: number;
  readonly logPrior: number;
  readonly objective: number;
} {
  return { logLikelihood, logPrior, objective: logLikelihood + logPrior };
}

/**
 * The iterate after those of `path`.
 * @param logPrior  0 without a prior. One that is infinite after the start says nothing: a parameter sits at the border
 */
export function iterateAfter(
  path: readonly Iterate[],
  {
    logLikelihood,
    logPrior = 0,
    validation,
    step,
    isRejected,
  }: Pick<Iterate, 'logLikelihood' | 'step' | 'isRejected'> & {
    readonly logPrior: number | undefined;
    readonly validation: number | undefined;
  },
): Iterate {
  let at = path.length - 1;
  while (at > 0 && path[at]!.isRejected) at--;
  const before = path[at];
  const isUsable = Number.isFinite(logPrior) || (logPrior === -Infinity && before === undefined);
  const own = { logLikelihood, ...(logPrior === 0 ? {} : { logPrior: isUsable ? logPrior : Number.NaN }) };
  return {
    iteration: path.length,
    ...own,
    change: before === undefined ? Number.NaN : gainOf(before, own),
    step,
    isRejected,
    ...(validation === undefined ? {} : { validationLogLikelihood: validation }),
  };
}

/** The gain of the objective, or of the log-likelihood alone where one prior is not known. */
function gainOf(before: Iterate, after: Pick<Iterate, 'logLikelihood' | 'logPrior'>): number {
  const isKnown = !Number.isNaN(before.logPrior ?? 0) && !Number.isNaN(after.logPrior ?? 0);
  return isKnown ? objectiveOf(after) - objectiveOf(before) : after.logLikelihood - before.logLikelihood;
}
