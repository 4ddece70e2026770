/** Estimators of the same items, and one of the number of these: the states of a chain, the topics of a bag. */
import { lengthEstimator } from '../combinators/lengthModel.js';
import type { Accumulator, AnyDistribution, AnyEstimator, Columns, ParameterBlock } from '../contract.js';
import { accumulatorsOf, anyPrior, blocksWithChildren, lengthWithChildren } from '../tree/children.js';
import { Router } from './route.js';

/** The columns of the items, and of their number. */
export interface ItemSchema {
  readonly items: Columns;
  readonly lengths: Columns;
}

export class ItemEstimators {
  readonly length: AnyEstimator;
  readonly router: Router;
  readonly #items: readonly AnyEstimator[];

  /**
   * @param family  without «Estimator»
   * @param length  default: none
   * @param lengthName  its option
   * @throws {ParameterError} for a length that is not an estimator of whole numbers
   */
  constructor(family: string, items: readonly AnyEstimator[], length: AnyEstimator | undefined, lengthName?: string) {
    this.#items = items;
    this.length = lengthEstimator(`${family}Estimator`, length, lengthName);
    this.router = new Router(family, items);
  }

  get #all(): readonly AnyEstimator[] {
    return [...this.#items, this.length];
  }

  #schemaOf({ items, lengths }: ItemSchema): (child: number) => Columns {
    return (child) => (child < this.#items.length ? this.router.columnsOf(items, child) : lengths);
  }

  /** @param own  how many numbers the parent has of its own */
  statisticLength(own: number, schema: ItemSchema): number | undefined {
    return lengthWithChildren(own, this.#all, this.#schemaOf(schema));
  }

  accumulators(
    own: number,
    schema: ItemSchema,
    statistic: Float64Array | undefined,
  ): { readonly own: Float64Array; readonly items: readonly Accumulator[]; readonly length: Accumulator } {
    const made = accumulatorsOf(own, this.#all, this.#schemaOf(schema), statistic);
    const items = this.router.accumulators(made.children.slice(0, -1), schema.items);
    return { own: made.own, items, length: made.children[this.#items.length]! };
  }

  get hasPrior(): boolean {
    return anyPrior(this.#all);
  }

  /** @param key  of the items */
  parameterBlocks(
    key: string | undefined,
    models: readonly AnyDistribution[],
    length: AnyDistribution,
  ): readonly ParameterBlock[] {
    return [
      ...blocksWithChildren(key, [], this.#items, models),
      ...blocksWithChildren(undefined, [], [this.length], [length]),
    ];
  }
}
