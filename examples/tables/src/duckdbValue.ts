/** Values of `@duckdb/node-api` that JavaScript has no type for, known by their shape. */

const DAY = 86_400_000;

/** Those fields of its classes that tell them apart. */
interface DuckdbValue {
  /** Of decimals. */
  readonly toDouble?: unknown;
  /** Of dates and timestamps; times of the day have none. */
  readonly isFinite?: unknown;
  readonly days?: number;
  readonly seconds?: bigint;
  readonly millis?: bigint;
  readonly micros?: bigint;
  readonly nanos?: bigint;
  /** Of lists and arrays. */
  readonly items?: unknown;
  /** Of structs, an object; of maps, pairs. */
  readonly entries?: unknown;
  /** Of unions. */
  readonly tag?: unknown;
  readonly value?: unknown;
  readonly hugeint?: unknown;
}

/**
 * What a value of DuckDB is in JavaScript: a number, a date, a list, an object, or the text of a time or a UUID. An infinite date is a
 * gap. `undefined` for an object that is none of DuckDB's.
 * @param value  no array and no plain object
 */
export function duckdbValue(value: object): unknown {
  const of = value as DuckdbValue;
  if (typeof of.toDouble === 'function') return of.toDouble.call(value);
  if (typeof of.isFinite === 'boolean') {
    const time = millisecondsOf(of);
    return Number.isNaN(time) ? undefined : of.isFinite ? new Date(time) : null;
  }
  if (Array.isArray(of.items)) return of.items;
  if (typeof of.entries === 'object' && of.entries !== null) return of.entries;
  if (typeof of.tag === 'string') return of.value;
  const isText = [of.micros, of.nanos, of.hugeint].some((field) => typeof field === 'bigint');
  return isText ? String(value) : undefined;
}

function millisecondsOf({ days, seconds, millis, micros, nanos }: DuckdbValue): number {
  if (days !== undefined) return days * DAY;
  if (seconds !== undefined) return Number(seconds) * 1000;
  if (millis !== undefined) return Number(millis);
  return micros === undefined ? Number(nanos ?? Number.NaN) / 1e6 : Number(micros) / 1000;
}
