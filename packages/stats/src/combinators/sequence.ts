/**
 * A list of independent items: f(x_1, …, x_n) = g(n) Π_j f(x_j), with an optional model g of the length. Lists may be empty
 * and of any length.
 */

import { bayesOfChildren, type PosteriorOf } from '../bayes/children.js';
import { checkEstimatorOptions, checkFlag, checkOptions, pseudoCountOf } from '../checks/options.js';
import { checkDistribution, checkFields } from '../checks/parameters.js';
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
  Step,
} from '../contract.js';
import { ParameterError } from '../errors.js';
import { exp } from '../numeric/elementary.js';
import { addLogs } from '../numeric/logSumExp.js';
import { childSeed, samplerOf } from '../numeric/random.js';
import { PrintedModel } from '../tree/modelText.js';
import { checkLengthModel, type ListSamplerOptions, lengthSampler } from './lengthModel.js';
import { ListMemory, listScorer } from './listAccumulator.js';
import { ListEstimators } from './listParts.js';
import { NullDistribution, type NullEstimator } from './null.js';
import { SEQUENCES, SequenceAccumulator, type SequenceStatistic } from './sequenceAccumulator.js';
import type { SequenceColumns } from './sequenceColumns.js';
import { SequenceEncoder } from './sequenceColumns.js';

export type { SequenceAccumulator, SequenceColumns, SequenceEncoder, SequenceStatistic };

/** Parameters of {@link SequenceDistribution}. */
export interface SequenceParameters<L extends AnyDistribution> {
  /** Distribution of the number of items. Default: none; it scores 0, and sequences cannot be drawn. */
  readonly length?: L;
  /**
   * True divides the items' log-density by their number, so that long rows weigh no more than short ones. The result is
   * then not a probability density. The length's log-density is never divided. Default false.
   */
  readonly lengthNormalized?: boolean;
}

/**
 * Independent items from one distribution.
 * @example
 * const d = new SequenceDistribution(new CategoricalDistribution({ a: 0.5, b: 0.5 }));
 * d.density(['a', 'b', 'b']); // 0.125
 * d.density([]);              // 1
 */
export class SequenceDistribution<D extends AnyDistribution, L extends AnyDistribution = NullDistribution>
  extends PrintedModel
  implements Distribution<readonly RowOf<D>[], SequenceColumns>
{
  static readonly typeName = 'Sequence';
  static readonly typeVersion = 1;
  readonly length: L;
  readonly lengthNormalized: boolean;
  readonly #isUnbounded: boolean;
  readonly #memory = new ListMemory();

  /**
   * @param dist  the distribution of one item
   * @throws {ParameterError} unless `lengthNormalized` is a boolean, and `length` a distribution over integers
   */
  constructor(
    readonly dist: D,
    parameters: SequenceParameters<L> = {},
  ) {
    super();
    checkOptions('SequenceDistribution', parameters, ['length', 'lengthNormalized']);
    const { length, lengthNormalized = false } = parameters;
    checkDistribution('SequenceDistribution', 'dist', dist);
    // Without a length model, L is its default: NullDistribution.
    this.length = length ?? (new NullDistribution() as AnyDistribution as L);
    checkLengthModel('SequenceDistribution', 'length', this.length);
    if (typeof lengthNormalized !== 'boolean') {
      throw new ParameterError('SequenceDistribution', 'lengthNormalized', 'true or false', lengthNormalized);
    }
    this.lengthNormalized = lengthNormalized;
    this.#isUnbounded = dist.isUnbounded === true || this.length.isUnbounded === true;
  }

  get isUnbounded(): boolean {
    return this.#isUnbounded;
  }

  /** NaN for anything but a list. */
  logDensity(x: readonly RowOf<D>[]): number {
    if (!Array.isArray(x)) return Number.NaN;
    let sum = 0;
    for (const item of x) sum = addLogs(sum, this.dist.logDensity(item));
    if (this.lengthNormalized && x.length > 0) sum /= x.length;
    return addLogs(sum, this.length.logDensity(x.length));
  }

  density(x: readonly RowOf<D>[]): number {
    return exp(this.logDensity(x));
  }

  seqLogDensity(columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    SEQUENCES.score(this, undefined, columns, start, end, out, this.#memory);
  }

  /**
   * @param options  `length`: items of every list drawn, in place of the model of the length
   * @throws {ParameterError} when there is neither
   */
  sampler(seed: Seed, options?: ListSamplerOptions): Sampler<RowOf<D>[]> {
    const items = this.dist.sampler(childSeed(seed, 'items'));
    const nextLength = lengthSampler('SequenceDistribution', this.length, seed, options);
    // The item sampler draws rows of D.
    return samplerOf(() => items.sample(nextLength()) as RowOf<D>[]);
  }

  encoder(): SequenceEncoder<RowOf<D>> {
    return new SequenceEncoder(this.dist.encoder(), this.length.encoder());
  }

  estimator(
    options: { readonly pseudoCount?: number } = {},
  ): SequenceEstimator<ReturnType<D['estimator']>, ReturnType<L['estimator']>> {
    pseudoCountOf('SequenceDistribution', options);
    return new SequenceEstimator(this.dist.estimator(options) as ReturnType<D['estimator']>, {
      length: this.length.estimator(options) as ReturnType<L['estimator']>,
      lengthNormalized: this.lengthNormalized,
    });
  }

  /** Of some values of each item. */
  marginalOf(
    steps: Step | readonly Step[],
    of: (child: AnyDistribution, steps: Step | readonly Step[]) => AnyDistribution,
  ): AnyDistribution {
    return sequenceOf(of(this.dist, steps), this);
  }

  toJSON() {
    return {
      type: 'Sequence',
      dist: this.dist,
      length: this.length,
      lengthNormalized: this.lengthNormalized,
    } as const;
  }

  /** @throws {ParameterError} when a parameter is missing or out of range. */
  static fromJSON(fields: Readonly<Record<string, unknown>>): SequenceDistribution<AnyDistribution, AnyDistribution> {
    const owner = 'SequenceDistribution';
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

/** What is known after the data of the items' parameters, and of the length's. */
export interface SequencePosterior<Q, R> {
  readonly dist: Q;
  readonly length: R;
}

/** Options of {@link SequenceEstimator}. */
export interface SequenceOptions<L extends AnyEstimator> {
  /**
   * Estimator of the number of items. Default: none. `new IgnoredEstimator(g)` takes the lengths to be distributed as g.
   */
  readonly length?: L;
  /** True gives each item the weight of its row divided by the row's length; see {@link SequenceParameters}. */
  readonly lengthNormalized?: boolean;
  /** Sequences with equal keys get equal parameters of items and of length. */
  readonly key?: string;
}

/**
 * Estimates the items' distribution from all items, and that of the length from all rows.
 * @example
 * const estimator = new SequenceEstimator(new GaussianEstimator(), { length: new PoissonEstimator() });
 * const { model } = optimize([[1, 2], [], [3]], estimator);
 * model.dist.mu;       // 2
 * model.length.lambda; // 1
 */
export class SequenceEstimator<E extends AnyEstimator, L extends AnyEstimator = NullEstimator>
  implements
    Estimator<readonly RowOf<E>[], SequenceDistribution<ModelOf<E>, ModelOf<L>>, SequenceColumns, SequenceStatistic>
{
  readonly #parts: ListEstimators;

  /**
   * @param estimator  the estimator of one item
   * @throws {ParameterError}
   */
  constructor(
    readonly estimator: E,
    readonly options: SequenceOptions<L> = {},
  ) {
    checkEstimatorOptions('SequenceEstimator', options, { length: true, lengthNormalized: checkFlag, key: true });
    this.#parts = new ListEstimators('Sequence', estimator, options.length);
  }

  encoder(): SequenceEncoder<RowOf<E>> {
    return new SequenceEncoder(this.estimator.encoder(), this.#parts.length.encoder());
  }

  statisticLength(schema: SequenceColumns): number | undefined {
    return this.#parts.statisticLength(schema);
  }

  accumulator(schema: SequenceColumns, statistic?: Float64Array): SequenceAccumulator {
    const { lengthNormalized = false, key } = this.options;
    return new SequenceAccumulator(this.#parts.accumulators(schema, statistic), lengthNormalized, key);
  }

  estimate(
    statistic: SequenceStatistic,
    report?: Report,
    pooled?: SequenceStatistic,
  ): SequenceDistribution<ModelOf<E>, ModelOf<L>> {
    const { dist, length } = this.#parts.estimate(statistic, report, pooled);
    // What the estimators E and L make.
    return new SequenceDistribution(dist as ModelOf<E>, {
      length: length as ModelOf<L>,
      lengthNormalized: this.options.lengthNormalized ?? false,
    });
  }

  get pooling(): Pooling<SequenceStatistic> | undefined {
    return this.#parts.pooling;
  }

  get hasPrior(): boolean {
    return this.#parts.hasPrior;
  }

  /** Where the items or the length have a prior that is a distribution: their parameters are independent. */
  get bayes():
    | Bayes<
        SequenceDistribution<ModelOf<E>, ModelOf<L>>,
        SequenceStatistic,
        SequencePosterior<PosteriorOf<E>, PosteriorOf<L>>,
        SequenceColumns
      >
    | undefined {
    const { lengthNormalized = false } = this.options;
    return bayesOfChildren([this.estimator, this.#parts.length], {
      statistics: ({ items, length }: SequenceStatistic) => [items, length],
      models: ({ dist, length }: SequenceDistribution<ModelOf<E>, ModelOf<L>>) => [dist, length],
      known: ({ dist, length }: SequencePosterior<PosteriorOf<E>, PosteriorOf<L>>) => [dist, length],
      join: ([dist, length]) => ({ dist: dist as PosteriorOf<E>, length: length as PosteriorOf<L> }),
      mode: ([dist, length]) =>
        new SequenceDistribution(dist as ModelOf<E>, { length: length as ModelOf<L>, lengthNormalized }),
      expectedScorer: ([dist, length]) => listScorer(SEQUENCES, dist!, length!, lengthNormalized),
      ...(!lengthNormalized && {
        predictive: (row: readonly unknown[], of) => of(0, row) + of(1, [row.length]),
        lists: [0],
      }),
      withPrior: ([estimator, length]) => another(estimator!, { ...this.options, length: length! }),
    });
  }

  parameterBlocks(model: SequenceDistribution<ModelOf<E>, ModelOf<L>>): readonly ParameterBlock[] {
    return this.#parts.parameterBlocks(this.options.key, model);
  }
}

/** Outside the class: bundlers rename one that names itself in its body. */
function sequenceOf(
  dist: AnyDistribution,
  { length, lengthNormalized }: { readonly length: AnyDistribution; readonly lengthNormalized: boolean },
): SequenceDistribution<AnyDistribution, AnyDistribution> {
  return new SequenceDistribution(dist, { length, lengthNormalized });
}

/** Likewise. */
function another(
  estimator: AnyEstimator,
  options: SequenceOptions<AnyEstimator>,
): SequenceEstimator<AnyEstimator, AnyEstimator> {
  return new SequenceEstimator(estimator, options);
}
