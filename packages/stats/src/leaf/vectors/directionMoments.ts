/** The statistic of directions: weighted sums of unit vectors, and of their squared distances from an origin that all rows share. */
import type { Accumulator, AnyDistribution } from '../../contract.js';
import { doubles } from '../../numeric/doubles.js';
import { vectorKernels } from '../../numeric/kernels/vectors/index.js';
import { firstRow, forEachRun, from, originAmong } from './vectorBlocks.js';
import type { VectorColumns } from './vectors.js';

/** Additive over rows that share an `origin` o: `count` = Σw, `sum` = Σw(x - o), and `sumOfSquares` = Σw|x - o|². */
export interface DirectionMoments {
  readonly count: number;
  readonly sum: Float64Array;
  readonly sumOfSquares: number;
  readonly origin: Float64Array;
}

/** What the E step needs of a model. */
interface ModelOfDirections extends AnyDistribution {
  readonly mu: readonly number[];
  readonly kappa: number;
}

/** See {@link isWide}. */
const WIDE = 64;

/**
 * Whether rows spread so far around μ that products with them keep the digits of distances: where κ <= 64 d, the mean of
 * 1 - μ·x, about (d - 1) / 2κ, is 1/256 or more, so that at most 8 of the 53 bits are lost.
 */
export function isWide({ mu, kappa }: { readonly mu: ArrayLike<number>; readonly kappa: number }): boolean {
  return kappa <= WIDE * mu.length;
}

/** Σw|x - m|² about the mean m of the rows: n (1 - |m|²). 0 without rows. */
export function scatterOf({ count, sum, sumOfSquares }: DirectionMoments): number {
  if (!(count > 0)) return 0;
  return Math.max(
    0,
    sum.reduce((rest, s) => rest - (s / count) * s, sumOfSquares),
  );
}

/**
 * Sums `[Σw, Σw(x - o), Σw|x - o|²]`. The origin o is μ; under a model that {@link isWide} it is the centre of the sphere, from which
 * all rows have distance 1: so the squares need no summing.
 */
export class DirectionAccumulator implements Accumulator<VectorColumns, DirectionMoments, ModelOfDirections> {
  readonly kind: string;
  #origin: Float64Array | undefined;
  #isCentre = false;

  constructor(
    family: string,
    readonly statistic: Float64Array,
    readonly key?: string,
  ) {
    this.kind = `${family}[${this.#dimension}]`;
  }

  get #dimension(): number {
    return this.statistic.length - 2;
  }

  begin(model: ModelOfDirections | undefined, columns: VectorColumns): void {
    if (model === undefined) this.#takeOrigin(originAmong(columns));
    else this.#takeOrigin(isWide(model) ? new Float64Array(model.mu.length) : doubles(model.mu));
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    if (this.#origin === undefined) this.#takeOrigin(firstRow(columns, start, end, weights));
    const origin = this.#origin;
    if (origin === undefined) return;
    const { statistic } = this;
    const { rowMoments, rowSums } = vectorKernels();
    const visit = (rows: Float64Array, first: number, count: number) => {
      const ofRun = from(weights, first);
      if (this.#isCentre) rowSums(rows, origin.length, count, ofRun, statistic);
      else rowMoments(rows, origin.length, count, ofRun, origin, statistic);
    };
    forEachRun(columns, start, end, visit, 'stageRows');
    if (this.#isCentre) statistic[statistic.length - 1] = statistic[0]!;
  }

  /** The two parts are brought to one origin first. */
  combine({ count, sum, sumOfSquares, origin }: DirectionMoments): void {
    if (this.#origin === undefined) this.#takeOrigin(origin.slice());
    const to = this.#origin!;
    const { statistic } = this;
    let squares = sumOfSquares;
    for (let j = 0; j < sum.length; j++) {
      const shift = origin[j]! - to[j]!;
      statistic[1 + j]! += sum[j]! + count * shift;
      squares += shift * (2 * sum[j]! + count * shift);
    }
    statistic[0]! += count;
    statistic[statistic.length - 1]! += squares;
  }

  value(): DirectionMoments {
    const d = this.#dimension;
    return {
      count: this.statistic[0]!,
      sum: this.statistic.slice(1, 1 + d),
      sumOfSquares: this.statistic[1 + d]!,
      origin: this.#origin?.slice() ?? new Float64Array(d),
    };
  }

  fromValue({ count, sum, sumOfSquares, origin }: DirectionMoments): void {
    this.#takeOrigin(origin.slice());
    this.statistic[0] = count;
    this.statistic.set(sum, 1);
    this.statistic[1 + sum.length] = sumOfSquares;
  }

  #takeOrigin(origin: Float64Array | undefined): void {
    this.#origin = origin;
    this.#isCentre = origin?.every((o) => o === 0) === true;
  }
}
