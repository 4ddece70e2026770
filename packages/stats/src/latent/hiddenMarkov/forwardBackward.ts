/**
 * The E step of a hidden Markov model: scaled forward-backward over whole sequences, in two phases. Scoring runs forward;
 * absorbing runs backward and hands every state its items, weighted by P(state | sequence). The few sequences that scaling
 * cannot do are done in logs.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), section V.A (scaling).
 */

import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, AnyDistribution, Columns, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import { latentKernels } from '../../numeric/kernels/latent/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { withWorkspace } from '../../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import { ScoredBlock } from '../scoredBlock.js';
import { type Chain, withEnd } from './chain.js';
import { EndCounts } from './ends.js';
import { ForwardMemory } from './forwardMemory.js';
import { needsItem } from './inference.js';
import { dropUnreached, logBackwardPass, logForwardPass, losesState } from './logForwardBackward.js';
import { type FindStates, type FindStatistic, initializeEmissions } from './start.js';
import { type StepStatistic, type StepTables, TableCounts } from './tableCounts.js';

/** What the E step needs of a model. */
export interface HiddenMarkovScorer extends Scorer<SequenceColumns> {
  readonly chain: Chain;
  readonly emissions: readonly Scorer[];
  readonly length: Scorer;
  /** log p(x | s) of the items `[start, end)`. */
  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void;
}

/** A model that is a distribution. */
export interface HiddenMarkovModel extends AnyDistribution, Omit<HiddenMarkovScorer, keyof Scorer> {
  readonly emissions: readonly AnyDistribution[];
  readonly length: AnyDistribution;
}

/** Forward pass over sequences `[start, end)`: log p(sequence) into `out`. Leaves in `memory` what the backward pass needs. */
export function forwardPass(
  model: HiddenMarkovScorer,
  children: { readonly emissions: readonly Accumulator[]; readonly length: Accumulator } | undefined,
  { offsets, items, lengths }: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: ForwardMemory,
): void {
  const stateCount = model.emissions.length;
  const first = offsets[start]!;
  const last = offsets[end]!;
  memory.reserve(stateCount, last - first);
  for (let s = 0; s < stateCount; s++) {
    if (children === undefined) model.scoreEmission(s, items, first, last, memory.row(s));
    else scoreChild(children.emissions[s], model.emissions[s]!, items, first, last, memory.row(s));
  }
  const { emission, forward, scale, stride } = memory;
  const { chain } = model;
  const { initial, transition, zeros } = chain;
  const count = end - start;
  for (let s = 0; chain.logEnd !== undefined && s < stateCount; s++) {
    const scores = memory.row(s);
    for (let i = start; i < end; i++) {
      const at = offsets[i + 1]! - first - 1;
      if (offsets[i]! < offsets[i + 1]!) scores[at] = withEnd(chain, s, scores[at]!);
    }
  }
  for (let s = 0; zeros !== 'none' && s < stateCount; s++) {
    memory.logEmission.set(memory.row(s).subarray(0, last - first), s * stride);
  }
  latentKernels().hmmForward(
    emission,
    stride,
    stateCount,
    offsets.subarray(start),
    count,
    initial,
    transition,
    forward,
    scale,
    out,
  );
  memory.inLogs.length = 0;
  for (let i = 0; zeros !== 'none' && i < count; i++) {
    const { logEmission, logForward } = memory;
    const from = offsets[start + i]! - first;
    const to = offsets[start + i + 1]! - first;
    const isInLogs = losesState(zeros, chain, forward, logEmission, stride, from, to);
    if (isInLogs || zeros === 'transitions') dropUnreached(isInLogs, stateCount, forward, emission, stride, from, to);
    if (!isInLogs) continue;
    memory.inLogs.push(i);
    out[i] = logForwardPass(chain.logChain, logEmission, stride, from, to, logForward);
  }
  const lengthScores = memory.lengthScores(count);
  scoreChild(children?.length, model.length, lengths, start, end, lengthScores);
  for (let i = 0; i < count; i++) {
    const isImpossible = needsItem(chain) && offsets[start + i] === offsets[start + i + 1];
    out[i] = isImpossible ? -Infinity : addLogs(out[i]!, lengthScores[i]!);
  }
}

/** Items scored at a time: enough to keep the kernels busy, few enough for the cache. */
const MAX_SCORED_ITEMS = 4096;

/** Below so many items the twin has scored them before a workspace for the kernels is there. */
const WORTH_A_WORKSPACE = 256;

/** log p(sequence) of the sequences `[start, end)`, some thousand items at a time. `memory` is for few items. */
export function scoreSequences(
  model: HiddenMarkovScorer,
  columns: SequenceColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: ForwardMemory,
): void {
  const { offsets } = columns;
  const scoreIn = (workspace: ForwardMemory): void => {
    for (let from = start; from < end; ) {
      let to = from + 1;
      while (to < end && offsets[to + 1]! - offsets[from]! <= MAX_SCORED_ITEMS) to++;
      forwardPass(model, undefined, columns, from, to, out.subarray(from - start, to - start), workspace);
      from = to;
    }
  };
  if (offsets[end]! - offsets[start]! < WORTH_A_WORKSPACE) scoreIn(memory);
  else withWorkspace((scratch) => scoreIn(new ForwardMemory(scratch)));
}

/**
 * Additive over sequences: expected number of starts in each state, expected number of steps from state to state (row-major),
 * the emissions' statistics under the expected state counts, and the length's.
 */
export interface HiddenMarkovStatistic extends StepStatistic<EnteringTables> {
  /** Where states end lists: expected number of lists that end in each state, [S], then of items that others follow, [S]. */
  readonly end?: Float64Array;
  readonly emissions: readonly unknown[];
  readonly length: unknown;
}

/** The tables of a model, with the probabilities of the end where states end lists. */
interface EnteringTables extends StepTables {
  readonly end?: Float64Array;
}

/** Keys of a hidden Markov model: models that share one get equal initial, transition or emission parameters. */
export interface HiddenMarkovKeys {
  readonly initial?: string | undefined;
  readonly transitions?: string | undefined;
  readonly end?: string | undefined;
  readonly emissions?: string | undefined;
}

/** What each cell of a table has at a start from short runs. */
const TRACE = 1e-3;

/** Baum-Welch counts. */
export class HiddenMarkovAccumulator
  implements Accumulator<SequenceColumns, HiddenMarkovStatistic, HiddenMarkovScorer>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #counts: TableCounts<EnteringTables>;
  readonly #ends: EndCounts | undefined;
  readonly #memory = new ForwardMemory();
  readonly #scored = new ScoredBlock<SequenceColumns, HiddenMarkovScorer>('HiddenMarkovAccumulator');

  /**
   * @param own  S initial counts, then S × S transition counts, and 2 S counts of ends where states end lists
   * @param findStates  the states of items at a start
   * @param findStatistic  a start from few items. Default: none
   */
  constructor(
    readonly emissions: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    keys: HiddenMarkovKeys,
    readonly findStates: FindStates,
    readonly findStatistic?: FindStatistic<HiddenMarkovStatistic>,
  ) {
    const tables = emissions.length * (emissions.length + 1);
    this.#counts = new TableCounts(own, emissions.length);
    this.#ends = own.length > tables ? new EndCounts(own.subarray(tables)) : undefined;
    const kinds = emissions.map((emission) => emission.kind ?? '?').join(', ');
    this.kind = `HiddenMarkov[${kinds}]${this.#ends === undefined ? '' : ' with ends'}`;
    this.children = [
      tiedCounts(this.#counts.initial, keys.initial, 'initial states'),
      tiedCounts(this.#counts.transitions, keys.transitions, 'transitions'),
      ...(this.#ends === undefined ? [] : [tiedCounts(this.#ends.counts, keys.end, 'ends')]),
      tiedList(emissions, keys.emissions, 'emissions'),
      length,
    ];
  }

  begin(model: HiddenMarkovScorer | undefined, { items, lengths }: SequenceColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#scored.from(scratch);
    this.#counts.begin(model && enteringTables(model.chain));
    this.emissions.forEach((child, s) => child.begin?.(model?.emissions[s], items, scratch));
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: HiddenMarkovScorer, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    forwardPass(model, this, columns, start, end, out, this.#memory);
    this.#scored.remember(model, columns, start, end);
  }

  seqUpdate(
    columns: SequenceColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: HiddenMarkovScorer,
  ): void {
    const scorer = this.#scored.take(this, columns, start, end, model); // the backward pass overwrites the emissions
    const { offsets, items, lengths } = columns;
    const { emission, forward, scale, stride } = this.#memory;
    const count = end - start;
    const isScaled = this.#memory.inLogs.length === 0;
    const sequenceWeights = isScaled ? weights : this.#memory.scaledWeights(weights, count);
    latentKernels().hmmBackward(
      emission,
      stride,
      this.emissions.length,
      offsets.subarray(start),
      count,
      scorer.chain.transition,
      forward,
      scale,
      isScaled && isUnit(weights) ? null : sequenceWeights,
      this.#counts.initial,
      this.#counts.transitions,
    );
    this.#absorbInLogs(columns, start, weights, scorer);
    this.#ends?.add(offsets, start, end, (s) => this.#memory.row(s));
    this.emissions.forEach((child, s) => {
      child.seqUpdate(items, offsets[start]!, offsets[end]!, this.#memory.row(s), scorer.emissions[s]);
    });
    this.length.seqUpdate(lengths, start, end, weights, scorer.length);
  }

  #absorbInLogs({ offsets }: SequenceColumns, start: number, weights: Float64Array, model: HiddenMarkovScorer): void {
    const memory = this.#memory;
    for (const i of memory.inLogs) {
      const from = offsets[start + i]! - offsets[start]!;
      const to = offsets[start + i + 1]! - offsets[start]!;
      logBackwardPass(
        model.chain.logChain,
        memory.logEmission,
        memory.logForward,
        memory.stride,
        from,
        to,
        weights[i]!,
        (s) => memory.row(s),
        this.#counts.initial,
        this.#counts.transitions,
      );
    }
  }

  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const isWhole = start === 0 && end === columns.rowCount && this.emissions.length > 1;
    const isOutermost = !draws.smoothsTables;
    const found =
      isWhole && isOutermost && draws.method === 'kmeans++' ? this.findStatistic?.(columns, weights, draws) : undefined;
    if (found === undefined) {
      this.initializeByItems(columns, start, end, weights, draws);
      return;
    }
    this.combine(found);
    this.#counts.addToAll(TRACE); // EM can never leave a zero
  }

  /**
   * The states of the items come from a mixture of the emissions, or are drawn evenly. Tables start even: counts of such states
   * reach the best optimum less often, and EM can never leave a zero.
   */
  initializeByItems(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    initializeEmissions(this.emissions, items, offsets, start, end, weights, draws, this.findStates);
    this.#counts.addToAll(1 / this.emissions.length);
    this.#ends?.addEvenly(offsets, start, end, weights);
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine(statistic: HiddenMarkovStatistic): void {
    const { end, emissions, length } = statistic;
    this.#counts.combine(statistic);
    if (end !== undefined) this.#ends?.combine(end);
    this.emissions.forEach((child, s) => child.combine(emissions[s]));
    this.length.combine(length);
  }

  value(): HiddenMarkovStatistic {
    return {
      ...this.#counts.value(),
      ...(this.#ends === undefined ? {} : { end: this.#ends.counts.slice() }),
      emissions: this.emissions.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue(statistic: HiddenMarkovStatistic): void {
    const { end, emissions, length } = statistic;
    this.#counts.fromValue(statistic);
    if (end !== undefined) this.#ends?.counts.set(end);
    this.emissions.forEach((child, s) => child.fromValue(emissions[s]));
    this.length.fromValue(length);
  }
}

function enteringTables({ initial, next, end }: Chain): EnteringTables {
  return { initial, transitions: next, ...(end && { end }) };
}
