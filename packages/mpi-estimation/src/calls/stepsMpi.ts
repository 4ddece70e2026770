/** Single steps of a fit, for drivers of your own. */

import { isShard, type Shard } from '../rows/encodedRows.js';
import { attempt } from '../ranks/exchange.js';
import { drawStart, onePass } from '../fit/runFit.js';
import type { EncodeOptions } from './options.js';
import { checkNames, checkValues, comparedInput } from './options.js';
import type { Algorithm, Codec, Columns, Communicator, Finding, Seed, StartMethod } from '../ports.js';
import type { Rows } from '../rows/readRows.js';
import type { Score } from '../fit/score.js';
import { checkRowCount, encodeShard } from './seqEncodeMpi.js';
import { shareModel } from '../ranks/shareModel.js';
import { agree, type ComparedOptions, checkCall } from '../ranks/agree.js';
import { Stopwatch } from '../timings.js';

/** Options of {@link seqInitializeMpi}. */
export interface SeqInitializeMpiOptions<T> extends EncodeOptions<T> {
  readonly comm: Communicator;
  /** Default 0. */
  readonly seed?: Seed;
  /** Default `'kmeans++'`. */
  readonly start?: StartMethod;
}

/**
 * Collective: the first model of a fit, drawn from the rows that the seed names. The same on every rank.
 * @example
 * export const first = (rows: number[], algorithm: Algorithm<number, object, Columns>, comm: Communicator) =>
 *   seqInitializeMpi(rows, algorithm, { comm, seed: 1 });
 */
export async function seqInitializeMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: SeqInitializeMpiOptions<T>,
): Promise<D> {
  const { comm, seed = 0, start = 'kmeans++' } = options;
  const check = () => {
    checkNames('seqInitializeMpi', options, ['comm', 'seed', 'spill', 'start', 'weights']);
    checkValues('seqInitializeMpi', options);
    return { ...comparedInput(rows, undefined), seed, start };
  };
  const first = (shard: Shard<C>) => drawStart({ comm, algorithm, shard }, seed, start);
  return (await withShard('seqInitializeMpi', rows, algorithm, options, check, first)).model;
}

/** Options of {@link seqEstimateMpi}. */
export interface SeqEstimateMpiOptions<T> extends EncodeOptions<T> {
  readonly comm: Communicator;
  /** Sends the root's model to the other ranks. Without one, every rank must pass an equal model. */
  readonly codec?: Codec;
}

/** One EM step. */
export interface SeqEstimate<D> {
  /** The next model, on every rank. */
  readonly model: D;
  readonly findings: readonly Finding[];
  /** Σ w log f(x) of the model that entered the step. */
  readonly entered: Score;
}

/**
 * Collective: one EM step, from `previous` to the next model.
 * @param previous  read on the root, when there is a codec
 * @example
 * export const step = (shard: Shard<Columns>, algorithm: Algorithm<number, object, Columns>, previous: object, comm: Communicator) =>
 *   seqEstimateMpi(shard, algorithm, previous, { comm });
 */
export async function seqEstimateMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  previous: D | null | undefined,
  options: SeqEstimateMpiOptions<T>,
): Promise<SeqEstimate<D>> {
  const { comm, codec } = options;
  const check = () => {
    checkNames('seqEstimateMpi', options, ['codec', 'comm', 'spill', 'weights']);
    return comparedInput(rows, codec?.id);
  };
  return withShard('seqEstimateMpi', rows, algorithm, options, check, (shard) =>
    onePass({ comm, algorithm, shard, codec }, shareModel(comm, codec, previous, 'seqEstimateMpi: the previous model')),
  );
}

async function withShard<T, D, C extends Columns, R>(
  call: string,
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  options: EncodeOptions<T> & { readonly comm: Communicator },
  check: () => ComparedOptions,
  use: (shard: Shard<C>) => Promise<R>,
): Promise<R> {
  checkCall(call, algorithm, options);
  const { comm } = options;
  agree(
    comm,
    call,
    attempt(() => ({ options: check(), estimator: algorithm.estimator })),
  );
  const shard = await encodeShard(comm, algorithm, rows, options, new Stopwatch());
  checkRowCount(call, shard);
  try {
    return await use(shard);
  } finally {
    if (!isShard(rows)) shard.store.release();
  }
}
