/** What a hidden Markov model is asked about one list. */

import { checkCount } from '../../checks/parameters.js';
import type { AnyDistribution, Sampler, Seed, Violation } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { random, samplerOf } from '../../numeric/random.js';
import type { Chain } from './chain.js';
import { ended, forwardOf, itemRows, knownEmissionOf, needsItem } from './inference.js';
import { drawPath, mostProbablePaths, type StatePath } from './paths.js';
import { viterbiPath } from './viterbi.js';

/** What the answers need of a model. */
export interface QueriedModel {
  readonly emissions: readonly AnyDistribution[];
  readonly chain: Chain;
  readonly items: { violation(row: unknown): Violation | undefined };
}

const OWNER = 'HiddenMarkovDistribution';

/** log p(x_t | s) of a list about whose states something is asked. @throws {ParameterError} for what is no item */
function emissionOf({ emissions, items }: QueriedModel, method: string, x: readonly unknown[]): Float64Array {
  return knownEmissionOf(`${OWNER}.${method}`, emissions, items, x);
}

/** {@link emissionOf} a list of which nothing follows. @throws {ParameterError} also for an empty one that states cannot end */
function wholeEmissionOf(model: QueriedModel, method: string, x: readonly unknown[]): Float64Array {
  const emission = emissionOf(model, method, x);
  if (x.length > 0 || !needsItem(model.chain)) return ended(model.chain, emission, x.length);
  throw new ParameterError(`${OWNER}.${method}`, 'x', 'a list of at least one item, as states end lists', x);
}

export function filteredStates(model: QueriedModel, x: readonly unknown[]): number[][] {
  return itemRows(forwardOf(model.chain, emissionOf(model, 'filtered', x), x.length).filtered(), x.length);
}

export function smoothedStates(model: QueriedModel, x: readonly unknown[]): number[][] {
  return itemRows(
    forwardOf(model.chain, ended(model.chain, emissionOf(model, 'posterior', x), x.length), x.length).smoothed(),
    x.length,
  );
}

export function viterbiStates(model: QueriedModel, x: readonly unknown[]): number[] {
  const { path, impossibleAt } = viterbiPath(wholeEmissionOf(model, 'viterbi', x), x.length, model.chain.logChain);
  if (path !== undefined) return Array.from(path);
  throw new ParameterError(
    `${OWNER}.viterbi`,
    `x[${impossibleAt}]`,
    'an item that some path of states gives after the items before it',
    x[impossibleAt],
  );
}

export function bestStatePaths(model: QueriedModel, x: readonly unknown[], count: number): StatePath[] {
  checkCount(`${OWNER}.bestPaths`, 'count', count);
  const emission = ended(model.chain, emissionOf(model, 'bestPaths', x), x.length);
  if (x.length === 0 && needsItem(model.chain)) return [];
  return mostProbablePaths(emission, x.length, model.chain.logChain, count);
}

export function statePathSampler(model: QueriedModel, x: readonly unknown[], seed: Seed): Sampler<number[]> {
  const forward = forwardOf(model.chain, wholeEmissionOf(model, 'sampleGiven', x), x.length);
  if (x.length > 0 && forward.evidence === -Infinity) {
    throw new ParameterError(`${OWNER}.sampleGiven`, 'x', 'a possible list', x);
  }
  const filtered = forward.filtered();
  const rng = random(seed);
  return samplerOf(() => (x.length === 0 ? [] : drawPath(filtered, x.length, model.chain.transition, rng)));
}
