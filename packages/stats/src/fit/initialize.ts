/** The first model of a fit. */

import type { AnyDistribution, Columns, Estimator, Finding, Rows, Seed, StartMethod } from '../contract.js';
import { ParameterError } from '../errors.js';
import { unitWeights } from '../tree/children.js';
import { type CountedRows, encodeCounted } from './countedRows.js';
import type { ExpectationMaximization, StartOptions } from './em.js';
import { em } from './em.js';
import { checkFitOptions } from './options.js';

/** How a start is made. */
export interface InitializeOptions {
  /** Default 0. */
  readonly seed?: Seed;
  /** Default `'kmeans++'`; rows without a distance fall back to `'random'`. */
  readonly start?: StartMethod;
  /** n lists of K numbers >= 0: the share of each row that each component of a mixture gets. Default: drawn. */
  readonly responsibilities?: readonly ArrayLike<number>[];
  /** Weight of each row. Rows of weight 0 are ignored. Default 1. */
  readonly weights?: ArrayLike<number>;
}

/**
 * The model from which `optimize` with the same options would start.
 * @throws {DataError} for a row that the estimator cannot hold
 * @throws {EstimationError} when there are no rows of positive weight
 * @example
 * const first = initialize(rows, new MixtureEstimator([e, e]), { seed: 1, start: 'random' });
 * optimize(rows, new MixtureEstimator([e, e]), { initialModel: first });
 */
export function initialize<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: InitializeOptions = {},
): D {
  checkFitOptions('initialize', options, ['seed', 'start', 'responsibilities', 'weights']);
  const algorithm = em(estimator);
  return startOf(algorithm, encodeCounted(algorithm, rows, options.weights), options);
}

/**
 * The first model: from all rows with given responsibilities, else from the rows that the seed names.
 * @param options  `near`: see `StartOptions`
 */
export function startOf<T, D, C extends Columns>(
  algorithm: ExpectationMaximization<T, D, C>,
  counted: CountedRows<C>,
  { seed = 0, start: method = 'kmeans++', responsibilities, near }: InitializeOptions & Pick<StartOptions, 'near'>,
  findings: Finding[] = [],
): D {
  const { columns, weights } = counted;
  const { rowCount } = columns;
  if (responsibilities !== undefined) {
    const labels = checkResponsibilities(responsibilities, counted);
    return algorithm.start(columns, { seed, method, labels, findings, weights: weights ?? unitWeights(rowCount) });
  }
  const rows = algorithm.startRows(rowCount, 0, rowCount, seed);
  const isAll = rows.length === rowCount;
  return algorithm.start(isAll ? columns : algorithm.take(columns, rows), {
    seed,
    method,
    near,
    findings,
    weights: weights === undefined ? unitWeights(rows.length) : Float64Array.from(rows, (row) => weights[row]!),
  });
}

/** Labels that sum to 1 per row, component-major. @throws {ParameterError} */
function checkResponsibilities(
  responsibilities: readonly ArrayLike<number>[],
  { columns: { rowCount }, numbers, givenCount }: CountedRows<Columns>,
): Float64Array {
  if (responsibilities.length !== givenCount) {
    throw new ParameterError('responsibilities', 'length', `${givenCount}, one list per row`, responsibilities.length);
  }
  const componentCount = responsibilities[0]?.length ?? 0;
  const labels = new Float64Array(rowCount * componentCount);
  for (let i = 0; i < rowCount; i++) {
    const row = numbers?.[i] ?? i;
    const shares = responsibilities[row]!;
    let total = 0;
    for (let k = 0; k < shares.length; k++) total += isShare(shares[k]) ? shares[k]! : Number.NaN;
    if (shares.length !== componentCount || !(total > 0 && total < Infinity)) {
      const expected = `${componentCount} finite numbers >= 0 that are not all 0`;
      throw new ParameterError('responsibilities', `[${row}]`, expected, Array.from(shares));
    }
    for (let k = 0; k < componentCount; k++) labels[k * rowCount + i] = shares[k]! / total;
  }
  return labels;
}

function isShare(x: unknown): boolean {
  return typeof x === 'number' && x >= 0;
}
