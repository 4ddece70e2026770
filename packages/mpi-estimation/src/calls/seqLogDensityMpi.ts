import { isShard, type Shard } from '../rows/encodedRows.js';
import { OptionError } from '../errors.js';
import { attempt, attemptAsync, exchange, settle } from '../ranks/exchange.js';
import { move } from '../rows/move.js';
import type { EncodeOptions } from './options.js';
import { checkNames, comparedInput } from './options.js';
import type { Algorithm, Codec, Columns, Communicator } from '../ports.js';
import type { Rows } from '../rows/readRows.js';
import { type Score, scoreShard } from '../fit/score.js';
import { forEachSegment } from '../rows/segments.js';
import { encodeShard } from './seqEncodeMpi.js';
import { offsetsOf } from '../rows/shard.js';
import { shareModel } from '../ranks/shareModel.js';
import { agree, checkCall } from '../ranks/agree.js';
import { Stopwatch } from '../timings.js';

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

/**
 * Collective: log f(x) of every row, in nats.
 * @param rows  the rows of this rank, or encoded rows of all ranks
 * @param model  read on the root, when there is a codec
 * @returns  one number per row: of the rows that this rank brought, in the order it brought them; or, with
 *   `scoresOn: 'root'`, of all rows in global order on the root, and `null` elsewhere
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
  const { comm, scoresOn = 'own' } = options;
  const { shard, shared } = await prepare('seqLogDensityMpi', rows, algorithm, model, options, { scoresOn });
  const { firstRow, endRow, brought } = shard;
  const own = await attemptAsync(async () => {
    const scores = new Float64Array(endRow - firstRow);
    await forEachSegment(shard, ({ columns, start, end }, segment) => {
      const at = algorithm.segments.start(shard.rowCount, segment) - firstRow;
      algorithm.seqLogDensity(shared, columns, start, end, scores.subarray(at, at + end - start));
    });
    return scores;
  });
  // Tells of a failure, and of who holds which rows.
  const counts = exchange(comm, 'failure' in own ? own : { value: own.value.length });
  const scores = (own as { value: Float64Array }).value; // else exchange has thrown
  if (!isShard(rows)) shard.store.release();
  if (scoresOn === 'root') {
    const all = comm.rank === 0 ? new Float64Array(shard.rowCount) : null;
    comm.gatherv(scores, all, all === null ? null : counts);
    return all;
  }
  const held = offsetsOf(counts);
  const returned = new Float64Array(brought[comm.rank + 1]! - brought[comm.rank]!);
  let at = 0;
  const moved = move<ScoreColumns>(comm, held, brought, {
    read: (start, end) => [
      { columns: { rowCount: end - start, scores: scores.subarray(start - firstRow, end - firstRow) } },
    ],
    add: ({ columns }) => {
      returned.set(columns.scores, at);
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
  const { shard, shared } = await prepare('seqLogDensitySumMpi', rows, algorithm, model, options, {});
  const score = await scoreShard(options.comm, algorithm, shard, shared);
  if (!isShard(rows)) shard.store.release();
  return { ...score, rowCount: shard.rowCount };
}

async function prepare<T, D, C extends Columns>(
  call: string,
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  model: D | null | undefined,
  options: ScoreMpiOptions<T>,
  compared: { readonly scoresOn?: string },
): Promise<{ readonly shard: Shard<C>; readonly shared: D }> {
  checkCall(call, algorithm, options);
  const { comm, codec } = options;
  agree(
    comm,
    call,
    attempt(() => {
      checkNames(call, options, ['codec', 'comm', ...Object.keys(compared), 'spill', 'weights']);
      if (!['own', 'root', undefined].includes(compared.scoresOn)) {
        throw new OptionError(`${call}: scoresOn must be "own" or "root", found "${compared.scoresOn}".`);
      }
      return { options: { ...compared, ...comparedInput(rows, codec?.id) }, estimator: algorithm.estimator };
    }),
  );
  const shared = shareModel(comm, codec, model, `${call}: the model`);
  return { shared, shard: await encodeShard(comm, algorithm, rows, options, new Stopwatch()) };
}
