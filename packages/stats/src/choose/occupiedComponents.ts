/** The components of a mixture that have rows, as a mixture of its own. */

import { checkOptions } from '../checks/options.js';
import { checkPositive } from '../checks/parameters.js';
import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';
import { MixtureDistribution } from '../latent/mixtures/mixture.js';

/** Options of {@link occupiedComponents}. */
export interface OccupiedOptions {
  /** How many rows the model was fitted to, on all ranks. */
  readonly rowCount: number;
  /** Components with less weight than this many rows are left out. Default 2: one row is no kind. */
  readonly leastRows?: number;
}

/** What {@link occupiedComponents} reads: a mixture, or a Dirichlet-process mixture. */
export interface WeightedComponents<D extends AnyDistribution> {
  readonly components: readonly D[];
  /** Weight of each component; they sum to 1. */
  readonly w: readonly number[];
}

/**
 * The mixture of those components whose weight is at least `leastRows / rowCount`, with weights that sum to 1: what is left of
 * a Dirichlet-process mixture when its empty components are dropped. Components with equal parameters become one. The first
 * component with the most weight always stays.
 * @throws {ParameterError} unless `model` has components and weights, and `rowCount` and `leastRows` are > 0
 * @example
 * const prior = new NormalGammaDistribution({ mu: 0, lambda: 0.01, alpha: 2, beta: 1 });
 * const process = new DirichletProcessMixtureEstimator(new GaussianEstimator({ prior }), { truncation: 5 });
 * const { model } = optimize([0.1, -0.2, 0, 9.8, 10.1, 10], process, { seed: 1 });
 * occupiedComponents(model, { rowCount: 6 }).w.length; // 2
 */
export function occupiedComponents<D extends AnyDistribution>(
  model: WeightedComponents<D>,
  options: OccupiedOptions,
): MixtureDistribution<readonly D[]> {
  const owner = 'occupiedComponents';
  const { components, w } = (model ?? {}) as Partial<WeightedComponents<D>>;
  if (!Array.isArray(components) || !Array.isArray(w) || components.length !== w.length || w.length === 0) {
    throw new ParameterError(owner, 'model', 'a mixture, with components and their weights', model);
  }
  checkOptions(owner, options, ['rowCount', 'leastRows']);
  const { rowCount, leastRows = 2 } = options;
  checkPositive(owner, 'rowCount', rowCount);
  checkPositive(owner, 'leastRows', leastRows);
  const most = Math.max(...w);
  const isKept = (weight: number) => weight === most || weight * rowCount >= leastRows;
  // Few rows, or equal ones, may leave components with equal parameters: together they are one.
  const kept = new Map<string, { readonly component: D; weight: number }>();
  components.forEach((component: D, k) => {
    if (!isKept(w[k]!)) return;
    const text = JSON.stringify(component);
    const known = kept.get(text);
    if (known === undefined) kept.set(text, { component, weight: w[k]! });
    else known.weight += w[k]!;
  });
  const list = [...kept.values()];
  const total = list.reduce((sum, { weight }) => sum + weight, 0);
  return new MixtureDistribution<readonly D[]>(list.map(({ component }) => component) as never, {
    w: list.map(({ weight }) => weight / total),
  });
}
