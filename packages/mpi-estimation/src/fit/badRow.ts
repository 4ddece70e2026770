import { type Failure, RankError } from '../errors.js';
import type { Columns, Communicator } from '../ports.js';
import { attemptAsync, exchange } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
import { forEachSegment } from '../rows/segments.js';
import type { FitJob } from './job.js';

/**
 * Collective: an error about the log-likelihood of all rows, with the first row that is to blame and the rank that brought
 * it; the error itself when there is none.
 * @throws {RankError} on every rank, when the rows of one cannot be scored
 */
export async function withBadRow<T, D, C extends Columns>(
  { comm, algorithm, shard, weightOf }: FitJob<T, D, C>,
  model: D,
  { failure, error }: { readonly failure: Failure; readonly error: unknown },
): Promise<unknown> {
  const own = await attemptAsync(async () => {
    let first = Infinity;
    await forEachSegment(shard, ({ columns, start, end, weights }, segment) => {
      if (first < Infinity) return;
      const scores = new Float64Array(end - start);
      algorithm.seqLogDensity(model, columns, start, end, scores);
      const firstRow = algorithm.segments.start(shard.rowCount, segment);
      const bad = scores.findIndex((score, i) => {
        const weight = weights?.[start + i] ?? 1;
        return !Number.isFinite(score) && (weightOf === undefined ? weight : weightOf(firstRow + i, weight)) > 0;
      });
      if (bad >= 0) first = firstRow + bad;
    });
    return first;
  });
  const row = Math.min(...exchange(comm, own));
  if (row === Infinity) return error;
  const rank = shard.brought.filter((start) => start <= row).length - 1;
  const number = numberAmongGiven(comm, shard, row, rank);
  const message = `${failure.message} The first such row is row ${number}.`;
  return new RankError(rank, comm.size, { ...failure, message, row: number }, error);
}

/** Collective: the number of a row among those that all ranks were given; `rank` brought it. */
function numberAmongGiven(
  comm: Communicator,
  { brought, given, numbers, rowCount }: Shard<unknown>,
  row: number,
  rank: number,
): number {
  if (given.at(-1) === rowCount) return row;
  const own = row - brought[rank]!;
  return comm.bcastObject(comm.rank === rank ? given[rank]! + (numbers?.[own] ?? own) : undefined, rank);
}
