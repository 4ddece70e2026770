import { formatValue, OptionError } from '../errors.js';

/** @throws {OptionError} unless `rows` is an array, or a typed array */
export function checkRows(what: string, rows: unknown): void {
  if (Array.isArray(rows) || (ArrayBuffer.isView(rows) && !(rows instanceof DataView))) return;
  throw new OptionError(`${what} must be an array, found ${formatValue(rows)}.`);
}
