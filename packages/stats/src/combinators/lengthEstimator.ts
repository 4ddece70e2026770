import { checkEstimator } from '../checks/parameters.js';
import { violationOf } from '../columns/columns.js';
import type { AnyEstimator } from '../contract.js';
import { ParameterError } from '../errors.js';
import { NullEstimator } from './null.js';

/**
 * The estimator of the length of a list; none by default.
 * @throws {ParameterError} for one of a density over all numbers: a length is a whole number
 */
export function lengthEstimator(owner: string, length: AnyEstimator | undefined): AnyEstimator {
  if (length === undefined) return new NullEstimator();
  checkEstimator(owner, 'length', length);
  const encoder = length.encoder();
  // A family of levels, or none at all, takes other values beside numbers.
  const isOfNumbers = violationOf(encoder, 'a length') !== undefined;
  if (isOfNumbers && violationOf(encoder, 0.5) === undefined) {
    throw new ParameterError(owner, 'length', 'an estimator of a distribution over integers >= 0', length);
  }
  return length;
}
