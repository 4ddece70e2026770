/** The weight of each number of successes, and the number of trials that a fit has reached. */
import type { Accumulator, AnyDistribution, Draws } from '../../contract.js';
import { IntegerAccumulator, type IntegerColumns, type IntegerStatistic } from '../integers.js';
import type { LeafStatistic } from '../leafEstimator.js';

/** The weight of each value, and the largest value of the entering model: n never shrinks during a fit. */
export interface BinomialStatistic extends IntegerStatistic {
  readonly modelMax?: number | undefined;
}

/** What the E step needs of a model. */
interface BinomialModel extends AnyDistribution {
  readonly n: number;
  readonly min: number;
}

/** Sums the weight of each value, and remembers the range of the entering model. */
export class BinomialAccumulator implements Accumulator<IntegerColumns, BinomialStatistic, BinomialModel> {
  readonly kind = 'Binomial';
  readonly #counts: IntegerAccumulator;
  #modelMax: number | undefined;

  constructor(
    schema: IntegerColumns,
    statistic?: Float64Array,
    readonly key?: string,
  ) {
    this.#counts = new IntegerAccumulator('Binomial', schema, statistic);
  }

  begin(model: BinomialModel | undefined): void {
    this.#modelMax = model === undefined ? undefined : model.min + model.n;
  }

  seqUpdate(columns: IntegerColumns, start: number, end: number, weights: Float64Array): void {
    this.#counts.seqUpdate(columns, start, end, weights);
  }

  /** One more row spread over all values, so that every component of a mixture starts with all trials. */
  seqInitialize(columns: IntegerColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#counts.seqInitialize(columns, start, end, weights, draws);
  }

  /** Counts are added by value; of the entering models' largest values the larger one stays. */
  combine(other: BinomialStatistic): void {
    this.#counts.combine(other);
    if (other.modelMax !== undefined) this.#modelMax = Math.max(this.#modelMax ?? 0, other.modelMax);
  }

  value(): BinomialStatistic {
    return { ...this.#counts.value(), modelMax: this.#modelMax };
  }

  fromValue(statistic: BinomialStatistic): void {
    this.#counts.fromValue(statistic);
    this.#modelMax = statistic.modelMax;
  }
}

/** The statistic of a binomial distribution. Only p is a free parameter. */
export const BINOMIAL_COUNTS: LeafStatistic<IntegerColumns, BinomialStatistic> = {
  length: ({ values }) => values.length,
  accumulator: (schema, statistic, key) => new BinomialAccumulator(schema, statistic, key),
  parameterCount: 1,
};
