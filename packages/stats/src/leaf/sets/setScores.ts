/** Scores of sets whose items are there or not independently of each other, each with a probability of its own. */
import { log, log1p } from '../../numeric/elementary.js';
import type { Level } from '../levels/levels.js';
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

/**
 * The log-probability of a set is that of the empty one plus the log odds of the items present, so a row costs what it holds.
 * An item of probability 1 has infinite odds: it is left out of the sum, and a set that lacks one is impossible.
 */
export class SetScores<T extends Level> {
  readonly #odds: SetOdds<T>;
  #scored: { readonly levels: readonly T[]; readonly odds: Float64Array; readonly isRequired: Uint8Array } | undefined;

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

  /** Scores rows `[start, end)` into `out`. */
  score({ offsets, codes, levels }: SetColumns<T>, start: number, end: number, out: Float64Array): void {
    const { odds, isRequired } = this.#tableFor(levels);
    const { empty, requiredCount } = this.#odds;
    let at = offsets[start]!;
    for (let row = start; row < end; row++) {
      const last = offsets[row + 1]!;
      let sum = empty;
      let other = 0; // two sums side by side: an addition need not wait for the one before
      for (; at + 1 < last; at += 2) {
        sum += odds[codes[at]!]!;
        other += odds[codes[at + 1]!]!;
      }
      if (at < last) sum += odds[codes[at++]!]!;
      out[row - start] = sum + other;
    }
    if (requiredCount === 0) return;
    for (let row = start; row < end; row++) {
      let missing = requiredCount;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) missing -= isRequired[codes[at]!]!;
      if (missing > 0) out[row - start] = -Infinity;
    }
  }

  /** Log odds by code; made once for each dictionary, not for each block. */
  #tableFor(levels: readonly T[]) {
    if (this.#scored?.levels !== levels) {
      this.#scored = {
        levels,
        odds: Float64Array.from(levels, this.#odds.oddsOf),
        isRequired: Uint8Array.from(levels, (item) => (this.#odds.isRequired(item) ? 1 : 0)),
      };
    }
    return this.#scored;
  }
}
