/**
 * The E step of a hidden Markov model: scaled forward-backward over whole sequences, in two phases. Scoring runs forward;
 * absorbing runs backward and hands every state its items, weighted by P(state | sequence).
 * Source: Rabiner, A tutorial on hidden Markov models (1989), section V.A (scaling).
 */

import type { SequenceColumns } from '../../combinators/sequence.js';
import type { Accumulator, AnyDistribution, Columns, Draws, Scratch, TiedNode } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { kernels } from '../../numeric/kernels/index.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import { initializeChild, isUnit, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';

/** What the E step needs of a model. */
export interface HiddenMarkovModel extends AnyDistribution {
  readonly emissions: readonly AnyDistribution[];
  readonly length: AnyDistribution;
  /** P(first state), [S]. */
  readonly initial: Float64Array;
  /** P(next | state), row-major [S × S]. */
  readonly transition: Float64Array;
  /** log p(x | s) of the items `[start, end)`. */
  scoreEmission(s: number, items: Columns, start: number, end: number, out: Float64Array): void;
}

/** Working memory of a forward pass, state-major: position t of state s at `s * stride + t`. */
export class ForwardMemory {
  readonly #emission = new GrowingScratch();
  readonly #forward = new GrowingScratch();
  readonly #scale = new GrowingScratch();
  readonly #lengths = new GrowingScratch();
  #rows: readonly Float64Array[] = [];
  stride = 0;

  from(scratch: Scratch): void {
    for (const part of [this.#emission, this.#forward, this.#scale, this.#lengths]) part.from(scratch);
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
  const { initial, transition } = model;
  const count = end - start;
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
  const lengthScores = memory.lengthScores(count);
  scoreChild(children?.length, model.length, lengths, start, end, lengthScores);
  for (let i = 0; i < count; i++) out[i] = addLogs(out[i]!, lengthScores[i]!);
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
  #scored: { columns: SequenceColumns; start: number; end: number; model: HiddenMarkovModel } | undefined;

  /** @param own  S initial counts, then S × S transition counts */
  constructor(
    readonly emissions: readonly Accumulator[],
    readonly length: Accumulator,
    own: Float64Array,
    keys: HiddenMarkovKeys,
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
    const sequenceWeights = isUnit(weights) ? null : weights;
    kernels().hmmBackward(
      emission,
      stride,
      this.emissions.length,
      offsets.subarray(start),
      count,
      model.transition,
      forward,
      scale,
      sequenceWeights,
      this.#initial,
      this.#transitions,
    );
    this.emissions.forEach((child, s) => {
      child.seqUpdate(items, offsets[start]!, offsets[end]!, this.#memory.row(s), model.emissions[s]);
    });
    this.length.seqUpdate(lengths, start, end, weights, model.length);
  }

  /** Every item draws its state, all states being equally likely. */
  seqInitialize(columns: SequenceColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items, lengths } = columns;
    const stateCount = this.emissions.length;
    const first = offsets[start]!;
    const count = offsets[end]! - first;
    const labels = this.emissions.map(() => new Float64Array(count));
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      const rng = draws.row(row);
      let previous = -1;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
        const state = Math.floor(rng() * stateCount);
        labels[state]![at - first] = weight;
        if (previous < 0) this.#initial[state]! += weight;
        else this.#transitions[previous * stateCount + state]! += weight;
        previous = state;
      }
    }
    this.emissions.forEach((child, s) => {
      initializeChild(child, items, first, first + count, labels[s]!, draws.component(s));
    });
    initializeChild(this.length, lengths, start, end, weights, draws.child('length'));
  }

  combine({ initial, transitions, emissions, length }: HiddenMarkovStatistic): void {
    for (let s = 0; s < initial.length; s++) this.#initial[s]! += initial[s]!;
    for (let i = 0; i < transitions.length; i++) this.#transitions[i]! += transitions[i]!;
    this.emissions.forEach((child, s) => child.combine(emissions[s]));
    this.length.combine(length);
  }

  value(): HiddenMarkovStatistic {
    return {
      initial: this.#initial.slice(),
      transitions: this.#transitions.slice(),
      emissions: this.emissions.map((child) => child.value()),
      length: this.length.value(),
    };
  }

  fromValue({ initial, transitions, emissions, length }: HiddenMarkovStatistic): void {
    this.#initial.set(initial);
    this.#transitions.set(transitions);
    this.emissions.forEach((child, s) => child.fromValue(emissions[s]));
    this.length.fromValue(length);
  }
}
