/** Lists that end by their states: P(the list ends | state of its last item), counted and estimated. */
import { checkProbability } from '../../checks/parameters.js';
import { NullEncoder } from '../../combinators/null.js';
import type { Columns, Violation } from '../../contract.js';
import { DataError, ParameterError } from '../../errors.js';

const EXPECTED = 'at least 1, as lists end by the state of their last item';

/** The lengths of lists that end by their states: nothing to model, and never 0. */
export class EndedLengthEncoder extends NullEncoder {
  override violation(length?: unknown): Violation | undefined {
    return length === 0 ? { path: [], expected: EXPECTED, found: 0 } : undefined;
  }

  /** @throws {DataError} at the first length of 0 */
  override encode(lengths: readonly unknown[]): Columns {
    const row = lengths.indexOf(0);
    if (row >= 0) throw new DataError('HiddenMarkov', row, EXPECTED, 0);
    return super.encode(lengths);
  }
}

/** @throws {ParameterError} unless `end` is a list of `stateCount` probabilities */
export function checkEnd(owner: string, name: string, end: unknown, stateCount: number): void {
  const isList = typeof end === 'object' && end !== null && (end as ArrayLike<unknown>).length === stateCount;
  if (!isList) throw new ParameterError(owner, name, `a list of ${stateCount} numbers`, end);
  for (const [s, p] of Array.from(end as ArrayLike<unknown>).entries()) checkProbability(owner, `${name}[${s}]`, p);
}

/** Expected ends: of each state, how many lists end in it, [S], and how many of its items are followed by others, [S]. */
export class EndCounts {
  readonly #stateCount: number;

  /** @param counts  2 S numbers that are added to */
  constructor(readonly counts: Float64Array) {
    this.#stateCount = counts.length / 2;
  }

  /**
   * @param offsets  where each list has its items
   * @param posterior  P(state s | list) times the weight of the list, of the items of the lists `[start, end)`
   */
  add(offsets: Int32Array, start: number, end: number, posterior: (s: number) => Float64Array): void {
    const first = offsets[start]!;
    for (let s = 0; s < this.#stateCount; s++) {
      const shares = posterior(s);
      let endCount = 0;
      let others = 0;
      for (let i = start; i < end; i++) {
        const last = offsets[i + 1]! - first - 1;
        for (let at = offsets[i]! - first; at < last; at++) others += shares[at]!;
        if (offsets[i]! - first <= last) endCount += shares[last]!;
      }
      this.counts[s]! += endCount;
      this.counts[this.#stateCount + s]! += others;
    }
  }

  /** For a start: all states end lists as often, and one list and one other item more, so that no state begins with a zero. */
  addEvenly(offsets: Int32Array, start: number, end: number, weights: Float64Array): void {
    let endCount = 1;
    let others = 1;
    for (let i = start; i < end; i++) {
      const length = offsets[i + 1]! - offsets[i]!;
      if (length === 0) continue;
      endCount += weights[i - start]!;
      others += weights[i - start]! * (length - 1);
    }
    for (let s = 0; s < this.#stateCount; s++) {
      this.counts[s]! += endCount / this.#stateCount;
      this.counts[this.#stateCount + s]! += others / this.#stateCount;
    }
  }

  combine(counts: Float64Array): void {
    for (let i = 0; i < counts.length; i++) this.counts[i]! += counts[i]!;
  }
}

/** What decides beside the counts of ends. */
interface EndOptions {
  /** Imaginary items of each state: those that end a list, and those that others follow. */
  readonly imaginary: readonly (readonly [number, number])[];
  /** States that may end a list, [S]. Default: all. */
  readonly allowed: readonly boolean[] | undefined;
  /** Kept by a state without items. Default: a half. */
  readonly entering: Float64Array | undefined;
}

/** The M step: of the items of each state, the share that ended a list. */
export function estimateEnd(counts: Float64Array, { imaginary, allowed, entering }: EndOptions): number[] {
  return imaginary.map(([endCount, others], s) => {
    if (allowed?.[s] === false) return 0;
    const ended = counts[s]! + endCount;
    const total = ended + counts[imaginary.length + s]! + others;
    return total > 0 ? ended / total : (entering?.[s] ?? 0.5);
  });
}

/** What draws need to know of the chain. */
interface EndingChain {
  readonly w: readonly number[];
  readonly transitions: readonly (readonly number[])[];
  readonly end: readonly number[];
}

/**
 * @throws {ParameterError} when a state can be reached from which no list ever ends
 */
export function checkThatListsEnd(owner: string, { w, transitions, end }: EndingChain): void {
  const goesTo = (r: number, s: number) => end[r]! < 1 && transitions[r]![s]! > 0;
  const reached = closure(
    w.map((p) => p > 0),
    goesTo,
  );
  const ends = closure(
    end.map((p) => p > 0),
    (r, s) => goesTo(s, r),
  );
  const lost = reached.findIndex((is, s) => is && !ends[s]);
  if (lost < 0) return;
  throw new ParameterError(owner, 'end', `probabilities by which a list ends after it was in state ${lost}`, end);
}

/** The states that are reached from those that `from` marks. */
function closure(from: readonly boolean[], goesTo: (r: number, s: number) => boolean): readonly boolean[] {
  const marked = [...from];
  const open = [...marked.keys()].filter((s) => marked[s]);
  for (let r = open.pop(); r !== undefined; r = open.pop()) {
    for (const s of marked.keys()) {
      if (marked[s] || !goesTo(r, s)) continue;
      marked[s] = true;
      open.push(s);
    }
  }
  return marked;
}
