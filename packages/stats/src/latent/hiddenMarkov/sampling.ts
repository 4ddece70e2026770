/** Draws from a hidden Markov model: a walk over the states, with an item at each step. */
import { acceptedBy, violationOf } from '../../columns/columns.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Encoder, Random, Sampler, Seed, Violation } from '../../contract.js';
import { EstimationError, formatPath, ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';
import { checkThatListsEnd } from './ends.js';

/** Longest list that is drawn while nothing ends it. */
const MAX_LENGTH = 1_000_000;

/**
 * The values after which a list ends.
 * @throws {ParameterError} for one that no state emits
 */
export function checkTerminalValues(owner: string, values: unknown, items: () => Encoder<unknown>): readonly unknown[] {
  if (!Array.isArray(values)) throw new ParameterError(owner, 'terminalValues', 'a list', values);
  for (const [k, value] of values.entries()) {
    if (acceptedBy(items())(value)) continue;
    const { path, expected, found } = refusalOf(items(), value);
    throw new ParameterError(owner, `terminalValues${formatPath([k, ...path])}`, expected, found);
  }
  return values;
}

/** What is wrong with a value that no state takes. */
function refusalOf(items: Encoder<unknown>, found: unknown): Violation {
  const unnamed = { path: [], expected: 'an item that a state emits', found };
  try {
    return violationOf(items, found) ?? unnamed;
  } catch {
    return unnamed; // a function of the user's did not expect the value
  }
}

/** Items are told apart by what they hold. */
function areEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  const [fields, others] = [fieldsOf(a), fieldsOf(b)];
  if (fields === undefined || others === undefined || Array.isArray(fields) !== Array.isArray(others)) return false;
  const names = Object.keys(fields);
  if (names.length !== Object.keys(others).length) return false;
  return names.every((name) => Object.hasOwn(others, name) && areEqual(fields[name], others[name]));
}

/** Lists and records; other objects are themselves only. */
function fieldsOf(item: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  if (ArrayBuffer.isView(item)) return Array.from(item as Float64Array) as unknown as Record<string, unknown>;
  const isPlain = Array.isArray(item) || isRecord(item);
  return isPlain ? (item as Readonly<Record<string, unknown>>) : undefined;
}

function isRecord(item: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(item);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What the draws need of a model. */
export interface SampledModel {
  readonly emissions: readonly AnyDistribution[];
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly end: readonly number[] | undefined;
  readonly length: AnyDistribution;
  readonly terminalValues: readonly unknown[];
}

/** A list with the states that its items came from. */
export interface SampledPath<T = unknown> {
  readonly states: readonly number[];
  readonly items: readonly T[];
}

/** Where drawn lists begin, and how many items they have. */
export interface Walk {
  /** Draws the first state. Default: by `w`. */
  readonly first?: (rng: Random) => number;
  /** At most so many items. Default: a drawn length, where there is a model of it. */
  readonly count?: number | undefined;
}

/**
 * Draws a length and then that many items; or items until the state ends the list, or until a terminal value comes.
 * @throws {ParameterError} when nothing ends a list, or nothing may
 */
export function pathSampler(owner: string, model: SampledModel, seed: Seed, walk?: Walk): Sampler<SampledPath> {
  const { w, transitions, end, length, terminalValues } = model;
  const emissions = model.emissions.map((emission, s) => emission.sampler(childSeed(seed, s)));
  const rng = random(childSeed(seed, 'states'));
  const hasLength = walk?.count === undefined && !(length instanceof NullDistribution);
  if (walk?.count === undefined && !hasLength && end === undefined && terminalValues.length === 0) {
    throw new ParameterError(
      owner,
      'length',
      'a distribution, to draw sequences (or use pathSampler(seed, { count }), or states that end lists)',
      undefined,
    );
  }
  if (walk?.count === undefined && end !== undefined && terminalValues.length === 0)
    checkThatListsEnd(owner, { w, transitions, end });
  const lengths = hasLength ? length.sampler(childSeed(seed, 'length')) : undefined;
  const first = walk?.first ?? ((draw: Random) => drawIndex(draw, w));
  return samplerOf(() => {
    const count = walk?.count ?? (lengths === undefined ? Infinity : Number(lengths.sample()));
    const states: number[] = [];
    const items: unknown[] = [];
    let state = first(rng);
    while (items.length < count) {
      const item = emissions[state]!.sample();
      states.push(state);
      items.push(item);
      if (terminalValues.some((value) => areEqual(value, item))) break;
      if (end !== undefined && rng() < end[state]!) break;
      if (items.length === MAX_LENGTH) {
        throw new EstimationError(`HiddenMarkov: a list that is drawn did not end within ${MAX_LENGTH} items.`);
      }
      state = drawIndex(rng, transitions[state]!);
    }
    return { states, items };
  });
}
