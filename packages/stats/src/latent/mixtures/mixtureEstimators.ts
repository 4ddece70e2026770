/** Estimators of components over the same rows, and of their weights: what the estimators of mixtures share. */

import { isPriorOf, withoutPrior } from '../../bayes/conjugate.js';
import { checkEstimatorOptions, checkPriorOptions, type OptionNames } from '../../checks/options.js';
import { type Check, checkProbabilities, checkPseudoCount } from '../../checks/parameters.js';
import type { AnyDistribution, AnyEstimator, Columns, ParameterBlock, Pooling, Report } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import type { DirichletDistribution } from '../../families/dirichlet.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../../tree/children.js';
import { aloneOfKind, hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import type { FindLabels } from '../labels.js';
import { MixtureAccumulator, type MixtureKeys, type MixtureStatistic } from '../responsibilities.js';
import { Router } from '../route.js';
import { checkAlikeEstimators } from '../sharedRows.js';
import { checkFixed, estimateWeights, logWeightPrior, type WeightOptions } from '../weights.js';

/** Options of the estimators of mixtures. */
export interface MixtureOptions {
  /** Imaginary rows, spread evenly over the components, or as `prior` says. Default 0: maximum likelihood. */
  readonly pseudoCount?: number;
  /**
   * How the imaginary rows are spread: K probabilities. Needs `pseudoCount`. Or, instead of such rows, a distribution over the
   * weights.
   */
  readonly prior?: readonly number[] | DirichletDistribution;
  /** Weights that are not estimated. */
  readonly fixedWeights?: readonly number[];
  /** Ties the weights, the components, or both to those of other mixtures. */
  readonly keys?: MixtureKeys;
}

/** The names of the options that all mixtures take. */
export const MIXTURE_OPTIONS: OptionNames<MixtureOptions> = {
  pseudoCount: true,
  prior: true,
  fixedWeights: true,
  keys: ['weights', 'components'],
};

/**
 * The estimates of components from the rows that they take responsibility for. One that no weight reached has its family's
 * parameters for no data; the report names it.
 * @param name  of the list, for the report
 */
export function estimateComponents(
  name: string,
  estimators: readonly AnyEstimator[],
  counts: Float64Array,
  statistics: readonly unknown[],
  report: Report | undefined,
  pooled: readonly unknown[] | undefined,
): AnyDistribution[] {
  return estimators.map((estimator, k) => {
    const place = report?.at(name, k);
    if (counts[k] === 0) place?.add('dead', 'no row belongs to this component.');
    return estimator.estimate(statistics[k], counts[k] === 0 ? undefined : place, pooled?.[k]);
  });
}

/** Whether weights have a prior that is a distribution. */
export function isDirichlet(prior: unknown): prior is DirichletDistribution {
  return isPriorOf(prior, 'Dirichlet');
}

export class MixtureEstimators {
  readonly router: Router;
  readonly pooling: Pooling<MixtureStatistic> | undefined;
  readonly #owner: string;
  readonly #components: readonly AnyEstimator[];
  readonly #options: MixtureOptions;
  readonly #shares: WeightOptions;
  /** Components whose floor needs a look at all rows. */
  readonly #alone: readonly number[];

  /**
   * @param family  of the mixture, for messages
   * @throws {ParameterError} unless all components are over the same rows and the options are right
   */
  constructor(family: string, components: readonly AnyEstimator[], options: MixtureOptions) {
    const owner = `${family}Estimator`;
    checkAlikeEstimators(owner, 'components', components);
    const ofComponents: Check = (_, name, p) => checkProbabilities(owner, name, p as number[], components.length);
    const rows = withoutPrior<MixtureOptions, readonly number[]>(owner, options, 'Dirichlet');
    checkEstimatorOptions<MixtureOptions>(owner, rows, {
      ...MIXTURE_OPTIONS,
      pseudoCount: checkPseudoCount,
      prior: ofComponents,
      fixedWeights: ofComponents,
    });
    checkPriorOptions(owner, rows, { prior: 'pseudoCount' }, { isNeeded: false });
    const { prior, fixedWeights } = options;
    if (isDirichlet(prior) && (prior.alpha.length !== components.length || fixedWeights !== undefined)) {
      throw new ParameterError(owner, 'prior', `over ${components.length} weights, none of them fixed`, prior);
    }
    this.#shares = rows;
    this.#owner = owner;
    this.#components = components;
    this.#options = options;
    this.router = new Router(family, components);
    this.#alone = aloneOfKind(components);
    this.pooling = hiddenPoolingOf(family, components, (parts) => this.#pool(parts));
  }

  #pool(parts: readonly MixtureStatistic[]): MixtureStatistic {
    const statistics = parts.map((part) => part.components);
    const components = [...poolComponents(this.#components, statistics)];
    for (const [j, k] of this.#alone.entries()) {
      components[k] = this.#components[k]!.pooling?.pool(parts.map(({ ofAllRows }) => ofAllRows?.[j]));
    }
    return { counts: parts[0]!.counts, components };
  }

  /** The components, and once more those that are alone of their kind, for all rows. */
  get #summed(): readonly AnyEstimator[] {
    return [...this.#components, ...this.#alone.map((k) => this.#components[k]!)];
  }

  #schemaOf(schema: Columns): (child: number) => Columns {
    const { length } = this.#components;
    return (child) => this.router.columnsOf(schema, child < length ? child : this.#alone[child - length]!);
  }

  statisticLength(schema: Columns): number | undefined {
    return lengthWithChildren(this.#components.length, this.#summed, this.#schemaOf(schema));
  }

  /** @param findLabels  a start for rows without a distance */
  accumulator(schema: Columns, statistic: Float64Array | undefined, findLabels?: FindLabels): MixtureAccumulator {
    const { router } = this;
    const { length } = this.#components;
    const { own, children } = accumulatorsOf(length, this.#summed, this.#schemaOf(schema), statistic);
    const components = router.accumulators(children.slice(0, length), schema);
    const ofAllRows = this.#alone.map((k, j) => {
      const [accumulator] = router.accumulators([children[length + j]!], schema, k);
      return { component: k, accumulator: accumulator! };
    });
    return new MixtureAccumulator(components, own, router.encoder, this.#options.keys ?? {}, ofAllRows, findLabels);
  }

  estimate(
    statistic: MixtureStatistic,
    report: Report | undefined,
    pooled: MixtureStatistic | undefined = this.pooling?.pool([statistic]),
  ): { readonly models: readonly AnyDistribution[]; readonly w: ArrayLike<number> } {
    const { counts, components } = statistic;
    return {
      models: estimateComponents('components', this.#components, counts, components, report, pooled?.components),
      w: this.weightsOf(counts),
    };
  }

  /** The weights from the weight of each component. */
  weightsOf(counts: Float64Array): ArrayLike<number> {
    const { fixedWeights, prior } = this.#options;
    if (isDirichlet(prior)) return prior.updated(counts).densest();
    return fixedWeights ?? estimateWeights(counts, this.#shares);
  }

  /** What the prior of the weights, or imaginary rows, add to the log-likelihood; `undefined` without any. */
  logPriorOf(w: ArrayLike<number>): number | undefined {
    const { fixedWeights, prior } = this.#options;
    if (fixedWeights !== undefined) return undefined;
    return isDirichlet(prior) ? prior.logDensity(w) : logWeightPrior(w, this.#shares);
  }

  get hasPrior(): boolean {
    const { pseudoCount = 0, prior } = this.#options;
    return pseudoCount > 0 || isDirichlet(prior) || anyPrior(this.#components);
  }

  /** @throws {ParameterError} for a model with other weights than the fixed ones */
  parameterBlocks(model: {
    readonly w: readonly number[];
    readonly components: readonly AnyDistribution[];
  }): readonly ParameterBlock[] {
    const { keys = {}, fixedWeights } = this.#options;
    checkFixed(this.#owner, 'w', model.w, fixedWeights);
    const logPrior = this.logPriorOf(model.w);
    const weights = fixedWeights === undefined ? { count: this.#components.length - 1, logPrior } : { count: 0 };
    return [
      { key: keys.weights, ...weights },
      ...blocksWithChildren(keys.components, [], this.#components, model.components),
    ];
  }
}
