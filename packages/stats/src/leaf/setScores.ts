/** Scores of sets whose items are there or not independently of each other, each with a probability of its own. */
import { log, log1p } from '../numeric/elementary.js';
import type { Level } from './levels.js';
import { isSetRow, type SetColumns, type SetRule } from './sets.js';

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

/**
 * The log-probability of a set is that of the empty one plus the log odds of the items present, so a row costs what it holds.
 * An item of probability 1 has infinite odds: it is left out of the sum, and a set that lacks one is impossible.
 */
export class SetScores<T extends Level> {
  readonly #pOf: (item: T) => number | undefined;
  readonly #rule: SetRule;
  readonly #minP: number;
  readonly #unknownOdds: number;
  #empty = 0;
  #requiredCount = 0;
  #scored: { readonly levels: readonly T[]; readonly odds: Float64Array; readonly isRequired: Uint8Array } | undefined;

  /**
   * @param probabilities  of all items
   * @param pOf  the probability of an item; `undefined` for an unknown one
   * @param minP  every probability is moved into [minP, 1 - minP]
   * @param unknownOdds  log odds of an unknown item
   */
  constructor(
    probabilities: Iterable<number>,
    pOf: (item: T) => number | undefined,
    rule: SetRule,
    { minP, unknownOdds }: { readonly minP: number; readonly unknownOdds: number },
  ) {
    this.#pOf = pOf;
    this.#rule = rule;
    this.#minP = minP;
    this.#unknownOdds = unknownOdds;
    for (const p of probabilities) {
      if (this.#isRequired(p)) this.#requiredCount += 1;
      else this.#empty += logAbsent(p, minP);
    }
  }

  #isRequired(p: number | undefined): boolean {
    return p === 1 && this.#minP === 0;
  }

  /** log P(present) - log P(absent); 0 for an item that must be there. */
  #oddsOf(p: number | undefined): number {
    if (p === undefined) return this.#unknownOdds;
    if (this.#isRequired(p)) return 0;
    return log(clipped(p, this.#minP)) - logAbsent(p, this.#minP);
  }

  /** The score of one row: NaN for what is no set or holds NaN, -Infinity for a set that cannot be. */
  scoreRow(row: unknown): number {
    if (!isSetRow(row)) return Number.NaN;
    let sum = this.#empty;
    let missing = this.#requiredCount;
    const seen = new Set<unknown>();
    for (const item of row) {
      if (Number.isNaN(item)) return Number.NaN;
      if (seen.has(item) || !this.#rule.isItem(item)) {
        sum = -Infinity;
        continue;
      }
      seen.add(item);
      const p = this.#pOf(item as T); // by `isItem`
      sum += this.#oddsOf(p);
      if (this.#isRequired(p)) missing -= 1;
    }
    return missing > 0 ? -Infinity : sum;
  }

  /** Scores rows `[start, end)` into `out`. */
  score({ offsets, codes, levels }: SetColumns<T>, start: number, end: number, out: Float64Array): void {
    const { odds, isRequired } = this.#tableFor(levels);
    const empty = this.#empty;
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
    if (this.#requiredCount === 0) return;
    for (let row = start; row < end; row++) {
      let missing = this.#requiredCount;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) missing -= isRequired[codes[at]!]!;
      if (missing > 0) out[row - start] = -Infinity;
    }
  }

  /** Log odds by code; made once for each dictionary, not for each block. */
  #tableFor(levels: readonly T[]) {
    if (this.#scored?.levels !== levels) {
      this.#scored = {
        levels,
        odds: Float64Array.from(levels, (item) => this.#oddsOf(this.#pOf(item))),
        isRequired: Uint8Array.from(levels, (item) => (this.#isRequired(this.#pOf(item)) ? 1 : 0)),
      };
    }
    return this.#scored;
  }
}
