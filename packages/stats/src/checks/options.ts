import { formatValue, OptionError, ParameterError } from '../errors.js';
import { type Check, checkPseudoCount } from './parameters.js';

/** @throws {OptionError} unless `options` is an object; naming an unknown option, and the known one that is spelled most alike */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  checkObject(owner, options);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    if (known.length === 0) throw new OptionError(`${owner}: unknown option "${name}"; there are none.`);
    const started = known.find((other) => name.length > 2 && other.toLowerCase().startsWith(name.toLowerCase()));
    const closest =
      started ?? known.reduce((best, other) => (editDistance(name, other) < editDistance(name, best) ? other : best));
    const isMeant = started !== undefined || editDistance(name, closest) <= name.length / 2;
    const hint = isMeant ? `did you mean "${closest}"?` : `known are ${[...known].sort().join(', ')}.`;
    throw new OptionError(`${owner}: unknown option "${name}"; ${hint}`);
  }
}

/** A date, a map or an expression has no option of its own, so that nothing else would refuse it. */
function checkObject(owner: string, options: unknown): void {
  if (/^\[object (Object|Module)]$/.test(Object.prototype.toString.call(options))) return;
  throw new OptionError(`${owner}: options must be an object, found ${formatValue(options)}.`);
}

/** The check of each field of an inner record. */
type RecordChecks<R> = { readonly [N in keyof R]-?: Check };

/**
 * Every option's name with its check; for an option that is itself a record of options, the checks of its fields. `true`, and
 * a list of the inner names, are for what the estimator checks itself.
 */
export type OptionNames<O> = {
  readonly [N in keyof O]-?:
    | true
    | Check
    | readonly (keyof NonNullable<O[N]> & string)[]
    | (NonNullable<O[N]> extends object ? RecordChecks<NonNullable<O[N]>> : never);
};

/**
 * The check that every estimator makes first: the compiler sees a slip in TypeScript, this sees it in JavaScript.
 * @throws {OptionError} unless `options` is an object whose names, and whose records' names, are all known
 * @throws {ParameterError} when the check of an option that is given, or of a field of a record that is given, fails
 */
export function checkEstimatorOptions<O extends object>(owner: string, options: O, checks: OptionNames<O>): void {
  checkObject(owner, options);
  checkOptions(owner, options, Object.keys(checks));
  for (const [name, check] of Object.entries<true | Check | readonly string[] | Readonly<Record<string, Check>>>(
    checks,
  )) {
    const value: unknown = options[name as keyof O];
    if (check === true || value === undefined) continue;
    if (typeof check === 'function') check(owner, name, value);
    else checkRecord(owner, name, value, check);
  }
}

function checkRecord(
  owner: string,
  name: string,
  record: unknown,
  checks: readonly string[] | Readonly<Record<string, Check>>,
): void {
  const names = Array.isArray(checks) ? (checks as readonly string[]) : Object.keys(checks);
  if (typeof record !== 'object' || record === null) {
    throw new OptionError(
      `${owner}: ${name} must be an object with ${names.join(', ')}, found ${formatValue(record)}.`,
    );
  }
  checkOptions(`${owner} ${name}`, record, names);
  if (Array.isArray(checks)) return;
  for (const [field, check] of Object.entries<Check>(checks as Readonly<Record<string, Check>>)) {
    check(owner, `${name}.${field}`, (record as Readonly<Record<string, unknown>>)[field]);
  }
}

/** @throws {ParameterError} unless `value` is true or false */
export function checkFlag(owner: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ParameterError(owner, name, 'true or false', value);
}

/** The check of `key`: only accumulators with the same text share their parameters. @throws {ParameterError} */
export function checkKey(owner: string, name: string, key: unknown): void {
  if (typeof key !== 'string') throw new ParameterError(owner, name, 'a string', key);
}

/**
 * The rule for imaginary rows, the same for all estimators: what they are like is given together with their number. A number
 * of 0 turns them off.
 * @param counts  for each option (or field of `prior`) that describes rows, the one that says how many
 * @param isNeeded  false when the estimator has a default for what the rows are like
 * @throws {ParameterError} for a description without its number, and for a number > 0 without the description that it needs
 * @example
 * const options = { pseudoCount: 2, prior: { lambda: 3 } };
 * checkPriorOptions('PoissonEstimator', options, { prior: 'pseudoCount' });
 * checkPriorOptions('GaussianEstimator', { mu: 1, muCount: 2 }, { mu: 'muCount' }, { path: 'prior.' });
 */
export function checkPriorOptions(
  owner: string,
  options: object,
  counts: Readonly<Record<string, string>>,
  { isNeeded = true, path = '' }: { readonly isNeeded?: boolean; readonly path?: string } = {},
): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const [like, count] of Object.entries(counts)) {
    if (given[like] !== undefined && given[count] === undefined) {
      throw new ParameterError(owner, path + count, `given together with ${path}${like}`, undefined);
    }
    if (isNeeded && given[like] === undefined && (given[count] as number) > 0) {
      throw new ParameterError(owner, path + like, `given together with ${path}${count}`, undefined);
    }
  }
}

/**
 * The pseudo count that `estimator` of a distribution was given: 0 when there is none.
 * @throws {OptionError} unless `options` is an object without other names
 * @throws {ParameterError} for a pseudo count that is not finite and >= 0
 */
export function pseudoCountOf(owner: string, options: object): number {
  const at = `${owner}.estimator`;
  checkOptions(at, options, ['pseudoCount']);
  const { pseudoCount } = options as { readonly pseudoCount?: number };
  checkPseudoCount(at, 'pseudoCount', pseudoCount);
  return pseudoCount ?? 0;
}

/** Fewest insertions, deletions and replacements of one character that turn `a` into `b`. @see Wagner & Fischer (1974) */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
