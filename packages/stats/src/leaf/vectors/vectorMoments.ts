/** The statistics of means with variances or covariances: weighted moments of vectors about an origin that all rows share. */
import type { Accumulator, AnyDistribution, TiedNode } from '../../contract.js';
import { doubles } from '../../numeric/doubles.js';
import { vectorKernels } from '../../numeric/kernels/vectors/index.js';
import type { MomentKeys, MomentPrior, Moments } from '../moments.js';
import { aboutOrigin, MomentTies } from '../moments.js';
import { addVectorMoments, firstRow, originAmong } from './vectorBlocks.js';
import type { VectorColumns } from './vectors.js';

/** What the E step needs of a model. */
interface ModelWithMean extends AnyDistribution {
  readonly mu: readonly number[];
}

/** Sums `[Σw, Σw(x - o), Σw(x - o)²]`, the last two per coordinate, about the origin o. */
export class VectorMomentsAccumulator implements Accumulator<VectorColumns, Moments, ModelWithMean> {
  readonly kind: string;
  readonly #ties: MomentTies;
  #origin: Float64Array | undefined;

  constructor(
    family: string,
    readonly statistic: Float64Array,
    readonly key: string | undefined,
    keys: MomentKeys = {},
    prior: MomentPrior = { muCount: 0, sigma2Count: 0 },
  ) {
    this.kind = `${family}[${this.#dimension}]`;
    this.#ties = new MomentTies(() => this.value(), keys, prior, this.kind);
  }

  get #dimension(): number {
    return (this.statistic.length - 1) / 2;
  }

  /** The mean and the variances as nodes of their own. */
  get children(): readonly TiedNode[] {
    return this.#ties.children;
  }

  begin(model: ModelWithMean | undefined, columns: VectorColumns): void {
    this.#origin = model === undefined ? originAmong(columns) : doubles(model.mu);
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    this.#origin ??= firstRow(columns, start, end, weights);
    if (this.#origin === undefined) return;
    addVectorMoments(vectorKernels().diagonalMoments, columns, start, end, weights, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine(other: Moments): void {
    this.#origin ??= other.origin.slice();
    const { count, sum, sumOfSquares } = aboutOrigin(other, this.#origin);
    const d = this.#dimension;
    this.statistic[0]! += count;
    for (let j = 0; j < d; j++) {
      this.statistic[1 + j]! += sum[j]!;
      this.statistic[1 + d + j]! += sumOfSquares[j]!;
    }
  }

  value(): Moments {
    const d = this.#dimension;
    return {
      count: this.statistic[0]!,
      sum: this.statistic.slice(1, 1 + d),
      sumOfSquares: this.statistic.slice(1 + d),
      origin: this.#origin?.slice() ?? new Float64Array(d),
      ...(this.#ties.value() === undefined ? {} : { tied: this.#ties.value() }),
    };
  }

  fromValue({ count, sum, sumOfSquares, origin, tied }: Moments): void {
    this.#origin = origin.slice();
    this.statistic[0] = count;
    this.statistic.set(sum, 1);
    this.statistic.set(sumOfSquares, 1 + sum.length);
    this.#ties.fromValue(tied);
  }
}

/**
 * Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), and `scatter` = Σw(x - o)(x - o)ᵀ, its lower
 * triangle row by row.
 */
export interface ScatterStatistic {
  readonly count: number;
  readonly sum: Float64Array;
  readonly scatter: Float64Array;
  readonly origin: Float64Array;
  /** Where coordinates may be missing: the weight of the rows that have each. */
  readonly seen?: Float64Array | undefined;
}

/** What adds rows with gaps to a scatter. */
export interface FillsGaps {
  /** Before a pass, with the model that enters it. @returns the origin of the moments */
  begin(model: AnyDistribution | undefined, columns: VectorColumns): Float64Array;
  /** Adds rows `[start, end)`, those without gaps too. */
  add(
    columns: VectorColumns,
    start: number,
    end: number,
    weights: Float64Array,
    origin: Float64Array,
    statistic: Float64Array,
  ): void;
}

/**
 * Sums `[Σw, Σw(x - o), Σw(x - o)(x - o)ᵀ]` about the origin o; behind them, where the statistic has room, `seen`.
 * @param gaps  for rows of which coordinates may be missing
 */
export class ScatterAccumulator implements Accumulator<VectorColumns, ScatterStatistic, ModelWithMean> {
  readonly kind: string;
  #origin: Float64Array | undefined;

  constructor(
    family: string,
    readonly dimension: number,
    readonly statistic: Float64Array,
    readonly key: string | undefined,
    readonly gaps?: FillsGaps,
  ) {
    this.kind = `${family}[${dimension}]`;
  }

  get #seen(): Float64Array {
    return this.statistic.subarray(1 + this.dimension + (this.dimension * (this.dimension + 1)) / 2);
  }

  begin(model: ModelWithMean | undefined, columns: VectorColumns): void {
    if (this.gaps !== undefined) this.#origin = this.gaps.begin(model, columns);
    else this.#origin = model === undefined ? originAmong(columns) : doubles(model.mu);
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    if (this.gaps !== undefined) {
      this.#origin ??= this.gaps.begin(undefined, columns);
      this.gaps.add(columns, start, end, weights, this.#origin, this.statistic);
      return;
    }
    this.#origin ??= firstRow(columns, start, end, weights);
    if (this.#origin === undefined) return;
    addVectorMoments(vectorKernels().scatter, columns, start, end, weights, this.#origin, this.statistic);
  }

  /** The two parts are brought to one origin first. */
  combine({ count, sum, scatter, origin, seen }: ScatterStatistic): void {
    this.#origin ??= origin.slice();
    const to = this.#origin;
    const d = this.dimension;
    const shift = origin.map((value, j) => value - to[j]!);
    this.statistic[0]! += count;
    for (let j = 0; j < d; j++) this.statistic[1 + j]! += sum[j]! + count * shift[j]!;
    for (let i = 0, at = 0; i < d; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const moved = shift[i]! * sum[j]! + shift[j]! * sum[i]! + count * shift[i]! * shift[j]!;
        this.statistic[1 + d + at]! += scatter[at]! + moved;
      }
    }
    const room = this.#seen;
    for (let j = 0; j < room.length; j++) room[j]! += seen![j]!;
  }

  value(): ScatterStatistic {
    const d = this.dimension;
    return {
      count: this.statistic[0]!,
      sum: this.statistic.slice(1, 1 + d),
      scatter: this.statistic.slice(1 + d, 1 + d + (d * (d + 1)) / 2),
      origin: this.#origin?.slice() ?? new Float64Array(d),
      ...(this.#seen.length === 0 ? {} : { seen: this.#seen.slice() }),
    };
  }

  fromValue({ count, sum, scatter, origin, seen }: ScatterStatistic): void {
    this.#origin = origin.slice();
    this.statistic[0] = count;
    this.statistic.set(sum, 1);
    this.statistic.set(scatter, 1 + sum.length);
    if (seen !== undefined) this.#seen.set(seen);
  }
}
