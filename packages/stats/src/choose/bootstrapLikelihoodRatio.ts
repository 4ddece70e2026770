/** A test for one more component: the likelihood ratio and its distribution under the smaller model. */

import type { AnyDistribution, Columns, Estimator, RowOf, Rows } from '../contract.js';
import { EstimationError, ParameterError } from '../errors.js';
import { type BestOfOptions, type BestOfResult, bestOf } from '../fit/bestOf.js';
import { checkFitOptions, optionsOfFits } from '../fit/options.js';
import { listOf } from '../fit/rows.js';
import { childSeed } from '../numeric/random.js';

/** Options of {@link bootstrapLikelihoodRatio}. */
export interface LikelihoodRatioOptions<T, D>
  extends Omit<BestOfOptions<T, D>, 'trials' | 'validation' | 'weights' | 'onIterate'> {
  /** k of the smaller model, an integer >= 1; the larger one has k + 1. */
  readonly componentCount: number;
  /** Data sets that are drawn from the smaller model, an integer >= 1. Default 99: p values of a hundredth. */
  readonly replicates?: number;
  /** Starts of each fit, an integer >= 1. Default 5. */
  readonly trials?: number;
  /** Called after each replicate with the share of them that is done, 0 … 1. */
  readonly onReplicate?: (progress: number) => void;
}

/** See {@link bootstrapLikelihoodRatio}. */
export interface LikelihoodRatio<D> {
  /** 2 (L of k + 1 components - L of k), in nats; not below 0. */
  readonly statistic: number;
  /** (1 + how many of the replicates are as large) / (1 + their number). */
  readonly pValue: number;
  /** The statistic of each data set drawn, in ascending order. */
  readonly replicates: Float64Array;
  /** Data sets to which one of the two models could not be fitted. They are left out. */
  readonly failed: number;
  readonly smaller: BestOfResult<D>;
  readonly larger: BestOfResult<D>;
}

const LEFT_OUT: readonly string[] = [
  'initialModel',
  'responsibilities',
  'validation',
  'weights',
  'onIterate',
  'signal',
];
const OPTIONS = /* @__PURE__ */ optionsOfFits(
  ['componentCount', 'replicates', 'trials', 'onReplicate', 'signal'],
  LEFT_OUT,
);

/**
 * Tests k components against k + 1. The likelihood ratio has no χ² distribution here, as the smaller model is on the boundary of
 * the larger one; so data sets as large as the rows are drawn from the smaller model, and both are fitted to each.
 * @param estimatorOf  the estimator of a model with k components
 * @throws {EstimationError} when both models could be fitted to none of the data sets
 * @throws {FitError} when a model cannot be fitted to the rows
 * @throws {OptionError} for an unknown option
 * @throws {ParameterError} for an option out of range, and for a smaller model from which no rows can be drawn
 * @throws the reason of `signal` when it is aborted before the last replicate
 * @example
 * const mixtureOf = (k: number) => new MixtureEstimator(copies(k, new GaussianEstimator()));
 * const rows = Array.from({ length: 60 }, (_, i) => (i % 2) * 9 + Math.sin(i));
 * bootstrapLikelihoodRatio(rows, mixtureOf, { componentCount: 1, replicates: 19 }).pValue; // 0.05: two are more than chance
 * @see McLachlan (1987), On bootstrapping the likelihood ratio test statistic for the number of components in a normal mixture
 */
export function bootstrapLikelihoodRatio<T, D extends AnyDistribution, C extends Columns, S>(
  rows: Rows<NoInfer<T>>,
  estimatorOf: (componentCount: number) => Estimator<T, D, C, S>,
  options: LikelihoodRatioOptions<T, D>,
): LikelihoodRatio<D> {
  const owner = 'bootstrapLikelihoodRatio';
  checkFitOptions(owner, options, OPTIONS);
  const { componentCount, replicates: count = 99, trials = 5, seed = 0, onReplicate, ...fitOptions } = options;
  for (const [name, value] of Object.entries({ componentCount, replicates: count, trials })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) throw new ParameterError(owner, name, 'an integer >= 1', value);
  }
  if (typeof estimatorOf !== 'function') {
    throw new ParameterError(owner, 'the estimator', 'a function of the number of components', estimatorOf);
  }
  const compare = (data: Rows<T>, trialSeed: string | number) => {
    const fit = (k: number) =>
      bestOf<T, D, C, S>(data, estimatorOf(k), { ...fitOptions, trials, seed: childSeed(trialSeed, k) });
    const smaller = fit(componentCount);
    const larger = fit(componentCount + 1);
    return { smaller, larger, statistic: Math.max(0, 2 * (larger.logLikelihood - smaller.logLikelihood)) };
  };
  const list = listOf(rows) as Rows<T>;
  const found = compare(list, seed);
  const sampler = found.smaller.model.sampler(childSeed(seed, 'rows'));
  const statistics: number[] = [];
  for (let replicate = 0; replicate < count; replicate++) {
    options.signal?.throwIfAborted();
    const drawn = sampler.sample(list.length) as RowOf<D>[] as Rows<T>; // a model draws the rows that its estimator takes
    try {
      statistics.push(compare(drawn, childSeed(seed, `replicate ${replicate}`)).statistic);
    } catch (error) {
      if (!(error instanceof EstimationError)) throw error;
    }
    onReplicate?.((replicate + 1) / count);
  }
  if (statistics.length === 0) {
    throw new EstimationError(`${owner}: no model could be fitted to any of the ${count} data sets drawn.`);
  }
  const replicates = Float64Array.from(statistics).sort();
  const asLarge = replicates.filter((statistic) => statistic >= found.statistic).length;
  return { ...found, pValue: (1 + asLarge) / (1 + replicates.length), replicates, failed: count - replicates.length };
}
