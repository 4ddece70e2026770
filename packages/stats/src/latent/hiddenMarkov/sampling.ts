/** Draws from a hidden Markov model: a walk over the states, with an item at each step. */
import { acceptedBy, violationOf } from '../../columns/columns.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, Encoder, Sampler, Seed, Violation } from '../../contract.js';
import { EstimationError, formatPath, ParameterError } from '../../errors.js';
import { childSeed, drawIndex, random, samplerOf } from '../../numeric/random.js';

/** Longest sequence that is drawn while no terminal value comes. */
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
      if (terminalValues.some((value) => areEqual(value, item))) break;
      if (items.length === MAX_LENGTH) {
        throw new EstimationError(`HiddenMarkov: no terminal value came within ${MAX_LENGTH} items.`);
      }
      state = drawIndex(rng, transitions[state]!);
    }
    return items;
  });
}
