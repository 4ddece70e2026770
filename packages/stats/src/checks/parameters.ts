/** Checks of parameters and options that every family needs. */

import type { AnyDistribution } from '../contract.js';
import { ParameterError } from '../errors.js';
import { allOf, isRows } from './rows.js';

/** What {@link checkFields} can ask of a field. */
export interface FieldTypes {
  number: number;
  numbers: readonly number[];
  array: readonly unknown[];
  string: string;
  unknown: unknown;
}

/**
 * The named fields of a model's plain data, with their types checked. Ranges are left to the constructor.
 * @throws {ParameterError} naming the first field that is missing or of another type
 */
export function checkFields<K extends string, F extends Record<K, keyof FieldTypes>>(
  owner: string,
  fields: Readonly<Record<string, unknown>>,
  types: F,
): { readonly [N in keyof F]: FieldTypes[F[N]] } {
  checkObject(owner, fields, Object.keys(types));
  const checked: Record<string, unknown> = {};
  for (const [name, type] of Object.entries<keyof FieldTypes>(types)) {
    const value = fields[name];
    const fits = {
      number: typeof value === 'number',
      numbers: (Array.isArray(value) && allOf(value, (v) => typeof v === 'number')) || value instanceof Float64Array,
      array: Array.isArray(value),
      string: typeof value === 'string',
      unknown: true,
    }[type];
    if (!fits) {
      const expected = { numbers: 'a list of numbers', array: 'a list' }[type as string] ?? `a ${type}`;
      throw new ParameterError(owner, name, expected + strayNames(fields, types, value), value);
    }
    checked[name] = value;
  }
  // Each field was compared with its declared type above.
  return checked as { [N in keyof F]: FieldTypes[F[N]] };
}

/** Where `value` is missing: the given names that are not known, one of which may be a typo. */
function strayNames(given: object, known: object, value: unknown): string {
  if (value !== undefined) return '';
  const stray = Object.keys(given).filter((name) => name !== 'type' && !(name in known));
  return stray.length === 0 ? '' : ` (unknown: ${stray.slice(0, 3).join(', ')})`;
}

/**
 * A child model from plain data.
 * @throws {ParameterError} unless `value` is a distribution
 */
export function checkDistribution(owner: string, parameter: string, value: unknown): AnyDistribution {
  if (typeof value === 'object' && value !== null && 'seqLogDensity' in value && 'encoder' in value) {
    return value as AnyDistribution; // the two methods that no other part of the contract has together
  }
  throw new ParameterError(owner, parameter, 'a distribution', value);
}

/** @throws {ParameterError} unless `value` is an estimator or a distribution: what makes an encoder */
export function checkEncodable(owner: string, parameter: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'encoder' in value) return;
  throw new ParameterError(owner, parameter, 'an estimator or a distribution', value);
}

/** @throws {ParameterError} unless `list` is a list of at least one distribution */
export function checkDistributions(owner: string, parameter: string, list: unknown): void {
  const children = checkChildren(owner, parameter, list, 'distribution');
  for (const [k, child] of children.entries()) checkDistribution(owner, `${parameter}[${k}]`, child);
}

/** @throws {ParameterError} unless `list` is a list of at least one estimator */
export function checkEstimators(owner: string, parameter: string, list: unknown): void {
  for (const [k, child] of checkChildren(owner, parameter, list, 'estimator').entries()) {
    checkEstimator(owner, `${parameter}[${k}]`, child);
  }
}

/** @throws {ParameterError} unless `value` is an estimator */
export function checkEstimator(owner: string, parameter: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && 'estimate' in value && 'accumulator' in value) return;
  const isModel = typeof value === 'object' && value !== null && 'seqLogDensity' in value;
  throw new ParameterError(owner, parameter, `an estimator${isModel ? ' (not a distribution)' : ''}`, value);
}

/** Users of other libraries give a number of children, or the children one by one: the message shows the form. */
function checkChildren(owner: string, parameter: string, list: unknown, what: string): readonly unknown[] {
  if (Array.isArray(list) && list.length > 0) return list;
  const many = owner === 'CompositeEstimator' ? '' : ` or new ${owner}(copies(3, e))`;
  const form = what === 'estimator' ? `new ${owner}([e, e])${many}` : `new ${owner}([d, d]`;
  const rest = what === 'estimator' ? '' : owner === 'CompositeDistribution' ? ')' : ', { … })';
  throw new ParameterError(owner, parameter, `a list of at least one ${what}, as in ${form}${rest}`, list);
}

/** A name as a message speaks of one: `a GammaDistribution`, `an ExponentialDistribution`. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** Tables have no more cells: 2^24 doubles are 128 MB, and a fit holds several tables. */
export const MAX_CELLS = 16_777_216;

/**
 * The limit of tables that have a cell for everything that could occur.
 * @param cells  what the size is called: `valueCount^(lag + 1)`
 * @throws {ParameterError} above {@link MAX_CELLS}; with `instead`, what to use then
 */
export function checkCells(owner: string, cells: string, count: number, instead = ''): void {
  if (count <= MAX_CELLS) return;
  throw new ParameterError(owner, cells, `at most ${MAX_CELLS}, the cells of a table${instead}`, count);
}

/** Throws a {@link ParameterError} unless `value` may be the parameter or option `name` of `owner`. */
export type Check = (owner: string, name: string, value: unknown) => void;

/** Only numbers are numbers: `'3'` and `true`, which JavaScript would compare as such, are refused. */
function numberCheck(expected: string, accepts: (x: number) => boolean): Check {
  return (owner, name, value) => {
    if (!(typeof value === 'number' && accepts(value))) throw new ParameterError(owner, name, expected, value);
  };
}

/** The smallest number whose inverse is finite: a variance or scale below would make scores infinite. */
export const SMALLEST_NORMAL = 2 ** -1022;

export const checkFinite = /* @__PURE__ */ numberCheck('a finite number', (x) => Number.isFinite(x));
export const checkNonNegative = /* @__PURE__ */ numberCheck('a finite number >= 0', (x) => x >= 0 && x < Infinity);
export const checkProbability = /* @__PURE__ */ numberCheck('a number in [0, 1]', (x) => x >= 0 && x <= 1);
/** A probability that something happens at last. */
export const checkChance = /* @__PURE__ */ numberCheck('a number > 0 and <= 1', (x) => x > 0 && x <= 1);
export const checkInteger = /* @__PURE__ */ numberCheck('an integer', (x) => Number.isSafeInteger(x));
export const checkCount = /* @__PURE__ */ numberCheck('an integer >= 0', (x) => Number.isSafeInteger(x) && x >= 0);

/** @throws {ParameterError} unless `value` is finite and > 0 (and at least `least`) */
export function checkPositive(owner: string, parameter: string, value: unknown, least = 0): void {
  if (typeof value === 'number' && value > 0 && value >= least && value < Infinity) return;
  throw new ParameterError(
    owner,
    parameter,
    least === 0 ? 'a finite number > 0' : `a finite number >= ${least}`,
    value,
  );
}

/** {@link checkPositive} for what is divided by: at least {@link SMALLEST_NORMAL}. @throws {ParameterError} */
export function checkScale(owner: string, parameter: string, value: unknown): void {
  checkPositive(owner, parameter, value, SMALLEST_NORMAL);
}

/** {@link checkPositive} for an option that may be absent. @throws {ParameterError} */
export function checkPositiveOption(owner: string, parameter: string, value: unknown, least = 0): void {
  if (value !== undefined) checkPositive(owner, parameter, value, least);
}

/** @throws {ParameterError} unless the pseudo count is absent, or finite and >= 0 */
export function checkPseudoCount(owner: string, parameter: string, value: unknown): void {
  if (value !== undefined) checkNonNegative(owner, parameter, value);
}

/** The check of what may be absent. */
export function orAbsent(check: Check): Check {
  return (owner, name, value) => {
    if (value !== undefined) check(owner, name, value);
  };
}

/**
 * What a constructor was given, which JavaScript may have left out.
 * @throws {ParameterError} unless it is an object; the message lists the names that it must have
 */
export function checkObject<T>(owner: string, given: T, names: readonly string[]): T {
  if (typeof given === 'object' && given !== null) return given;
  throw new ParameterError(owner, 'the argument', `an object with ${names.join(', ')}`, given);
}

/**
 * The parameters of a distribution, each by its own check: numbers, or what else the checks let through.
 * @param parameters  what the constructor was given
 * @throws {ParameterError} unless `parameters` is an object and each check passes
 */
export function checkParameters<K extends string, V = number>(
  owner: string,
  parameters: unknown,
  checks: Readonly<Record<K, Check>>,
): { readonly [N in K]: NoInfer<V> } {
  const given = checkObject(owner, parameters as Readonly<Record<K, unknown>>, Object.keys(checks));
  for (const [name, check] of Object.entries<Check>(checks)) {
    const value = given[name as K];
    try {
      check(owner, name, value);
    } catch (error) {
      const stray = strayNames(given, checks, value);
      if (stray === '' || !(error instanceof ParameterError)) throw error;
      throw new ParameterError(owner, name, error.expected + stray, value);
    }
  }
  return given as { readonly [N in K]: V };
}

/**
 * Checks a probability vector: entries in [0, 1] that sum to 1 within 1e-9.
 * @param count  how many there must be. Default: any number
 * @throws {ParameterError}
 */
export function checkProbabilities(owner: string, parameter: string, p: ArrayLike<number>, count?: number): void {
  if (!isRows(p) || (count !== undefined && p.length !== count)) {
    throw new ParameterError(owner, parameter, `a list of ${count === undefined ? '' : `${count} `}numbers`, p);
  }
  let sum = 0;
  for (let k = 0; k < p.length; k++) {
    const value = p[k]!;
    if (!(typeof value === 'number' && value >= 0 && value <= 1 + 1e-9)) {
      throw new ParameterError(owner, `${parameter}[${k}]`, 'a probability', value);
    }
    sum += value;
  }
  if (!(Math.abs(sum - 1) <= 1e-9)) {
    throw new ParameterError(owner, parameter, 'a list that sums to 1 within 1e-9 (normalise it first)', sum);
  }
}

/**
 * Checks a table of `rowCount` probability vectors of `count` entries each.
 * @throws {ParameterError}
 */
export function checkProbabilityRows(
  owner: string,
  parameter: string,
  rows: readonly ArrayLike<number>[],
  rowCount: number,
  count: number,
): void {
  if (!Array.isArray(rows) || rows.length !== rowCount) {
    throw new ParameterError(owner, parameter, `a list of ${rowCount} rows`, rows);
  }
  for (const [r, row] of rows.entries()) checkProbabilities(owner, `${parameter}[${r}]`, row, count);
}

/**
 * Checks a table of `rowCount` lists of `count` booleans.
 * @throws {ParameterError} also for a list without a true
 */
export function checkMask(
  owner: string,
  parameter: string,
  rows: readonly (readonly boolean[])[],
  rowCount: number,
  count: number,
): void {
  if (!Array.isArray(rows) || rows.length !== rowCount) {
    throw new ParameterError(owner, parameter, `a list of ${rowCount} rows`, rows);
  }
  for (const [r, row] of rows.entries()) {
    const isMask = Array.isArray(row) && row.length === count && allOf(row, (is) => typeof is === 'boolean');
    if (isMask && row.includes(true)) continue;
    const name = rowCount === 1 ? parameter : `${parameter}[${r}]`;
    throw new ParameterError(owner, name, `a list of ${count} booleans with at least one true`, row);
  }
}
