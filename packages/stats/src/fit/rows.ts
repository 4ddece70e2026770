import type { Rows } from '../contract.js';

/** Rows as encoders take them: they read a typed array by index and length, as they read a list. */
export function listOf<T>(rows: Rows<T>): readonly T[] {
  return rows as readonly T[]; // a typed array stands for a list of numbers, and then a number is a T
}
