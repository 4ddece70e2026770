/** What an embedding asks of a model, and what it learns from it about the rows. */
import { ParameterError } from '@dml/stats';

/**
 * A model that says to which component a row belongs: a mixture of any components, a Dirichlet-process mixture, a hierarchical or
 * semi-supervised one. Those without `componentLogDensity` have `components` over the same rows.
 */
export interface EmbeddableMixture<T> {
  /** P(component k | row), K numbers that sum to 1. */
  posterior(row: T): readonly number[];
  /** log f_k(row) of each component, without the weights. */
  componentLogDensity?(row: T): readonly number[];
  readonly components?: readonly { logDensity(row: T): number }[];
}

/** Both tables are row-major, [rowCount × componentCount]. */
export interface RowTables {
  readonly rowCount: number;
  readonly componentCount: number;
  /** P(component | row). */
  readonly posterior: Float64Array;
  /** log f_k(row), in nats. */
  readonly logDensity: Float64Array;
}

/**
 * P(component | row) of all rows.
 * @throws {ParameterError} for fewer than two rows, and for anything but a row of the model
 */
export function posteriorsOf<T>(
  owner: string,
  model: EmbeddableMixture<T>,
  rows: readonly T[],
): Omit<RowTables, 'logDensity'> {
  if (typeof model?.posterior !== 'function') {
    throw new ParameterError(owner, 'model', 'a mixture, with a method posterior', model);
  }
  if (!Array.isArray(rows) || rows.length < 2) {
    throw new ParameterError(owner, 'rows', 'a list of at least 2 rows', rows);
  }
  const rowCount = rows.length;
  let componentCount = 0;
  let posterior = new Float64Array(0);
  rows.forEach((row, i) => {
    const shares = model.posterior(row);
    if (i === 0) {
      componentCount = shares.length;
      posterior = new Float64Array(rowCount * componentCount);
    }
    for (let k = 0; k < componentCount; k++) {
      const share = shares[k];
      if (typeof share !== 'number' || Number.isNaN(share)) {
        throw new ParameterError(owner, `posterior of row ${i}`, `${componentCount} numbers`, shares);
      }
      posterior[i * componentCount + k] = share;
    }
  });
  return { rowCount, componentCount, posterior };
}

/**
 * As {@link posteriorsOf}, with the log-densities of the components.
 * @throws {ParameterError} for a row at which a component has a density without bound, too
 */
export function tablesOf<T>(owner: string, model: EmbeddableMixture<T>, rows: readonly T[]): RowTables {
  const { rowCount, componentCount, posterior } = posteriorsOf(owner, model, rows);
  const { components } = model;
  if (model.componentLogDensity === undefined && components === undefined) {
    throw new ParameterError(owner, 'model', 'a mixture, with componentLogDensity or components', model);
  }
  const logDensity = new Float64Array(rowCount * componentCount);
  rows.forEach((row, i) => {
    const scores = model.componentLogDensity?.(row) ?? components!.map((component) => component.logDensity(row));
    for (let k = 0; k < componentCount; k++) {
      const score = scores[k]!;
      if (!(score < Infinity)) {
        throw new ParameterError(owner, `log-density of row ${i} under component ${k}`, 'a number < Infinity', score);
      }
      logDensity[i * componentCount + k] = score;
    }
  });
  return { rowCount, componentCount, posterior, logDensity };
}
