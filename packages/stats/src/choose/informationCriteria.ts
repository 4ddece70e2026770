/** Model selection: criteria that weigh the likelihood against the number of free parameters. */

import { checkOptions } from '../checks/options.js';
import { checkDistribution, checkEstimator } from '../checks/parameters.js';
import type { AnyDistribution, Columns, Estimator, Rows } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { encodeCounted } from '../fit/countedRows.js';
import { em } from '../fit/em.js';
import { checkInitialModel } from '../fit/initialModel.js';
import { log } from '../numeric/elementary.js';
import { countParameters } from '../tree/children.js';
import { type Evidence, evidenceSums, hasPosterior, namedEvidence, sumOverSegments } from './evidence.js';

/** What n counts where rows hold sequences: their items, or the rows. */
export type CountedUnit = 'items' | 'sequences';

/** See {@link informationCriteria}. Smaller is better, except for `entropyR2`. */
export interface InformationCriteria {
  /** L = Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** p: the number of free parameters; tied ones count once. */
  readonly parameterCount: number;
  /** Total weight of the rows. */
  readonly weight: number;
  /** The n of `bic`, `caic` and `sabic`: the total weight of the items, or of the rows. */
  readonly n: number;
  /** Akaike: 2p - 2L. */
  readonly aic: number;
  /** Schwarz: p log n - 2L. */
  readonly bic: number;
  /** Bozdogan's consistent AIC: p (log n + 1) - 2L. */
  readonly caic: number;
  /** Sclove's BIC for small n: p log((n + 2) / 24) - 2L. */
  readonly sabic: number;
  /** Biernacki, Celeux & Govaert: BIC + 2E; for mixtures only. */
  readonly icl?: number;
  /** E = -Σ w Σ_k r_k log r_k, with r_k the probability that a row comes from component k, in nats; for mixtures only. */
  readonly entropy?: number;
  /** 1 - E / (Σ w · log K): 1 where each row's component is certain, as with one component; for mixtures only. */
  readonly entropyR2?: number;
}

/** Options of {@link informationCriteria}. */
export interface InformationCriteriaOptions {
  /** The row weights of the fit. Default 1. */
  readonly weights?: ArrayLike<number>;
  /**
   * What n counts where rows hold sequences. An empty sequence counts as one item, and of several sequences in a row the longest
   * counts. Default `'items'`.
   */
  readonly unit?: CountedUnit;
}

/** @throws {ParameterError} */
export function checkUnit(owner: string, unit: unknown): void {
  if (unit === undefined || unit === 'items' || unit === 'sequences') return;
  throw new ParameterError(owner, 'unit', '"items" or "sequences"', unit);
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
  checkEstimator('parameterCount', 'estimator', estimator);
  checkDistribution('parameterCount', 'model', model);
  if (estimator.parameterBlocks === undefined) {
    throw new EstimationError(
      `${model.toJSON().type}: its estimator has no parameterBlocks, so parameters cannot be counted.`,
    );
  }
  return countParameters(estimator.parameterBlocks(model));
}

/**
 * AIC, BIC, CAIC, SABIC and, for a mixture, ICL and the entropy of the components, of a fitted model.
 * @param model  fitted by `estimator` to `rows`
 * @throws {EstimationError} when a family in the model does not say how many parameters it has
 * @throws {OptionError} for an unknown option
 * @throws {ParameterError} for an invalid weight or unit, and for a model that the estimator could not have made
 * @example
 * const fits = [1, 2, 3].map((k) => ({ estimator: mixtureOf(k), model: optimize(rows, mixtureOf(k)).model }));
 * fits.map(({ estimator, model }) => informationCriteria(rows, estimator, model).bic); // keep the smallest
 * @see Akaike (1974); Schwarz (1978); Bozdogan (1987), Model selection and Akaike's information criterion; Sclove (1987),
 *   Application of model-selection criteria to some problems in multivariate analysis; Biernacki, Celeux & Govaert (2000), eq. 8;
 *   Ramaswamy, DeSarbo, Reibstein & Robinson (1993) for `entropyR2`
 */
export function informationCriteria<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimator: Estimator<T, D, C, S>,
  model: D,
  options: InformationCriteriaOptions = {},
): InformationCriteria {
  checkOptions('informationCriteria', options, ['weights', 'unit']);
  checkUnit('informationCriteria', options.unit);
  const algorithm = em(estimator);
  const { columns, weights } = encodeCounted(algorithm, rows, options.weights);
  checkInitialModel(estimator, model, columns, 'informationCriteria');
  const encoder = estimator.encoder();
  const sums = sumOverSegments(algorithm.segments, columns.rowCount, (start, end) =>
    evidenceSums(encoder, model, columns, start, end, weights),
  );
  return criteriaOf(namedEvidence(sums), parameterCount(estimator, model), model, options.unit);
}

/** The criteria of a model with `count` free parameters. */
export function criteriaOf(
  { logLikelihood, weight, itemWeight, entropy }: Evidence,
  count: number,
  model: AnyDistribution,
  unit: CountedUnit = 'items',
): InformationCriteria {
  const n = unit === 'items' ? itemWeight : weight;
  const penalised = (perParameter: number) => count * perParameter - 2 * logLikelihood;
  const bic = penalised(log(n));
  return {
    logLikelihood,
    parameterCount: count,
    weight,
    n,
    aic: penalised(2),
    bic,
    caic: penalised(log(n) + 1),
    sabic: penalised(log((n + 2) / 24)),
    ...(hasPosterior(model)
      ? { icl: bic + 2 * entropy, entropy, entropyR2: entropyR2Of(entropy, weight, model.components.length) }
      : {}),
  };
}

function entropyR2Of(entropy: number, weight: number, componentCount: number): number {
  return componentCount === 1 ? 1 : 1 - entropy / (weight * log(componentCount));
}
