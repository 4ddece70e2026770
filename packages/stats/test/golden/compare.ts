/** Compares what we computed with a golden value, by the rule of the golden files: |a - b| <= tol (1 + |b|). */
import { revive } from './adapter.js';

/** Descriptions of all disagreements; empty when all agree. Fields that only `got` has are not compared. */
export function differences(got: unknown, expected: unknown, tolerance: number, path = ''): string[] {
  const want = revive(expected);
  if (typeof want === 'number') {
    if (typeof got !== 'number') return [`${path}: got ${String(got)}, expected ${want}`];
    if (Object.is(got, want) || got === want) return [];
    const isClose = Math.abs(got - want) <= tolerance * (1 + Math.abs(want));
    return isClose ? [] : [`${path}: got ${got}, expected ${want}, off by ${Math.abs(got - want)}`];
  }
  if (isMap(want) && isMap(got)) return differencesOfMaps(got, want, tolerance, path);
  if (Array.isArray(want)) {
    const list = got instanceof Float64Array ? Array.from(got) : got;
    if (!Array.isArray(list)) return [`${path}: got ${JSON.stringify(got)}, expected a list`];
    if (list.length !== want.length) return [`${path}: got ${list.length} entries, expected ${want.length}`];
    return want.flatMap((entry, i) => differences(list[i], entry, tolerance, `${path}[${i}]`));
  }
  if (typeof want === 'object' && want !== null) {
    const fields = (typeof got === 'object' && got !== null ? got : {}) as Record<string, unknown>;
    return Object.entries(want).flatMap(([name, entry]) =>
      differences(fields[name], entry, tolerance, `${path}.${name}`),
    );
  }
  return Object.is(got, want) ? [] : [`${path}: got ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`];
}

type Pairs = readonly (readonly [unknown, unknown])[];

/** Maps are lists of pairs whose first entries are distinct and are names, not rows of a table of numbers. */
function isMap(x: unknown): x is Pairs {
  if (!Array.isArray(x) || x.length === 0) return false;
  const isPairs = x.every((pair) => Array.isArray(pair) && pair.length === 2 && !Array.isArray(pair[0]));
  return isPairs && new Set(x.map((pair) => JSON.stringify(pair[0]))).size === x.length && !isTable(x);
}

/** Names that are numbers are integers; a table of probabilities may hold 0 and 1 among other numbers. */
function isTable(x: readonly (readonly unknown[])[]): boolean {
  return x.every((pair) => typeof pair[0] === 'number') && x.some((pair) => !Number.isInteger(pair[0]));
}

/** An entry that only one side has counts as 0: a level of probability 0 may be listed or not. */
function differencesOfMaps(got: Pairs, want: Pairs, tolerance: number, path: string): string[] {
  const byKey = new Map(got.map(([key, value]) => [JSON.stringify(key), value]));
  const wanted = new Set(want.map(([key]) => JSON.stringify(key)));
  const missing = got
    .filter(([key]) => !wanted.has(JSON.stringify(key)))
    .flatMap(([key, value]) => differences(value, 0, tolerance, `${path}{${String(key)}}`));
  return missing.concat(
    want.flatMap(([key, value]) =>
      differences(byKey.get(JSON.stringify(key)) ?? 0, value, tolerance, `${path}{${String(key)}}`),
    ),
  );
}
