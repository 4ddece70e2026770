/** Reports how a fit goes, on the root. */

import type { Iterate, SearchIterate, StepKind, StopReason } from '../ports.js';
import type { Fit } from './job.js';

/**
 * `'lines'`: a line per iterate on standard error, or the console of a page; `'bar'`: one line that is drawn over; `'silent'`; or a function of your
 * own, which the fit awaits.
 */
export type Progress = 'lines' | 'bar' | 'silent' | ((iterate: Iterate) => unknown);

/** Writes text somewhere. */
export interface Output {
  write(text: string): unknown;
}

const STEPS: Readonly<Record<StepKind, string>> = {
  plain: 'EM step',
  squarem: 'SQUAREM step',
  anderson: 'Anderson step',
  merge: 'merge of two components',
};

/** One iterate as a line, without a line end. */
export function lineOf(iterate: Iterate | SearchIterate): string {
  const { iteration, change, step, isRejected, validationLogLikelihood } = iterate;
  const parts = [`${trialOf(iterate)}iteration ${iteration}: ${scoreText(iterate)}`];
  if (!Number.isNaN(change)) parts.push(`change ${change.toExponential(2)}`);
  if (validationLogLikelihood !== undefined) parts.push(`validation ${validationLogLikelihood.toPrecision(10)}`);
  if (step !== 'plain') parts.push(`${STEPS[step]}${isRejected ? ', rejected' : ''}`);
  return parts.join(', ');
}

/** The log-likelihood, and with a prior of known density the objective. */
function scoreText({ logLikelihood, logPrior = 0 }: Pick<Iterate, 'logLikelihood' | 'logPrior'>): string {
  const text = `log-likelihood ${logLikelihood.toPrecision(10)}`;
  if (logPrior === 0 || !Number.isFinite(logPrior)) return text;
  return `${text}, with the prior ${(logLikelihood + logPrior).toPrecision(10)}`;
}

/** `3 components, trial 2, ` for an iterate of a search for the number of components. */
function trialOf(iterate: Iterate | SearchIterate): string {
  return 'trial' in iterate ? `${componentsText(iterate.componentCount)}, trial ${iterate.trial + 1}, ` : '';
}

/** `1 component`, `3 components`. */
export function componentsText(count: number): string {
  return `${count} component${count === 1 ? '' : 's'}`;
}

const BAR_WIDTH = 30;

/** Reports fits, one after the other. */
export interface Reporter {
  /** After each iterate. */
  report(iterate: Iterate | SearchIterate): unknown;
  /**
   * After each fit.
   * @param label  which of several fits it was
   */
  end(
    fit: Pick<Fit<unknown>, 'iterations' | 'logLikelihood' | 'path' | 'remainingGain'> & {
      readonly logPrior?: number;
      readonly reason: Fit<unknown>['reason'] | 'dropped';
    },
    label?: string,
  ): void;
}

/**
 * Reports of one kind. A bar is full after `maxIterations`, or at the end of a search for the number of components; a fit that
 * converges ends before.
 */
export function reporter(
  progress: Progress,
  {
    printEvery = 1,
    maxIterations = 1000,
    output = standardError(),
  }: {
    readonly printEvery?: number | undefined;
    readonly maxIterations?: number | undefined;
    readonly output?: Output;
  },
): Reporter {
  const nothing = () => {};
  if (progress === 'silent') return { report: nothing, end: nothing };
  const onlyDue = (tell: (iterate: Iterate) => unknown) => (iterate: Iterate) =>
    iterate.iteration % printEvery === 0 ? tell(iterate) : undefined;
  if (typeof progress === 'function') return { report: onlyDue(progress), end: nothing };
  return {
    report: onlyDue((iterate) =>
      output.write(progress === 'lines' ? `${lineOf(iterate)}\n` : `\r\u001b[2K${barOf(iterate, maxIterations)}`),
    ),
    end: (fit, label) => output.write(`${progress === 'bar' ? '\r\u001b[2K' : ''}${endOf(fit, label)}\n`),
  };
}

/** The standard error of Node; the console of a page, which draws nothing over. */
function standardError(): Output {
  if (typeof process === 'object') return process.stderr;
  return { write: (text) => console.error(text.replace('\r\u001b[2K', '').trimEnd()) };
}

function barOf(iterate: Iterate | SearchIterate, maxIterations: number): string {
  const { iteration } = iterate;
  const isSearch = 'progress' in iterate;
  const share = isSearch ? iterate.progress : iteration / Math.max(1, maxIterations);
  const filled = Math.round(BAR_WIDTH * share);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  const where = isSearch ? `${trialOf(iterate)}iteration ${iteration}` : `${iteration}/${maxIterations}`;
  return `${bar} ${where}, ${scoreText(iterate)}`;
}

const REASONS: Readonly<Record<StopReason | 'failed' | 'dropped', string>> = {
  converged: 'converged',
  decreased: 'the objective decreased',
  maxIterations: 'stopped',
  aborted: 'aborted',
  failed: 'failed',
  dropped: 'given up, as its limit is below the best,',
};

function endOf(
  { reason, iterations, path, remainingGain, ...scores }: Parameters<Reporter['end']>[0],
  label?: string,
): string {
  const tries = path.filter(({ step }) => step === 'squarem' || step === 'anderson');
  const rejected = tries.filter(({ isRejected }) => isRejected).length;
  const accelerated = tries.length === 0 ? '' : ` (${tries.length} accelerated, ${rejected} rejected)`;
  const isKnown = remainingGain > 0 && remainingGain < Infinity;
  const left = reason === 'maxIterations' && isKnown ? `, about ${remainingGain.toPrecision(2)} to gain` : '';
  const text = `${REASONS[reason]} after ${iterations} iterations${accelerated}: ${scoreText(scores)}${left}`;
  return label === undefined ? text : `${label} ${text}`;
}
