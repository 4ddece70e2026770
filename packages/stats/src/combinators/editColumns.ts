/** The columns of pairs of sets of integers, a set and the one that follows it: what was removed, added and kept. */
import {
  concatColumns,
  encodeChild,
  itemCount,
  sameClass,
  sameEncoder,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import type { AddSquaredDistances, Columns, Encoder, EncoderPart, Violation } from '../contract.js';
import { DataError } from '../errors.js';
import { sumDistances } from '../leaf/distance.js';
import { INTEGERS } from '../leaf/sets/setModels.js';
import { type SetColumns, SetEncoder, type SetRow, type SetRule } from '../leaf/sets/sets.js';

/** A set of integers, and the set that follows it. */
export type EditRow = readonly [before: SetRow<number>, after: SetRow<number>];

/** What may happen to an integer; one that is in neither set has no entry. */
export const REMOVED = 0;
export const ADDED = 1;
export const KEPT = 2;
const EDITS = 3;

/** An edit is one number: 3 · integer + what happened to it. */
export function editOf(integer: number, what: number): number {
  return EDITS * integer + what;
}

/** The integer of an edit, and what happened to it. */
export function readEdit(edit: number): { readonly integer: number; readonly what: number } {
  return { integer: Math.floor(edit / EDITS), what: edit % EDITS };
}

/** The edits of each row are a set, as {@link editOf} numbers them. The sets before are a column of their own. */
export interface EditColumns extends Columns {
  readonly edits: SetColumns<number>;
  readonly before: Columns;
}

const PAIR = 'a pair of sets, before and after';
const SETS = /* @__PURE__ */ new SetEncoder<number>('IntegerBernoulliEdit', INTEGERS);
// Made here from sets that were looked at.
const ANY: SetRule = { isItem: () => true, item: '' };
const EDIT_SETS = /* @__PURE__ */ new SetEncoder<number>('IntegerBernoulliEdit', ANY);

/** Whether a row has the form of a pair; what it holds is not looked at. */
export function isPair(row: unknown): row is readonly [unknown, unknown] {
  return Array.isArray(row) && row.length === 2;
}

/** What happened to each integer that is in one of the sets, or in both. */
export function editsOf([before, after]: EditRow): number[] {
  const [old, next] = [new Set(before), new Set(after)];
  const edits: number[] = [];
  for (const j of before) edits.push(editOf(j, next.has(j) ? KEPT : REMOVED));
  for (const j of after) if (!old.has(j)) edits.push(editOf(j, ADDED));
  return edits;
}

/** Turns pairs of sets into edits. */
export class IntegerBernoulliEditEncoder implements Encoder<EditRow, EditColumns> {
  /** @param initial  of the set before */
  constructor(readonly initial: Encoder<unknown>) {}

  violation(row: unknown): Violation | undefined {
    if (!isPair(row)) return { path: [], expected: PAIR, found: row };
    const [before, after] = row;
    return (
      violationWithin(SETS.violation(before), 0) ??
      violationWithin(SETS.violation(after), 1) ??
      violationWithin(violationOf(this.initial, before), 0)
    );
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    return isPair(row) ? row.map((value, step) => ({ step, value, encoder: SETS })) : undefined;
  }

  /** @throws {DataError} at the first row that is not a pair of sets of integers */
  encode(rows: readonly EditRow[]): EditColumns {
    for (let row = 0; row < rows.length; row++) {
      const violation = this.violation(rows[row]);
      if (violation === undefined) continue;
      throw new DataError('IntegerBernoulliEdit', row, violation.expected, violation.found, violation.path);
    }
    return {
      rowCount: rows.length,
      edits: EDIT_SETS.encode(rows.map(editsOf)),
      before: encodeChild(
        this.initial,
        rows.map(([before]) => before),
        (row) => [row, 0],
      ),
    };
  }

  slice({ edits, before }: EditColumns, start: number, end: number): EditColumns {
    return {
      rowCount: end - start,
      edits: EDIT_SETS.slice(edits, start, end),
      before: sliceColumns(this.initial, before, start, end),
    };
  }

  take({ edits, before }: EditColumns, rows: Int32Array): EditColumns {
    return {
      rowCount: rows.length,
      edits: EDIT_SETS.take(edits, rows),
      before: takeColumns(this.initial, before, rows),
    };
  }

  concat(parts: readonly EditColumns[]): EditColumns {
    const edits = EDIT_SETS.concat(parts.map((part) => part.edits));
    const before = parts.map((part) => part.before);
    return { rowCount: edits.rowCount, edits, before: concatColumns(this.initial, before) };
  }

  itemCount({ edits, before }: EditColumns, start: number, end: number): number {
    return Math.max(EDIT_SETS.itemCount(edits, start, end), itemCount(this.initial, before, start, end));
  }

  sameAs(other: Encoder<unknown>): boolean {
    return sameClass(this, other) && sameEncoder(this.initial, other.initial);
  }

  /** How many edits differ, and the distance of the sets before. */
  squaredDistances({ edits, before }: EditColumns): AddSquaredDistances | undefined {
    return sumDistances([EDIT_SETS.squaredDistances(edits), this.initial.squaredDistances?.(before)]);
  }
}
