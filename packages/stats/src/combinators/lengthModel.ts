/** Models of the number of items of a list: those of a chain, a bag, a sequence. */
import { checkEstimatorOptions } from '../checks/options.js';
import { checkDistribution, checkEstimator } from '../checks/parameters.js';
import { acceptedBy } from '../columns/columns.js';
import type { AnyDistribution, AnyEstimator, Encoder, Sampler, Seed } from '../contract.js';
import { ParameterError } from '../errors.js';
import { childSeed } from '../numeric/random.js';
import { NullDistribution, NullEstimator } from './null.js';

/** Lengths that a list may have; a family need not take all of them. */
const LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, 10_000, 100_000];
/** Lengths that no list has. */
const NO_LENGTHS: readonly number[] = [0.5, 1.5, 1000.5];

/** Whether the rows are numbers, all whole; or anything. A family of levels, or none at all, takes other values beside numbers. */
function takesLengths(encoder: Encoder<unknown>): boolean {
  const accepts = acceptedBy(encoder);
  // A family of one number has an encoder that holds it.
  const own = Object.values(encoder).filter((value) => Number.isSafeInteger(value) && value >= 0);
  return [...LENGTHS, ...own].some(accepts) && (accepts('a length') || !NO_LENGTHS.some(accepts));
}

/** Whether it is a categorical of which no level is a length. */
function hasOtherLevels(model: AnyDistribution): boolean {
  const { type, levels } = model.toJSON();
  if (type !== 'Categorical' || !Array.isArray(levels) || levels.length === 0) return false;
  return !levels.some((level) => Number.isSafeInteger(level) && level >= 0);
}

/**
 * A model of the length of a list.
 * @throws {ParameterError} unless `value` is a distribution over whole numbers: a density, such as that of a Gaussian, is no
 *   probability of a length. A model that scores every length 0 says nothing, and may stand here.
 */
export function checkLengthModel(owner: string, parameter: string, value: unknown): AnyDistribution {
  const model = checkDistribution(owner, parameter, value);
  const scoresNone = NO_LENGTHS.every((x) => {
    const score = model.logDensity(x);
    return !(score > -Infinity) || score === 0;
  });
  if (scoresNone && takesLengths(model.encoder()) && !hasOtherLevels(model)) return model;
  throw new ParameterError(owner, parameter, 'a distribution over integers >= 0', value);
}

/**
 * The model of the length that a distribution was given; none by default.
 * @throws {ParameterError}
 */
export function lengthOrNone<L extends AnyDistribution>(owner: string, given: L | undefined): L {
  // Without a length model, L is its default in each family: NullDistribution.
  const length = given ?? (new NullDistribution() as AnyDistribution as L);
  checkLengthModel(owner, 'length', length);
  return length;
}

/**
 * The estimator of the length of a list; none by default.
 * @throws {ParameterError} for one of a density over all numbers: a length is a whole number
 */
export function lengthEstimator(
  owner: string,
  length: AnyEstimator | undefined,
  parameter: string = 'length',
): AnyEstimator {
  if (length === undefined) return new NullEstimator();
  checkEstimator(owner, parameter, length);
  if (takesLengths(length.encoder())) return length;
  throw new ParameterError(owner, parameter, 'an estimator of a distribution over integers >= 0', length);
}

/** How the sampler of a list family draws. */
export interface ListSamplerOptions {
  /** Items of each list, an integer >= 0. Default: drawn from the model of the length. */
  readonly length?: number;
}

/**
 * Draws the number of items of one list after another: the one that was asked for, else one from the model of the length.
 * @throws {ParameterError} for an invalid `length`, or when there is neither a length nor a model of it; when a drawn length is invalid or
 *   too large
 */
export function lengthSampler(
  owner: string,
  model: AnyDistribution,
  seed: Seed,
  options: ListSamplerOptions = {},
): () => number {
  checkEstimatorOptions(`${owner}.sampler`, options, { length: true });
  const { length } = options;
  if (length !== undefined) {
    if (!isLength(length)) throw new ParameterError(owner, 'length', 'an integer >= 0', length);
    return () => length;
  }
  if (model instanceof NullDistribution) {
    const expected =
      'a distribution, to draw lists from it (or give sampler a length, as in sampler(1, { length: 5 }))';
    throw new ParameterError(owner, 'length', expected, model);
  }
  const lengths = model.sampler(childSeed(seed, 'length'));
  return () => drawnLength(owner, lengths.sample());
}

/** A length beyond is a slip in the parameters of its model: its items would be drawn for minutes or fill the memory. */
const MAX_DRAWN = 10_000_000;

/** @throws {ParameterError} unless a model drew a number of items */
export function drawnLength(owner: string, drawn: unknown): number {
  if (isLength(drawn) && drawn <= MAX_DRAWN) return drawn;
  const most = isLength(drawn) ? ` and <= ${MAX_DRAWN}` : '';
  throw new ParameterError(owner, 'length', `a distribution over integers >= 0${most}`, drawn);
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Draws lists of `count` items from a family that others hand such lists. Families of lists draw as many items as they are asked for;
 * others do not look at it.
 * @throws {ParameterError} for a draw of another length
 */
export function listsOfLength(
  owner: string,
  parameter: string,
  model: AnyDistribution,
  count: number,
  seed: Seed,
): () => unknown[] {
  const draws: { sampler(seed: Seed, options: ListSamplerOptions): Sampler<unknown> } = model;
  const lists = draws.sampler(seed, { length: count });
  return () => {
    const items = lists.sample();
    if (Array.isArray(items) && items.length === count) return [...(items as unknown[])];
    throw new ParameterError(owner, parameter, `a distribution over lists of ${count} items`, items);
  };
}
