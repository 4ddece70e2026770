/** What a hidden semi-Markov model is asked about one list, and draws of lists. */
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Sampler, Seed, Violation } from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import { addLogs } from '../../numeric/logSumExp.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { itemRows, knownEmissionOf, logEmissionOf } from '../hiddenMarkov/inference.js';
import { takeOutLargest } from '../hiddenMarkov/logForwardBackward.js';
import { backwardSegments, forwardSegments, type ListMemory, type SegmentChain } from './segments.js';
import { type BestSegments, bestSegments } from './viterbi.js';

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
  const memory = { after: new Float64Array(list.begins.length), ended: new Float64Array(list.begins.length), terms };
  backwardSegments(chain, list, rest, 1, counts, memory);
  return itemRows(list.scores, x.length);
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
 * @throws {ParameterError} without a length distribution
 */
export function segmentedSampler(model: QueriedModel, seed: Seed): Sampler<unknown[]> {
  const { w, transitions, shift, length } = model;
  if (length instanceof NullDistribution) {
    throw new ParameterError(OWNER, 'length', 'a distribution, to draw sequences', undefined);
  }
  const emissions = model.emissions.map((family, s) => family.sampler(childSeed(seed, s)));
  const durations = model.durations.map((family, s) => family.sampler(childSeed(seed, `duration ${s}`)));
  const lengths = length.sampler(childSeed(seed, 'length'));
  const rng = random(childSeed(seed, 'states'));
  const drawDuration = (s: number): number => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const duration = Number(durations[s]!.sample()) + shift[s]!;
      if (duration >= 1 && duration <= model.chain.maxDuration) return duration;
    }
    throw new EstimationError(`HiddenSemiMarkov: no duration of state ${s} was drawn that is at most maxDuration.`);
  };
  return samplerOf(() => {
    const count = Number(lengths.sample());
    const items: unknown[] = [];
    for (let state = drawIndex(rng, w); items.length < count; state = drawIndex(rng, transitions[state]!)) {
      const segment = Math.min(drawDuration(state), count - items.length);
      for (let k = 0; k < segment; k++) items.push(emissions[state]!.sample());
    }
    return items;
  });
}
