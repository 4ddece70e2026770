/** The types of children over the same rows. */
import type { RowOf } from '../contract.js';

/** Rows by kind: whether a level is `'a'` or `'b'` decides nothing here. */
type Kind<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends object
        ? { readonly [K in keyof T]: Kind<T[K]> }
        : T;

/** Whether one kind of rows is part of the other: numbers and numbers that may be missing, say. */
type Meet<A, B> = [A] extends [B] ? true : [B] extends [A] ? true : false;

/**
 * Anything for children over the same rows, nothing that a child could be for others: `[Gaussian, Categorical]` does not
 * compile as the components of a mixture.
 */
export type OverSameRows<Cs extends readonly unknown[]> = {
  readonly [K in keyof Cs]: Meet<Kind<RowOf<Cs[K]>>, Kind<RowOf<Cs[0]>>>;
}[number] extends true
  ? unknown
  : readonly { readonly over: 'different rows' }[];

/** Children made of children over the same rows are so too, which the compiler cannot follow. */
export function overSameRows<Cs extends readonly unknown[]>(children: readonly unknown[]): Cs & OverSameRows<Cs> {
  return children as Cs & OverSameRows<Cs>;
}
