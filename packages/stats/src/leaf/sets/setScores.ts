/** Scores of sets whose items are there or not independently of each other, each with a probability of its own. */
import type { Scorer, Scratch } from '../../contract.js';
import { log, log1p } from '../../numeric/elementary.js';
import { itemKernels } from '../../numeric/kernels/items/index.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import type { Level } from '../levels/levels.js';
import { forEachPiece, from } from './setPieces.js';
import type { SetColumns } from './sets.js';

/** `p`, moved into [minP, 1 - minP]. */
export function clipped(p: number, minP: number): number {
  return Math.min(Math.max(p, minP), 1 - minP);
}

/** log P(absent) of an item: 1 - p, which for p near 1 has no digits left unless `minP` gives them. */
export function logAbsent(p: number, minP: number): number {
  return p >= 1 - minP ? log(minP) : log1p(-Math.max(p, minP));
}

/** -Σ p log p + (1 - p) log(1 - p), in nats. */
export function setEntropy(probabilities: Iterable<number>, minP: number): number {
  let sum = 0;
  for (const given of probabilities) {
    const p = clipped(given, minP);
    if (p > 0) sum -= p * log(p);
    if (p < 1) sum -= (1 - p) * logAbsent(given, minP);
  }
  return sum;
}

/** What each item adds to the score of a set. */
export interface SetOdds<T extends Level> {
  /** log P of the empty set, without the items of probability 1. */
  readonly empty: number;
  /** How many items have probability 1. */
  readonly requiredCount: number;
  /** log P(present) - log P(absent); 0 for an item of probability 1. */
  readonly oddsOf: (item: T) => number;
  /** Whether the item has probability 1, or stands for it. */
  readonly isRequired: (item: T) => boolean;
}

/**
 * The odds of items with given probabilities.
 * @param probabilities  of all items
 * @param pOf  the probability of an item; `undefined` for an unknown one, whose odds are `unknownOdds`
 * @param minP  every probability is moved into [minP, 1 - minP]
 */
export function independentOdds<T extends Level>(
  probabilities: Iterable<number>,
  pOf: (item: T) => number | undefined,
  minP: number,
  unknownOdds: number,
): SetOdds<T> {
  const isCertain = (p: number | undefined) => p === 1 && minP === 0;
  let empty = 0;
  let requiredCount = 0;
  for (const p of probabilities) {
    if (p === 0 && minP === 0) continue; // adds 0, and nearly all of a million integers may be absent
    if (isCertain(p)) requiredCount += 1;
    else empty += logAbsent(p, minP);
  }
  return {
    empty,
    requiredCount,
    isRequired: (item) => isCertain(pOf(item)),
    oddsOf(item) {
      const p = pOf(item);
      if (p === undefined) return unknownOdds;
      return isCertain(p) ? 0 : log(clipped(p, minP)) - logAbsent(p, minP);
    },
  };
}

/** What {@link SetScores} makes of one dictionary. */
interface OddsTable {
  readonly levels: readonly Level[];
  /** Log odds by code. */
  readonly odds: Float64Array;
  /** 1 for an item of probability 1, else 0. Absent where there is no such item. */
  readonly isRequired: Float64Array | undefined;
}

/** A table where the kernels read it in place: that of one model after the other. */
export class PlacedTable {
  readonly #scratch = new GrowingScratch();
  #table: Float64Array | undefined;
  #placed: Float64Array = new Float64Array(0);

  /** Takes memory from `scratch` from now on. */
  from(scratch: Scratch): void {
    this.#scratch.from(scratch);
    this.#table = undefined;
  }

  /** The same numbers as `table`, which must not change. */
  of(table: Float64Array): Float64Array {
    if (table === this.#table) return this.#placed;
    this.#placed = this.#scratch.atLeast(table.length).subarray(0, table.length);
    this.#placed.set(table);
    this.#table = table;
    return this.#placed;
  }
}

/** What scores sets by {@link SetScores}. */
export interface SetScorer<T extends Level = Level> extends Scorer<SetColumns<T>> {
  readonly setScores: SetScores<T>;
}

/**
 * The log-probability of a set is that of the empty one plus the log odds of the items present, so a row costs what it holds.
 * An item of probability 1 has infinite odds: it is left out of the sum, and a set that lacks one is impossible.
 */
export class SetScores<T extends Level> {
  readonly #odds: SetOdds<T>;
  readonly #present = new GrowingScratch();
  #table: OddsTable | undefined;

  constructor(odds: SetOdds<T>) {
    this.#odds = odds;
  }

  /** The score of one set, whose items are distinct. */
  scoreSet(items: Iterable<T>): number {
    const { empty, requiredCount, oddsOf, isRequired } = this.#odds;
    let sum = empty;
    let missing = requiredCount;
    for (const item of items) {
      sum += oddsOf(item);
      if (isRequired(item)) missing -= 1;
    }
    return missing > 0 ? -Infinity : sum;
  }

  /**
   * Scores rows `[start, end)` into `out`.
   * @param placed  where the kernels have the table. Default: it is copied for each block
   */
  score(columns: SetColumns<T>, start: number, end: number, out: Float64Array, placed?: PlacedTable): void {
    const { odds, isRequired } = this.#tableFor(columns.levels);
    const { empty, requiredCount } = this.#odds;
    const table = placed?.of(odds) ?? odds;
    const { itemScores } = itemKernels();
    forEachPiece(columns, start, end, ({ offsets, items }, rowCount, done) => {
      itemScores(table, offsets, rowCount, items, empty, from(out, done));
    });
    if (isRequired === undefined) return;
    const present = this.#present.atLeast(end - start);
    forEachPiece(columns, start, end, ({ offsets, items }, rowCount, done) => {
      itemScores(isRequired, offsets, rowCount, items, 0, from(present, done));
    });
    for (let i = 0; i < end - start; i++) if (present[i]! < requiredCount) out[i] = -Infinity;
  }

  /** Log odds by code; made once for each dictionary, not for each block. */
  #tableFor(levels: readonly T[]): OddsTable {
    if (this.#table?.levels !== levels) {
      const { oddsOf, isRequired, requiredCount } = this.#odds;
      this.#table = {
        levels,
        odds: Float64Array.from(levels, oddsOf),
        isRequired: requiredCount === 0 ? undefined : Float64Array.from(levels, (item) => (isRequired(item) ? 1 : 0)),
      };
    }
    return this.#table;
  }
}
