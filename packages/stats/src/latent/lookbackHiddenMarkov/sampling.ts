/** Draws from a lookback hidden Markov model: the first items of a list, then each item given those before it. */

import { violationOf } from '../../columns/columns.js';
import { type ListSamplerOptions, lengthSampler, listsOfLength } from '../../combinators/lengthModel.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Encoder, Random, Sampler, Seed } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';

/** A list with the states of its steps: those of its first `lag` items together, and of each item after them. */
export interface LookbackPath<T = unknown> {
  readonly states: readonly number[];
  readonly items: readonly T[];
}

/** What the draws need of a model. */
export interface SampledModel {
  readonly emissions: readonly AnyDistribution[];
  readonly initialEmissions: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly lag: number;
  readonly length: AnyDistribution;
  encoder(): Encoder<unknown>;
}

/** A family that draws what comes after given items. */
interface Continuing {
  sampleGiven(given: unknown, seed: Seed): Sampler<unknown>;
}

/** Draws an item after the last ones of a list. */
type DrawItem = (items: readonly unknown[]) => unknown;

/** Samplers that are kept, each for what stands before its items. */
const MAX_KEPT = 1000;

/**
 * Draws items by the windows of one state.
 * @throws {ParameterError} for a family that cannot draw an item given those before it
 */
function itemDraws(owner: string, name: string, windows: AnyDistribution, lag: number, seed: Seed): DrawItem {
  const { type, dist, dists } = windows.toJSON() as {
    readonly type: string;
    readonly dist?: AnyDistribution;
    readonly dists?: readonly AnyDistribution[];
  };
  // Independent items: those before say nothing.
  const alone = type === 'Sequence' ? dist : type === 'Composite' ? dists?.[lag] : undefined;
  if (alone !== undefined) {
    const items = alone.sampler(seed);
    return () => items.sample();
  }
  const { sampleGiven } = windows as Partial<Continuing>;
  if (typeof sampleGiven !== 'function') {
    const expected = 'a distribution that draws an item given those before it (sampleGiven), to draw lists';
    throw new ParameterError(owner, name, expected, windows);
  }
  const takesOne = type === 'Conditional' || type === 'MarkovChain';
  const kept = new Map<string, Sampler<unknown>>();
  let made = 0;
  return (items) => {
    const before = items.slice(items.length - lag);
    const key = JSON.stringify(before);
    let sampler = kept.get(key);
    if (sampler === undefined) {
      sampler = (windows as AnyDistribution & Continuing).sampleGiven(
        takesOne ? before[0] : before,
        childSeed(seed, made++),
      );
      if (kept.size === MAX_KEPT) kept.clear();
      kept.set(key, sampler);
    }
    return sampler.sample();
  };
}

/** Draws the first items of lists that start in one state. @throws {ParameterError} for a family that cannot draw them */
function firstDraws(owner: string, name: string, firsts: AnyDistribution, lag: number, seed: Seed): () => unknown[] {
  if (lag === 0) return () => [];
  if (firsts instanceof NullDistribution) {
    throw new ParameterError(owner, name, `a distribution of the first ${lag} items, to draw lists`, firsts);
  }
  return listsOfLength(owner, name, firsts, lag, seed);
}

/** What a list begins with that is drawn on. */
export interface Continued {
  readonly items: readonly unknown[];
  /** Draws the state of the next step. */
  readonly next: (rng: Random) => number;
}

/** @throws {ParameterError} for a family that cannot draw an item given those before it */
function itemDrawsOf(owner: string, { emissions, lag }: SampledModel, seed: Seed): readonly DrawItem[] {
  return emissions.map((windows, s) => itemDraws(owner, `emissions[${s}]`, windows, lag, childSeed(seed, s)));
}

/** Draws `count` items that follow others, with their states. @throws {ParameterError} as {@link lookbackSampler} */
export function continuationSampler(
  owner: string,
  model: SampledModel,
  seed: Seed,
  { items: before, next }: Continued,
  count: number,
): Sampler<LookbackPath> {
  const items = itemDrawsOf(owner, model, seed);
  const rng = random(childSeed(seed, 'states'));
  return samplerOf(() => {
    const list = [...before];
    const states: number[] = [];
    for (let k = 0; k < count; k++) {
      states.push(k === 0 ? next(rng) : drawIndex(rng, model.transitions[states[k - 1]!]!));
      list.push(items[states[k]!]!(list));
    }
    return { states, items: list.slice(before.length) };
  });
}

/**
 * Draws a number of steps and then those: the first `lag` items, and an item for each further step.
 * @param options  `length`: items of every list, in place of the model of the number of steps
 * @throws {ParameterError} when there is neither, or with a family that cannot draw its part
 */
export function lookbackSampler(
  owner: string,
  model: SampledModel,
  seed: Seed,
  options?: ListSamplerOptions,
): Sampler<LookbackPath> {
  const { initialEmissions, w, transitions, lag } = model;
  const nextCount = stepCounts(owner, model, seed, options);
  const items = itemDrawsOf(owner, model, seed);
  const firsts = initialEmissions.map((first, s) =>
    firstDraws(owner, `initialEmissions[${s}]`, first, lag, childSeed(seed, `first ${s}`)),
  );
  const rng = random(childSeed(seed, 'states'));
  const checkItems = firstListCheck(owner, model);
  return samplerOf(() => {
    const count = nextCount();
    if (count === 0) return { states: [], items: [] };
    const states = [drawIndex(rng, w)];
    const list = firsts[states[0]!]!();
    for (let t = 1; t < count; t++) {
      states.push(drawIndex(rng, transitions[states[t - 1]!]!));
      list.push(items[states[t]!]!(list));
    }
    checkItems(list);
    return { states, items: list };
  });
}

/** A check of the first list that has an item from a window: families over different items draw what the model itself cannot hold. */
function firstListCheck(owner: string, model: SampledModel): (list: readonly unknown[]) => void {
  let isChecked = false;
  return (list) => {
    if (isChecked || list.length <= model.lag) return;
    isChecked = true;
    const violation = violationOf(model.encoder(), list);
    if (violation === undefined) return;
    const expected = `families over the items that initialEmissions and emissions draw (${violation.expected})`;
    throw new ParameterError(owner, 'emissions', expected, violation.found);
  };
}

/** Draws numbers of steps. @throws {ParameterError} for a number of items that no steps give */
function stepCounts(
  owner: string,
  { lag, length }: SampledModel,
  seed: Seed,
  options: ListSamplerOptions | undefined,
): () => number {
  const nextLength = lengthSampler(owner, length, seed, options);
  const itemCount = options?.length;
  if (itemCount === undefined) {
    return () => {
      const count = nextLength();
      if (count > 0 || lag > 0) return count;
      throw new ParameterError(owner, 'length', 'a distribution over integers >= 1, as lag is 0', count);
    };
  }
  if (itemCount > 0 && itemCount < lag) {
    throw new ParameterError(owner, 'length', `0 or an integer >= ${lag}, the lag`, itemCount);
  }
  return () => (itemCount === 0 && lag > 0 ? 0 : itemCount - lag + 1);
}
