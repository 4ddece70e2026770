/**
 * The E step of hidden associations of integers. The hidden states of a row have the shares q_s = Σ_u (c_u / Σ c) P(s | u), so that
 * a target has the density b / V + (1 - b) Σ_s q_s P(v | s): the row is a document with state proportions of its own, and the
 * kernels of probabilistic latent semantic indexing share its targets among the states. What a state gets, its sources share in
 * proportion to (c_u / Σ c) P(s | u). So a row takes time for its sources and its targets, not for all links.
 */

import type { Accumulator, AnyDistribution, Draws, Scratch, TiedNode } from '../../contract.js';
import { log } from '../../numeric/elementary.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild } from '../../tree/children.js';
import { tiedCounts } from '../../tree/tie.js';
import { ScoredBlock } from '../scoredBlock.js';
import type { AssociationColumns, IndexColumns } from './associationColumns.js';
import { type AssociationChildren, type AssociationModel, TargetMemory } from './associationScores.js';

/** What the E step needs of a model. */
export interface IntegerHiddenAssociationModel extends AssociationModel, AnyDistribution {
  readonly stateCount: number;
  /** P(state | source), row-major [U × S]. */
  readonly stateTable: Float64Array;
  /** P(target | state), target-major [V × S]: the states of a target together. */
  readonly targetTable: Float64Array;
  readonly background: number;
}

/**
 * Additive over rows: expected targets of each source and state (row-major [U × S]), of each state (target-major [V × S]), and the
 * statistics of the lists of sources and of the lengths.
 */
export interface IntegerHiddenAssociationStatistic {
  readonly states: Float64Array;
  readonly targets: Float64Array;
  readonly given: unknown;
  readonly length: unknown;
}

/** Keys: models that share one get equal tables. */
export interface IntegerHiddenAssociationKeys {
  readonly states?: string | undefined;
  readonly targets?: string | undefined;
}

let indices = /* @__PURE__ */ new Int32Array(0);

/** 0 … count - 1: each row of a block has state proportions of its own. */
function indicesTo(count: number): Int32Array {
  if (indices.length < count) indices = Int32Array.from({ length: 2 * count }, (_, i) => i);
  return indices.subarray(0, count);
}

/** The integers of a side, flat. */
const codesOf = ({ items }: AssociationColumns['sources']): IndexColumns => items.values as IndexColumns; // as encoded

/** Working memory of a block of rows, and the table of the model where the kernels use it in place. */
export class StateMemory {
  readonly targets = new TargetMemory();
  readonly #table = new GrowingScratch();
  readonly #states = new GrowingScratch();
  readonly #sums = new GrowingScratch();
  #model: IntegerHiddenAssociationModel | undefined;

  from(scratch: Scratch): void {
    this.targets.from(scratch);
    for (const part of [this.#table, this.#states, this.#sums]) part.from(scratch);
    this.#model = undefined;
  }

  /** The arguments that both kernels begin with: the tables, and rows `[start, end)`. */
  #block(model: IntegerHiddenAssociationModel, { targets }: AssociationColumns, start: number, end: number) {
    const { targetTable, stateCount } = model;
    const table = this.#table.atLeast(targetTable.length).subarray(0, targetTable.length);
    if (this.#model !== model) {
      table.set(targetTable);
      this.#model = model;
    }
    const size = (end - start) * stateCount;
    const states = this.#states.atLeast(size).subarray(0, size);
    const { offsets } = targets;
    const { codes } = codesOf(targets);
    const block = [offsets.subarray(start, end + 1), end - start, indicesTo(end - start)] as const;
    return [table, states, stateCount, ...block, codes.subarray(offsets[start], offsets[end])] as const;
  }

  /** (1 - b) q_s of rows `[start, end)`. */
  #fillStates(model: IntegerHiddenAssociationModel, { sources }: AssociationColumns, start: number, end: number): void {
    const { stateCount, stateTable, background } = model;
    const states = this.#states.atLeast((end - start) * stateCount).fill(0, 0, (end - start) * stateCount);
    const { codes } = codesOf(sources);
    const counts = sources.items.weights;
    for (let row = start; row < end; row++) {
      const at = (row - start) * stateCount;
      const scale = shareOf(sources, row, background);
      for (let i = sources.offsets[row]!; i < sources.offsets[row + 1]!; i++) {
        const from = codes[i]! * stateCount;
        for (let s = 0; s < stateCount; s++) states[at + s]! += scale * counts[i]! * stateTable[from + s]!;
      }
    }
  }

  /** Log-densities of rows `[start, end)` into `out`; the states' shares and the densities of the targets stay. */
  score(
    model: IntegerHiddenAssociationModel,
    children: AssociationChildren | undefined,
    columns: AssociationColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    const { sources, targets } = columns;
    const isOfModel =
      codesOf(sources).count * model.stateCount === model.stateTable.length &&
      codesOf(targets).count * model.stateCount === model.targetTable.length;
    if (!isOfModel) return void out.fill(-Infinity, 0, end - start); // integers of other ranges
    const targetCount = targets.offsets[end]! - targets.offsets[start]!;
    const norms = this.targets.norms(targetCount);
    this.#fillStates(model, columns, start, end);
    latentKernels().wordNorms(...this.#block(model, columns, start, end), norms);
    if (model.background > 0) {
      const background = model.background / codesOf(targets).count;
      for (let t = 0; t < targetCount; t++) norms[t]! += background;
    }
    this.targets.sum(model, children, columns, start, end, out);
  }

  /** Adds the shares of states and sources in the targets of the block, after `score`. */
  absorb(
    model: IntegerHiddenAssociationModel,
    columns: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
    stateSums: Float64Array,
    targetSums: Float64Array,
  ): void {
    const { stateCount, stateTable, background } = model;
    const { sources, targets } = columns;
    const size = (end - start) * stateCount;
    const sums = this.#sums.atLeast(size).subarray(0, size).fill(0);
    const counts = targets.items.weights.subarray(targets.offsets[start], targets.offsets[end]);
    const block = this.#block(model, columns, start, end);
    latentKernels().wordShares(...block, counts, weights, this.targets.norms(0), targetSums, sums);
    const states = block[1];
    const { codes } = codesOf(sources);
    for (let row = start; row < end; row++) {
      const at = (row - start) * stateCount;
      const scale = shareOf(sources, row, background);
      for (let i = sources.offsets[row]!; i < sources.offsets[row + 1]!; i++) {
        const from = codes[i]! * stateCount;
        const share = scale * sources.items.weights[i]!;
        for (let s = 0; s < stateCount; s++) {
          if (sums[at + s]! > 0)
            stateSums[from + s]! += (sums[at + s]! / states[at + s]!) * share * stateTable[from + s]!;
        }
      }
    }
  }
}

/** (1 - b) / Σ c of the sources of a row. */
function shareOf({ offsets, items }: AssociationColumns['sources'], row: number, background: number): number {
  let total = 0;
  for (let i = offsets[row]!; i < offsets[row + 1]!; i++) total += items.weights[i]!;
  return (1 - background) / total;
}

/** Shares the targets of each row among its sources and the states. */
export class IntegerHiddenAssociationAccumulator
  implements Accumulator<AssociationColumns, IntegerHiddenAssociationStatistic, IntegerHiddenAssociationModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #states: Float64Array;
  readonly #targets: Float64Array;
  readonly #memory = new StateMemory();
  readonly #scored = new ScoredBlock<AssociationColumns, IntegerHiddenAssociationModel>(
    'IntegerHiddenAssociationAccumulator',
  );

  /** @param own  U × S states, V × S targets */
  constructor(
    readonly stateCount: number,
    sourceCount: number,
    own: Float64Array,
    readonly given: Accumulator,
    readonly length: Accumulator,
    keys: IntegerHiddenAssociationKeys,
  ) {
    this.#states = own.subarray(0, sourceCount * stateCount);
    this.#targets = own.subarray(sourceCount * stateCount);
    const kinds = [given, length].map((child) => child.kind ?? '?');
    this.kind = `IntegerHiddenAssociation[${stateCount}, ${sourceCount}, ${own.length}, ${kinds.join(', ')}]`;
    this.children = [
      tiedCounts(this.#states, keys.states, `sources of ${stateCount} states`),
      tiedCounts(this.#targets, keys.targets, `targets of ${stateCount} states`),
      given,
      length,
    ];
  }

  begin(model: IntegerHiddenAssociationModel | undefined, columns: AssociationColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#scored.from(scratch);
    this.given.begin?.(model?.given, columns.given, scratch);
    this.length.begin?.(model?.length, columns.lengths, scratch);
  }

  score(
    model: IntegerHiddenAssociationModel,
    columns: AssociationColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    this.#memory.score(model, this, columns, start, end, out);
    this.#scored.remember(model, columns, start, end);
  }

  /** A row with an impossible target counts for its sources and its length only. */
  seqUpdate(
    columns: AssociationColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: IntegerHiddenAssociationModel,
  ): void {
    const scorer = this.#scored.take(this, columns, start, end, model);
    this.#memory.absorb(scorer, columns, start, end, weights, this.#states, this.#targets);
    this.given.seqUpdate(columns.given, start, end, weights, scorer.given);
    this.length.seqUpdate(columns.lengths, start, end, weights, scorer.length);
  }

  /**
   * One E step from tables that are drawn, each entry an exponential variate of its source or its target: a row of them is a draw
   * from the uniform distribution, but for its sum, which does not matter. No target is impossible for a state: each has one more,
   * of all targets.
   */
  seqInitialize(columns: AssociationColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { sources, targets } = columns;
    const { stateCount } = this;
    const ofSources = new DrawnRows(stateCount, draws.child('states'));
    const ofTargets = new DrawnRows(stateCount, draws.child('targets'));
    for (const sums of [this.#states, this.#targets]) {
      for (let at = 0; at < sums.length; at++) sums[at]! += stateCount / sums.length;
    }
    const [sourceCodes, targetCodes] = [codesOf(sources).codes, codesOf(targets).codes];
    for (let row = start; row < end; row++) {
      const scale = shareOf(sources, row, 0);
      for (let t = targets.offsets[row]!; t < targets.offsets[row + 1]!; t++) {
        const target = ofTargets.row(targetCodes[t]!);
        let norm = 0;
        for (let i = sources.offsets[row]!; i < sources.offsets[row + 1]!; i++) {
          const source = ofSources.row(sourceCodes[i]!);
          for (let s = 0; s < stateCount; s++) norm += scale * sources.items.weights[i]! * source[s]! * target[s]!;
        }
        const weight = (weights[row - start]! * targets.items.weights[t]!) / norm;
        for (let i = sources.offsets[row]!; i < sources.offsets[row + 1]!; i++) {
          const source = ofSources.row(sourceCodes[i]!);
          for (let s = 0; s < stateCount; s++) {
            const share = weight * scale * sources.items.weights[i]! * source[s]! * target[s]!;
            this.#states[sourceCodes[i]! * stateCount + s]! += share;
            this.#targets[targetCodes[t]! * stateCount + s]! += share;
          }
        }
      }
    }
    initializeChild(this.given, columns.given, start, end, weights, draws.child('given'));
    initializeChild(this.length, columns.lengths, start, end, weights, draws.child('length'));
  }

  combine({ states, targets, given, length }: IntegerHiddenAssociationStatistic): void {
    for (let at = 0; at < states.length; at++) this.#states[at]! += states[at]!;
    for (let at = 0; at < targets.length; at++) this.#targets[at]! += targets[at]!;
    this.given.combine(given);
    this.length.combine(length);
  }

  value(): IntegerHiddenAssociationStatistic {
    return {
      states: this.#states.slice(),
      targets: this.#targets.slice(),
      given: this.given.value(),
      length: this.length.value(),
    };
  }

  fromValue({ states, targets, given, length }: IntegerHiddenAssociationStatistic): void {
    this.#states.set(states);
    this.#targets.set(targets);
    this.given.fromValue(given);
    this.length.fromValue(length);
  }
}

/** Rows of exponential variates, drawn when they are asked for: the same for an index in any block. */
class DrawnRows {
  readonly #rows = new Map<number, Float64Array>();

  constructor(
    readonly width: number,
    readonly draws: Draws,
  ) {}

  row(index: number): Float64Array {
    let row = this.#rows.get(index);
    if (row === undefined) {
      const rng = this.draws.row(index);
      row = Float64Array.from({ length: this.width }, () => MIN_DRAW - log(1 - rng()));
      this.#rows.set(index, row);
    }
    return row;
  }
}

/** Added to each variate: none is 0, which nothing could make greater. */
const MIN_DRAW = 2 ** -40;
