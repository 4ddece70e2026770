/**
 * Codes of values, in order of first appearance. A map must hash every new string object over all its characters; here strings are
 * looked up by the hash of a few, and one comparison confirms them.
 */
import { END, hashOf, NOTHING } from './stringHash.js';

/** Places that are tried for a string: more is left to a map, so that no data makes a look-up long. */
const PROBES = 8;

/** The table has at most 2 to this power places until strings fill half of them. */
const FIRST_BITS = 13;

/** So many strings, and a quarter of all, may be outside the table before more of their characters are hashed. */
const FEW = 16;

/**
 * Gives each distinct value a code. Strings are in a hash table with linear probing, one of each hash; those that find no place in it
 * are in a map, with all values that are no strings. All state is in variables of this function: reading fields of an object
 * takes twice the time.
 * @param check  called with the first row of each level; throws if the value is not a valid level
 * @see Knuth, The Art of Computer Programming, vol. 3, section 6.4, algorithm L
 */
export function encodeLevels<T>(
  values: readonly T[],
  check: (value: T, row: number) => void,
): { readonly codes: Int32Array; readonly levels: readonly T[] } {
  const codes = new Int32Array(values.length);
  const levels: T[] = [];
  const outside = new Map<T, number>();
  let bits = Math.min(FIRST_BITS, 33 - Math.clz32(values.length | 1)); // small for few rows
  // Hash and code + 1 of each place, side by side; 0 is the code of a free place.
  let places = new Int32Array(2 << bits);
  let hashed = END;
  let [stringCount, outsideCount] = [0, 0];

  const place = (hash: number, code: number): void => {
    let slot = hash >>> (32 - bits);
    for (let probe = 0; probe < PROBES && hashed !== NOTHING; probe++) {
      if (places[2 * slot + 1] === 0) {
        places[2 * slot] = hash;
        places[2 * slot + 1] = code + 1;
        return;
      }
      if (places[2 * slot] === hash) break;
      slot = (slot + 1) & ((1 << bits) - 1);
    }
    outside.set(levels[code]!, code);
    outsideCount++;
  };
  const hashMore = (): void => {
    hashed++;
    places.fill(0);
    outsideCount = 0;
    for (let code = 0; code < levels.length; code++) {
      const level = levels[code];
      if (typeof level === 'string') place(hashOf(level, hashed), code);
    }
  };
  const grow = (): void => {
    const before = places;
    places = new Int32Array(2 << ++bits);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at + 1]! > 0) place(before[at]!, before[at + 1]! - 1);
    }
  };
  const add = (hash: number, code: number): void => {
    place(hash, code);
    stringCount++;
    if (hashed === NOTHING) return;
    if (outsideCount > FEW + stringCount / 4) hashMore();
    else if (stringCount > 1 << (bits - 1)) grow();
  };

  for (let row = 0; row < values.length; row++) {
    const value = values[row] as T;
    let hash = 0;
    let code = -1;
    const isString = typeof value === 'string';
    if (isString) {
      hash = hashOf(value, hashed);
      let slot = hash >>> (32 - bits);
      for (let probe = 0; probe < PROBES; probe++) {
        const found = places[2 * slot + 1]! - 1;
        if (found < 0) break;
        if (places[2 * slot] === hash) {
          if (levels[found] === value) code = found;
          break;
        }
        slot = (slot + 1) & ((1 << bits) - 1);
      }
    }
    if (code < 0 && (!isString || outsideCount > 0)) code = outside.get(value) ?? -1;
    if (code < 0) {
      check(value, row);
      code = levels.push(value === 0 ? (0 as T) : value) - 1; // -0 is 0, as in a map
      if (isString) add(hash, code);
      else outside.set(value, code);
    }
    codes[row] = code;
  }
  return { codes, levels };
}
