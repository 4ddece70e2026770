/** Something for each level, as users write it: an object, a map, or pairs. */
import { ParameterError } from '../../errors.js';
import { CrowdedNumbers, SPREAD } from '../crowdedNumbers.js';
import { isLevel, LEVEL } from './levels.js';

/** A value per level: an object for string levels, a `Map` or pairs for any. */
export type ByLevel<L, V> = Iterable<readonly [L, V]> | Readonly<Record<string, V>>;

/**
 * The values by level, in the order given.
 * @throws {ParameterError} for anything but an object, a map or a list of pairs, for a level that stands twice, and for what
 *   can be no level
 */
export function mapByLevel<L, V>(owner: string, parameter: string, byLevel: ByLevel<L, V>): ReadonlyMap<L, V> {
  if (typeof byLevel !== 'object' || byLevel === null) {
    throw new ParameterError(owner, parameter, 'an object, a Map or a list of pairs', byLevel);
  }
  const isIterable = Symbol.iterator in byLevel && !ArrayBuffer.isView(byLevel);
  if (!isIterable && !isPlainObject(byLevel)) {
    throw new ParameterError(owner, parameter, 'an object, a Map or a list of pairs', byLevel);
  }
  // An object has string levels only, and then L is string.
  const entries = isIterable ? (byLevel as Iterable<unknown>) : Object.entries(byLevel);
  const map = new Map<L, V>();
  const numbers = new CrowdedNumbers();
  let i = -1;
  for (const entry of entries) {
    i++;
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new ParameterError(owner, `${parameter}[${i}]`, 'a pair of a level and its value', entry);
    }
    const [level, value] = entry as [L, V]; // what the argument's type says of pairs
    if (!isLevel(level)) throw new ParameterError(owner, `${parameter}[${i}]`, LEVEL, level);
    if (map.has(level)) throw new ParameterError(owner, parameter, 'a list in which no level stands twice', level);
    if (numbers.isCrowded(level)) throw new ParameterError(owner, `${parameter}[${i}]`, SPREAD, level);
    map.set(level, value);
  }
  return map;
}

/** The levels without repetitions. @throws {ParameterError} for numbers that were chosen to make a set slow */
export function distinctLevels<L>(owner: string, parameter: string, levels: readonly L[]): ReadonlySet<L> {
  const distinct = new Set<L>();
  const numbers = new CrowdedNumbers();
  for (const level of levels) {
    if (distinct.has(level)) continue;
    if (numbers.isCrowded(level)) throw new ParameterError(owner, parameter, SPREAD, level);
    distinct.add(level);
  }
  return distinct;
}

/** An object of another kind, such as a Date, has no entries, or entries of its own. */
function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
