/** Codes of a column's levels, in order of first appearance. */
import { joinEntries } from '../../columns/columns.js';

/** At most 2 to this power strings are looked up without a hash of all their characters. */
const MAX_BITS = 13;

/**
 * Gives each distinct value a code. A map must hash every new string object over all its characters; here most strings
 * are found by length and last characters in a small table first, and one comparison confirms them.
 * @param check  called with the first row of each level; throws if the value is not a valid level
 */
export function encodeLevels<T>(
  values: readonly T[],
  check: (value: T, row: number) => void,
): { readonly codes: Int32Array; readonly levels: readonly T[] } {
  const codeOf = new Map<T, number>();
  const codes = new Int32Array(values.length);
  const bits = Math.min(MAX_BITS, 32 - Math.clz32(values.length | 1)); // small for few rows
  const recent = new Array<T | undefined>(2 ** bits).fill(undefined);
  const recentCodes = new Int32Array(2 ** bits);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as T;
    const slot = typeof value === 'string' ? slotOf(value, bits) : -1;
    if (slot >= 0 && recent[slot] === value) {
      codes[row] = recentCodes[slot]!;
      continue;
    }
    let code = codeOf.get(value);
    if (code === undefined) {
      check(value, row);
      code = codeOf.size;
      codeOf.set(value, code);
    }
    if (slot >= 0) {
      recent[slot] = value;
      recentCodes[slot] = code;
    }
    codes[row] = code;
  }
  return { codes, levels: [...codeOf.keys()] };
}

/**
 * The codes of all parts one after the other, with the levels of earlier parts first; codes of later parts are translated. Many parts
 * may be slices of one column and share its list of levels, which is looked through once.
 */
export function joinLevelCodes<T>(parts: readonly { readonly codes: Int32Array; readonly levels: readonly T[] }[]): {
  readonly codes: Int32Array;
  readonly levels: readonly T[];
} {
  const codeOf = new Map<T, number>();
  // Undefined where the codes are those of the result.
  const translations = new Map<readonly T[], readonly number[] | undefined>();
  const translated = parts.map(({ codes, levels }) => {
    if (!translations.has(levels)) {
      const made = levels.map((level) => {
        if (!codeOf.has(level)) codeOf.set(level, codeOf.size);
        return codeOf.get(level)!;
      });
      translations.set(levels, made.every((code, k) => code === k) ? undefined : made);
    }
    const translation = translations.get(levels);
    return translation === undefined ? codes : codes.map((code) => translation[code]!);
  });
  return { codes: joinEntries(translated), levels: [...codeOf.keys()] };
}

/** A number of so many bits, from the length and the last four characters; written out, as a loop is slower. */
function slotOf(text: string, bits: number): number {
  const { length } = text;
  let mixed = length;
  if (length >= 4) {
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 4);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 3);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 2);
    mixed = Math.imul(mixed, 31) + text.charCodeAt(length - 1);
  } else for (let i = 0; i < length; i++) mixed = Math.imul(mixed, 31) + text.charCodeAt(i);
  // Fibonacci hashing: the high bits of a product depend on all bits. Knuth, The Art of Computer Programming, vol. 3, section 6.4.
  return Math.imul(mixed, 0x9e3779b1) >>> (32 - bits);
}
