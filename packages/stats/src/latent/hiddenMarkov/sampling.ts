/** Draws from a hidden Markov model: a walk over the states, with an item at each step. */
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Sampler, Seed } from '../../contract.js';
import { EstimationError, ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';

/** Longest sequence that is drawn while no terminal value comes. */
const MAX_LENGTH = 1_000_000;

/** What the draws need of a model. */
interface SampledModel {
  readonly emissions: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly length: AnyDistribution;
  readonly terminalValues: readonly unknown[];
}

/**
 * Draws a length and then that many items; or, with terminal values, items until one of them comes.
 * @throws {ParameterError} when there is neither a length distribution nor a terminal value
 */
export function sequenceSampler(model: SampledModel, seed: Seed): Sampler<unknown[]> {
  const { w, transitions, length, terminalValues } = model;
  const emissions = model.emissions.map((emission, s) => emission.sampler(childSeed(seed, s)));
  const rng = random(childSeed(seed, 'states'));
  const hasLength = !(length instanceof NullDistribution);
  if (!hasLength && terminalValues.length === 0) {
    throw new ParameterError('HiddenMarkovDistribution', 'length', 'a distribution, to draw sequences', undefined);
  }
  const lengths = hasLength ? length.sampler(childSeed(seed, 'length')) : undefined;
  return samplerOf(() => {
    const count = lengths === undefined ? Infinity : Number(lengths.sample());
    const items: unknown[] = [];
    let state = drawIndex(rng, w);
    while (items.length < count) {
      const item = emissions[state]!.sample();
      items.push(item);
      if (terminalValues.some((value) => Object.is(value, item))) break;
      if (items.length === MAX_LENGTH) {
        throw new EstimationError(`HiddenMarkov: no terminal value came within ${MAX_LENGTH} items.`);
      }
      state = drawIndex(rng, transitions[state]!);
    }
    return items;
  });
}
