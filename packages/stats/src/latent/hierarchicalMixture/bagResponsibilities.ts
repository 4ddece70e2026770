/** The E step of a mixture of bags: bags are shared among mixtures, and their items among topics. */

import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { initializeChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import { BagMemory, type BagModel, scoreBags } from '../bags.js';

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

/** Finds the statistic of all bags at a start; `undefined` where items determine no topics. */
export type FindBagStatistic = (
  columns: SequenceColumns,
  weights: Float64Array,
  draws: Draws,
) => HierarchicalMixtureStatistic | undefined;

/** Keys: models that share one get equal count tables (weights and tau), or equal topics. */
export interface HierarchicalMixtureKeys {
  readonly weights?: string | undefined;
  readonly topics?: string | undefined;
}

/** What the E step needs of a model. */
type Model = Scorer & BagModel;

/** Shares bags among mixtures and their items among topics. */
export class HierarchicalMixtureAccumulator
  implements Accumulator<SequenceColumns, HierarchicalMixtureStatistic, Model>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #bags: Float64Array;
  readonly #items: Float64Array;
  readonly #memory = new BagMemory();

  /**
   * @param own  M bag counts, then M × T item counts
   * @param findStatistic  a start that looks at the items
   */
  constructor(
    readonly topics: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    mixtureCount: number,
    keys: HierarchicalMixtureKeys,
    readonly findStatistic: FindBagStatistic,
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

  /** As `bagRuns`, with a little of all cells; at random where that finds nothing, and below another hidden variable. */
  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    // As if one more row were spread over all cells: EM can never leave a zero.
    const topicCount = this.topics.length;
    this.#bags.forEach((_, m) => (this.#bags[m]! += 1 / this.#bags.length));
    this.#items.forEach((_, cell) => (this.#items[cell]! += 1 / topicCount));
    const isWhole = start === 0 && end === columns.rowCount;
    const isOutermost = !draws.smoothsTables;
    const found =
      isWhole && isOutermost && draws.method === 'kmeans++' ? this.findStatistic(columns, weights, draws) : undefined;
    if (found === undefined) this.#initializeAtRandom(columns, start, end, weights, draws);
    else this.combine(found);
  }

  /** Every bag draws its mixture and every item its topic, all being equally likely. */
  #initializeAtRandom(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
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
