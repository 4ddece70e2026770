/** The columns of values given a level: one group of rows for each level. */

import {
  acceptedBy,
  concatColumns,
  encodeChild,
  itemCount,
  mayHoldItems,
  sameClass,
  sameEncoder,
  sameEncoders,
  sliceColumns,
  takeColumns,
  violationOf,
  violationWithin,
} from '../columns/columns.js';
import type { Columns, Encoder, EncoderPart, Violation } from '../contract.js';
import { DataError, ParameterError } from '../errors.js';
import type { Level } from '../families/categorical.js';
import { isLevel } from '../families/categorical.js';
import type { GroupColumns } from './groups.js';
import { concatGroups, leafRowsOfGroups, NO_GROUP, placesOf, sliceGroups, takeGroups } from './groups.js';

/** A level, and a value that depends on it. */
export type ConditionalRow<L extends Level, T> = readonly [given: L, value: T];

/**
 * The rows of each level stand together in a group of their own, in the order of `levels`; with `hasOtherwise` one more
 * group holds the rows of all other levels. The given levels are a column as well.
 */
export interface ConditionalColumns extends GroupColumns {
  readonly given: Columns;
  readonly levels: readonly Level[];
  readonly hasOtherwise: boolean;
}

const EXPECTED_ROW = 'a pair of a given level and a value';
const EXPECTED_LEVEL = 'a string, a number, a boolean or null';

/** Shares the rows out by level. */
export class ConditionalEncoder<L extends Level, T> implements Encoder<ConditionalRow<L, T>, ConditionalColumns> {
  readonly #levels: readonly Level[];
  readonly #groupOf: ReadonlyMap<Level, number>;
  readonly #groups: readonly Encoder<unknown>[];
  readonly #otherGroup: number;

  /**
   * @param byLevel  the encoder of the values of each level
   * @param otherwise  the encoder for all other levels, or null: their values are then not looked at
   * @param given  the encoder of the levels
   */
  constructor(
    byLevel: readonly (readonly [Level, Encoder<unknown>])[],
    otherwise: Encoder<unknown> | null,
    readonly given: Encoder<unknown>,
  ) {
    this.#levels = byLevel.map(([level]) => level);
    this.#groupOf = new Map(this.#levels.map((level, group) => [level, group]));
    this.#groups = byLevel.map(([, encoder]) => encoder).concat(otherwise ?? []);
    this.#otherGroup = otherwise === null ? NO_GROUP : this.#levels.length;
  }

  /** The encoder of the values of each level. */
  get byLevel(): ReadonlyMap<Level, Encoder<unknown>> {
    return new Map(this.#levels.map((level, group) => [level, this.#groups[group]!]));
  }

  violation(row: unknown): Violation | undefined {
    if (!isPair(row)) return { path: [], expected: EXPECTED_ROW, found: row };
    const [level, value] = row;
    if (!isLevel(level)) return { path: [0], expected: EXPECTED_LEVEL, found: level };
    const group = this.#groupOf.get(level) ?? this.#otherGroup;
    const ofValue = group === NO_GROUP ? undefined : violationOf(this.#groups[group]!, value);
    return violationWithin(ofValue, 1) ?? violationWithin(violationOf(this.given, level), 0);
  }

  parts(row: unknown): readonly EncoderPart[] | undefined {
    if (!isPair(row) || !isLevel(row[0])) return undefined;
    const given = { step: 0, value: row[0], encoder: this.given };
    const group = this.#groupOf.get(row[0]) ?? this.#otherGroup;
    return group === NO_GROUP ? [given] : [given, { step: 1, value: row[1], encoder: this.#groups[group]! }];
  }

  /** @throws {DataError} at a row that is not a pair, or with a level or a value that its family cannot hold */
  encode(rows: readonly ConditionalRow<L, T>[]): ConditionalColumns {
    const groupOf = new Int32Array(rows.length);
    const values: unknown[][] = this.#groups.map(() => []);
    const rowsOf: number[][] = this.#groups.map(() => []);
    for (let row = 0; row < rows.length; row++) {
      const pair: unknown = rows[row];
      if (!isPair(pair)) throw new DataError('Conditional', row, EXPECTED_ROW, pair);
      if (!isLevel(pair[0])) throw new DataError('Conditional', row, EXPECTED_LEVEL, pair[0], [0]);
      const group = this.#groupOf.get(pair[0]) ?? this.#otherGroup;
      groupOf[row] = group;
      if (group === NO_GROUP) continue;
      values[group]!.push(pair[1]);
      rowsOf[group]!.push(row);
    }
    return this.#columns(
      {
        rowCount: rows.length,
        groupOf,
        placeOf: placesOf(groupOf, this.#groups.length),
        groups: this.#groups.map((encoder, g) => encodeChild(encoder, values[g]!, (i) => [rowsOf[g]![i]!, 1])),
      },
      encodeChild(
        this.given,
        rows.map(([level]) => level),
        (row) => [row, 0],
      ),
    );
  }

  slice(columns: ConditionalColumns, start: number, end: number): ConditionalColumns {
    return this.#columns(
      sliceGroups(this.#groups, columns, start, end),
      sliceColumns(this.given, columns.given, start, end),
      columns.levels,
    );
  }

  take(columns: ConditionalColumns, rows: Int32Array): ConditionalColumns {
    const given = takeColumns(this.given, columns.given, rows);
    return this.#columns(takeGroups(this.#groups, columns, rows), given, columns.levels);
  }

  concat(parts: readonly ConditionalColumns[]): ConditionalColumns {
    const given = concatColumns(
      this.given,
      parts.map((part) => part.given),
    );
    return this.#columns(concatGroups(this.#groups, parts), given, parts[0]!.levels);
  }

  #columns(groups: GroupColumns, given: Columns, levels: readonly Level[] = this.#levels): ConditionalColumns {
    return { ...groups, given, levels, hasOtherwise: this.#otherGroup !== NO_GROUP };
  }

  get holdsItems(): boolean {
    return mayHoldItems(this.given) || this.#groups.some(mayHoldItems);
  }

  itemCount(columns: ConditionalColumns, start: number, end: number): number {
    const ofGiven = itemCount(this.given, columns.given, start, end);
    return Math.max(ofGiven, leafRowsOfGroups(this.#groups, columns, start, end));
  }

  /** The levels stand in the same order. */
  sameAs(other: Encoder<unknown>): boolean {
    return (
      sameClass(this, other) &&
      other.#otherGroup === this.#otherGroup &&
      other.#levels.every((level, group) => Object.is(level, this.#levels[group])) &&
      sameEncoders(this.#groups, other.#groups) &&
      sameEncoder(this.given, other.given)
    );
  }
}

function isPair(row: unknown): row is readonly [unknown, unknown] {
  return Array.isArray(row) && row.length === 2;
}

/** Levels of each kind, for a model that has none of its own. */
const SIMPLE_LEVELS: readonly Level[] = ['a', 1, 0.5, true, null];

/** @throws {ParameterError} unless `given` takes each level as a row; where there is none, a level of some kind */
export function checkTakesLevels(
  owner: string,
  what: string,
  given: { encoder(): Encoder<unknown> },
  levels: Iterable<Level>,
): void {
  const accepts = acceptedBy(given.encoder());
  const known = [...levels];
  const isOver = known.length === 0 ? SIMPLE_LEVELS.some(accepts) : known.every(accepts);
  if (isOver) return;
  const refused = known.find((level) => !accepts(level));
  const example = refused === undefined ? '' : `, ${JSON.stringify(refused)} among them`;
  throw new ParameterError(owner, 'given', `${what} over the levels${example}`, given);
}
