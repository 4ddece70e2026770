import { formatValue, OptionError } from '../errors.js';

/** Whether `value` is an array, or a typed array. */
export function isRows(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** As `list.every`, which passes over the holes of a list: they are `undefined` here, as for who reads the list. */
export function allOf<T, U extends T>(list: readonly T[], is: (value: T) => value is U): list is readonly U[];
export function allOf<T>(list: readonly T[], is: (value: T) => boolean): boolean;
export function allOf<T>(list: readonly T[], is: (value: T) => boolean): boolean {
  return list.findIndex((value) => !is(value)) < 0;
}

/** @throws {OptionError} unless `rows` is an array, or a typed array */
export function checkRows(what: string, rows: unknown): void {
  if (isRows(rows)) return;
  throw new OptionError(`${what} must be an array or typed array, found ${formatValue(rows)}.`);
}
