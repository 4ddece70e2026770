/** What all leaf estimators do alike: they make accumulators of one statistic, and say how it is pooled and how many parameters it tells. */
import type {
  Accumulator,
  AnyDistribution,
  Columns,
  Encoder,
  Estimator,
  ParameterBlock,
  Pooling,
  Report,
} from '../contract.js';
import { poolWith } from '../tree/pooling.js';
import type { NumberEncoder } from './numberEncoder.js';

/** The statistic of a family. */
export interface LeafStatistic<C extends Columns, S, A extends Accumulator<C, S> = Accumulator<C, S>> {
  /** How many numbers it is. */
  length(schema: C): number;
  /** A zero accumulator. */
  accumulator(schema: C, statistic: Float64Array | undefined, key: string | undefined): A;
  /** How the statistics of components become that of all rows, for families that have a floor. */
  readonly pooling?: Pooling<S>;
  /** Free parameters. */
  readonly parameterCount: number;
}

/**
 * The statistic of a family whose accumulators are all alike.
 * @param make  a zero accumulator that sums into this memory
 * @param isPooled  true for a family whose components have a floor, from all rows. Default false
 */
export function statisticOf<
  C extends Columns,
  S extends { readonly count: number },
  A extends Accumulator<C, S> = Accumulator<C, S>,
>(
  kind: string,
  length: number,
  make: (statistic?: Float64Array, key?: string) => A,
  { parameterCount, isPooled = false }: { readonly parameterCount: number; readonly isPooled?: boolean },
): LeafStatistic<C, S, A> {
  return {
    length: () => length,
    accumulator: (_schema, statistic, key) => make(statistic, key),
    parameterCount,
    ...(isPooled && { pooling: poolWith<S>(kind, () => make()) }),
  };
}

/**
 * The base of a leaf estimator. Its options and their checks, and `estimate`, are the family's own.
 * @typeParam D  the distribution
 * @typeParam C  the columns
 * @typeParam S  the statistic
 * @typeParam T  the rows
 * @typeParam E  the encoder, and
 * @typeParam A  the accumulator, where more of them is known
 */
export abstract class LeafEstimator<
  D extends AnyDistribution,
  C extends Columns,
  S,
  T = number,
  E extends Encoder<T, C> = NumberEncoder<C> & Encoder<T, C>,
  A extends Accumulator<C, S> = Accumulator<C, S>,
> implements Estimator<T, D, C, S>
{
  readonly #encoder: E;
  readonly #statistic: LeafStatistic<C, S, A>;

  protected constructor(encoder: E, statistic: LeafStatistic<C, S, A>) {
    this.#encoder = encoder;
    this.#statistic = statistic;
  }

  abstract readonly options: { readonly key?: string; readonly pseudoCount?: number };

  /** The M step. */
  abstract estimate(statistic: S, report?: Report, pooled?: S): D;

  encoder(): E {
    return this.#encoder;
  }

  statisticLength(schema: C): number | undefined {
    return this.#statistic.length(schema);
  }

  accumulator(schema: C, statistic?: Float64Array): A {
    return this.#statistic.accumulator(schema, statistic, this.options.key);
  }

  get pooling(): Pooling<S> | undefined {
    return this.#statistic.pooling;
  }

  /** With imaginary rows, or a prior that is a distribution over the parameters. */
  get hasPrior(): boolean {
    return this.#bayes !== undefined || (this.options.pseudoCount ?? 0) > 0;
  }

  /** The families whose prior may be a distribution over the parameters have it. */
  get #bayes(): { logPrior(model: unknown): number } | undefined {
    return (this as { readonly bayes?: { logPrior(model: unknown): number } | undefined }).bayes;
  }

  parameterBlocks(model: AnyDistribution): readonly ParameterBlock[] {
    return [{ key: this.options.key, count: this.#statistic.parameterCount, logPrior: this.logPriorAt(model) }];
  }

  /** The log-density of the prior at `model`, for its parameter block. `undefined` without a prior. */
  protected logPriorAt(model: AnyDistribution): number | undefined {
    // never: which class of models this estimator makes is known to the families alone
    return this.#bayes === undefined ? this.logOfImaginaryRows(model as never) : this.#bayes.logPrior(model);
  }

  /** What imaginary rows add to the log-likelihood. Default: it is not known, or there are none. */
  protected logOfImaginaryRows(_model: never): number | undefined {
    return undefined;
  }
}

/** The same estimator with other options. By its constructor: bundlers rename a class that names itself in its body. */
export function withOptions<E extends { readonly options: object }>(estimator: E, change: Partial<E['options']>): E {
  const Same = estimator.constructor as new (options: object) => E; // estimators of leaves take their options alone
  return new Same({ ...estimator.options, ...change });
}
