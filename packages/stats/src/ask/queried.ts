/** Which models can be asked. */
import { checkDistribution } from '../checks/parameters.js';
import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';

/** @throws {ParameterError} for no distribution, and for the model of a variational fit, whose `model` can be asked */
export function checkQueried<D extends AnyDistribution>(owner: string, model: D): D {
  checkDistribution(owner, 'model', model);
  if (model.toJSON().type !== 'Variational') return model;
  const expected =
    'a model with single parameters: ask the `model` of the variational one, that of the most probable parameters';
  throw new ParameterError(owner, 'model', expected, model);
}
