/** What a hidden Markov tree is asked about one tree: the states of its nodes. */

import { violationOf } from '../../columns/columns.js';
import type { AnyDistribution, Encoder, Random } from '../../contract.js';
import { formatPath, ParameterError } from '../../errors.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { drawIndex } from '../../numeric/random.js';
import { componentScores } from '../posterior.js';
import { TreeMemory } from './memory.js';
import { isShape, type TreeRow, type TreeShape, treeShape } from './tree.js';
import {
  downwardPass,
  type StateTree,
  sharesOfChild,
  sharesOfRoot,
  type TreeLinks,
  upwardPass,
} from './upwardDownward.js';

/** What the answers need of a model. */
interface AskedModel {
  readonly tree: StateTree;
  readonly emissions: readonly AnyDistribution[];
  encoder(): Encoder<never>;
}

/** A tree whose nodes have scores: log f_s of the k-th node, breadth first, at `s * stride + k` of the memory. */
interface ScoredTree {
  readonly shape: TreeShape;
  readonly count: number;
  readonly toParent: Int32Array;
  readonly memory: TreeMemory;
}

export function scoredTree(emissions: readonly AnyDistribution[], x: TreeRow<unknown>, shape: TreeShape): ScoredTree {
  const { places, parents } = shape;
  const count = places.length;
  const memory = new TreeMemory();
  memory.reserve(emissions.length, count);
  const rows = emissions.map((_, s) => memory.row(s));
  places.forEach((place, k) => {
    componentScores(emissions, x[place]![1]).forEach((score, s) => {
      rows[s]![k] = score;
    });
  });
  return { shape, count, toParent: parents.map((parent, k) => (parent < 0 ? 0 : k - parent)), memory };
}

/** {@link scoredTree} where every value has a density. @throws {ParameterError} for anything but a tree of values */
function knownTree(model: AskedModel, method: string, x: TreeRow<unknown>): ScoredTree {
  const shape = treeShape(x);
  const refused = isShape(shape) ? undefined : shape;
  if (refused === undefined) {
    const scored = scoredTree(model.emissions, x, shape as TreeShape);
    const stateRows = model.emissions.map((_, s) => scored.memory.row(s).subarray(0, scored.count));
    if (!stateRows.some((row) => row.some(Number.isNaN))) return scored;
  }
  const { path, expected, found } = refused ??
    violationOf(model.encoder() as Encoder<unknown>, x) ?? { path: [], expected: 'a tree with a density', found: x };
  throw new ParameterError(`TreeHiddenMarkovDistribution.${method}`, `x${formatPath(path)}`, expected, found);
}

function linksOf({ toParent, count }: ScoredTree): TreeLinks {
  return { toParent, offsets: Int32Array.of(0, count), treeCount: 1 };
}

/** log p(tree), without its numbers of children. */
export function upwardOf({ tree }: Pick<AskedModel, 'tree'>, scored: ScoredTree): number {
  const out = new Float64Array(1);
  upwardPass(tree, linksOf(scored), scored.memory, out);
  return out[0]!;
}

/** A list with an entry for each place of the list of nodes. */
function byPlace<R>({ places }: TreeShape, entry: (k: number) => R): R[] {
  const out = new Array<R>(places.length);
  places.forEach((place, k) => {
    out[place] = entry(k);
  });
  return out;
}

/** P(state | tree): S numbers for each node, in the order of the list. All 0 for an impossible tree. */
export function stateProbabilities(model: AskedModel, method: string, x: TreeRow<unknown>): number[][] {
  const scored = knownTree(model, method, x);
  upwardOf(model, scored);
  const { memory, shape } = scored;
  const stateCount = model.emissions.length;
  const sums = new Float64Array(stateCount * (stateCount + 1));
  const [initial, steps] = [sums.subarray(0, stateCount), sums.subarray(stateCount)];
  downwardPass(model.tree, linksOf(scored), memory, Float64Array.of(1), initial, steps);
  return byPlace(shape, (k) => model.emissions.map((_, s) => memory.row(s)[k]!));
}

/**
 * The most probable states of all nodes together: the largest score below each node, for each state of it, with pointers back to
 * the states that gave it. Ties go to the lower state.
 * @throws {ParameterError} for an impossible tree, naming a node at which no state is left
 */
export function mostProbableStates(model: AskedModel, x: TreeRow<unknown>): number[] {
  const { shape, count, toParent, memory } = knownTree(model, 'viterbi', x);
  const { initial, transition } = model.tree.logChain;
  const stateCount = initial.length;
  const { scores, stride } = memory;
  const pointers = new Int32Array(stateCount * count); // the best state of node k when its parent is in state b: k * S + b
  const refuseAt = (k: number): never => {
    const place = shape.places[k]!;
    throw new ParameterError(
      'TreeHiddenMarkovDistribution.viterbi',
      `x[${place}]`,
      'a node that some states give together with the nodes below it',
      x[place],
    );
  };
  const isImpossible = (k: number) => model.emissions.every((_, s) => scores[s * stride + k] === -Infinity);
  for (let k = count - 1; k > 0; k--) {
    if (isImpossible(k)) refuseAt(k);
    const parent = k - toParent[k]!;
    for (let b = 0; b < stateCount; b++) {
      let best = -Infinity;
      let state = 0;
      for (let a = 0; a < stateCount; a++) {
        const score = addLogs(transition[b * stateCount + a]!, scores[a * stride + k]!);
        if (score > best) {
          best = score;
          state = a;
        }
      }
      pointers[k * stateCount + b] = state;
      scores[b * stride + parent] = addLogs(scores[b * stride + parent]!, best);
    }
  }
  const states = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    if (k > 0) {
      states[k] = pointers[k * stateCount + states[k - toParent[k]!]!]!;
      continue;
    }
    let best = -Infinity;
    for (let a = 0; a < stateCount; a++) {
      const score = addLogs(initial[a]!, scores[a * stride]!);
      if (score > best) {
        best = score;
        states[0] = a;
      }
    }
    if (best === -Infinity) refuseAt(0);
  }
  return byPlace(shape, (k) => states[k]!);
}

/** Draws the states of all nodes from P(states | tree). @throws {ParameterError} for an impossible tree */
export function statesGiven(model: AskedModel, x: TreeRow<unknown>): (rng: Random) => number[] {
  const scored = knownTree(model, 'sampleGiven', x);
  const evidence = upwardOf(model, scored);
  if (evidence === -Infinity) {
    throw new ParameterError('TreeHiddenMarkovDistribution.sampleGiven', 'x', 'a possible tree', x);
  }
  const { shape, count, toParent, memory } = scored;
  const shares = new Float64Array(model.emissions.length);
  return (rng) => {
    const states = new Int32Array(count);
    for (let k = 0; k < count; k++) {
      if (k === 0) sharesOfRoot(model.tree, memory, shares);
      else sharesOfChild(model.tree, states[k - toParent[k]!]!, memory, k, shares);
      states[k] = drawIndex(rng, shares);
    }
    return byPlace(shape, (k) => states[k]!);
  };
}
