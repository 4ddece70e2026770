/** Draws of whole lists: with as many items as the model says, or as one asks for. */
import { checkEstimatorOptions } from '../../checks/options.js';
import { checkCount } from '../../checks/parameters.js';
import type { ListSamplerOptions } from '../../combinators/lengthModel.js';
import type { Random, Sampler, Seed } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { pathSampler, type SampledModel, type SampledPath } from './sampling.js';

/** @throws {ParameterError} as `pathSampler`; for a length that no list has, and for one beside terminal values */
export function listSampler(
  owner: string,
  model: SampledModel,
  seed: Seed,
  options: ListSamplerOptions,
): Sampler<SampledPath> {
  checkEstimatorOptions(`${owner}.sampler`, options, { length: true });
  const { length } = options;
  if (length === undefined) return pathSampler(owner, model, seed);
  checkCount(owner, 'length', length);
  if (model.terminalValues.length > 0) {
    throw new ParameterError(owner, 'length', 'left out, as terminal values end lists', length);
  }
  const nextStates = model.end === undefined ? undefined : statesOfLength(owner, model.end, model, length);
  if (nextStates === undefined) return pathSampler(owner, model, seed, { count: length });
  const emissions = model.emissions.map((emission, s) => emission.sampler(childSeed(seed, s)));
  const rng = random(childSeed(seed, 'states'));
  return samplerOf(() => {
    const states = nextStates(rng);
    return { states, items: states.map((state) => emissions[state]!.sample()) };
  });
}

/**
 * Draws the states of lists that end after exactly `length` items: each by its transitions times the probability that the list ends
 * there from it on.
 * @throws {ParameterError} where no list has so many items
 */
function statesOfLength(
  owner: string,
  end: readonly number[],
  { w, transitions }: SampledModel,
  length: number,
): (rng: Random) => number[] {
  // By items that follow: P(so many follow and no more | state), but for a factor that all states of a row share.
  const follow: Float64Array[] = [Float64Array.from(end)];
  while (follow.length < length) {
    const next = follow.at(-1)!;
    const row = Float64Array.from(
      end,
      (p, r) => (1 - p) * transitions[r]!.reduce((sum, step, s) => sum + step * next[s]!, 0),
    );
    const largest = Math.max(...row);
    follow.push(largest > 0 ? row.map((p) => p / largest) : row);
  }
  const first = w.map((p, s) => p * follow.at(-1)![s]!);
  if (length === 0 || !first.some((p) => p > 0)) {
    throw new ParameterError(owner, 'length', 'a number of items that a list of this model can have', length);
  }
  return (rng) => {
    const states = [drawIndex(rng, first)];
    for (let left = length - 2; left >= 0; left--) {
      const row = transitions[states.at(-1)!]!;
      states.push(drawIndex(rng, row.map((p, s) => p * follow[left]![s]!))); // biome-ignore format: one draw
    }
    return states;
  };
}
