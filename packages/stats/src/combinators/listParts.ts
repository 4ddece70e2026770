/** What families of lists do with their items and with the number of these, whatever columns the items have. */
import { checkEstimator } from '../checks/parameters.js';
import type {
  Accumulator,
  AnyDistribution,
  AnyEstimator,
  Columns,
  Draws,
  ParameterBlock,
  Pooling,
  Report,
  Scorer,
  Scratch,
} from '../contract.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, initializeChild, lengthWithChildren } from '../tree/children.js';
import { poolChildren, poolingOf } from '../tree/pooling.js';
import { lengthEstimator } from './lengthModel.js';

/** Additive over rows: the statistic of the items, by weight, and that of the lengths. */
export interface ListStatistic {
  readonly items: unknown;
  readonly length: unknown;
}

/** The columns of the items of all lists, and of their lengths. The items of list i are `offsets[i] … offsets[i + 1] - 1`. */
export interface ListColumns {
  readonly offsets: Int32Array;
  readonly items: Columns;
  readonly lengths: Columns;
}

/** The estimators of the items and of the length. */
export class ListEstimators {
  readonly length: AnyEstimator;
  readonly pooling: Pooling<ListStatistic> | undefined;
  readonly #both: readonly [AnyEstimator, AnyEstimator];

  /**
   * @param family  without «Estimator»
   * @param length  default: none
   * @throws {ParameterError}
   */
  constructor(family: string, items: AnyEstimator, length: AnyEstimator | undefined) {
    checkEstimator(`${family}Estimator`, 'estimator', items);
    this.length = lengthEstimator(`${family}Estimator`, length);
    this.#both = [items, this.length];
    this.pooling = poolingOf(family, this.#both, (parts) => {
      const statistics = parts.map((part) => [part.items, part.length]);
      const [pooledItems, pooledLength] = poolChildren(this.#both, statistics);
      return { items: pooledItems, length: pooledLength };
    });
  }

  statisticLength(schema: Omit<ListColumns, 'offsets'>): number | undefined {
    return lengthWithChildren(0, this.#both, (child) => (child === 0 ? schema.items : schema.lengths));
  }

  accumulators(schema: Omit<ListColumns, 'offsets'>, statistic?: Float64Array): ListAccumulators {
    const schemaOf = (child: number) => (child === 0 ? schema.items : schema.lengths);
    const [items, length] = accumulatorsOf(0, this.#both, schemaOf, statistic).children;
    return new ListAccumulators(items!, length!);
  }

  estimate(
    { items, length }: ListStatistic,
    report: Report | undefined,
    pooled: ListStatistic | undefined,
  ): { readonly dist: AnyDistribution; readonly length: AnyDistribution } {
    return {
      dist: this.#both[0].estimate(items, report?.at('dist'), pooled?.items),
      length: this.length.estimate(length, report?.at('length'), pooled?.length),
    };
  }

  get hasPrior(): boolean {
    return anyPrior(this.#both);
  }

  parameterBlocks(
    key: string | undefined,
    model: { readonly dist: AnyDistribution; readonly length: AnyDistribution },
  ): readonly ParameterBlock[] {
    return blocksWithChildren(key, [], this.#both, [model.dist, model.length]);
  }
}

/** Their accumulators. */
export class ListAccumulators {
  readonly children: readonly Accumulator[];

  constructor(
    readonly items: Accumulator,
    readonly length: Accumulator,
  ) {
    this.children = [items, length];
  }

  kindOf(family: string): string {
    return `${family}[${this.items.kind ?? '?'}, ${this.length.kind ?? '?'}]`;
  }

  begin(
    model: { readonly dist: Scorer; readonly length: Scorer } | undefined,
    { items, lengths }: ListColumns,
    scratch: Scratch,
  ): void {
    this.items.begin?.(model?.dist, items, scratch);
    this.length.begin?.(model?.length, lengths, scratch);
  }

  /** @param itemWeights  of the items of the lists `[start, end)`, whose own weights are `weights` */
  seqUpdate(
    { offsets, items, lengths }: ListColumns,
    start: number,
    end: number,
    itemWeights: Float64Array,
    weights: Float64Array,
    model: { readonly dist: Scorer; readonly length: Scorer } | undefined,
  ): void {
    this.items.seqUpdate(items, offsets[start]!, offsets[end]!, itemWeights, model?.dist);
    this.length.seqUpdate(lengths, start, end, weights, model?.length);
  }

  seqInitialize(
    { offsets, items, lengths }: ListColumns,
    start: number,
    end: number,
    itemWeights: Float64Array,
    weights: Float64Array,
    draws: Draws,
  ): void {
    initializeChild(this.items, items, offsets[start]!, offsets[end]!, itemWeights, draws.child('items'));
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine({ items, length }: ListStatistic): void {
    this.items.combine(items);
    this.length.combine(length);
  }

  value(): ListStatistic {
    return { items: this.items.value(), length: this.length.value() };
  }

  fromValue({ items, length }: ListStatistic): void {
    this.items.fromValue(items);
    this.length.fromValue(length);
  }
}
