/**
 * A mixture of bags over shared topics: a bag (a list whose order says nothing) belongs to one of M mixtures, and each of its
 * items to one of T topics: p(x) = p(n) Σ_m w_m Π_j Σ_t τ_mt f_t(x_j). The topics are shared by all mixtures.
 * Source: the two-level mixture of Vermunt (2003), Multilevel latent class models, eq. 3 to 5.
 */

import { checkEstimatorOptions } from '../checkOptions.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, initializeChild, lengthWithChildren } from '../children.js';
import { NullDistribution, NullEstimator } from '../combinators/null.js';
import type { SequenceColumns } from '../combinators/sequence.js';
import { SequenceDistribution, SequenceEncoder } from '../combinators/sequence.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Distribution,
  Draws,
  Estimator,
  ModelOf,
  ParameterBlock,
  Report,
  RowOf,
  Sampler,
  Scratch,
  Seed,
  TiedNode,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import {
  checkDistribution,
  checkDistributions,
  checkEstimators,
  checkFields,
  checkProbabilities,
  checkProbabilityRows,
  checkPseudoCount,
} from '../families/parameters.js';
import { addLogs, logSumExp } from '../numeric/logSumExp.js';
import { childSeed } from '../numeric/random.js';
import { tiedCounts, tiedList } from '../tie.js';
import { BagMemory, scoreBags } from './bags.js';
import type { ComponentRow } from './mixture.js';
import { MixtureDistribution } from './mixture.js';
import { estimateWeights } from './weights.js';

/** Parameters of {@link HierarchicalMixtureDistribution}. */
export interface HierarchicalMixtureParameters {
  /** P(mixture): M numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(topic | mixture): M rows of T numbers that sum to 1. */
  readonly tau: ReadonlyArray<ArrayLike<number>>;
  /** Distribution of the number of items. Default: none; it scores 0. */
  readonly length?: AnyDistribution;
}

/**
 * A mixture of bags over shared topics.
 * @example
 * const d = new HierarchicalMixtureDistribution([topicA, topicB], { w: [0.5, 0.5], tau: [[0.9, 0.1], [0.2, 0.8]] });
 * d.posterior(['x', 'y', 'x']); // P(mixture | bag), M numbers
 */
export class HierarchicalMixtureDistribution<const Ds extends readonly AnyDistribution[]>
  implements Distribution<readonly ComponentRow<Ds>[], SequenceColumns>
{
  static readonly typeName = 'HierarchicalMixture';
  static readonly typeVersion = 1;
  readonly w: readonly number[];
  readonly tau: readonly (readonly number[])[];
  readonly length: AnyDistribution;
  readonly #memory = new BagMemory();

  /**
   * @param topics  T >= 1 distributions over the same items
   * @throws {ParameterError}
   */
  constructor(
    readonly topics: Ds,
    { w, tau, length = new NullDistribution() }: HierarchicalMixtureParameters,
  ) {
    const owner = 'HierarchicalMixtureDistribution';
    checkDistributions(owner, 'topics', topics);
    checkProbabilities(owner, 'w', w);
    checkProbabilityRows(owner, 'tau', tau, w.length, topics.length);
    checkDistribution(owner, 'length', length);
    this.w = Object.freeze(Array.from(w));
    this.tau = Object.freeze(tau.map((row) => Object.freeze(Array.from(row))));
    this.length = length;
  }

  /** log p(items | mixture m) of each mixture, without weights and length. */
  componentLogDensity(x: readonly ComponentRow<Ds>[]): number[] {
    const scores = x.map((item) => this.topics.map((topic) => topic.logDensity(item)));
    return this.tau.map((row) =>
      scores.reduce(
        (sum, f) => addLogs(sum, logSumExp(f.map((v, t) => (row[t] === 0 ? -Infinity : v + Math.log(row[t]!))))),
        0,
      ),
    );
  }

  #joint(x: readonly ComponentRow<Ds>[]): number[] {
    return this.componentLogDensity(x).map((v, m) => (this.w[m] === 0 ? -Infinity : v + Math.log(this.w[m]!)));
  }

  logDensity(x: readonly ComponentRow<Ds>[]): number {
    return addLogs(logSumExp(this.#joint(x)), this.length.logDensity(x.length));
  }

  density(x: readonly ComponentRow<Ds>[]): number {
    return Math.exp(this.logDensity(x));
  }

  /** P(mixture | bag), M numbers. A bag of density zero gets the weights `w`. */
  posterior(x: readonly ComponentRow<Ds>[]): number[] {
    const joint = this.#joint(x);
    const evidence = logSumExp(joint);
    return Number.isFinite(evidence) ? joint.map((v) => Math.exp(v - evidence)) : [...this.w];
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreBags(this, undefined, columns, start, end, out, this.#memory);
  }

  /** The same distribution written as a mixture of sequences of mixtures. */
  toMixture(): MixtureDistribution<readonly SequenceDistribution<MixtureDistribution<Ds>, AnyDistribution>[]> {
    const bags = this.tau.map(
      (row) =>
        new SequenceDistribution<MixtureDistribution<Ds>, AnyDistribution>(
          new MixtureDistribution(this.topics, { w: row }),
          { length: this.length },
        ),
    );
    return new MixtureDistribution(bags, { w: this.w });
  }

  /** @throws {ParameterError} without a distribution of the length */
  sampler(seed: Seed): Sampler<readonly ComponentRow<Ds>[]> {
    // A mixture of sequences of the topics draws lists of the topics' rows.
    return this.toMixture().sampler(childSeed(seed, 'bags')) as Sampler<readonly ComponentRow<Ds>[]>;
  }

  encoder(): SequenceEncoder<RowOf<Ds[number]>> {
    return new SequenceEncoder(this.topics[0]!.encoder(), this.length.encoder());
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): HierarchicalMixtureEstimator<{ readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> }> {
    const topics = this.topics.map((topic) => topic.estimator(options));
    return new HierarchicalMixtureEstimator(
      topics as unknown as { readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> },
      {
        mixtureCount: this.w.length,
        length: this.length.estimator(options),
        pseudoCount: options.pseudoCount ?? 0,
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
  ): HierarchicalMixtureDistribution<readonly AnyDistribution[]> {
    const { topics, w, tau, length } = checkFields('HierarchicalMixtureDistribution', fields, {
      topics: 'array',
      w: 'numbers',
      tau: 'array',
      length: 'unknown',
    });
    return new HierarchicalMixtureDistribution(topics as readonly AnyDistribution[], {
      w,
      tau: tau as readonly (readonly number[])[],
      length: length as AnyDistribution,
    });
  }
}

/**
 * Additive over bags: expected number of bags per mixture, expected number of items per mixture and topic (row-major
 * [M × T]), the topics' statistics, and the length's.
 */
export interface HierarchicalMixtureStatistic {
  readonly bags: Float64Array;
  readonly items: Float64Array;
  readonly topics: readonly unknown[];
  readonly length: unknown;
}

/** Keys: models that share one get equal count tables (weights and tau), or equal topics. */
export interface HierarchicalMixtureKeys {
  readonly weights?: string | undefined;
  readonly topics?: string | undefined;
}

type Model = HierarchicalMixtureDistribution<readonly AnyDistribution[]>;

/** Shares bags among mixtures and their items among topics. */
export class HierarchicalMixtureAccumulator
  implements Accumulator<SequenceColumns, HierarchicalMixtureStatistic, Model>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #bags: Float64Array;
  readonly #items: Float64Array;
  readonly #memory = new BagMemory();

  /** @param own  M bag counts, then M × T item counts */
  constructor(
    readonly topics: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    mixtureCount: number,
    keys: HierarchicalMixtureKeys,
  ) {
    this.#bags = own.subarray(0, mixtureCount);
    this.#items = own.subarray(mixtureCount);
    this.kind = `HierarchicalMixture[${mixtureCount}; ${topics.map((topic) => topic.kind ?? '?').join(', ')}]`;
    this.children = [
      tiedCounts(own, keys.weights, `bags of ${mixtureCount}`),
      tiedList(topics, keys.topics, 'topics'),
      length,
    ];
  }

  begin(model: Model | undefined, { items, lengths }: SequenceColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.topics.forEach((child, t) => child.begin?.(model?.topics[t], items, scratch));
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: Model, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    scoreBags(model, this, columns, start, end, out, this.#memory);
  }

  seqUpdate(columns: SequenceColumns, start: number, end: number, weights: Float64Array, model?: Model): void {
    if (model === undefined)
      throw new ParameterError('HierarchicalMixtureAccumulator', 'model', 'given to seqUpdate', model);
    const memory = this.#memory;
    if (!memory.holds(columns, start, end, model))
      scoreBags(model, this, columns, start, end, memory.evidence(end - start), memory);
    memory.absorb(model.tau, columns.offsets, start, end, weights, this.#bags, this.#items);
    const { offsets, items, lengths } = columns;
    this.topics.forEach((child, t) => {
      child.seqUpdate(items, offsets[start]!, offsets[end]!, memory.topicRow(t), model.topics[t]);
    });
    this.length.seqUpdate(lengths, start, end, weights, model.length);
  }

  /** Every bag draws its mixture and every item its topic, all being equally likely. */
  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    const topicCount = this.topics.length;
    const first = offsets[start]!;
    const count = offsets[end]! - first;
    const labels = this.topics.map(() => new Float64Array(count));
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      const rng = draws.row(row);
      const mixture = Math.floor(rng() * this.#bags.length);
      this.#bags[mixture]! += weight;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
        const topic = Math.floor(rng() * topicCount);
        labels[topic]![at - first] = weight;
        this.#items[mixture * topicCount + topic]! += weight;
      }
    }
    this.topics.forEach((child, t) => {
      initializeChild(child, items, first, first + count, labels[t]!, draws.component(t));
    });
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine({ bags, items, topics, length }: HierarchicalMixtureStatistic): void {
    for (let m = 0; m < bags.length; m++) this.#bags[m]! += bags[m]!;
    for (let i = 0; i < items.length; i++) this.#items[i]! += items[i]!;
    this.topics.forEach((child, t) => child.combine(topics[t]));
    this.length.combine(length);
  }

  value(): HierarchicalMixtureStatistic {
    return {
      bags: this.#bags.slice(),
      items: this.#items.slice(),
      topics: this.topics.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue({ bags, items, topics, length }: HierarchicalMixtureStatistic): void {
    this.#bags.set(bags);
    this.#items.set(items);
    this.topics.forEach((child, t) => child.fromValue(topics[t]));
    this.length.fromValue(length);
  }
}

/** Options of {@link HierarchicalMixtureEstimator}. */
export interface HierarchicalMixtureOptions {
  /** Number of mixtures M >= 1. */
  readonly mixtureCount: number;
  /** Estimator of the number of items. Default: none. */
  readonly length?: AnyEstimator;
  /** Imaginary bags, spread evenly over the mixtures, and as many items, over mixtures and topics. Default 0. */
  readonly pseudoCount?: number;
  /** Ties the count tables or the topics to those of other models. */
  readonly keys?: HierarchicalMixtureKeys;
}

/** EM: w from expected bags, tau from expected items per mixture and topic, topics from their weighted items. */
export class HierarchicalMixtureEstimator<const Es extends readonly AnyEstimator[]>
  implements
    Estimator<
      readonly ComponentRow<Es>[],
      HierarchicalMixtureDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }>,
      SequenceColumns,
      HierarchicalMixtureStatistic
    >
{
  readonly #length: AnyEstimator;

  /**
   * @param topics  T >= 1 estimators over the same items
   * @throws {ParameterError}
   */
  constructor(
    readonly topics: Es,
    readonly options: HierarchicalMixtureOptions,
  ) {
    const owner = 'HierarchicalMixtureEstimator';
    checkEstimatorOptions(owner, options, {
      mixtureCount: true,
      length: true,
      pseudoCount: true,
      keys: ['weights', 'topics'],
    });
    checkEstimators(owner, 'topics', topics);
    if (!(Number.isInteger(options.mixtureCount) && options.mixtureCount >= 1)) {
      throw new ParameterError(owner, 'mixtureCount', 'an integer >= 1', options.mixtureCount);
    }
    checkPseudoCount(owner, 'pseudoCount', options.pseudoCount);
    this.#length = options.length ?? new NullEstimator();
  }

  encoder(): SequenceEncoder<RowOf<Es[number]>> {
    return new SequenceEncoder(this.topics[0]!.encoder(), this.#length.encoder());
  }

  #ownLength(): number {
    return this.options.mixtureCount * (1 + this.topics.length);
  }

  #schemaOf({ items, lengths }: SequenceColumns): (child: number) => Columns {
    return (child) => (child < this.topics.length ? items : lengths);
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return lengthWithChildren(this.#ownLength(), [...this.topics, this.#length], this.#schemaOf(schema));
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): HierarchicalMixtureAccumulator {
    const estimators = [...this.topics, this.#length];
    const { own, children } = accumulatorsOf(this.#ownLength(), estimators, this.#schemaOf(schema), statistic);
    const { mixtureCount, keys = {} } = this.options;
    const length = children[children.length - 1]!;
    return new HierarchicalMixtureAccumulator(children.slice(0, -1), length, own, mixtureCount, keys);
  }

  estimate(
    { bags, items, topics, length }: HierarchicalMixtureStatistic,
    report?: Report,
  ): HierarchicalMixtureDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }> {
    const { mixtureCount, pseudoCount = 0 } = this.options;
    const topicCount = this.topics.length;
    const tau = Array.from({ length: mixtureCount }, (_, m) =>
      estimateWeights(items.subarray(m * topicCount, (m + 1) * topicCount), {
        pseudoCount: pseudoCount / mixtureCount,
      }),
    );
    bags.forEach((count, m) => {
      if (count === 0) report?.at('tau', m).add('dead', 'no bag belongs to this mixture.');
    });
    const models = this.topics.map((topic, t) => {
      const place = report?.at('topics', t);
      const isUsed = tau.some((_, m) => items[m * topicCount + t]! > 0);
      if (!isUsed) place?.add('dead', 'no item belongs to this topic.');
      return topic.estimate(topics[t], isUsed ? place : undefined);
    });
    return new HierarchicalMixtureDistribution(models as unknown as { readonly [T in keyof Es]: ModelOf<Es[T]> }, {
      w: estimateWeights(bags, { pseudoCount }),
      tau,
      length: this.#length.estimate(length, report?.at('length')),
    });
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || anyPrior([...this.topics, this.#length]);
  }

  parameterBlocks(model: HierarchicalMixtureDistribution<readonly AnyDistribution[]>): readonly ParameterBlock[] {
    const { mixtureCount, keys = {} } = this.options;
    return [
      { key: keys.weights, count: mixtureCount * this.topics.length - 1 },
      ...blocksWithChildren(keys.topics, [], this.topics, model.topics),
      ...blocksWithChildren(undefined, [], [this.#length], [model.length]),
    ];
  }
}
