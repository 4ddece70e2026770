/** Models that are a weighted sum of components over the same rows. */
import type { AnyDistribution } from '../contract.js';

/** Components and their weights. */
export interface WeightedComponents {
  readonly components: readonly AnyDistribution[];
  readonly w: readonly number[];
}

/** The components of a mixture; `undefined` for another model. By names, so that a page need not load all families. */
export function componentsIn(model: AnyDistribution): WeightedComponents | undefined {
  const { type } = model.toJSON();
  if (type !== 'Mixture' && type !== 'DirichletProcessMixture') return undefined;
  return model as AnyDistribution & WeightedComponents; // models of these names have both
}
