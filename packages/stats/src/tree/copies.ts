/** Components, states or topics of one kind, by their number. */
import { checkEstimator } from '../checks/parameters.js';
import type { AnyEstimator } from '../contract.js';
import { ParameterError } from '../errors.js';

/** A tuple of `K` entries, where the compiler knows `K`; else a list. */
export type Copies<K extends number, E> = number extends K ? readonly E[] : CopiesFrom<K, E>;

type CopiesFrom<K extends number, E, List extends readonly E[] = readonly []> = List['length'] extends K
  ? List
  : CopiesFrom<K, E, readonly [...List, E]>;

/** @throws {ParameterError} for anything but a number of components */
export function checkCopies(owner: string, count: unknown, name = 'count'): void {
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 1 && count <= MAX_COPIES) return;
  throw new ParameterError(owner, name, `an integer >= 1 and <= ${MAX_COPIES}`, count);
}

/** No fit has more components. */
const MAX_COPIES = 1_000_000;

/**
 * One estimator `count` times: the components of a mixture, the emissions of a hidden Markov model, topics. Estimators keep
 * nothing of a fit, so one object serves all places.
 * @param count  an integer >= 1
 * @returns a tuple, where `count` is written as a number
 * @throws {ParameterError} for another count, and for anything but an estimator
 * @example
 * const estimator = new MixtureEstimator(copies(3, new GaussianEstimator()));
 * const { model } = optimize([0, 0.1, 4, 4.1, 9, 9.1], estimator, { seed: 1 });
 * model.components[2].mu; // a number; components[3] does not compile
 */
export function copies<const K extends number, E extends AnyEstimator>(count: K, estimator: E): Copies<K, E> {
  checkCopies('copies', count);
  checkEstimator('copies', 'estimator', estimator);
  return Array.from({ length: count }, () => estimator) as readonly E[] as Copies<K, E>; // of `count` entries
}
