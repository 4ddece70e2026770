import { type Score, scoreShard } from '../fit/score.js';
import type { Algorithm, Codec, Columns, Communicator } from '../ports.js';
import { attemptAsync, settle } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
import type { EncodeOptions } from '../rows/encodeShard.js';
import { move } from '../rows/move.js';
import type { Rows } from '../rows/readRows.js';
import { forEachSegment } from '../rows/segments.js';
import { heldRows } from '../rows/shard.js';
import { type Call, withModel } from './withFit.js';

/** Options of {@link seqLogDensityMpi} and {@link seqLogDensitySumMpi}. */
export interface ScoreMpiOptions<T> extends EncodeOptions<T> {
  readonly comm: Communicator;
  /** Sends the root's model to the other ranks. Without one, every rank must pass an equal model. */
  readonly codec?: Codec;
}

/** Options of {@link seqLogDensityMpi}. */
export interface SeqLogDensityMpiOptions<T> extends ScoreMpiOptions<T> {
  /** `'own'`, the default: each rank gets the scores of the rows it brought. `'root'`: the root gets all, in global order. */
  readonly scoresOn?: 'own' | 'root';
}

const EACH: Call = { name: 'seqLogDensityMpi', options: ['codec', 'comm', 'scoresOn', 'spill', 'weights'] };

/**
 * Collective: log f(x) of every row, in nats.
 * @param rows  the rows of this rank, or encoded rows of all ranks
 * @param model  read on the root, when there is a codec
 * @returns  one number per row: of the rows that this rank brought, in the order it brought them; or, with
 *   `scoresOn: 'root'`, of all rows in global order on the root, and `null` elsewhere. NaN for a row of weight 0, which is as if
 *   absent
 * @throws {RankError} on every rank, for a bad row or a missing model
 * @example
 * export const scores = (rows: number[], algorithm: Algorithm<number, object, Columns>, model: object, comm: Communicator) =>
 *   seqLogDensityMpi(rows, algorithm, model, { comm });
 */
export async function seqLogDensityMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  model: D | null | undefined,
  options: SeqLogDensityMpiOptions<T>,
): Promise<Float64Array | null> {
  return withModel(EACH, rows, algorithm, model, options, async (shard, shared) => {
    const { comm, scoresOn = 'own' } = options;
    const scores = await scoreOwn(comm, algorithm, shard, shared);
    const held = heldRows(algorithm, shard.rowCount, comm.size);
    const isGathered = scoresOn === 'root' && shard.given.at(-1) === shard.rowCount;
    if (isGathered) return gatherScores(comm, held, scores);
    const returned = returnScores(comm, held, shard, scores);
    return scoresOn === 'root' ? gatherScores(comm, shard.given, returned) : returned;
  });
}

/** Collective: the scores of the rows that this rank holds. */
async function scoreOwn<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  shard: Shard<C>,
  model: D,
): Promise<Float64Array> {
  const { firstRow, endRow, rowCount } = shard;
  const scored = await attemptAsync(async () => {
    const scores = new Float64Array(endRow - firstRow);
    await forEachSegment(shard, ({ columns, start, end }, segment) => {
      const at = algorithm.segments.start(rowCount, segment) - firstRow;
      algorithm.seqLogDensity(model, columns, start, end, scores.subarray(at, at + end - start));
    });
    return scores;
  });
  return settle(comm, scored);
}

/** Collective: all scores on the root, in global order; rank r has those of rows `[starts[r], starts[r + 1])`. */
function gatherScores(comm: Communicator, starts: readonly number[], scores: Float64Array): Float64Array | null {
  if (comm.rank > 0) {
    comm.gatherv(scores, null, null);
    return null;
  }
  const all = new Float64Array(starts.at(-1)!);
  comm.gatherv(
    scores,
    all,
    Array.from({ length: comm.size }, (_, rank) => starts[rank + 1]! - starts[rank]!),
  );
  return all;
}

/** Collective: each score on the rank that brought its row. */
function returnScores(
  comm: Communicator,
  held: readonly number[],
  { firstRow, brought, given, numbers }: Shard<unknown>,
  scores: Float64Array,
): Float64Array {
  const { rank } = comm;
  const returned = new Float64Array(given[rank + 1]! - given[rank]!).fill(Number.NaN);
  let at = 0;
  const moved = move<ScoreColumns>(comm, held, brought, {
    read: (start, end) => [
      { columns: { rowCount: end - start, scores: scores.subarray(start - firstRow, end - firstRow) } },
    ],
    add: ({ columns }) => {
      if (numbers === undefined) returned.set(columns.scores, at);
      else for (let i = 0; i < columns.rowCount; i++) returned[numbers[at + i]!] = columns.scores[i]!;
      at += columns.rowCount;
    },
  });
  settle(comm, moved);
  return returned;
}

/** Scores on their way back to the rank that brought the rows. */
interface ScoreColumns extends Columns {
  readonly scores: Float64Array;
}

const SUM: Call = { name: 'seqLogDensitySumMpi', options: ['codec', 'comm', 'spill', 'weights'] };

/**
 * Collective: Σ w log f(x) over the rows of all ranks, the same on every rank and for any number of ranks.
 * @throws {RankError} on every rank, for a bad row or a missing model
 * @example
 * export const score = (rows: number[], algorithm: Algorithm<number, object, Columns>, model: object, comm: Communicator) =>
 *   seqLogDensitySumMpi(rows, algorithm, model, { comm });
 */
export async function seqLogDensitySumMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  model: D | null | undefined,
  options: ScoreMpiOptions<T>,
): Promise<Score & { readonly rowCount: number }> {
  return withModel(SUM, rows, algorithm, model, options, async (shard, shared) => {
    const score = await scoreShard(options.comm, algorithm, shard, shared);
    return { ...score, rowCount: shard.rowCount };
  });
}
