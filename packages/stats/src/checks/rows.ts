import { formatValue, OptionError } from '../errors.js';

/** Whether `value` is an array, or a typed array. */
export function isRows(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** @throws {OptionError} unless `rows` is an array, or a typed array */
export function checkRows(what: string, rows: unknown): void {
  if (isRows(rows)) return;
  throw new OptionError(`${what} must be an array or typed array, found ${formatValue(rows)}.`);
}
