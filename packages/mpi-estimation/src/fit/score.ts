/** Σ w log f(x) over the rows of all ranks. */

import type { Algorithm, Columns, Communicator } from '../ports.js';
import { attemptAsync } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
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
  const combine = (left: Float64Array, right: Float64Array) => left.map((value, i) => value + right[i]!);
  const own = await attemptAsync(async () => {
    const tree = new TreeSum<Float64Array>(combine);
    await forEachSegment(shard, ({ columns, start, end, weights }, segment) => {
      const scores = new Float64Array(end - start);
      algorithm.seqLogDensity(model, columns, start, end, scores);
      const firstRow = algorithm.segments.start(shard.rowCount, segment);
      const value = new Float64Array(2);
      scores.forEach((score, i) => {
        const weight = weightOf(firstRow + i, weights?.[start + i] ?? 1);
        if (weight === 0) return;
        value[0]! += weight * score;
        value[1]! += weight;
      });
      tree.add({ first: segment, size: 1, value });
    });
    return { nodes: tree.nodes.map((node) => node.value), validation: [] };
  });
  const plan = { segmentCount: shard.segmentCount, validationSegmentCount: 0, statisticLength: 2 };
  const reduction = reductionOf(
    comm,
    // Two numbers: a flat statistic.
    { ...plan, combine: (left, right) => combine(left as Float64Array, right as Float64Array) },
    undefined,
  );
  const [logLikelihood, weight] = reduction.reduce(own, false).statistic as Float64Array;
  return { logLikelihood: logLikelihood!, weight: weight! };
}
