/** What a hidden Markov model is asked about one list. */

import { checkOptions } from '../../checks/options.js';
import { checkCount } from '../../checks/parameters.js';
import { checkRows, isRows } from '../../checks/rows.js';
import type { AnyDistribution, Sampler, Seed, Violation } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { addLogs, logSumExp } from '../../numeric/logSumExp.js';
import { drawIndex, random, samplerOf } from '../../numeric/random.js';
import type { Chain } from './chain.js';
import { ended, forwardOf, itemRows, knownEmissionOf, needsItem } from './inference.js';
import { drawPath, mostProbablePaths, type StatePath } from './paths.js';
import { pathSampler, type SampledModel, type SampledPath } from './sampling.js';
import { viterbiPath } from './viterbi.js';

/** What the answers need of a model. */
export interface QueriedModel {
  readonly emissions: readonly AnyDistribution[];
  readonly chain: Chain;
  readonly items: { violation(row: unknown): Violation | undefined };
}

const OWNER = 'HiddenMarkovDistribution';

/**
 * log p(x_t | s) of a list about whose states something is asked.
 * @throws {ParameterError} for an item that the model cannot score
 */
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

function smoothed(model: QueriedModel, method: string, x: readonly unknown[]) {
  const { chain } = model;
  return forwardOf(chain, ended(chain, emissionOf(model, method, x), x.length), x.length).smoothed();
}

export function smoothedStates(model: QueriedModel, x: readonly unknown[]): number[][] {
  return itemRows(smoothed(model, 'posterior', x).states, x.length);
}

export function expectedSteps(model: QueriedModel, x: readonly unknown[]): number[][] {
  const { steps } = smoothed(model, 'expectedTransitions', x);
  return model.emissions.map((_, r) =>
    Array.from(steps.subarray(r * model.emissions.length, (r + 1) * model.emissions.length)),
  );
}

/** Expected share of the items of all lists that each state has; all 0 without items. */
export function occupancyOf(model: QueriedModel, lists: readonly (readonly unknown[])[]): number[] {
  checkRows(`${OWNER}.occupancy: lists`, lists);
  const sums = model.emissions.map(() => 0);
  for (const x of lists) {
    const { states } = smoothed(model, 'occupancy', x);
    for (let at = 0; at < states.length; at++) sums[Math.floor(at / x.length)]! += states[at]!;
  }
  const total = sums.reduce((sum, share) => sum + share, 0);
  return sums.map((share) => (total > 0 ? share / total : 0));
}

/** log p(x_t | x_1 … x_t-1) of each item, with the end of the list counted to the last one. */
export function itemScores(model: QueriedModel, x: readonly unknown[]): number[] {
  const { chain } = model;
  const logEmission = ended(chain, emissionOf(model, 'itemLogDensities', x), x.length);
  const { initial, transition } = chain.logChain;
  let before: readonly number[] = [];
  return Array.from(x, (_, t) => {
    const joint = model.emissions.map((__, s) => {
      const reached =
        t === 0 ? initial[s]! : logSumExp(before.map((p, r) => addLogs(p, transition[r * before.length + s]!)));
      return addLogs(reached, logEmission[s * x.length + t]!);
    });
    const score = logSumExp(joint);
    // At a pole the states that have it count alone.
    before = joint.map((p) => (score === Infinity ? (p === score ? 0 : -Infinity) : addLogs(p, -score)));
    return score;
  });
}

/** P(state of the item `steps` after a history | the history, there is such an item), [S]. */
export function forecastStates(model: QueriedModel, history: readonly unknown[], steps: number): Float64Array {
  const owner = `${OWNER}.forecast`;
  checkCount(owner, 'steps', steps);
  if (steps === 0) throw new ParameterError(owner, 'steps', 'an integer >= 1', steps);
  if (!Array.isArray(history)) throw new ParameterError(owner, 'history', 'a list', history);
  const isEmpty = history.length === 0;
  let states = isEmpty ? model.chain.initial : lastStates(model, 'forecast', history);
  for (let step = isEmpty ? 1 : 0; step < steps; step++) states = stepOf(model.chain, states);
  const total = states.reduce((sum, p) => sum + p, 0);
  if (total > 0) return states.map((p) => p / total);
  throw new ParameterError(owner, 'history', `a list that ${steps} more items can follow`, history);
}

/** P(state of the last item | history). @throws {ParameterError} for an impossible history */
function lastStates(model: QueriedModel, method: string, history: readonly unknown[]): Float64Array {
  const forward = forwardOf(model.chain, emissionOf(model, method, history), history.length);
  if (forward.evidence === -Infinity) {
    throw new ParameterError(`${OWNER}.${method}`, 'history', 'a possible list', history);
  }
  const filtered = forward.filtered();
  return Float64Array.from(model.emissions, (_, s) => filtered[(s + 1) * history.length - 1]!);
}

/** Σ_r p_r P(the list goes on, s | r). */
function stepOf({ transition }: Chain, states: Float64Array): Float64Array {
  return states.map((_, s) => states.reduce((sum, p, r) => sum + p * transition[r * states.length + s]!, 0));
}

/** What continues a path: a state, or a list. */
export interface HiddenMarkovPathOptions<T> {
  /** Draws what follows this list. Default: lists from their first item on. */
  readonly after?: readonly T[];
  /** Draws what follows an item of this state. Default: as `after` says. */
  readonly from?: number;
  /** At most so many items. Default: as many as `sampler` draws, and needed after a list or a state unless lists end by themselves. */
  readonly count?: number;
}

/** A sampler of paths, with the first state as the options say. @throws {ParameterError} */
export function pathsWith(
  model: QueriedModel & SampledModel,
  seed: Seed,
  options: HiddenMarkovPathOptions<unknown>,
): Sampler<SampledPath> {
  const owner = `${OWNER}.pathSampler`;
  checkOptions(owner, options, ['after', 'from', 'count']);
  const { after, from, count } = options;
  if (count !== undefined) checkCount(owner, 'count', count);
  const before = from === undefined ? after && statesAfter(model, after) : onlyState(owner, model, from, after);
  if (before === undefined) return pathSampler(owner, model, seed, { count });
  if (count === undefined && model.end === undefined && model.terminalValues.length === 0) {
    throw new ParameterError(owner, 'count', 'given, as a length says nothing of what follows', count);
  }
  const { next } = model.chain;
  const rowOf = (r: number) => next.subarray(r * before.length, (r + 1) * before.length);
  return pathSampler(owner, model, seed, { count, first: (rng) => drawIndex(rng, rowOf(drawIndex(rng, before))) });
}

/** P(state of the last item | history, the list goes on); `undefined` for an empty history. */
function statesAfter(model: QueriedModel, history: readonly unknown[]): Float64Array | undefined {
  if (isRows(history) && history.length === 0) return undefined;
  const { end } = model.chain;
  return lastStates(model, 'pathSampler', history).map((p, s) => p * (1 - (end?.[s] ?? 0)));
}

function onlyState(owner: string, { emissions, chain }: QueriedModel, from: number, after: unknown): Float64Array {
  if (after !== undefined) throw new ParameterError(owner, 'from', 'left out where after is given', from);
  if (Number.isInteger(from) && from >= 0 && from < emissions.length && chain.end?.[from] !== 1) {
    return Float64Array.from(emissions, (_, s) => (s === from ? 1 : 0));
  }
  throw new ParameterError(owner, 'from', `a state, 0 to ${emissions.length - 1}, that does not end every list`, from);
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
