/** The steps of a fit, one by one, on encoded rows: for your own algorithms. */

import { checkOptions } from '../checks/options.js';
import { checkDistribution, checkEncodable } from '../checks/parameters.js';
import type { AnyDistribution, Columns, Distribution, Encoder, Estimator, Rows } from '../contract.js';
import { ParameterError } from '../errors.js';
import { allowWebAssembly } from '../numeric/kernels/webAssembly.js';
import { countedColumns } from './countedRows.js';
import { em } from './em.js';
import { type InitializeOptions, startOf } from './initialize.js';
import { pass, scoreSum } from './iterate.js';
import { listOf } from './rows.js';
import { segmentsOf } from './segments.js';

/**
 * Encodes rows for an estimator or a model.
 * @throws {DataError} for a row that the family cannot hold
 * @throws {ParameterError} unless `family` is an estimator or a distribution
 * @example
 * const columns = seqEncode(rows, estimator);
 */
export function seqEncode<T, C extends Columns>(rows: Rows<NoInfer<T>>, family: { encoder(): Encoder<T, C> }): C {
  allowWebAssembly();
  checkEncodable('seqEncode', 'family', family);
  return family.encoder().encode(listOf(rows));
}

/**
 * The first model from encoded rows: what {@link initialize} does.
 * @throws {EstimationError} when there are no rows of positive weight
 */
export function seqInitialize<T, D extends AnyDistribution, C extends Columns, S>(
  columns: C,
  estimator: Estimator<T, D, C, S>,
  options: InitializeOptions = {},
): D {
  checkColumns('seqInitialize', columns);
  checkOptions('seqInitialize', options, ['seed', 'start', 'weights']);
  return startOf(em(estimator), countedColumns(estimator.encoder(), columns, options.weights), options);
}

/**
 * One EM iteration: the E step under `model`, then the M step.
 * @param options  `weights`: one per row, default 1. A row of weight 0 is left out; levels and ranges stay those of all rows
 * @returns the next model
 * @example
 * let model = seqInitialize(columns, estimator, { seed: 1 });
 * for (let i = 0; i < 10; i++) model = seqEstimate(columns, estimator, model);
 */
export function seqEstimate<T, D extends AnyDistribution, C extends Columns, S>(
  columns: C,
  estimator: Estimator<T, D, C, S>,
  model: D,
  options: { readonly weights?: ArrayLike<number> } = {},
): D {
  checkScored('seqEstimate', columns, model);
  checkOptions('seqEstimate', options, ['weights']);
  const algorithm = em(estimator);
  const counted = countedColumns(estimator.encoder(), columns, options.weights);
  const steps = algorithm.steps(algorithm.slice(columns, 0, 0));
  try {
    return steps.maximization(model, pass(algorithm.segments, steps, model, counted.columns, counted.weights)).model;
  } finally {
    steps.release();
  }
}

/**
 * log f(x) of every row, in nats.
 * @throws {ParameterError} for invalid columns or an invalid model
 */
export function seqLogDensity<T, C extends Columns>(columns: C, model: Distribution<T, C>): Float64Array {
  allowWebAssembly();
  checkScored('seqLogDensity', columns, model);
  const out = new Float64Array(columns.rowCount);
  model.seqLogDensity(columns, 0, columns.rowCount, out);
  return out;
}

/**
 * Number of rows and Σ log f(x), in nats.
 * @throws {ParameterError} for invalid columns or an invalid model
 */
export function seqLogDensitySum<T, C extends Columns>(
  columns: C,
  model: Distribution<T, C>,
): { readonly rowCount: number; readonly logLikelihood: number } {
  allowWebAssembly();
  checkScored('seqLogDensitySum', columns, model);
  const score = {
    segments: segmentsOf(model.encoder()),
    seqLogDensity: (m: Distribution<T, C>, c: C, start: number, end: number, out: Float64Array) =>
      m.seqLogDensity(c, start, end, out),
  };
  return { rowCount: columns.rowCount, logLikelihood: scoreSum(score, model, columns) };
}

function checkScored(owner: string, columns: unknown, model: unknown): void {
  checkColumns(owner, columns);
  checkDistribution(owner, 'model', model);
}

function checkColumns(owner: string, columns: unknown): void {
  if (typeof columns === 'object' && columns !== null && 'rowCount' in columns) return;
  throw new ParameterError(owner, 'columns', 'encoded rows, as seqEncode gives them', columns);
}
