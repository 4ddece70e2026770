/** Means and variances of the coordinates that are there: the statistic of independent coordinates of which some are missing. */
import type { Accumulator, AnyDistribution, Report } from '../../contract.js';
import { vectorKernels } from '../../numeric/kernels/vectors/index.js';
import { GrowingScratch } from '../../numeric/scratch.js';
import {
  aboutOrigin,
  estimateMoments,
  type MomentBounds,
  type MomentEstimate,
  type MomentPrior,
  type Moments,
} from '../moments.js';
import { addVectorMoments, originAmong } from './vectorBlocks.js';
import { weightsOfWhole } from './vectorGaps.js';
import type { VectorColumns } from './vectors.js';

/**
 * As {@link Moments}, with the weights of rows apart, so that rows without gaps give the same bits as without the rule: `count` is
 * `whole` + `gapped`. Rows without any coordinate are left out.
 */
export interface GapMoments extends Moments {
  /** Weight of the rows that have all coordinates. */
  readonly whole: number;
  /** Weight of the rows that have some. */
  readonly gapped: number;
  /** Of these, the weight of those that have the coordinate. */
  readonly partial: Float64Array;
}

/** The moments of one coordinate, over the rows that have it. */
export function momentsAt({ whole, partial, sum, sumOfSquares, origin }: GapMoments, j: number): Moments {
  return {
    count: whole + partial[j]!,
    sum: sum.slice(j, j + 1),
    sumOfSquares: sumOfSquares.slice(j, j + 1),
    origin: origin.slice(j, j + 1),
  };
}

interface ModelWithMean extends AnyDistribution {
  readonly mu: readonly number[];
}

/** How many numbers it is. */
export function gapMomentsLength(dimension: number): number {
  return 2 + 3 * dimension;
}

/** Sums `[whole, Σw(x - o), Σw(x - o)², partial, gapped]`, the first and the last for the row, the others per coordinate. */
export class GapMomentsAccumulator implements Accumulator<VectorColumns, GapMoments, ModelWithMean> {
  readonly kind: string;
  readonly #whole = new GrowingScratch();
  #origin: Float64Array | undefined;

  constructor(
    readonly dimension: number,
    readonly statistic: Float64Array,
    readonly key: string | undefined,
  ) {
    this.kind = `DiagonalGaussian[${dimension}] with gaps`;
  }

  begin(model: ModelWithMean | undefined, columns: VectorColumns): void {
    this.#origin = model === undefined ? originAmong(columns) : Float64Array.from(model.mu);
  }

  seqUpdate(columns: VectorColumns, start: number, end: number, weights: Float64Array): void {
    this.#origin ??= originAmong(columns);
    const origin = this.#origin;
    const { statistic, dimension: d } = this;
    const whole = weightsOfWhole(columns, start, end, weights, this.#whole);
    addVectorMoments(vectorKernels().diagonalMoments, columns, start, end, whole, origin, statistic);
    if (whole === weights) return;
    const { x, observed } = columns;
    for (let row = start; row < end; row++) {
      const weight = weights[row - start]!;
      if (weight === 0 || observed![row] === d || observed![row] === 0) continue;
      statistic[1 + 3 * d]! += weight;
      for (let j = 0; j < d; j++) {
        const value = x[row * d + j]!;
        if (Number.isNaN(value)) continue;
        const deviation = value - origin[j]!;
        statistic[1 + j]! += weight * deviation;
        statistic[1 + d + j]! += weight * deviation * deviation;
        statistic[1 + 2 * d + j]! += weight;
      }
    }
  }

  /** The two parts are brought to one origin first. */
  combine(other: GapMoments): void {
    this.#origin ??= other.origin.slice();
    const d = this.dimension;
    this.statistic[0]! += other.whole;
    this.statistic[1 + 3 * d]! += other.gapped;
    for (let j = 0; j < d; j++) {
      const { sum, sumOfSquares } = aboutOrigin(momentsAt(other, j), this.#origin.subarray(j, j + 1));
      this.statistic[1 + j]! += sum[0]!;
      this.statistic[1 + d + j]! += sumOfSquares[0]!;
      this.statistic[1 + 2 * d + j]! += other.partial[j]!;
    }
  }

  value(): GapMoments {
    const d = this.dimension;
    const [whole, gapped] = [this.statistic[0]!, this.statistic[1 + 3 * d]!];
    return {
      count: whole + gapped,
      sum: this.statistic.slice(1, 1 + d),
      sumOfSquares: this.statistic.slice(1 + d, 1 + 2 * d),
      origin: this.#origin?.slice() ?? new Float64Array(d),
      whole,
      gapped,
      partial: this.statistic.slice(1 + 2 * d, 1 + 3 * d),
    };
  }

  fromValue({ sum, sumOfSquares, origin, whole, gapped, partial }: GapMoments): void {
    const d = this.dimension;
    this.#origin = origin.slice();
    this.statistic[0] = whole;
    this.statistic.set(sum, 1);
    this.statistic.set(sumOfSquares, 1 + d);
    this.statistic.set(partial, 1 + 2 * d);
    this.statistic[1 + 3 * d] = gapped;
  }
}

/** Each coordinate from the rows that have it. */
export function estimateObserved(
  statistic: GapMoments,
  { mu, muCount, sigma2, sigma2Count }: MomentPrior,
  { minSigma2, pooled }: MomentBounds,
  report: Report | undefined,
): MomentEstimate {
  const parts = Array.from(statistic.sum, (_, j) => {
    const moments = momentsAt(statistic, j);
    if (moments.count === 0 && statistic.count > 0) {
      report?.add('dead', `no row has coordinate ${j}, so its mean is ${mu === undefined ? 0 : 'that of the prior'}.`);
    }
    const prior = { mu: mu && [mu[j]!], muCount, sigma2: sigma2 && [sigma2[j]!], sigma2Count };
    return estimateMoments(moments, prior, { minSigma2, pooled: pooled && momentsAt(pooled as GapMoments, j) });
  });
  return {
    mu: Float64Array.from(parts, (part) => part.mu[0]!),
    sigma2: Float64Array.from(parts, (part) => part.sigma2[0]!),
    isDegenerate: parts.some((part) => part.isDegenerate),
    isAtFloor: parts.some((part) => part.isAtFloor),
  };
}
