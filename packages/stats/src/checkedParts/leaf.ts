/** Options, statistics and findings of a leaf family outside the package. */
import * as options from '../checks/options.js';
import * as parameters from '../checks/parameters.js';
import type { Accumulator, AddSquaredDistances, Columns, Report } from '../contract.js';
import * as distance from '../leaf/distance.js';
import * as findings from '../leaf/findings.js';
import * as floor from '../leaf/floor.js';
import * as estimators from '../leaf/leafEstimator.js';
import * as prior from '../leaf/prior.js';
import * as sums from '../leaf/sums.js';
import { checkFunction, checkText, isObject, isReport, refuse } from './arguments.js';

function checkRecord(part: string, argument: string, value: unknown): void {
  if (!isObject(value)) refuse(part, argument, 'an object', value);
}

/** Who asks, and the table of what is asked: these are the family's, where the rest is its user's. */
function checkTable(part: string, owner: string, argument: string, table: object): void {
  checkText(part, 'owner', owner);
  checkRecord(part, argument, table);
}

/**
 * The check that every estimator makes first: the compiler sees a slip in TypeScript, this sees it in JavaScript.
 * @throws {OptionError} unless `options` is an object whose names, and whose records' names, are all known
 * @throws {ParameterError} when the check of an option that is given, or of a field of a record that is given, fails
 */
export function checkEstimatorOptions<O extends object>(owner: string, given: O, checks: options.OptionNames<O>): void {
  checkTable('checkEstimatorOptions', owner, 'checks', checks);
  for (const [name, check] of Object.entries(checks)) {
    const isKnown = check === true || typeof check === 'function' || isObject(check);
    if (!isKnown) refuse('checkEstimatorOptions', `checks.${name}`, 'true, a check, or those of its fields', check);
  }
  options.checkEstimatorOptions(owner, given, checks);
}

/**
 * The rule for imaginary rows, the same for all estimators: what they are like is given together with their number. A number
 * of 0 turns them off.
 * @param counts  for each option (or field of `prior`) that describes rows, the one that says how many
 * @param rule  `isNeeded`: false when the estimator has a default for what the rows are like; `path`: what stands before the names
 * @throws {ParameterError} for a description without its number, and for a number > 0 without the description that it needs
 * @throws {OptionError} for an argument of another kind
 * @example
 * const options = { pseudoCount: 2, prior: { lambda: 3 } };
 * checkPriorOptions('PoissonEstimator', options, { prior: 'pseudoCount' });
 * checkPriorOptions('GaussianEstimator', { mu: 1, muCount: 2 }, { mu: 'muCount' }, { path: 'prior.' });
 */
export function checkPriorOptions(
  owner: string,
  given: object,
  counts: Readonly<Record<string, string>>,
  rule: { readonly isNeeded?: boolean; readonly path?: string } = {},
): void {
  checkTable('checkPriorOptions', owner, 'counts', counts);
  checkRecord('checkPriorOptions', 'options', given);
  checkRecord('checkPriorOptions', 'the rule', rule);
  options.checkPriorOptions(owner, given, counts, rule);
}

const FIELD_TYPES: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['number', 'numbers', 'array', 'string', 'unknown']);

/**
 * The named fields of a model's plain data, with their types checked. Ranges are left to the constructor.
 * @throws {ParameterError} naming the first field that is missing or of another type
 * @throws {OptionError} unless `types` is an object of known types
 */
export function checkFields<K extends string, F extends Record<K, keyof parameters.FieldTypes>>(
  owner: string,
  fields: Readonly<Record<string, unknown>>,
  types: F,
): { readonly [N in keyof F]: parameters.FieldTypes[F[N]] } {
  checkTable('checkFields', owner, 'types', types);
  for (const [name, type] of Object.entries(types)) {
    if (!FIELD_TYPES.has(type)) refuse('checkFields', `types.${name}`, [...FIELD_TYPES].join(', '), type);
  }
  return parameters.checkFields(owner, fields, types);
}

/**
 * The parameters of a distribution, each by its own check: numbers, or what else the checks let through.
 * @param given  what the constructor was given
 * @throws {ParameterError} unless `given` is an object and each check passes
 * @throws {OptionError} unless `checks` is an object of functions
 */
export function checkParameters<K extends string, V = number>(
  owner: string,
  given: unknown,
  checks: Readonly<Record<K, parameters.Check>>,
): { readonly [N in K]: NoInfer<V> } {
  checkTable('checkParameters', owner, 'checks', checks);
  for (const name of Object.keys(checks)) checkFunction('checkParameters', `checks.${name}`, checks[name as K]);
  return parameters.checkParameters<K, V>(owner, given, checks);
}

/**
 * Whether imaginary rows enter the estimate.
 * @throws {OptionError} unless the options are an object, and their `pseudoCount` a number or absent
 */
export function hasImaginaryRows(given: prior.ImaginaryRows<unknown>): boolean {
  checkRecord('hasImaginaryRows', 'options', given);
  const { pseudoCount = 0 } = given;
  if (typeof pseudoCount !== 'number') refuse('hasImaginaryRows', 'pseudoCount', 'a number', pseudoCount);
  return prior.hasImaginaryRows(given);
}

/**
 * (x_i - x_row)² / 2 Var(x): the mean over all pairs of rows is 1. All zero when x is constant.
 * @throws {OptionError} unless `x` is a Float64Array
 */
export function scaledSquares(x: Float64Array): AddSquaredDistances {
  if (!(x instanceof Float64Array)) refuse('scaledSquares', 'x', 'a Float64Array', x);
  return distance.scaledSquares(x);
}

function checkReport(part: string, report: Report | undefined): void {
  if (report !== undefined && !isReport(report)) refuse(part, 'report', 'a report, or undefined', report);
}

/**
 * No row had weight here: the parameters are those of the prior, or the family's own for no data.
 * @throws {OptionError} unless it is a report, or undefined
 */
export function reportDead(report: Report | undefined): void {
  checkReport('reportDead', report);
  findings.reportDead(report);
}

/**
 * Says that an estimate has been held at its floor.
 * @param what  what is held, as the subject of a sentence
 * @param option  what replaces the floor
 * @param isGiven  whether the option was given
 * @throws {OptionError} for an argument of another kind
 */
export function reportFloor(report: Report | undefined, what: string, option: string, isGiven: boolean): void {
  checkReport('reportFloor', report);
  checkText('reportFloor', 'what', what);
  checkText('reportFloor', 'option', option);
  if (typeof isGiven !== 'boolean') refuse('reportFloor', 'isGiven', 'true or false', isGiven);
  floor.reportFloor(report, what, option, isGiven);
}

function checkParameterCount(
  part: string,
  given: { readonly parameterCount: number; readonly isPooled?: boolean },
): void {
  checkRecord(part, 'the third argument', given);
  const { parameterCount } = given;
  if (!Number.isInteger(parameterCount) || parameterCount < 0) {
    refuse(part, 'parameterCount', 'an integer >= 0', parameterCount);
  }
}

/**
 * The statistic of a family whose accumulators are all alike.
 * @param make  a zero accumulator that sums into this memory
 * @param shape  `parameterCount`: free parameters; `isPooled`: true for a family whose components have a floor, from all rows. Default
 *   false
 * @throws {OptionError} for an argument of another kind
 */
export function statisticOf<
  C extends Columns,
  S extends { readonly count: number },
  A extends Accumulator<C, S> = Accumulator<C, S>,
>(
  kind: string,
  length: number,
  make: (statistic?: Float64Array, key?: string) => A,
  shape: { readonly parameterCount: number; readonly isPooled?: boolean },
): estimators.LeafStatistic<C, S, A> {
  checkText('statisticOf', 'kind', kind);
  if (!Number.isInteger(length) || length < 0) refuse('statisticOf', 'length', 'an integer >= 0', length);
  checkFunction('statisticOf', 'make', make);
  checkParameterCount('statisticOf', shape);
  return estimators.statisticOf(kind, length, make, shape);
}

/**
 * The statistic of a family that sums columns.
 * @param columns  as for {@link sums.SumsAccumulator}
 * @param shape  as for {@link statisticOf}
 * @throws {OptionError} for an argument of another kind
 * @example
 * sumsOf<GammaColumns, GammaStatistic>('Gamma', { sum: 'x', sumOfLogs: 'logX' }, { parameterCount: 2, isPooled: true });
 */
export function sumsOf<C extends Columns, S extends { readonly count: number }>(
  kind: string,
  columns: sums.SummedColumns<C, S>,
  shape: { readonly parameterCount: number; readonly isPooled?: boolean },
): estimators.LeafStatistic<C, S> {
  checkText('sumsOf', 'kind', kind);
  checkRecord('sumsOf', 'sums', columns);
  if (Array.isArray(columns) || 'count' in columns) {
    refuse('sumsOf', 'sums', 'a record of sums other than count, which is always there', columns);
  }
  for (const [name, column] of Object.entries(columns)) checkText('sumsOf', `sums.${name}`, column);
  checkParameterCount('sumsOf', shape);
  return sums.sumsOf(kind, columns, shape);
}

/**
 * The same estimator with other options. By its constructor: bundlers rename a class that names itself in its body.
 * @throws {OptionError} unless the estimator has options, and `change` is an object
 */
export function withOptions<E extends { readonly options: object }>(estimator: E, change: Partial<E['options']>): E {
  if (!isObject(estimator?.options)) refuse('withOptions', 'estimator', 'an estimator with options', estimator);
  checkRecord('withOptions', 'change', change);
  return estimators.withOptions(estimator, change);
}
