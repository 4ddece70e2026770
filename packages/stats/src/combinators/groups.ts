/**
 * Rows that are shared out among groups, each with a family of its own. Conditional and Select differ only in how a row
 * finds its group.
 */

import { concatColumns, itemCount, joinEntries, sliceColumns, takeColumns, takeEntries } from '../columns/columns.js';
import type { Accumulator, Columns, Draws, Encoder, Scorer, Scratch } from '../contract.js';
import { GrowingScratch } from '../numeric/scratch.js';
import { initializeChild, scoreChild } from '../tree/children.js';

/** The group of a row that belongs to none. */
export const NO_GROUP = -1;

/**
 * Row i belongs to group `groupOf[i]` (or to {@link NO_GROUP}) and is row `placeOf[i]` of `groups[groupOf[i]]`. Rows keep
 * their order, so the rows of a block are consecutive in each group.
 */
export interface GroupColumns extends Columns {
  readonly groupOf: Int32Array;
  readonly placeOf: Int32Array;
  readonly groups: readonly Columns[];
}

/** Places follow from the groups: each row comes after the earlier rows of its group. */
export function placesOf(groupOf: Int32Array, groupCount: number): Int32Array {
  const counts = new Int32Array(groupCount);
  const placeOf = new Int32Array(groupOf.length);
  for (let row = 0; row < groupOf.length; row++) {
    const group = groupOf[row]!;
    if (group !== NO_GROUP) placeOf[row] = counts[group]!++;
  }
  return placeOf;
}

/** Where the rows `[start, end)` stand in each group: their first place, and the one after the last. In one pass for all groups. */
function placesWithin(
  { groupOf, placeOf, groups }: GroupColumns,
  start: number,
  end: number,
): (group: number) => readonly [start: number, end: number] {
  const firsts = new Int32Array(groups.length);
  const ends = new Int32Array(groups.length);
  for (let row = start; row < end; row++) {
    const group = groupOf[row]!;
    if (group === NO_GROUP) continue;
    if (ends[group] === 0) firsts[group] = placeOf[row]!;
    ends[group] = placeOf[row]! + 1;
  }
  return (group) => [firsts[group]!, ends[group]!];
}

export function sliceGroups(
  encoders: readonly Encoder<unknown>[],
  columns: GroupColumns,
  start: number,
  end: number,
): GroupColumns {
  const groupOf = columns.groupOf.slice(start, end);
  const places = placesWithin(columns, start, end);
  return {
    rowCount: end - start,
    groupOf,
    placeOf: placesOf(groupOf, encoders.length),
    groups: columns.groups.map((group, g) => sliceColumns(encoders[g]!, group, ...places(g))),
  };
}

export function takeGroups(
  encoders: readonly Encoder<unknown>[],
  columns: GroupColumns,
  rows: Int32Array,
): GroupColumns {
  const groupOf = takeEntries(columns.groupOf, rows);
  const places = columns.groups.map((): number[] => []);
  for (const row of rows) {
    const group = columns.groupOf[row]!;
    if (group !== NO_GROUP) places[group]!.push(columns.placeOf[row]!);
  }
  return {
    rowCount: rows.length,
    groupOf,
    placeOf: placesOf(groupOf, encoders.length),
    groups: columns.groups.map((group, g) => takeColumns(encoders[g]!, group, Int32Array.from(places[g]!))),
  };
}

export function concatGroups(encoders: readonly Encoder<unknown>[], parts: readonly GroupColumns[]): GroupColumns {
  const groupOf = joinEntries(parts.map((part) => part.groupOf));
  return {
    rowCount: groupOf.length,
    groupOf,
    placeOf: placesOf(groupOf, encoders.length),
    groups: encoders.map((encoder, g) =>
      concatColumns(
        encoder,
        parts.map((part) => part.groups[g]!),
      ),
    ),
  };
}

export function leafRowsOfGroups(
  encoders: readonly Encoder<unknown>[],
  columns: GroupColumns,
  start: number,
  end: number,
): number {
  const places = placesWithin(columns, start, end);
  let sum = 0;
  encoders.forEach((encoder, g) => {
    sum += itemCount(encoder, columns.groups[g]!, ...places(g));
  });
  return Math.max(end - start, sum);
}

/** Working memory of a block: where each group's rows begin, and numbers that are laid out group by group. */
export class GroupMemory {
  readonly #values = new GrowingScratch();
  #count = new Int32Array(0);
  #place = new Int32Array(0);
  /** Where the numbers of each group begin. */
  #at = new Int32Array(0);

  from(scratch: Scratch): void {
    this.#values.from(scratch);
  }

  /** Finds the rows `[start, end)` in the groups. */
  locate({ groupOf, placeOf, groups }: GroupColumns, start: number, end: number): void {
    if (this.#count.length !== groups.length) {
      this.#count = new Int32Array(groups.length);
      this.#place = new Int32Array(groups.length);
      this.#at = new Int32Array(groups.length);
    }
    this.#count.fill(0);
    for (let row = start; row < end; row++) {
      const group = groupOf[row]!;
      if (group === NO_GROUP) continue;
      if (this.#count[group] === 0) this.#place[group] = placeOf[row]!;
      this.#count[group]! += 1;
    }
    let at = 0;
    for (let g = 0; g < groups.length; g++) {
      this.#at[g] = at;
      at += this.#count[g]!;
    }
  }

  /** Numbers for `count` rows, those of one group after those of another. */
  values(count: number): Float64Array {
    return this.#values.atLeast(count);
  }

  /** The index among {@link values} of a row of group `group` at place `place`. */
  indexOf(group: number, place: number): number {
    return this.#at[group]! + place - this.#place[group]!;
  }

  /** Calls `visit` for each group that has rows, with its range of places and where its numbers begin. */
  forEachGroup(visit: (group: number, start: number, end: number, at: number) => void): void {
    for (let g = 0; g < this.#count.length; g++) {
      const count = this.#count[g]!;
      if (count > 0) visit(g, this.#place[g]!, this.#place[g]! + count, this.#at[g]!);
    }
  }
}

/** `out` = log f_group(x). Rows without a group, or whose group has no distribution, get -Infinity. */
export function scoreGroups(
  dists: readonly (Scorer | undefined)[],
  children: readonly Accumulator[] | undefined,
  columns: GroupColumns,
  start: number,
  end: number,
  out: Float64Array,
  memory: GroupMemory,
): void {
  memory.locate(columns, start, end);
  const scores = memory.values(end - start);
  memory.forEachGroup((g, from, to, at) => {
    const part = scores.subarray(at, at + to - from);
    const dist = dists[g];
    if (dist === undefined) part.fill(-Infinity);
    else scoreChild(children?.[g], dist, columns.groups[g]!, from, to, part);
  });
  const { groupOf, placeOf } = columns;
  for (let row = start; row < end; row++) {
    const group = groupOf[row]!;
    out[row - start] = group === NO_GROUP ? -Infinity : scores[memory.indexOf(group, placeOf[row]!)]!;
  }
}

/** The weight of each group, and the statistics of its rows. */
export interface GroupStatistic {
  readonly counts: Float64Array;
  readonly groups: readonly unknown[];
}

/** Hands each group its own rows and their weights. */
export class GroupAccumulators {
  readonly #memory = new GroupMemory();
  readonly #weights = new GroupMemory();

  constructor(
    readonly children: readonly Accumulator[],
    readonly counts: Float64Array,
  ) {}

  begin(dists: readonly (Scorer | undefined)[] | undefined, { groups }: GroupColumns, scratch: Scratch): void {
    this.#memory.from(scratch);
    this.#weights.from(scratch);
    for (const [g, child] of this.children.entries()) child.begin?.(dists?.[g], groups[g]!, scratch);
  }

  score(
    dists: readonly (Scorer | undefined)[],
    columns: GroupColumns,
    start: number,
    end: number,
    out: Float64Array,
  ): void {
    scoreGroups(dists, this.children, columns, start, end, out, this.#memory);
  }

  /** A group without a distribution under the entering model learns nothing. */
  seqUpdate(
    columns: GroupColumns,
    start: number,
    end: number,
    weights: Float64Array,
    dists?: readonly (Scorer | undefined)[],
  ): void {
    this.#forEachGroup(columns, start, end, weights, (g, from, to, part) => {
      if (dists !== undefined && dists[g] === undefined) return;
      this.children[g]!.seqUpdate(columns.groups[g]!, from, to, part, dists?.[g]);
    });
  }

  seqInitialize(columns: GroupColumns, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.#forEachGroup(columns, start, end, weights, (g, from, to, part) => {
      initializeChild(this.children[g]!, columns.groups[g]!, from, to, part, draws.child(g));
    });
  }

  #forEachGroup(
    columns: GroupColumns,
    start: number,
    end: number,
    weights: Float64Array,
    visit: (group: number, start: number, end: number, weights: Float64Array) => void,
  ): void {
    const memory = this.#weights;
    memory.locate(columns, start, end);
    const grouped = memory.values(end - start);
    const { groupOf, placeOf } = columns;
    for (let row = start; row < end; row++) {
      const group = groupOf[row]!;
      if (group === NO_GROUP) continue;
      grouped[memory.indexOf(group, placeOf[row]!)] = weights[row - start]!;
    }
    memory.forEachGroup((g, from, to, at) => {
      const part = grouped.subarray(at, at + to - from);
      for (let i = 0; i < part.length; i++) this.counts[g]! += part[i]!;
      visit(g, from, to, part);
    });
  }

  combine({ counts, groups }: GroupStatistic): void {
    for (let g = 0; g < counts.length; g++) this.counts[g]! += counts[g]!;
    for (const [g, child] of this.children.entries()) child.combine(groups[g]);
  }

  value(): GroupStatistic {
    return { counts: this.counts.slice(), groups: this.children.map((child) => child.value()) };
  }

  fromValue({ counts, groups }: GroupStatistic): void {
    this.counts.set(counts);
    for (const [g, child] of this.children.entries()) child.fromValue(groups[g]);
  }
}
