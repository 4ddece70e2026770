/**
 * The E step of a hidden Markov model: scaled forward-backward over whole sequences, in two phases. Scoring runs forward;
 * absorbing runs backward and hands every state its items, weighted by P(state | sequence). The few sequences that scaling
 * cannot do are done in logs.
 * Source: Rabiner, A tutorial on hidden Markov models (1989), section V.A (scaling).
 */

import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, AnyDistribution, Columns, Draws, Scratch, TiedNode } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { kernels } from '../../numeric/kernels/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch, withWorkspace } from '../../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import type { Chain } from './chain.js';
import { logBackwardPass, logForwardPass, losesState } from './logForwardBackward.js';
import type { FindStates } from './start.js';

/** What the E step needs of a model. */
export interface HiddenMarkovModel extends AnyDistribution {
  readonly chain: Chain;
  readonly emissions: readonly AnyDistribution[];
  readonly length: AnyDistribution;
  /** log p(x | s) of the items `[start, end)`. */
  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void;
}

/** Working memory of a forward pass, state-major: position t of state s at `s * stride + t`. */
export class ForwardMemory {
  readonly #emission = new GrowingScratch();
  readonly #forward = new GrowingScratch();
  readonly #scale = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  readonly #logEmission = new GrowingScratch();
  readonly #logForward = new GrowingScratch();
  readonly #weights = new GrowingScratch();
  /** The sequences of the block that were done in logs. */
  readonly inLogs: number[] = [];
  #rows: readonly Float64Array[] = [];
  stride = 0;

  /** @param scratch  where the kernels use it in place. Default: the JavaScript heap */
  constructor(scratch?: Scratch) {
    if (scratch !== undefined) this.from(scratch);
  }

  from(scratch: Scratch): void {
    for (const part of [this.#emission, this.#forward, this.#scale, this.#lengths, this.#weights]) part.from(scratch);
    this.stride = 0;
  }

  /** Makes room for `count` positions of each state. */
  reserve(stateCount: number, count: number): void {
    if (count <= this.stride && this.#rows.length === stateCount) return;
    // Not a multiple of a cache page, or all states would fall into the same cache sets.
    this.stride = Math.max(1024, Math.ceil(count / 8) * 8) + 8;
    const emission = this.#emission.atLeast(stateCount * this.stride);
    this.#forward.atLeast(stateCount * this.stride);
    this.#scale.atLeast(2 * this.stride);
    this.#rows = Array.from({ length: stateCount }, (_, s) =>
      emission.subarray(s * this.stride, (s + 1) * this.stride),
    );
  }

  get emission(): Float64Array {
    return this.#emission.atLeast(0);
  }

  get forward(): Float64Array {
    return this.#forward.atLeast(0);
  }

  get scale(): Float64Array {
    return this.#scale.atLeast(0);
  }

  /** The positions of state `s`. */
  row(s: number): Float64Array {
    return this.#rows[s]!;
  }

  /** Log-densities of the emissions as they were scored, for {@link inLogs}. */
  get logEmission(): Float64Array {
    return this.#logEmission.atLeast(this.#rows.length * this.stride);
  }

  get logForward(): Float64Array {
    return this.#logForward.atLeast(this.#rows.length * this.stride);
  }

  /** The weights of the sequences, 0 for those {@link inLogs}. */
  scaledWeights(weights: Float64Array, count: number): Float64Array {
    const scaled = this.#weights.atLeast(count);
    for (let i = 0; i < count; i++) scaled[i] = weights[i]!;
    for (const i of this.inLogs) scaled[i] = 0;
    return scaled;
  }

  lengthScores(count: number): Float64Array {
    return this.#lengths.atLeast(count);
  }
}

/** Forward pass over sequences `[start, end)`: log p(sequence) into `out`. Leaves in `memory` what the backward pass needs. */
export function forwardPass(
  model: HiddenMarkovModel,
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
  const { initial, transition, zeros } = model.chain;
  const count = end - start;
  for (let s = 0; zeros !== 'none' && s < stateCount; s++) {
    memory.logEmission.set(memory.row(s).subarray(0, last - first), s * stride);
  }
  kernels().hmmForward(
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
    if (!losesState(zeros, model.chain, forward, logEmission, stride, from, to)) continue;
    memory.inLogs.push(i);
    out[i] = logForwardPass(model.chain.logChain, logEmission, stride, from, to, logForward);
  }
  const lengthScores = memory.lengthScores(count);
  scoreChild(children?.length, model.length, lengths, start, end, lengthScores);
  for (let i = 0; i < count; i++) out[i] = addLogs(out[i]!, lengthScores[i]!);
}

/** Items scored at a time: enough to keep the kernels busy, few enough for the cache. */
const MAX_SCORED_ITEMS = 4096;

/** Below so many items the twin has scored them before a workspace for the kernels is there. */
const WORTH_A_WORKSPACE = 256;

/** log p(sequence) of the sequences `[start, end)`, some thousand items at a time. `memory` is for few items. */
export function scoreSequences(
  model: HiddenMarkovModel,
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
export interface HiddenMarkovStatistic {
  readonly initial: Float64Array;
  readonly transitions: Float64Array;
  readonly emissions: readonly unknown[];
  readonly length: unknown;
  /** The tables of the entering model, which is kept where nothing was counted. The same in all parts, not added. */
  readonly entering?: { readonly initial: Float64Array; readonly transitions: Float64Array };
}

/** Keys of a hidden Markov model: models that share one get equal initial, transition or emission parameters. */
export interface HiddenMarkovKeys {
  readonly initial?: string | undefined;
  readonly transitions?: string | undefined;
  readonly emissions?: string | undefined;
}

/** Baum-Welch counts. */
export class HiddenMarkovAccumulator implements Accumulator<SequenceColumns, HiddenMarkovStatistic, HiddenMarkovModel> {
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #initial: Float64Array;
  readonly #transitions: Float64Array;
  readonly #memory = new ForwardMemory();
  readonly #evidence = new GrowingScratch();
  #entering: HiddenMarkovStatistic['entering'];
  #scored: { columns: SequenceColumns; start: number; end: number; model: HiddenMarkovModel } | undefined;

  /**
   * @param own  S initial counts, then S × S transition counts
   * @param findStates  the states of items at a start
   */
  constructor(
    readonly emissions: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    keys: HiddenMarkovKeys,
    readonly findStates: FindStates,
  ) {
    const stateCount = emissions.length;
    this.#initial = own.subarray(0, stateCount);
    this.#transitions = own.subarray(stateCount);
    this.kind = `HiddenMarkov[${emissions.map((emission) => emission.kind ?? '?').join(', ')}]`;
    this.children = [
      tiedCounts(this.#initial, keys.initial, 'initial states'),
      tiedCounts(this.#transitions, keys.transitions, 'transitions'),
      tiedList(emissions, keys.emissions, 'emissions'),
      length,
    ];
  }

  begin(model: HiddenMarkovModel | undefined, { items, lengths }: SequenceColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#evidence.from(scratch);
    this.#scored = undefined;
    this.#entering =
      model === undefined ? undefined : { initial: model.chain.initial, transitions: model.chain.transition };
    this.emissions.forEach((child, s) => child.begin?.(model?.emissions[s], items, scratch));
    this.length.begin?.(model?.length, lengths, scratch);
  }

  score(model: HiddenMarkovModel, columns: SequenceColumns, start: number, end: number, out: Float64Array): void {
    forwardPass(model, this, columns, start, end, out, this.#memory);
    this.#scored = { columns, start, end, model };
  }

  seqUpdate(
    columns: SequenceColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: HiddenMarkovModel,
  ): void {
    if (model === undefined) throw new ParameterError('HiddenMarkovAccumulator', 'model', 'given to seqUpdate', model);
    const scored = this.#scored;
    const isScored =
      scored?.columns === columns && scored.start === start && scored.end === end && scored.model === model;
    if (!isScored) this.score(model, columns, start, end, this.#evidence.atLeast(end - start));
    this.#scored = undefined; // the backward pass overwrites the emissions
    const { offsets, items, lengths } = columns;
    const { emission, forward, scale, stride } = this.#memory;
    const count = end - start;
    const isScaled = this.#memory.inLogs.length === 0;
    const sequenceWeights = isScaled ? weights : this.#memory.scaledWeights(weights, count);
    kernels().hmmBackward(
      emission,
      stride,
      this.emissions.length,
      offsets.subarray(start),
      count,
      model.chain.transition,
      forward,
      scale,
      isScaled && isUnit(weights) ? null : sequenceWeights,
      this.#initial,
      this.#transitions,
    );
    this.#absorbInLogs(columns, start, weights, model);
    this.emissions.forEach((child, s) => {
      child.seqUpdate(items, offsets[start]!, offsets[end]!, this.#memory.row(s), model.emissions[s]);
    });
    this.length.seqUpdate(lengths, start, end, weights, model.length);
  }

  #absorbInLogs({ offsets }: SequenceColumns, start: number, weights: Float64Array, model: HiddenMarkovModel): void {
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
        this.#initial,
        this.#transitions,
      );
    }
  }

  /**
   * The states of the items come from a mixture of the emissions, or are drawn evenly. Tables start even: counts of such states
   * reach the best optimum less often, and EM can never leave a zero.
   */
  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    const stateCount = this.emissions.length;
    const first = offsets[start]!;
    const count = offsets[end]! - first;
    const itemWeights = new Float64Array(count);
    for (let row = start; row < end; row++) {
      itemWeights.fill(weights[row - start]!, offsets[row]! - first, offsets[row + 1]! - first);
    }
    const isWhole = start === 0 && end === columns.rowCount;
    const found =
      draws.method === 'kmeans++' && isWhole && stateCount > 1 && count > 0
        ? this.findStates(items, itemWeights, draws)
        : undefined;
    if (found === undefined) {
      const states = this.#drawnStates(columns, start, end, draws);
      this.#initializeEmissions(items, first, itemWeights, states, draws);
    } else this.#initializeEmissions(found.items, 0, found.weights, found.states, draws);
    const evenly = (table: Float64Array) => table.forEach((_, cell) => (table[cell]! += 1 / stateCount));
    evenly(this.#initial);
    evenly(this.#transitions);
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  #initializeEmissions(items: Columns, first: number, weights: Float64Array, states: Float64Array, draws: Draws): void {
    const stateCount = this.emissions.length;
    const count = weights.length;
    this.emissions.forEach((child, s) => {
      const labels = new Float64Array(count);
      for (let item = 0; item < count; item++) labels[item] = weights[item]! * states[item * stateCount + s]!;
      initializeChild(child, items, first, first + count, labels, draws.component(s));
    });
  }

  /** One state for each item, all being equally likely. */
  #drawnStates({ offsets }: SequenceColumns, start: number, end: number, draws: Draws): Float64Array {
    const stateCount = this.emissions.length;
    const first = offsets[start]!;
    const states = new Float64Array((offsets[end]! - first) * stateCount);
    for (let row = start; row < end; row++) {
      const rng = draws.row(row);
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
        states[(at - first) * stateCount + Math.floor(rng() * stateCount)] = 1;
      }
    }
    return states;
  }

  combine({ initial, transitions, emissions, length, entering }: HiddenMarkovStatistic): void {
    this.#entering ??= entering;
    for (let s = 0; s < initial.length; s++) this.#initial[s]! += initial[s]!;
    for (let i = 0; i < transitions.length; i++) this.#transitions[i]! += transitions[i]!;
    this.emissions.forEach((child, s) => child.combine(emissions[s]));
    this.length.combine(length);
  }

  value(): HiddenMarkovStatistic {
    return {
      ...(this.#entering === undefined ? {} : { entering: this.#entering }),
      initial: this.#initial.slice(),
      transitions: this.#transitions.slice(),
      emissions: this.emissions.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue({ initial, transitions, emissions, length, entering }: HiddenMarkovStatistic): void {
    this.#entering = entering ?? this.#entering;
    this.#initial.set(initial);
    this.#transitions.set(transitions);
    this.emissions.forEach((child, s) => child.fromValue(emissions[s]));
    this.length.fromValue(length);
  }
}
