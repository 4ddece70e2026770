/** Parameters and options of hidden semi-Markov models, checked. */
import { checkEstimatorOptions } from '../../checks/options.js';
import {
  checkCount,
  checkFields,
  checkObject,
  checkProbabilities,
  checkProbabilityRows,
} from '../../checks/parameters.js';
import { checkLengthModel } from '../../combinators/lengthModel.js';
import { NullDistribution } from '../../combinators/null.js';
import type { AnyDistribution, AnyEstimator } from '../../contract.js';
import { ParameterError } from '../../errors.js';
import { logOf } from '../../numeric/kernels/twin/log.js';
import { checkTableOptions, tablesTowards } from '../hiddenMarkov/tables.js';
import { STATE_TABLE_OPTIONS, type StateTableOptions } from '../stateTables.js';
import type { HiddenSemiMarkovKeys } from './accumulator.js';
import { type SegmentChain, survivalOf } from './segments.js';

/** Parameters of a hidden semi-Markov model. */
export interface HiddenSemiMarkovParameters<L extends AnyDistribution = AnyDistribution> {
  /** P(state of the first segment): S numbers that sum to 1. */
  readonly w: ArrayLike<number>;
  /** P(state of the next segment | state): S rows that sum to 1. A segment may be followed by one of its own state. */
  readonly transitions: ReadonlyArray<ArrayLike<number>>;
  /**
   * D: no segment has more items. What the families give to longer ones is lost, so take it where they give next to nothing. Time
   * is of order items · S · (S + D).
   */
  readonly maxDuration: number;
  /**
   * What is taken from a duration before its family sees it: 0, or 1 for families that begin at 0, such as the Poisson; one
   * number, or one for each state. Default 0.
   */
  readonly shift?: number | readonly number[];
  /** Distribution of the number of items. Default: none; it scores 0 and lists cannot be drawn. */
  readonly length?: L;
}

/** Options of the estimator of a hidden semi-Markov model. */
export interface HiddenSemiMarkovOptions<L extends AnyEstimator = AnyEstimator> extends StateTableOptions {
  /** D: no segment has more items; see {@link HiddenSemiMarkovParameters}. */
  readonly maxDuration: number;
  /** As in {@link HiddenSemiMarkovParameters}. Default 0. */
  readonly shift?: number | readonly number[];
  /** Estimator of the number of items. Default: none. */
  readonly length?: L;
  /** Ties initial probabilities, steps, emissions or durations to those of other hidden semi-Markov models. */
  readonly keys?: HiddenSemiMarkovKeys;
}

/** Longer ones would need a number per state and item that no list has. */
const MAX_DURATION = 1_000_000;

/** @throws {ParameterError} */
function checkMaxDuration(owner: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_DURATION)
    return value as number;
  throw new ParameterError(owner, 'maxDuration', `an integer, 1 to ${MAX_DURATION}`, value);
}

/** One number for each state. @throws {ParameterError} */
function shiftsOf(owner: string, shift: unknown, stateCount: number): readonly number[] {
  if (typeof shift === 'number') {
    checkCount(owner, 'shift', shift);
    return Object.freeze(new Array<number>(stateCount).fill(shift));
  }
  const isList = typeof shift === 'object' && shift !== null && (shift as ArrayLike<unknown>).length === stateCount;
  if (!isList) throw new ParameterError(owner, 'shift', `an integer >= 0, or a list of ${stateCount}`, shift);
  const shifts = Array.from(shift as ArrayLike<number>);
  for (const [s, value] of shifts.entries()) checkCount(owner, `shift[${s}]`, value);
  return Object.freeze(shifts);
}

/** Parameters that nothing changes, and what the passes over lists need of them. */
interface CheckedParameters<L extends AnyDistribution> {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly maxDuration: number;
  readonly shift: readonly number[];
  readonly length: L;
  readonly chain: SegmentChain;
}

/** @throws {ParameterError} */
export function checkedParameters<L extends AnyDistribution>(
  owner: string,
  durations: readonly AnyDistribution[],
  stateCount: number,
  parameters: HiddenSemiMarkovParameters<L>,
): CheckedParameters<L> {
  const given = checkObject(owner, parameters, ['w', 'transitions', 'maxDuration']);
  if (durations.length !== stateCount) {
    throw new ParameterError(owner, 'durations', `${stateCount} distributions, one for each state`, durations);
  }
  checkProbabilities(owner, 'w', given.w, stateCount);
  checkProbabilityRows(owner, 'transitions', given.transitions, stateCount, stateCount);
  const maxDuration = checkMaxDuration(owner, given.maxDuration);
  const shift = shiftsOf(owner, given.shift ?? 0, stateCount);
  for (const [s, duration] of durations.entries()) checkDurations(owner, `durations[${s}]`, duration, shift[s]!);
  // Without a length model, L is its default: NullDistribution.
  const length = given.length ?? (new NullDistribution() as AnyDistribution as L);
  checkLengthModel(owner, 'length', length);
  const w = Object.freeze(Array.from(given.w));
  const transitions = Object.freeze(given.transitions.map((row) => Object.freeze(Array.from(row))));
  const duration = new Float64Array(stateCount * (maxDuration + 1)).fill(-Infinity);
  durations.forEach((family, s) => {
    for (let d = 1; d <= maxDuration; d++) duration[s * (maxDuration + 1) + d] = family.logDensity(d - shift[s]!);
  });
  const tables = { initial: Float64Array.from(w), transitions: Float64Array.from(transitions.flat()) };
  const chain: SegmentChain = {
    tables,
    initial: tables.initial.map(logOf),
    transition: tables.transitions.map(logOf),
    duration,
    survival: survivalOf(duration, maxDuration),
    maxDuration,
  };
  return { w, transitions, maxDuration, shift, length, chain };
}

/** @throws {ParameterError} for a family that is not over integers, or for which a segment may have no items */
function checkDurations(owner: string, name: string, family: AnyDistribution, shift: number): void {
  checkLengthModel(owner, name, family);
  if (!(family.logDensity(-shift) > -Infinity)) return;
  const expected = `a distribution by which a segment has at least one item (set shift to ${shift + 1} for one that begins at ${-shift})`;
  throw new ParameterError(owner, name, expected, family);
}

/** @throws {ParameterError} @returns one shift for each state */
export function checkSegmentOptions(
  owner: string,
  options: HiddenSemiMarkovOptions,
  stateCount: number,
): readonly number[] {
  checkEstimatorOptions(owner, options, {
    maxDuration: true,
    shift: true,
    length: true,
    ...STATE_TABLE_OPTIONS,
    keys: ['initial', 'transitions', 'emissions', 'durations'],
  });
  checkMaxDuration(owner, options.maxDuration);
  checkTableOptions(owner, options, stateCount);
  return shiftsOf(owner, options.shift ?? 0, stateCount);
}

/**
 * The options with their default: a segment is followed by one of another state, where there is one. Two segments of one state
 * are one longer segment to the eye, so they are counted apart only where that is asked for.
 */
export function withOtherStates<O extends StateTableOptions>(options: O, stateCount: number): O {
  const { allowed, fixedTransitions } = options;
  if (stateCount === 1 || fixedTransitions !== undefined || allowed?.transitions !== undefined) return options;
  const states = Array.from({ length: stateCount }, (_, s) => s);
  return { ...options, allowed: { ...allowed, transitions: states.map((r) => states.map((s) => r !== s)) } };
}

/** Options of an estimator of such models, pulled towards this one. */
export function optionsTowards(
  {
    w,
    transitions,
    maxDuration,
    shift,
  }: Pick<CheckedParameters<AnyDistribution>, 'w' | 'transitions' | 'maxDuration' | 'shift'>,
  pseudoCount: number,
): HiddenSemiMarkovOptions<never> {
  const isFollowedByOwn = transitions.some((row, s) => row[s]! > 0);
  const all = { allowed: { transitions: transitions.map((row) => row.map(() => true)) } };
  return { maxDuration, shift, ...tablesTowards({ w, transitions }, pseudoCount), ...(isFollowedByOwn ? all : {}) };
}

/** @throws {ParameterError} when a parameter is missing or of another type */
export function parametersFromJSON(
  owner: string,
  fields: Readonly<Record<string, unknown>>,
): {
  readonly emissions: readonly AnyDistribution[];
  readonly durations: readonly AnyDistribution[];
  readonly parameters: HiddenSemiMarkovParameters;
} {
  const { emissions, durations, w, transitions, maxDuration, shift, length } = checkFields(owner, fields, {
    emissions: 'array',
    durations: 'array',
    w: 'numbers',
    transitions: 'array',
    maxDuration: 'number',
    shift: 'numbers',
    length: 'unknown',
  });
  return {
    emissions: emissions as readonly AnyDistribution[],
    durations: durations as readonly AnyDistribution[],
    parameters: {
      w,
      transitions: transitions as readonly (readonly number[])[],
      maxDuration,
      shift,
      length: length as AnyDistribution,
    },
  };
}
