/** What a hidden semi-Markov model is asked about one list, and draws of lists. */
import { checkCount } from '../../checks/parameters.js';
import { isRows } from '../../checks/rows.js';
import { type ListSamplerOptions, lengthSampler } from '../../combinators/lengthModel.js';
import type { AnyDistribution, Sampler, Seed, Violation } from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import { expOf } from '../../numeric/kernels/twin/exp.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { itemRows, knownEmissionOf, logEmissionOf } from '../hiddenMarkov/inference.js';
import { takeOutLargest } from '../hiddenMarkov/logForwardBackward.js';
import { drawSegments, mostProbableCuts } from './paths.js';
import { backwardSegments, forwardSegments, type ListMemory, type SegmentChain, sumBefore } from './segments.js';
import { type BestSegments, bestSegments, type SegmentedPath, statesOfSegments } from './viterbi.js';

/** What the answers need of a model. */
interface QueriedModel {
  readonly emissions: readonly AnyDistribution[];
  readonly durations: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly shift: readonly number[];
  readonly length: AnyDistribution;
  readonly chain: SegmentChain;
  readonly items: { violation(row: unknown): Violation | undefined };
}

const OWNER = 'HiddenSemiMarkovDistribution';

interface Forward {
  readonly list: ListMemory;
  readonly terms: Float64Array;
  /** log p(list without its length) = takenOut + rest. */
  readonly takenOut: number;
  readonly rest: number;
}

/** A forward pass over one list. @param logEmission  overwritten */
function forwardOf({ chain, emissions }: QueriedModel, logEmission: Float64Array, length: number): Forward {
  const stateCount = emissions.length;
  const list: ListMemory = {
    ...{ scores: logEmission, scoreStride: length, scoreAt: 0, stride: length + 1, at: 0, length },
    begins: new Float64Array(stateCount * (length + 1)),
    ends: new Float64Array(stateCount * (length + 1)),
  };
  const terms = new Float64Array(chain.maxDuration + 1);
  let takenOut = 0;
  for (let t = 0; t < length; t++) takenOut += takeOutLargest(logEmission, length, stateCount, t);
  return { list, terms, takenOut, rest: forwardSegments(chain, list, terms) };
}

export function listEvidence(model: QueriedModel, x: readonly unknown[]): number {
  const { takenOut, rest } = forwardOf(model, logEmissionOf(model.emissions, x), x.length);
  return addLogs(rest === -Infinity ? rest : takenOut + rest, model.length.logDensity(x.length));
}

function emissionOf({ emissions, items }: QueriedModel, method: string, x: readonly unknown[]): Float64Array {
  return knownEmissionOf(`${OWNER}.${method}`, emissions, items, x);
}

export function smoothedStates(model: QueriedModel, x: readonly unknown[]): number[][] {
  const { list, terms, rest } = forwardOf(model, emissionOf(model, 'posterior', x), x.length);
  const { chain } = model;
  const stateCount = model.emissions.length;
  const counts = {
    initial: new Float64Array(stateCount),
    transitions: new Float64Array(stateCount * stateCount),
    whole: new Float64Array(chain.duration.length),
    cut: new Float64Array(chain.duration.length),
  };
  const cuts = list.begins.length;
  const [after, ended, states] = [new Float64Array(cuts), new Float64Array(cuts), new Float64Array(cuts)];
  const memory = { after, ended, states, terms };
  backwardSegments(chain, list, rest, 1, counts, memory);
  return itemRows(list.scores, x.length);
}

/**
 * P(state of the last item | x_1 … x_t) for each t: the segment of that item reaches it, and may go on. All 0 for an impossible
 * list.
 * @param logEmission  log p(x_t | s), state-major [S × n]; overwritten
 */
function filteredOf(model: QueriedModel, logEmission: Float64Array, length: number, from: number): number[][] {
  const { list, terms, rest } = forwardOf(model, logEmission, length);
  const { chain } = model;
  return Array.from({ length: length - from }, (_, i) => {
    const reached = model.emissions.map((__, s) => sumBefore(chain.survival, chain, list, s, from + i + 1, terms));
    const largest = Math.max(...reached);
    if (rest === -Infinity || largest === -Infinity) return reached.map(() => 0);
    const shares = reached.map((term) => expOf(term - largest));
    const total = shares.reduce((sum, share) => sum + share, 0);
    return shares.map((share) => share / total);
  });
}

export function filteredStates(model: QueriedModel, x: readonly unknown[]): number[][] {
  return filteredOf(model, emissionOf(model, 'filtered', x), x.length, 0);
}

/**
 * P(state of the item `steps` after a history | the history), [S]: filtered after so many more items, of which nothing is known.
 */
export function forecastStates(model: QueriedModel, history: readonly unknown[], steps: number): readonly number[] {
  const owner = `${OWNER}.forecast`;
  checkCount(owner, 'steps', steps);
  if (steps === 0) throw new ParameterError(owner, 'steps', 'an integer >= 1', steps);
  if (!isRows(history)) throw new ParameterError(owner, 'history', 'a list', history);
  const known = emissionOf(model, 'forecast', history);
  if (forwardOf(model, known.slice(), history.length).rest === -Infinity) {
    throw new ParameterError(owner, 'history', 'a possible list', history);
  }
  const length = history.length + steps;
  const extended = new Float64Array(model.emissions.length * length);
  model.emissions.forEach((_, s) => {
    extended.set(known.subarray(s * history.length, (s + 1) * history.length), s * length);
  });
  const [states] = filteredOf(model, extended, length, length - 1);
  if (states!.some((p) => p > 0)) return states!;
  throw new ParameterError(owner, 'history', `a list that ${steps} more items can follow`, history);
}

export function bestPathsOf(model: QueriedModel, x: readonly unknown[], count: number): SegmentedPath[] {
  checkCount(`${OWNER}.bestPaths`, 'count', count);
  return mostProbableCuts(model.chain, emissionOf(model, 'bestPaths', x), x.length, count);
}

/** @throws {ParameterError} for an impossible list */
export function statePathSampler(model: QueriedModel, x: readonly unknown[], seed: Seed): Sampler<number[]> {
  const { list, rest } = forwardOf(model, emissionOf(model, 'sampleGiven', x), x.length);
  if (rest === -Infinity) throw new ParameterError(`${OWNER}.sampleGiven`, 'x', 'a possible list', x);
  const rng = random(seed);
  return samplerOf(() => statesOfSegments(drawSegments(model.chain, list, rng)));
}

/** @throws {ParameterError} for an impossible list */
export function mostProbableSegments(model: QueriedModel, method: string, x: readonly unknown[]): BestSegments {
  const found = bestSegments(model.chain, emissionOf(model, method, x), x.length);
  if (found !== undefined) return found;
  throw new ParameterError(`${OWNER}.${method}`, 'x', 'a list that some segments give', x);
}

/** Draws that are thrown away before a duration of at most D comes. */
const MAX_TRIES = 1_000_000;

/**
 * Draws a length and then segments until there are so many items; the last one is cut off.
 * @throws {ParameterError} without a length or a distribution of it
 */
export function segmentedSampler(model: QueriedModel, seed: Seed, options?: ListSamplerOptions): Sampler<unknown[]> {
  const { w, transitions, shift } = model;
  const emissions = model.emissions.map((family, s) => family.sampler(childSeed(seed, s)));
  const durations = model.durations.map((family, s) => family.sampler(childSeed(seed, `duration ${s}`)));
  const nextLength = lengthSampler(OWNER, model.length, seed, options);
  const rng = random(childSeed(seed, 'states'));
  const drawDuration = (s: number): number => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const duration = Number(durations[s]!.sample()) + shift[s]!;
      if (duration >= 1 && duration <= model.chain.maxDuration) return duration;
    }
    throw new EstimationError(`HiddenSemiMarkov: no duration of state ${s} was drawn that is at most maxDuration.`);
  };
  return samplerOf(() => {
    const count = nextLength();
    const items: unknown[] = [];
    for (let state = drawIndex(rng, w); items.length < count; state = drawIndex(rng, transitions[state]!)) {
      const segment = Math.min(drawDuration(state), count - items.length);
      for (let k = 0; k < segment; k++) items.push(emissions[state]!.sample());
    }
    return items;
  });
}
