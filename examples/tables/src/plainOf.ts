/** Nested values of other libraries as plain ones. */

import { duckdbValue } from './duckdbValue.js';

/**
 * Lists and rows of Arrow and DuckDB become arrays and objects, and 64-bit integers in them numbers, or texts where a number cannot hold them: as
 * the cells of a column do. What is plain already stays the same object.
 */
export function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Array.from(value, plainOf);
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const plain = value.map(plainOf);
    return plain.every((item, i) => item === value[i]) ? value : plain;
  }
  if (value instanceof Set)
    return [...value].some((item) => plainOf(item) !== item) ? new Set([...value].map(plainOf)) : value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return plainOf(toJSON.call(value));
  if (!isPlainObject(value)) {
    const read = duckdbValue(value);
    return read === undefined ? value : plainOf(read);
  }
  const entries = Object.entries(value).map(([name, item]) => [name, plainOf(item)] as const);
  const isPlain = entries.every(([name, item]) => item === (value as Readonly<Record<string, unknown>>)[name]);
  return isPlain ? value : Object.fromEntries(entries);
}

/** Not of a class. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
