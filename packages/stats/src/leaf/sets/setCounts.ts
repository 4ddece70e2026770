/** How much weight holds each item of a column of sets. */
import type { Accumulator, Draws, Scratch } from '../../contract.js';
import { checkCodes } from '../../numeric/kernels/check.js';
import { itemKernels } from '../../numeric/kernels/items/index.js';
import type { Level } from '../levels/levels.js';
import { forEachPiece, from } from './setPieces.js';
import { PlacedTable, type SetScorer } from './setScores.js';
import type { SetColumns } from './sets.js';

/** Additive over rows: `count` = Σw, and for each item the weight of the rows that hold it. */
export interface SetStatistic<T extends Level = Level> {
  readonly count: number;
  readonly levels: readonly T[];
  readonly counts: Float64Array;
}

/** Sums `[Σw, Σ_{rows with item 0} w, …]`. */
export class SetAccumulator<T extends Level = Level>
  implements Accumulator<SetColumns<T>, SetStatistic<T>, SetScorer<T>>
{
  readonly #odds = new PlacedTable();

  constructor(
    readonly kind: string,
    public levels: readonly T[],
    public statistic: Float64Array = new Float64Array(levels.length + 1),
    readonly key?: string,
  ) {}

  begin(_model: SetScorer<T> | undefined, _columns: SetColumns<T>, scratch: Scratch): void {
    this.#odds.from(scratch);
  }

  score({ setScores }: SetScorer<T>, columns: SetColumns<T>, start: number, end: number, out: Float64Array): void {
    setScores.score(columns, start, end, out, this.#odds);
  }

  seqUpdate(columns: SetColumns<T>, start: number, end: number, weights: Float64Array): void {
    const counts = this.statistic.subarray(1);
    // The kernel does not look at each code; those of an encoder are below the number of levels.
    checkCodes(columns.levels.length - 1, counts.length);
    let count = 0;
    const { itemCounts } = itemKernels();
    forEachPiece(columns, start, end, ({ offsets, items }, rowCount, done) => {
      count += itemCounts(offsets, rowCount, items, from(weights, done), counts);
    });
    this.statistic[0]! += count;
  }

  /** Below a hidden variable one more row that holds a little of every item, so that none is impossible or required. */
  seqInitialize(columns: SetColumns<T>, start: number, end: number, weights: Float64Array, draws: Draws): void {
    this.seqUpdate(columns, start, end, weights);
    if (!draws.smoothsTables) return;
    this.statistic[0]! += 1;
    for (let j = 1; j < this.statistic.length; j++) this.statistic[j]! += 1 / this.statistic.length;
  }

  /** Items that are new to this accumulator are added after its own. */
  combine({ count, levels, counts }: SetStatistic<T>): void {
    if (levels !== this.levels) this.#include(levels);
    const codeOf = levels === this.levels ? undefined : new Map(this.levels.map((level, code) => [level, code]));
    this.statistic[0]! += count;
    for (let k = 0; k < levels.length; k++) {
      this.statistic[1 + (codeOf === undefined ? k : codeOf.get(levels[k]!)!)]! += counts[k]!;
    }
  }

  #include(levels: readonly T[]): void {
    const all = [...new Set([...this.levels, ...levels])];
    if (all.length === this.levels.length) return;
    const statistic = new Float64Array(all.length + 1);
    statistic.set(this.statistic);
    this.levels = all;
    this.statistic = statistic;
  }

  value(): SetStatistic<T> {
    return { count: this.statistic[0]!, levels: this.levels, counts: this.statistic.slice(1) };
  }

  fromValue({ count, levels, counts }: SetStatistic<T>): void {
    this.levels = levels;
    if (counts.length + 1 !== this.statistic.length) this.statistic = new Float64Array(counts.length + 1);
    this.statistic[0] = count;
    this.statistic.set(counts, 1);
  }
}
