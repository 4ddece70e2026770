/**
 * Documents whose words come from topics: a document has topic proportions θ ~ Dirichlet(α), each of its words a topic k ~ θ,
 * and is drawn from f_k. A document is a list of values with counts; topics are any distributions over the values.
 *
 * The likelihood has no closed form: what is scored, and raised by a fit, is the variational bound below it.
 * Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003).
 */

import type { PosteriorOf } from '../../bayes/children.js';
import { pseudoCountOf } from '../../checks/options.js';
import { checkFields, checkObject, checkPositive } from '../../checks/parameters.js';
import { allOf } from '../../checks/rows.js';
import { type ListSamplerOptions, lengthOrNone, lengthSampler } from '../../combinators/lengthModel.js';
import {
  type Counted,
  isCount,
  isPair,
  type MultinomialColumns,
  MultinomialEncoder,
} from '../../combinators/multinomialColumns.js';
import type { NullDistribution, NullEstimator } from '../../combinators/null.js';
import type {
  AnyDistribution,
  AnyEstimator,
  Bayes,
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
import { DirichletDistribution } from '../../families/dirichlet.js';
import { exp } from '../../numeric/elementary.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { PrintedModel } from '../../tree/modelText.js';
import { ItemEstimators } from '../itemEstimators.js';
import { notARow } from '../posterior.js';
import { Router } from '../route.js';
import { checkAlike, checkAlikeEstimators, type OverSameRows, overSameRows } from '../sharedRows.js';
import type { ComponentRow } from '../weightedComponents.js';
import {
  LatentDirichletAllocationAccumulator,
  type LatentDirichletAllocationKeys,
  type LatentDirichletAllocationStatistic,
} from './topicAllocation.js';
import { bayesOfTopics, type TopicPosterior } from './topicBayes.js';
import { checkConcentrations, estimateConcentrations, logConcentrationPrior } from './topicConcentrations.js';
import { estimateTopics, poolingOfTopics } from './topicEstimates.js';
import { checkTopicOptions, type LatentDirichletAllocationOptions } from './topicOptions.js';
import { GAMMA_THRESHOLD, solveDocument, type TopicModel } from './topicProportions.js';
import { scoreDocuments } from './topicScores.js';

export type {
  LatentDirichletAllocationAccumulator,
  LatentDirichletAllocationKeys,
  LatentDirichletAllocationOptions,
  LatentDirichletAllocationStatistic,
};

/** Parameters of {@link LatentDirichletAllocationDistribution}. */
export interface LatentDirichletAllocationParameters<L extends AnyDistribution = AnyDistribution> {
  /** Concentrations of the topic proportions, K numbers > 0. */
  readonly alpha: ArrayLike<number>;
  /** Distribution of the number of words Σc. Default: none; it scores 0. */
  readonly length?: L;
  /** The iterations for a document stop when γ changes by this part of itself, > 0. Default 1e-8. */
  readonly gammaThreshold?: number;
}

/** The words of a document: values with counts. */
export type TopicDocument<Cs extends readonly unknown[]> = readonly Counted<ComponentRow<Cs>>[];

/**
 * Latent Dirichlet allocation over topics of any family.
 * @example
 * const d = new LatentDirichletAllocationDistribution([topicA, topicB], { alpha: [0.5, 0.5] });
 * d.posterior([['ball', 2], ['vote', 1]]); // expected proportions of the topics, K numbers
 */
export class LatentDirichletAllocationDistribution<
    const Ds extends readonly AnyDistribution[],
    L extends AnyDistribution = NullDistribution,
  >
  extends PrintedModel
  implements Distribution<TopicDocument<Ds>, MultinomialColumns>, TopicModel
{
  static readonly typeName = 'LatentDirichletAllocation';
  static readonly typeVersion = 1;
  readonly topics: Ds;
  readonly alpha: readonly number[];
  readonly length: L;
  readonly gammaThreshold: number;
  readonly #router: Router;

  /**
   * @param topics  K >= 1 distributions over the same values
   * @throws {ParameterError}
   */
  constructor(topics: Ds & OverSameRows<Ds>, parameters: LatentDirichletAllocationParameters<L>) {
    super();
    const owner = 'LatentDirichletAllocationDistribution';
    checkAlike(owner, 'topics', topics);
    this.topics = topics;
    const { alpha, length: given, gammaThreshold = GAMMA_THRESHOLD } = checkObject(owner, parameters, ['alpha']);
    const length = lengthOrNone(owner, given);
    checkConcentrations(owner, 'alpha', alpha, topics.length);
    checkPositive(owner, 'gammaThreshold', gammaThreshold);
    this.alpha = Object.freeze(Array.from(alpha));
    this.length = length;
    this.gammaThreshold = gammaThreshold;
    this.#router = new Router('LatentDirichletAllocation', topics);
  }

  /** True when a topic's density has no upper bound. */
  get isUnbounded(): boolean {
    return this.topics.some((topic) => topic.isUnbounded === true);
  }

  /** Σ c log f_k(v) of each topic, without proportions and length; NaN for anything but a document. */
  componentLogDensity(x: TopicDocument<Ds>): number[] {
    if (!this.encoder().parts(x)) return this.topics.map(() => Number.NaN);
    return this.topics.map((topic) =>
      x.reduce((sum, [value, count]) => (count > 0 ? addLogs(sum, count * topic.logDensity(value)) : sum), 0),
    );
  }

  /** The variational bound on the log-likelihood, plus the score of the length. 0 for no words; NaN for anything but a document. */
  logDensity(x: TopicDocument<Ds>): number {
    return this.#solve(x)?.score ?? Number.NaN;
  }

  density(x: TopicDocument<Ds>): number {
    return exp(this.logDensity(x));
  }

  /**
   * γ / Σγ: the expected proportions of the topics in the document. One of density zero gets α / Σα.
   * @throws {ParameterError} for anything but a document
   */
  posterior(x: TopicDocument<Ds>): number[] {
    const solved = this.#solve(x);
    if (solved === undefined) throw notARow('LatentDirichletAllocationDistribution.posterior', this.encoder(), x);
    const sum = solved.gamma.reduce((total, share) => total + share, 0);
    return solved.gamma.map((share) => share / sum);
  }

  /** The score and γ of one document, whose values need not be such as can be encoded; `undefined` for anything else. */
  #solve(x: TopicDocument<Ds>): { readonly score: number; readonly gamma: readonly number[] } | undefined {
    const { alpha } = this;
    if (!Array.isArray(x) || !allOf(x, (pair) => isPair(pair) && typeof pair[1] === 'number')) return undefined;
    const words = (x as TopicDocument<Ds>).filter(([, count]) => count !== 0);
    if (words.some(([, count]) => Number.isNaN(count))) return undefined;
    if (!words.every(([, count]) => isCount(count))) return { score: -Infinity, gamma: alpha };
    const scores = this.topics.map((topic) => words.map(([value]) => topic.logDensity(value)));
    if (scores.flat().some(Number.isNaN)) return undefined;
    const counts = Float64Array.from(words, ([, count]) => count);
    const ofLength = this.length.logDensity(counts.reduce((sum, count) => sum + count, 0));
    const { bound, gamma } = solveDocument(this, scores, counts);
    return { score: addLogs(bound, ofLength), gamma };
  }

  seqLogDensity(columns: MultinomialColumns, start: number, end: number, out: Float64Array): void {
    scoreDocuments(this, this.#router, columns, start, end, out);
  }

  /** {@link posterior} of documents `[start, end)` into `out`, row-major [(end - start) × K]: each row sums to 1. */
  seqPosterior(columns: MultinomialColumns, start: number, end: number, out: Float64Array): void {
    const topicCount = this.topics.length;
    const scores = new Float64Array(end - start);
    scoreDocuments(this, this.#router, columns, start, end, scores, (memory, from, to) => {
      for (let row = from; row < to; row++) {
        const isPossible = scores[row - start]! > -Infinity;
        const shares = this.alpha.map((a, k) => (isPossible ? memory.gamma(row - from, k) : a));
        const sum = shares.reduce((all, share) => all + share, 0);
        for (const [k, share] of shares.entries()) out[(row - start) * topicCount + k] = share / sum;
      }
    });
  }

  /**
   * Draws proportions, a number of words and the words, and counts equal ones.
   * @param options  `length`: words of every document drawn, in place of the model of the length
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<Counted<ComponentRow<Ds>>[]> {
    const nextTotal = lengthSampler('LatentDirichletAllocationDistribution', this.length, seed, options);
    const rng = random(childSeed(seed, 'topic'));
    const topics = this.topics.map((topic, k) => topic.sampler(childSeed(seed, k)));
    const { alpha } = this;
    const proportions =
      alpha.length === 1 ? undefined : new DirichletDistribution({ alpha }).sampler(childSeed(seed, 'proportions'));
    return samplerOf(() => {
      const total = nextTotal();
      const theta = proportions?.sample() ?? [1];
      const counts = new Map<ComponentRow<Ds>, number>();
      for (let word = 0; word < total; word++) {
        const value = topics[drawIndex(rng, theta)]!.sample() as ComponentRow<Ds>; // all topics draw such values
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return [...counts];
    });
  }

  encoder(): MultinomialEncoder<RowOf<Ds[number]>> {
    return new MultinomialEncoder(this.#router.encoder, this.length.encoder(), 'LatentDirichletAllocation');
  }

  /** With a pseudo count, α and the topics are pulled towards this model. */
  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): LatentDirichletAllocationEstimator<
    { readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> },
    ReturnType<L['estimator']>
  > {
    const pseudoCount = pseudoCountOf('LatentDirichletAllocationDistribution', options);
    const topics = this.topics.map((topic) => topic.estimator(options));
    return new LatentDirichletAllocationEstimator(
      overSameRows<{ readonly [T in keyof Ds]: ReturnType<Ds[T]['estimator']> }>(topics),
      {
        length: this.length.estimator(options) as ReturnType<L['estimator']>,
        gammaThreshold: this.gammaThreshold,
        ...(options.pseudoCount === undefined ? {} : { pseudoCount, prior: this.alpha }),
      },
    );
  }

  toJSON() {
    const { topics, alpha, length, gammaThreshold } = this;
    return { type: 'LatentDirichletAllocation', topics, alpha, length, gammaThreshold } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): LatentDirichletAllocationDistribution<readonly AnyDistribution[], AnyDistribution> {
    const { topics, alpha, length, gammaThreshold } = checkFields('LatentDirichletAllocationDistribution', fields, {
      topics: 'array',
      alpha: 'numbers',
      length: 'unknown',
      gammaThreshold: 'number',
    });
    return new this(topics as readonly AnyDistribution[], { alpha, length: length as AnyDistribution, gammaThreshold });
  }
}

/**
 * Variational EM. E step: γ and φ of each document. M step: each topic from all words, weighted by c φ_nk; the α with
 * ψ(α_k) - ψ(Σα) = the mean of E log θ_k, by Newton's method.
 * @example
 * const topic = new CategoricalEstimator<string>();
 * const documents = [[['ball', 3], ['goal', 1]], [['vote', 2], ['law', 2]], [['ball', 1], ['law', 1]]] as const;
 * const { model } = optimize(documents, new LatentDirichletAllocationEstimator([topic, topic]), { seed: 1 });
 * model.posterior([['goal', 1]]); // expected proportions of the two topics
 */
export class LatentDirichletAllocationEstimator<
  const Es extends readonly AnyEstimator[],
  L extends AnyEstimator = NullEstimator,
> implements
    Estimator<
      TopicDocument<Es>,
      LatentDirichletAllocationDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>>,
      MultinomialColumns,
      LatentDirichletAllocationStatistic
    >
{
  readonly topics: Es;
  readonly pooling: Pooling<LatentDirichletAllocationStatistic> | undefined;
  readonly #items: ItemEstimators;

  /**
   * @param topics  K >= 1 estimators over the same values
   * @throws {ParameterError}
   */
  constructor(
    topics: Es & OverSameRows<Es>,
    readonly options: LatentDirichletAllocationOptions<L> = {},
  ) {
    const owner = 'LatentDirichletAllocationEstimator';
    checkAlikeEstimators(owner, 'topics', topics);
    this.topics = topics;
    checkTopicOptions(owner, options, topics.length);
    this.#items = new ItemEstimators('LatentDirichletAllocation', topics, options.length);
    this.pooling = poolingOfTopics(topics);
  }

  encoder(): MultinomialEncoder<RowOf<Es[number]>> {
    return new MultinomialEncoder(
      this.#items.router.encoder,
      this.#items.length.encoder(),
      'LatentDirichletAllocation',
    );
  }

  statisticLength({ items, lengths }: MultinomialColumns): number | undefined {
    return this.#items.statisticLength(1 + 2 * this.topics.length, { items: items.values, lengths });
  }

  accumulator({ items, lengths }: MultinomialColumns, statistic?: Float64Array): LatentDirichletAllocationAccumulator {
    const made = this.#items.accumulators(1 + 2 * this.topics.length, { items: items.values, lengths }, statistic);
    const { keys = {} } = this.options;
    return new LatentDirichletAllocationAccumulator(made.items, made.length, made.own, this.encoder(), keys);
  }

  estimate(
    statistic: LatentDirichletAllocationStatistic,
    report?: Report,
    pooled: LatentDirichletAllocationStatistic | undefined = this.pooling?.pool([statistic]),
  ): LatentDirichletAllocationDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>> {
    const { weight, logProportions, length } = statistic;
    const models = estimateTopics(this.topics, statistic, report, pooled);
    const alpha = this.#alphaOf(weight, logProportions, report);
    return this.#modelOf(models, alpha, this.#items.length.estimate(length, report?.at('length')));
  }

  #modelOf(
    topics: readonly AnyDistribution[],
    alpha: ArrayLike<number>,
    length: AnyDistribution,
  ): LatentDirichletAllocationDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>> {
    return new LatentDirichletAllocationDistribution(
      overSameRows<{ readonly [T in keyof Es]: ModelOf<Es[T]> }>(topics),
      { alpha, length: length as ModelOf<L>, gammaThreshold: this.options.gammaThreshold ?? GAMMA_THRESHOLD },
    );
  }

  /** Where a topic or the length has a prior that is a distribution. α is a point. */
  get bayes():
    | Bayes<
        LatentDirichletAllocationDistribution<{ readonly [T in keyof Es]: ModelOf<Es[T]> }, ModelOf<L>>,
        LatentDirichletAllocationStatistic,
        TopicPosterior<{ readonly [T in keyof Es]: PosteriorOf<Es[T]> }, PosteriorOf<L>>,
        MultinomialColumns
      >
    | undefined {
    return bayesOfTopics({
      topics: this.topics,
      length: this.#items.length,
      router: this.#items.router,
      pool: (statistic) => this.pooling?.pool([statistic]),
      gammaThreshold: this.options.gammaThreshold ?? GAMMA_THRESHOLD,
      alphaOf: ({ weight, logProportions }) => this.#alphaOf(weight, logProportions),
      logPriorOf: (alpha) => this.#logPriorOf(alpha) ?? 0,
      modelOf: (topics, alpha, length) => this.#modelOf(topics, alpha, length),
      withPrior: (topics, length) => another(topics, { ...this.options, length }),
    });
  }

  #alphaOf(weight: number, logProportions: Float64Array, report?: Report): ArrayLike<number> {
    return this.options.fixedAlpha ?? estimateConcentrations(weight, logProportions, this.options, report);
  }

  #logPriorOf(alpha: ArrayLike<number>): number | undefined {
    return this.options.fixedAlpha === undefined ? logConcentrationPrior(alpha, this.options) : undefined;
  }

  get takesLabels(): boolean {
    return true;
  }

  get hasPrior(): boolean {
    return (this.options.pseudoCount ?? 0) > 0 || this.#items.hasPrior;
  }

  parameterBlocks(
    model: LatentDirichletAllocationDistribution<readonly AnyDistribution[], AnyDistribution>,
  ): readonly ParameterBlock[] {
    const { keys = {}, fixedAlpha } = this.options;
    const isEstimated = fixedAlpha === undefined && this.topics.length > 1;
    return [
      {
        key: keys.alpha,
        count: isEstimated ? this.topics.length : 0,
        logPrior: this.#logPriorOf(model.alpha),
      },
      ...this.#items.parameterBlocks(keys.topics, model.topics, model.length),
    ];
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(
  topics: readonly AnyEstimator[],
  options: LatentDirichletAllocationOptions<AnyEstimator>,
): AnyEstimator {
  return new LatentDirichletAllocationEstimator(overSameRows<readonly AnyEstimator[]>(topics), options);
}
