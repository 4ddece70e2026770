/** The E step of a hidden semi-Markov model, in two phases: scoring runs forward, absorbing runs backward. */
import type { Accumulator, AnyDistribution, Columns, Draws, Scratch, TiedNode } from '../../contract.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import { takeOutLargest } from '../hiddenMarkov/logForwardBackward.js';
import { type FindStates, initializeEmissions } from '../hiddenMarkov/start.js';
import { type StepStatistic, type StepTables, TableCounts } from '../hiddenMarkov/tableCounts.js';
import { ScoredBlock } from '../scoredBlock.js';
import type { SegmentedColumns } from './columns.js';
import {
  backwardSegments,
  completeSegments,
  forwardSegments,
  type ListMemory,
  type SegmentChain,
  type SegmentCounts,
} from './segments.js';

/** What the E step needs of a model. */
export interface HiddenSemiMarkovModel extends AnyDistribution {
  readonly emissions: readonly AnyDistribution[];
  readonly durations: readonly AnyDistribution[];
  readonly length: AnyDistribution;
  readonly chain: SegmentChain;
  /** log p(x | s) of the items `[start, end)`. */
  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void;
}

const NO_NUMBERS = /* @__PURE__ */ new Float64Array(0);

/** Working memory for a block of lists. */
export class SegmentMemory {
  readonly #scores = new GrowingScratch();
  readonly #begins = new GrowingScratch();
  readonly #ends = new GrowingScratch();
  readonly #terms = new GrowingScratch();
  readonly #evidence = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  readonly #after = new GrowingScratch();
  readonly #ended = new GrowingScratch();
  readonly #states = new GrowingScratch();
  readonly #list: { -readonly [N in keyof ListMemory]: ListMemory[N] } = {
    ...{ scores: NO_NUMBERS, begins: NO_NUMBERS, ends: NO_NUMBERS },
    ...{ scoreStride: 0, scoreAt: 0, stride: 0, at: 0, length: 0 },
  };
  #scoreStride = 0;
  #stride = 0;

  from(scratch: Scratch): void {
    for (const part of [
      ...[this.#scores, this.#begins, this.#ends, this.#terms],
      ...[this.#evidence, this.#lengths, this.#after, this.#ended, this.#states],
    ]) {
      part.from(scratch);
    }
  }

  /** Makes room for a block. */
  reserve(stateCount: number, itemCount: number, listCount: number, maxDuration: number): void {
    this.#scoreStride = itemCount;
    this.#stride = itemCount + listCount;
    this.#scores.atLeast(stateCount * itemCount);
    this.#begins.atLeast(stateCount * this.#stride);
    this.#ends.atLeast(stateCount * this.#stride);
    this.#after.atLeast(stateCount * this.#stride);
    this.#ended.atLeast(stateCount * this.#stride);
    this.#states.atLeast(stateCount * this.#stride);
    this.#terms.atLeast(maxDuration + 1);
    this.#evidence.atLeast(listCount);
    this.#lengths.atLeast(listCount);
  }

  /** The scores of state `s`, or its posteriors after the backward pass. */
  row(s: number): Float64Array {
    return this.#scores.atLeast(0).subarray(s * this.#scoreStride, (s + 1) * this.#scoreStride);
  }

  /** The memory of the block's `i`-th list, whose items begin at `scoreAt`. One object, for one list at a time. */
  list(i: number, scoreAt: number, length: number): ListMemory {
    const list = this.#list;
    list.scores = this.#scores.atLeast(0);
    list.begins = this.#begins.atLeast(0);
    list.ends = this.#ends.atLeast(0);
    list.scoreStride = this.#scoreStride;
    list.stride = this.#stride;
    list.scoreAt = scoreAt;
    list.at = scoreAt + i;
    list.length = length;
    return list;
  }

  get terms(): Float64Array {
    return this.#terms.atLeast(0);
  }

  get after(): Float64Array {
    return this.#after.atLeast(0);
  }

  get ended(): Float64Array {
    return this.#ended.atLeast(0);
  }

  get states(): Float64Array {
    return this.#states.atLeast(0);
  }

  /** log p(list) of each list, without what was taken out. */
  get evidence(): Float64Array {
    return this.#evidence.atLeast(0);
  }

  get lengthScores(): Float64Array {
    return this.#lengths.atLeast(0);
  }
}

/** Items scored at a time by a model alone. */
const MAX_SCORED_ITEMS = 4096;

/** log p(list) of the lists `[start, end)`, some thousand items at a time. */
export function scoreLists(
  model: HiddenSemiMarkovModel,
  columns: SegmentedColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: SegmentMemory,
): void {
  const { offsets } = columns;
  for (let from = start; from < end; ) {
    let to = from + 1;
    while (to < end && offsets[to + 1]! - offsets[from]! <= MAX_SCORED_ITEMS) to++;
    scoreSegmented(model, undefined, columns, from, to, out.subarray(from - start, to - start), memory);
    from = to;
  }
}

/** Forward pass over lists `[start, end)`: log p(list) into `out`. */
export function scoreSegmented(
  model: HiddenSemiMarkovModel,
  children: { readonly emissions: readonly Accumulator[]; readonly length: Accumulator } | undefined,
  { offsets, items, lengths }: SegmentedColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: SegmentMemory,
): void {
  const stateCount = model.emissions.length;
  const first = offsets[start]!;
  const last = offsets[end]!;
  memory.reserve(stateCount, last - first, end - start, model.chain.maxDuration);
  for (let s = 0; s < stateCount; s++) {
    if (children === undefined) model.scoreEmission(s, items, first, last, memory.row(s));
    else scoreChild(children.emissions[s], model.emissions[s]!, items, first, last, memory.row(s));
  }
  scoreChild(children?.length, model.length, lengths, start, end, memory.lengthScores);
  for (let i = start; i < end; i++) {
    const list = memory.list(i - start, offsets[i]! - first, offsets[i + 1]! - offsets[i]!);
    let takenOut = 0;
    for (let t = 0; t < list.length; t++) {
      takenOut += takeOutLargest(list.scores, list.scoreStride, stateCount, list.scoreAt + t);
    }
    const rest = forwardSegments(model.chain, list, memory.terms);
    memory.evidence[i - start] = rest;
    out[i - start] = addLogs(rest === -Infinity ? rest : takenOut + rest, memory.lengthScores[i - start]!);
  }
}

/**
 * Additive over lists: expected first states, expected steps from segment to segment (row-major), and the statistics of emissions,
 * durations and length.
 */
export interface HiddenSemiMarkovStatistic extends StepStatistic<StepTables> {
  readonly emissions: readonly unknown[];
  readonly durations: readonly unknown[];
  readonly length: unknown;
}

/** Keys of a hidden semi-Markov model: models that share one get equal parameters there. */
export interface HiddenSemiMarkovKeys {
  readonly initial?: string | undefined;
  readonly transitions?: string | undefined;
  readonly emissions?: string | undefined;
  readonly durations?: string | undefined;
}

/** Expected counts of segments. */
export class HiddenSemiMarkovAccumulator
  implements Accumulator<SegmentedColumns, HiddenSemiMarkovStatistic, HiddenSemiMarkovModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #tables: TableCounts<StepTables>;
  readonly #memory = new SegmentMemory();
  readonly #counts = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  readonly #scored = new ScoredBlock<SegmentedColumns, HiddenSemiMarkovModel>('HiddenSemiMarkovAccumulator');

  /**
   * @param own  S initial counts, then S × S counts of steps
   * @param findStates  the states of items at a start
   */
  constructor(
    readonly emissions: readonly Accumulator[],
    readonly durations: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    keys: HiddenSemiMarkovKeys,
    readonly findStates: FindStates,
  ) {
    this.#tables = new TableCounts(own, emissions.length);
    const kinds = [...emissions, ...durations].map((child) => child.kind ?? '?').join(', ');
    this.kind = `HiddenSemiMarkov[${kinds}]`;
    this.children = [
      tiedCounts(this.#tables.initial, keys.initial, 'initial states'),
      tiedCounts(this.#tables.transitions, keys.transitions, 'steps between segments'),
      tiedList(emissions, keys.emissions, 'emissions'),
      tiedList(durations, keys.durations, 'durations'),
      length,
    ];
  }

  begin(model: HiddenSemiMarkovModel | undefined, columns: SegmentedColumns, scratch: Scratch): void {
    for (const part of [this.#memory, this.#counts, this.#weights]) part.from(scratch);
    this.#scored.from(scratch);
    this.#tables.begin(model?.chain.tables);
    this.emissions.forEach((child, s) => child.begin?.(model?.emissions[s], columns.items, scratch));
    this.durations.forEach((child, s) => {
      child.begin?.(model?.durations[s], columns.durations[s]!.columns, scratch);
    });
    this.length.begin?.(model?.length, columns.lengths, scratch);
  }

  score(model: HiddenSemiMarkovModel, columns: SegmentedColumns, start: number, end: number, out: Float64Array): void {
    scoreSegmented(model, this, columns, start, end, out, this.#memory);
    this.#scored.remember(model, columns, start, end);
  }

  seqUpdate(
    columns: SegmentedColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: HiddenSemiMarkovModel,
  ): void {
    const scorer = this.#scored.take(this, columns, start, end, model); // the backward pass overwrites the scores
    const { offsets, items, lengths } = columns;
    const memory = this.#memory;
    const counts = this.#cleared(scorer.chain);
    const first = offsets[start]!;
    for (let i = start; i < end; i++) {
      const list = memory.list(i - start, offsets[i]! - first, offsets[i + 1]! - offsets[i]!);
      backwardSegments(scorer.chain, list, memory.evidence[i - start]!, weights[i - start]!, counts, memory);
    }
    completeSegments(scorer.chain, counts);
    this.emissions.forEach((child, s) => {
      child.seqUpdate(items, first, offsets[end]!, memory.row(s), scorer.emissions[s]);
    });
    this.durations.forEach((child, s) => {
      const { values, columns: rows } = columns.durations[s]!;
      const given = this.#weights.atLeast(values.length);
      for (let row = 0; row < values.length; row++) {
        given[row] = counts.whole[s * (scorer.chain.maxDuration + 1) + values[row]!]!;
      }
      child.seqUpdate(rows, 0, values.length, given, scorer.durations[s]);
    });
    this.length.seqUpdate(lengths, start, end, weights, scorer.length);
  }

  /** Counts of a block: those of segments from 0, the others added to. */
  #cleared({ maxDuration }: SegmentChain): SegmentCounts {
    const size = this.emissions.length * (maxDuration + 1);
    const both = this.#counts.atLeast(2 * size);
    both.fill(0, 0, 2 * size);
    return {
      initial: this.#tables.initial,
      transitions: this.#tables.transitions,
      whole: both.subarray(0, size),
      cut: both.subarray(size, 2 * size),
    };
  }

  /**
   * The states of the items come from a mixture of the emissions, or are drawn evenly. Tables start even, and a duration d with a
   * weight of 1 / d: whatever the scale of the durations is, none begins without weight.
   */
  seqInitialize(columns: SegmentedColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    initializeEmissions(this.emissions, items, offsets, start, end, weights, draws, this.findStates);
    this.#tables.addToAll(1 / this.emissions.length);
    this.durations.forEach((child, s) => {
      const { values, columns: rows } = columns.durations[s]!;
      const given = Float64Array.from(values, (d) => 1 / d);
      initializeChild(child, rows, 0, values.length, given, draws.component(`duration ${s}`));
    });
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine(statistic: HiddenSemiMarkovStatistic): void {
    const { emissions, durations, length } = statistic;
    this.#tables.combine(statistic);
    this.emissions.forEach((child, s) => child.combine(emissions[s]));
    this.durations.forEach((child, s) => child.combine(durations[s]));
    this.length.combine(length);
  }

  value(): HiddenSemiMarkovStatistic {
    return {
      ...this.#tables.value(),
      emissions: this.emissions.map((child) => child.value()),
      durations: this.durations.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue(statistic: HiddenSemiMarkovStatistic): void {
    const { emissions, durations, length } = statistic;
    this.#tables.fromValue(statistic);
    this.emissions.forEach((child, s) => child.fromValue(emissions[s]));
    this.durations.forEach((child, s) => child.fromValue(durations[s]));
    this.length.fromValue(length);
  }
}
