/** The estimators of a hidden semi-Markov model: of its emissions, of its durations, and of the length of lists. */
import type { AnyDistribution, AnyEstimator, Columns, Pooling, Report } from '../../contract.js';
import { accumulatorsOf, lengthWithChildren } from '../../tree/children.js';
import { hiddenPoolingOf, poolComponents } from '../../tree/pooling.js';
import { mixtureStates } from '../hiddenMarkov/start.js';
import { Router } from '../route.js';
import {
  HiddenSemiMarkovAccumulator,
  type HiddenSemiMarkovKeys,
  type HiddenSemiMarkovStatistic,
} from './accumulator.js';
import { type SegmentedColumns, SegmentedEncoder } from './columns.js';

export class SegmentEstimators {
  readonly pooling: Pooling<HiddenSemiMarkovStatistic> | undefined;
  readonly #router: Router;

  constructor(
    readonly emissions: readonly AnyEstimator[],
    readonly durations: readonly AnyEstimator[],
    readonly length: AnyEstimator,
  ) {
    this.#router = new Router('HiddenSemiMarkov', emissions);
    this.pooling = hiddenPoolingOf('HiddenSemiMarkov', emissions, (parts) => ({
      ...parts[0]!,
      emissions: poolComponents(
        emissions,
        parts.map((part) => part.emissions),
      ),
    }));
  }

  get children(): readonly AnyEstimator[] {
    return [...this.emissions, ...this.durations, this.length];
  }

  /** Numbers of the tables themselves. */
  get #ownLength(): number {
    return this.emissions.length * (this.emissions.length + 1);
  }

  #schemaOf({ items, durations, lengths }: SegmentedColumns): (child: number) => Columns {
    const { length } = this.emissions;
    return (child) => {
      if (child < length) return this.#router.columnsOf(items, child);
      return child < 2 * length ? durations[child - length]!.columns : lengths;
    };
  }

  encoder(shift: readonly number[], maxDuration: number): SegmentedEncoder<unknown> {
    const durations = this.durations.map((family) => family.encoder());
    return new SegmentedEncoder(this.#router.encoder, this.length.encoder(), durations, shift, maxDuration);
  }

  statisticLength(schema: SegmentedColumns): number | undefined {
    return lengthWithChildren(this.#ownLength, this.children, this.#schemaOf(schema));
  }

  accumulator(
    schema: SegmentedColumns,
    statistic: Float64Array | undefined,
    keys: HiddenSemiMarkovKeys,
  ): HiddenSemiMarkovAccumulator {
    const { length } = this.emissions;
    const made = accumulatorsOf(this.#ownLength, this.children, this.#schemaOf(schema), statistic);
    return new HiddenSemiMarkovAccumulator(
      this.#router.accumulators(made.children.slice(0, length), schema.items),
      made.children.slice(length, 2 * length),
      made.children[2 * length]!,
      made.own,
      keys,
      mixtureStates(this.emissions),
    );
  }

  /** The models of all states. One that no segment reached is reported as dead, once. */
  estimate(
    name: 'emissions' | 'durations',
    statistic: HiddenSemiMarkovStatistic,
    report: Report | undefined,
    pooled: readonly unknown[] | undefined,
  ): AnyDistribution[] {
    const { initial, transitions } = statistic;
    const stateCount = initial.length;
    const isReached = (s: number) => initial[s]! > 0 || initial.some((_, r) => transitions[r * stateCount + s]! > 0);
    return this[name].map((part, s) => {
      const place = report?.at(name, s);
      if (!isReached(s) && name === 'emissions') place?.add('dead', 'no item belongs to this state.');
      return part.estimate(statistic[name][s], isReached(s) ? place : undefined, pooled?.[s]);
    });
  }
}
