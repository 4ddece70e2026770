/** One E step over the rows of all ranks. */
import type { Algorithm, Columns, PassStatistic, Steps } from '../ports.js';
import type { Piece, Shard } from '../rows/encodedRows.js';
import { forEachSegment } from '../rows/segments.js';
import { TreeSum } from '../rows/tree.js';
import type { FitJob } from './job.js';
import type { OwnSums, ReductionPlan } from './reduce.js';

/** The shape of the sums over all ranks. */
export function planOf<D, C extends Columns>(
  shard: Shard<C>,
  validation: Shard<C> | undefined,
  steps: Steps<D, C>,
): ReductionPlan {
  return {
    segmentCount: shard.segmentCount,
    validationSegmentCount: validation?.segmentCount ?? 0,
    statisticLength: steps.statisticLength,
    combine: (left, right) => steps.combine(left, right),
  };
}

/** The E step of this rank. */
export async function sumOwn<T, D, C extends Columns>(
  job: Pick<FitJob<T, D, C>, 'algorithm' | 'shard' | 'validation'>,
  steps: Steps<D, C>,
  model: D,
  weightsOf: WeightsOf<C>,
): Promise<OwnSums> {
  const { algorithm, shard, validation } = job;
  const tree = new TreeSum<PassStatistic>((left, right) => steps.combine(left, right));
  await forEachSegment(shard, (piece, segment) => {
    const { columns, start, end } = piece;
    const value = steps.expectation(model, columns, start, end, weightsOf(piece, segment));
    tree.add({ first: segment, size: 1, value });
  });
  const scores = new TreeSum<number>((left, right) => left + right);
  if (validation !== undefined) {
    await forEachSegment(validation, ({ columns, start, end }, segment) => {
      scores.add({ first: segment, size: 1, value: scoreSum(algorithm, model, columns, start, end) });
    });
  }
  return { nodes: tree.nodes.map(({ value }) => value), validation: scores.nodes.map(({ value }) => value) };
}

/** The weights of a segment, where its piece has them. */
export type WeightsOf<C> = (piece: Piece<C>, segment: number) => Float64Array | undefined;

/** The weights that the rows were given. */
export const ownWeights: WeightsOf<unknown> = ({ weights }) => weights;

/** Changes the weights of each segment once: an E step may remember columns and weights by identity. */
export function changedWeights<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  { rowCount }: Shard<C>,
  weightOf: (row: number, weight: number) => number,
): WeightsOf<C> {
  const known = new WeakMap<C, { readonly changed: Float64Array; readonly segments: Set<number> }>();
  return ({ columns, start, end, weights }, segment) => {
    const entry = known.get(columns) ?? { changed: new Float64Array(columns.rowCount), segments: new Set() };
    known.set(columns, entry);
    if (entry.segments.has(segment)) return entry.changed;
    entry.segments.add(segment);
    const firstRow = algorithm.segments.start(rowCount, segment);
    for (let i = start; i < end; i++) entry.changed[i] = weightOf(firstRow + i - start, weights?.[i] ?? 1);
    return entry.changed;
  };
}

/** Σ log f(x) over rows `[start, end)`, in their order. */
function scoreSum<T, D, C extends Columns>(
  algorithm: Algorithm<T, D, C>,
  model: D,
  columns: C,
  start: number,
  end: number,
): number {
  const scores = new Float64Array(end - start);
  algorithm.seqLogDensity(model, columns, start, end, scores);
  let sum = 0;
  for (const score of scores) sum += score;
  return sum;
}
