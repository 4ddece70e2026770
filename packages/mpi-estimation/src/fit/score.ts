/** Σ w log f(x) over the rows of all ranks. */

import type { Algorithm, Columns, Communicator } from '../ports.js';
import { attemptAsync } from '../ranks/exchange.js';
import type { Piece, Shard } from '../rows/encodedRows.js';
import { forEachSegment } from '../rows/segments.js';
import { TreeSum } from '../rows/tree.js';
import { reductionOf } from './reduce.js';

/** A log-likelihood and the weight of the rows behind it. */
export interface Score {
  /** Σ w log f(x), in nats. */
  readonly logLikelihood: number;
  /** Σ w: the number of rows, with weights of 1. */
  readonly weight: number;
}

/**
 * Collective: scores all rows.
 * @param weightOf  replaces the weights of rows; rows of weight 0 are left out
 */
export async function scoreShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  shard: Shard<C>,
  model: D,
  weightOf: (row: number, weight: number) => number = (_row, weight) => weight,
): Promise<Score> {
  const [logLikelihood, weight] = await sumOverShard(comm, shard, 2, ({ columns, start, end, weights }, segment) => {
    const scores = new Float64Array(end - start);
    algorithm.seqLogDensity(model, columns, start, end, scores);
    const firstRow = algorithm.segments.start(shard.rowCount, segment);
    const sums = new Float64Array(2);
    scores.forEach((score, i) => {
      const weight = weightOf(firstRow + i, weights?.[start + i] ?? 1);
      if (weight === 0) return;
      sums[0]! += weight * score;
      sums[1]! += weight;
    });
    return sums;
  });
  return { logLikelihood: logLikelihood!, weight: weight! };
}

/**
 * Collective: the sums over all segments, added in the fixed order of the tree.
 * @param sumsOf  the `length` sums over the rows of one segment
 */
export async function sumOverShard<C extends Columns>(
  comm: Communicator,
  shard: Shard<C>,
  length: number,
  sumsOf: (piece: Piece<C>, segment: number) => Float64Array,
): Promise<Float64Array> {
  const combine = (left: Float64Array, right: Float64Array) => left.map((value, i) => value + right[i]!);
  const own = await attemptAsync(async () => {
    const tree = new TreeSum<Float64Array>(combine);
    await forEachSegment(shard, (piece, segment) => {
      tree.add({ first: segment, size: 1, value: sumsOf(piece, segment) });
    });
    return { nodes: tree.nodes.map((node) => node.value), validation: [] };
  });
  const plan = { segmentCount: shard.segmentCount, validationSegmentCount: 0, statisticLength: length };
  const reduction = reductionOf(
    comm,
    // A list of numbers: a flat statistic.
    { ...plan, combine: (left, right) => combine(left as Float64Array, right as Float64Array) },
    undefined,
  );
  return reduction.reduce(own, false).statistic as Float64Array;
}
