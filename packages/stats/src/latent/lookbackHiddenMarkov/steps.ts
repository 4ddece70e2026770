/**
 * The steps of a lookback chain as rows: the first items of a list, or a window of items. A step has a family for either; so a
 * lookback hidden Markov model is a hidden Markov model over steps.
 */

import {
  concatSubsets,
  encodeChild,
  type Subset,
  sameClass,
  sameEncoder,
  sliceSubset,
  takeSubset,
  violationOf,
} from '../../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, Violation } from '../../contract.js';

/** The first `lag` items of a list, or `lag + 1` items of which the last is new. */
export interface Step {
  readonly isFirst: boolean;
  readonly items: readonly unknown[];
}

/** The steps of a list: none where it has fewer than `lag` items. */
export function stepsOf(row: readonly unknown[], lag: number): Step[] {
  if (row.length < lag) return [];
  return Array.from({ length: row.length - lag + 1 }, (_, t) =>
    t === 0 ? { isFirst: true, items: row.slice(0, lag) } : { isFirst: false, items: row.slice(t - 1, t + lag) },
  );
}

export interface StepColumns extends Columns {
  readonly firsts: Subset;
  readonly windows: Subset;
}

export const PARTS = ['firsts', 'windows'] as const;

export class StepEncoder implements Encoder<Step, StepColumns> {
  /**
   * @param firsts  the encoder of the first items of a list
   * @param windows  the encoder of windows
   */
  constructor(
    readonly firsts: Encoder<unknown>,
    readonly windows: Encoder<unknown>,
  ) {}

  #childOf({ isFirst }: Step): Encoder<unknown> {
    return isFirst ? this.firsts : this.windows;
  }

  violation(row: unknown): Violation | undefined {
    if (!isStep(row)) return { path: [], expected: 'a step of a chain', found: row };
    return violationOf(this.#childOf(row), row.items);
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    return isStep(row) ? [{ value: row.items, encoder: this.#childOf(row) }] : undefined;
  }

  encode(steps: readonly Step[]): StepColumns {
    const subset = (isFirst: boolean, encoder: Encoder<unknown>): Subset => {
      const offsets = new Int32Array(steps.length + 1);
      const rows: number[] = [];
      for (let i = 0; i < steps.length; i++) {
        if (steps[i]!.isFirst === isFirst) rows.push(i);
        offsets[i + 1] = rows.length;
      }
      const items = rows.map((row) => steps[row]!.items);
      return { offsets, columns: encodeChild(encoder, items, (i) => [rows[i]!]) };
    };
    return { rowCount: steps.length, firsts: subset(true, this.firsts), windows: subset(false, this.windows) };
  }

  slice({ firsts, windows }: StepColumns, start: number, end: number): StepColumns {
    return {
      rowCount: end - start,
      firsts: sliceSubset(this.firsts, firsts, start, end),
      windows: sliceSubset(this.windows, windows, start, end),
    };
  }

  take({ firsts, windows }: StepColumns, rows: Int32Array): StepColumns {
    return {
      rowCount: rows.length,
      firsts: takeSubset(this.firsts, firsts, rows),
      windows: takeSubset(this.windows, windows, rows),
    };
  }

  concat(parts: readonly StepColumns[]): StepColumns {
    return {
      rowCount: parts.reduce((sum, part) => sum + part.rowCount, 0),
      firsts: concatSubsets(
        this.firsts,
        parts.map((part) => part.firsts),
      ),
      windows: concatSubsets(
        this.windows,
        parts.map((part) => part.windows),
      ),
    };
  }

  /**
   * Those of windows and those of first items, where they have some; between the two kinds 1, the mean, so that the kind of a
   * step draws no step to a state.
   */
  squaredDistances({ rowCount, firsts, windows }: StepColumns): AddSquaredDistances | undefined {
    const addWindows = this.windows.squaredDistances?.(windows.columns);
    if (addWindows === undefined) return undefined;
    const addFirsts = this.firsts.squaredDistances?.(firsts.columns);
    const among = new Float64Array(rowCount);
    const isFirst = (row: number) => firsts.offsets[row + 1]! > firsts.offsets[row]!;
    return (row, out) => {
      const isFromFirst = isFirst(row);
      const [add, { offsets }] = isFromFirst ? [addFirsts, firsts] : [addWindows, windows];
      add?.(offsets[row]!, among.fill(0));
      for (let i = 0; i < rowCount; i++) {
        if (isFirst(i) !== isFromFirst) out[i]! += 1;
        else if (add !== undefined) out[i]! += among[offsets[i]!]!;
      }
    };
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && sameEncoder(this.firsts, other.firsts) && sameEncoder(this.windows, other.windows);
  }
}

function isStep(row: unknown): row is Step {
  return typeof row === 'object' && row !== null && 'isFirst' in row && 'items' in row && Array.isArray(row.items);
}
