/** Standard errors of the parameters of a fit: the fit is repeated with reweighted rows. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { encodeCounted } from '../fit/countedRows.js';
import { em } from '../fit/em.js';
import { drive, fitColumns } from '../fit/iterate.js';
import { checkFitOptions, type OptimizeOptions, optionsOfFits } from '../fit/options.js';
import type { FitResult } from '../fit/result.js';
import { type ResamplingOptions, resampling, type StandardErrors } from './resampling.js';

/** Options of {@link standardErrors}. */
export interface StandardErrorOptions<T, D>
  extends ResamplingOptions,
    Omit<OptimizeOptions<T, D>, 'validation' | 'responsibilities' | 'seed' | 'onIterate'> {
  /** Called after each replicate with the share of them that is done, 0 … 1. */
  readonly onReplicate?: (progress: number) => void;
}

/** See {@link standardErrors}. */
export interface FitWithStandardErrors<D> extends StandardErrors {
  /** The fit to the rows with their own weights. */
  readonly fit: FitResult<D>;
}

const LEFT_OUT: readonly string[] = ['validation', 'responsibilities', 'seed', 'onIterate'];
// The names of `resampling` written out: bundlers keep a list that is spread, also in pages that make no standard errors.
const OPTIONS = /* @__PURE__ */ optionsOfFits(['method', 'replicates', 'level', 'seed', 'onReplicate'], LEFT_OUT);

/**
 * Standard errors and intervals of all parameters, by bootstrap or jackknife. Each replicate starts at the fit to all rows, and its
 * components are numbered as there. A row is the unit of resampling: where rows are sequences, whole sequences. A weight says how
 * much a row counts, not how many rows it represents.
 * @param rows  at least two rows
 * @param options  `initialModel`: an existing fit, which is first continued to convergence. Default: a fit from a random start
 * @throws {EstimationError} when fewer than two replicates have a model, or not all of the jackknife
 * @throws {OptionError} for an unknown option
 * @throws {ParameterError} for an option out of range, and for fewer than two rows or fewer rows than groups
 * @throws the reason of `signal` when it is aborted before the last replicate
 * @example
 * const rows = Array.from({ length: 100 }, (_, i) => i % 10);
 * const { parameters } = standardErrors(rows, new GaussianEstimator(), { seed: 1 });
 * parameters[0]; // { path: 'mu', estimate: 4.5, standardError: 0.29…, low: …, high: … }
 * @see Efron & Tibshirani, An Introduction to the Bootstrap (1993); McLachlan & Peel, Finite Mixture Models (2000), 2.16
 */
export function standardErrors<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  options: StandardErrorOptions<T, D> = {},
): FitWithStandardErrors<D> {
  const owner = 'standardErrors';
  checkFitOptions(owner, options, OPTIONS);
  const { method, replicates: count, level, seed = 0, weights: given, onReplicate, ...fitOptions } = options;
  const plan = resampling({
    ...(method === undefined ? {} : { method }),
    ...(count === undefined ? {} : { replicates: count }),
    ...(level === undefined ? {} : { level }),
    seed,
  });
  const algorithm = em(estimator);
  const counted = encodeCounted(algorithm, rows, given);
  const { columns, weights } = counted;
  const least = method === 'jackknife' ? plan.replicates : 2;
  if (columns.rowCount < least) throw new ParameterError(owner, 'rows', `at least ${least} rows`, columns.rowCount);
  const fitTo = (weighed: Float64Array | undefined, changed: Partial<OptimizeOptions<T, D>>) =>
    drive(fitColumns(algorithm, { ...counted, weights: weighed }, undefined, { ...fitOptions, ...changed }), undefined);
  const fit = fitTo(weights, { seed });
  const fits: (D | undefined)[] = [];
  for (let replicate = 0; replicate < plan.replicates; replicate++) {
    options.signal?.throwIfAborted();
    const weightOf = plan.weightOf(replicate);
    const weighed = Float64Array.from({ length: columns.rowCount }, (_, row) => weightOf(row, weights?.[row] ?? 1));
    fits.push(modelOf(() => fitTo(weighed, { initialModel: fit.model })));
    onReplicate?.((replicate + 1) / plan.replicates);
  }
  return { fit, ...plan.summary(fit.model, fits) };
}

/** The model of a replicate, if its rows give one. */
function modelOf<D>(fit: () => FitResult<D>): D | undefined {
  try {
    return fit().model;
  } catch (error) {
    if (error instanceof EstimationError) return undefined;
    throw error;
  }
}
