/** The E step of a hidden Markov tree: upward when rows are scored, downward when they are absorbed. */

import type { Accumulator, Columns, Draws, Scorer, Scratch, TiedNode } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { GrowingScratch, withWorkspace } from '../../numeric/scratch.js';
import { initializeChild, scoreChild } from '../../tree/children.js';
import { tiedCounts, tiedList } from '../../tree/tie.js';
import type { HiddenMarkovKeys, HiddenMarkovStatistic } from '../hiddenMarkov/forwardBackward.js';
import { type FindStates, initializeEmissions } from '../hiddenMarkov/start.js';
import type { Router } from '../route.js';
import type { TreeColumns } from './columns.js';
import { TreeMemory } from './memory.js';
import { downwardPass, type StateTree, stateTree, type TreeLinks, upwardPass } from './upwardDownward.js';

/** What the E step needs of a model. */
export interface TreeHiddenMarkovModel extends Scorer<TreeColumns> {
  readonly tree: StateTree;
  readonly emissions: readonly Scorer[];
  readonly childCount: Scorer;
  /** log p(x | s) of the nodes `[start, end)`. */
  scoreEmission(s: number, values: Columns, start: number, end: number, out: Float64Array): void;
}

/** How the nodes of the trees `[start, end)` hang together. */
function linksOf({ offsets, items }: TreeColumns, start: number, end: number): TreeLinks {
  return {
    toParent: items.toParent.subarray(offsets[start]!, offsets[end]!),
    offsets: offsets.subarray(start, end + 1),
    treeCount: end - start,
  };
}

/** Upward pass over the trees `[start, end)`: log p(tree) into `out`. Leaves in `memory` what the downward pass needs. */
function scoreBlock(
  model: TreeHiddenMarkovModel,
  children: { readonly emissions: readonly Accumulator[]; readonly childCount: Accumulator } | undefined,
  columns: TreeColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: TreeMemory,
): void {
  const { offsets } = columns;
  const { values, childCounts } = columns.items;
  const first = offsets[start]!;
  const last = offsets[end]!;
  const stateCount = model.emissions.length;
  memory.reserve(stateCount, last - first);
  for (let s = 0; s < stateCount; s++) {
    if (children === undefined) model.scoreEmission(s, values, first, last, memory.row(s));
    else scoreChild(children.emissions[s], model.emissions[s]!, values, first, last, memory.row(s));
  }
  const ofCounts = memory.childCountScores(last - first);
  scoreChild(children?.childCount, model.childCount, childCounts, first, last, ofCounts);
  upwardPass(model.tree, linksOf(columns, start, end), memory, out);
  for (let row = start; row < end; row++) {
    let score = out[row - start]!;
    for (let t = offsets[row]!; t < offsets[row + 1]!; t++) score = addLogs(score, ofCounts[t - first]!);
    out[row - start] = score;
  }
}

/** Nodes scored at a time: enough to keep the kernels busy, few enough for the cache. */
const MAX_SCORED_NODES = 4096;

/** Below so many nodes their scores are there before a workspace for the kernels is. */
const WORTH_A_WORKSPACE = 256;

/** Visits the trees `[start, end)`, some thousand nodes at a time, with memory for them. `memory` is for few nodes. */
function forEachPiece(
  { offsets }: TreeColumns,
  start: number,
  end: number,
  memory: TreeMemory,
  visit: (from: number, to: number, memory: TreeMemory) => void,
): void {
  const visitIn = (workspace: TreeMemory): void => {
    for (let from = start; from < end; ) {
      let to = from + 1;
      while (to < end && offsets[to + 1]! - offsets[from]! <= MAX_SCORED_NODES) to++;
      visit(from, to, workspace);
      from = to;
    }
  };
  if (offsets[end]! - offsets[start]! < WORTH_A_WORKSPACE) visitIn(memory);
  else withWorkspace((scratch) => visitIn(new TreeMemory(scratch)));
}

/** log p(tree) of the trees `[start, end)`. */
export function scoreTrees(
  model: TreeHiddenMarkovModel,
  columns: TreeColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: TreeMemory,
): void {
  forEachPiece(columns, start, end, memory, (from, to, workspace) => {
    scoreBlock(model, undefined, columns, from, to, out.subarray(from - start, to - start), workspace);
  });
}

/** What scores trees by tables that need not sum to 1. */
export function treeScorer(
  router: Router,
  w: readonly number[],
  transitions: readonly (readonly number[])[],
  emissions: readonly Scorer[],
  childCount: Scorer,
): Scorer {
  const memory = new TreeMemory();
  const model: TreeHiddenMarkovModel = {
    tree: stateTree(w, transitions),
    emissions,
    childCount,
    scoreEmission: (s, values, from, to, out) => router.seqLogDensity(s, emissions[s]!, values, from, to, out),
    seqLogDensity: (columns, from, to, out) => scoreTrees(model, columns, from, to, out, memory),
  };
  return model as Scorer;
}

/**
 * P(state | tree) of the nodes of the trees `[start, end)`. All 0 for an impossible tree.
 * @param out  receives the share of state s at `node * S + s`, nodes in the order of the lists, the first of tree `start` being node 0
 * @param evidence  receives log p(tree) of each tree
 */
export function smoothTrees(
  model: TreeHiddenMarkovModel,
  columns: TreeColumns,
  start: number,
  end: number,
  out: Float64Array,
  evidence: Float64Array,
  memory: TreeMemory,
): void {
  const { offsets, items } = columns;
  const stateCount = model.emissions.length;
  // The way down counts roots and steps, too, which nobody asks for here.
  const sums = new Float64Array(stateCount * (stateCount + 1));
  const [initial, steps] = [sums.subarray(0, stateCount), sums.subarray(stateCount)];
  forEachPiece(columns, start, end, memory, (from, to, workspace) => {
    scoreBlock(model, undefined, columns, from, to, evidence.subarray(from - start, to - start), workspace);
    const weights = new Float64Array(to - from).fill(1);
    downwardPass(model.tree, linksOf(columns, from, to), workspace, weights, initial, steps);
    const first = offsets[from]!;
    for (let row = from; row < to; row++) {
      const firstOut = offsets[row]! - offsets[start]!;
      for (let t = offsets[row]!; t < offsets[row + 1]!; t++) {
        const node = firstOut + items.places[t]!;
        for (let s = 0; s < stateCount; s++) out[node * stateCount + s] = workspace.row(s)[t - first]!;
      }
    }
  });
}

/**
 * Expected states of the roots, expected steps from parent to child, and the emissions' statistics under the expected states of
 * all nodes; `length` is the statistic of the numbers of children.
 */
export class TreeHiddenMarkovAccumulator
  implements Accumulator<TreeColumns, HiddenMarkovStatistic, TreeHiddenMarkovModel>
{
  readonly kind: string;
  readonly children: readonly TiedNode[];
  readonly #initial: Float64Array;
  readonly #transitions: Float64Array;
  readonly #memory = new TreeMemory();
  readonly #evidence = new GrowingScratch();
  #entering: HiddenMarkovStatistic['entering'];
  #scored: { columns: TreeColumns; start: number; end: number; model: TreeHiddenMarkovModel } | undefined;

  /**
   * @param own  S counts of states of roots, then S × S counts of steps
   * @param findStates  the states of nodes at a start
   */
  constructor(
    readonly emissions: readonly Accumulator[],
    readonly childCount: Accumulator,
    own: Float64Array,
    keys: HiddenMarkovKeys,
    readonly findStates: FindStates,
  ) {
    const stateCount = emissions.length;
    this.#initial = own.subarray(0, stateCount);
    this.#transitions = own.subarray(stateCount);
    this.kind = `TreeHiddenMarkov[${emissions.map((emission) => emission.kind ?? '?').join(', ')}]`;
    // The kinds of a hidden Markov model: chains and trees may share their tables and their emissions.
    this.children = [
      tiedCounts(this.#initial, keys.initial, 'initial states'),
      tiedCounts(this.#transitions, keys.transitions, 'transitions'),
      tiedList(emissions, keys.emissions, 'emissions'),
      childCount,
    ];
  }

  begin(model: TreeHiddenMarkovModel | undefined, { items }: TreeColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#evidence.from(scratch);
    this.#scored = undefined;
    this.#entering = model && { initial: model.tree.initial, transitions: model.tree.transition };
    this.emissions.forEach((child, s) => child.begin?.(model?.emissions[s], items.values, scratch));
    this.childCount.begin?.(model?.childCount, items.childCounts, scratch);
  }

  score(model: TreeHiddenMarkovModel, columns: TreeColumns, start: number, end: number, out: Float64Array): void {
    scoreBlock(model, this, columns, start, end, out, this.#memory);
    this.#scored = { columns, start, end, model };
  }

  seqUpdate(
    columns: TreeColumns,
    start: number,
    end: number,
    weights: Float64Array,
    model?: TreeHiddenMarkovModel,
  ): void {
    if (model === undefined) {
      throw new ParameterError('TreeHiddenMarkovAccumulator', 'model', 'given to seqUpdate', model);
    }
    const scored = this.#scored;
    const isScored =
      scored?.columns === columns && scored.start === start && scored.end === end && scored.model === model;
    if (!isScored) this.score(model, columns, start, end, this.#evidence.atLeast(end - start));
    this.#scored = undefined; // the downward pass overwrites the scores
    const { offsets, items } = columns;
    const first = offsets[start]!;
    const last = offsets[end]!;
    const links = linksOf(columns, start, end);
    downwardPass(model.tree, links, this.#memory, weights, this.#initial, this.#transitions);
    this.emissions.forEach((child, s) => {
      child.seqUpdate(items.values, first, last, this.#memory.row(s), model.emissions[s]);
    });
    const nodeWeights = this.#nodeWeights(columns, start, end, weights);
    this.childCount.seqUpdate(items.childCounts, first, last, nodeWeights, model.childCount);
  }

  #nodeWeights({ offsets }: TreeColumns, start: number, end: number, weights: Float64Array): Float64Array {
    const first = offsets[start]!;
    const nodeWeights = this.#memory.weights(offsets[end]! - first);
    for (let row = start; row < end; row++) {
      nodeWeights.fill(weights[row - start]!, offsets[row]! - first, offsets[row + 1]! - first);
    }
    return nodeWeights;
  }

  /** As for chains: states of nodes by their values alone, and even tables, as EM can never leave a zero. */
  seqInitialize(columns: TreeColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    const { offsets, items } = columns;
    initializeEmissions(this.emissions, items.values, offsets, start, end, weights, draws, this.findStates);
    for (const table of [this.#initial, this.#transitions]) {
      for (let cell = 0; cell < table.length; cell++) table[cell]! += 1 / this.emissions.length;
    }
    const nodeWeights = this.#nodeWeights(columns, start, end, weights);
    const [first, last] = [offsets[start]!, offsets[end]!];
    initializeChild(this.childCount, items.childCounts, first, last, nodeWeights, draws.child('childCount'));
  }

  combine({ initial, transitions, emissions, length, entering }: HiddenMarkovStatistic): void {
    this.#entering ??= entering;
    for (let s = 0; s < initial.length; s++) this.#initial[s]! += initial[s]!;
    for (let i = 0; i < transitions.length; i++) this.#transitions[i]! += transitions[i]!;
    this.emissions.forEach((child, s) => child.combine(emissions[s]));
    this.childCount.combine(length);
  }

  value(): HiddenMarkovStatistic {
    return {
      ...(this.#entering === undefined ? {} : { entering: this.#entering }),
      initial: this.#initial.slice(),
      transitions: this.#transitions.slice(),
      emissions: this.emissions.map((child) => child.value()),
      length: this.childCount.value(),
    };
  }

  fromValue({ initial, transitions, emissions, length, entering }: HiddenMarkovStatistic): void {
    this.#entering = entering ?? this.#entering;
    this.#initial.set(initial);
    this.#transitions.set(transitions);
    this.emissions.forEach((child, s) => child.fromValue(emissions[s]));
    this.childCount.fromValue(length);
  }
}
