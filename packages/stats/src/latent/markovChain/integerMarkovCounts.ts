/** The E step of a Markov chain over integers: transitions are counted by cell, a context and the value that follows it. */

import type { Accumulator, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import type { IntegerMarkovChainColumns } from './integerSteps.js';

/** Additive over rows: weight of each cell (context · V + value), and the children's statistics. */
export interface IntegerMarkovChainStatistic {
  readonly counts: Float64Array;
  readonly block: unknown;
  readonly length: unknown;
}

/** What scoring needs of a chain. */
export interface IntegerMarkovChainModel extends Scorer<IntegerMarkovChainColumns> {
  tableFor(valueCount: number): Float64Array;
  readonly initial: Scorer;
  readonly length: Scorer;
}

/**
 * Scores lists `[start, end)` into `out`.
 * @param children  the accumulators that score for the children, if there are any
 */
export function scoreChains(
  model: Omit<IntegerMarkovChainModel, 'seqLogDensity'>,
  children: { readonly block: Accumulator; readonly length: Accumulator } | undefined,
  { valueCount, offsets, cells, blockOffsets, blocks, lengths }: IntegerMarkovChainColumns,
  start: number,
  end: number,
  out: Float64Array,
  scratch: GrowingScratch,
): void {
  const table = model.tableFor(valueCount);
  const count = end - start;
  const firstBlock = blockOffsets[start]!;
  const blockCount = blockOffsets[end]! - firstBlock;
  const memory = scratch.atLeast(count + blockCount);
  const blockScores = memory.subarray(count, count + blockCount);
  scoreChild(children?.length, model.length, lengths, start, end, out);
  scoreChild(children?.block, model.initial, blocks, firstBlock, firstBlock + blockCount, blockScores);
  for (let row = start; row < end; row++) {
    let sum = out[row - start]!;
    if (blockOffsets[row]! < blockOffsets[row + 1]!) sum = addLogs(sum, blockScores[blockOffsets[row]! - firstBlock]!);
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sum = addLogs(sum, table[cells[at]!]!);
    out[row - start] = sum;
  }
}

/** Counts cells. */
export class IntegerMarkovChainAccumulator
  implements Accumulator<IntegerMarkovChainColumns, IntegerMarkovChainStatistic, IntegerMarkovChainModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #scratch = new GrowingScratch();
  readonly #blockWeights = new GrowingScratch();

  constructor(
    readonly counts: Float64Array,
    readonly block: Accumulator,
    readonly length: Accumulator,
    readonly key: string | undefined,
  ) {
    this.kind = `IntegerMarkovChain[${counts.length}]`;
    this.children = [block, length];
  }

  begin(model: IntegerMarkovChainModel | undefined, columns: IntegerMarkovChainColumns, scratch: Scratch): void {
    this.#scratch.from(scratch);
    this.#blockWeights.from(scratch);
    this.block.begin?.(model?.initial, columns.blocks, scratch);
    this.length.begin?.(model?.length, columns.lengths, scratch);
  }

  score(
    model: IntegerMarkovChainModel,
    columns: IntegerMarkovChainColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    scoreChains(model, this, columns, start, end, out, this.#scratch);
  }

  seqUpdate(
    columns: IntegerMarkovChainColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: IntegerMarkovChainModel,
  ): void {
    const { blockOffsets, blocks, lengths } = columns;
    const blockWeights = this.#count(columns, start, end, weights);
    this.block.seqUpdate(blocks, blockOffsets[start]!, blockOffsets[end]!, blockWeights, model?.initial);
    this.length.seqUpdate(lengths, start, end, weights, model?.length);
  }

  /** Below a hidden variable one more step, spread over all cells. */
  seqInitialize(
    columns: IntegerMarkovChainColumns,
    start: number,
    end: number,
    weights: Float64Array,
    draws: Draws,
  ): void {
    const { blockOffsets, blocks, lengths } = columns;
    const blockWeights = this.#count(columns, start, end, weights);
    const share = draws.smoothsTables ? 1 / this.counts.length : 0;
    for (let cell = 0; cell < this.counts.length; cell++) this.counts[cell]! += share;
    initializeChild(this.block, blocks, blockOffsets[start]!, blockOffsets[end]!, blockWeights, draws.child('initial'));
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  /** Adds to the cells; returns the weights of the first blocks. */
  #count(columns: IntegerMarkovChainColumns, start: number, end: number, weights: Float64Array): Float64Array {
    const { offsets, cells, blockOffsets } = columns;
    const firstBlock = blockOffsets[start]!;
    const blockWeights = this.#blockWeights.atLeast(blockOffsets[end]! - firstBlock);
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) this.counts[cells[at]!]! += weight;
      if (blockOffsets[row]! < blockOffsets[row + 1]!) blockWeights[blockOffsets[row]! - firstBlock] = weight;
    }
    return blockWeights;
  }

  combine({ counts, block, length }: IntegerMarkovChainStatistic): void {
    for (let cell = 0; cell < counts.length; cell++) this.counts[cell]! += counts[cell]!;
    this.block.combine(block);
    this.length.combine(length);
  }

  value(): IntegerMarkovChainStatistic {
    return { counts: this.counts.slice(), block: this.block.value(), length: this.length.value() };
  }

  fromValue({ counts, block, length }: IntegerMarkovChainStatistic): void {
    this.counts.set(counts);
    this.block.fromValue(block);
    this.length.fromValue(length);
  }
}
