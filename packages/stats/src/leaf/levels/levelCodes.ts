/** Codes of levels, over the parts of a column. */
import { joinEntries } from '../../columns/columns.js';

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
