import type { Algorithm, Columns, Communicator } from '../ports.js';
import type { Shard } from '../rows/encodedRows.js';
import { makeSharedShard } from '../rows/shard.js';
import { begin, type Call } from './withFit.js';

const CALL: Call = { name: 'shareColumnsMpi', options: ['comm', 'weights'] };

/** Options of {@link shareColumnsMpi}. */
export interface ShareColumnsOptions {
  readonly comm: Communicator;
  /** One per row, of all rows, equal on every rank. Finite and >= 0. Default 1. */
  readonly weights?: Float64Array;
}

/**
 * Collective: takes encoded rows that every rank can read, such as columns in the shared memory of threads, and gives each
 * rank those of its segments. No row moves, and none is copied, unless rows have weight 0: these are left out, while levels and
 * ranges stay those of all rows. The rows count as brought by rank 0.
 * @param columns  `em(estimator).encode(rows)` of all rows, equal on every rank. Nobody may write to them from now on
 * @returns  what the calls of this package take in place of rows
 * @throws {OptionError} on every rank, for anything but columns, and where ranks have different numbers of rows or levels
 * @throws {RankError} on every rank, for the first bad weight
 * @example
 * export async function fitShared<C extends Columns>(columns: C, algorithm: Algorithm<unknown, object, C>, comm: Communicator) {
 *   return optimizeMpi(await shareColumnsMpi(columns, algorithm, { comm }), algorithm, { comm, seed: 1 });
 * }
 */
export async function shareColumnsMpi<T, D, C extends Columns>(
  columns: C,
  algorithm: Algorithm<T, D, C>,
  options: ShareColumnsOptions,
): Promise<Shard<C>> {
  begin(CALL, null, algorithm, options as { readonly comm: Communicator });
  const { comm, weights } = options;
  return makeSharedShard(comm, algorithm, columns, weights);
}
