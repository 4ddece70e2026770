/** Rows that are single numbers: what a family accepts, and the columns that it computes from each row once. */

import { sameClass } from '../columns/columns.js';
import { integerRowCodes } from '../columns/rowCodes.js';
import type { AddSquaredDistances, Columns, Encoder, RowCodes, Violation } from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import { log, logarithms } from '../numeric/elementary.js';
import { scaledSquares } from './distance.js';

/** Which numbers a family can hold. */
export interface NumberRule {
  /** What is accepted, as a noun phrase. */
  readonly expected: string;
  /** Called with finite numbers only. */
  readonly accepts: (x: number) => boolean;
  /** True when all rows are integers: the E step may then join equal rows. Default false. */
  readonly isInteger?: boolean;
}

export const REAL: NumberRule = { expected: 'a finite number', accepts: () => true };
export const NON_NEGATIVE: NumberRule = { expected: 'a finite number >= 0', accepts: (x) => x >= 0 };
export const POSITIVE: NumberRule = { expected: 'a finite number > 0', accepts: (x) => x > 0 };
export const OPEN_UNIT: NumberRule = { expected: 'a number > 0 and < 1', accepts: (x) => x > 0 && x < 1 };
export const COUNT: NumberRule = {
  expected: 'an integer >= 0',
  accepts: (x) => Number.isSafeInteger(x) && x >= 0,
  isInteger: true,
};
export const POSITIVE_COUNT: NumberRule = {
  expected: 'an integer >= 1',
  accepts: (x) => Number.isSafeInteger(x) && x >= 1,
  isInteger: true,
};

/** Columns with one number per row. */
export interface NumberColumns extends Columns {
  readonly x: Float64Array;
}

/** How each column but `rowCount` follows from a row. */
export type ColumnFunctions<C extends Columns> = {
  readonly [N in Exclude<keyof C, 'rowCount'>]: (x: number) => number;
};

/** The column of the rows themselves. */
export function itself(x: number): number {
  return x;
}

/** Whether `x` is a number that can be scored. Everything else, as JavaScript lets through, scores NaN. */
export function isNumber(x: unknown): x is number {
  return typeof x === 'number' && !Number.isNaN(x);
}

function fits(rule: NumberRule, x: unknown): x is number {
  return typeof x === 'number' && Number.isFinite(x) && rule.accepts(x);
}

/**
 * Refuses the rows that break a rule, and computes columns of the others.
 * @example
 * const encoder = new NumberEncoder<GammaColumns>('Gamma', POSITIVE, { x: itself, logX: Math.log });
 */
export class NumberEncoder<C extends Columns = NumberColumns> implements Encoder<number, C> {
  /** Only for integers. */
  readonly rowCodes?: (columns: C, start: number, end: number) => RowCodes | undefined;
  readonly rowBytes: number;
  readonly #first: string;

  /**
   * @param family  for messages
   * @param functions  the columns. Rows are compared by the first one: (x_i - x_row)² / 2 Var(x)
   * @param compared  the column by which rows are compared instead
   * @throws {ParameterError} unless `rule` has a function `accepts`, and `functions` a function for each of one column or more
   */
  constructor(
    readonly family: string,
    readonly rule: NumberRule,
    readonly functions: ColumnFunctions<C>,
    readonly compared?: (columns: C) => Float64Array,
  ) {
    if (typeof rule?.accepts !== 'function') {
      throw new ParameterError('NumberEncoder', 'rule', 'an object with expected and accepts', rule);
    }
    const each = Object.values<unknown>(functions ?? {});
    if (each.length === 0 || each.some((column) => typeof column !== 'function')) {
      throw new ParameterError('NumberEncoder', 'functions', 'a function of a number for each column', functions);
    }
    this.rowBytes = 8 * each.length;
    this.#first = Object.keys(functions)[0]!;
    if (rule.isInteger) this.rowCodes = (columns, start, end) => integerRowCodes(this.#column(columns), start, end);
  }

  /** The first column. */
  #column(columns: C): Float64Array {
    return columns[this.#first as keyof C] as Float64Array; // made by `encode`, and of no other kind
  }

  violation(row: unknown): Violation | undefined {
    return fits(this.rule, row) ? undefined : { path: [], expected: this.rule.expected, found: row };
  }

  /** @throws {DataError} at the first row that breaks the rule */
  encode(rows: readonly number[]): C {
    const { family, rule } = this;
    const x = new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const value = rows[row];
      if (!fits(rule, value)) throw new DataError(family, row, rule.expected, value);
      x[row] = value;
    }
    const columns: Record<string, unknown> = { rowCount: rows.length };
    for (const [name, of] of Object.entries<(x: number) => number>(this.functions)) {
      columns[name] = of === itself ? x : of === log ? logarithms(x) : x.map((value) => of(value));
    }
    return columns as unknown as C; // `functions` has every field of C but `rowCount`
  }

  /** Same rule and same columns, each by the same function. */
  sameAs(other: Encoder<unknown>): boolean {
    if (!sameClass(this, other) || other.rule !== this.rule || other.compared !== this.compared) return false;
    const [own, others] = [Object.entries(this.functions), Object.entries(other.functions)];
    return own.length === others.length && own.every(([name, of], k) => name === others[k]![0] && of === others[k]![1]);
  }

  squaredDistances(columns: C, weights?: Float64Array): AddSquaredDistances {
    return scaledSquares(this.compared?.(columns) ?? this.#column(columns), weights);
  }
}
