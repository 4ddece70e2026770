/** What the families over single numbers share: checking and encoding a column, and summing its weighted mean. */
import type { Accumulator, Columns, Violation } from '../contract.js';
import { DataError } from '../errors.js';
import { kernels } from '../numeric/kernels/index.js';

/** Which numbers a family can hold. */
export interface NumberRule {
  /** The family, for messages. */
  readonly family: string;
  /** What is accepted, as a noun phrase. */
  readonly expected: string;
  /** Called with finite numbers only. */
  accepts(x: number): boolean;
}

function fits(rule: NumberRule, x: unknown): x is number {
  return typeof x === 'number' && Number.isFinite(x) && rule.accepts(x);
}

/** The first thing wrong with a row, or `undefined`. */
export function numberViolation(rule: NumberRule, row: unknown): Violation | undefined {
  return fits(rule, row) ? undefined : { path: [], expected: rule.expected, found: row };
}

/** @throws {DataError} at the first row that breaks the rule */
export function encodeNumbers(rule: NumberRule, rows: readonly number[]): Float64Array {
  const x = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = rows[row];
    if (!fits(rule, value)) throw new DataError(rule.family, row, rule.expected, value);
    x[row] = value;
  }
  return x;
}

/** Columns with one number per row. */
export interface NumberColumns extends Columns {
  readonly x: Float64Array;
}

/** Additive over rows: `count` = Σw, `sum` = Σw·x. */
export interface MeanStatistic {
  readonly count: number;
  readonly sum: number;
}

/** Sums `[Σw, Σw·x]`, for families that the mean determines. */
export class MeanAccumulator implements Accumulator<NumberColumns, MeanStatistic> {
  constructor(
    readonly kind: string,
    readonly statistic: Float64Array = new Float64Array(2),
    readonly key?: string,
  ) {}

  seqUpdate(columns: NumberColumns, start: number, end: number, weights: Float64Array): void {
    const { stage, weightedMean } = kernels();
    weightedMean(stage(columns.x, start, end - start), weights, end - start, this.statistic);
  }

  combine({ count, sum }: MeanStatistic): void {
    this.statistic[0]! += count;
    this.statistic[1]! += sum;
  }

  value(): MeanStatistic {
    return { count: this.statistic[0]!, sum: this.statistic[1]! };
  }

  fromValue({ count, sum }: MeanStatistic): void {
    this.statistic.set([count, sum]);
  }
}

/** The draws of `draw` with what underflowed to 0, or overflowed, moved to the nearest positive double. */
export function positiveDraws(draw: () => number): () => number {
  return () => Math.min(Math.max(draw(), Number.MIN_VALUE), Number.MAX_VALUE);
}
