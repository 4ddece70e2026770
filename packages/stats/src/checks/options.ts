import { formatValue, OptionError } from '../errors.js';

/** @throws {OptionError} naming an unknown option, and the known one that is spelled most alike */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const started = known.find((other) => name.length > 2 && other.toLowerCase().startsWith(name.toLowerCase()));
    const closest =
      started ?? known.reduce((best, other) => (editDistance(name, other) < editDistance(name, best) ? other : best));
    const isMeant = started !== undefined || editDistance(name, closest) <= name.length / 2;
    const hint = isMeant ? `did you mean "${closest}"?` : `known are ${[...known].sort().join(', ')}.`;
    throw new OptionError(`${owner}: unknown option "${name}"; ${hint}`);
  }
}

/** Every option's name; for an option that is itself a record of options, their names. */
export type OptionNames<O> = {
  readonly [N in keyof O]-?: true | readonly (keyof NonNullable<O[N]> & string)[];
};

/**
 * The check that every estimator makes first: the compiler sees a slip in TypeScript, this sees it in JavaScript.
 * @throws {OptionError} unless `options` is an object whose names, and whose records' names, are all known
 */
export function checkEstimatorOptions<O extends object>(owner: string, options: O, names: OptionNames<O>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(`${owner}: options must be an object, found ${formatValue(options)}.`);
  }
  checkOptions(owner, options, Object.keys(names));
  for (const [name, inner] of Object.entries<true | readonly string[]>(names)) {
    const record = options[name as keyof O];
    if (inner === true || record === undefined || record === null) continue;
    if (typeof record !== 'object') {
      throw new OptionError(
        `${owner}: ${name} must be an object with ${inner.join(', ')}, found ${formatValue(record)}.`,
      );
    }
    checkOptions(`${owner} ${name}`, record, inner);
  }
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
