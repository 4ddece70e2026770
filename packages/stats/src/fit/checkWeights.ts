import { ParameterError } from '../errors.js';

/** @throws {ParameterError} unless there is one finite weight >= 0 per row */
export function checkWeights(weights: ArrayLike<number>, rowCount: number): Float64Array {
  if (typeof weights !== 'object' || weights?.length !== rowCount) {
    throw new ParameterError('weights', 'length', `${rowCount}, one per row`, weights?.length);
  }
  const checked = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const weight: unknown = weights[row];
    if (!(typeof weight === 'number' && weight >= 0 && weight < Infinity)) {
      throw new ParameterError('weights', `[${row}]`, 'a finite number >= 0', weight);
    }
    checked[row] = weight;
  }
  return checked;
}

/** Where the entries > 0 stand; `undefined` when all are. */
export function positiveEntries(weights: Float64Array): Int32Array | undefined {
  if (weights.every((weight) => weight > 0)) return undefined;
  return Int32Array.from(weights.keys()).filter((row) => weights[row]! > 0);
}
