import { ParameterError } from '../errors.js';

/** @throws {ParameterError} unless there is one finite weight >= 0 per row */
export function checkWeights(weights: ArrayLike<number>, rowCount: number): Float64Array {
  if (weights.length !== rowCount) {
    throw new ParameterError('weights', 'length', `${rowCount}, one per row`, weights.length);
  }
  const checked = Float64Array.from(weights);
  const bad = checked.findIndex((w) => !(w >= 0 && w < Infinity));
  if (bad >= 0) throw new ParameterError('weights', `[${bad}]`, 'a finite number >= 0', weights[bad]);
  return checked;
}
