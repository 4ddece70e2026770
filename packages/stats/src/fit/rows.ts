import { checkRows } from '../checks/rows.js';
import type { Rows } from '../contract.js';

/**
 * Rows as encoders take them: they read a typed array by index and length, as they read a list.
 * @throws {OptionError} unless `rows` is an array, or a typed array
 */
export function listOf<T>(rows: Rows<T>, what = 'rows'): readonly T[] {
  checkRows(what, rows);
  return rows as readonly T[]; // a typed array stands for a list of numbers, and then a number is a T
}
