import { attempt } from './exchange.js';
import { storeInMemory } from './memory.js';
import type { Algorithm, Columns, Communicator } from './ports.js';
import { builderInMemory, type Rows, readRows, type Weights } from './rows.js';
import { makeShard, type Shard } from './shard.js';
import { agree } from './signature.js';
import { builderOnDisk, type SpillOptions, storeOnDisk } from './spill.js';
import { Stopwatch } from './timings.js';

/** How rows are encoded and kept. */
export interface EncodeOptions<T> {
  /** Weights of this rank's rows: on all ranks that bring rows, or on none. Default 1. */
  readonly weights?: Weights<T> | undefined;
  /** Keeps encoded rows on disk instead of in memory. Default: in memory. */
  readonly spill?: SpillOptions | undefined;
}

/**
 * Collective: encodes the rows of all ranks, agrees on their description and gives every rank the rows of its segments.
 * Several fits can then share them.
 * @param rows  the rows of this rank; `null` for none
 * @returns  the part of the rows that this rank holds from now on; with `spill`, `shard.store.release()` frees the disk
 * @throws {RankError} on every rank, for the first bad row, with its rank and global row number
 * @example
 * export async function fitTwice<T>(rows: T[] | null, algorithm: Algorithm<T, object, Columns>, comm: Communicator) {
 *   const shard = await seqEncodeMpi(rows, algorithm, { comm });
 *   return [await optimizeMpi(shard, algorithm, { comm, seed: 1 }), await optimizeMpi(shard, algorithm, { comm, seed: 2 })];
 * }
 */
export async function seqEncodeMpi<T, D, C extends Columns>(
  rows: Rows<T>,
  algorithm: Algorithm<T, D, C>,
  options: EncodeOptions<T> & { readonly comm: Communicator },
): Promise<Shard<C>> {
  const { comm } = options;
  agree(
    comm,
    'seqEncodeMpi',
    attempt(() => ({ options: {}, estimator: algorithm.estimator })),
  );
  return encodeShard(comm, algorithm, rows, options, new Stopwatch());
}

/** {@link seqEncodeMpi} without the comparison of options, for callers that have made it. */
export async function encodeShard<T, D, C extends Columns>(
  comm: Communicator,
  algorithm: Algorithm<T, D, C>,
  rows: Rows<T> | Shard<C>,
  { weights, spill }: EncodeOptions<T>,
  stopwatch: Stopwatch,
): Promise<Shard<C>> {
  if (isShard(rows)) return rows;
  // Where the disk refuses, its error is told like that of a bad row.
  const builder = () => (spill === undefined ? builderInMemory(algorithm) : builderOnDisk(algorithm, spill));
  const own = await stopwatch.time('encode', () => readRows(algorithm, rows, weights, builder));
  return stopwatch.timeSync('distribute', () =>
    makeShard(comm, algorithm, own, (schema, plan) =>
      spill === undefined ? storeInMemory(algorithm, schema, plan) : storeOnDisk(algorithm, schema, plan, spill),
    ),
  );
}

/** Whether rows are encoded and distributed already. */
export function isShard<T, C>(rows: Rows<T> | Shard<C>): rows is Shard<C> {
  return typeof rows === 'object' && rows !== null && 'store' in rows;
}
