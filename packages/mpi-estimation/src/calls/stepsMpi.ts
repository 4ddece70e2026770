/** Single steps of a fit, for drivers of your own. */
import { gatherLabels, type Responsibilities } from '../fit/labels.js';
import { onePass } from '../fit/runFit.js';
import type { Score } from '../fit/score.js';
import { drawStart } from '../fit/start.js';
import type { Algorithm, Codec, Columns, Communicator, Finding, Seed, StartMethod } from '../ports.js';
import { attempt, settle } from '../ranks/exchange.js';
import type { Shard } from '../rows/encodedRows.js';
import type { EncodeOptions } from '../rows/encodeShard.js';
import type { Rows } from '../rows/readRows.js';
import { begin, type Call, checkRowCount, withModel, withShard } from './withFit.js';

/** Options of {@link seqInitializeMpi}. */
export interface SeqInitializeMpiOptions<T> extends EncodeOptions<T> {
  readonly comm: Communicator;
  /** Default 0. */
  readonly seed?: Seed;
  /** Default `'kmeans++'`. */
  readonly start?: StartMethod;
  /** See {@link OptimizeMpiOptions.responsibilities}. */
  readonly responsibilities?: Responsibilities;
}

const INITIALIZE: Call = {
  name: 'seqInitializeMpi',
  options: ['comm', 'responsibilities', 'seed', 'spill', 'start', 'weights'],
};

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
  begin(INITIALIZE, rows, algorithm, options);
  const { comm, seed = 0, start = 'kmeans++', responsibilities } = options;
  return withShard(rows, algorithm, options, async (shard) => {
    checkRowCount(INITIALIZE.name, shard);
    const labels = responsibilities === undefined ? undefined : gatherLabels(comm, shard, responsibilities);
    return (await drawStart({ comm, algorithm, shard, seed }, start, labels)).model;
  });
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

const ESTIMATE: Call = { name: 'seqEstimateMpi', options: ['codec', 'comm', 'spill', 'weights'] };

/**
 * Collective: one EM step, from `previous` to the next model.
 * @param previous  read on the root, when there is a codec
 * @throws {RankError} on every rank, when there is no previous model; the error of the algorithm's check, for a model that
 *   the estimator could not have made
 * @example
 * export const step = (rows: number[], algorithm: Algorithm<number, object, Columns>, previous: object, comm: Communicator) =>
 *   seqEstimateMpi(rows, algorithm, previous, { comm });
 */
export async function seqEstimateMpi<T, D, C extends Columns>(
  rows: Rows<T> | Shard<C>,
  algorithm: Algorithm<T, D, C>,
  previous: D | null | undefined,
  options: SeqEstimateMpiOptions<T>,
): Promise<SeqEstimate<D>> {
  return withModel(ESTIMATE, rows, algorithm, previous, options, async (shard, model) => {
    const { comm, codec } = options;
    checkRowCount(ESTIMATE.name, shard);
    settle(
      comm,
      attempt(() => algorithm.checkModel?.(model, shard.schema)),
    );
    return onePass({ comm, algorithm, shard, codec }, model);
  });
}
