/**
 * Values with counts, drawn independently: log f(x) = Σ_j c_j log f(v_j) + log g(Σ_j c_j) for a row x of pairs (v_j, c_j), with
 * an optional model g of the total. This is the likelihood of the draws one after the other, a {@link SequenceDistribution} of
 * the same draws: the multinomial coefficient, which no parameter changes, is left out.
 * Source: Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), ch. 35.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, checkFlag, checkOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkFields } from '../checks/parameters.js';
import { allOf } from '../checks/rows.js';
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
} from '../contract.js';
import { exp } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import { checkLengthModel, type ListSamplerOptions, lengthSampler } from './lengthModel.js';
import { ListMemory, listScorer } from './listAccumulator.js';
import { ListEstimators } from './listParts.js';
import { COUNTED_LISTS, listsOf, MultinomialAccumulator, type MultinomialStatistic } from './multinomialAccumulator.js';
import { type Counted, isCount, isPair, type MultinomialColumns, MultinomialEncoder } from './multinomialColumns.js';
import { NullDistribution, type NullEstimator } from './null.js';
import type { SequencePosterior } from './sequence.js';

export type { Counted, MultinomialAccumulator, MultinomialColumns, MultinomialEncoder, MultinomialStatistic };

/** Parameters of {@link MultinomialDistribution}. */
export interface MultinomialParameters<L extends AnyDistribution> {
  /** Distribution of the total count. Default: none; it scores 0, and rows cannot be drawn. */
  readonly length?: L;
  /**
   * True divides the values' log-density by the total, so that rows of large totals weigh no more than others. The result is
   * then not a probability. The total's log-density is never divided. Default false.
   */
  readonly lengthNormalized?: boolean;
}

/**
 * Independent draws from one distribution, as values with counts.
 * @example
 * const d = new MultinomialDistribution(new CategoricalDistribution({ a: 0.5, b: 0.5 }));
 * d.density([['a', 1], ['b', 2]]); // 0.125
 * d.density([]);                   // 1
 */
export class MultinomialDistribution<D extends AnyDistribution, L extends AnyDistribution = NullDistribution>
  extends PrintedModel
  implements Distribution<readonly Counted<RowOf<D>>[], MultinomialColumns>
{
  static readonly typeName = 'Multinomial';
  static readonly typeVersion = 1;
  readonly length: L;
  readonly lengthNormalized: boolean;
  readonly #isUnbounded: boolean;
  readonly #memory = new ListMemory();

  /**
   * @param dist  the distribution of one draw
   * @throws {ParameterError} unless `lengthNormalized` is a boolean, and `length` a distribution over integers
   */
  constructor(
    readonly dist: D,
    parameters: MultinomialParameters<L> = {},
  ) {
    super();
    checkOptions('MultinomialDistribution', parameters, ['length', 'lengthNormalized']);
    const { length, lengthNormalized = false } = parameters;
    const owner = 'MultinomialDistribution';
    checkDistribution(owner, 'dist', dist);
    // Without a model of the total, L is its default: NullDistribution.
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkLengthModel(owner, 'length', this.length);
    checkFlag(owner, 'lengthNormalized', lengthNormalized);
    this.lengthNormalized = lengthNormalized;
    this.#isUnbounded = dist.isUnbounded === true || this.length.isUnbounded === true;
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** A value of count 0 adds nothing, possible or not. NaN for anything but a list of pairs; -Infinity for a count below 0. */
  logDensity(x: readonly Counted<RowOf<D>>[]): number {
    if (!Array.isArray(x) || !allOf(x, isPair)) return Number.NaN;
    let sum = 0;
    let total = 0;
    for (const [value, count] of x as readonly Counted<RowOf<D>>[]) {
      if (typeof count !== 'number' || Number.isNaN(count)) return Number.NaN;
      if (!isCount(count)) return -Infinity;
      if (count > 0) sum = addLogs(sum, count * this.dist.logDensity(value));
      total += count;
    }
    if (this.lengthNormalized && total > 0) sum /= total;
    return addLogs(sum, this.length.logDensity(total));
  }

  density(x: readonly Counted<RowOf<D>>[]): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: MultinomialColumns, start: number, end: number, out: Float64Array): void {
    COUNTED_LISTS.score(this, undefined, columns, start, end, out, this.#memory);
  }

  /**
   * Draws a total, then as many values, and counts equal ones: numbers in ascending order, others in the order drawn.
   * @param options  `length`: the total of every row drawn, in place of the model of the total
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<Counted<RowOf<D>>[]> {
    const values = this.dist.sampler(childSeed(seed, 'items'));
    const nextTotal = lengthSampler('MultinomialDistribution', this.length, seed, options);
    return samplerOf(() => {
      const total = nextTotal();
      const counts = new Map<RowOf<D>, number>();
      for (let draw = 0; draw < total; draw++) {
        const value = values.sample() as RowOf<D>; // the sampler of D draws rows of D
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return [...counts].sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
    });
  }

  encoder(): MultinomialEncoder<RowOf<D>> {
    return new MultinomialEncoder(this.dist.encoder(), this.length.encoder());
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): MultinomialEstimator<ReturnType<D['estimator']>, ReturnType<L['estimator']>> {
    pseudoCountOf('MultinomialDistribution', options);
    return new MultinomialEstimator(this.dist.estimator(options) as ReturnType<D['estimator']>, {
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      lengthNormalized: this.lengthNormalized,
    });
  }

  toJSON() {
    const { dist, length, lengthNormalized } = this;
    return { type: 'Multinomial', dist, length, lengthNormalized } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(
    fields: Readonly<Record<string, unknown>>,
  ): MultinomialDistribution<AnyDistribution, AnyDistribution> {
    const owner = 'MultinomialDistribution';
    const { dist, length, lengthNormalized } = checkFields(owner, fields, {
      dist: 'unknown',
      length: 'unknown',
      lengthNormalized: 'unknown',
    });
    return new this<AnyDistribution, AnyDistribution>(checkDistribution(owner, 'dist', dist), {
      length: checkDistribution(owner, 'length', length),
      lengthNormalized: lengthNormalized as boolean,
    });
  }
}

/** Options of {@link MultinomialEstimator}. */
export interface MultinomialOptions<L extends AnyEstimator> {
  /** Estimator of the total count. Default: none. `new IgnoredEstimator(g)` takes the totals to be distributed as g. */
  readonly length?: L;
  /** True divides each count by the total of its row; see {@link MultinomialParameters}. */
  readonly lengthNormalized?: boolean;
  /** Multinomials with equal keys get equal parameters of values and of totals. */
  readonly key?: string;
}

/**
 * Estimates the distribution of a draw from all values by their counts, and that of the total from all rows.
 * @example
 * const estimator = new MultinomialEstimator(new CategoricalEstimator(), { length: new PoissonEstimator() });
 * const { model } = optimize([[['a', 3], ['b', 1]], [['a', 2]]], estimator);
 * model.dist.density('a'); // 5/6
 * model.length.lambda;     // 3
 */
export class MultinomialEstimator<E extends AnyEstimator, L extends AnyEstimator = NullEstimator>
  implements
    Estimator<
      readonly Counted<RowOf<E>>[],
      MultinomialDistribution<ModelOf<E>, ModelOf<L>>,
      MultinomialColumns,
      MultinomialStatistic
    >
{
  readonly #parts: ListEstimators;

  /**
   * @param estimator  the estimator of one draw
   * @throws {ParameterError}
   */
  constructor(
    readonly estimator: E,
    readonly options: MultinomialOptions<L> = {},
  ) {
    checkEstimatorOptions('MultinomialEstimator', options, { length: true, lengthNormalized: checkFlag, key: true });
    this.#parts = new ListEstimators('Multinomial', estimator, options.length);
  }

  encoder(): MultinomialEncoder<RowOf<E>> {
    return new MultinomialEncoder(this.estimator.encoder(), this.#parts.length.encoder());
  }

  statisticLength(schema: MultinomialColumns): number | undefined {
    return this.#parts.statisticLength(listsOf(schema));
  }

  accumulator(schema: MultinomialColumns, statistic?: Float64Array): MultinomialAccumulator {
    const { lengthNormalized = false, key } = this.options;
    return new MultinomialAccumulator(this.#parts.accumulators(listsOf(schema), statistic), lengthNormalized, key);
  }

  estimate(
    statistic: MultinomialStatistic,
    report?: Report,
    pooled?: MultinomialStatistic,
  ): MultinomialDistribution<ModelOf<E>, ModelOf<L>> {
    const { dist, length } = this.#parts.estimate(statistic, report, pooled);
    // What the estimators E and L make.
    return new MultinomialDistribution(dist as ModelOf<E>, {
      length: length as ModelOf<L>,
      lengthNormalized: this.options.lengthNormalized ?? false,
    });
  }

  get pooling(): Pooling<MultinomialStatistic> | undefined {
    return this.#parts.pooling;
  }

  get hasPrior(): boolean {
    return this.#parts.hasPrior;
  }

  /** Where the values or the totals have a prior that is a distribution. */
  get bayes():
    | Bayes<
        MultinomialDistribution<ModelOf<E>, ModelOf<L>>,
        MultinomialStatistic,
        SequencePosterior<PosteriorOf<E>, PosteriorOf<L>>,
        MultinomialColumns
      >
    | undefined {
    const { lengthNormalized = false } = this.options;
    return bayesOfChildren([this.estimator, this.#parts.length], {
      statistics: ({ items, length }: MultinomialStatistic) => [items, length],
      models: ({ dist, length }: MultinomialDistribution<ModelOf<E>, ModelOf<L>>) => [dist, length],
      known: ({ dist, length }: SequencePosterior<PosteriorOf<E>, PosteriorOf<L>>) => [dist, length],
      join: ([dist, length]) => ({ dist: dist as PosteriorOf<E>, length: length as PosteriorOf<L> }),
      mode: ([dist, length]) =>
        new MultinomialDistribution(dist as ModelOf<E>, { length: length as ModelOf<L>, lengthNormalized }),
      expectedScorer: ([dist, length]) => listScorer(COUNTED_LISTS, dist!, length!, lengthNormalized),
      ...(!lengthNormalized && {
        // Draws one after the other, as the density has no multinomial coefficient.
        predictive: (row: readonly Counted<unknown>[], of) => {
          if (!row.every(([, count]) => Number.isSafeInteger(count) && count >= 0)) return -Infinity;
          const draws = row.flatMap(([value, count]) => new Array<unknown>(count).fill(value));
          return of(0, draws) + of(1, [draws.length]);
        },
        lists: [0],
      }),
      withPrior: ([estimator, length]) => another(estimator!, { ...this.options, length: length! }),
    });
  }

  parameterBlocks(model: MultinomialDistribution<ModelOf<E>, ModelOf<L>>): readonly ParameterBlock[] {
    return this.#parts.parameterBlocks(this.options.key, model);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function another(
  estimator: AnyEstimator,
  options: MultinomialOptions<AnyEstimator>,
): MultinomialEstimator<AnyEstimator, AnyEstimator> {
  return new MultinomialEstimator(estimator, options);
}
