/** The E step of sparse Markov associations: each target is shared among the background and the sources of its row. */

import type { MultinomialColumns } from '../../combinators/multinomialColumns.js';
import { NullAccumulator, NullDistribution } from '../../combinators/null.js';
import type { Accumulator, AnyDistribution, Draws, Scratch, TiedNode } from '../../contract.js';
import type { IntegerAccumulator, IntegerColumns, IntegerStatistic } from '../../leaf/integers.js';
import { scoreCodes } from '../../leaf/levels/codes.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild } from '../../tree/children.js';
import { ScoredBlock } from '../scoredBlock.js';
import type { AssociationColumns, IndexColumns } from './associationColumns.js';
import { LinkMemory } from './associationScores.js';

/** What the E step needs of a model. */
export interface SparseMarkovAssociationModel extends AnyDistribution {
  readonly valueCount: number;
  readonly background: number;
  readonly length: AnyDistribution;
  /** P(target | source) of each link that occurs in the columns. */
  tableFor(links: IntegerColumns): Float64Array;
}

/**
 * Additive over rows: counts of the sources that occur; expected targets of each link, by its number source · V + target; and the
 * statistic of the lengths.
 */
export interface SparseMarkovAssociationStatistic {
  readonly initial: IntegerStatistic;
  readonly links: IntegerStatistic;
  readonly length: unknown;
}

/** The list of sources has no score of its own. */
const nothing = { given: /* @__PURE__ */ new NullDistribution() };
const noAccumulator = { given: /* @__PURE__ */ new NullAccumulator() };

/** Which links occur, and which each one is. */
export const linksOf = ({ links }: AssociationColumns): IntegerColumns => links.items as IntegerColumns; // as encoded

/** The sources that occur, as the list of sources holds them. */
export const sourcesOf = ({ given }: AssociationColumns): IntegerColumns =>
  (given as MultinomialColumns).items.values as IntegerColumns; // as encoded

/** Log-densities of rows `[start, end)` into `out`; the links and the densities of the targets stay in the memory. */
export function scoreSparseLinks(
  model: SparseMarkovAssociationModel,
  length: Accumulator | undefined,
  columns: AssociationColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: LinkMemory,
): void {
  const { offsets } = columns.links;
  const { count } = columns.sources.items.values as IndexColumns; // as encoded
  if (count !== model.valueCount) return void out.fill(-Infinity, 0, end - start); // links of other values
  const linkCount = offsets[end]! - offsets[start]!;
  const links = linksOf(columns);
  scoreCodes(model.tableFor(links), links.codes, offsets[start]!, offsets[end]!, memory.links(linkCount));
  memory.settle(columns, start, end, 1 - model.background, model.background / count);
  const children = length === undefined ? undefined : { ...noAccumulator, length };
  memory.targets.sum({ ...nothing, length: model.length }, children, columns, start, end, out);
}

/** Counts sources and links. */
export class SparseMarkovAssociationAccumulator
  implements Accumulator<AssociationColumns, SparseMarkovAssociationStatistic, SparseMarkovAssociationModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #memory = new LinkMemory();
  readonly #sources = new GrowingScratch();
  readonly #scored = new ScoredBlock<AssociationColumns, SparseMarkovAssociationModel>(
    'SparseMarkovAssociationAccumulator',
  );

  constructor(
    readonly valueCount: number,
    readonly initial: IntegerAccumulator,
    readonly links: IntegerAccumulator,
    readonly length: Accumulator,
  ) {
    this.kind = `SparseMarkovAssociation[${valueCount}, ${length.kind ?? '?'}]`;
    this.children = [initial, links, length];
  }

  begin(model: SparseMarkovAssociationModel | undefined, { lengths }: AssociationColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#sources.from(scratch);
    this.#scored.from(scratch);
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(
    model: SparseMarkovAssociationModel,
    columns: AssociationColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    scoreSparseLinks(model, this.length, columns, start, end, out, this.#memory);
    this.#scored.remember(model, columns, start, end);
  }

  /** A row with an impossible target counts for its sources and its length only. */
  seqUpdate(
    columns: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: SparseMarkovAssociationModel,
  ): void {
    const scorer = this.#scored.take(this, columns, start, end, model); // the links become weights in place
    this.#countSources(columns, start, end, weights);
    const parts = this.#memory.weigh(columns, start, end, weights);
    this.links.seqUpdate(linksOf(columns), columns.links.offsets[start]!, columns.links.offsets[end]!, parts);
    this.length.seqUpdate(columns.lengths, start, end, weights, scorer.length);
  }

  #countSources(columns: AssociationColumns, start: number, end: number, weights: Float64Array): void {
    const { offsets, items } = columns.given as MultinomialColumns; // as encoded
    const [first, last] = [offsets[start]!, offsets[end]!];
    const counts = this.#sources.atLeast(last - first);
    for (let row = start; row < end; row++) {
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++)
        counts[i - first] = weights[row - start]! * items.weights[i]!;
    }
    this.initial.seqUpdate(sourcesOf(columns), first, last, counts);
  }

  /** No link that occurs is impossible: together they have one more target. */
  seqInitialize(columns: AssociationColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#scored.forget();
    this.#countSources(columns, start, end, weights);
    const parts = this.#memory.draw(columns, start, end, weights, draws);
    const { offsets } = columns.links;
    this.links.seqInitialize(linksOf(columns), offsets[start]!, offsets[end]!, parts, draws.component('links'));
    initializeChild(this.length, columns.lengths, start, end, weights, draws.child('length'));
  }

  combine({ initial, links, length }: SparseMarkovAssociationStatistic): void {
    this.initial.combine(initial);
    this.links.combine(links);
    this.length.combine(length);
  }

  value(): SparseMarkovAssociationStatistic {
    return { initial: this.initial.value(), links: this.links.value(), length: this.length.value() };
  }

  fromValue({ initial, links, length }: SparseMarkovAssociationStatistic): void {
    this.initial.fromValue(initial);
    this.links.fromValue(links);
    this.length.fromValue(length);
  }
}
