/** From types of columns, or a module, to the estimators of a fit. */

import { MixtureEstimator } from '@dml/stats';
import { estimatorOf, type RowEstimator, type Table, type TypedColumn } from '@dml-examples/tables';
import type { ModelModule } from './modelFile.js';

/** What a fit needs to know of its estimators. */
export interface Estimators {
  /** The estimator of a model with so many components. */
  of(componentCount: number): RowEstimator;
  /** False for an estimator of one's own that has its number of components, or none. */
  readonly hasComponents: boolean;
}

/**
 * @param isMixed  whether a number of components was asked for: then an estimator of a module is that of a row of a mixture
 * @param nested  the columns of nested values
 */
export function estimatorsOf(
  types: readonly TypedColumn[],
  module: ModelModule | undefined,
  isMixed: boolean,
  nested?: Table,
): Estimators {
  const made = module?.default;
  // A module says what rows it takes by what it exports; the encoder refuses others, with row and column.
  if (typeof made === 'function') return { of: (k) => made(k) as unknown as RowEstimator, hasComponents: true };
  if (made !== undefined && !isMixed) return { of: () => made as unknown as RowEstimator, hasComponents: false };
  const row = made === undefined ? estimatorOf(types, nested) : (made as unknown as RowEstimator);
  const mixture = (k: number) => new MixtureEstimator(Array.from({ length: k }, () => row));
  return { of: (k) => mixture(k) as unknown as RowEstimator, hasComponents: true };
}
