/**
 * What the parts that `@dml/stats/families` publishes ask of their arguments. Most parts are called once for a model, a pass or a block of
 * rows, a few for each row; so the checks look at kinds, lengths and ranges, and cost a nanosecond or two. Where a part asks for
 * more, it is called once for a data set.
 */
import { isRows } from '../checks/rows.js';
import type { AnyDistribution, AnyEstimator, Columns } from '../contract.js';
import { formatValue, OptionError } from '../errors.js';

/** What the message of {@link refuse} says was expected. */
export const ENCODER = 'an encoder';
export const FUNCTION = 'a function';
export const TEXT = 'a string';

/** @throws {OptionError} */
export function refuse(part: string, argument: string, expected: string, found: unknown): never {
  throw new OptionError(`${part}: ${argument} must be ${expected}, found ${formatValue(found)}.`);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What may have the methods by which a part of the contract is known. Each is read by its name, which costs a nanosecond. */
type Given = {
  readonly [method in 'encode' | 'seqUpdate' | 'accumulator' | 'seqLogDensity' | 'toJSON' | 'row' | 'add']?: unknown;
};

function given(value: unknown): Given | undefined {
  return isObject(value) ? (value as Given) : undefined;
}

export const isEncoder = (value: unknown): boolean => typeof given(value)?.encode === 'function';
export const isAccumulator = (value: unknown): boolean => typeof given(value)?.seqUpdate === 'function';
export const isEstimator = (value: unknown): boolean => typeof given(value)?.accumulator === 'function';
export const isScorer = (value: unknown): boolean => typeof given(value)?.seqLogDensity === 'function';
export const isDistribution = (value: unknown): boolean =>
  isScorer(value) && typeof given(value)?.toJSON === 'function';
export const areDraws = (value: unknown): boolean => typeof given(value)?.row === 'function';
export const isReport = (value: unknown): boolean => typeof given(value)?.add === 'function';

export function isNumberNotNaN(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** @throws {OptionError} */
export function checkFunction(part: string, argument: string, value: unknown): void {
  if (typeof value !== 'function') refuse(part, argument, FUNCTION, value);
}

/** {@link checkFunction} for one that is called at once: a class is a function, but cannot be called. @throws {OptionError} */
export function checkCalled(part: string, argument: string, value: unknown): void {
  checkFunction(part, argument, value);
  if (/^class\b/.test(Function.prototype.toString.call(value)))
    refuse(part, argument, `${FUNCTION}, not a class`, value);
}

/** @throws {OptionError} */
export function checkText(part: string, argument: string, value: unknown): void {
  if (typeof value !== 'string') refuse(part, argument, TEXT, value);
}

/** @throws {OptionError} */
export function checkList(part: string, argument: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(part, argument, 'a list', value);
}

/** @throws {OptionError} */
export function checkEncoder(part: string, value: unknown): void {
  if (!isEncoder(value)) refuse(part, 'encoder', ENCODER, value);
}

/** @throws {OptionError} */
export function checkColumns(part: string, value: unknown, argument = 'columns'): void {
  if (!isObject(value) || typeof (value as Partial<Columns>).rowCount !== 'number') {
    refuse(part, argument, 'encoded rows', value);
  }
}

/** Columns, and rows `[start, end)` of them. @throws {OptionError} */
export function checkBlock(part: string, columns: Columns, start: number, end: number): void {
  checkColumns(part, columns);
  if (!Number.isInteger(start) || start < 0) refuse(part, 'start', 'an integer >= 0', start);
  if (!Number.isInteger(end) || end < start || end > columns.rowCount) {
    refuse(part, 'end', `an integer in ${start} … ${columns.rowCount}`, end);
  }
}

/** A number for each row of a block. @throws {OptionError} */
export function checkNumbersOf(part: string, argument: string, value: unknown, rowCount: number): void {
  if (!(value instanceof Float64Array) || value.length < rowCount) {
    refuse(part, argument, `a Float64Array of at least ${rowCount} numbers`, value);
  }
}

/** @throws {OptionError} unless it is a list of estimators */
export function checkChildren(part: string, children: readonly AnyEstimator[], argument = 'estimators'): void {
  checkList(part, argument, children);
  for (let j = 0; j < children.length; j++) {
    if (!isEstimator(children[j])) refuse(part, `${argument}[${j}]`, 'an estimator', children[j]);
  }
}

/** @throws {OptionError} */
export function checkModel(part: string, model: AnyDistribution, argument = 'model'): void {
  if (!isDistribution(model)) refuse(part, argument, 'a distribution', model);
}

/** A list of numbers, or a typed array; what is in it is not looked at. @throws {OptionError} */
export function checkNumbers(part: string, argument: string, value: unknown): void {
  if (!isRows(value)) refuse(part, argument, 'a list of numbers', value);
}

/** `f`, which an algorithm calls until its answers settle: one that is NaN would never do so. */
export function answering(part: string, name: string, f: (x: number) => number): (x: number) => number {
  return (x) => {
    const answer: unknown = f(x);
    if (!isNumberNotNaN(answer)) refuse(part, `${name}(${x})`, 'a number', answer);
    return answer;
  };
}
