/**
 * Changes of a set as in integerBernoulliEdit.ts, with few parameters: integers fall into two groups by how often they are
 * added, and into two groups by how often they are kept. Each group has one probability.
 * Source: the best split of sorted proportions: Fisher, On Grouping for Maximum Homogeneity (1958), for the binomial likelihood.
 */
import { checkEstimatorOptions } from '../checks/options.js';
import type { AnyEstimator, Estimator, ModelOf, ParameterBlock, Report } from '../contract.js';
import { ParameterError } from '../errors.js';
import { log, log1p } from '../numeric/elementary.js';
import { blocksWithChildren } from '../tree/children.js';
import type { EditColumns, EditRow, IntegerBernoulliEditEncoder } from './editColumns.js';
import {
  type EditStatistic,
  editRates,
  type IntegerBernoulliEditAccumulator,
  logEditPrior,
  type Rates,
  reportEdits,
} from './editCounts.js';
import {
  checkEditOptions,
  IntegerBernoulliEditDistribution,
  IntegerBernoulliEditEstimator,
  type IntegerBernoulliEditOptions,
} from './integerBernoulliEdit.js';
import { NullEstimator } from './null.js';

/** Options of {@link IntegerStepBernoulliEditEstimator}. */
export interface IntegerStepBernoulliEditOptions<I extends AnyEstimator = NullEstimator>
  extends IntegerBernoulliEditOptions<I> {
  /**
   * What an integer counts for when its group gets a probability: the rows in which it could be added (or removed), which is
   * maximum likelihood; or one, whatever its rows. Default `'rows'`.
   */
  readonly weighting?: 'rows' | 'integers';
}

/**
 * Two probabilities of being added, and two of being kept; each integer is in the group that makes the rows most likely.
 * @example
 * const rows: EditRow[] = [[[0, 1], [0, 1]], [[0, 2], [0]], [[1, 2], [1]]];
 * optimize(rows, new IntegerStepBernoulliEditEstimator()).model.kept; // [1, 1, 0]
 */
export class IntegerStepBernoulliEditEstimator<I extends AnyEstimator = NullEstimator>
  implements Estimator<EditRow, IntegerBernoulliEditDistribution<ModelOf<I>>, EditColumns, EditStatistic>
{
  readonly #free: IntegerBernoulliEditEstimator<I>;
  readonly #initial: AnyEstimator;

  /** @throws {ParameterError} for the same reasons as {@link IntegerBernoulliEditEstimator} */
  constructor(readonly options: IntegerStepBernoulliEditOptions<I> = {}) {
    const owner = 'IntegerStepBernoulliEditEstimator';
    checkEstimatorOptions(owner, options, {
      valueCount: true,
      initial: true,
      pseudoCount: true,
      prior: true,
      minP: true,
      key: true,
      weighting: checkWeighting,
    });
    const { weighting: _, ...others } = options;
    checkEditOptions(owner, others);
    this.#free = new IntegerBernoulliEditEstimator<I>(others);
    this.#initial = options.initial ?? new NullEstimator();
  }

  encoder(): IntegerBernoulliEditEncoder {
    return this.#free.encoder();
  }

  statisticLength(schema: EditColumns): number | undefined {
    return this.#free.statisticLength(schema);
  }

  accumulator(schema: EditColumns, statistic?: Float64Array): IntegerBernoulliEditAccumulator {
    return this.#free.accumulator(schema, statistic);
  }

  estimate({ edits, initial }: EditStatistic, report?: Report): IntegerBernoulliEditDistribution<ModelOf<I>> {
    const { valueCount = 0, pseudoCount = 0, prior, minP = 0, weighting = 'rows' } = this.options;
    const rates = editRates(edits, valueCount, pseudoCount, prior);
    const [added, kept] = [twoLevels(rates.added, weighting), twoLevels(rates.kept, weighting)];
    reportEdits(report, edits.count, [...added, ...kept], minP);
    const ofInitial = this.#initial.estimate(initial, report?.at('initial')) as ModelOf<I>;
    return new IntegerBernoulliEditDistribution({ added, kept, minP, initial: ofInitial });
  }

  get hasPrior(): boolean {
    return this.#free.hasPrior;
  }

  /**
   * Two levels of each kind; which integer has which is not a number. Where each integer counts as one the estimate is not the
   * maximum of anything that the rows add to, so that the density of a prior is not known.
   */
  parameterBlocks(model: IntegerBernoulliEditDistribution<ModelOf<I>>): readonly ParameterBlock[] {
    const levelCount = new Set(model.added).size + new Set(model.kept).size;
    const { pseudoCount = 0, prior, weighting } = this.options;
    const ofRows = logEditPrior(model, pseudoCount, prior);
    const logPrior = weighting === 'integers' && ofRows !== undefined ? Number.NaN : ofRows;
    const own = { key: undefined, count: levelCount, logPrior };
    return blocksWithChildren(this.options.key, [own], [this.#initial], [model.initial]);
  }
}

function checkWeighting(owner: string, name: string, value: unknown): void {
  if (value !== 'rows' && value !== 'integers') throw new ParameterError(owner, name, "'rows' or 'integers'", value);
}

/**
 * The two levels of proportions that are most likely, and which proportion has which. Sorted by size, the best groups are the
 * first k and the rest, for some k: of several the smallest.
 */
function twoLevels({ share, weight }: Rates, weighting: 'rows' | 'integers'): Float64Array {
  const weightOf = (j: number) => (weighting === 'rows' ? weight[j]! : 1);
  const order = [...share.keys()].sort((a, b) => share[b]! - share[a]! || a - b);
  const total = sumOver(order, weightOf, share);
  let best = { logLikelihood: -Infinity, count: order.length, first: meanOf(total), rest: 0 };
  const first = { weight: 0, successes: 0 };
  for (const [i, j] of order.entries()) {
    first.weight += weightOf(j);
    first.successes += weightOf(j) * share[j]!;
    const rest = { weight: total.weight - first.weight, successes: total.successes - first.successes };
    const isLast = i + 1 === order.length;
    const logLikelihood = binomialScore(first) + (isLast ? 0 : binomialScore(rest));
    if (logLikelihood > best.logLikelihood) {
      best = { logLikelihood, count: i + 1, first: meanOf(first), rest: isLast ? 0 : meanOf(rest) };
    }
  }
  const levels = new Float64Array(share.length);
  for (const [i, j] of order.entries()) levels[j] = i < best.count ? best.first : best.rest;
  return levels;
}

interface Trials {
  readonly weight: number;
  readonly successes: number;
}

function sumOver(order: readonly number[], weightOf: (j: number) => number, share: Float64Array): Trials {
  let [weight, successes] = [0, 0];
  for (const j of order) {
    weight += weightOf(j);
    successes += weightOf(j) * share[j]!;
  }
  return { weight, successes };
}

/** 1/2 without trials. A difference of sums may be rounded out of [0, 1]. */
function meanOf({ weight, successes }: Trials): number {
  return weight > 0 ? Math.min(1, Math.max(0, successes / weight)) : 0.5;
}

/** The largest log-likelihood of the trials: at their mean. */
function binomialScore(trials: Trials): number {
  const p = meanOf(trials);
  const ofPresent = p > 0 ? p * log(p) : 0;
  const ofAbsent = p < 1 ? (1 - p) * log1p(-p) : 0;
  return Math.max(0, trials.weight) * (ofPresent + ofAbsent);
}
