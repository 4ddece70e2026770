/** Comparisons that throw with the numbers. */

/** @throws {Error} with `message` */
export function fail(message: string): never {
  throw new Error(message);
}

/** True when |a - b| <= tolerance (1 + |b|); infinities and NaN only equal themselves. */
export function isClose(actual: number, expected: number, tolerance: number): boolean {
  return (
    Object.is(actual, expected) ||
    actual === expected ||
    Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected))
  );
}

/** @throws {Error} unless the numbers are close: |a - b| <= tolerance (1 + |b|) */
export function expectClose(actual: number, expected: number, tolerance: number, what: string): void {
  if (isClose(actual, expected, tolerance)) return;
  fail(`${what}: got ${actual}, expected ${expected} (within ${tolerance} relative to 1 + its size)`);
}

/** @throws {Error} at the first entry that is not close */
export function expectAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: (i: number) => string,
): void {
  if (actual.length !== expected.length) fail(`${what(0)}: got ${actual.length} numbers, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) expectClose(actual[i]!, expected[i]!, tolerance, what(i));
}

/**
 * A model, statistic or columns as a plain tree: `toJSON` is called at every level, maps become lists of pairs, typed
 * arrays become lists.
 */
export function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map || value instanceof Set) return [...value].map(plainOf);
  if ('toJSON' in value && typeof value.toJSON === 'function') return plainOf(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plainOf(entry)]));
}

/** Where two plain trees differ first, or `undefined`. Numbers are compared by `isClose`. */
export function firstDifference(actual: unknown, expected: unknown, tolerance = 0, path = ''): string | undefined {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return isClose(actual, expected, tolerance) ? undefined : `${path || 'value'}: got ${actual}, expected ${expected}`;
  }
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return Object.is(actual, expected)
      ? undefined
      : `${path || 'value'}: got ${show(actual)}, expected ${show(expected)}`;
  }
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  for (const name of names) {
    const [left, right] = [(actual as Record<string, unknown>)[name], (expected as Record<string, unknown>)[name]];
    const difference = firstDifference(left, right, tolerance, path === '' ? name : `${path}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** @throws {Error} unless two models, statistics or rows are equal as plain trees, numbers within `tolerance` */
export function expectSame(actual: unknown, expected: unknown, tolerance: number, what: string): void {
  const difference = firstDifference(plainOf(actual), plainOf(expected), tolerance);
  if (difference !== undefined) fail(`${what}: ${difference}`);
}

/** @throws {Error} if the model contains a NaN, except as the marker of missing values */
export function expectDefined(model: unknown, what: string, path = ''): void {
  const value = plainOf(model);
  if (typeof value === 'number' && Number.isNaN(value)) fail(`${what}: parameter ${path} is NaN`);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, entry] of Object.entries(value)) {
    if (name !== 'missing') expectDefined(entry, what, path === '' ? name : `${path}.${name}`);
  }
}

/** A value as short text. */
export function show(value: unknown): string {
  const text =
    typeof value === 'number' || value === undefined
      ? String(value)
      : (JSON.stringify(plainOf(value)) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
