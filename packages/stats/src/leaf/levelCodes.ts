/** Codes of a column's levels, in order of first appearance. */
import { joinEntries } from '../columns/columns.js';

/** Strings that are looked up without a hash; a power of two. */
const SLOTS = 4096;

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
  const recent = new Array<T | undefined>(SLOTS).fill(undefined);
  const recentCodes = new Int32Array(SLOTS);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as T;
    const slot = typeof value === 'string' ? slotOf(value) : -1;
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

/** The codes of all parts one after the other, with the levels of earlier parts first; codes of later parts are translated. */
export function joinLevelCodes<T>(parts: readonly { readonly codes: Int32Array; readonly levels: readonly T[] }[]): {
  readonly codes: Int32Array;
  readonly levels: readonly T[];
} {
  const codeOf = new Map<T, number>();
  const translated = parts.map(({ codes, levels }) => {
    const translation = levels.map((level) => {
      if (!codeOf.has(level)) codeOf.set(level, codeOf.size);
      return codeOf.get(level)!;
    });
    return translation.every((code, k) => code === k) ? codes : codes.map((code) => translation[code]!);
  });
  return { codes: joinEntries(translated), levels: [...codeOf.keys()] };
}

function slotOf(text: string): number {
  let mixed = text.length;
  for (let i = Math.max(0, text.length - 4); i < text.length; i++) mixed = Math.imul(mixed, 31) + text.charCodeAt(i);
  return (mixed ^ (mixed >>> 7)) & (SLOTS - 1);
}
