/**
 * Levels that JSON lacks. `JSON.stringify` calls `toJSON` with the name of the field, and would write `null` for NaN and the
 * infinities; a codec calls it without one and keeps them. So a family of levels hands the name on, and what JSON lacks is
 * written as in model files of JSON: `{ "$number": "NaN" }`.
 */

/** The level, or in JSON its notation. Typed as the level: only `JSON.stringify` sees the other form. */
export function jsonLevel<T>(level: T, key: string | undefined): T {
  if (key === undefined) return level;
  const isLost = typeof level === 'number' && (!Number.isFinite(level) || Object.is(level, -0));
  return isLost ? ({ $number: Object.is(level, -0) ? '-0' : String(level) } as T) : level;
}

/** The level that {@link jsonLevel} wrote; everything else as it is. */
export function levelFromJSON(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [name, ...others] = Object.keys(value);
  if (others.length > 0) return value;
  const { $number } = value as { readonly $number?: unknown };
  const isNumber = name === '$number' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(String($number));
  return isNumber ? Number($number) : value;
}
