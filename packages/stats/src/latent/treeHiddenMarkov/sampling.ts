/** Draws from a hidden Markov tree, level by level. */
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Sampler, Seed } from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import type { TreeNode } from './tree.js';

/** Most nodes of a tree that is drawn: more than one child a node on average makes trees without end. */
const MAX_NODES = 1_000_000;

/** What the draws need of a model. */
interface SampledModel {
  readonly emissions: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly childCount: AnyDistribution;
  readonly maxDepth: number;
}

/** A tree with the state of each node, in the order of its list. */
export interface TreeWithStates<V> {
  readonly tree: TreeNode<V>[];
  readonly states: number[];
}

/**
 * Draws a root, and for each node a number of children, breadth first; ids are 0, 1, 2, …. Nodes at depth `maxDepth` have no
 * children.
 * @throws {ParameterError} when there is no distribution of the number of children
 */
export function treeSampler(model: SampledModel, seed: Seed): Sampler<TreeWithStates<unknown>> {
  const { w, transitions, childCount, maxDepth } = model;
  if (childCount instanceof NullDistribution && maxDepth > 0) {
    const expected = 'a distribution, to draw trees';
    throw new ParameterError('TreeHiddenMarkovDistribution', 'childCount', expected, undefined);
  }
  const emissions = model.emissions.map((emission, s) => emission.sampler(childSeed(seed, s)));
  const counts = childCount.sampler(childSeed(seed, 'childCount'));
  const rng = random(childSeed(seed, 'states'));
  return samplerOf(() => {
    const tree: TreeNode<unknown>[] = [];
    const states: number[] = [];
    const depths: number[] = [];
    const addNode = (parent: number): void => {
      if (tree.length === MAX_NODES) {
        throw new EstimationError(
          `TreeHiddenMarkov: a tree did not end within ${MAX_NODES} nodes. Give fewer children, or a smaller maxDepth.`,
        );
      }
      const state = drawIndex(rng, parent < 0 ? w : transitions[states[parent]!]!);
      tree.push([[tree.length, parent], emissions[state]!.sample()]);
      states.push(state);
      depths.push(parent < 0 ? 0 : depths[parent]! + 1);
    };
    addNode(-1);
    for (let node = 0; node < tree.length; node++) {
      if (depths[node]! >= maxDepth) continue;
      const count = counts.sample();
      if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
        const expected = 'a distribution over integers >= 0';
        throw new ParameterError('TreeHiddenMarkovDistribution', 'childCount', expected, count);
      }
      for (let child = 0; child < count; child++) addNode(node);
    }
    return { tree, states };
  });
}
