/**
 * A mixture of bags over shared topics: a bag (a list whose order says nothing) belongs to one of M mixtures, and each of its
 * items to one of T topics: p(x) = p(n) Σ_m w_m Π_j Σ_t τ_mt f_t(x_j). The topics are shared by all mixtures.
 * Model and estimator stand in one file, as each makes the other; passes and tables have files of their own.
 * Source: the two-level mixture of Vermunt (2003), Multilevel latent class models, eq. 3 to 5.
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { checkEstimatorOptions, pseudoCountOf } from '../../checks/options.js';
import {
  checkCells,
  checkFields,
  checkObject,
  checkProbabilities,
  checkProbabilityRows,
  checkPseudoCount,
} from '../../checks/parameters.js';
import { type ListSamplerOptions, lengthOrNone, lengthSampler } from '../../combinators/lengthModel.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type { SequenceColumns } from '../../combinators/sequence.js';
import { SequenceDistribution } from '../../combinators/sequence.js';
import { SequenceEncoder } from '../../combinators/sequenceColumns.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
  Columns,
  Distribution,
  Estimator,
  ModelOf,
  ParameterBlock,
  Pooling,
  Report,
  RowOf,
  Sampler,
  Seed,
} from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { DiracDistribution } from '../../families/dirac.js';
import { exp, log } from '../../numeric/elementary.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { childSeed } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import { BagMemory, scoreBags } from '../bags.js';
import { ItemEstimators } from '../itemEstimators.js';
import { MixtureDistribution } from '../mixtures/mixture.js';
import { componentScores, notARow, posteriorOf } from '../posterior.js';
import { Router } from '../route.js';
import { checkAlike, checkAlikeEstimators, type OverSameRows, overSameRows } from '../sharedRows.js';
import type { ComponentRow } from '../weightedComponents.js';
import { bayesOfBags, type HierarchicalMixturePosterior } from './bagBayes.js';
import {
  HierarchicalMixtureAccumulator,
  type HierarchicalMixtureKeys,
  type HierarchicalMixtureStatistic,
} from './bagResponsibilities.js';
import { bagRuns } from './bagStart.js';
import { type BagTablePriors, BagTables } from './bagTables.js';

export type {
  BagTablePriors,
  HierarchicalMixtureAccumulator,
  HierarchicalMixtureKeys,
  HierarchicalMixturePosterior,
  HierarchicalMixtureStatistic,
};

/** Parameters of {@link HierarchicalMixtureDistribution}. */
export interface HierarchicalMixtureParameters<L extends AnyDistribution = AnyDistribution> {
  /** P(mixture): M numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(topic | mixture): M rows of T numbers that sum to 1. */
  readonly tau: ReadonlyArray<ArrayLike<number>>;
  /** Distribution of the number of items. Default: none; it scores 0. */
  readonly length?: L;
}

/**
 * A mixture of bags over shared topics.
 * @example
 * const d = new HierarchicalMixtureDistribution([topicA, topicB], { w: [0.5, 0.5], tau: [[0.9, 0.1], [0.2, 0.8]] });
 * d.posterior(['x', 'y', 'x']); // P(mixture | bag), M numbers
 */
export class HierarchicalMixtureDistribution<
    const Ds extends readonly AnyDistribution[],
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<readonly ComponentRow<Ds>[], SequenceColumns>
{
  static readonly typeName = 'HierarchicalMixture';
  static readonly typeVersion = 1;
  readonly topics: Ds;
  readonly w: readonly number[];
  readonly tau: readonly (readonly number[])[];
  readonly length: L;
  readonly #router: Router;
  readonly #memory = new BagMemory();

  /**
   * @param topics  T >= 1 distributions over the same items
   * @throws {ParameterError}
   */
  constructor(topics: Ds & OverSameRows<Ds>, parameters: HierarchicalMixtureParameters<L>) {
    super();
    const owner = 'HierarchicalMixtureDistribution';
    checkAlike(owner, 'topics', topics);
    this.topics = topics;
    const { w, tau, length: given } = checkObject(owner, parameters, ['w', 'tau']);
    const length = lengthOrNone(owner, given);
    checkProbabilities(owner, 'w', w);
    checkProbabilityRows(owner, 'tau', tau, w.length, topics.length);
    this.w = Object.freeze(Array.from(w));
    this.tau = Object.freeze(tau.map((row) => Object.freeze(Array.from(row))));
    this.length = length;
    this.#router = new Router('HierarchicalMixture', topics);
  }

  /** True when a topic's density has no upper bound. */
  get isUnbounded(): boolean {
    return this.topics.some((topic) => topic.isUnbounded === true);
  }

  /** log p(items | mixture m) of each mixture, without weights and length; NaN for anything but a list. */
  componentLogDensity(x: readonly ComponentRow<Ds>[]): number[] {
    if (!Array.isArray(x)) return this.w.map(() => Number.NaN);
    const scores = x.map((item) => componentScores(this.topics, item));
    return this.tau.map((row) =>
      scores.reduce(
        (sum, f) => addLogs(sum, logSumExp(f.map((v, t) => (row[t] === 0 ? -Infinity : v + log(row[t]!))))),
        0,
      ),
    );
  }

  #joint(x: readonly ComponentRow<Ds>[]): number[] {
    return this.componentLogDensity(x).map((v, m) => (this.w[m] === 0 ? -Infinity : v + log(this.w[m]!)));
  }

  /** NaN for anything but a list. */
  logDensity(x: readonly ComponentRow<Ds>[]): number {
    if (!Array.isArray(x)) return Number.NaN;
    return addLogs(logSumExp(this.#joint(x)), this.length.logDensity(x.length));
  }

  density(x: readonly ComponentRow<Ds>[]): number {
    return exp(this.logDensity(x));
  }

  /**
   * P(mixture | bag), M numbers. A bag of density zero gets the weights `w`.
   * @throws {ParameterError} for anything but a bag of these items
   */
  posterior(x: readonly ComponentRow<Ds>[]): number[] {
    const logDensity = Array.isArray(x) ? this.componentLogDensity(x) : [Number.NaN];
    if (logDensity.some(Number.isNaN)) throw notARow('HierarchicalMixtureDistribution.posterior', this.encoder(), x);
    return posteriorOf(logDensity, this.w) ?? [...this.w];
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreBags(this, undefined, columns, start, end, out, this.#memory);
  }

  scoreTopic(t: number, items: Columns, start: number, end: number, out: Float64Array): void {
    this.#router.seqLogDensity(t, this.topics[t]!, items, start, end, out);
  }

  /** The same distribution written as a mixture of sequences of mixtures. */
  toMixture(): MixtureDistribution<readonly SequenceDistribution<MixtureDistribution<Ds>, AnyDistribution>[]> {
    return this.#mixtureOver(this.length);
  }

  #mixtureOver(length: AnyDistribution) {
    const bags = this.tau.map(
      (row) =>
        new SequenceDistribution<MixtureDistribution<Ds>, AnyDistribution>(
          new MixtureDistribution(overSameRows<Ds>(this.topics), { w: row }),
          { length },
        ),
    );
    return new MixtureDistribution(bags, { w: this.w });
  }

  /**
   * @param options  `length`: items of every list drawn, in place of the model of the length
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options: ListSamplerOptions = {}): Sampler<readonly ComponentRow<Ds>[]> {
    const nextLength = lengthSampler('HierarchicalMixtureDistribution', this.length, seed, options);
    const length = options.length === undefined ? this.length : new DiracDistribution({ value: nextLength() });
    // A mixture of sequences of the topics draws lists of the topics' rows.
    return this.#mixtureOver(length).sampler(childSeed(seed, 'bags')) as Sampler<readonly ComponentRow<Ds>[]>;
  }

  encoder(): SequenceEncoder<RowOf<Ds[number]>> {
    return new SequenceEncoder(this.#router.encoder, this.length.encoder(), 'HierarchicalMixture');
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HierarchicalMixtureEstimator<
    { readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> },
    ReturnType<L['estimator']>
  > {
    const pseudoCount = pseudoCountOf('HierarchicalMixtureDistribution', options);
    const topics = this.topics.map((topic) => topic.estimator(options));
    return new HierarchicalMixtureEstimator(
      overSameRows<{ readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> }>(topics),
      {
        mixtureCount: this.w.length,
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        pseudoCount,
        prior: { w: this.w, tau: this.tau },
      },
    );
  }

  toJSON() {
    const { topics, w, tau, length } = this;
    return { type: 'HierarchicalMixture', topics, w, tau, length } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): HierarchicalMixtureDistribution<readonly AnyDistribution[], AnyDistribution> {
    const { topics, w, tau, length } = checkFields('HierarchicalMixtureDistribution', fields, {
      topics: 'array',
      w: 'numbers',
      tau: 'array',
      length: 'unknown',
    });
    return new this(topics as readonly AnyDistribution[], {
      w,
      tau: tau as readonly (readonly number[])[],
      length: length as AnyDistribution,
    });
  }
}

/** Options of {@link HierarchicalMixtureEstimator}. */
export interface HierarchicalMixtureOptions<L extends AnyEstimator = AnyEstimator> {
  /** Number of mixtures M >= 1. */
  readonly mixtureCount: number;
  /** Estimator of the number of items. Default: none. */
  readonly length?: L;
  /**
   * Imaginary bags, over the mixtures, and as many items, evenly over the mixtures and over the topics of each. Default 0.
   */
  readonly pseudoCount?: number;
  /**
   * How the imaginary bags are spread over mixtures, and the items of each mixture over topics. Default: evenly. Or, instead of
   * imaginary rows, distributions over `w` and over each row of `tau`.
   */
  readonly prior?: { readonly w?: readonly number[]; readonly tau?: readonly (readonly number[])[] } | BagTablePriors;
  /** Ties the count tables or the topics to those of other models. */
  readonly keys?: HierarchicalMixtureKeys;
}

/** EM: w from expected bags, tau from expected items per mixture and topic, topics from their weighted items. */
export class HierarchicalMixtureEstimator<
  const Es extends readonly AnyEstimator[],
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      readonly ComponentRow<Es>[],
      HierarchicalMixtureDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>>,
      SequenceColumns,
      HierarchicalMixtureStatistic
    >
{
  readonly topics: Es;
  readonly #tables: BagTables;
  readonly #items: ItemEstimators;
  readonly #pooling: Pooling<HierarchicalMixtureStatistic> | undefined;

  /**
   * @param topics  T >= 1 estimators over the same items
   * @throws {ParameterError}
   */
  constructor(
    topics: Es & OverSameRows<Es>,
    readonly options: HierarchicalMixtureOptions<L>,
  ) {
    const owner = 'HierarchicalMixtureEstimator';
    checkAlikeEstimators(owner, 'topics', topics);
    this.topics = topics;
    checkEstimatorOptions(owner, options, {
      mixtureCount: true,
      length: true,
      pseudoCount: true,
      prior: ['w', 'tau'],
      keys: ['weights', 'topics'],
    });
    if (!(Number.isInteger(options.mixtureCount) && options.mixtureCount >= 1)) {
      throw new ParameterError(owner, 'mixtureCount', 'an integer >= 1', options.mixtureCount);
    }
    checkCells(owner, 'mixtureCount · topics', options.mixtureCount * topics.length);
    checkPseudoCount(owner, 'pseudoCount', options.pseudoCount);
    this.#tables = new BagTables(owner, options, topics.length);
    this.#items = new ItemEstimators('HierarchicalMixture', topics, options.length);
    this.#pooling = hiddenPoolingOf('HierarchicalMixture', topics, (parts) => ({
      ...parts[0]!,
      topics: poolComponents(
        topics,
        parts.map((part) => part.topics),
      ),
    }));
  }

  encoder(): SequenceEncoder<RowOf<Es[number]>> {
    return new SequenceEncoder(this.#items.router.encoder, this.#items.length.encoder(), 'HierarchicalMixture');
  }

  #ownLength(): number {
    return this.options.mixtureCount * (1 + this.topics.length);
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return this.#items.statisticLength(this.#ownLength(), schema);
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): HierarchicalMixtureAccumulator {
    const { own, items, length } = this.#items.accumulators(this.#ownLength(), schema, statistic);
    const { mixtureCount, keys = {} } = this.options;
    return new HierarchicalMixtureAccumulator(items, length, own, mixtureCount, keys, bagRuns(this));
  }

  estimate(
    statistic: HierarchicalMixtureStatistic,
    report?: Report,
    pooled: HierarchicalMixtureStatistic | undefined = this.#pooling?.pool([statistic]),
  ): HierarchicalMixtureDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>> {
    const { bags, items, topics, length } = statistic;
    const { mixtureCount } = this.options;
    const topicCount = this.topics.length;
    const tau = Array.from({ length: mixtureCount }, (_, m) =>
      this.#tables.tau(m, items.subarray(m * topicCount, (m + 1) * topicCount)),
    );
    bags.forEach((count, m) => {
      if (count === 0) report?.at('tau', m).add('dead', 'no bag belongs to this mixture.');
    });
    const models = this.topics.map((topic, t) => {
      const place = report?.at('topics', t);
      const isUsed = tau.some((_, m) => items[m * topicCount + t]! > 0);
      if (!isUsed) place?.add('dead', 'no item belongs to this topic.');
      return topic.estimate(topics[t], isUsed ? place : undefined, pooled?.topics[t]);
    });
    return new HierarchicalMixtureDistribution(overSameRows<{ readonly [T in keyof Es]: ModelOf<Es[T]> }>(models), {
      w: this.#tables.w(bags),
      tau,
      length: this.#items.length.estimate(length, report?.at('length')) as ModelOf<L>,
    });
  }

  get pooling(): Pooling<HierarchicalMixtureStatistic> | undefined {
    return this.#pooling;
  }

  /** Where a table, a topic or the length has a prior that is a distribution. */
  get bayes():
    | Bayes<
        HierarchicalMixtureDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>>,
        HierarchicalMixtureStatistic,
        HierarchicalMixturePosterior<{ readonly [T in keyof Es]: PosteriorOf<Es[T]> }, PosteriorOf<L>>,
        SequenceColumns
      >
    | undefined {
    return bayesOfBags({
      topics: this.topics,
      length: this.#items.length,
      tables: this.#tables,
      router: this.#items.router,
      pool: (statistic) => this.#pooling?.pool([statistic]),
      modelOf: (topics, tables, length) =>
        new HierarchicalMixtureDistribution(overSameRows<{ readonly [T in keyof Es]: ModelOf<Es[T]> }>(topics), {
          ...tables,
          length: length as ModelOf<L>,
        }),
      withPrior: (topics, priors, length) => {
        const hasTables = priors.w !== undefined || priors.tau !== undefined;
        return another(topics, { ...this.options, ...(hasTables && { prior: priors }), length });
      },
    });
  }

  get hasPrior(): boolean {
    return this.#tables.hasPrior || this.#items.hasPrior;
  }

  parameterBlocks(
    model: HierarchicalMixtureDistribution<readonly AnyDistribution[], AnyDistribution>,
  ): readonly ParameterBlock[] {
    const { mixtureCount, keys = {} } = this.options;
    return [
      {
        key: keys.weights,
        count: mixtureCount * this.topics.length - 1,
        logPrior: this.#tables.logPrior(model),
      },
      ...this.#items.parameterBlocks(keys.topics, model.topics, model.length),
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(topics: readonly AnyEstimator[], options: HierarchicalMixtureOptions): AnyEstimator {
  return new HierarchicalMixtureEstimator(overSameRows<readonly AnyEstimator[]>(topics), options);
}
