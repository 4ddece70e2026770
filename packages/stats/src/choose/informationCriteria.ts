/** Which of several models to keep: criteria that weigh the likelihood against the number of free parameters. */

import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { EstimationError } from '../errors.js';
import { checkWeights } from '../fit/checkWeights.js';
import { em } from '../fit/em.js';
import { listOf } from '../fit/rows.js';
import { log } from '../numeric/elementary.js';
import { countParameters } from '../tree/children.js';

/** See {@link informationCriteria}. Smaller is better. */
export interface InformationCriteria {
  /** Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** Number of free parameters; tied ones count once. */
  readonly parameterCount: number;
  /** Total weight of the rows. */
  readonly weight: number;
  /** Akaike: 2p - 2 log L. */
  readonly aic: number;
  /** Schwarz: p log n - 2 log L. */
  readonly bic: number;
  /** Biernacki, Celeux & Govaert: BIC + 2 Σ w H(x), with H the entropy of a row's component; for mixtures only. */
  readonly icl?: number;
}

/**
 * Free parameters of a fitted model: tied ones count once, fixed ones not at all.
 * @throws {EstimationError} when a family in the model does not say how many it has
 * @example
 * parameterCount(new MixtureEstimator([new GaussianEstimator(), new GaussianEstimator()]), model); // 5
 */
export function parameterCount<T, D extends AnyDistribution, C extends Columns, S>(
  estimator: Estimator<T, D, C, S>,
  model: D,
): number {
  if (estimator.parameterBlocks === undefined) {
    throw new EstimationError(
      `${model.toJSON().type}: its estimator has no parameterBlocks, so parameters cannot be counted.`,
    );
  }
  return countParameters(estimator.parameterBlocks(model));
}

/** A model with hidden components. */
interface Posterior extends AnyDistribution {
  readonly components: readonly unknown[];
  seqPosterior(columns: Columns, start: number, end: number, out: Float64Array): void;
}

function hasPosterior(model: AnyDistribution): model is Posterior {
  return 'seqPosterior' in model && typeof model.seqPosterior === 'function' && 'components' in model;
}

/**
 * AIC, BIC and, for a mixture, ICL of a fitted model.
 * @param model  fitted by `estimator` to `rows`
 * @param options  `weights`: the row weights of the fit
 * @throws {EstimationError} when a family in the model does not say how many parameters it has
 * @example
 * const fits = [1, 2, 3].map((k) => ({ estimator: mixtureOf(k), model: optimize(rows, mixtureOf(k)).model }));
 * fits.map(({ estimator, model }) => informationCriteria(rows, estimator, model).bic); // keep the smallest
 * @see Schwarz (1978); Biernacki, Celeux & Govaert (2000), eq. 8
 */
export function informationCriteria<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  model: D,
  options: { readonly weights?: ArrayLike<number> } = {},
): InformationCriteria {
  const algorithm = em(estimator);
  const columns = algorithm.encode(listOf(rows));
  const weights = checkWeights(options.weights ?? new Float64Array(rows.length).fill(1), rows.length);
  const scores = new Float64Array(rows.length);
  algorithm.seqLogDensity(model, columns, 0, rows.length, scores);
  let logLikelihood = 0;
  let weight = 0;
  scores.forEach((score, row) => {
    if (weights[row] === 0) return; // 0 · -Infinity
    logLikelihood += weights[row]! * score;
    weight += weights[row]!;
  });
  const count = parameterCount(estimator, model);
  const bic = count * log(weight) - 2 * logLikelihood;
  return {
    logLikelihood,
    parameterCount: count,
    weight,
    aic: 2 * count - 2 * logLikelihood,
    bic,
    ...(hasPosterior(model) ? { icl: bic + 2 * entropy(model, columns, weights) } : {}),
  };
}

/** -Σ_i w_i Σ_k r_ik log r_ik. */
function entropy(model: Posterior, columns: Columns, weights: Float64Array): number {
  const componentCount = model.components.length;
  const posterior = new Float64Array(columns.rowCount * componentCount);
  model.seqPosterior(columns, 0, columns.rowCount, posterior);
  let sum = 0;
  posterior.forEach((r, i) => {
    if (r > 0) sum -= weights[Math.floor(i / componentCount)]! * r * log(r);
  });
  return sum;
}
