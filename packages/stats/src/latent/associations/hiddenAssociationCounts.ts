/** The E step of hidden associations: each target is shared among the sources of its row. */

import type { Accumulator, AnyDistribution, Draws, Scratch } from '../../contract.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import { ScoredBlock } from '../scoredBlock.js';
import type { AssociationColumns } from './associationColumns.js';
import { type AssociationChildren, type AssociationModel, LinkMemory } from './associationScores.js';

/** Additive over rows: the statistic of the links, that of the lists of sources, and that of the lengths. */
export interface HiddenAssociationStatistic {
  readonly conditional: unknown;
  readonly given: unknown;
  readonly length: unknown;
}

/** What the E step needs of a model. */
export interface HiddenAssociationModel extends AssociationModel, AnyDistribution {
  /** Over pairs of a source and a target. */
  readonly conditional: AnyDistribution;
}

/** Log-densities of rows `[start, end)` into `out`; the links and the densities of the targets stay in the memory. */
export function scoreLinks(
  model: HiddenAssociationModel,
  children: (AssociationChildren & { readonly conditional: Accumulator }) | undefined,
  columns: AssociationColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: LinkMemory,
): void {
  const { offsets, items } = columns.links;
  const [from, to] = [offsets[start]!, offsets[end]!];
  scoreChild(children?.conditional, model.conditional, items, from, to, memory.links(to - from));
  const scales = memory.takeOutMaxima(columns, start, end);
  memory.settle(columns, start, end, 1, 0);
  memory.targets.sum(model, children, columns, start, end, out, scales);
}

/** Gives each link its part in its target as weight. */
export class HiddenAssociationAccumulator
  implements Accumulator<AssociationColumns, HiddenAssociationStatistic, HiddenAssociationModel>
{
  readonly kind: string;
  readonly children: readonly Accumulator[];
  readonly #memory = new LinkMemory();
  readonly #scored = new ScoredBlock<AssociationColumns, HiddenAssociationModel>('HiddenAssociationAccumulator');

  constructor(
    readonly conditional: Accumulator,
    readonly given: Accumulator,
    readonly length: Accumulator,
    readonly key: string | undefined,
  ) {
    this.children = [conditional, given, length];
    this.kind = `HiddenAssociation[${this.children.map((child) => child.kind ?? '?').join(', ')}]`;
  }

  begin(model: HiddenAssociationModel | undefined, columns: AssociationColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#scored.from(scratch);
    this.conditional.begin?.(model?.conditional, columns.links.items, scratch);
    this.given.begin?.(model?.given, columns.given, scratch);
    this.length.begin?.(model?.length, columns.lengths, scratch);
  }

  score(
    model: HiddenAssociationModel,
    columns: AssociationColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    scoreLinks(model, this, columns, start, end, out, this.#memory);
    this.#scored.remember(model, columns, start, end);
  }

  /** A row with an impossible target counts for its sources and its length only. */
  seqUpdate(
    columns: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: HiddenAssociationModel,
  ): void {
    const scorer = this.#scored.take(this, columns, start, end, model); // the links become weights in place
    const parts = this.#memory.weigh(columns, start, end, weights);
    const { offsets, items } = columns.links;
    this.conditional.seqUpdate(items, offsets[start]!, offsets[end]!, parts, scorer.conditional);
    this.given.seqUpdate(columns.given, start, end, weights, scorer.given);
    this.length.seqUpdate(columns.lengths, start, end, weights, scorer.length);
  }

  seqInitialize(columns: AssociationColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#scored.forget();
    const parts = this.#memory.draw(columns, start, end, weights, draws);
    const { offsets, items } = columns.links;
    initializeChild(this.conditional, items, offsets[start]!, offsets[end]!, parts, draws.component('conditional'));
    initializeChild(this.given, columns.given, start, end, weights, draws.child('given'));
    initializeChild(this.length, columns.lengths, start, end, weights, draws.child('length'));
  }

  combine({ conditional, given, length }: HiddenAssociationStatistic): void {
    this.conditional.combine(conditional);
    this.given.combine(given);
    this.length.combine(length);
  }

  value(): HiddenAssociationStatistic {
    return { conditional: this.conditional.value(), given: this.given.value(), length: this.length.value() };
  }

  fromValue({ conditional, given, length }: HiddenAssociationStatistic): void {
    this.conditional.fromValue(conditional);
    this.given.fromValue(given);
    this.length.fromValue(length);
  }
}
