import type { Columns, Finding, StartMethod } from '../ports.js';
import { attempt, attemptAsync, exchange, settle } from '../ranks/exchange.js';
import { forEachSegment } from '../rows/segments.js';
import type { FitJob, FitState } from './job.js';

/**
 * Collective: the state before the first pass, with a model drawn from the rows that the seed names. The same on every rank.
 * @param near  the model near which a later trial starts; the same on every rank
 * @param labels  of all rows: the model is then made from all rows, which every rank holds for this moment
 */
export async function drawStart<T, D, C extends Columns>(
  {
    comm,
    algorithm,
    shard,
    seed,
    weightOf,
  }: Pick<FitJob<T, D, C>, 'comm' | 'algorithm' | 'shard' | 'seed' | 'weightOf'>,
  method: StartMethod,
  labels?: Float64Array,
  near?: D,
): Promise<FitState<D>> {
  const own = await attemptAsync(async () => {
    const parts: C[] = [];
    const weights: number[] = [];
    await forEachSegment(shard, (piece, segment) => {
      const { columns, start, end } = piece;
      const firstRow = algorithm.segments.start(shard.rowCount, segment);
      const rows =
        labels === undefined
          ? algorithm.startRows(shard.rowCount, firstRow, end - start, seed)
          : Int32Array.from({ length: end - start }, (_, i) => i);
      const taken = rows.map((row) => start + row);
      if (rows.length > 0) parts.push(algorithm.take(columns, taken));
      for (const row of rows) {
        const weight = piece.weights?.[start + row] ?? 1;
        weights.push(weightOf === undefined ? weight : weightOf(firstRow + row, weight));
      }
    });
    return { columns: algorithm.concat([shard.schema, ...parts]), weights: Float64Array.from(weights) };
  });
  const all = exchange(comm, own);
  const columns = algorithm.concat(all.map((part) => part.columns));
  const weights = new Float64Array(columns.rowCount);
  let at = 0;
  for (const part of all) {
    weights.set(part.weights, at);
    at += part.weights.length;
  }
  const findings: Finding[] = [];
  const model = settle(
    comm,
    attempt(() =>
      algorithm.start(columns, { seed, method, weights, near, findings, ...(labels === undefined ? {} : { labels }) }),
    ),
  );
  return { model, findings, path: [], best: undefined };
}
