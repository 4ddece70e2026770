/** Priors that are a number of imaginary rows: `pseudoCount`, and what they are like: `prior`. */
import {
  checkEstimatorOptions,
  checkKey,
  checkPriorOptions,
  type OptionNames,
  pseudoCountOf,
} from '../checks/options.js';
import { type Check, checkPseudoCount } from '../checks/parameters.js';
import { log } from '../numeric/elementary.js';

/** The options of an estimator that speak of imaginary rows. */
export interface ImaginaryRows<P> {
  readonly pseudoCount?: number;
  readonly prior?: P;
}

/**
 * Checks the options of an estimator with such a prior: `pseudoCount`, `prior`, `key` and `others`.
 * @param prior  the checks of the prior's fields
 * @param isNeeded  false when the estimator has a default for what the rows are like
 * @throws {OptionError} for an unknown option
 * @throws {ParameterError} for an option that fails its check, and for a prior without its count or the other way round
 */
export function checkImaginaryRows<O extends ImaginaryRows<object> & { readonly key?: string }>(
  owner: string,
  options: O,
  prior: Readonly<Record<string, Check>>,
  {
    others = {},
    isNeeded = true,
  }: { readonly others?: Readonly<Record<string, Check>>; readonly isNeeded?: boolean } = {},
): void {
  // An option of O that has no check here is refused as unknown, whenever it is given.
  const checks = { pseudoCount: checkPseudoCount, prior, key: checkKey, ...others } as unknown as OptionNames<O>;
  checkEstimatorOptions(owner, options, checks);
  checkPriorOptions(owner, options, { prior: 'pseudoCount' }, { isNeeded });
}

/**
 * The options of an estimator whose imaginary rows are distributed as a given model; none without a pseudo count.
 * @param options  what `estimator` of the distribution was given
 * @throws {ParameterError} for a pseudo count that is not finite and >= 0
 * @throws {OptionError} for another option
 */
export function imaginaryRows<P>(owner: string, options: object, prior: P): ImaginaryRows<P> {
  const pseudoCount = pseudoCountOf(owner, options);
  return pseudoCount === 0 ? {} : { pseudoCount, prior };
}

/** Whether imaginary rows enter the estimate. */
export function hasImaginaryRows({ pseudoCount = 0 }: ImaginaryRows<unknown>): boolean {
  return pseudoCount > 0;
}

/** What imaginary rows with a share of successes add to the log-likelihood when a success has probability p. 0 log 0 = 0. */
export function logOfShare(rows: number, share: number, p: number): number {
  return timesLog(rows * share, p) + timesLog(rows * (1 - share), 1 - p);
}

/** n log p, and 0 where n is 0. */
export function timesLog(n: number, p: number): number {
  return n === 0 ? 0 : n * log(p);
}
